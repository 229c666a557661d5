import { query } from '../../../truenas/query.ts';
import { field, rowsOf } from '../../support/rows.ts';
import { membersFilter } from './members.ts';
import { defineKind, joined } from '../kind.ts';
import { sudoOf, widestRoles } from './roles.ts';

/** Groups, with everybody who is in them. */
export const group = defineKind({
  name: 'group',
  toolset: 'accounts',
  noun: 'groups',
  about: 'who is a member, which roles, privileges and sudo it gives, SMB',
  words: ['gid', 'team', 'membership'],
  sources: [{ method: 'group.query' }],
  row: {
    id: field.number,
    gid: field.number,
    users: field.numbers,
    roles: field.texts,
    sudo_commands: field.rawTexts,
    sudo_commands_nopasswd: field.rawTexts,
    members: joined<string[]>(),
    privileges: joined<string[]>(),
  },
  columns: {
    name: { type: 'text', from: 'group', isAlwaysThere: true, isKey: true, sort: 'asc' },
    gid: { type: 'number', from: 'gid', isAlwaysThere: true, sort: 'asc' },
    members: { type: 'texts', value: ({ members }) => members, needs: ['users'] },
    roles: { type: 'texts', value: ({ roles }) => widestRoles(roles) },
    smb: { type: 'flag', from: 'smb', isAlwaysThere: true },
    sudo: {
      type: 'text',
      value: (row) => sudoOf(row.sudo_commands, row.sudo_commands_nopasswd),
      needs: ['sudo_commands', 'sudo_commands_nopasswd'],
    },
    privileges: { type: 'texts', value: (row) => row.privileges, isOnDemand: true },
    builtin: { type: 'flag', from: 'builtin', isAlwaysThere: true, isOnDemand: true },
    local: { type: 'flag', from: 'local', isAlwaysThere: true, isOnDemand: true },
    id: { type: 'number', from: 'id', isAlwaysThere: true, isOnDemand: true },
  },
  named: 'name',
  ids: ['gid', 'id'],
  usually: {
    filters: [
      [
        'OR',
        [
          ['builtin', '=', false],
          ['gid', '=', 544],
        ],
      ],
    ],
    unless: ['builtin', 'gid', 'id'],
    note: '(built-in groups but builtin_administrators are left out: filter builtin=true shows them)',
  },
  joins: [
    {
      columns: ['members'],
      uses: ['user.query'],
      async read(nas, rows) {
        // The NAS counts those whose first group it is among `users` on some releases only.
        const named = [...new Set(rows.flatMap(({ users }) => users ?? []))];
        const groups = rows.flatMap(({ id }) => id ?? []);
        const shape = { id: field.number, username: field.text, group: field.object({ id: field.number }) };
        const users = rowsOf(
          await nas.call(
            'user.query',
            query({
              filters: [membersFilter(named, 'group.id', groups)],
              select: ['id', 'username', 'group'],
              limit: MAX_USERS,
            }),
          ),
          shape,
        );
        return {
          add: (row) => {
            if (row.users === null) return {};
            const members = users.filter(
              ({ id, group: first }) =>
                (id !== null && row.users?.includes(id) === true) ||
                (row.id !== null && first?.id === row.id),
            );
            const known = new Set(members.map(({ id }) => id));
            const unnamed = row.users.filter((id) => !known.has(id));
            return {
              members: [
                ...members.map(({ id, username }) => username ?? `user ${id ?? '?'}`),
                ...unnamed.map((id) => `user ${id}`),
              ],
            };
          },
        };
      },
    },
    {
      columns: ['privileges'],
      uses: ['privilege.query'],
      async read(nas) {
        const gids = field.objects({ gid: field.number });
        const privileges = rowsOf(
          await nas.call(
            'privilege.query',
            query({ select: ['name', 'local_groups', 'ds_groups'], limit: MAX_PRIVILEGES }),
          ),
          { name: field.text, local_groups: gids, ds_groups: gids },
        );
        return {
          add: ({ gid }) => ({
            privileges: privileges
              .filter(({ local_groups, ds_groups }) =>
                [...(local_groups ?? []), ...(ds_groups ?? [])].some((each) => each.gid === gid),
              )
              .map(({ name }) => name ?? '?'),
          }),
        };
      },
    },
  ],
  hides: ['name'],
  mayLack: [{ method: 'user.query' }, { method: 'privilege.query' }],
  examples: [
    { args: {}, why: 'who is in what' },
    { args: { filter: ['builtin=true'], fields: ['gid', 'smb'], limit: 5 }, why: 'built-in ones' },
    { args: { name: 'admin', fields: ['members', 'privileges', 'sudo'] }, why: 'what it may do' },
  ],
  getExamples: [
    { args: { id: 'builtin_administrators' }, why: 'by name' },
    { args: { id: 'no-such-group' }, why: 'a name that is none' },
  ],
});

/** Members of the groups of one page that are looked up. */
const MAX_USERS = 2_000;
/** Privileges are few. */
const MAX_PRIVILEGES = 500;
