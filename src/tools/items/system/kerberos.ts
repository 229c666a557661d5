import { query } from '../../../truenas/query.ts';
import { gapText, readPart, valueOr } from '../../support/part.ts';
import { rawRowsOf } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';

/** Kerberos realms, and keytabs without their keys. */
export const kerberos = defineKind({
  name: 'kerberos',
  toolset: 'system',
  noun: 'Kerberos realms and keytabs',
  about: 'realms with their servers (KDC), and keytabs by name, never the keys',
  words: ['realm', 'keytab', 'kdc', 'kerberos realm'],
  sources: [
    {
      uses: ['kerberos.realm.query', 'kerberos.keytab.query'],
      async read(nas) {
        const [realms, keytabs] = await Promise.all([
          nas.call('kerberos.realm.query', query({ limit: 500 })),
          readPart(nas, async (limited) =>
            rawRowsOf(
              await limited.call('kerberos.keytab.query', query({ select: ['id', 'name'], limit: 500 })),
            ),
          ),
        ]);
        const rows = [
          ...rawRowsOf(realms).map((realm) => ({ ...realm, name: realm['realm'], what: 'realm' })),
          ...valueOr(keytabs, []).map((keytab) => ({ ...keytab, what: 'keytab' })),
        ];
        const why = gapText(keytabs);
        return { rows, notes: why === undefined ? [] : [`keytabs ${why}`] };
      },
    },
  ],
  row: {},
  columns: {
    name: { type: 'text', from: 'name', isKey: true, sort: 'asc' },
    what: { type: 'text', from: 'what' },
    kdc: { type: 'texts', from: 'kdc' },
    admin_server: { type: 'texts', from: 'admin_server' },
    password_server: { type: 'texts', from: 'kpasswd_server' },
    primary_kdc: { type: 'text', from: 'primary_kdc' },
    id: { type: 'number', from: 'id', isOnDemand: true },
  },
  named: 'name',
  hides: ['realm'],
  mayLack: [{ method: 'kerberos.keytab.query' }],
  examples: [{ args: {}, why: 'both' }],
  getExamples: [
    { args: { id: 'EXAMPLE.ORG' }, why: 'a realm' },
    { args: { id: 'EXAMPLE.NET' }, why: 'one that is not there' },
  ],
});
