/** The job table: long calls that run after their id was answered (PROTOCOL section 6). */
import { CallError, ERRNO } from '../errors/exceptions.ts';
import type { EventHub } from '../session/events.ts';
import { describeFailure } from '../errors/failure.ts';
import type { SimJobOptions } from './job-options.ts';
import {
  excerpt,
  type JobCredentials,
  type JobRow,
  type JobSeed,
  newRow,
  seededRow,
  snapshot,
} from './job-row.ts';

export type { SimJobOptions } from './job-options.ts';
export type {
  JobCredentials,
  JobExceptionInfo,
  JobProgress,
  JobRow,
  JobSeed,
  JobState,
} from './job-row.ts';

/** What a running job method holds. */
export interface JobHandle {
  readonly id: number;
  /** Fires when the job is aborted or the simulator stops. */
  readonly signal: AbortSignal;
  /** Publishes progress, 0 to 100. */
  progress(percent: number, description?: string, extra?: unknown): void;
  /** Adds a line to the job's log; only methods with `logs: true` show it. */
  log(line: string): void;
  /** Lets time pass. @throws when the job is aborted meanwhile */
  wait(ms: number): Promise<void>;
}

/** What starts a job. */
export interface JobStart {
  readonly method: string;
  /** Arguments as shown, secrets already replaced. */
  readonly args: readonly unknown[];
  /** Arguments as the lock and description functions see them; `args` when absent. */
  readonly rawArgs?: readonly unknown[];
  readonly options: SimJobOptions;
  readonly credentials?: JobCredentials | null;
  readonly messageIds?: readonly unknown[];
  /** Does the work; its value is the job's result. */
  run(handle: JobHandle): unknown;
}

/** All jobs since the simulator started. */
export interface JobTable {
  /** Every job that still shows, oldest first. */
  rows(): JobRow[];
  get(id: number): JobRow | undefined;
  /** Plants rows of the past (or of a run that never ends, `state: 'RUNNING'`); ids are given in order. Answers them. */
  seed(rows: readonly JobSeed[]): number[];
  /** Starts a job and answers its id, or the id of the one already queued when the lock's queue is full. */
  start(job: JobStart): number;
  /** Ends a job that has not finished; a finished one ignores it. */
  abort(id: number): void;
  /** Resolves with the row once the job has finished. */
  finished(id: number): Promise<JobRow | undefined>;
  /** What a failed job threw. */
  failure(id: number): unknown;
  /** Roles that let others see this job. */
  readRoles(id: number): readonly string[];
  /** All lines a job logged. */
  logs(id: number): string;
  /** Aborts everything and forgets it, as when the service stops. */
  stop(): void;
}

interface Entry {
  readonly row: JobRow;
  readonly job: JobStart | null;
  readonly readRoles: readonly string[];
  readonly lock: string | null;
  readonly controller: AbortController;
  readonly log: string[];
  failure: unknown;
  readonly done: Promise<JobRow>;
  settle(row: JobRow): void;
}

const KEPT_JOBS = 1000;
const DEFAULT_QUEUE = 5;

