import { query } from '../../../truenas/query.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { field, rowsOf } from '../../support/rows.ts';
import { membersFilter } from './members.ts';
import { defineKind } from '../kind.ts';
import { widestRoles } from './roles.ts';

const groups = field.objects({
  gid: field.number,
  group: field.text,
  sid: field.text,
  users: field.numbers,
});

/** Privileges: roles that groups get. */
export const privilege = defineKind({
  name: 'privilege',
  toolset: 'accounts',
  noun: 'privileges',
  about: 'which groups administer the NAS, with which roles, and who may open its shell',
  words: ['role', 'rbac', 'permission role', 'admin role'],
  sources: [{ method: 'privilege.query' }],
  row: { local_groups: groups, ds_groups: groups, roles: field.texts, builtin_name: builtinName },
  columns: {
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    groups: { type: 'texts', value: (row) => row.local_groups?.map(groupName) },
    directory_groups: { type: 'texts', value: (row) => row.ds_groups?.map(groupName) },
    roles: { type: 'texts', value: ({ roles }) => widestRoles(roles) },
    web_shell: { type: 'flag', from: 'web_shell', isAlwaysThere: true },
    builtin: {
      type: 'flag',
      value: ({ builtin_name: name }) => (name === undefined ? null : name !== null),
    },
    id: { type: 'number', from: 'id', isAlwaysThere: true, isOnDemand: true },
  },
  named: 'name',
  ids: ['id'],
  details: [
    {
      title: 'users',
      uses: ['user.query'],
      async read(nas, { local_groups: local }) {
        const ids = [...new Set(local?.flatMap(({ users }) => users ?? []))];
        const gids = local?.flatMap(({ gid }) => gid ?? []) ?? [];
        if (gids.length === 0) return undefined;
        const users = rowsOf(
          await nas.call(
            'user.query',
            query({
              filters: [membersFilter(ids, 'group.bsdgrp_gid', gids)],
              select: ['username', 'locked'],
              limit: MAX_USERS,
            }),
          ),
          { username: field.text, locked: field.flag },
        );
        const names = users.map(
          ({ username, locked }) => `${safeCell(username ?? '?', 60)}${locked === true ? ' (locked)' : ''}`,
        );
        return { lines: [names.join(', ') || 'none'], data: names };
      },
    },
  ],
  mayLack: [{ method: 'user.query' }],
  examples: [{ args: {}, why: 'who administers' }],
  getExamples: [
    { args: { id: 'Local Administrator' }, why: 'by name, with its users' },
    { args: { id: 'no-such-privilege' }, why: 'a name that is none' },
  ],
});

/** Users of one privilege that are shown. */
const MAX_USERS = 200;

function groupName({ gid, group, sid }: { gid: number | null; group: string | null; sid: string | null }) {
  return group ?? (gid === null ? (sid ?? '?') : `gid ${gid}, which does not exist`);
}

/** Null for a privilege that somebody made; undefined where the NAS does not say. */
function builtinName(value: unknown): string | null | undefined {
  return value === null ? null : (field.text(value) ?? undefined);
}
