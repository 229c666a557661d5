import { defineKind } from '../kind.ts';

/** Keys to the object storage (27.0), by the users they sign in; the keys themselves are never read. */
export const s3User = defineKind({
  name: 's3_user',
  toolset: 'system',
  noun: 'S3 access keys',
  about: 'who may sign in to the object storage: user, state, expiry, last use; never the key',
  words: ['s3 access key', 's3 key'],
  sources: [{ method: 's3.accesskey.query' }],
  row: {},
  columns: {
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    user: { type: 'text', from: 'username' },
    status: { type: 'text', from: 'status', isAlwaysThere: true },
    enabled: { type: 'flag', from: 'enabled', isAlwaysThere: true },
    expires: { type: 'time', from: 'expires_at' },
    last_used: { type: 'time', from: 'last_used_at' },
    created: { type: 'time', from: 'created_at', isAlwaysThere: true },
    manages_buckets: { type: 'flag', from: 'manage_buckets', isAlwaysThere: true },
    local: { type: 'flag', from: 'local', isAlwaysThere: true, isOnDemand: true },
    id: { type: 'number', from: 'id', isAlwaysThere: true, isOnDemand: true },
  },
  named: 'name',
  ids: ['id'],
  alsoSelects: [],
  examples: [
    { args: {}, why: 'all' },
    { args: { filter: ['status!=ENABLED'], fields: ['user', 'last_used'] }, why: 'keys that do not work' },
  ],
  getExamples: [
    { args: { id: 'restic on laptops' }, why: 'by name' },
    { args: { id: 'no-such-key' }, why: 'one that is not there' },
  ],
});
