/** Certificates of the NAS; their PEM texts are shaped like the real thing but say nothing. */
import { isAtLeast, type SimRelease } from '../releases.ts';
import type { Random } from './random.ts';
import { DAY_MS } from './units.ts';

/** One certificate with its row as the release shows it. */
export interface Certificate {
  readonly id: number;
  readonly untilMs: number;
  readonly row: Readonly<Record<string, unknown>>;
}

/** Days until the certificate that alerts warn about expires. */
export const EXPIRING_DAYS = 21;

/** A certificate to make; days are counted from now. */
export interface CertificatePlan {
  readonly name: string;
  readonly common: string;
  readonly ageDays: number;
  /** Negative for one that has expired. */
  readonly daysLeft: number;
}

/** The web interface's own certificate, and one that expires soon. */
export const MIXED_CERTIFICATES: readonly CertificatePlan[] = [
  { name: 'truenas_default', common: 'localhost', ageDays: 300, daysLeft: 97 },
  { name: 'nas_example_org', common: 'nas.example.org', ageDays: 344, daysLeft: EXPIRING_DAYS },
];

/** The certificates of a world; the first is the web interface's own. */
export function createCertificates(
  random: Random,
  release: SimRelease,
  plans: readonly CertificatePlan[],
  nowMs: number,
): Certificate[] {
  return plans.map(({ name, common, ageDays, daysLeft }, index) =>
    certificate(random, release, {
      id: index + 1,
      ...{ name, common, nowMs },
      fromMs: nowMs - ageDays * DAY_MS,
      untilMs: nowMs + daysLeft * DAY_MS,
    }),
  );
}

/** What tells one certificate from another; times are in milliseconds since the epoch. */
export interface CertificateFacts {
  readonly id: number;
  readonly name: string;
  readonly common: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly nowMs: number;
}

/** A certificate with a row of all fields that the release has. */
export function certificate(
  random: Random,
  release: SimRelease,
  { id, name, common, fromMs, untilMs, nowMs }: CertificateFacts,
): Certificate {
  const isOld = !isAtLeast(release, '25.10');
  const hash = random.int(1e8, 4e9);
  const row = {
    id,
    type: 8,
    name,
    certificate: pem('CERTIFICATE', random),
    privatekey: pem('PRIVATE KEY', random),
    CSR: null,
    acme_uri: null,
    ...(isOld ? { renew_days: 10 } : { domains_authenticators: null, renew_days: null, acme: null }),
    add_to_trusted_store: false,
    root_path: '/etc/certificates',
    certificate_path: `/etc/certificates/${name}.crt`,
    privatekey_path: `/etc/certificates/${name}.key`,
    csr_path: `/etc/certificates/${name}.csr`,
    cert_type: 'CERTIFICATE',
    cert_type_existing: true,
    cert_type_CSR: false,
    ...(isOld ? oldFields() : { cert_type_CA: false }),
    chain_list: [],
    key_length: 2048,
    key_type: 'RSA',
    country: 'US',
    state: null,
    city: null,
    organization: 'Example',
    organizational_unit: null,
    common,
    san: [`DNS:${common}`],
    email: null,
    DN: `/C=US/O=Example/CN=${common}/subjectAltName=DNS:${common}`,
    subject_name_hash: isOld ? hash.toString(16) : hash,
    extensions: { SubjectAltName: `DNS:${common}` },
    digest_algorithm: 'SHA256',
    lifetime: Math.round((untilMs - fromMs) / DAY_MS),
    from: dateText(fromMs),
    until: dateText(untilMs),
    serial: random.int(1, 2 ** 40),
    chain: false,
    fingerprint: (random.hex(40).toUpperCase().match(/../g) ?? []).join(':'),
    expired: untilMs < nowMs,
    parsed: true,
  };
  return { id, untilMs, row };
}

function oldFields(): Record<string, unknown> {
  return {
    revoked_date: null,
    revoked: false,
    issuer: 'external',
    internal: 'NO',
    CA_type_existing: false,
    CA_type_internal: false,
    CA_type_intermediate: false,
    cert_type_internal: false,
    can_be_revoked: false,
    revoked_certs: [],
    crl_path: '',
    signed_certificates: 0,
  };
}

function pem(kind: string, random: Random): string {
  const lines = Array.from({ length: 3 }, () => random.text(64));
  return `-----BEGIN ${kind}-----\n${lines.join('\n')}\n-----END ${kind}-----\n`;
}

/** `Sun Nov 22 22:05:26 2026`. */
function dateText(ms: number): string {
  const [day, date, month, year, clock] = new Date(ms).toUTCString().replace(',', '').split(' ');
  return [day, month, (date ?? '').replace(/^0/, ' '), clock, year].join(' ');
}
