import type { ReadClient } from '../../../truenas/client.ts';
import { gapText, readPart } from '../../support/part.ts';
import { field, rowsOf } from '../../support/rows.ts';
import { defineKind, joined } from '../kind.ts';
import { MAX_CREDENTIALS, tasksQuery } from './task-credential.ts';

/** Tasks that go by an account, with their methods. */
const TASKS = [
  ['cloud sync', 'cloudsync.query'],
  ['cloud backup', 'cloud_backup.query'],
] as const;
const TASK = { id: field.number, description: field.text };

/** Accounts of cloud providers. The provider stands in one object with its keys, which is never selected. */
export const cloudAccount = defineKind({
  name: 'cloud_account',
  toolset: 'protection',
  noun: 'cloud accounts',
  about:
    'credentials of cloud providers by name, and which tasks use them; the provider stands beside its keys and is not read',
  words: ['cloud credential', 'cloud provider', 'cloudsync credential'],
  sources: [{ method: 'cloudsync.credentials.query' }],
  row: { id: field.number, users: joined<string[]>() },
  columns: {
    id: { type: 'number', from: 'id', isAlwaysThere: true, isKey: true, sort: 'asc' },
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    used_by: { type: 'texts', value: ({ users }) => users },
  },
  named: 'name',
  ids: ['id'],
  joins: [
    {
      columns: ['used_by'],
      uses: TASKS.map(([, method]) => method),
      async read(nas, rows) {
        const ids = rows.flatMap(({ id }) => id ?? []).slice(0, MAX_CREDENTIALS);
        const users = new Map(ids.map((id) => [id, [] as string[]]));
        const parts = await Promise.all(
          TASKS.map(async ([noun, method]) => {
            const part = await readPart(nas, async (limited) => {
              // A release may not have that sort of task.
              if (!(await limited.has(method))) return;
              for (const id of ids) users.get(id)?.push(...(await usersOf(limited, noun, method, id)));
            });
            return { noun, why: gapText(part) };
          }),
        );
        const isWhole = parts.every(({ why }) => why === undefined);
        return {
          add({ id }) {
            const own = id === null ? undefined : users.get(id);
            // "None" is true only where both sorts of tasks were looked at.
            return { users: own?.length === 0 && !isWhole ? undefined : own };
          },
          notes: [
            ...parts.flatMap(({ noun, why }) =>
              why === undefined ? [] : [`(used_by: ${noun} tasks ${why})`],
            ),
            ...(rows.length > ids.length
              ? [`(what uses them was asked of the first ${ids.length} only)`]
              : []),
          ],
        };
      },
    },
  ],
  alsoSelects: [],
  mayLack: TASKS.map(([, method]) => ({ method })),
  examples: [{ args: {}, why: 'which there are' }],
  getExamples: [
    { args: { id: 'Backblaze' }, why: 'by its name' },
    { args: { id: '77' }, why: 'an id that is none' },
  ],
});

/** Tasks of one sort that go by an account: `cloud sync Documents to Backblaze`. */
async function usersOf(nas: ReadClient, noun: string, method: string, account: number): Promise<string[]> {
  const parameters = tasksQuery({ method, field: 'credentials' }, account, ['id', 'description']);
  return rowsOf(await nas.call(method, parameters), TASK).map(
    ({ id, description }) =>
      `${noun} ${description === null || description === '' ? (id ?? '?') : description}`,
  );
}
