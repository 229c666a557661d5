/**
 * A session for changes: one connection, signed in once by a person or with a key of its own, and never opened again. A
 * write in flight when it is lost is `outcome-unknown`; every later one is not sent.
 */
import { unlessAborted } from './abort.ts';
import type { Account, ReadClient, WriteClient } from './client.ts';
import { createReadClient, createReleaseReader, createWriteClient } from './connection/clients.ts';
import { type Connection, createConnectionOver } from './connection/connection.ts';
import { createOfferedMethods } from './connection/offered-methods.ts';
import { createTemporaryScrubber } from './connection/scrub.ts';
import { openSingleLink, type SingleLink } from './connection/single-link.ts';
import { DEFAULT_TIMINGS, type Timings } from './connection/timings.ts';
import { isTrueNasError, SignInError, TrueNasError } from './errors.ts';
import { createEventSource } from './events/event-source.ts';
import { createJobFollower, type JobFollower } from './jobs/follower.ts';
import { createStartedJobs, type StartedJobs } from './jobs/started-jobs.ts';
import type { TrueNasOptions } from './options.ts';
import { isRenamed, nameInRelease } from './renames.ts';
import { readAccount } from './sign-in/account.ts';
import { createWriteSignIn, secretsOf, type WriteCredential } from './sign-in/write-sign-in.ts';

/** An open session for changes. */
export interface WriteSession {
  /** Whoever signed in, with all roles. */
  readonly account: Account;
  /** Reads under this account. */
  readonly read: ReadClient;
  /** Sends each call once. A job method is answered with the number of its job: use `startJob` for those. */
  readonly write: WriteClient;
  readonly jobs: JobFollower;
  /** Starts a job; see {@link StartedJobs}. */
  readonly startJob: StartedJobs['start'];
  /** Starts a job and waits for its end; see {@link StartedJobs}. */
  readonly runJob: StartedJobs['run'];
  /** Jobs that were started here and whose end was not seen yet. */
  openJobs(): number;
  /** False once the connection was lost, or no new work is taken; it is never opened again. */
  isOpen(): boolean;
  /** Fires when the connection has ended. */
  readonly ended: AbortSignal;
  /**
   * Takes no new work but the abortion of open jobs, and closes when none is open; resolves then.
   * @param why the first sentence of the error for later calls.
   */
  closeAfterJobs(why: string): Promise<void>;
  /** Ends the connection now; jobs that still run lose their owner. */
  close(): Promise<void>;
}

/** The NAS that a write session is opened to. */
export type WriteTarget = Omit<TrueNasOptions, 'apiKey' | 'username' | 'isReadOnly'>;

/**
 * Connects, signs in once, and keeps nothing of the credential.
 * @param timings shorter waiting times, for tests.
 * @throws TrueNasError; SignInError with reason `otp-required` when the person is to be asked for the code
 */
export async function openWriteSession(
  options: WriteTarget,
  credential: WriteCredential,
  timings: Partial<Timings> = {},
): Promise<WriteSession> {
  const waits = { ...DEFAULT_TIMINGS, ...timings };
  const scrubber = createTemporaryScrubber(secretsOf(credential));
  const signIn = createWriteSignIn(credential, options.tls, waits.signInTimeoutMs);
  try {
    const link = await openSingleLink({ options, timings: waits, scrub: scrubber.scrub, signIn });
    return await sessionOver(link, options, waits);
  } finally {
    scrubber.forget();
  }
}

async function sessionOver(link: SingleLink, options: WriteTarget, timings: Timings): Promise<WriteSession> {
  const connection = createConnectionOver((host) => link.attach(host), options, timings);
  const release = createReleaseReader(connection, options.log);
  const events = createEventSource(connection, options.log, async (name, limits) =>
    isRenamed(name) ? nameInRelease(name, await release(limits)) : name,
  );
  const offered = createOfferedMethods(() => connection.epoch());
  const read = createReadClient(connection, release, offered);
  const write = createWriteClient(connection, release, offered);
  const follower = createJobFollower({ read, events, epoch: () => connection.epoch(), timings });
  const started = createStartedJobs({ read, write, follower, ended: link.ended });
  const account = link.signedIn.account ?? (await askForAccount(connection));
  /** Why no new work is taken; undefined while it is. */
  let retiredBy: TrueNasError | undefined;
  const unlessRetired = <T>(isAllowed: boolean, call: () => Promise<T>): Promise<T> =>
    retiredBy === undefined || isAllowed ? call() : Promise.reject(retiredBy);
  return {
    account,
    read: {
      ...read,
      call: (method, ...more) => unlessRetired(method === 'core.get_jobs', () => read.call(method, ...more)),
    },
    write: {
      write: (method, params = [], limits = {}) =>
        unlessRetired(isAbortion(method, params, started), () => write.write(method, params, limits)),
    },
    jobs: {
      get: (id, limits) => follower.get(id, limits),
      follow: (id, how) => unlessAborted(follower.follow(id, how), link.ended, () => endOf(link)),
    },
    startJob: (...job) => unlessRetired(false, () => started.start(...job)),
    runJob: (...job) => unlessRetired(false, () => started.run(...job)),
    openJobs: () => started.open().length,
    isOpen: () => !link.ended.aborted && retiredBy === undefined,
    ended: link.ended,
    async closeAfterJobs(why) {
      retiredBy ??= retired(why);
      await started.settled();
      await connection.close(retiredBy);
    },
    close: () => connection.close(retired('The session for changes was closed.')),
  };
}

function endOf({ ended }: SingleLink): Error {
  return isTrueNasError(ended.reason) ? ended.reason : retired('The session for changes has ended.');
}

/** The short form of a sign-in tells no account. */
async function askForAccount(connection: Connection): Promise<Account> {
  try {
    const account = readAccount(await connection.read('auth.me', []));
    if (account !== undefined) return account;
    throw new SignInError('unexpected-answer', {
      summary: 'The NAS accepted the sign-in, but does not say whose it is.',
      nextStep: 'Update this program: the NAS may be newer than it.',
    });
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** True for the end of a job that was started here. */
function isAbortion(method: string, params: readonly unknown[], started: StartedJobs): boolean {
  return method === 'core.job_abort' && started.open().some((id) => id === params[0]);
}

function retired(why: string): TrueNasError {
  return new TrueNasError('closed', { summary: why, nextStep: 'Sign in again for the next change.' });
}
