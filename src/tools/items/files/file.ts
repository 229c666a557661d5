import { field, recordOf } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';
import { modeText } from './permissions.ts';
import { lockNotes, LOCK_USES, OF_A_PATH, poolPathOf } from './pool-path.ts';
import { gapText, readPart, valueOr } from '../../support/part.ts';

/** What the NAS knows of one path. Links are followed: `path` is where it leads. */
export const file = defineKind({
  name: 'file',
  toolset: 'files',
  noun: 'files',
  about: 'one file or directory: owner, mode, size, times, ACL or not, where a link leads',
  words: ['stat', 'file owner', 'path'],
  sources: [
    {
      uses: ['filesystem.stat', ...LOCK_USES],
      async read(nas, of) {
        const [stat, locks] = await Promise.all([
          nas.call('filesystem.stat', [poolPathOf(of)]),
          readPart(nas, (limited) => lockNotes(limited, of)),
        ]);
        const why = gapText(locks);
        const notes = why === undefined ? valueOr(locks, []) : [`whether its dataset is locked ${why}`];
        const row = recordOf(stat);
        const led = typeof row['realpath'] === 'string' ? [] : ['where the path leads could not be read'];
        return { rows: [row], notes: [...notes, ...led] };
      },
    },
  ],
  of: OF_A_PATH,
  isSingle: true,
  row: {
    mode: field.number,
    user: field.text,
    group: field.text,
    uid: field.number,
    gid: field.number,
  },
  columns: {
    path: { type: 'text', from: 'realpath', isKey: true, maxLength: 400 },
    type: { type: 'text', from: 'type' },
    size: { type: 'bytes', from: 'size' },
    owner: { type: 'text', value: (row) => `${who(row.user, row.uid)}:${who(row.group, row.gid)}` },
    mode: { type: 'text', value: ({ mode }) => modeText(mode) },
    acl: { type: 'flag', from: 'acl' },
    modified: { type: 'time', from: 'mtime', read: field.time },
    mountpoint: { type: 'flag', from: 'is_mountpoint' },
    allocated: { type: 'bytes', from: 'allocation_size', isOnDemand: true },
    changed: { type: 'time', from: 'ctime', read: field.time, isOnDemand: true },
    created: { type: 'time', from: 'btime', read: field.time, isOnDemand: true },
    accessed: { type: 'time', from: 'atime', read: field.time, isOnDemand: true },
    attributes: { type: 'texts', from: 'attributes', isOnDemand: true },
    links: { type: 'number', from: 'nlink', isOnDemand: true },
  },
  named: 'path',
  changedBy: ['set_permissions'],
  mayLack: LOCK_USES.map((method) => ({ method })),
  examples: [{ args: { of: '/mnt/tank/documents' }, why: 'whose it is' }],
  getExamples: [
    { args: { id: '/mnt/tank/home/alice' }, why: 'by its path' },
    { args: { of: '/mnt/tank/nothing-here' }, why: 'one that is not there' },
  ],
});

/** The name, else the number. */
function who(name: string | null, id: number | null): string {
  return name ?? (id === null ? '?' : String(id));
}
