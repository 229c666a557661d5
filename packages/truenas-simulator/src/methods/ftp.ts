/** `ftp.*`: the FTP server's settings. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { text } from '../schema/schema.ts';
import { ftpSettings } from '../world/ftp-settings.ts';
import { type ConfigChange, configService } from './config-service.ts';
import { type Fields, required } from './crud.ts';

const TLS_POLICIES = [
  ...['', 'on', 'off', 'data', '!data', 'auth', 'ctrl', 'ctrl+data', 'ctrl+!data'],
  ...['auth+data', 'auth+!data'],
];
const between = (min: number, max: number): z.ZodType => z.int().min(min).max(max);

/** What is neither a switch, a text nor a bandwidth. */
const SPECIAL: Readonly<Record<string, z.ZodType>> = {
  port: between(1, 65_535),
  clients: between(1, 10_000),
  ipconnections: between(0, 1000),
  loginattempt: between(0, 1000),
  timeout: between(0, 10_000),
  timeout_notransfer: between(0, 10_000),
  anonpath: text().nullable(),
  passiveportsmin: z.int(),
  passiveportsmax: z.int(),
  tls_policy: z.enum(TLS_POLICIES),
  ssltls_certificate: z.int().nullable(),
};

/** The fields are those of the settings, each of the type it has there. */
const fields: Fields = Object.fromEntries(
  Object.entries(ftpSettings(0))
    .filter(([name]) => name !== 'id')
    .map(([name, value]) => [name, required(SPECIAL[name] ?? schemaLike(value))]),
);

export const FTP_METHODS: readonly SimMethod[] = configService({
  namespace: 'ftp',
  entity: 'FTP',
  model: (release) => (isAtLeast(release, '25.10') ? 'FTPUpdateArgs' : 'FtpUpdateArgs'),
  roles: ['SHARING_FTP_READ'],
  writeRoles: ['SHARING_FTP_WRITE'],
  audited: 'Update FTP configuration',
  param: 'ftp_update',
  mayBeEmpty: (release) => isAtLeast(release, '27.0'),
  fields,
  check,
});

function schemaLike(value: unknown): z.ZodType {
  if (typeof value === 'boolean') return z.boolean();
  return typeof value === 'number' ? z.int().min(0) : text();
}

function check({ world }: MethodContext, { data, problems, at }: ConfigChange): undefined {
  const [min, max] = [Number(data.passiveportsmin), Number(data.passiveportsmax)];
  if ((min === 0) !== (max === 0)) {
    problems.add('passiveportsmin', 'passiveportsmin and passiveportsmax should be both zero or non-zero');
  }
  if (max <= min && (min !== 0 || max !== 0)) {
    problems.add(`${at}.passiveportsmax`, 'When specified, should be greater than passiveportsmin');
  }
  if (data.onlyanonymous === true && (data.anonpath === null || data.anonpath === '')) {
    problems.add(`${at}.anonpath`, 'This field is required for anonymous login');
  }
  if (data.tls !== true) return;
  const certificate = data.ssltls_certificate;
  if (certificate === null || certificate === 0) {
    problems.add(`${at}.ssltls_certificate`, 'This field is required when TLS is enabled');
  } else if (!world.certificates.some(({ id }) => id === certificate)) {
    problems.add(`${at}.ssltls_certificate`, 'This certificate does not exist');
  }
}
