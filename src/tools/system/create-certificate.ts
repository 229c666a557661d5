/**
 * `create_certificate`: a certificate of Let's Encrypt, for names that an entry in DNS proves. The NAS makes key and request
 * itself, and renews the certificate by itself. That the terms of service are agreed to is part of what a person approves.
 */
import * as z from 'zod';
import { type Change, type PlannedCall, resultOf, type State, type UndoCall } from '../../changes/change.ts';
import { plural } from '../../output/units.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { defineChange } from '../define.ts';
import { newTarget, type Thing } from '../support/targets.ts';
import { certificateNames } from './certificate-names.ts';
import { existingAuthenticator, newAuthenticator, OVH_ENDPOINTS, PROVIDERS } from './dns-authenticator.ts';

const DIRECTORIES = {
  production: 'https://acme-v02.api.letsencrypt.org/directory',
  staging: 'https://acme-staging-v02.api.letsencrypt.org/directory',
} as const;

const TERMS = 'https://letsencrypt.org/repository/';

export const createCertificate = defineChange({
  name: 'create_certificate',
  toolset: 'system',
  access: 'manage',
  isUnlisted: true,
  title: 'Get a certificate',
  words: "let's encrypt letsencrypt acme tls ssl https real trusted certificate dns authenticator renew",
  description: "Gets a certificate of Let's Encrypt by DNS, for names that need not lead anywhere.",
  input: z.strictObject({
    name: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/u, 'must be of letters, digits, - and _'),
    domains: z.array(z.string().min(1).max(255)).min(1).max(50).describe('nas.example.org, *.example.org'),
    authenticator: z
      .string()
      .trim()
      .min(1)
      .max(60)
      .describe('A DNS authenticator, or with provider the name of a new one'),
    provider: z.enum(PROVIDERS).optional().describe('Makes a new one; its token is typed by the person'),
    ovh_endpoint: z.enum(OVH_ENDPOINTS).optional(),
    directory: z
      .enum(['production', 'staging'])
      .optional()
      .describe('staging: a trial that no browser believes'),
    renew_days: z.int().min(1).max(30).optional().describe('Days before its end, default 10'),
  }),
  uses: ['acme.dns.authenticator.query', 'certificate.query'],
  writes: [
    'acme.dns.authenticator.create',
    'acme.dns.authenticator.delete',
    'certificate.create',
    'certificate.delete',
  ],
  examples: [
    {
      args: { name: 'web', domains: ['nas.example.org'], authenticator: 'example.org' },
      why: 'one name, proven by a DNS authenticator that exists',
    },
    {
      args: {
        name: 'wildcard',
        domains: ['example.net', '*.example.net'],
        authenticator: 'example.net',
        provider: 'cloudflare',
        directory: 'staging',
        renew_days: 20,
      },
      why: 'a trial with a new DNS authenticator, the token of which the person types',
    },
  ],
  async plan(nas, input): Promise<Change> {
    const { name, authenticator, provider, ovh_endpoint: endpoint, directory = 'production' } = input;
    const names = certificateNames(input.domains);
    const proof =
      provider === undefined
        ? await existingAuthenticator(nas, authenticator)
        : await newAuthenticator(nas, { name: authenticator, provider, endpoint });
    const isOld = !isAtLeast(await nas.release(), '25.10');
    const order = { name, names, uri: DIRECTORIES[directory], renewDays: input.renew_days ?? 10 };
    const calls = callsOf(order, proof.id, proof.calls.length, isOld);
    const [first, ...others] = [...proof.calls, ...calls];
    return {
      summary: `Get certificate ${name} of Let's Encrypt${directory === 'staging' ? ' (staging)' : ''} for ${shownNames(names)}`,
      calls: [first ?? calls[0], ...others],
      targets: [...proof.targets, ...(await targetsOf(nas, order, proof.calls.length))],
      impact: [
        `whoever approves agrees to the terms of service of Let's Encrypt (${TERMS}) for this NAS`,
        `public for good, as every certificate is logged in public: ${shownNames(names, 20)}`,
        ...proof.impact,
        ...(directory === 'staging'
          ? ['a trial: no browser and no program believes a certificate of the staging server']
          : ["Let's Encrypt takes five failed tries for a name in an hour: directory staging is for trials"]),
        ...(isOld ? OLD_LINES : []),
        `the NAS renews it ${plural(order.renewDays, 'day')} before its end, with the same key`,
        'nothing uses it yet: use_web_certificate gives it to the web interface',
      ],
      undo: { calls: undoOf(name, proof.undo, proof.calls.length), lost: LOST },
    };
  },
});

