import { query } from '../../../truenas/query.ts';
import { field } from '../../support/rows.ts';
import { defineKind, joined } from '../kind.ts';
import { OWNER_USES, ownerNames } from './owner-names.ts';
import { modeText } from './permissions.ts';
import { LOCK_USES, lockNotes, OF_A_PATH, poolPathOf } from './pool-path.ts';

/** What is in a directory, a page at a time: the NAS filters, sorts and counts. */
export const directoryEntry = defineKind({
  name: 'directory_entry',
  toolset: 'files',
  noun: 'directory entries',
  about: 'files and directories of a path: type, size, mode, owner, ACL, mount points',
  words: ['directory', 'folder', 'ls', 'dir', 'directory listing', 'files'],
  sources: [
    {
      method: 'filesystem.listdir',
      paramsOf: (parts, of) => [poolPathOf(of), ...query(parts)],
      about: { uses: LOCK_USES, read: lockNotes },
    },
  ],
  of: OF_A_PATH,
  row: {
    mode: field.number,
    uid: field.number,
    gid: field.number,
    owned_by: joined<string | null>(),
  },
  columns: {
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc', maxLength: 120 },
    type: { type: 'text', from: 'type', isAlwaysThere: true },
    size: { type: 'bytes', from: 'size', isAlwaysThere: true, sort: 'desc' },
    mode: { type: 'text', value: ({ mode }) => modeText(mode) },
    owner: { type: 'text', value: (row) => row.owned_by, needs: ['uid', 'gid'] },
    acl: { type: 'flag', from: 'acl', isAlwaysThere: true },
    mountpoint: { type: 'flag', from: 'is_mountpoint', isAlwaysThere: true },
    allocated: { type: 'bytes', from: 'allocation_size', isAlwaysThere: true, isOnDemand: true },
    path: { type: 'text', from: 'path', isAlwaysThere: true, isOnDemand: true, maxLength: 200 },
    real_path: { type: 'text', from: 'realpath', isAlwaysThere: true, isOnDemand: true, maxLength: 200 },
    uid: { type: 'number', from: 'uid', isAlwaysThere: true, isOnDemand: true },
    gid: { type: 'number', from: 'gid', isAlwaysThere: true, isOnDemand: true },
    attributes: { type: 'texts', from: 'attributes', isOnDemand: true },
  },
  named: 'name',
  joins: [
    {
      columns: ['owner'],
      uses: OWNER_USES,
      async read(nas, rows) {
        const nameOf = await ownerNames(nas, rows);
        return { add: (row) => ({ owned_by: nameOf(row) }) };
      },
    },
  ],
  mayLack: [...OWNER_USES, ...LOCK_USES].map((method) => ({ method })),
  examples: [
    { args: { of: '/mnt/tank/home' }, why: 'what is in a directory' },
    { args: { of: '/mnt/tank', filter: ['type=DIRECTORY'], sort: 'size', fields: ['size'] }, why: 'by size' },
  ],
  getExamples: [
    { args: { of: '/mnt/tank/home', id: 'alice' }, why: 'one entry' },
    { args: { of: '/mnt/tank/home', id: 'zoe' }, why: 'one that is not there' },
  ],
});
