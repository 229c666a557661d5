/** The job table: long calls that run after their id was answered (PROTOCOL section 6). */
import { isDeepStrictEqual } from 'node:util';
import { CallError, ERRNO } from '../errors/exceptions.ts';
import type { EventHub } from '../session/events.ts';
import type { SimJobOptions } from './job-options.ts';
import { excerpt, type JobCredentials, type JobRow, type JobSeed, newRow, seededRow } from './job-row.ts';
import type { JobStyle } from './job-style.ts';

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
  /** Publishes progress, 0 to 100; an empty description or null `extra` leaves what was. */
  progress(percent: number, description?: string, extra?: unknown): void;
  /** Adds a line to the job's log; only methods with `logs: true` show it. */
  log(line: string): void;
  /** Adds to what the job puts out, for a download. */
  write(text: string): void;
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
  /** Who is signed in on the connection that started it, at the moment; nobody once it has ended. */
  readonly credentials?: () => JobCredentials | null;
  /** Joins a queued job of another user where the queue is full. */
  readonly isFullAdmin?: boolean;
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
  /** Takes a job out of the table without a word, as a crash of the NAS's service does. */
  forget(id: number): void;
  /** Resolves with the row once the job has finished. */
  finished(id: number): Promise<JobRow | undefined>;
  /** What a failed job threw. */
  failure(id: number): unknown;
  /** Roles that let others see this job. */
  readRoles(id: number): readonly string[];
  /** All lines a job logged. */
  logs(id: number): string;
  /** What a job put out for a download. */
  output(id: number): string;
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
  readonly output: string[];
  failure: unknown;
  readonly done: Promise<JobRow>;
  settle(row: JobRow): void;
}

const KEPT_JOBS = 1000;
const DEFAULT_QUEUE = 5;

