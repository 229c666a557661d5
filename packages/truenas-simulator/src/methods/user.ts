/** `user.*`. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { UserRow } from '../auth/accounts.ts';
import { CallError, doesNotExist, ERRNO } from '../errors/exceptions.ts';
import { userSid } from '../auth/sids.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { secret } from '../schema/schema.ts';
import { announce, readable } from './common.ts';
import { nextNumber } from './group.ts';
import { checkUser, SHELLS } from './user-check.ts';
import { createModel, DELETE_OPTIONS, updateModel, type UserChanges } from './user-fields.ts';
import { settleHome } from './user-home.ts';

const entry = z.looseObject({
  id: z.int(),
  uid: z.int(),
  username: z.string(),
  unixhash: secret(z.string().nullable()),
  smbhash: secret(z.string().nullable()),
  password_history: secret(z.array(z.unknown()).nullable()),
});

/** `user.*`. */
export const USER_METHODS: readonly SimMethod[] = [
  ...readable({
    namespace: 'user',
    entity: 'User',
    what: 'users',
    roles: ['ACCOUNT_READ'],
    secretRoles: ['ACCOUNT_WRITE'],
    row: entry,
    rows: (context) => [...context.accounts.users.values()].map((row) => show(context, row)),
  }),
  {
    name: 'user.get_next_uid',
    description: 'The next free user id.',
    roles: ['ACCOUNT_READ'],
    returns: z.int(),
    run: ({ accounts }) => nextNumber(Array.from(accounts.users.values(), (row) => row.uid)),
  },
  {
    name: 'user.shell_choices',
    description: 'Login shells, by path.',
    roles: ['ACCOUNT_READ', 'READONLY_ADMIN'],
    params: [['group_ids', z.array(z.int()).default([])]],
    run: () => SHELLS,
  },
  {
    name: 'user.has_local_administrator_set_up',
    description: 'True when the first administrator has a password.',
    auth: 'none',
    returns: z.boolean(),
    run: () => true,
  },
  {
    name: 'user.create',
    audited: 'Create user',
    description: 'Makes a user.',
    roles: ['ACCOUNT_WRITE'],
    secretRoles: ['ACCOUNT_WRITE'],
    params: (release) => [['user_create', createModel(release)]],
    returns: entry,
    run: create,
  },
  {
    name: 'user.update',
    audited: 'Update user',
    description: 'Changes a user.',
    roles: ['ACCOUNT_WRITE'],
    secretRoles: ['ACCOUNT_WRITE'],
    params: (release) => [
      ['id', z.int()],
      ['user_update', updateModel(release)],
    ],
    returns: entry,
    run: update,
  },
  {
    name: 'user.delete',
    audited: 'Delete user',
    description: 'Deletes a user, and the primary group if nobody else is in it.',
    roles: ['ACCOUNT_WRITE'],
    params: [
      ['id', z.int()],
      ['options', DELETE_OPTIONS.prefault({})],
    ],
    returns: z.int(),
    run: remove,
  },
];

function show({ accounts, release, now, world }: MethodContext, row: UserRow): Record<string, unknown> {
  const group = accounts.groups.get(row.groupId);
  const change = row.lastPasswordChange;
  return {
    id: row.id,
    uid: row.uid,
    username: row.username,
    unixhash: row.password === null ? '*' : '$6$simulated$nothash',
    smbhash: row.smb && row.password !== null ? `${row.username}:${row.uid}:XXXX:0123456789ABCDEF:[U]` : null,
    home: row.home,
    shell: row.shell,
    full_name: row.full_name,
    builtin: row.builtin,
    smb: row.smb,
    ...(isAtLeast(release, '27.0') ? { webshare: false } : {}),
    userns_idmap: null,
    group: {
      id: row.groupId,
      bsdgrp_gid: group?.gid ?? null,
      bsdgrp_group: group?.name ?? null,
      bsdgrp_builtin: group?.builtin ?? false,
      bsdgrp_sudo_commands: group?.sudo_commands ?? [],
      bsdgrp_sudo_commands_nopasswd: group?.sudo_commands_nopasswd ?? [],
      bsdgrp_smb: group?.smb ?? false,
      bsdgrp_userns_idmap: 0,
    },
    groups: [...row.groupIds],
    password_disabled: row.password_disabled,
    ssh_password_enabled: row.ssh_password_enabled,
    sshpubkey: row.sshpubkey,
    locked: row.locked,
    sudo_commands: [...row.sudo_commands],
    sudo_commands_nopasswd: [...row.sudo_commands_nopasswd],
    email: row.email,
    ...(isAtLeast(release, '25.10') ? {} : { id_type_both: false }),
    local: true,
    immutable: row.immutable,
    twofactor_auth_configured: row.otpSecret !== null,
    sid: userSid(world, row),
    last_password_change: change,
    password_age: change === null ? null : Math.floor((now() - change.getTime()) / 86_400_000),
    password_history: null,
    password_change_required: false,
    roles: [...accounts.rolesOf(row)],
    api_keys: [...accounts.apiKeys.values()]
      .filter((key) => key.username === row.username)
      .map((key) => key.id),
  };
}

