/**
 * Long-running jobs of the NAS (PROTOCOL section 6). A job's identity is its number on the NAS; nothing is kept here.
 */
import { limitedBy } from '../abort.ts';
import type { CallOptions, ReadClient } from '../client.ts';
import { isPassingFault, isTrueNasError, TrueNasError } from '../errors.ts';
import type { NasEvent } from '../events/event.ts';
import type { EventSource, Subscription } from '../events/event-source.ts';
import { type Bell, createBell } from './bell.ts';
import { isFinished, JOB_FIELDS, type Job, readJob, withoutResult } from './job.ts';
import { query } from '../query.ts';
import type { Timings } from '../connection/timings.ts';

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
   * Waits until a job has ended, however it ended; see `jobResult` of job.ts. Once the job was seen, a NAS that is away
   * for a while (a network fault, a failover) is waited for.
   * @throws TrueNasError `not-found` when it vanished, `timeout`, `aborted`, or why the NAS cannot be asked.
   */
  follow(id: number, options?: FollowOptions): Promise<Job>;
}

/** The NAS whose jobs are followed. */
export interface FollowerState {
  readonly read: Pick<ReadClient, 'call'>;
  readonly events: EventSource;
  /** Counts up with every connection that was opened. */
  readonly epoch: () => number;
  readonly timings: Pick<Timings, 'jobPollMs' | 'jobPollWithoutEventsMs' | 'jobAwayMs'>;
}

/** One job that is being followed. */
interface Following {
  readonly id: number;
  readonly onProgress: ((job: Job) => void) | undefined;
  /** Ends every wait of the following, also that for a NAS which does not answer. */
  readonly stop: AbortSignal;
  /** Rings when the job's row is to be read. */
  readonly bell: Bell;
  /** True while events tell of its progress. */
  isHeard: boolean;
  /** The connection over which it was first seen. */
  firstEpoch: number;
  awaySince: number | undefined;
  lastShown: string;
  first: Job | undefined;
  last: Job | undefined;
}

/** Makes the follower of a connection's jobs. */
export function createJobFollower(state: FollowerState): JobFollower {
  return {
    get: (id, options) => getJob(state.read, id, options),
    follow: (id, options = {}) => follow(state, id, options),
  };
}

async function getJob(
  read: Pick<ReadClient, 'call'>,
  id: number,
  options: CallOptions | undefined,
): Promise<Job> {
  const rows = await read.call(
    'core.get_jobs',
    query({ filters: [['id', '=', id]], select: JOB_FIELDS, limit: 1 }),
    options,
  );
  const job = Array.isArray(rows) ? readJob(rows[0]) : undefined;
  if (job === undefined) throw vanished(id);
  return job;
}

async function follow(state: FollowerState, id: number, options: FollowOptions): Promise<Job> {
  const { signal, timeoutMs, onProgress } = options;
  const limit = limitedBy(signal, timeoutMs);
  const following: Following = {
    id,
    onProgress,
    stop: limit.signal,
    bell: createBell(),
    isHeard: false,
    firstEpoch: 0,
    awaySince: undefined,
    lastShown: '',
    first: undefined,
    last: undefined,
  };
  let subscription: Subscription | undefined;
  try {
    subscription = await subscribeIfAllowed(state, following);
    following.isHeard = subscription !== undefined;
    return await pollUntilFinished(state, following, signal);
  } catch (error) {
    const isOurs = limit.isTimeUp() && signal?.aborted !== true && isTrueNasError(error, 'aborted');
    throw isOurs ? tooSlow(id, following.last, timeoutMs ?? 0) : error;
  } finally {
    limit.release();
    // Not waited for: a NAS that is slow to let go must not keep the caller.
    void subscription?.close();
  }
}

