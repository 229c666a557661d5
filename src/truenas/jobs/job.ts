/** One job of the NAS as `core.get_jobs` shows it (PROTOCOL section 6). */
import type { WireValue } from '../client.ts';
import { TrueNasError } from '../errors.ts';
import { readTriples } from '../connection/reply-error.ts';

/** The state of a job. */
export type JobState = 'WAITING' | 'RUNNING' | 'SUCCESS' | 'FAILED' | 'ABORTED';

/** A job as `core.get_jobs` shows it, secrets redacted by the NAS. */
export interface Job {
  readonly id: number;
  readonly method: string;
  readonly description: string | undefined;
  readonly state: JobState;
  /** 0 to 100, as the job itself reports; absent when it reports nothing. */
  readonly percent: number | undefined;
  readonly progressText: string | undefined;
  readonly isAbortable: boolean;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  /** Only of a job that succeeded. */
  readonly result: WireValue;
  /** The NAS's text for a job that failed. */
  readonly error: string | undefined;
  /** Of a failed job: the exception's name, or `VALIDATION`; with it the refused arguments. */
  readonly errorType: string | undefined;
  readonly errorExtra: WireValue;
  /** First and last lines of its log. */
  readonly logsExcerpt: string | undefined;
}

/** The fields that {@link readJob} reads. */
export const JOB_FIELDS = [
  'id',
  'method',
  'description',
  'state',
  'progress',
  'abortable',
  'time_started',
  'time_finished',
  'result',
  'error',
  'exc_info',
  'logs_excerpt',
] as const;

const END_STATES: ReadonlySet<JobState> = new Set(['SUCCESS', 'FAILED', 'ABORTED']);

/** True when the job will not change any more. */
export function isFinished(job: Pick<Job, 'state'>): boolean {
  return END_STATES.has(job.state);
}

/**
 * The result of a job that ended well.
 * @throws TrueNasError `validation` or `call` with the NAS's text, `aborted` for an aborted job.
 */
export function jobResult(job: Job): WireValue {
  if (job.state === 'SUCCESS') return job.result;
  if (job.state === 'ABORTED') {
    throw new TrueNasError('aborted', {
      summary: `Job ${job.id} (${job.method}) was aborted on the NAS.`,
      nextStep: 'Start it again if it is still wanted; what it did until then stays.',
      method: job.method,
    });
  }
  const fields = job.errorType === 'VALIDATION' ? readTriples(job.errorExtra, (text) => text) : undefined;
  const text = job.error?.trim().split('\n', 1)[0];
  throw new TrueNasError(fields === undefined ? 'call' : 'validation', {
    summary: `Job ${job.id} (${job.method}) failed${text === undefined ? '' : `: ${text.slice(0, 300)}`}`,
    nextStep: 'Read what the NAS says, and the log of the job; correct the cause and start it again.',
    method: job.method,
    nasText: job.error,
    fields: fields?.map(({ path, message }) => ({ path, message })),
  });
}

/** Reads a row of `core.get_jobs` (or an event's fields, which are such a row). */
export function readJob(row: WireValue | undefined): Job | undefined {
  if (!isRecord(row)) return undefined;
  const { id, method, state } = row;
  if (typeof id !== 'number' || typeof method !== 'string' || !isState(state)) return undefined;
  const progress = isRecord(row.progress) ? row.progress : {};
  const failure = isRecord(row.exc_info) ? row.exc_info : {};
  return {
    id,
    method,
    description: textOf(row.description),
    state,
    percent: typeof progress.percent === 'number' ? progress.percent : undefined,
    progressText: textOf(progress.description),
    isAbortable: row.abortable === true,
    startedAt: row.time_started instanceof Date ? row.time_started : undefined,
    finishedAt: row.time_finished instanceof Date ? row.time_finished : undefined,
    result: row.result ?? null,
    error: textOf(row.error),
    errorType: textOf(failure.type),
    errorExtra: failure.extra ?? null,
    logsExcerpt: textOf(row.logs_excerpt),
  };
}

/** A job as an event shows it, without the result, which events carry unredacted. */
export function withoutResult(job: Job): Job {
  return { ...job, result: null };
}

function isState(value: WireValue | undefined): value is JobState {
  return (
    value === 'WAITING' ||
    value === 'RUNNING' ||
    (typeof value === 'string' && END_STATES.has(value as JobState))
  );
}

function isRecord(value: WireValue | undefined): value is { [key: string]: WireValue } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
}

function textOf(value: WireValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
