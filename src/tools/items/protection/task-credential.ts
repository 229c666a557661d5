/**
 * The credential that a task goes by. A task's row holds it with its keys, and no part of it can be selected alone: so the NAS
 * is asked for the tasks of each credential, by a filter, and answers their numbers.
 */
import type { ReadClient } from '../../../truenas/client.ts';
import { query } from '../../../truenas/query.ts';
import { field, rowsOf } from '../../support/rows.ts';
import { type Join, joined, type KindRow } from '../kind.ts';

/** Credentials that are asked for; a NAS has a few. */
export const MAX_CREDENTIALS = 50;
const MAX_TASKS = 2_000;

/** Tasks of one sort: their `query`, and the field that holds the credential. */
export interface CredentialUse {
  readonly method: string;
  readonly field: 'credentials' | 'ssh_credentials';
}

const SHAPE = { id: field.number, name: field.text };

/** The field that {@link credentialJoin} adds: its name, empty for a task without one; absent where it is not known. */
export const TASK_CREDENTIAL = { credential: joined<string>() };
type Row = KindRow<{ id: typeof field.number } & typeof TASK_CREDENTIAL>;

const column = { type: 'text', value: ({ credential }: Row) => credential, isOnDemand: true } as const;

/** Its column, by what people call the credential. */
export const ACCOUNT_COLUMN = { account: column } as const;
export const CONNECTION_COLUMN = { connection: column } as const;

/** The name of the credential of each task. */
export function credentialJoin(use: CredentialUse): Join<Row> {
  const method = use.field === 'credentials' ? 'cloudsync.credentials.query' : 'keychaincredential.query';
  const filters = use.field === 'credentials' ? [] : [['type', '=', 'SSH_CREDENTIALS'] as const];
  const name = use.field === 'credentials' ? 'account' : 'connection';
  return {
    columns: [name],
    uses: [method, use.method],
    async read(nas) {
      const parameters = query({ filters, select: Object.keys(SHAPE), limit: MAX_CREDENTIALS });
      const all = rowsOf(await nas.call(method, parameters), SHAPE);
      const found = await Promise.all(
        all.map(async (each) => ({
          name: each.name,
          tasks: each.id === null ? null : await tasksOf(nas, use, each.id),
        })),
      );
      const isWhole =
        all.length < MAX_CREDENTIALS && found.every(({ tasks }) => tasks?.includes(null) === false);
      const byTask = new Map(found.flatMap((each) => (each.tasks ?? []).map((task) => [task, each.name])));
      return {
        add({ id }) {
          if (id === null) return {};
          // A task of none of them has none only where all were looked at.
          const credential = byTask.has(id) ? byTask.get(id) : isWhole ? '' : null;
          return credential === null || credential === undefined ? {} : { credential };
        },
        notes: isWhole ? [] : [`(${name}: not all could be looked at)`],
      };
    },
  };
}

/** Numbers of the tasks that go by a credential; null for one that is not told. */
async function tasksOf(nas: ReadClient, use: CredentialUse, credential: number): Promise<(number | null)[]> {
  const answer = await nas.call(use.method, tasksQuery(use, credential, ['id']));
  return rowsOf(answer, { id: field.number }).map(({ id }) => id);
}

/** Parameters of a query for the tasks of a credential. */
export function tasksQuery({ field: name }: CredentialUse, credential: number, select: readonly string[]) {
  return query({ filters: [[`${name}.id`, '=', credential]], select, limit: MAX_TASKS });
}
