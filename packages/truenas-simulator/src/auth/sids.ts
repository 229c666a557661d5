/** Security identifiers: how SMB knows users and groups. Only accounts that are meant for SMB have one. */
import type { World } from '../world/world.ts';
import type { Accounts } from './account-store.ts';
import type { GroupRow, UserRow } from './accounts.ts';

/** Everybody. */
export const EVERYONE_SID = 'S-1-1-0';

const FIRST_USER_RID = 20_000;
const FIRST_GROUP_RID = 200_000;

/** Groups that Windows knows under the same number everywhere. */
const WELL_KNOWN_GIDS = [544, 545, 546];

/** What a SID stands for on the NAS. */
export type SidOwner =
  | { readonly kind: 'USER'; readonly id: number; readonly name: string }
  | { readonly kind: 'GROUP'; readonly id: number; readonly name: string };

/** The SID of a user; null when it is no SMB account. */
export function userSid(world: World, user: UserRow): string | null {
  return user.smb ? `${machineSid(world)}-${FIRST_USER_RID + user.id}` : null;
}

/** The SID of a group; null when it is no SMB group. */
export function groupSid(world: World, group: GroupRow): string | null {
  if (!group.smb) return null;
  if (WELL_KNOWN_GIDS.includes(group.gid)) return `S-1-5-32-${group.gid}`;
  return `${machineSid(world)}-${FIRST_GROUP_RID + group.id}`;
}

/** Whose SID it is; null for one that the NAS does not know. */
export function ownerOfSid(world: World, accounts: Accounts, sid: string): SidOwner | null {
  for (const user of accounts.users.values()) {
    if (userSid(world, user) === sid) return { kind: 'USER', id: user.uid, name: user.username };
  }
  for (const group of accounts.groups.values()) {
    if (groupSid(world, group) === sid) return { kind: 'GROUP', id: group.gid, name: group.name };
  }
  return null;
}

function machineSid(world: World): string {
  return String(world.settings.smb?.server_sid);
}
