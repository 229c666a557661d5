import { query } from '../../../truenas/query.ts';
import { field, rowsOf } from '../../support/rows.ts';
import { defineKind, joined } from '../kind.ts';

/** Users. Hashes and keys are never selected: what the columns need is. */
export const user = defineKind({
  name: 'user',
  toolset: 'accounts',
  noun: 'users',
  about:
    'people and programs that sign in or own files: groups, sudo, SSH, SMB, locked, second factor, password age',
  words: ['account', 'person', 'people', 'uid', 'administrator'],
  sources: [{ method: 'user.query' }],
  row: {
    groups: field.numbers,
    roles: field.texts,
    sshpubkey: field.rawText,
    sudo_commands: field.rawTexts,
    sudo_commands_nopasswd: field.rawTexts,
    member_of: joined<string[]>(),
  },
  columns: {
    name: { type: 'text', from: 'username', isAlwaysThere: true, isKey: true, sort: 'asc' },
    uid: { type: 'number', from: 'uid', isAlwaysThere: true, sort: 'asc' },
    full_name: { type: 'text', from: 'full_name' },
    groups: { type: 'texts', value: ({ member_of }) => member_of, needs: ['groups'] },
    roles: { type: 'texts', value: (row) => widestRoles(row.roles) },
    locked: { type: 'flag', from: 'locked', isAlwaysThere: true },
    smb: { type: 'flag', from: 'smb', isAlwaysThere: true },
    sudo: {
      type: 'text',
      value: (row) => sudoOf(row.sudo_commands, row.sudo_commands_nopasswd),
      needs: ['sudo_commands', 'sudo_commands_nopasswd'],
    },
    second_factor: { type: 'flag', from: 'twofactor_auth_configured' },
    password_disabled: { type: 'flag', from: 'password_disabled', isAlwaysThere: true },
    ssh_password: { type: 'flag', from: 'ssh_password_enabled', isAlwaysThere: true, isOnDemand: true },
    ssh_keys: {
      type: 'number',
      value: ({ sshpubkey }) => keysIn(sshpubkey),
      needs: ['sshpubkey'],
      isOnDemand: true,
    },
    password_changed: { type: 'time', from: 'last_password_change', isOnDemand: true },
    password_age_days: { type: 'number', from: 'password_age', isOnDemand: true },
    home: { type: 'text', from: 'home', isOnDemand: true },
    shell: { type: 'text', from: 'shell', isOnDemand: true },
    builtin: { type: 'flag', from: 'builtin', isAlwaysThere: true, isOnDemand: true },
    local: { type: 'flag', from: 'local', isAlwaysThere: true, isOnDemand: true },
    email: { type: 'text', from: 'email', isOnDemand: true },
    id: { type: 'number', from: 'id', isAlwaysThere: true, isOnDemand: true },
  },
  named: 'name',
  ids: ['uid', 'id'],
  usually: {
    filters: [
      [
        'OR',
        [
          ['builtin', '=', false],
          ['uid', '=', 0],
        ],
      ],
    ],
    unless: ['builtin', 'uid', 'id'],
    note: '(built-in users but root are left out: filter builtin=true shows them)',
  },
  joins: [
    {
      columns: ['groups'],
      uses: ['group.query'],
      async read(nas, rows) {
        const ids = [...new Set(rows.flatMap(({ groups }) => groups ?? []))];
        const shape = { id: field.number, group: field.text };
        const parameters = query({ filters: [['id', 'in', ids]], select: Object.keys(shape) });
        const names = new Map(
          rowsOf(await nas.call('group.query', parameters), shape).map(({ id, group }) => [id, group]),
        );
        return { add: ({ groups }) => ({ member_of: groups?.map((id) => names.get(id) ?? String(id)) }) };
      },
    },
  ],
  hides: ['unixhash', 'smbhash', 'password_history', 'group'],
  changedBy: ['create_user'],
  mayLack: [{ method: 'group.query' }],
  examples: [
    { args: {}, why: 'who there is' },
    { args: { filter: ['locked=true'] }, why: 'who is locked out' },
    { args: { filter: ['builtin=true'], fields: ['home', 'shell'], limit: 3 }, why: 'built-in ones' },
    { args: { name: 'root', fields: ['sudo', 'ssh_keys', 'password_changed'] }, why: 'one, closely' },
  ],
  getExamples: [
    { args: { id: 'root' }, why: 'by name' },
    { args: { id: 'nobody-here' }, why: 'a name that is none' },
  ],
});

/** A full administrator holds every role, a reading one every role to read: the others say nothing then. */
function widestRoles(roles: string[] | null): string[] | null {
  const widest = ['FULL_ADMIN', 'READONLY_ADMIN'].find((role) => roles?.includes(role));
  if (widest === undefined || roles === null) return roles;
  return [widest, ...roles.filter((role) => role !== widest && !isIncluded(role, widest))];
}

function isIncluded(role: string, widest: string): boolean {
  return widest === 'FULL_ADMIN' || role.endsWith('_READ');
}

/** `all`, `some`, each `without password` where so; null where it is not known. */
function sudoOf(commands: string[] | null, withoutPassword: string[] | null): string | null {
  if (commands === null || withoutPassword === null) return null;
  const parts = [
    ...(withoutPassword.length > 0 ? [`${allOrSome(withoutPassword)} without password`] : []),
    ...(commands.length > 0 ? [allOrSome(commands)] : []),
  ];
  return parts.length === 0 ? 'no' : parts.join(', ');
}

function allOrSome(commands: readonly string[]): string {
  return commands.some((command) => command.trim().toUpperCase() === 'ALL') ? 'all' : 'some commands';
}

/** Public keys, one in each line that is no comment; null where the field was not told. */
function keysIn(text: string | null): number | null {
  if (text === null) return null;
  return text.split('\n').filter((line) => /^[^#\s]/u.test(line)).length;
}
