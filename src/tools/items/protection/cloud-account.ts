import { defineKind } from '../kind.ts';

/** Accounts of cloud providers. The provider stands in one object with its keys, which is never selected. */
export const cloudAccount = defineKind({
  name: 'cloud_account',
  toolset: 'protection',
  noun: 'cloud accounts',
  about: 'credentials of cloud providers by name; the provider stands beside its keys and is not read',
  words: ['cloud credential', 'cloud provider', 'cloudsync credential'],
  sources: [{ method: 'cloudsync.credentials.query' }],
  row: {},
  columns: {
    id: { type: 'number', from: 'id', isAlwaysThere: true, isKey: true, sort: 'asc' },
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
  },
  named: 'name',
  ids: ['id'],
  alsoSelects: [],
  examples: [{ args: {}, why: 'which there are' }],
  getExamples: [
    { args: { id: 'Backblaze' }, why: 'by its name' },
    { args: { id: '77' }, why: 'an id that is none' },
  ],
});
