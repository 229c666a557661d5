/** Access lists of directories: NFSv4 and POSIX entries, the short forms the API has, and what a plain mode amounts to. */

/** What an NFSv4 entry can grant. */
export const NFS4_PERMISSIONS = [
  ...(['READ_DATA', 'WRITE_DATA', 'APPEND_DATA', 'READ_NAMED_ATTRS', 'WRITE_NAMED_ATTRS'] as const),
  ...(['EXECUTE', 'DELETE', 'DELETE_CHILD', 'READ_ATTRIBUTES', 'WRITE_ATTRIBUTES', 'READ_ACL'] as const),
  ...(['WRITE_ACL', 'WRITE_OWNER', 'SYNCHRONIZE'] as const),
] as const;
export const NFS4_FLAGS = [
  ...(['FILE_INHERIT', 'DIRECTORY_INHERIT', 'NO_PROPAGATE_INHERIT', 'INHERIT_ONLY', 'INHERITED'] as const),
] as const;

export type Nfs4Permission = (typeof NFS4_PERMISSIONS)[number];
export type Nfs4Flag = (typeof NFS4_FLAGS)[number];

/** An entry of an NFSv4 list. */
export interface Nfs4Ace {
  readonly tag: 'owner@' | 'group@' | 'everyone@' | 'USER' | 'GROUP';
  readonly type: 'ALLOW' | 'DENY';
  readonly permissions: ReadonlySet<Nfs4Permission>;
  readonly flags: ReadonlySet<Nfs4Flag>;
  /** The uid or gid; -1 where the tag says it all. */
  readonly id: number;
}

/** An entry of a POSIX list; `isDefault` for what new files inherit. */
export interface PosixAce {
  readonly tag: 'USER_OBJ' | 'GROUP_OBJ' | 'OTHER' | 'MASK' | 'USER' | 'GROUP';
  /** Bits 4 (read), 2 (write), 1 (execute). */
  readonly bits: number;
  readonly isDefault: boolean;
  readonly id: number;
}

/** Flags of a whole NFSv4 list. */
export interface AclFlags {
  readonly autoinherit: boolean;
  readonly protected: boolean;
  readonly defaulted: boolean;
}

/** The list of a directory. */
export type Acl =
  | { readonly kind: 'NFS4'; readonly entries: readonly Nfs4Ace[]; readonly flags?: AclFlags }
  | { readonly kind: 'POSIX1E'; readonly entries: readonly PosixAce[] };

const LOOK = ['READ_NAMED_ATTRS', 'READ_ATTRIBUTES', 'READ_ACL', 'SYNCHRONIZE'] as const;
const CHANGE = ['WRITE_DATA', 'APPEND_DATA', 'WRITE_NAMED_ATTRS', 'WRITE_ATTRIBUTES'] as const;

/** Short names of common sets, the most generous first. */
export const NFS4_BASIC: ReadonlyMap<string, ReadonlySet<Nfs4Permission>> = new Map([
  ['FULL_CONTROL', new Set<Nfs4Permission>(NFS4_PERMISSIONS)],
  ['MODIFY', new Set<Nfs4Permission>([...LOOK, ...CHANGE, 'READ_DATA', 'EXECUTE', 'DELETE', 'DELETE_CHILD'])],
  ['READ', new Set<Nfs4Permission>([...LOOK, 'READ_DATA', 'EXECUTE'])],
  ['TRAVERSE', new Set<Nfs4Permission>([...LOOK, 'EXECUTE'])],
]);
export const NFS4_BASIC_FLAGS: ReadonlyMap<string, ReadonlySet<Nfs4Flag>> = new Map([
  ['INHERIT', new Set<Nfs4Flag>(['FILE_INHERIT', 'DIRECTORY_INHERIT'])],
  ['NOINHERIT', new Set<Nfs4Flag>()],
]);

/** The list that says no more than the mode of a directory. */
export function trivialAcl(kind: Acl['kind'], mode: number): Acl {
  const bits = [(mode >> 6) & 7, (mode >> 3) & 7, mode & 7] as const;
  if (kind === 'POSIX1E') {
    const tags = ['USER_OBJ', 'GROUP_OBJ', 'OTHER'] as const;
    return {
      kind,
      entries: tags.map((tag, index) => ({ tag, bits: bits[index] ?? 0, isDefault: false, id: -1 })),
    };
  }
  const tags = ['owner@', 'group@', 'everyone@'] as const;
  const none = new Set<Nfs4Flag>();
  return {
    kind,
    entries: tags.map((tag, index) => {
      const own = tag === 'owner@' ? (['WRITE_ACL', 'WRITE_OWNER', 'WRITE_ATTRIBUTES'] as const) : [];
      const permissions = new Set<Nfs4Permission>([...fromBits(bits[index] ?? 0), ...own]);
      return { tag, type: 'ALLOW', permissions, flags: none, id: -1 };
    }),
  };
}

/** The mode that a list amounts to, as `stat` shows it. */
export function modeOf(acl: Acl): number {
  const bits =
    acl.kind === 'POSIX1E'
      ? (['USER_OBJ', 'GROUP_OBJ', 'OTHER'] as const).map(
          (wanted) => acl.entries.find(({ tag, isDefault }) => tag === wanted && !isDefault)?.bits ?? 0,
        )
      : (['owner@', 'group@', 'everyone@'] as const).map((wanted) => {
          const entry = acl.entries.find(({ tag, type }) => tag === wanted && type === 'ALLOW');
          return entry === undefined ? 0 : toBits(entry.permissions);
        });
  return bits.reduce((mode, each) => (mode << 3) | each, 0);
}

function fromBits(bits: number): Nfs4Permission[] {
  return [
    ...LOOK,
    ...((bits & 4) === 0 ? [] : (['READ_DATA'] as const)),
    ...((bits & 2) === 0
      ? []
      : (['WRITE_DATA', 'APPEND_DATA', 'DELETE_CHILD', 'WRITE_NAMED_ATTRS'] as const)),
    ...((bits & 1) === 0 ? [] : (['EXECUTE'] as const)),
  ];
}

function toBits(permissions: ReadonlySet<Nfs4Permission>): number {
  const bit = (name: Nfs4Permission, value: number): number => (permissions.has(name) ? value : 0);
  return bit('READ_DATA', 4) | bit('WRITE_DATA', 2) | bit('EXECUTE', 1);
}
