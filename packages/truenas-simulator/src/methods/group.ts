/** `group.*`. */
import * as z from 'zod';
import type { GroupRow } from '../auth/accounts.ts';
import { CallError, doesNotExist, ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import { groupSid } from '../auth/sids.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { model, text } from '../schema/schema.ts';
import { announce, readable } from './common.ts';

const commands = z.array(text({ min: 1 }));
const idmap = z.union([z.literal('DIRECT'), z.int().min(1).max(4_294_967_294)]).nullable();
const MAX_ID = 90_000_000;

const CREATE = model('GroupCreate', {
  gid: z.int().min(0).max(MAX_ID).nullable().default(null),
  name: text(),
  sudo_commands: commands.default([]),
  sudo_commands_nopasswd: commands.default([]),
  smb: z.boolean().default(true),
  userns_idmap: idmap.default(null),
  users: z.array(z.int()).default([]),
});
const UPDATE = model('GroupUpdate', {
  name: text().optional(),
  sudo_commands: commands.optional(),
  sudo_commands_nopasswd: commands.optional(),
  smb: z.boolean().optional(),
  userns_idmap: idmap.optional(),
  users: z.array(z.int()).optional(),
});
const DELETE = model('GroupDeleteOptions', { delete_users: z.boolean().default(false) });

interface Changes {
  readonly gid?: number | null;
  readonly name?: string;
  readonly sudo_commands?: string[];
  readonly sudo_commands_nopasswd?: string[];
  readonly smb?: boolean;
  readonly users?: number[];
}

/** `group.*`. */
export const GROUP_METHODS: readonly SimMethod[] = [
  ...readable({
    namespace: 'group',
    entity: 'Group',
    what: 'groups',
    roles: ['ACCOUNT_READ'],
    rows: (context) => [...context.accounts.groups.values()].map((row) => groupRow(context, row)),
  }),
  {
    name: 'group.get_next_gid',
    description: 'The next free group id.',
    roles: ['ACCOUNT_READ'],
    returns: z.int(),
    run: ({ accounts }) => nextNumber(Array.from(accounts.groups.values(), (row) => row.gid)),
  },
  {
    name: 'group.create',
    audited: 'Create group',
    description: 'Makes a group; answers its row id.',
    roles: ['ACCOUNT_WRITE'],
    params: [['group_create', CREATE]],
    run: create,
  },
  {
    name: 'group.update',
    audited: 'Update group',
    description: 'Changes a group; answers its row id.',
    roles: ['ACCOUNT_WRITE'],
    params: [
      ['id', z.int()],
      ['group_update', UPDATE],
    ],
    run: update,
  },
  {
    name: 'group.delete',
    audited: 'Delete group',
    description: 'Deletes a group, with its users if asked.',
    roles: ['ACCOUNT_WRITE'],
    params: [
      ['id', z.int()],
      ['options', DELETE.prefault({})],
    ],
    run: remove,
  },
];

/** A group as a release shows it. */
export function groupRow(
  { accounts, release, world }: MethodContext,
  row: GroupRow,
): Record<string, unknown> {
  const is2510 = isAtLeast(release, '25.10');
  const users = [...accounts.users.values()].filter((user) => user.groupIds.includes(row.id));
  const roles = [...accounts.privileges.values()]
    .filter((privilege) => privilege.localGids.includes(row.gid))
    .flatMap((privilege) => privilege.roles);
  return {
    id: row.id,
    gid: row.gid,
    name: row.name,
    builtin: row.builtin,
    sudo_commands: [...row.sudo_commands],
    sudo_commands_nopasswd: [...row.sudo_commands_nopasswd],
    smb: row.smb,
    userns_idmap: null,
    group: row.name,
    ...(is2510 ? { immutable: row.immutable } : { id_type_both: false }),
    local: true,
    sid: groupSid(world, row),
    roles: [...new Set(roles)],
    users: users.map((user) => user.id),
  };
}

/** The smallest number from 3000 on that is above all in use. */
export function nextNumber(used: readonly number[]): number {
  return Math.max(2999, ...used.filter((number) => number >= 3000 && number < 60_000)) + 1;
}

function find({ accounts }: MethodContext, id: number): GroupRow {
  const row = accounts.groups.get(id);
  if (row === undefined) throw doesNotExist('Group', id);
  return row;
}

function create(context: MethodContext, data: Changes & { name: string }): number {
  const { accounts } = context;
  check(context, 'group_create', data, null);
  const gid = data.gid ?? nextNumber(Array.from(accounts.groups.values(), (row) => row.gid));
  const row: GroupRow = {
    id: accounts.nextId(accounts.groups),
    gid,
    name: data.name,
    builtin: false,
    immutable: false,
    smb: data.smb ?? true,
    sudo_commands: data.sudo_commands ?? [],
    sudo_commands_nopasswd: data.sudo_commands_nopasswd ?? [],
  };
  accounts.groups.set(row.id, row);
  setMembers(context, row.id, data.users ?? []);
  announce(context, 'group', 'added', row.id, groupRow(context, row));
  return row.id;
}

function update(context: MethodContext, id: number, changes: Changes): number {
  const row = find(context, id);
  context.about(row.name);
  if (row.immutable) throw new CallError('A builtin group cannot be changed', ERRNO.EPERM);
  check(context, 'group_update', changes, row);
  row.name = changes.name ?? row.name;
  row.smb = changes.smb ?? row.smb;
  row.sudo_commands = changes.sudo_commands ?? row.sudo_commands;
  row.sudo_commands_nopasswd = changes.sudo_commands_nopasswd ?? row.sudo_commands_nopasswd;
  if (changes.users !== undefined) setMembers(context, id, changes.users);
  announce(context, 'group', 'changed', id, groupRow(context, row));
  return id;
}

function remove(context: MethodContext, id: number, options: { delete_users: boolean }): number {
  const { accounts } = context;
  const row = find(context, id);
  context.about(row.name);
  if (row.builtin) throw new CallError('A built-in group cannot be deleted.', ERRNO.EACCES);
  const primary = [...accounts.users.values()].filter((user) => user.groupId === id);
  if (primary.length > 0 && !options.delete_users) {
    throw new CallError(`Group ${row.name} is the primary group of ${primary.length} users`, ERRNO.EINVAL);
  }
  for (const user of primary) {
    accounts.users.delete(user.id);
    announce(context, 'user', 'removed', user.id);
  }
  setMembers(context, id, []);
  accounts.groups.delete(id);
  accounts.changed();
  announce(context, 'group', 'removed', id);
  return id;
}

function setMembers({ accounts }: MethodContext, id: number, userIds: readonly number[]): void {
  for (const user of accounts.users.values()) {
    const others = user.groupIds.filter((groupId) => groupId !== id);
    user.groupIds = userIds.includes(user.id) ? [...others, id] : others;
  }
  accounts.changed();
}

/** @throws ValidationErrors */
function check({ accounts }: MethodContext, at: string, changes: Changes, old: GroupRow | null): void {
  const problems = new ValidationErrors();
  const others = [...accounts.groups.values()].filter((row) => row !== old);
  const { name, gid } = changes;
  if (name !== undefined && !/^[A-Za-z_][A-Za-z0-9_.-]*\$?$/.test(name)) {
    problems.add(`${at}.name`, 'Name does not start with a letter or holds characters that are not allowed.');
  }
  if (others.some((row) => row.name === name)) {
    problems.add(`${at}.name`, `A Group with the name "${name ?? ''}" already exists.`, ERRNO.EEXIST);
  }
  if (typeof gid === 'number' && others.some((row) => row.gid === gid)) {
    problems.add(`${at}.gid`, `The Group ID "${gid}" already exists.`, ERRNO.EEXIST);
  }
  changes.users?.forEach((id, index) => {
    if (!accounts.users.has(id)) problems.add(`${at}.users.${index}`, 'User does not exist', ERRNO.ENOENT);
  });
  problems.check();
}
