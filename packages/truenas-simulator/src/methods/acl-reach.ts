/** Whether those whom an access list names get as far as the path that it is set on. */
import { ERRNO } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import * as z from 'zod';
import { text } from '../schema/schema.ts';
import { type Access, isPermitted, type Principal } from '../world/access.ts';
import type { Acl } from '../world/acl.ts';
import { type Directory, type Place, placeAt } from '../world/directories.ts';
import { ONLY_25_04, refuse } from './common.ts';
import { ownedBy } from './filesystem-row.ts';

const wanted = z.boolean().nullable().default(null);

export const ACL_REACH_METHODS: readonly SimMethod[] = [
  {
    name: 'filesystem.can_access_as_user',
    description: 'True when a user may do all of this with a path.',
    releases: ONLY_25_04,
    roles: [],
    params: [
      ['username', text()],
      ['path', text()],
      ['permissions', z.strictObject({ read: wanted, write: wanted, execute: wanted })],
    ],
    run: canAccess,
  },
];

function canAccess(
  context: MethodContext,
  username: string,
  path: string,
  permissions: Readonly<Record<Access, boolean | null>>,
): boolean {
  const { accounts, world } = context;
  const user = accounts.userByName(username);
  if (user === undefined) return refuse(`getpwnam(): name not found: '${username}'`, ERRNO.ENOENT);
  const place = placeAt(world.datasets, path);
  if (place === null) return false;
  const who = { uid: user.uid, gids: accounts.gidsOf(user) };
  if (blockedAt(context, place.path, who) !== null) return false;
  const directory = ownedBy(context, place);
  return Object.entries(permissions).every(
    ([name, isWanted]) => isWanted === null || isPermitted(directory, who, name as Access) === isWanted,
  );
}

/** Refuses a list that lets somebody in who cannot get there. @throws CallError EPERM */
export function checkReach(context: MethodContext, place: Place, acl: Acl, owner: Directory): void {
  const { accounts } = context;
  for (const { id, tag, ...entry } of acl.entries) {
    if ('type' in entry && entry.type === 'DENY') continue;
    const isUser = tag === 'USER' || tag === 'USER_OBJ' || tag === 'owner@';
    const isGroup = tag === 'GROUP' || tag === 'GROUP_OBJ' || tag === 'group@';
    if (!isUser && !isGroup) continue;
    const xid = tag === 'USER' || tag === 'GROUP' ? id : isUser ? owner.uid : owner.gid;
    const user = isUser ? [...accounts.users.values()].find(({ uid }) => uid === xid) : undefined;
    const who: Principal = isUser
      ? { uid: xid, gids: user === undefined ? [] : accounts.gidsOf(user) }
      : { uid: null, gids: [xid] };
    const blocked = xid === 0 ? null : blockedAt(context, place.path, who);
    if (blocked === null) continue;
    const group = [...accounts.groups.values()].find(({ gid }) => gid === xid);
    const name = (isUser ? user?.username : group?.name) ?? String(xid);
    const kind = isUser ? 'user' : 'group';
    refuse(
      `Filesystem permissions on path ${blocked} prevent access for ${kind} "${name}" to the path ${place.path}. ` +
        `This may be fixed by granting the aforementioned ${kind} execute permissions on the path: ${blocked}.`,
      ERRNO.EPERM,
    );
  }
}

/** The first directory on the way that does not let them pass; null when they get there. */
function blockedAt(context: MethodContext, path: string, who: Principal): string | null {
  const parts = path.split('/');
  for (let length = 3; length < parts.length; length += 1) {
    const above = parts.slice(0, length).join('/');
    const place = placeAt(context.world.datasets, above);
    if (place !== null && !isPermitted(ownedBy(context, place), who, 'execute')) return above;
  }
  return null;
}
