/**
 * `certificate.create` and `certificate.delete`: requests, certificates that an ACME server issues, imports. The ACME server
 * is simulated as one that takes every proof and issues at once.
 */
import { createHash, X509Certificate } from 'node:crypto';
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { doesNotExist, ValidationErrors } from '../errors/exceptions.ts';
import { isAtLeast } from '../releases.ts';
import { secret } from '../schema/schema.ts';
import { createCertificate, sharedCertificate } from '../server/tls.ts';
import { type Certificate, certificate } from '../world/certificates.ts';
import { DAY_MS } from '../world/units.ts';
import { certificateCreation, type CertificateCreation } from './certificate-arguments.ts';
import { announce, refuse } from './common.ts';
import { memoized } from './crud.ts';

/** How long certificates of Let's Encrypt hold. */
const ISSUED_DAYS = 90;

const TYPE_CERTIFICATE = 8;
const TYPE_REQUEST = 32;

const roles = ['CERTIFICATE_WRITE'];
const row = z.looseObject({ privatekey: secret(z.unknown()) });

export const CERTIFICATE_WRITE_METHODS: readonly SimMethod[] = [
  {
    name: 'certificate.create',
    description: 'Makes a request for a certificate, orders a certificate with one, or imports one.',
    roles,
    secretRoles: roles,
    returns: row,
    params: memoized((release) => [['certificate_create', certificateCreation(release)]]),
    job: { lock: 'cert_create' },
    run: create,
  },
  {
    name: 'certificate.delete',
    description: 'Removes a certificate; one of an ACME server is revoked there first.',
    roles,
    params: [
      ['id', z.int()],
      ['force', z.boolean().default(false)],
    ],
    job: { lock: 'cert_delete' },
    run(context: MethodContext, id: number) {
      const { world } = context;
      if (!world.certificates.some((each) => each.id === id)) throw doesNotExist('Certificate', id);
      checkUnused(context, id);
      world.certificates = world.certificates.filter((each) => each.id !== id);
      announce(context, 'certificate', 'removed', id);
      context.job?.progress(100, '');
      return true;
    },
  },
];

/** What the NAS calls the services that use a certificate. @throws CallError for one that is in use */
function checkUnused({ world }: MethodContext, id: number): void {
  const ui = world.settings['system.general']?.['ui_certificate'];
  const uiId = typeof ui === 'object' && ui !== null && 'id' in ui ? ui.id : ui;
  const users = [
    ...(uiId === id ? ['HTTPS'] : []),
    ...(world.settings.ftp?.['ssltls_certificate'] === id ? ['FTP'] : []),
  ];
  if (users.length === 0) return;
  const lines = users.map((name, index) => `${String(index + 1)}) ${name}\n`).join('');
  refuse(`Certificate is being used by following service(s):\n${lines}`);
}

const MAKERS: Readonly<
  Record<string, (context: MethodContext, data: CertificateCreation, id: number) => Certificate>
> = {
  CERTIFICATE_CREATE_CSR: request,
  CERTIFICATE_CREATE_ACME: issued,
  CERTIFICATE_CREATE_IMPORTED: imported,
  CERTIFICATE_CREATE_IMPORTED_CSR: importedRequest,
};

function create(context: MethodContext, data: CertificateCreation): unknown {
  const { world, job } = context;
  check(context, data);
  job?.progress(10, 'Initial validation complete');
  const make = MAKERS[data.create_type];
  if (make === undefined) throw doesNotExist('Certificate authority', data.signedby ?? null);
  const id = Math.max(0, ...world.certificates.map((each) => each.id)) + 1;
  const made = make(context, data, id);
  const trusted = { add_to_trusted_store: data.add_to_trusted_store };
  const kept = { ...made, row: { ...made.row, ...trusted } };
  world.certificates = [...world.certificates, kept];
  announce(context, 'certificate', 'added', id, kept.row);
  job?.progress(100, 'Certificate created successfully');
  return kept.row;
}

