/** The server's own parts, as `core.*` and `auth.*` methods reach them. */
import type { TokenStore } from '../auth/tokens.ts';
import type { JobCredentials } from '../jobs/job-table.ts';
import type { SimMethod } from './method.ts';
import type { PowerAction } from '../server/power.ts';
import type { SimSession } from '../session/session-state.ts';

/** What only the server's own methods may touch. */
export interface Internals {
  /** Methods of this release by name. */
  readonly methods: ReadonlyMap<string, SimMethod>;
  /** Changes on each boot. */
  readonly bootId: string;
  /** SHA-256 of the server's certificate, null without TLS. */
  readonly certificateHash: Buffer | null;
  readonly tokens: TokenStore;
  /** How long the answer of `core.get_methods` is at least; null: as long as it is. */
  readonly catalogBytes: number | null;
  /** PBKDF2 rounds of SCRAM keys. */
  readonly scramIterations: number;
  /** Every open connection, signed in or not. */
  sessions(): readonly SimSession[];
  /** Closes a connection. */
  terminate(session: SimSession): void;
  /** Starts a subscription and answers its id. @throws CallError EACCES */
  subscribe(session: SimSession, name: string): string;
  unsubscribe(session: SimSession, id: string): void;
  /** Ends subscriptions to event sources. */
  dropEventSources(session: SimSession): void;
  /** True when the caller may call the method. */
  mayCall(session: SimSession, method: SimMethod): boolean;
  /** Runs a method for the caller, jobs included, and waits for the result. */
  callAndWait(
    session: SimSession,
    name: string,
    params: readonly unknown[],
  ): Promise<{ jobId: number | null; result: unknown }>;
  /** Starts a job method for the caller, and answers the job's id. @throws CallError EACCES, EBUSY */
  startJob(session: SimSession, name: string, params: readonly unknown[]): number;
  /** Who is signed in, as job rows say it. */
  jobCredentials(session: SimSession): JobCredentials | null;
  /** A link, good once and for five minutes, to what a job puts out. */
  offerDownload(session: SimSession, jobId: number, filename: string): string;
  /** Reboots or shuts down the machine a moment later. */
  power(action: PowerAction): void;
  /** Restarts the web server after some seconds, scaled for tests: connections are cut, and its certificate is that of the settings. */
  restartWeb(seconds: number): void;
  /** Does something after some seconds, scaled for tests, unless the server is closed before. */
  later(seconds: number, act: () => void): void;
  /** Waits as long as the real server does after a failed sign-in, scaled for tests. */
  delay(minMs: number, maxMs: number): Promise<void>;
}
