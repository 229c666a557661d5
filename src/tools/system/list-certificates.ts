import { z } from 'zod';
import { isoInstant } from '../../output/time.ts';
import { query } from '../../truenas/query.ts';
import { type Columns, defineList } from '../define-list.ts';
import { nameFilter } from '../support/inputs.ts';
import { pageHere } from '../support/list-reading.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';
import { noteOf, readUsers, USER_METHODS, usersOf } from './certificate-users.ts';

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
  used_by: {
    type: 'texts',
    mayLack: [
      { method: 'system.general.config', field: 'ui_certificate' },
      ...USER_METHODS.map((method) => ({ method })),
    ],
  },
  request: { type: 'flag', value: (certificate) => certificate.cert_type_CSR, isOnDemand: true },
};

/** Certificates. They are few, and sorted here: the NAS knows when they end as a text only. */
export const listCertificates = defineList({
  name: 'list_certificates',
  toolset: 'system',
  title: 'List certificates',
  words: 'tls ssl expiry expire https',
  description: 'Certificates: names, days left, and whether web interface, FTP, S3, syslog or KMIP use them.',
  noun: 'certificates',
  filters: { name: z.string().optional().describe('part of the name, or a pattern with *') },
  columns: COLUMNS,
  sortedBy: 'days_left',
  carriesFreeText: true,
  uses: ['certificate.query', ...USER_METHODS],
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
      wantsUsers ? readUsers(nas) : [],
    ]);
    const certificates = rowsOf(result, CERTIFICATE).map((certificate) => ({
      ...certificate,
      days_left: certificate.until && Math.floor((certificate.until - context.now()) / DAY_MS),
      used_by: usersOf(certificate, users),
    }));
    const notes = users.flatMap((user) => noteOf(user) ?? []);
    return { ...pageHere(question, certificates), notes };
  },
});

const DAY_MS = 86_400_000;

/** The end of a certificate is a text in the time of the NAS, `Sun Nov 22 22:05:26 2026`: only its day is shown. */
function endOf(value: unknown): number | null {
  const ms = typeof value === 'string' ? Date.parse(`${value} UTC`) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}
