/** How tasks ended last, and when they went well last: in their rows, and in the jobs that the NAS still knows. */
import { formatDuration, formatInstant } from '../../../output/time.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { type Filter, query } from '../../../truenas/query.ts';
import { field, type RowOf, rowsOf } from '../../support/rows.ts';
import type { Detail, Join } from '../kind.ts';

/** The last run of a task. */
export interface LastRun {
  readonly state: string | null;
  readonly startedMs: number | null;
  /** When it went well; undefined when it did not, or is not known. */
  readonly successMs: number | undefined;
  readonly error: string | null;
}

const JOB = {
  id: field.number,
  state: field.text,
  error: field.text,
  time_started: field.time,
  time_finished: field.time,
};
const nullableJob = field.nullable(JOB);

/** The field `job` of a row; undefined where it is left out. */
export function lastJob(value: unknown): ReturnType<typeof nullableJob> | undefined {
  return value === undefined ? undefined : nullableJob(value);
}

/** A run of which nothing is known. */
export const UNKNOWN_RUN: LastRun = { state: null, startedMs: null, successMs: undefined, error: null };

/** The field `state` of rows whose tasks zettarepl runs; null where it is not told. */
export const lastState = field.object({
  state: field.text,
  datetime: field.time,
  error: field.text,
  reason: field.text,
  last_snapshot: field.text,
});

/** The last run of a task that is a job. */
export function runOfJob(job: RowOf<typeof JOB> | null): LastRun | null {
  if (job === null) return null;
  const { state, error, time_started: startedMs, time_finished: finished } = job;
  return { state, startedMs, error, successMs: state === 'SUCCESS' ? (finished ?? undefined) : undefined };
}

/** The last run of a task of zettarepl; one on hold says why in place of an error. */
export function runOfState(state: ReturnType<typeof lastState>): LastRun | null {
  if (state === null) return null;
  const { state: name, datetime, error, reason } = state;
  return {
    state: name,
    startedMs: datetime,
    error: error ?? reason,
    successMs: name === 'FINISHED' ? (datetime ?? undefined) : undefined,
  };
}

/** Jobs that are looked through for one that went well. */
const MAX_JOBS = 500;

/** Jobs of a method that the NAS shows to this key, the newest first. */
export async function jobsOf(
  nas: ReadClient,
  method: string,
  filters: readonly Filter[] = [],
): Promise<(RowOf<typeof JOB> & { readonly taskId: number | null })[]> {
  const shape = { ...JOB, arguments: field.items };
  const parameters = query({
    filters: [['method', '=', method], ...filters],
    select: Object.keys(shape),
    orderBy: ['-id'],
    limit: MAX_JOBS,
  });
  return rowsOf(await nas.call('core.get_jobs', parameters), shape).map(({ arguments: args, ...job }) => ({
    ...job,
    taskId: typeof args?.[0] === 'number' ? args[0] : null,
  }));
}

/**
 * When tasks whose last run did not go well went well before: the field `earlier`. Asks `core.get_jobs`, and only where there is
 * such a task; a NAS forgets its jobs when it starts, and shows few of them to a key without full administration.
 */
export function earlierSuccess<Row extends { readonly id: number | null }>(
  method: string,
  lastOf: (row: Row) => LastRun | null,
): Join<Row> {
  return {
    columns: ['last_success'],
    uses: ['core.get_jobs'],
    async read(nas, rows) {
      if (rows.every((row) => lastOf(row)?.successMs !== undefined)) return { add: () => ({}) };
      const jobs = await jobsOf(nas, method, [['state', '=', 'SUCCESS']]);
      return {
        add: ({ id }) => ({ earlier: jobs.find(({ taskId }) => taskId === id)?.time_finished }),
      };
    },
  };
}

/** The state of a last run. A NAS that starts forgets the runs before. */
export function stateText(run: LastRun | null): string | null {
  return run === null ? 'none known' : run.state;
}

/** Runs that `get_item` shows. */
const MAX_RUNS = 5;

/** The last runs of one task, and the error of the newest that failed in full. */
export function lastRuns<Row extends { readonly id: number | null }>(
  method: string,
  lastOf: (row: Row) => LastRun | null = () => null,
): readonly Detail<Row>[] {
  return [
    {
      title: 'last error',
      uses: [],
      async read(_nas, row) {
        const error = lastOf(row)?.error ?? null;
        if (error === null || error === '') return undefined;
        const text = safeCell(error, MAX_ERROR);
        return { lines: [text], data: text };
      },
    },
    {
      title: 'last runs',
      uses: ['core.get_jobs'],
      async read(nas, { id }) {
        const jobs = await jobsOf(nas, method);
        const runs = jobs.filter(({ taskId }) => taskId === id).slice(0, MAX_RUNS);
        const isUntold = id === null || jobs.some(({ taskId }) => taskId === null);
        if (runs.length === 0 && isUntold)
          return { lines: ['UNKNOWN: the NAS does not tell which runs are of this task'], data: null };
        if (runs.length === 0)
          return { lines: ['none since the NAS started that this API key may see'], data: [] };
        return { lines: runs.map(runLine), data: runs.map(runLine) };
      },
    },
  ];
}

const MAX_ERROR = 1500;

function runLine({ state, error, time_started: from, time_finished: to }: RowOf<typeof JOB>): string {
  const when = from === null ? 'at an unknown time' : formatInstant(from);
  const took = from === null || to === null ? '' : `, ${formatDuration(Math.max(0, to - from))}`;
  return `${when} ${state === null ? 'UNKNOWN' : safeCell(state, 20)}${took}${error === null ? '' : `: ${safeCell(error, 160)}`}`;
}