function find({ accounts }: MethodContext, id: number): UserRow {
  const row = accounts.users.get(id);
  if (row === undefined) throw doesNotExist('User', id);
  return row;
}

function create(
  context: MethodContext,
  data: UserChanges & { username: string; full_name: string },
): Record<string, unknown> {
  const { accounts, now } = context;
  checkUser(context, 'user_create', data, null);
  const uid = data.uid ?? nextNumber(Array.from(accounts.users.values(), (row) => row.uid));
  const password =
    data.random_password === true ? randomBytes(15).toString('base64url') : (data.password ?? null);
  const row: UserRow = {
    ...{ id: accounts.nextId(accounts.users), uid, username: data.username, full_name: data.full_name },
    ...{ home: data.home ?? '/var/empty', shell: data.shell ?? '/usr/bin/zsh', builtin: false },
    ...{
      immutable: false,
      smb: data.smb ?? true,
      groupId: data.group ?? ownGroup(context, data.username, uid),
    },
    ...{ groupIds: [], password_disabled: data.password_disabled ?? false, locked: data.locked ?? false },
    ...{ ssh_password_enabled: data.ssh_password_enabled ?? false, sshpubkey: data.sshpubkey ?? null },
    ...{ sudo_commands: data.sudo_commands ?? [], sudo_commands_nopasswd: data.sudo_commands_nopasswd ?? [] },
    ...{ email: data.email ?? null, password, otpSecret: null, isExpired: false, attributes: {} },
    lastPasswordChange: password === null ? null : new Date(now()),
  };
  row.groupIds = data.groups ?? [];
  const gid = accounts.groups.get(row.groupId)?.gid ?? 0;
  row.home = settleHome(context, data, { username: row.username, uid, gid }) ?? row.home;
  accounts.users.set(row.id, row);
  accounts.changed();
  const shown = show(context, row);
  announce(context, 'user', 'added', row.id, shown);
  return { ...shown, password: data.random_password === true ? password : null };
}

function ownGroup({ accounts }: MethodContext, name: string, gid: number): number {
  const id = accounts.nextId(accounts.groups);
  const base = {
    builtin: false,
    immutable: false,
    smb: false,
    sudo_commands: [],
    sudo_commands_nopasswd: [],
  };
  accounts.groups.set(id, { id, gid, name, ...base });
  return id;
}

function update(context: MethodContext, id: number, changes: UserChanges): Record<string, unknown> {
  const { accounts, now } = context;
  const row = find(context, id);
  context.about(row.username);
  checkUser(context, 'user_update', changes, row);
  const { group, groups, password, random_password: isRandom, ...plain } = changes;
  const { uid: _uid, group_create: _group, home: _home, ...fields } = plain;
  Object.assign(row, pickKnown(row, fields));
  row.groupId = group ?? row.groupId;
  const { username, uid } = row;
  const gid = accounts.groups.get(row.groupId)?.gid ?? 0;
  row.home = settleHome(context, changes, { username, uid, gid }) ?? row.home;
  row.groupIds = groups ?? row.groupIds;
  const secretText = isRandom === true ? randomBytes(15).toString('base64url') : password;
  if (typeof secretText === 'string') {
    row.password = secretText;
    row.lastPasswordChange = new Date(now());
  }
  accounts.changed();
  const shown = show(context, row);
  announce(context, 'user', 'changed', id, shown);
  return { ...shown, password: isRandom === true ? row.password : null };
}

function pickKnown(row: UserRow, fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).filter(([key, value]) => key in row && value !== undefined),
  );
}

function remove(context: MethodContext, id: number, options: { delete_group: boolean }): number {
  const { accounts } = context;
  const row = find(context, id);
  context.about(row.username);
  if (row.builtin) throw new CallError('Cannot delete a built-in user', ERRNO.EINVAL);
  if (context.session.credential?.user === row)
    throw new CallError('Cannot delete the currently active user', ERRNO.EINVAL);
  accounts.users.delete(id);
  for (const key of accounts.apiKeys.values()) {
    if (key.username === row.username) accounts.apiKeys.delete(key.id);
  }
  const isGroupUsed = [...accounts.users.values()].some(
    (user) => user.groupId === row.groupId || user.groupIds.includes(row.groupId),
  );
  if (options.delete_group && !isGroupUsed && accounts.groups.get(row.groupId)?.builtin === false) {
    accounts.groups.delete(row.groupId);
    announce(context, 'group', 'removed', row.groupId);
  }
  accounts.changed();
  announce(context, 'user', 'removed', id);
  return id;
}
