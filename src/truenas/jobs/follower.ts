/**
 * Long-running jobs of the NAS (PROTOCOL section 6). A job's identity is its number on the NAS; nothing is kept here.
 */
import { limitedBy } from '../abort.ts';
import type { CallOptions, ReadClient } from '../client.ts';
import { isPassingFault, isTrueNasError, TrueNasError } from '../errors.ts';
import type { EventSource, NasEvent, Subscription } from '../events/event-source.ts';
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

/** Makes the follower of a connection's jobs. */
export function createJobFollower(
  read: Pick<ReadClient, 'call'>,
  events: EventSource,
  timings: Pick<Timings, 'jobPollMs' | 'jobPollWithoutEventsMs' | 'jobAwayMs'>,
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
    const limit = limitedBy(signal, timeoutMs);
    /** Ends every wait of the following, also that for a NAS which does not answer. */
    const stop = limit.signal;
    let subscription: Subscription | undefined;
    let isHeard = false;
    let awaySince: number | undefined;
    let lastShown = '';
    let first: Job | undefined;
    let last: Job | undefined;

    const show = (job: Job) => {
      const shown = `${job.state} ${job.percent ?? ''} ${job.progressText ?? ''}`;
      if (shown === lastShown) return;
      lastShown = shown;
      onProgress?.(job);
    };

    const onEvent = (event: NasEvent) => {
      if (event.kind === 'missed' || event.kind === 'ended') {
        isHeard = event.kind === 'missed';
        bell.ring();
      } else if (event.id === id) {
        const job = event.fields === undefined ? undefined : readJob(event.fields);
        // The row itself is read from the NAS: it redacts there, and not in events.
        if (job === undefined || isFinished(job)) bell.ring();
        else show(withoutResult(job));
      }
    };

    try {
      subscription = await subscribeIfAllowed(onEvent, stop);
      isHeard = subscription !== undefined;
      for (;;) {
        const job = await getUnlessAway();
        if (job !== undefined) {
          // Numbers start again at 1 when the middleware restarts: another job may bear this one's.
          if (first !== undefined && !isSameJob(first, job)) throw vanished(id);
          first ??= job;
          last = job;
          show(job);
          if (isFinished(job)) return job;
        }
        const pollMs = isHeard && job !== undefined ? timings.jobPollMs : timings.jobPollWithoutEventsMs;
        await bell.heard(pollMs, stop);
        if (signal?.aborted === true) throw noLongerFollowed(id);
      }
    } catch (error) {
      const isOurs = limit.isTimeUp() && signal?.aborted !== true && isTrueNasError(error, 'aborted');
      throw isOurs ? tooSlow(id, last, timeoutMs ?? 0) : error;
    } finally {
      limit.release();
      // Not waited for: a NAS that is slow to let go must not keep the caller.
      void subscription?.close();
    }

    async function getUnlessAway(): Promise<Job | undefined> {
      try {
        const job = await get(id, { signal: stop });
        awaySince = undefined;
        return job;
      } catch (error) {
        if (first === undefined || !isPassingFault(error)) throw error;
        awaySince ??= performance.now();
        if (performance.now() - awaySince > timings.jobAwayMs) throw error;
        return undefined;
      }
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
