import { field } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';

/** Image registries that apps sign in to; name and password of the sign-in are never selected. */
export const registry = defineKind({
  name: 'registry',
  toolset: 'apps',
  noun: 'image registries',
  about: 'registries that apps sign in to',
  words: ['docker registry', 'docker hub sign-in', 'image registry'],
  sources: [{ method: 'app.registry.query' }],
  row: { name: field.text },
  columns: {
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    url: { type: 'text', from: 'uri', isAlwaysThere: true, maxLength: 120 },
    description: { type: 'text', from: 'description' },
    id: { type: 'number', from: 'id', isAlwaysThere: true },
  },
  named: 'name',
  ids: ['id'],
  alsoSelects: [],
  examples: [{ args: {}, why: 'which there are' }],
  getExamples: [
    { args: { id: 'private registry' }, why: 'by name' },
    { args: { id: 'no-such-registry' }, why: 'a name that is none' },
  ],
});
