/** Tasks of the NAS by kind: where they are read, how they are named, and how their last run ended. */
import { nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { datasetName } from '../support/inputs.ts';
import { isObject, oddAnswer, rawRowsOf } from '../support/rows.ts';

export const TASK_KINDS = ['snapshot', 'replication', 'cloud_sync', 'rsync'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

interface TaskSource {
  readonly query: string;
  readonly run: string;
  /** Fields by which people call it, the first for showing. */
  readonly names: readonly string[];
  /** Fields that hold datasets or paths. */
  readonly places: readonly string[];
}

export const TASK_SOURCES: Readonly<Record<TaskKind, TaskSource>> = {
  snapshot: {
    query: 'pool.snapshottask.query',
    run: 'pool.snapshottask.run',
    names: ['dataset'],
    places: ['dataset'],
  },
  replication: { query: 'replication.query', run: 'replication.run', names: ['name'], places: [] },
  cloud_sync: {
    query: 'cloudsync.query',
    run: 'cloudsync.sync',
    names: ['description', 'path'],
    places: ['path'],
  },
  rsync: { query: 'rsynctask.query', run: 'rsynctask.run', names: ['desc', 'path'], places: ['path'] },
};

/** A task as the NAS has it. */
export interface TaskRow {
  readonly id: number;
  readonly label: string;
  readonly row: Readonly<Record<string, unknown>>;
  readonly places: readonly string[];
  readonly isEnabled: boolean;
  /** Of its last run. */
  readonly state: string | undefined;
  /** The same with its end and error. */
  readonly lastRun: string | undefined;
}

/**
 * The one task that is meant.
 * @throws InputProblem when there is none, naming near ones, or when several bear the name
 */
export async function findTask(nas: ReadClient, kind: TaskKind, wanted: number | string): Promise<TaskRow> {
  const source = TASK_SOURCES[kind];
  const tasks = rawRowsOf(await nas.call(source.query, query())).map((row) => readTask(row, source));
  const found = tasksCalled(tasks, kind, wanted);
  const [task, ...others] = found;
  if (task !== undefined && others.length === 0) return task;
  if (task === undefined) throw noTask(tasks, String(wanted));
  throw new InputProblem(
    'task',
    `${safeCell(String(wanted))} is the name of several: ${found.map((each) => String(each.id)).join(', ')}`,
    'Give the id.',
  );
}

/** All tasks of a kind, of each no more than its number and its names. Calls the `query` of the kind. */
export async function readTaskNames(nas: ReadClient, kind: TaskKind): Promise<TaskRow[]> {
  const source = TASK_SOURCES[kind];
  const parameters = query({ select: [...new Set(['id', ...source.names, ...source.places])] });
  return rawRowsOf(await nas.call(source.query, parameters)).map((row) => readTask(row, source));
}

/** Those that have this number, or are called so, or are about this place. */
export function tasksCalled(
  tasks: readonly TaskRow[],
  kind: TaskKind,
  wanted: number | string,
): readonly TaskRow[] {
  const id = typeof wanted === 'number' ? wanted : /^\d+$/u.test(wanted) ? Number(wanted) : undefined;
  return tasks.filter((task) =>
    id === undefined ? isCalled(task, String(wanted), TASK_SOURCES[kind]) : task.id === id,
  );
}

function readTask(row: Record<string, unknown>, { names, places }: TaskSource): TaskRow {
  const { id } = row;
  if (typeof id !== 'number') throw oddAnswer(id, 'the id of a task');
  const values = (fields: readonly string[]): string[] =>
    fields
      .map((name) => row[name])
      .filter((value) => typeof value === 'string' && value !== '')
      .map(String);
  const progress = isObject(row['state']) ? row['state'] : isObject(row['job']) ? row['job'] : undefined;
  const state = typeof progress?.['state'] === 'string' ? progress['state'] : undefined;
  const error = typeof progress?.['error'] === 'string' ? `: ${progress['error']}` : '';
  return {
    id,
    row,
    label: values(names)[0] ?? 'without a name',
    places: values(places),
    isEnabled: row['enabled'] !== false,
    state,
    lastRun: state === undefined ? undefined : `${state}${error}`,
  };
}

function isCalled({ row }: TaskRow, wanted: string, { names, places }: TaskSource): boolean {
  const asPlace = datasetName(wanted);
  return (
    names.some((name) => String(row[name]).toLowerCase() === wanted.trim().toLowerCase()) ||
    places.some((name) => typeof row[name] === 'string' && datasetName(row[name]) === asPlace)
  );
}

function noTask(tasks: readonly TaskRow[], wanted: string): InputProblem {
  const near = nearNames(
    wanted,
    tasks.map(({ label }) => label),
  );
  const shown = near.length > 0 ? tasks.filter(({ label }) => near.includes(label)) : tasks.slice(0, 8);
  const known = shown.map(({ id, label }) => `${String(id)} ${safeCell(label, 60)}`).join('; ');
  return new InputProblem(
    'task',
    `no such task: ${safeCell(wanted)}`,
    known === '' ? 'There is none of this kind.' : `tasks: ${known}`,
  );
}
