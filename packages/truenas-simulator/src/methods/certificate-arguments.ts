/** What `certificate.create` takes. */
import * as z from 'zod';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { model, secret, text } from '../schema/schema.ts';

/** The arguments as validated, with what was left out as null. */
export interface CertificateCreation {
  readonly name: string;
  readonly create_type: string;
  readonly add_to_trusted_store: boolean;
  readonly certificate?: string | null;
  readonly privatekey?: string | null;
  readonly CSR?: string | null;
  readonly key_length?: number | null;
  readonly key_type: string;
  readonly country?: string | null;
  readonly state?: string | null;
  readonly city?: string | null;
  readonly organization?: string | null;
  readonly email?: string | null;
  readonly common?: string | null;
  readonly digest_algorithm?: string | null;
  readonly san?: readonly string[];
  readonly acme_directory_uri?: string | null;
  readonly csr_id?: number | null;
  readonly tos?: boolean | null;
  readonly dns_mapping?: Readonly<Record<string, unknown>>;
  readonly renew_days?: number | null;
  readonly signedby?: number;
}

const CREATE_TYPES = [
  ...['CERTIFICATE_CREATE_IMPORTED', 'CERTIFICATE_CREATE_CSR', 'CERTIFICATE_CREATE_IMPORTED_CSR'],
  'CERTIFICATE_CREATE_ACME',
];
const CURVES = ['SECP256R1', 'SECP384R1', 'SECP521R1', 'ed25519'];
const DIGESTS = ['SHA224', 'SHA256', 'SHA384', 'SHA512'];
const USAGES = [
  ...['ANY_EXTENDED_KEY_USAGE', 'CERTIFICATE_TRANSPARENCY', 'CLIENT_AUTH', 'CODE_SIGNING'],
  ...['EMAIL_PROTECTION', 'IPSEC_IKE', 'KERBEROS_PKINIT_KDC', 'OCSP_SIGNING', 'SERVER_AUTH'],
  ...['SMARTCARD_LOGON', 'TIME_STAMPING'],
];
const KEY_USAGES = [
  ...['enabled', 'digital_signature', 'content_commitment', 'key_encipherment', 'data_encipherment'],
  ...['key_agreement', 'key_cert_sign', 'crl_sign', 'encipher_only', 'decipher_only', 'extension_critical'],
];

const off = z.boolean().default(false);
const anyText = text({ max: 2 ** 31 - 1 });
const long = anyText.min(1);

/** The argument of a release. */
export function certificateCreation(release: SimRelease): z.ZodType {
  return isAtLeast(release, '25.10') ? current() : old();
}

function current(): z.ZodType {
  const maybe = text({ min: 1 }).nullable().default(null);
  return model('CertificateCreateArgs', {
    name: text({ min: 1, max: 120 }),
    create_type: z.enum(CREATE_TYPES),
    add_to_trusted_store: off,
    certificate: long.nullable().default(null),
    privatekey: secret(long.nullable().default(null)),
    CSR: long.nullable().default(null),
    key_length: z
      .union([z.literal(2048), z.literal(4096)])
      .nullable()
      .default(null),
    key_type: z.enum(['RSA', 'EC']).default('RSA'),
    ec_curve: z.enum(CURVES).default('SECP384R1'),
    passphrase: maybe,
    ...{ city: maybe, common: maybe, country: maybe },
    email: text().nullable().default(null),
    ...{ organization: maybe, organizational_unit: maybe, state: maybe },
    digest_algorithm: z.enum(DIGESTS).default('SHA256'),
    san: z.array(text({ min: 1 })).default([]),
    cert_extensions: model('CertificateExtensions', extensions('Model')).prefault({}),
    acme_directory_uri: maybe,
    csr_id: z.int().nullable().default(null),
    tos: z.boolean().nullable().default(null),
    dns_mapping: z.record(z.string(), z.int()).default({}),
    renew_days: z.int().min(1).max(30).default(10),
  });
}

function old(): z.ZodType {
  const maybe = text().optional();
  return model('CertificateCreate', {
    tos: z.boolean().optional(),
    dns_mapping: z.record(z.string(), z.unknown()).default({}),
    ...{ csr_id: z.int().optional(), signedby: z.int().optional(), key_length: z.int().optional() },
    ...{ renew_days: z.int().optional(), type: z.int().optional(), lifetime: z.int().optional() },
    serial: z.int().optional(),
    ...{ acme_directory_uri: maybe, certificate: anyText.optional(), city: maybe },
    common: text().nullable().optional(),
    ...{ country: maybe, CSR: anyText.optional() },
    ec_curve: z.enum(CURVES).default('SECP384R1'),
    email: maybe,
    key_type: z.enum(['RSA', 'EC']).default('RSA'),
    name: text(),
    ...{ organization: maybe, organizational_unit: maybe, passphrase: maybe },
    privatekey: secret(anyText.optional()),
    state: maybe,
    create_type: z.enum(['CERTIFICATE_CREATE_INTERNAL', ...CREATE_TYPES]),
    digest_algorithm: z.enum(DIGESTS).optional(),
    san: z.array(text()).default([]),
    cert_extensions: model('CertExtensions', {
      ...extensions(''),
      AuthorityKeyIdentifier: model('AuthorityKeyIdentifier', {
        authority_cert_issuer: off,
        enabled: off,
        extension_critical: off,
      }).prefault({}),
    }).prefault({}),
    add_to_trusted_store: off,
  });
}

/** @param suffix of the names of their models */
function extensions(suffix: string) {
  return {
    BasicConstraints: model(`BasicConstraints${suffix}`, {
      ...{ ca: off, enabled: off, path_length: z.int().nullable().default(null), extension_critical: off },
    }).prefault({}),
    ExtendedKeyUsage: model(`ExtendedKeyUsage${suffix}`, {
      usages: z.array(z.enum(USAGES)).default([]),
      ...{ enabled: off, extension_critical: off },
    }).prefault({}),
    KeyUsage: model(
      `KeyUsage${suffix}`,
      Object.fromEntries(KEY_USAGES.map((name): [string, z.ZodType] => [name, off])),
    ).prefault({}),
  };
}