/** Makes an empty job table whose changes are published as `core.get_jobs`. */
export function createJobTable(events: EventHub, now: () => number): JobTable {
  const entries = new Map<number, Entry>();
  const waitingByLock = new Map<string, Entry[]>();
  const heldLocks = new Set<string>();
  let nextId = 1;

  function publish(entry: Entry, msg: 'added' | 'changed'): void {
    if (entry.row.transient) return;
    events.publish({ collection: 'core.get_jobs', msg, id: entry.row.id, fields: snapshot(entry.row) });
  }

  function insert(
    row: JobRow,
    job: JobStart | null,
    lock: string | null,
    readRoles: readonly string[] = [],
  ): Entry {
    let settle: (row: JobRow) => void = () => undefined;
    const done = new Promise<JobRow>((resolve) => {
      settle = resolve;
    });
    const entry: Entry = {
      row,
      job,
      readRoles,
      lock,
      controller: new AbortController(),
      log: [],
      failure: null,
      done,
      settle,
    };
    entries.set(row.id, entry);
    if (entries.size > KEPT_JOBS) forgetOldest(entries);
    return entry;
  }

  function finish(entry: Entry, state: 'SUCCESS' | 'FAILED' | 'ABORTED'): void {
    const { row } = entry;
    row.state = state;
    row.time_finished = new Date(now());
    if (row.logs_path !== null) row.logs_excerpt = excerpt(entry.log);
    if (state === 'SUCCESS' && row.progress.percent !== 100) {
      row.progress = { ...row.progress, percent: 100, description: '' };
      publish(entry, 'changed');
    }
    publish(entry, 'changed');
    if (row.transient) entries.delete(row.id);
    entry.settle(row);
  }

  function release(lock: string | null): void {
    if (lock === null) return;
    heldLocks.delete(lock);
    const queue = waitingByLock.get(lock);
    const next = queue?.shift();
    if (queue?.length === 0) waitingByLock.delete(lock);
    if (next !== undefined) launch(next);
  }

  function launch(entry: Entry): void {
    if (entry.lock !== null) heldLocks.add(entry.lock);
    setImmediate(() => void run(entry).finally(() => release(entry.lock)));
  }

  async function run(entry: Entry): Promise<void> {
    const { row, job, controller } = entry;
    if (job === null || row.state !== 'WAITING' || controller.signal.aborted) return;
    row.state = 'RUNNING';
    row.time_started = new Date(now());
    publish(entry, 'changed');
    try {
      const result = await raceAbort(Promise.resolve(job.run(handleOf(entry))), controller.signal);
      row.result = result === undefined ? null : result;
      finish(entry, 'SUCCESS');
    } catch (error) {
      if (controller.signal.aborted) return finish(entry, 'ABORTED');
      entry.failure = error;
      const failure = describeFailure(error);
      row.error = failure.reason;
      row.exception = failure.traceback;
      row.exc_info = failure.info;
      finish(entry, 'FAILED');
    }
  }

  function handleOf(entry: Entry): JobHandle {
    const { row, controller } = entry;
    return {
      id: row.id,
      signal: controller.signal,
      progress(percent, description = '', extra = null) {
        if (row.state !== 'RUNNING') return;
        row.progress = { percent: Math.trunc(percent), description, extra };
        publish(entry, 'changed');
      },
      log(line) {
        entry.log.push(line);
      },
      wait: (ms) => sleep(ms, controller.signal),
    };
  }

  return {
    rows: () => Array.from(entries.values(), (entry) => entry.row),
    get: (id) => entries.get(id)?.row,
    failure: (id) => entries.get(id)?.failure ?? null,
    readRoles: (id) => entries.get(id)?.readRoles ?? [],
    logs: (id) =>
      entries
        .get(id)
        ?.log.map((line) => `${line}\n`)
        .join('') ?? '',
    seed(rows) {
      return rows.map((seed) => {
        const row = seededRow(nextId++, seed, now());
        const entry = insert(row, null, null, seed.readRoles);
        if (row.logs_excerpt !== null) entry.log.push(...row.logs_excerpt.split('\n'));
        if (row.time_finished !== null) entry.settle(row);
        return row.id;
      });
    },
    start(job) {
      const { options } = job;
      const rawArgs = job.rawArgs ?? job.args;
      const lock = typeof options.lock === 'function' ? options.lock(rawArgs) : (options.lock ?? null);
      const isBusy = lock !== null && heldLocks.has(lock);
      if (isBusy) {
        const queued = queuedInstead(job, waitingByLock.get(lock) ?? []);
        if (queued !== null) return queued.row.id;
      }
      const entry = insert(newRow(nextId++, job, rawArgs), job, lock, options.readRoles);
      publish(entry, 'added');
      if (!isBusy) launch(entry);
      else waitingByLock.set(lock, [...(waitingByLock.get(lock) ?? []), entry]);
      return entry.row.id;
    },
    abort(id) {
      const entry = entries.get(id);
      if (entry === undefined || entry.row.time_finished !== null) return;
      const wasRunning = entry.row.state === 'RUNNING' && entry.job !== null;
      entry.controller.abort();
      if (!wasRunning) finish(entry, 'ABORTED');
    },
    async finished(id) {
      return entries.get(id)?.done;
    },
    stop() {
      for (const entry of entries.values()) entry.controller.abort();
      entries.clear();
      waitingByLock.clear();
      heldLocks.clear();
      nextId = 1;
    },
  };
}

/** The queued job that stands for a new one when the lock's queue is full. @throws CallError EBUSY */
function queuedInstead(job: JobStart, queue: readonly Entry[]): Entry | null {
  const size = job.options.lockQueueSize ?? DEFAULT_QUEUE;
  if (size === 0) throw new CallError('This job is already running', ERRNO.EBUSY);
  if (queue.length < size) return null;
  const user = job.credentials?.data.username;
  const own = queue.findLast((queued) => queued.row.credentials?.data.username === user);
  if (own === undefined)
    throw new CallError('This job is already being performed by another user', ERRNO.EBUSY);
  own.row.message_ids.push(...(job.messageIds ?? []));
  return own;
}

function forgetOldest(entries: Map<number, Entry>): void {
  for (const [id, { row }] of entries) {
    if (row.time_finished === null) continue;
    entries.delete(id);
    return;
  }
}

/** Waits, and rejects as soon as the signal fires. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new CallError('Job was aborted', ERRNO.ECANCELED));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** A job that does not look at its signal is cut off all the same. */
function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new CallError('Job was aborted', ERRNO.ECANCELED));
    signal.addEventListener('abort', stop, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
