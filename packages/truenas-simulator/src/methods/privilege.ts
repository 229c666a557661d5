/** `privilege.*`: what members of groups may do. */
import * as z from 'zod';
import type { PrivilegeRow } from '../auth/accounts.ts';
import { CallError, doesNotExist, ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { FULL_ADMIN, roleTable } from '../auth/roles.ts';
import { model, text } from '../schema/schema.ts';
import { announce, ONLY_27_0, readable } from './common.ts';
import { groupRow } from './group.ts';

const groupIds = z.array(z.int());
const directoryGroups = z.array(z.union([z.int(), text()]));
const roleNames = z.array(text());

const CREATE = model('PrivilegeCreate', {
  name: text({ min: 1 }),
  local_groups: groupIds.default([]),
  ds_groups: directoryGroups.default([]),
  roles: roleNames.default([]),
  web_shell: z.boolean(),
});
const UPDATE = model('PrivilegeUpdate', {
  name: text({ min: 1 }).optional(),
  local_groups: groupIds.optional(),
  ds_groups: directoryGroups.optional(),
  roles: roleNames.optional(),
  web_shell: z.boolean().optional(),
});

interface Changes {
  readonly name?: string;
  readonly local_groups?: number[];
  readonly roles?: string[];
  readonly web_shell?: boolean;
}

/** `privilege.*`. */
export const PRIVILEGE_METHODS: readonly SimMethod[] = [
  ...readable({
    namespace: 'privilege',
    entity: 'Privilege',
    what: 'privileges',
    roles: ['PRIVILEGE_READ'],
    rows: (context) => [...context.accounts.privileges.values()].map((row) => show(context, row)),
  }),
  {
    name: 'privilege.create',
    audited: 'Create privilege',
    description: 'Grants roles to groups.',
    roles: ['PRIVILEGE_WRITE'],
    params: [['privilege_create', CREATE]],
    run(context: MethodContext, data: Required<Changes>) {
      const { accounts } = context;
      check(context, 'privilege_create', data, null);
      const row: PrivilegeRow = {
        id: accounts.nextId(accounts.privileges),
        builtin_name: null,
        name: data.name,
        localGids: data.local_groups,
        roles: data.roles,
        web_shell: data.web_shell,
      };
      accounts.privileges.set(row.id, row);
      accounts.changed();
      announce(context, 'privilege', 'added', row.id, show(context, row));
      return show(context, row);
    },
  },
  {
    name: 'privilege.update',
    audited: 'Update privilege',
    description: 'Changes what a privilege grants, and to whom.',
    roles: ['PRIVILEGE_WRITE'],
    params: [
      ['id', z.int()],
      ['privilege_update', UPDATE],
    ],
    run: update,
  },
  {
    name: 'privilege.delete',
    audited: 'Delete privilege',
    description: 'Takes a privilege away.',
    roles: ['PRIVILEGE_WRITE'],
    params: [['id', z.int()]],
    returns: z.boolean(),
    run(context: MethodContext, id: number) {
      const row = find(context, id);
      context.about(row.name);
      if (row.builtin_name !== null) throw new CallError('Unable to delete built-in privilege', ERRNO.EPERM);
      context.accounts.privileges.delete(id);
      context.accounts.changed();
      announce(context, 'privilege', 'removed', id);
      return true;
    },
  },
  {
    name: 'privilege.become_readonly',
    description: 'Leaves this connection what a read-only administrator may do, until it signs in again.',
    releases: ONLY_27_0,
    roles: ['READONLY_ADMIN'],
    returns: z.null(),
    run: becomeReadonly,
  },
  {
    name: 'privilege.roles',
    description: 'Roles there are, with what they include.',
    auth: 'login',
    filterable: true,
    run: ({ release }) =>
      [...roleTable(release)].map(([name, includes]) => ({
        name,
        title: name,
        includes: [...includes],
        builtin: !['FULL_ADMIN', 'READONLY_ADMIN', 'SHARING_ADMIN', 'REPLICATION_ADMIN'].includes(name),
        stig: name.endsWith('_READ') ? 1 : null,
      })),
  },
];

function show(context: MethodContext, row: PrivilegeRow): Record<string, unknown> {
  const groups = [...context.accounts.groups.values()];
  return {
    id: row.id,
    builtin_name: row.builtin_name,
    name: row.name,
    local_groups: row.localGids.map((gid) => {
      const group = groups.find((each) => each.gid === gid);
      return group === undefined ? { gid, sid: null, group: null } : groupRow(context, group);
    }),
    ds_groups: [],
    roles: [...row.roles],
    web_shell: row.web_shell,
  };
}

/** The privilege of the NAS's own, as the table has it now; its roles can only be the ones it came with. */
function becomeReadonly({ accounts, session }: MethodContext): null {
  const row = [...accounts.privileges.values()].find(
    ({ builtin_name: name }) => name === 'READONLY_ADMINISTRATOR',
  );
  if (row === undefined) throw new CallError('No privilege of read-only administrators', ERRNO.ENOENT);
  session.narrow(accounts.privilegeFrom(row));
  return null;
}

function find({ accounts }: MethodContext, id: number): PrivilegeRow {
  const row = accounts.privileges.get(id);
  if (row === undefined) throw doesNotExist('Privilege', id);
  return row;
}

function update(context: MethodContext, id: number, changes: Changes): Record<string, unknown> {
  const { accounts } = context;
  const row = find(context, id);
  context.about(row.name);
  check(context, 'privilege_update', changes, row);
  row.name = changes.name ?? row.name;
  row.localGids = changes.local_groups ?? row.localGids;
  row.roles = changes.roles ?? row.roles;
  row.web_shell = changes.web_shell ?? row.web_shell;
  accounts.changed();
  announce(context, 'privilege', 'changed', id, show(context, row));
  return show(context, row);
}

/** @throws ValidationErrors */
function check(context: MethodContext, at: string, changes: Changes, old: PrivilegeRow | null): void {
  const { accounts, release } = context;
  const problems = new ValidationErrors();
  const others = [...accounts.privileges.values()].filter((row) => row !== old);
  if (others.some((row) => row.name === changes.name)) {
    problems.add(`${at}.name`, 'Name must be unique.', ERRNO.EEXIST);
  }
  const gids = new Set(Array.from(accounts.groups.values(), (group) => group.gid));
  changes.local_groups?.forEach((gid, index) => {
    if (!gids.has(gid)) problems.add(`${at}.local_groups.${index}`, `Group ${gid} does not exist`);
  });
  changes.roles?.forEach((role, index) => {
    if (!roleTable(release).has(role)) problems.add(`${at}.roles.${index}`, 'Invalid role');
  });
  const isBuiltin = old !== null && old.builtin_name !== null;
  const keepsRoles = changes.roles === undefined || changes.roles.join() === old?.roles.join();
  if (isBuiltin && !keepsRoles)
    problems.add(`${at}.roles`, 'This option is read-only for built-in privileges');
  if (isBuiltin && old.roles.includes(FULL_ADMIN) && changes.local_groups?.length === 0) {
    problems.add(`${at}.local_groups`, 'At least one local administrator must stay');
  }
  problems.check();
}
