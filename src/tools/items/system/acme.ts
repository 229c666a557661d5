import { query } from '../../../truenas/query.ts';
import { field, rowsOf } from '../../support/rows.ts';
import { defineKind, joined } from '../kind.ts';

const CERTIFICATE = { name: field.text, domains_authenticators: field.record };

/** Ways to prove a domain to an ACME server. The settings of each are its secrets, and are never read. */
export const acme = defineKind({
  name: 'acme',
  toolset: 'system',
  noun: 'ACME DNS authenticators',
  about: "ways to prove a domain for Let's Encrypt, and which certificates renew by them",
  words: ['dns authenticator', "let's encrypt", 'letsencrypt'],
  sources: [{ method: 'acme.dns.authenticator.query' }],
  row: { id: field.number, certificates: joined<string[]>() },
  columns: {
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    id: { type: 'number', from: 'id', isAlwaysThere: true },
    certificates: {
      type: 'texts',
      value: (row) => row.certificates,
      mayLack: [{ method: 'certificate.query' }],
    },
  },
  named: 'name',
  ids: ['id'],
  joins: [
    {
      columns: ['certificates'],
      uses: ['certificate.query'],
      async read(nas) {
        const parameters = query({ select: Object.keys(CERTIFICATE) });
        const all = rowsOf(await nas.call('certificate.query', parameters), CERTIFICATE);
        return {
          add: ({ id }) => ({
            certificates: all.flatMap(({ name, domains_authenticators: ids }) =>
              name !== null && ids !== null && Object.values(ids).includes(id) ? [name] : [],
            ),
          }),
        };
      },
    },
  ],
  alsoSelects: [],
  examples: [{ args: {}, why: 'all, with the certificates that need them' }],
  getExamples: [
    { args: { id: 'example.org' }, why: 'by name' },
    { args: { id: 'example.net' }, why: 'one that is not there' },
  ],
});