async function pollUntilFinished(
  state: FollowerState,
  following: Following,
  signal: AbortSignal | undefined,
): Promise<Job> {
  const { jobPollMs, jobPollWithoutEventsMs } = state.timings;
  for (;;) {
    const job = await getUnlessAway(state, following);
    if (job !== undefined) {
      // Numbers start again at 1 when the middleware restarts: another job may bear this one's.
      if (following.first !== undefined && !isSameJob(following.first, job)) throw vanished(following.id);
      if (following.first === undefined) following.firstEpoch = state.epoch();
      following.first ??= job;
      following.last = job;
      show(following, job);
      if (isFinished(job)) return job;
    }
    const pollMs = following.isHeard && job !== undefined ? jobPollMs : jobPollWithoutEventsMs;
    await following.bell.heard(pollMs, following.stop);
    if (signal?.aborted === true) throw noLongerFollowed(following.id);
  }
}

/** The job, or undefined while the NAS that has shown it once is away. */
async function getUnlessAway(state: FollowerState, following: Following): Promise<Job | undefined> {
  const { read, timings } = state;
  try {
    const job = await getJob(read, following.id, { signal: following.stop });
    following.awaySince = undefined;
    return job;
  } catch (error) {
    if (following.first === undefined) throw error;
    if (isTrueNasError(error, 'not-found') && state.epoch() !== following.firstEpoch)
      throw lostWithConnection(following.first);
    if (!isPassingFault(error)) throw error;
    following.awaySince ??= performance.now();
    if (performance.now() - following.awaySince > timings.jobAwayMs) throw error;
    return undefined;
  }
}

async function subscribeIfAllowed(
  { events }: FollowerState,
  following: Following,
): Promise<Subscription | undefined> {
  try {
    return await events.subscribe('core.get_jobs', (event) => onEvent(following, event), {
      signal: following.stop,
    });
  } catch (error) {
    if (isTrueNasError(error, 'not-authorized')) return undefined;
    throw error;
  }
}

function onEvent(following: Following, event: NasEvent): void {
  if (event.kind === 'missed' || event.kind === 'ended') {
    following.isHeard = event.kind === 'missed';
    following.bell.ring();
  } else if (event.id === following.id) {
    const job = event.fields === undefined ? undefined : readJob(event.fields);
    // The end is read from the NAS as a row: it redacts there, and not in events.
    if (job === undefined || isFinished(job)) following.bell.ring();
    else show(following, withoutResult(job));
  }
}

function show(following: Following, job: Job): void {
  const shown = `${job.state} ${job.percent ?? ''} ${job.progressText ?? ''}`;
  if (shown === following.lastShown) return;
  following.lastShown = shown;
  following.onProgress?.(job);
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
      'It may have ended long ago, been forgotten in a restart of the NAS, belong to somebody else, or have been started over a connection that has ended. Read the state of what it worked on.',
    method: 'core.get_jobs',
  });
}

/** The NAS shows a job whose connection has ended to full administrators only. */
function lostWithConnection({ id, method }: Job): TrueNasError {
  return new TrueNasError('not-found', {
    summary: `The NAS no longer shows job ${id} (${method}): the connection was lost meanwhile, and with it the right to see the job; or the NAS has restarted and forgotten it.`,
    nextStep:
      'It may still be running. Read the state of what it worked on, or have a full administrator look at the jobs in the TrueNAS web interface.',
    method: 'core.get_jobs',
  });
}

function tooSlow(id: number, job: Job | undefined, timeoutMs: number): TrueNasError {
  const time = `${Math.round(timeoutMs / 1000)} s`;
  return new TrueNasError('timeout', {
    summary:
      job === undefined
        ? `Job ${id} could not be read within ${time}.`
        : `Job ${id} (${job.method}) is still ${job.state} after ${time}.`,
    nextStep: 'It goes on on the NAS; look at it again later.',
    method: job?.method,
  });
}

function noLongerFollowed(id: number): TrueNasError {
  return new TrueNasError('aborted', {
    summary: `Job ${id} is no longer followed.`,
    nextStep: 'It goes on on the NAS; look at it again later.',
  });
}
