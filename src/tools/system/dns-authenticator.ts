/** How a NAS proves to an ACME server that a name is its own: by an entry that it makes at a provider of DNS. */
import { resultOf, secretOf, type PlannedCall, type Target, type UndoCall } from '../../changes/change.ts';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { field, rowsOf } from '../support/rows.ts';
import { leanedOn, newTarget, type Thing } from '../support/targets.ts';

/** Providers for which a tool makes an authenticator. One of the kind `shell` runs a script: a person makes it. */
export const PROVIDERS = ['cloudflare', 'digitalocean', 'route53', 'OVH'] as const;
type Provider = (typeof PROVIDERS)[number];

/** Places of OVH, each with accounts of its own. */
export const OVH_ENDPOINTS = [
  ...(['ovh-eu', 'ovh-us', 'ovh-ca', 'kimsufi-eu', 'kimsufi-ca'] as const),
  ...(['soyoustart-eu', 'soyoustart-ca'] as const),
];

/** Name of a provider for a person, and the fields of its access, all of which a person types. */
const ACCESS: Readonly<Record<Provider, { readonly title: string; readonly typed: readonly string[] }>> = {
  cloudflare: { title: 'Cloudflare', typed: ['api_token'] },
  digitalocean: { title: 'DigitalOcean', typed: ['digitalocean_token'] },
  route53: { title: 'Amazon Route 53', typed: ['access_key_id', 'secret_access_key'] },
  OVH: { title: 'OVH', typed: ['application_key', 'application_secret', 'consumer_key'] },
};

/** The authenticator of a plan, which the first call may make. */
export interface Authenticator {
  /** Its id, or a reference to it. */
  readonly id: unknown;
  readonly calls: readonly PlannedCall[];
  readonly targets: readonly Target[];
  readonly impact: readonly string[];
  readonly undo: readonly UndoCall[];
}

const FIELDS = { id: field.number, name: field.rawText };

/** Attributes of an authenticator are its secrets: they are never selected. */
function authenticatorThing(name: string, filter: Filter): Thing {
  return {
    name: `DNS authenticator ${safeCell(name, 80)}`,
    read: {
      method: 'acme.dns.authenticator.query',
      params: query({ filters: [filter], select: Object.keys(FIELDS) }),
    },
    identity: ['id', 'name'],
  };
}

/**
 * One that exists, by name. Calls `acme.dns.authenticator.query`.
 * @throws InputProblem for none, naming those that there are
 */
export async function existingAuthenticator(nas: ReadClient, wanted: string): Promise<Authenticator> {
  const answer = await nas.call('acme.dns.authenticator.query', query({ select: Object.keys(FIELDS) }));
  const rows = rowsOf(answer, FIELDS);
  const { id = null, name = null } = rows.find((row) => row.name === wanted.trim()) ?? {};
  if (id === null || name === null)
    throw noneCalled(
      wanted,
      rows.flatMap((row) => row.name ?? []),
    );
  const thing = authenticatorThing(name, ['id', '=', id]);
  return {
    id,
    calls: [],
    targets: [await leanedOn(nas, thing, { name: thing.name, absent: () => noneCalled(name, []) })],
    impact: [
      `the names are proven by ${thing.name}. Of which kind it is, the NAS does not show: one of the kind shell runs its script on the NAS now and at each renewal`,
    ],
    undo: [],
  };
}

function noneCalled(wanted: string, names: readonly string[]): InputProblem {
  const known = names.map((name) => safeCell(name, 60)).join(', ');
  return new InputProblem(
    'authenticator',
    `names no DNS authenticator: ${safeCell(wanted, 60)}`,
    `${didYouMean(nearNames(wanted, names)) ?? (known === '' ? 'There is none.' : `There is ${known}.`)} Give provider as well to make a new one; its token is typed by the person who approves.`,
  );
}

/** What a new one is made of. */
export interface NewAuthenticator {
  readonly name: string;
  readonly provider: Provider;
  readonly endpoint?: (typeof OVH_ENDPOINTS)[number] | undefined;
}

/** One that the first call makes, with what a person types. @throws InputProblem when the name is taken, or an endpoint missing */
export async function newAuthenticator(
  nas: ReadClient,
  { name, provider, endpoint }: NewAuthenticator,
): Promise<Authenticator> {
  if ((provider === 'OVH') !== (endpoint !== undefined))
    throw new InputProblem(
      'ovh_endpoint',
      provider === 'OVH' ? 'is missing: OVH has several places' : `says nothing to ${provider}`,
    );
  const thing = authenticatorThing(name, ['name', '=', name]);
  const { title, typed } = ACCESS[provider];
  const attributes = {
    authenticator: provider,
    ...Object.fromEntries(typed.map((each) => [each, secretOf(thing.name)])),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  return {
    id: resultOf(0, 'id'),
    calls: [
      {
        method: 'acme.dns.authenticator.create',
        params: [{ name, attributes }],
        purpose: `store the access to ${title} as the ${thing.name}`,
      },
    ],
    targets: [await newTarget(nas, { ...thing, written: ['name'] }, { name }, { argument: 'authenticator' })],
    impact: [
      `typed at the approval: ${typed.join(', ')}. It stays on the NAS, which changes DNS at ${title} with it now and at each renewal: one that may edit this domain alone is enough`,
    ],
    undo: [
      {
        method: 'acme.dns.authenticator.delete',
        params: [resultOf(0, 'id')],
        purpose: `delete the ${thing.name}`,
        undoes: 0,
      },
    ],
  };
}
