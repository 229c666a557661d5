/** What uses certificates: services whose settings name one, and apps, which do not tell. */
import { REDACTED } from '../../output/redact/shapes/shape.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import {
  gapText,
  HIDDEN_FIELD,
  isHidden,
  type Part,
  readPart,
  UNKNOWN_FORM,
  valueOr,
} from '../support/part.ts';
import { field, isObject, knownCountOf, objectOf, type RowOf } from '../support/rows.ts';

/** The settings that name a certificate: by its id, its row, or its name. */
const SETTINGS = {
  ui_certificate: field.unknown,
  ui_certificate_name: field.unknown,
  ssltls_certificate: field.unknown,
  syslogservers: field.objects({ tls_certificate: field.unknown }),
  syslog_tls_certificate: field.unknown,
  certificate: field.unknown,
};

interface User {
  readonly name: string;
  readonly method: string;
  readonly references: (settings: RowOf<typeof SETTINGS>) => readonly unknown[];
}

const WEB_INTERFACE: User = {
  name: 'web interface',
  method: 'system.general.config',
  references: (settings) => [settings.ui_certificate_name ?? settings.ui_certificate],
};

const USERS: readonly User[] = [
  WEB_INTERFACE,
  { name: 'FTP', method: 'ftp.config', references: (settings) => [settings.ssltls_certificate] },
  {
    name: 'syslog',
    method: 'system.advanced.config',
    // One server up to 25.04, a list of them from 25.10 on.
    references: ({ syslog_tls_certificate: one, syslogservers: servers }) =>
      one === undefined ? (servers?.map((server) => server.tls_certificate) ?? [undefined]) : [one],
  },
  { name: 'KMIP', method: 'kmip.config', references: (settings) => [settings.certificate] },
  { name: 'S3', method: 's3.config', references: (settings) => [settings.certificate] },
];

/** Every method that {@link readUsers} reads with. */
export const USER_METHODS = [...USERS.map(({ method }) => method), 'app.query'];

/** Something that uses certificates, and the ids and names of the certificates that it uses. */
export interface UserRead {
  readonly name: string;
  readonly used: Part<readonly (number | string)[]>;
}

/** Users of a release that lacks them use nothing. */
export async function readUsers(nas: ReadClient): Promise<UserRead[]> {
  const settings = USERS.map(async (user) =>
    (await nas.has(user.method)) ? [await readUser(nas, user)] : [],
  );
  const read = await Promise.all([...settings, readApps(nas)]);
  return read.flat();
}

/** The certificates of the web interface alone. Calls `system.general.config`. */
export function readWebInterface(nas: ReadClient): Promise<UserRead> {
  return readUser(nas, WEB_INTERFACE);
}

/** Apps name their certificate in their secret configuration only, which is never read: where there are some, one may use it. */
async function readApps(nas: ReadClient): Promise<UserRead[]> {
  const count = await readPart(nas, async (limited) =>
    knownCountOf(await limited.call('app.query', query({ count: true }))),
  );
  if ('gap' in count) return [{ name: 'an app', used: count }];
  return count.value > 0 ? [{ name: 'an app', used: NEVER_READ }] : [];
}

const NEVER_READ: UserRead['used'] = { gap: { kind: 'unreadable', why: '' } };

/** Says that it is not known whether a user uses a certificate. */
export function noteOf({ name, used }: UserRead): string | undefined {
  if (used === NEVER_READ)
    return `(whether ${name} uses one is not known: apps say so in their secret configuration, which is never read)`;
  return 'gap' in used ? `whether ${name} uses one ${gapText(used)}` : undefined;
}

async function readUser(nas: ReadClient, { name, method, references }: User): Promise<UserRead> {
  const settings = await readPart(nas, async (limited) => objectOf(await limited.call(method), SETTINGS));
  if ('gap' in settings) return { name, used: settings };
  const found = references(settings.value)
    .filter((reference) => reference !== null)
    .map((reference) => (isObject(reference) ? reference['id'] : reference));
  if (found.some(isHidden)) return { name, used: HIDDEN_FIELD };
  if (found.includes(REDACTED)) return { name, used: KEPT_SECRET };
  const value = found.filter((reference) => typeof reference === 'number' || typeof reference === 'string');
  return { name, used: value.length < found.length ? UNKNOWN_FORM : { value } };
}

/** The gap where redaction has taken out the certificate together with its private key. */
const KEPT_SECRET: UserRead['used'] = { gap: { kind: 'unreadable', why: 'kept secret by this server' } };

/** The users of a certificate. Undefined when none is known and one could not be read: it may be in use. */
export function usersOf(
  { id, name }: { readonly id: number | null; readonly name: string | null },
  users: readonly UserRead[],
): string[] | undefined {
  const known = users.flatMap(({ name: user, used }) =>
    valueOr(used, []).some((reference) => reference === id || reference === name) ? [user] : [],
  );
  const isKnown = id !== null && name !== null && users.every(({ used }) => 'value' in used);
  return known.length > 0 || isKnown ? known : undefined;
}