/** @throws ValidationErrors for what no kind of certificate may be */
function check({ world, release }: MethodContext, data: CertificateCreation): void {
  const problems = new ValidationErrors();
  const complain = (field: string, why: string): void => {
    problems.add(`certificate_create.${field}`, why);
  };
  const { name, create_type: kind } = data;
  if (world.certificates.some((each) => each.row['name'] === name))
    complain('name', 'A certificate with this name already exists');
  if (!isAtLeast(release, '25.10') && !/^[a-z0-9_-]+$/iu.test(name))
    complain('name', 'Use alphanumeric characters, "_" and "-".');
  if (typeof data.csr_id === 'number' && requestOf(world.certificates, data.csr_id) === undefined)
    complain('csr_id', 'Please provide a valid csr_id');
  if (kind.endsWith('_CSR') && data.add_to_trusted_store)
    complain('add_to_trusted_store', 'Cannot add CSR to trusted store');
  if (kind === 'CERTIFICATE_CREATE_CSR' && data.key_type !== 'EC') {
    if ((data.key_length ?? null) === null)
      complain('key_length', 'RSA-based keys require an entry in this field.');
    if ((data.digest_algorithm ?? null) === null) complain('digest_algorithm', 'This field is required.');
  }
  if (kind === 'CERTIFICATE_CREATE_IMPORTED' && parsedOf(data.certificate) === undefined)
    complain('certificate', 'Not a valid certificate');
  problems.check();
}

function requestOf(all: readonly Certificate[], id: number): Certificate | undefined {
  return all.find((each) => each.id === id && each.row['cert_type_CSR'] === true);
}

function parsedOf(pem: string | null | undefined): X509Certificate | undefined {
  try {
    return new X509Certificate(pem ?? '');
  } catch {
    return undefined;
  }
}

/** 25.04 wants all of them in a request, whatever the certificate will say. */
const OLD_NEEDS = ['country', 'state', 'city', 'organization', 'email'] as const;

function request(context: MethodContext, data: CertificateCreation, id: number): Certificate {
  const { world, release, now } = context;
  const problems = new ValidationErrors();
  if (data.create_type === 'CERTIFICATE_CREATE_CSR') {
    for (const field of isAtLeast(release, '25.10') ? [] : OLD_NEEDS)
      if (data[field] === undefined) problems.add(`certificate_create_csr.${field}`, 'attribute required');
    if ((data.san ?? []).length === 0)
      problems.add('certificate_create.san', 'List should have at least 1 item after validation, not 0');
  }
  problems.check();
  const names = data.san ?? [];
  const common = data.common ?? null;
  const nowMs = now();
  const base = certificate(world.random.fork(`certificate ${data.name}`), release, {
    ...{ id, name: data.name, common: common ?? '', fromMs: nowMs, untilMs: nowMs, nowMs },
  });
  const { country = null, state = null, city = null, organization = null, email = null } = data;
  const place = { country, state, city, organization, email };
  const pem = String(base.row['certificate']).replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST');
  return {
    ...base,
    row: {
      ...base.row,
      ...{ type: TYPE_REQUEST, certificate: null, CSR: pem, ...place, common },
      ...{ cert_type_existing: false, cert_type_CSR: true, certificate_path: null },
      ...{ key_type: data.key_type, key_length: data.key_type === 'EC' ? 256 : (data.key_length ?? null) },
      san: names.map(sanOf),
      DN: `/CN=${common ?? ''}`,
      extensions: { SubjectAltName: names.map(sanOf).join(', ') },
      ...{ lifetime: null, from: null, until: null, serial: null, fingerprint: null, expired: null },
      chain: null,
    },
  };
}

function importedRequest(context: MethodContext, data: CertificateCreation, id: number): Certificate {
  const made = request(context, { ...data, common: null, san: [] }, id);
  return { ...made, row: { ...made.row, CSR: data.CSR, privatekey: data.privatekey } };
}

/** `DNS:nas.example.org`. */
function sanOf(name: string): string {
  return /^(?:DNS|IP):/u.test(name) ? name : `DNS:${name}`;
}

