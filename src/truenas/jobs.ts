/**
 * Long-running jobs of the NAS (PROTOCOL section 6). A job's identity is its number on the NAS; nothing is kept here.
 */
import type { CallOptions, ReadClient, WireValue } from './client.ts';
import { isTrueNasError, TrueNasError } from './errors.ts';
import type { EventSource, NasEvent, Subscription } from './events.ts';
import { query } from './query.ts';
import { readTriples } from './reply-error.ts';
import type { Timings } from './timings.ts';

/** Where a job is. */
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

/** How to follow a job. */
export interface FollowOptions {
  /** Ends the following; the job itself goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Longest wait for the end of the job, in milliseconds; unlimited when absent. */
  readonly timeoutMs?: number | undefined;
  /** Called when state, percent or text have changed. */
  readonly onProgress?: ((job: Job) => void) | undefined;
}

/** Reads and follows jobs. */
export interface JobFollower {
  /** @throws TrueNasError `not-found` for a job that the NAS no longer knows, or does not show to this account. */
  get(id: number, options?: CallOptions): Promise<Job>;
  /**
   * Waits until a job has ended, however it ended; see {@link jobResult}.
   * @throws TrueNasError `not-found` when it vanished, `timeout`, `aborted`, or why the NAS cannot be asked.
   */
  follow(id: number, options?: FollowOptions): Promise<Job>;
}

const JOB_FIELDS = [
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

/** Makes the follower of a connection's jobs. */
export function createJobFollower(
  read: Pick<ReadClient, 'call'>,
  events: EventSource,
  timings: Pick<Timings, 'jobPollMs' | 'jobPollWithoutEventsMs'>,
): JobFollower {
  async function get(id: number, options?: CallOptions): Promise<Job> {
    const rows = await read.call(
      'core.get_jobs',
      query({ filters: [['id', '=', id]], select: JOB_FIELDS, limit: 1 }),
      options,
    );
    const job = Array.isArray(rows) ? readJob(rows[0]) : undefined;
    if (job === undefined) throw vanished(id);
    return job;
  }

  async function follow(id: number, options: FollowOptions = {}): Promise<Job> {
    const { signal, timeoutMs, onProgress } = options;
    const bell = createBell();
    const deadline = timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
    let subscription: Subscription | undefined;
    let lastShown = '';
    let first: Job | undefined;

    const show = (job: Job) => {
      const shown = `${job.state} ${job.percent ?? ''} ${job.progressText ?? ''}`;
      if (shown === lastShown) return;
      lastShown = shown;
      onProgress?.(job);
    };

    const onEvent = (event: NasEvent) => {
      if (event.kind === 'missed' || event.kind === 'ended') {
        bell.ring();
      } else if (event.id === id) {
        const job = event.fields === undefined ? undefined : readJob(event.fields);
        // The row itself is read from the NAS: it redacts there, and not in events.
        if (job === undefined || isFinished(job)) bell.ring();
        else show(withoutResult(job));
      }
    };

    try {
      subscription = await subscribeIfAllowed(onEvent, signal);
      for (;;) {
        const job = await get(id, { signal });
        // Numbers start again at 1 when the middleware restarts: another job may bear this one's.
        if (first !== undefined && !isSameJob(first, job)) throw vanished(id);
        first ??= job;
        show(job);
        if (isFinished(job)) return job;
        const left = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - performance.now();
        if (left <= 0) throw tooSlow(job, timeoutMs ?? 0);
        const pollMs = subscription === undefined ? timings.jobPollWithoutEventsMs : timings.jobPollMs;
        await bell.heard(Math.min(pollMs, left), signal);
        if (signal?.aborted === true) throw noLongerFollowed(id);
      }
    } finally {
      await subscription?.close();
    }
  }

  async function subscribeIfAllowed(
    onEvent: (event: NasEvent) => void,
    signal: AbortSignal | undefined,
  ): Promise<Subscription | undefined> {
    try {
      return await events.subscribe('core.get_jobs', onEvent, { signal });
    } catch (error) {
      if (isTrueNasError(error, 'not-authorized')) return undefined;
      throw error;
    }
  }

  return { get, follow };
}

/** Something to wait for: rung at most once per wait, and remembered when nobody waits yet. */
function createBell(): {
  ring(): void;
  heard(timeoutMs: number, signal: AbortSignal | undefined): Promise<void>;
} {
  let isRung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      isRung = true;
      wake?.();
    },
    heard(timeoutMs, signal) {
      return new Promise((resolve) => {
        const done = () => {
          isRung = false;
          wake = undefined;
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        wake = done;
        signal?.addEventListener('abort', done, { once: true });
        if (isRung || signal?.aborted === true) done();
      });
    },
  };
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

function withoutResult(job: Job): Job {
  return { ...job, result: null };
}

function isSameJob(before: Job, now: Job): boolean {
  if (before.method !== now.method) return false;
  const started = before.startedAt?.getTime();
  return started === undefined || started === now.startedAt?.getTime();
}

function vanished(id: number): TrueNasError {
  return new TrueNasError('not-found', {
    summary: `The NAS has no job ${id}, or does not show it to this account.`,
    nextStep:
      'It may have ended long ago, been forgotten in a restart of the NAS, or belong to somebody else. Read the state of what it worked on.',
    method: 'core.get_jobs',
  });
}

function tooSlow(job: Job, timeoutMs: number): TrueNasError {
  return new TrueNasError('timeout', {
    summary: `Job ${job.id} (${job.method}) is still ${job.state} after ${Math.round(timeoutMs / 1000)} s.`,
    nextStep: 'It goes on on the NAS; look at it again later.',
    method: job.method,
  });
}

function noLongerFollowed(id: number): TrueNasError {
  return new TrueNasError('aborted', {
    summary: `Job ${id} is no longer followed.`,
    nextStep: 'It goes on on the NAS; look at it again later.',
  });
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
