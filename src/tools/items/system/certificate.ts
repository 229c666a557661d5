import { isoInstant } from '../../../output/time.ts';
import { field } from '../../support/rows.ts';
import { noteOf, readUsers, USER_METHODS, usersOf } from '../../system/certificate-users.ts';
import { defineKind, joined } from '../kind.ts';

/** Certificates. The NAS knows when they end as a text only, so that they are sorted here; they are few. */
export const certificate = defineKind({
  name: 'certificate',
  toolset: 'system',
  noun: 'certificates',
  about: 'TLS certificates: names, days left, and what uses them',
  words: ['cert', 'tls certificate', 'ssl certificate'],
  sources: [{ method: 'certificate.query' }],
  row: {
    id: field.number,
    name: field.text,
    san: field.texts,
    until: endOf,
    used_by: joined<string[]>(),
  },
  columns: {
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    common: { type: 'text', from: 'common' },
    alt_names: { type: 'texts', value: ({ san }) => san?.map((name) => name.replace(/^(?:DNS|IP):/u, '')) },
    expires: {
      type: 'text',
      value: ({ until }) => (until === null ? null : isoInstant(until).slice(0, 10)),
    },
    days_left: {
      type: 'number',
      sort: 'asc',
      value: ({ until, time }) => until && Math.floor((until - time.nowMs) / DAY_MS),
    },
    used_by: {
      type: 'texts',
      value: (row) => row.used_by,
      mayLack: [
        { method: 'system.general.config', field: 'ui_certificate' },
        ...USER_METHODS.map((method) => ({ method })),
      ],
    },
    issuer: { type: 'text', from: 'issuer', isOnDemand: true },
    request: { type: 'flag', from: 'cert_type_CSR', isOnDemand: true },
    id: { type: 'number', from: 'id', isAlwaysThere: true, isOnDemand: true },
  },
  named: 'name',
  ids: ['id'],
  sortedBy: 'days_left',
  joins: [
    {
      columns: ['used_by'],
      uses: USER_METHODS,
      async read(nas) {
        const users = await readUsers(nas);
        return {
          add: (row) => ({ used_by: usersOf(row, users) }),
          notes: users.flatMap((user) => noteOf(user) ?? []),
        };
      },
    },
  ],
  usesClock: true,
  alsoSelects: [
    'cert_type',
    'digest_algorithm',
    'key_type',
    'key_length',
    'add_to_trusted_store',
    'from',
    'country',
    'organization',
    'email',
    'expired',
    'acme',
    'domains_authenticators',
    'renew_days',
  ],
  mayLack: [{ method: 'system.info' }],
  examples: [
    { args: {}, why: 'what expires next' },
    { args: { name: 'nas*', fields: ['alt_names', 'request'] }, why: 'without asking what uses them' },
  ],
  getExamples: [{ args: { id: 'truenas_default' }, why: 'the one of the web interface' }],
});

const DAY_MS = 86_400_000;

/** The end of a certificate is a text in the time of the NAS, `Sun Nov 22 22:05:26 2026`: only its day is shown. */
function endOf(value: unknown): number | null {
  const ms = typeof value === 'string' ? Date.parse(`${value} UTC`) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}
