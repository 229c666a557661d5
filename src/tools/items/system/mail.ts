import { field, recordOf } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';

/** How the NAS sends mail. */
export const mail = defineKind({
  name: 'mail',
  toolset: 'system',
  noun: 'mail settings',
  about: 'server, port, encryption and sender of the mails of the NAS; never the password',
  words: ['email', 'e-mail', 'smtp', 'mail server'],
  sources: [{ uses: ['mail.config'], read: async (nas) => [recordOf(await nas.call('mail.config'))] }],
  row: { fromname: field.text, fromemail: field.text },
  columns: {
    server: { type: 'text', from: 'outgoingserver', isKey: true, sort: 'asc' },
    port: { type: 'number', from: 'port' },
    security: { type: 'text', from: 'security' },
    sender: { type: 'text', value: (row) => senderOf(row.fromname, row.fromemail) },
    signs_in: { type: 'flag', from: 'smtp' },
    user: { type: 'text', from: 'user' },
  },
  named: 'server',
  isSingle: true,
  hides: ['id', 'pass', 'oauth'],
  mayLack: [{ method: 'mail.config', field: 'oauth' }],
  examples: [{ args: {}, why: 'where mails go out' }],
  getExamples: [{ args: {}, why: 'all of it' }],
});

function senderOf(name: string | null, address: string | null): string | null {
  return name === null || name === '' ? address : `${name} <${address ?? '?'}>`;
}
