import { z } from 'zod';
import { REDACTED } from '../../output/redact/shapes/shape.ts';
import { isoInstant } from '../../output/time.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { type Columns, defineList } from '../define-list.ts';
import { nameFilter } from '../support/inputs.ts';
import { pageHere } from '../support/list-reading.ts';
import {
  gapText,
  HIDDEN_FIELD,
  isHidden,
  type Part,
  readPart,
  UNKNOWN_FORM,
  valueOr,
} from '../support/part.ts';
import { field, isObject, objectOf, type RowOf, rowsOf } from '../support/rows.ts';

const CERTIFICATE = {
  id: field.number,
  name: field.text,
  common: field.text,
  san: field.texts,
  until: endOf,
  cert_type_CSR: field.flag,
};
type Certificate = RowOf<typeof CERTIFICATE> & { days_left: number | null; used_by: string[] | undefined };

const COLUMNS: Columns<Certificate> = {
  name: { type: 'text', isKey: true, sort: 'asc' },
  common: { type: 'text' },
  alt_names: { type: 'texts', value: ({ san }) => san?.map((name) => name.replace(/^(?:DNS|IP):/u, '')) },
  expires: { type: 'text', value: ({ until }) => (until === null ? null : isoInstant(until).slice(0, 10)) },
  days_left: { type: 'number', sort: 'asc' },
  used_by: { type: 'texts', mayLack: [{ method: 'system.general.config', field: 'ui_certificate' }] },
  request: { type: 'flag', value: (certificate) => certificate.cert_type_CSR, isOnDemand: true },
};

/** Certificates. They are few, and sorted here: the NAS knows when they end as a text only. */
export const listCertificates = defineList({
  name: 'list_certificates',
  toolset: 'system',
  title: 'List certificates',
  description: 'Certificates: names, days left, and whether web interface, FTP, syslog or KMIP use them.',
  noun: 'certificates',
  filters: { name: z.string().optional().describe('part of the name, or a pattern with *') },
  columns: COLUMNS,
  sortedBy: 'days_left',
  carriesFreeText: true,
  uses: ['certificate.query', 'system.general.config', 'ftp.config', 'system.advanced.config', 'kmip.config'],
  examples: [
    { args: {}, why: 'what expires next' },
    { args: { name: 'nas*', fields: ['alt_names', 'request'] }, why: 'without asking what uses them' },
  ],
  async read(nas, question, context) {
    const parameters = query({
      filters: nameFilter('name', question.input.name),
      select: Object.keys(CERTIFICATE),
    });
    const wantsUsers = question.columns.some(({ name }) => name === 'used_by');
    const [result, users] = await Promise.all([
      nas.call('certificate.query', parameters),
      Promise.all(wantsUsers ? USERS.map((user) => readUser(nas, user)) : []),
    ]);
    const certificates = rowsOf(result, CERTIFICATE).map((certificate) => ({
      ...certificate,
      days_left: certificate.until && Math.floor((certificate.until - context.now()) / DAY_MS),
      used_by: usersOf(certificate, users),
    }));
    const notes = users.flatMap(({ name, used }) =>
      'gap' in used ? [`whether ${name} uses one ${gapText(used)}`] : [],
    );
    return { ...pageHere(question, certificates), notes };
  },
});

const DAY_MS = 86_400_000;

/** The end of a certificate is a text in the time of the NAS, `Sun Nov 22 22:05:26 2026`: only its day is shown. */
function endOf(value: unknown): number | null {
  const ms = typeof value === 'string' ? Date.parse(`${value} UTC`) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

/** The settings that name a certificate: by its id, its row, or its name. */
const SETTINGS = {
  ui_certificate: field.unknown,
  ui_certificate_name: field.unknown,
  ssltls_certificate: field.unknown,
  syslogservers: field.list({ tls_certificate: field.unknown }),
  syslog_tls_certificate: field.unknown,
  certificate: field.unknown,
};

interface User {
  readonly name: string;
  readonly method: string;
  readonly references: (settings: RowOf<typeof SETTINGS>) => readonly unknown[];
}

/** Apps say so in their secret configuration only, which is never read. */
const USERS: readonly User[] = [
  {
    name: 'web interface',
    method: 'system.general.config',
    references: (settings) => [settings.ui_certificate_name ?? settings.ui_certificate],
  },
  { name: 'FTP', method: 'ftp.config', references: (settings) => [settings.ssltls_certificate] },
  {
    name: 'syslog',
    method: 'system.advanced.config',
    // One server up to 25.04, a list of them from 25.10 on.
    references: ({ syslog_tls_certificate: one, syslogservers: servers }) =>
      one === undefined ? servers.map((server) => server.tls_certificate) : [one],
  },
  { name: 'KMIP', method: 'kmip.config', references: (settings) => [settings.certificate] },
];

/** A user, and the ids and names of the certificates that it uses. */
interface UserRead {
  readonly name: string;
  readonly used: Part<readonly (number | string)[]>;
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
function usersOf({ id, name }: RowOf<typeof CERTIFICATE>, users: readonly UserRead[]): string[] | undefined {
  const known = users.flatMap(({ name: user, used }) =>
    valueOr(used, []).some((reference) => reference === id || reference === name) ? [user] : [],
  );
  return known.length === 0 && users.some(({ used }) => 'gap' in used) ? undefined : known;
}
