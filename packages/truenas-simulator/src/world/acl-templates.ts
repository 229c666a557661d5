/** Access lists to choose from: those that come with the NAS. */
import { createTable, type Table, type TableRow } from './table.ts';

/** A list with a name; its entries are as `filesystem.setacl` takes them. */
export interface AclTemplate extends TableRow {
  readonly name: string;
  readonly acltype: 'NFS4' | 'POSIX1E';
  readonly acl: readonly Readonly<Record<string, unknown>>[];
  readonly comment: string;
  readonly builtin: boolean;
}

/** The gid of `builtin_users`. */
const BUILTIN_USERS = 545;

/** The templates of a NAS that nobody has added to. */
export function createAclTemplates(): Table<AclTemplate> {
  const whom = { id: null, who: null };
  const nfs4 = (tag: string, perms: string, id: number | null = null): Record<string, unknown> => ({
    ...{ tag, type: 'ALLOW', perms: { BASIC: perms }, flags: { BASIC: 'INHERIT' } },
    ...{ ...whom, id },
  });
  const posix = (tag: string, bits: string, isDefault: boolean): Record<string, unknown> => ({
    ...{ tag, default: isDefault, ...whom },
    perms: { READ: bits.includes('r'), WRITE: bits.includes('w'), EXECUTE: bits.includes('x') },
  });
  const both = (group: string, other: string): Record<string, unknown>[] =>
    [false, true].flatMap((isDefault) => [
      posix('USER_OBJ', 'rwx', isDefault),
      posix('GROUP_OBJ', group, isDefault),
      posix('OTHER', other, isDefault),
    ]);
  const builtin = { builtin: true, comment: '' };
  return createTable<AclTemplate>([
    {
      ...{ name: 'NFS4_OPEN', acltype: 'NFS4', ...builtin },
      acl: [nfs4('owner@', 'FULL_CONTROL'), nfs4('group@', 'FULL_CONTROL'), nfs4('everyone@', 'MODIFY')],
    },
    {
      ...{ name: 'NFS4_RESTRICTED', acltype: 'NFS4', ...builtin },
      acl: [nfs4('owner@', 'FULL_CONTROL'), nfs4('group@', 'MODIFY')],
    },
    {
      ...{ name: 'NFS4_HOME', acltype: 'NFS4', ...builtin },
      acl: [
        ...[nfs4('owner@', 'FULL_CONTROL'), nfs4('group@', 'MODIFY')],
        nfs4('GROUP', 'TRAVERSE', BUILTIN_USERS),
      ],
    },
    { ...{ name: 'POSIX_OPEN', acltype: 'POSIX1E', ...builtin }, acl: both('rwx', 'rwx') },
    { ...{ name: 'POSIX_RESTRICTED', acltype: 'POSIX1E', ...builtin }, acl: both('rwx', '') },
    { ...{ name: 'POSIX_HOME', acltype: 'POSIX1E', ...builtin }, acl: both('rx', 'rx') },
  ]);
}
