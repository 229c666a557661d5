/** The TrueNAS client: the NAS's API, and nothing of MCP. */
import { createReadClient, createReleaseReader, createWriteClient } from './connection/clients.ts';
import type { ReadClient, TrueNas } from './client.ts';
import { createConnection } from './connection/connection.ts';
import { createOfferedMethods } from './connection/offered-methods.ts';
import { createEventSource } from './events/event-source.ts';
import { type Reading, readTail } from './events/tail.ts';
import { createJobFollower } from './jobs/follower.ts';
import type { TrueNasOptions } from './options.ts';
import { isRenamed, nameInRelease } from './renames.ts';
import { DEFAULT_TIMINGS, type Timings } from './connection/timings.ts';

/**
 * A NAS under one credential. Nothing is opened until the first call, and a NAS that cannot be reached makes
 * calls fail, never this function.
 * @param timings shorter waiting times, for tests.
 */
export function openTrueNas(options: TrueNasOptions, timings: Partial<Timings> = {}): TrueNas {
  const waits = { ...DEFAULT_TIMINGS, ...timings };
  const connection = createConnection(options, waits);
  const release = createReleaseReader(connection, options.log);
  const events = createEventSource(connection, options.log, async (name, limits) =>
    isRenamed(name) ? nameInRelease(name, await release(limits)) : name,
  );
  const offered = createOfferedMethods(() => connection.epoch());
  const reading: Reading = new Map();
  const read: ReadClient = {
    ...createReadClient(connection, release, offered),
    tail: (source, args, lines, options) => readTail(events, reading, source, args, lines, options),
  };
  return {
    read,
    write: createWriteClient(connection, release, offered),
    jobs: createJobFollower({ read, events, epoch: () => connection.epoch(), timings: waits }),
    events,
    status: () => connection.status(),
    close: () => connection.close(),
  };
}

export type {
  Account,
  CallOptions,
  ConnectionStatus,
  ReadClient,
  SignInMechanism,
  TrueNas,
  WireValue,
  WriteClient,
  WriteOptions,
} from './client.ts';
export {
  type FieldProblem,
  isTrueNasError,
  JobLostError,
  OutcomeUnknownError,
  type SentJob,
  SignInError,
  type SignInReason,
  TrueNasError,
  type TrueNasErrorKind,
} from './errors.ts';
export type { EventListener, NasEvent } from './events/event.ts';
export type { EventSource, Subscription } from './events/event-source.ts';
export { isFinished, type Job, type JobState, jobResult } from './jobs/job.ts';
export type { FollowOptions, JobFollower } from './jobs/follower.ts';
export { findLostJob, LOST_JOB_READS } from './jobs/find-lost-job.ts';
export type { RunJobOptions, StartedJob, StartedJobs, StartJobOptions } from './jobs/started-jobs.ts';
export { type Log, silentLog } from './log.ts';
export type { TlsTrust, TrueNasOptions } from './options.ts';
export {
  anyOf,
  type Comparison,
  type Filter,
  type FilterOperator,
  type FilterValue,
  type QueryParts,
  query,
  type Selection,
} from './query.ts';
export { isAtLeast, type Release } from './releases.ts';
export type { WriteCredential } from './sign-in/write-sign-in.ts';
export { openWriteSession, type WriteSession, type WriteTarget } from './write-session.ts';
