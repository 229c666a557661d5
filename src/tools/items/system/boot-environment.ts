import { defineKind } from '../kind.ts';

/** Installed versions that can be booted; they are few. */
export const bootEnvironment = defineKind({
  name: 'boot_environment',
  toolset: 'system',
  noun: 'boot environments',
  about: 'installed versions to go back to: which runs, which boots next, size, age, kept or not',
  words: ['boot env', 'be', 'installed version', 'previous version'],
  sources: [{ method: 'boot.environment.query' }],
  row: {},
  columns: {
    name: { type: 'text', from: 'id', isAlwaysThere: true, isKey: true, sort: 'asc' },
    runs: { type: 'flag', from: 'active', isAlwaysThere: true },
    on_reboot: { type: 'flag', from: 'activated', isAlwaysThere: true },
    size: { type: 'bytes', from: 'used_bytes', isAlwaysThere: true, sort: 'desc' },
    created: { type: 'time', from: 'created', isAlwaysThere: true, sort: 'desc' },
    keep: { type: 'flag', from: 'keep', isAlwaysThere: true },
    can_activate: { type: 'flag', from: 'can_activate', isAlwaysThere: true },
    dataset: { type: 'text', from: 'dataset', isAlwaysThere: true, isOnDemand: true },
  },
  named: 'name',
  sortedBy: 'created',
  hides: ['used'],
  examples: [
    { args: {}, why: 'the newest first' },
    { args: { filter: ['keep=false', 'runs=false'], sort: 'size' }, why: 'what an update may remove' },
  ],
  getExamples: [
    { args: { id: 'current' }, why: 'by name' },
    { args: { id: '13.0-U6' }, why: 'one that is not there' },
  ],
});
