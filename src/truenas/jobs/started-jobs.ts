/**
 * Jobs started over a write session. The session itself follows each to its end, whether or not somebody still waits: a job
 * whose connection closes loses its owner (PROTOCOL section 14).
 */
import { randomUUID } from 'node:crypto';
import { limitedBy, unlessAborted } from '../abort.ts';
import type { ReadClient, WriteClient } from '../client.ts';
import { JobLostError, OutcomeUnknownError, type SentJob, TrueNasError } from '../errors.ts';
import { stopped } from '../connection/call-problems.ts';
import { findLostJob } from './find-lost-job.ts';
import type { JobFollower } from './follower.ts';
import type { Job } from './job.ts';
import { identifiedJobs } from './job-identity.ts';
import { readNasClock } from './nas-clock.ts';

/** How to start a job. */
export interface StartJobOptions {
  /** A UUID; a new one when absent. */
  readonly messageId?: string | undefined;
  /** Keeps a call from being sent; once it is sent, the number of its job is waited for. */
  readonly signal?: AbortSignal | undefined;
  /** Called when state, percent or text have changed. */
  readonly onProgress?: ((job: Job) => void) | undefined;
}

/** How to run a job to its end. */
export interface RunJobOptions extends StartJobOptions {
  /** Longest wait for the end, in milliseconds; unlimited when absent. The job goes on afterwards, and is followed on. */
  readonly timeoutMs?: number | undefined;
}

/** A job that was started, and is this call's own. */
export interface StartedJob {
  readonly id: number;
  readonly sent: SentJob;
  /** The job as it ended, however it ended. @throws JobLostError when its end could not be seen */
  readonly ended: Promise<Job>;
}

/** Starts jobs and follows them. */
export interface StartedJobs {
  /**
   * Sends a job method once, and makes sure that the job it is answered with is the call's own.
   * @throws TrueNasError why the NAS refused it; `busy` when it answered with a job of others
   * @throws JobLostError when the answer was lost: the job may be running
   */
  start(method: string, params: readonly unknown[], options?: StartJobOptions): Promise<StartedJob>;
  /**
   * Starts a job and waits until it has ended, however it ended; see `jobResult` of job.ts.
   * @throws TrueNasError as `start`; `timeout` or `aborted` when it is no longer waited for
   */
  run(method: string, params: readonly unknown[], options?: RunJobOptions): Promise<Job>;
  /** Numbers of the jobs whose end was not seen yet; -1 for each whose number is not known yet. */
  open(): readonly number[];
  /** Resolves when no job is open. */
  settled(): Promise<void>;
}

interface StartedState {
  readonly read: ReadClient;
  readonly write: WriteClient;
  readonly follower: JobFollower;
  /** Fires when the connection has ended. */
  readonly ended: AbortSignal;
  readonly open: Set<{ id: number }>;
  whenSettled: (() => void)[];
}

/** Makes it for one write session. */
export function createStartedJobs(session: Omit<StartedState, 'open' | 'whenSettled'>): StartedJobs {
  const state: StartedState = { ...session, open: new Set(), whenSettled: [] };
  return {
    start: (method, params, options = {}) => start(state, method, params, options),
    run: (method, params, options = {}) => run(state, method, params, options),
    open: () => Array.from(state.open, ({ id }) => id),
    async settled() {
      if (state.open.size > 0) await new Promise<void>((resolve) => state.whenSettled.push(resolve));
    },
  };
}

async function start(
  state: StartedState,
  method: string,
  params: readonly unknown[],
  { messageId = randomUUID(), signal, onProgress }: StartJobOptions,
): Promise<StartedJob> {
  const sent: SentJob = { method, params, messageId, sentAtMs: Date.now() };
  const place = { id: -1 };
  state.open.add(place);
  try {
    if (signal?.aborted === true)
      throw stopped('aborted', method, `${method} was cancelled before it was sent.`);
    const id = await send(state, sent);
    place.id = id;
    await refuseForeign(state, sent, id);
    const ended = followToEnd(state, sent, id, onProgress);
    void ended.catch(() => undefined).finally(() => leave(state, place));
    return { id, sent, ended };
  } catch (error) {
    leave(state, place);
    throw error;
  }
}

