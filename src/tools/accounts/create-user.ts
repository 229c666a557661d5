/** `create_user`: a local user. The password is typed by the person who approves, and never passes a model. */
import * as z from 'zod';
import { type Change, resultOf, secretOf } from '../../changes/change.ts';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { defineChange } from '../define.ts';
import { field, rowsOf } from '../support/rows.ts';
import { newTarget, rowThing } from '../support/targets.ts';

/** Signs in to no shell. The NAS itself would give one. */
const NO_SHELL = '/usr/sbin/nologin';

export const createUser = defineChange({
  name: 'create_user',
  toolset: 'accounts',
  access: 'manage',
  title: 'Create a user',
  words: 'add new make account person login smb',
  description: 'Creates a user, without a shell. The person who approves types the password.',
  input: z.strictObject({
    username: z
      .string()
      .regex(/^[A-Za-z_][\w.-]{0,31}$/u, 'must begin with a letter, and hold letters, digits and _ . - only'),
    full_name: z.string().min(1).max(120).optional(),
    email: z.email().max(200).optional(),
    groups: z.array(z.string().min(1).max(100)).max(20).optional().describe('Names of further groups'),
    smb: z.boolean().optional().describe('May use SMB shares (default true)'),
  }),
  uses: ['user.query', 'group.query'],
  writes: ['user.create', 'user.delete', 'group.delete'],
  examples: [{ args: { username: 'anna', full_name: 'Anna Example' }, why: 'a user for SMB' }],
  async plan(nas, { username, full_name, email, groups = [], smb = true }): Promise<Change> {
    const found = await groupsOf(nas, groups);
    const name = `user ${username}`;
    const fields = {
      username,
      full_name: full_name ?? username,
      smb,
      shell: NO_SHELL,
      locked: false,
      password_disabled: false,
      ssh_password_enabled: false,
      ...(email === undefined ? {} : { email }),
    };
    const thing = rowThing(name, 'user.query', ['username', '=', username], { identity: ['id', 'uid'] });
    return {
      summary: `Create user ${username}${groups.length === 0 ? '' : ` in ${found.map((each) => each.name).join(', ')}`}`,
      calls: [
        {
          method: 'user.create',
          params: [
            {
              ...fields,
              group_create: true,
              groups: found.map(({ id }) => id),
              home_create: false,
              random_password: false,
              password: secretOf(name, { isNew: true }),
            },
          ],
          purpose: `create the user ${username}, with a group of the same name`,
        },
      ],
      targets: [
        {
          ...(await newTarget(nas, thing, fields, { argument: 'username' })),
          // What the members of a group get at, nobody can tell.
          ...(groups.length === 0 ? {} : { isUnplaced: true as const }),
        },
      ],
      impact: [
        'the password is typed at the approval',
        smb ? 'the user may sign in to SMB shares that let them in' : 'the user may not use SMB',
        ...found
          .filter(({ isBuiltin }) => isBuiltin !== false)
          .map((group) => `${group.name} is a group of the NAS itself: it may carry rights to manage it`),
      ],
      undo: {
        calls: [
          {
            method: 'user.delete',
            params: [resultOf(0, 'id'), { delete_group: false }],
            purpose: `delete the user ${username}`,
            undoes: 0,
          },
          {
            method: 'group.delete',
            params: [resultOf(0, 'group.id'), { delete_users: false }],
            purpose: `delete the group ${username} that was made with it`,
            undoes: 0,
          },
        ],
        lost: ['files of the user keep its number only'],
      },
    };
  },
});

interface Group {
  readonly id: number;
  readonly name: string;
  readonly isBuiltin: boolean | null;
}

/** @throws InputProblem for a group that is not there */
async function groupsOf(nas: ReadClient, names: readonly string[]): Promise<Group[]> {
  if (names.length === 0) return [];
  const answer = await nas.call('group.query', query({ filters: [['local', '=', true]] }));
  const all = rowsOf(answer, { id: field.number, group: field.rawText, builtin: field.flag });
  return names.map((name) => {
    const group = all.find((each) => each.group === name.trim());
    if (group?.id === undefined || group.id === null) {
      const known = all.flatMap((each) => each.group ?? []);
      throw new InputProblem(
        'groups',
        `no group is called ${safeCell(name)}`,
        didYouMean(nearNames(name, known)),
      );
    }
    return { id: group.id, name: safeCell(name), isBuiltin: group.builtin };
  });
}
