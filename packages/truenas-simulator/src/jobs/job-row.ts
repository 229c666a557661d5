/** Rows of the job table, as `core.get_jobs` and its events show them (PROTOCOL section 6). */
import type { SimJobOptions } from './job-options.ts';

/** Where a job is in its life. */
export type JobState = 'WAITING' | 'RUNNING' | 'SUCCESS' | 'FAILED' | 'ABORTED';

/** Progress as a job row shows it. */
export interface JobProgress {
  readonly percent: number | null;
  readonly description: string | null;
  readonly extra: unknown;
}

/** How a job failed. */
export interface JobExceptionInfo {
  readonly repr: string | null;
  readonly type: string | null;
  readonly errno: number | null;
  readonly extra: unknown;
}

/** Who started a job. */
export interface JobCredentials {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A row of `core.get_jobs`, with the field names of the wire. */
export interface JobRow {
  id: number;
  /** Ids of the messages that started it; 25.04 has no such field. */
  message_ids?: unknown[];
  method: string;
  arguments: unknown[];
  transient: boolean;
  description: string | null;
  abortable: boolean;
  logs_path: string | null;
  logs_excerpt: string | null;
  progress: JobProgress;
  result: unknown;
  result_encoding_error: unknown;
  error: string | null;
  exception: string | null;
  exc_info: JobExceptionInfo | null;
  state: JobState;
  time_started: Date | null;
  time_finished: Date | null;
  credentials: JobCredentials | null;
}

/** A row to plant: what is left out is filled as for a job that succeeded. */
export type JobSeed = Partial<JobRow> & {
  readonly method: string;
  /** Roles whose holders see it, as `SimJobOptions` has them. */
  readonly readRoles?: readonly string[];
};

/** What a new row is made of. */
export interface JobRowParts {
  readonly method: string;
  readonly args: readonly unknown[];
  readonly options: SimJobOptions;
  /** Absent on releases that keep no ids. */
  readonly messageIds?: readonly unknown[] | undefined;
  /** Before anything was said about it. */
  readonly progress: JobProgress;
}

/** The row of a job that has not begun. */
export function newRow(id: number, job: JobRowParts, rawArgs: readonly unknown[], nowMs: number): JobRow {
  const { options, messageIds } = job;
  return {
    id,
    ...(messageIds === undefined ? {} : { message_ids: [...messageIds] }),
    method: job.method,
    arguments: [...job.args],
    transient: options.transient ?? false,
    description: options.description?.(rawArgs) ?? null,
    abortable: options.abortable ?? false,
    logs_path: options.logs === true ? `/var/log/jobs/${id}.log` : null,
    logs_excerpt: null,
    progress: job.progress,
    result: null,
    result_encoding_error: null,
    error: null,
    exception: null,
    exc_info: null,
    state: 'WAITING',
    time_started: new Date(nowMs),
    time_finished: null,
    credentials: null,
  };
}

/** The row of a job of the past. */
export function seededRow(id: number, seed: JobSeed, messageIds: [] | undefined, nowMs: number): JobRow {
  const { readRoles: _, ...fields } = seed;
  const state = seed.state ?? 'SUCCESS';
  const isFinished = state === 'SUCCESS' || state === 'FAILED' || state === 'ABORTED';
  const started = seed.time_started ?? new Date(nowMs);
  return {
    ...newRow(
      id,
      { method: seed.method, args: [], options: {}, messageIds, progress: NOTHING_YET },
      [],
      nowMs,
    ),
    state,
    progress: { percent: state === 'SUCCESS' ? 100 : 0, description: '', extra: null },
    time_started: started,
    time_finished: isFinished ? started : null,
    ...fields,
    id,
  };
}

const NOTHING_YET: JobProgress = { percent: 0, description: '', extra: null };

/** The first and last ten lines, and how many are between. */
export function excerpt(lines: readonly string[]): string {
  const between = `... ${lines.length - 20} more lines ...`;
  const shown = lines.length <= 20 ? lines : [...lines.slice(0, 10), between, ...lines.slice(-10)];
  return shown.map((line) => `${line}\n`).join('');
}
