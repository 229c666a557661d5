/** `filesystem.getacl`: who may do what in a directory. */
import * as z from 'zod';
import { ERRNO } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { text } from '../schema/schema.ts';
import { type Acl, trivialAcl } from '../world/acl.ts';
import type { Dataset } from '../world/datasets.ts';
import { type Directory, placeAt } from '../world/directories.ts';
import { showAcl } from './acl-form.ts';
import { type ApiRow, refuse } from './common.ts';
import { isExternal } from './filesystem.ts';
import { ownedBy, setOn } from './filesystem-row.ts';

const path = text({ min: 1 });
const flag = z.boolean().default(false);

export const ACL_METHODS: readonly SimMethod[] = [
  {
    name: 'filesystem.getacl',
    description: 'Owner and access list of a path.',
    roles: ['FILESYSTEM_ATTRS_READ'],
    params: [
      ['path', path],
      ['simplified', z.boolean().default(true)],
      ['resolve_ids', flag],
    ],
    run: getAcl,
  },
];

const NO_FLAGS = { autoinherit: false, protected: false, defaulted: false };

/** What the method answers. @throws CallError when nothing is there */
export function getAcl(context: MethodContext, wanted: string, isShort: boolean, hasNames: boolean): ApiRow {
  const { world, accounts } = context;
  if (isExternal(wanted)) refuse(`${wanted} is external to TrueNAS`, ERRNO.EXDEV);
  const place = placeAt(world.datasets, wanted);
  if (place === null) return refuse('Path not found.', ERRNO.ENOENT);
  const directory = ownedBy(context, place);
  const { uid, gid } = directory;
  const userName = (id: number): string | null =>
    [...accounts.users.values()].find((row) => row.uid === id)?.username ?? null;
  const groupName = (id: number): string | null =>
    [...accounts.groups.values()].find((row) => row.gid === id)?.name ?? null;
  const who = (tag: string, id: number): string | null => {
    if (tag === 'USER') return userName(id);
    if (tag === 'GROUP') return groupName(id);
    if (tag === 'owner@' || tag === 'USER_OBJ') return userName(uid);
    return tag === 'group@' || tag === 'GROUP_OBJ' ? groupName(gid) : null;
  };
  const owner = { user: hasNames ? userName(uid) : null, group: hasNames ? groupName(gid) : null, uid, gid };
  const acltype = kindOf(place.dataset);
  if (acltype === 'DISABLED') return { path: wanted, ...owner, acltype, acl: null, trivial: true };
  const acl = aclOf(directory, acltype);
  return {
    ...{ path: wanted, ...owner, acltype, acl: showAcl(acl, isShort, hasNames ? who : null) },
    ...(acl.kind === 'NFS4' ? { aclflags: acl.flags ?? NO_FLAGS } : {}),
    trivial: isTrivial(directory, acltype),
  };
}

/** Which kind of lists a dataset keeps. */
export function kindOf(dataset: Dataset): Acl['kind'] | 'DISABLED' {
  const acltype = setOn(dataset, 'acltype') ?? 'posix';
  if (acltype === 'off') return 'DISABLED';
  return acltype === 'nfsv4' ? 'NFS4' : 'POSIX1E';
}

/** A list of the other kind is of no use once a dataset has changed its kind. */
function aclOf({ acl, mode }: Directory, kind: Acl['kind']): Acl {
  return acl?.kind === kind ? acl : trivialAcl(kind, mode);
}

/** True when the mode says it all. */
export function isTrivial({ acl }: Directory, kind: Acl['kind']): boolean {
  return acl?.kind !== kind;
}