/** Makes an empty job table whose changes are published as `core.get_jobs`. */
export function createJobTable(events: EventHub, now: () => number, style: JobStyle): JobTable {
  const entries = new Map<number, Entry>();
  const waitingByLock = new Map<string, Entry[]>();
  const heldLocks = new Set<string>();
  let nextId = 1;
  const { keepsMessageIds } = style;

  function publish(entry: Entry, msg: 'added' | 'changed'): void {
    // One that was forgotten is never heard of again.
    if (entry.row.transient || !entries.has(entry.row.id)) return;
    events.publish({ collection: 'core.get_jobs', msg, id: entry.row.id, fields: view(entry) });
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
      output: [],
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
      row.progress = { ...row.progress, percent: 100 };
      publish(entry, 'changed');
    }
    publish(entry, 'changed');
    if (row.transient) entries.delete(row.id);
    entry.settle(view(entry));
  }

  function freeLock(lock: string | null): void {
    if (lock === null) return;
    heldLocks.delete(lock);
    const queue = waitingByLock.get(lock);
    const next = queue?.shift();
    if (queue?.length === 0) waitingByLock.delete(lock);
    if (next !== undefined) launch(next);
  }

  function launch(entry: Entry): void {
    if (entry.lock !== null) heldLocks.add(entry.lock);
    setImmediate(() => void run(entry).finally(() => freeLock(entry.lock)));
  }

  async function run(entry: Entry): Promise<void> {
    const { row, job, controller } = entry;
    if (job === null || row.state !== 'WAITING') return;
    if (controller.signal.aborted) return finish(entry, 'ABORTED');
    row.state = 'RUNNING';
    if (style.tellsStart) publish(entry, 'changed');
    try {
      const result = await raceAbort(Promise.resolve(job.run(handleOf(entry))), controller.signal);
      row.result = result === undefined ? null : result;
      finish(entry, 'SUCCESS');
    } catch (error) {
      if (controller.signal.aborted) return finish(entry, 'ABORTED');
      entry.failure = error;
      const failure = style.describe(error);
      row.error = failure.text;
      row.exception = failure.traceback;
      row.exc_info = failure.info;
      finish(entry, 'FAILED');
    }
  }

  /** Notes the ids of messages that joined a queued job. */
  function join(entry: Entry, messageIds: readonly unknown[]): void {
    const { row } = entry;
    if (messageIds.length === 0) return;
    row.message_ids = [...(row.message_ids ?? []), ...messageIds];
    publish(entry, 'changed');
  }

  function handleOf(entry: Entry): JobHandle {
    const { row, controller } = entry;
    const isThread = entry.job?.options.isThread === true;
    return {
      id: row.id,
      signal: controller.signal,
      progress(percent, description = '', extra = null) {
        const before = row.progress;
        const next = {
          percent: style.tellsEveryProgress ? percent : Math.trunc(percent),
          description: description === '' ? before.description : description,
          extra: extra ?? before.extra,
        };
        // A thread that was aborted runs on, and goes on telling.
        const isAtWork = row.state === 'RUNNING' || (isThread && row.state === 'ABORTED');
        if (!isAtWork || (!style.tellsEveryProgress && isDeepStrictEqual(before, next))) return;
        row.progress = next;
        publish(entry, 'changed');
      },
      log(line) {
        entry.log.push(line);
      },
      write(text) {
        entry.output.push(text);
      },
      wait: (ms) => sleep(ms, controller.signal),
    };
  }

  return {
    rows: () => Array.from(entries.values(), view),
    get(id) {
      const entry = entries.get(id);
      return entry === undefined ? undefined : view(entry);
    },
    failure: (id) => entries.get(id)?.failure ?? null,
    readRoles: (id) => entries.get(id)?.readRoles ?? [],
    logs: (id) =>
      entries
        .get(id)
        ?.log.map((line) => `${line}\n`)
        .join('') ?? '',
    output: (id) => entries.get(id)?.output.join('') ?? '',
    seed(rows) {
      return rows.map((seed) => {
        const row = seededRow(nextId++, seed, keepsMessageIds ? [] : undefined, now());
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
      // Ids that count as nothing in the NAS's language are not kept.
      const messageIds = keepsMessageIds ? (job.messageIds ?? []).filter(Boolean) : undefined;
      const isBusy = lock !== null && heldLocks.has(lock);
      if (isBusy) {
        const queued = queuedInstead(job, waitingByLock.get(lock) ?? []);
        if (queued !== null) {
          join(queued, messageIds ?? []);
          return queued.row.id;
        }
      }
      const row = newRow(nextId++, { ...job, messageIds, progress: style.firstProgress }, rawArgs, now());
      const entry = insert(row, job, lock, options.readRoles);
      publish(entry, 'added');
      if (!isBusy) launch(entry);
      else waitingByLock.set(lock, [...(waitingByLock.get(lock) ?? []), entry]);
      return entry.row.id;
    },
    abort(id) {
      const entry = entries.get(id);
      if (entry === undefined || entry.row.time_finished !== null) return;
      entry.controller.abort();
      // One that waits for a lock ends when its turn comes; a planted one has nobody to end it.
      if (entry.job === null) finish(entry, 'ABORTED');
    },
    forget(id) {
      entries.delete(id);
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

/** A row to show: with whoever is signed in on the job's connection now, and safe from later changes. */
function view({ row, job }: Entry): JobRow {
  return job === null ? { ...row } : { ...row, credentials: job.credentials?.() ?? null };
}

/** The queued job that stands for a new one when the lock's queue is full. @throws CallError EBUSY */
function queuedInstead(job: JobStart, queue: readonly Entry[]): Entry | null {
  const size = job.options.lockQueueSize ?? DEFAULT_QUEUE;
  if (size === 0) throw new CallError('This job is already being performed', ERRNO.EBUSY);
  if (queue.length < size) return null;
  const user = job.credentials?.()?.data.username;
  const joined = queue.findLast(
    (queued) => job.isFullAdmin === true || queued.job?.credentials?.()?.data.username === user,
  );
  if (joined === undefined)
    throw new CallError('This job is already being performed by another user', ERRNO.EBUSY);
  return joined;
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
