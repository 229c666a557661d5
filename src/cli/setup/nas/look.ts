/** What is on the NAS already under the names that a set-up would use. */
import type { ReadClient } from '../../../truenas/index.ts';
import {
  GROUP,
  type Group,
  KEY,
  type Key,
  PRIVILEGE,
  type Privilege,
  rowsOf,
  USER,
  type User,
} from './rows.ts';

/** The account that is to be. User, group and privilege have one name. */
export interface WantedAccount {
  readonly name: string;
  readonly roles: readonly string[];
  readonly key: { readonly name: string; readonly endsAt: Date | undefined };
}

/** What was found, and what follows. */
export interface AccountState {
  readonly group: Group | undefined;
  readonly privilege: Privilege | undefined;
  readonly user: User | undefined;
  /** Keys of the user. */
  readonly keys: readonly Key[];
  /** A name for the key that no other key has. */
  readonly keyName: string;
  /** Why the names cannot be used. */
  readonly obstacles: readonly string[];
}

/** Full name of every user that a set-up makes, by which a later one knows it. */
export const MARK = 'TrueNAS MCP server (made by truenas-mcp setup)';

/** Looks; changes nothing. @throws TrueNasError */
export async function lookAtAccount(read: ReadClient, wanted: WantedAccount): Promise<AccountState> {
  const { name } = wanted;
  const groups = await rowsOf(read, 'group.query', GROUP, [['name', '=', name]]);
  const users = await rowsOf(read, 'user.query', USER, [['username', '=', name]]);
  const privileges = await rowsOf(read, 'privilege.query', PRIVILEGE);
  const allKeys = await rowsOf(read, 'api_key.query', KEY);
  const [group] = groups;
  const [user] = users;
  const privilege = privileges.find((each) => each.name === name);
  const found = { group, user, privilege, keys: allKeys.filter(({ username }) => username === name) };
  return {
    ...found,
    keyName: freeName(wanted.key.name, allKeys),
    obstacles: [
      ...(user === undefined ? [] : problemsOfUser(user, group)),
      ...(group === undefined ? [] : problemsOfGroup(group, user)),
      ...(privilege === undefined ? [] : problemsOfPrivilege(privilege, group)),
      ...(group === undefined ? [] : otherPrivileges(privileges, group, privilege)),
    ],
  };
}

function problemsOfUser(user: User, group: Group | undefined): string[] {
  if (user.full_name !== MARK || user.builtin)
    return [`The NAS has a user ${user.username} already, which no set-up made.`];
  const others = user.groups.filter((id) => id !== group?.id);
  return [
    ...(user.locked ? [`The user ${user.username} is locked.`] : []),
    ...(others.length > 0
      ? [`The user ${user.username} was put into other groups, which may give it more roles.`]
      : []),
    ...(user.group.id === group?.id
      ? []
      : [`The primary group of the user ${user.username} is another one now.`]),
  ];
}

function problemsOfGroup(group: Group, user: User | undefined): string[] {
  const strangers = group.users.filter((id) => id !== user?.id);
  const hasSudo = [...group.sudo_commands, ...group.sudo_commands_nopasswd].length > 0;
  if (group.builtin || hasSudo || strangers.length > 0)
    return [`The NAS has a group ${group.name} already, which is not this set-up's alone.`];
  return [];
}

function problemsOfPrivilege(privilege: Privilege, group: Group | undefined): string[] {
  const strangers = privilege.local_groups.filter(({ gid }) => gid !== group?.gid);
  if (
    privilege.builtin_name !== null ||
    privilege.web_shell ||
    strangers.length + privilege.ds_groups.length > 0
  )
    return [`The NAS has a privilege ${privilege.name} already, which is not this set-up's alone.`];
  return [];
}

/** Whatever else the group is granted, the key would have too. */
function otherPrivileges(all: readonly Privilege[], group: Group, own: Privilege | undefined): string[] {
  return all
    .filter((each) => each !== own && each.local_groups.some(({ gid }) => gid === group.gid))
    .map(({ name }) => `The group ${group.name} has the privilege ${name} besides.`);
}

function freeName(wanted: string, keys: readonly Key[]): string {
  const isTaken = (name: string): boolean => keys.some((key) => key.name === name);
  if (!isTaken(wanted)) return wanted;
  let number = 2;
  while (isTaken(`${wanted} (${number})`)) number += 1;
  return `${wanted} (${number})`;
}