function leave(state: StartedState, place: { id: number }): void {
  state.open.delete(place);
  if (state.open.size > 0) return;
  for (const resolve of state.whenSettled.splice(0)) resolve();
}

async function send({ read, write, ended }: StartedState, sent: SentJob): Promise<number> {
  const { method, params, messageId } = sent;
  let answer: unknown;
  try {
    answer = await write.write(method, params, { messageId });
  } catch (error) {
    if (!(error instanceof OutcomeUnknownError)) throw error;
    // While the connection stands, the job has its owner: unless it is followed to its end, nobody keeps it open.
    const found = ended.aborted ? undefined : await findLostJob(read, sent).catch(() => undefined);
    if (typeof found === 'object') return found.id;
    throw new JobLostError(sent, undefined, 'the answer with the number of its job was lost', error);
  }
  if (typeof answer === 'number' && Number.isInteger(answer)) return answer;
  throw new OutcomeUnknownError(method, 'the NAS answered with something that is no job');
}

/** @throws TrueNasError `busy` when the job is not the one that the call was to start */
async function refuseForeign(state: StartedState, sent: SentJob, id: number): Promise<void> {
  const { read } = state;
  const found = await seeing(state, sent, id, async () => {
    const [first] = await identifiedJobs(read, sent, ['id', '=', id]);
    if (first?.identity !== 'alike') return first;
    const clock = await readNasClock(read);
    const isOurs = clock?.isBetween(first.job.startedAt, sent.sentAtMs, Date.now()) === true;
    return isOurs ? first : { ...first, identity: 'other' as const };
  });
  // A job that is not shown at all may have been one of those that vanish when they are done.
  if (found === undefined) throw new JobLostError(sent, id, `the NAS does not show its job ${id}`, undefined);
  if (found.identity !== 'other') return;
  throw new TrueNasError('busy', {
    summary: `The NAS did not start this ${sent.method}: too many wait already, and it answered with job ${id}, which another call started.`,
    nextStep: 'Nothing was changed. Look at the jobs of the NAS, and try again when they have ended.',
    method: sent.method,
  });
}

function followToEnd(
  state: StartedState,
  sent: SentJob,
  id: number,
  onProgress: StartJobOptions['onProgress'],
): Promise<Job> {
  return seeing(state, sent, id, () => state.follower.follow(id, { signal: state.ended, onProgress }));
}

/** Whatever keeps a started job from being seen, it may be running. */
async function seeing<T>(
  { ended }: StartedState,
  sent: SentJob,
  id: number,
  look: () => Promise<T>,
): Promise<T> {
  try {
    return await look();
  } catch (error) {
    const why = ended.aborted
      ? `the connection ended while its job ${id} was running`
      : `its job ${id} can no longer be seen`;
    throw new JobLostError(sent, id, why, ended.aborted ? ended.reason : error);
  }
}

async function run(
  state: StartedState,
  method: string,
  params: readonly unknown[],
  { timeoutMs, ...options }: RunJobOptions,
): Promise<Job> {
  const limit = limitedBy(options.signal, timeoutMs);
  let last: Job | undefined;
  const onProgress = (job: Job) => {
    last = job;
    if (!limit.signal.aborted) options.onProgress?.(job);
  };
  try {
    const { id, ended } = await start(state, method, params, { ...options, onProgress });
    const left = () => noLongerAwaited(method, id, last, limit.isTimeUp() ? timeoutMs : undefined);
    if (limit.signal.aborted) throw left();
    return await unlessAborted(ended, limit.signal, left);
  } finally {
    limit.release();
  }
}

function noLongerAwaited(
  method: string,
  id: number,
  job: Job | undefined,
  timeoutMs: number | undefined,
): TrueNasError {
  if (timeoutMs === undefined) {
    return new TrueNasError('aborted', {
      summary: `Job ${id} (${method}) is no longer waited for.`,
      nextStep: GOES_ON,
      method,
    });
  }
  return new TrueNasError('timeout', {
    summary: `Job ${id} (${method}) is still ${job?.state ?? 'running'} after ${Math.round(timeoutMs / 1000)} s.`,
    nextStep: GOES_ON,
    method,
  });
}

const GOES_ON = 'It goes on on the NAS; look at it again later.';