const OLD_LINES = [
  "this release needs the e-mail address of an administrator, and gives it to Let's Encrypt: without one the order fails",
  'this release wants place and organisation in the request: "-" is sent, and no certificate of Let\'s Encrypt shows them',
];

const LOST = ["the account of this NAS at Let's Encrypt stays", 'the names stay in public logs'];

interface Order {
  readonly name: string;
  readonly names: readonly string[];
  readonly uri: string;
  readonly renewDays: number;
}

/** @param offset number of calls before them */
function callsOf(
  { name, names, uri, renewDays }: Order,
  authenticator: unknown,
  offset: number,
  isOld: boolean,
): [PlannedCall, PlannedCall] {
  const [first = ''] = names;
  return [
    {
      method: 'certificate.create',
      params: [
        {
          name: requestName(name),
          create_type: 'CERTIFICATE_CREATE_CSR',
          key_type: 'EC',
          ec_curve: 'SECP256R1',
          digest_algorithm: 'SHA256',
          // An authority takes no longer one.
          ...(first.length > 64 ? {} : { common: first }),
          san: names,
          ...(isOld
            ? { country: 'US', state: '-', city: '-', organization: '-', email: `hostmaster@${bare(first)}` }
            : {}),
        },
      ],
      purpose: `make a key and the request ${requestName(name)} for ${shownNames(names)}`,
    },
    {
      method: 'certificate.create',
      params: [
        {
          name,
          create_type: 'CERTIFICATE_CREATE_ACME',
          csr_id: resultOf(offset, 'id'),
          acme_directory_uri: uri,
          dns_mapping: Object.fromEntries(names.map((each) => [sanOf(each), authenticator])),
          renew_days: renewDays,
          tos: true,
        },
      ],
      purpose: `order certificate ${name} at Let's Encrypt, with its terms of service agreed to`,
    },
  ];
}

/** What the NAS calls the request of a certificate: both stand in one list. */
function requestName(name: string): string {
  return `${name}_request`;
}

function sanOf(name: string): string {
  return `DNS:${name}`;
}

function bare(name: string): string {
  return name.replace(/^\*\./u, '');
}

async function targetsOf(nas: ReadClient, { name, names, uri, renewDays }: Order, offset: number) {
  const san = names.map(sanOf);
  const request = { cert_type_CSR: true, san };
  const issued = {
    ...{ cert_type_CSR: false, san, parsed: true, expired: false, renew_days: renewDays },
    'acme.directory': `${uri}/`,
  };
  return Promise.all([
    newTarget(nas, certificateThing(requestName(name), 'certificate request', request), request, {
      changedBy: offset,
      argument: 'name',
    }),
    newTarget(nas, certificateThing(name, 'certificate', issued), issued, {
      changedBy: offset + 1,
      argument: 'name',
    }).then((target) => ({ ...target, watched: { until: null } })),
  ]);
}

/** By its name, which no other has; its key is not selected. */
function certificateThing(name: string, kind: string, after: State): Thing {
  const select = [
    'id',
    'name',
    'until',
    'fingerprint',
    ...Object.keys(after).map((path) => path.split('.')[0] ?? path),
  ];
  return {
    name: `${kind} ${name}`,
    read: { method: 'certificate.query', params: query({ filters: [['name', '=', name]], select }) },
    identity: ['id'],
    written: ['fingerprint'],
  };
}

function undoOf(name: string, authenticator: readonly UndoCall[], offset: number): UndoCall[] {
  return [
    {
      method: 'certificate.delete',
      params: [resultOf(offset + 1, 'id')],
      purpose: `revoke certificate ${name} at Let's Encrypt, and delete it`,
      undoes: offset + 1,
    },
    {
      method: 'certificate.delete',
      params: [resultOf(offset, 'id')],
      purpose: `delete the request ${requestName(name)}`,
      undoes: offset,
    },
    ...authenticator,
  ];
}

function shownNames(names: readonly string[], most = 3): string {
  return `${names.slice(0, most).join(', ')}${names.length > most ? `, … (${names.length})` : ''}`;
}
