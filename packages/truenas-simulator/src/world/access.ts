/** Whether somebody may read, write or pass a directory, by its access list or its mode. */
import type { Acl, Nfs4Permission } from './acl.ts';
import type { Directory } from './directories.ts';

/** Who wants in; a group alone has no uid. */
export interface Principal {
  readonly uid: number | null;
  readonly gids: readonly number[];
}

/** What somebody wants; the value is its bit in a mode. */
export const ACCESS_BITS = { read: 4, write: 2, execute: 1 } as const;
export type Access = keyof typeof ACCESS_BITS;

const NFS4_NAMES: Readonly<Record<Access, Nfs4Permission>> = {
  read: 'READ_DATA',
  write: 'WRITE_DATA',
  execute: 'EXECUTE',
};

/** True when the directory lets them; root is let in everywhere. */
export function isPermitted(directory: Directory, who: Principal, wanted: Access): boolean {
  if (who.uid === 0) return true;
  const { acl } = directory;
  if (acl === undefined || acl === null) return byMode(directory, who, ACCESS_BITS[wanted]);
  return acl.kind === 'NFS4'
    ? byNfs4(acl, directory, who, NFS4_NAMES[wanted])
    : byPosix(acl, directory, who, ACCESS_BITS[wanted]);
}

function byMode({ mode, uid, gid }: Directory, who: Principal, bit: number): boolean {
  const shift = who.uid === uid ? 6 : who.gids.includes(gid) ? 3 : 0;
  return ((mode >> shift) & bit) !== 0;
}

/** The first entry that is about them and about this decides. */
function byNfs4(
  { entries }: Extract<Acl, { kind: 'NFS4' }>,
  { uid, gid }: Directory,
  who: Principal,
  wanted: Nfs4Permission,
): boolean {
  const isAbout = {
    'owner@': () => who.uid === uid,
    'group@': () => who.gids.includes(gid),
    'everyone@': () => true,
    USER: (id: number) => who.uid === id,
    GROUP: (id: number) => who.gids.includes(id),
  };
  const decisive = entries.find(({ tag, id, permissions }) => permissions.has(wanted) && isAbout[tag](id));
  return decisive?.type === 'ALLOW';
}

/** Owner, then named users, then all groups together, then the others; the mask cuts those between. */
function byPosix(
  { entries }: Extract<Acl, { kind: 'POSIX1E' }>,
  { uid, gid }: Directory,
  who: Principal,
  bit: number,
): boolean {
  const own = entries.filter(({ isDefault }) => !isDefault);
  const bitsOf = (tag: string): number => own.find((entry) => entry.tag === tag)?.bits ?? 0;
  if (who.uid === uid) return (bitsOf('USER_OBJ') & bit) !== 0;
  const mask = own.some(({ tag }) => tag === 'MASK') ? bitsOf('MASK') : 7;
  const named = own.find(({ tag, id }) => tag === 'USER' && id === who.uid);
  if (named !== undefined) return (named.bits & mask & bit) !== 0;
  const groups = own.filter(
    ({ tag, id }) =>
      (tag === 'GROUP_OBJ' && who.gids.includes(gid)) || (tag === 'GROUP' && who.gids.includes(id)),
  );
  if (groups.length === 0) return (bitsOf('OTHER') & bit) !== 0;
  return groups.some(({ bits }) => (bits & mask & bit) !== 0);
}