/** Orders a certificate with a request. @throws ValidationErrors for names that nothing proves */
function issued(context: MethodContext, data: CertificateCreation, id: number): Certificate {
  const { world, release, now } = context;
  const asked = requestOf(world.certificates, data.csr_id ?? -1);
  if (asked === undefined) throw doesNotExist('Certificate', data.csr_id ?? null);
  const sans = asked.row['san'] as readonly string[];
  checkMapping(context, asked.row, data.dns_mapping ?? {});
  if (data.tos !== true)
    throw new ValidationErrors().add('acme_registration_create.tos', 'Please agree to the terms of service');
  context.job?.progress(25, 'New order for certificate issuance placed');
  const nowMs = now();
  const untilMs = nowMs + ISSUED_DAYS * DAY_MS;
  // The authority sorts the names, and leaves out whatever else the request says.
  const names = sans.map((san) => san.replace(/^DNS:/u, '')).toSorted();
  const real = createCertificate({ names, validMs: [nowMs, untilMs] });
  const directory = (data.acme_directory_uri ?? '').replace(/\/?$/u, '/');
  for (const name of names) context.job?.progress(80, `DNS challenge completed for ${name}`);
  context.job?.progress(95, 'Final order received from ACME server');
  const base = certificate(world.random.fork(`certificate ${data.name}`), release, {
    ...{ id, name: data.name, common: names[0] ?? '', fromMs: nowMs, untilMs, nowMs },
  });
  return {
    ...base,
    row: {
      ...base.row,
      ...{ certificate: real.certificatePem + sharedCertificate().certificatePem, privatekey: real.keyPem },
      ...{ CSR: asked.row['CSR'], acme_uri: `${directory}order/${String(id)}`, chain: true },
      acme: { id: 1, uri: `${directory}acct/1`, directory, tos: '', new_order_uri: `${directory}new-order` },
      domains_authenticators: data.dns_mapping ?? {},
      renew_days: data.renew_days ?? 10,
      ...{ country: null, organization: null, DN: `/CN=${names[0] ?? ''}` },
      ...{ key_type: 'EC', key_length: 256, san: names.map(sanOf) },
      fingerprint: (createHash('sha1').update(real.der).digest('hex').toUpperCase().match(/../gu) ?? []).join(
        ':',
      ),
    },
  };
}

/** @throws ValidationErrors where a name of the request has no authenticator, or an entry no name */
function checkMapping(
  { world }: MethodContext,
  asked: Readonly<Record<string, unknown>>,
  mapping: Readonly<Record<string, unknown>>,
): void {
  const problems = new ValidationErrors();
  const complain = (why: string): void => {
    problems.add('acme_create.dns_mapping', why);
  };
  const sans = asked['san'] as readonly string[];
  const domains = [...(typeof asked['common'] === 'string' ? [asked['common']] : []), ...sans];
  const known = new Map(
    Object.entries(mapping).flatMap(([name, id]) => [
      [name, id],
      [bare(name), id],
    ]),
  );
  for (const domain of domains) {
    const authenticator = known.get(domain) ?? known.get(bare(domain));
    if (authenticator === undefined) complain(`Please provide DNS authenticator id for ${domain}`);
    else if (world.signOn.authenticators.get(Number(authenticator)) === undefined)
      complain(`Provided DNS Authenticator id for ${domain} does not exist`);
    if (domain.endsWith('.')) complain(`Domain ${domain} name cannot end with a period`);
    if (domain.includes('*') && !bare(domain).startsWith('*.'))
      complain('Wildcards must be at the start of domain name followed by a period');
  }
  for (const name of Object.keys(mapping))
    if (!domains.includes(name)) complain(`${name} not specified in the CSR`);
  problems.check();
}

function bare(name: string): string {
  return name.replace(/^DNS:/u, '');
}

function imported(context: MethodContext, data: CertificateCreation, id: number): Certificate {
  const { world, release, now } = context;
  const parsed = parsedOf(data.certificate);
  if (parsed === undefined) throw doesNotExist('Certificate', id);
  const [fromMs, untilMs] = [Date.parse(parsed.validFrom), Date.parse(parsed.validTo)];
  const common = /^CN=(.*)$/mu.exec(parsed.subject)?.[1] ?? '';
  const base = certificate(world.random.fork(`certificate ${data.name}`), release, {
    ...{ id, name: data.name, common, fromMs, untilMs, nowMs: now() },
  });
  const san = (parsed.subjectAltName ?? '').split(', ').filter((each) => each !== '');
  const key = data.privatekey ?? null;
  return {
    ...base,
    row: {
      ...base.row,
      ...{ type: TYPE_CERTIFICATE, certificate: data.certificate, privatekey: key, san },
      ...(key === null ? { privatekey_path: null, key_length: null, key_type: null } : {}),
      fingerprint: parsed.fingerprint,
    },
  };
}
