/** `user.*` and `group.*` on FreeBSD: sudo is a switch, and attributes are the user's own. */
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import type { ApiRow } from '../common.ts';
import { baseRows, type CoreQuery, coreInstance, coreQuery, fields } from '../legacy/base.ts';

const USER =
  'id uid username unixhash smbhash home shell full_name builtin smb password_disabled locked sudo sudo_nopasswd ' +
  'sudo_commands microsoft_account attributes email group groups sshpubkey local id_type_both';
const GROUP = 'id gid group builtin sudo sudo_nopasswd sudo_commands smb users local id_type_both';

/** Names that FreeBSD has for what Linux calls otherwise. */
const FREEBSD_NAMES: Readonly<Record<string, string>> = { root: 'wheel', nogroup: 'nobody' };

const USERS: CoreQuery = { namespace: 'user', entity: 'User', rows: userRows };
const GROUPS: CoreQuery = {
  namespace: 'group',
  entity: 'Group',
  rows: (context) => baseRows(context, 'group.query').map((row) => groupRow(row)),
};

export const ACCOUNT_METHODS: readonly SimMethod[] = [
  coreQuery(USERS),
  coreInstance(USERS),
  coreQuery(GROUPS),
  coreInstance(GROUPS),
  {
    name: 'user.has_root_password',
    description: 'True once root has a password.',
    auth: 'none',
    run: ({ accounts }: MethodContext) => accounts.userByName('root')?.password !== null,
  },
];

function userRows(context: MethodContext): ApiRow[] {
  const { accounts } = context;
  return baseRows(context, 'user.query').map((row) => {
    const user = accounts.users.get(Number(row['id']));
    const commands = [...(user?.sudo_commands ?? []), ...(user?.sudo_commands_nopasswd ?? [])];
    const group = accounts.groups.get(user?.groupId ?? 0);
    return fields(row, USER, {
      ...sudo(commands, (user?.sudo_commands_nopasswd.length ?? 0) > 0),
      ...{ microsoft_account: false, attributes: user?.attributes ?? {}, email: row['email'] ?? '' },
      smbhash: row['smbhash'] ?? '',
      shell: row['uid'] === 0 ? '/bin/csh' : freebsdShell(String(row['shell'])),
      group: {
        ...{ id: group?.id ?? 0, bsdgrp_gid: group?.gid ?? 0, bsdgrp_group: nameOf(group?.name ?? '') },
        ...{ bsdgrp_builtin: group?.builtin ?? false, bsdgrp_sudo: false, bsdgrp_sudo_nopasswd: false },
        ...{ bsdgrp_sudo_commands: [], bsdgrp_smb: group?.smb ?? false },
      },
    });
  });
}

function groupRow(row: ApiRow): ApiRow {
  const commands = [...(row['sudo_commands'] as string[]), ...(row['sudo_commands_nopasswd'] as string[])];
  const isFree = (row['sudo_commands_nopasswd'] as string[]).length > 0;
  return fields(row, GROUP, { ...sudo(commands, isFree), group: nameOf(String(row['group'])) });
}

/** Leave for everything is a switch; a list is for what is left to some commands. */
function sudo(commands: readonly string[], isFree: boolean): ApiRow {
  const isAll = commands.includes('ALL');
  return {
    sudo: commands.length > 0,
    sudo_nopasswd: isFree,
    sudo_commands: isAll ? [] : commands,
  };
}

function nameOf(name: string): string {
  return FREEBSD_NAMES[name] ?? name;
}

function freebsdShell(shell: string): string {
  return shell.replace('/usr/bin/zsh', '/usr/local/bin/zsh').replace('/usr/bin/bash', '/usr/local/bin/bash');
}
