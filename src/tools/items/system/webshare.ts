import { defineKind } from '../kind.ts';

/** Shares that people open in a browser (26.0 and later). */
export const webshare = defineKind({
  name: 'webshare',
  toolset: 'system',
  noun: 'WebShares',
  about: 'shares for browsers: path, home folders or not, locked',
  words: ['web share', 'browser share'],
  sources: [{ method: 'sharing.webshare.query' }],
  row: {},
  columns: {
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    path: { type: 'text', from: 'path', isAlwaysThere: true, maxLength: 120 },
    enabled: { type: 'flag', from: 'enabled', isAlwaysThere: true },
    homes: { type: 'flag', from: 'is_home_base', isAlwaysThere: true },
    locked: { type: 'flag', from: 'locked' },
    dataset: { type: 'text', from: 'dataset', isOnDemand: true },
    id: { type: 'number', from: 'id', isAlwaysThere: true, isOnDemand: true },
  },
  named: 'name',
  ids: ['id'],
  examples: [
    { args: {}, why: 'all' },
    { args: { filter: ['enabled=true'], fields: ['path', 'dataset'] }, why: 'those that are open' },
  ],
  getExamples: [
    { args: { id: 'documents' }, why: 'by name' },
    { args: { id: 'no-such-share' }, why: 'one that is not there' },
  ],
});
