import { field } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';

const GRANTS = field.objects({ principal_type: field.text, name: field.text, access: field.text });

/** Buckets of the object storage (27.0). */
export const s3Bucket = defineKind({
  name: 's3_bucket',
  toolset: 'system',
  noun: 'S3 buckets',
  about: 'buckets of the object storage: dataset, owner, grants, versions, object lock, locked',
  words: ['bucket', 'object storage', 's3 share'],
  sources: [{ method: 'sharing.s3.query' }],
  row: { grants: GRANTS },
  columns: {
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    dataset: { type: 'text', from: 'dataset', isAlwaysThere: true },
    enabled: { type: 'flag', from: 'enabled', isAlwaysThere: true },
    owner: { type: 'text', from: 'owner', isAlwaysThere: true },
    grants: { type: 'texts', maxLength: 100, value: (row) => row.grants?.map(grantText) },
    versioning: { type: 'text', from: 'versioning', isAlwaysThere: true },
    object_lock: { type: 'flag', from: 'object_lock', isAlwaysThere: true },
    locked: { type: 'flag', from: 'locked' },
    permissions: { type: 'text', from: 'permissions_model', isAlwaysThere: true, isOnDemand: true },
    ownership: { type: 'text', from: 'object_ownership', isAlwaysThere: true, isOnDemand: true },
    lock_mode: { type: 'text', from: 'object_lock_default_mode', isOnDemand: true },
    lock_days: { type: 'number', from: 'object_lock_default_days', isOnDemand: true },
    snapshots: { type: 'texts', from: 'snapshot_versions', isOnDemand: true },
    id: { type: 'number', from: 'id', isAlwaysThere: true, isOnDemand: true },
  },
  named: 'name',
  ids: ['id'],
  examples: [
    { args: {}, why: 'all' },
    {
      args: { filter: ['enabled=true'], fields: ['owner', 'permissions', 'ownership'] },
      why: 'those in use',
    },
  ],
  getExamples: [
    { args: { id: 'installers' }, why: 'by name' },
    { args: { id: 'no-such-bucket' }, why: 'one that is not there' },
  ],
});

/** `GROUP staff READWRITE`, `EVERYONE READONLY`. */
function grantText(grant: {
  principal_type: string | null;
  name: string | null;
  access: string | null;
}): string {
  const { principal_type: type, name, access } = grant;
  const who = type === 'EVERYONE' ? [type] : [type ?? '?', name ?? '?'];
  return [...who, access ?? '?'].join(' ');
}
