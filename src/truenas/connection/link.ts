/**
 * The link to one NAS: opened when somebody needs it, signed in, kept alive, and opened again after a loss. It knows
 * nothing of calls; connection.ts does.
 */
import type { TrueNasError } from '../errors.ts';
import type { TrueNasOptions } from '../options.ts';
import { type BudgetedSignIn, createBudgetedSignIn } from '../sign-in/budgeted-sign-in.ts';
import type { SignedIn } from '../sign-in/sign-in.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { JsonRpc, Notification } from './json-rpc.ts';
import { createLogOnce, type LogOnce } from './log-once.ts';
import { createReconnectSchedule, type ReconnectSchedule } from './reconnect-schedule.ts';
import { createRenewal } from './renewal.ts';
import { isSessionGone } from './reply-error.ts';
import { createScrubber } from './scrub.ts';
import { asProblem, openSession, type Session } from './session.ts';
import type { Timings } from './timings.ts';

/** The owner of a link: what it needs, and what it hears. */
export interface LinkHost {
  /** Calls wait for a connection (`callers`), only subscriptions do (`events`), or nobody. */
  need(): 'callers' | 'events' | 'nobody';
  /** True while calls run. */
  isBusy(): boolean;
  onReady(): void;
  /** The session is being renewed: send nothing until `onReady`. */
  onPause(): void;
  /** The connection is gone; its calls in flight have been told already. */
  onLost(cause: TrueNasError): void;
  /** There will be no connection soon enough for those who have waited since then or longer (monotonic clock, ms). */
  onUnavailable(cause: TrueNasError, waitingSince: number): void;
  onNotification(notification: Notification): void;
}

/** The link to a NAS. */
export interface Link {
  /** The signed-in connection, if there is one now. */
  rpc(): JsonRpc | undefined;
  /** Connects for a caller who begins to wait, whatever happened to earlier attempts; returns at once. */
  connectForCaller(): void;
  /** Notes that somebody no longer waits: an attempt that nobody needs is not made, and keeps no process alive. */
  needLess(): void;
  /** Signs in again on the present connection. */
  renewSession(): void;
  /** Notes that the connection is in use. */
  touch(): void;
  /** Ends for good. */
  close(cause: TrueNasError): void;
  status(): LinkStatus;
}

/** The link at this moment. */
export interface LinkStatus {
  readonly isConnecting: boolean;
  readonly connections: number;
  readonly signIns: number;
  readonly signedIn: SignedIn | undefined;
  readonly problem: TrueNasError | undefined;
}

interface LinkState {
  readonly options: TrueNasOptions;
  readonly timings: Timings;
  readonly host: LinkHost;
  readonly signIn: BudgetedSignIn;
  readonly schedule: ReconnectSchedule;
  readonly logOnce: LogOnce;
  readonly renewSession: () => void;
  readonly closing: AbortController;
  session: Session | undefined;
  isConnecting: boolean;
  stopHeartbeat: (() => void) | undefined;
  retryTimer: NodeJS.Timeout | undefined;
  problem: TrueNasError | undefined;
  lastUse: number;
  connections: number;
}

/** Makes the link; nothing is opened yet. */
export function createLink(options: TrueNasOptions, timings: Timings, host: LinkHost): Link {
  const signIn = createBudgetedSignIn(options, timings, now);
  const link: LinkState = {
    options,
    timings,
    host,
    signIn,
    schedule: createReconnectSchedule(timings, now),
    logOnce: createLogOnce(options.log),
    renewSession: createRenewal(signIn, {
      session: () => link.session,
      onPause: () => host.onPause(),
      onRenewed: (session) => renewed(link, session),
      onRefused(cause) {
        leave(link, cause);
        failed(link, cause, now());
      },
      onBroken: (cause) => lost(link, cause),
    }),
    closing: new AbortController(),
    session: undefined,
    isConnecting: false,
    stopHeartbeat: undefined,
    retryTimer: undefined,
    problem: undefined,
    lastUse: 0,
    connections: 0,
  };
  return {
    rpc: () => link.session?.rpc,
    connectForCaller() {
      link.schedule.callerCame();
      connectIfNeeded(link);
    },
    needLess: () => needLess(link),
    renewSession: link.renewSession,
    touch: () => touch(link),
    close: (cause) => close(link, cause),
    status: () => ({
      isConnecting: link.isConnecting,
      connections: link.connections,
      signIns: link.signIn.count(),
      signedIn: link.session?.signedIn,
      problem: link.problem,
    }),
  };
}

function now(): number {
  return performance.now();
}

function connectIfNeeded(link: LinkState): void {
  const { host, schedule, signIn } = link;
  const isClosed = link.closing.signal.aborted;
  const need = host.need();
  if (link.session !== undefined || link.isConnecting || isClosed || need === 'nobody') return;
  const waitMs = Math.max(schedule.waitMs(need), signIn.waitMs());
  if (waitMs <= 0) return void connect(link);
  // Callers wait only while a connection that worked is opened again; else they hear at once what is wrong.
  const cause = signIn.obstacle() ?? link.problem;
  if (cause !== undefined && !schedule.isWorthWaiting(waitMs)) host.onUnavailable(cause, now());
  scheduleRetry(link, waitMs);
}

function scheduleRetry(link: LinkState, waitMs: number): void {
  clearTimeout(link.retryTimer);
  const need = link.host.need();
  if (need === 'nobody') return;
  link.retryTimer = setTimeout(connectIfNeeded, waitMs, link);
  // Only callers keep the process alive; a subscription alone does not.
  if (need === 'events') link.retryTimer.unref();
}

function needLess(link: LinkState): void {
  const need = link.host.need();
  if (need === 'nobody') clearTimeout(link.retryTimer);
  else if (need === 'events') link.retryTimer?.unref();
}

async function connect(link: LinkState): Promise<void> {
  link.isConnecting = true;
  link.schedule.began();
  clearTimeout(link.retryTimer);
  try {
    const session = await openSession({
      options: link.options,
      connectTimeoutMs: link.timings.connectTimeoutMs,
      signIn: link.signIn,
      scrub: createScrubber(link.options.apiKey),
      signal: link.closing.signal,
      onOpen() {
        link.connections += 1;
      },
      onNotification: (notification) => link.host.onNotification(notification),
      onEnd: (cause) => lost(link, cause),
    });
    // It may have ended in the very packet that held the answer to the sign-in, when `lost` found no session.
    const ended = session.rpc.problem();
    if (ended !== undefined) throw ended;
    link.isConnecting = false;
    becomeReady(link, session);
  } catch (error) {
    link.isConnecting = false;
    failed(link, asProblem(error), link.schedule.lastAttemptCounts());
  }
}

function becomeReady(link: LinkState, session: Session): void {
  const { host } = link;
  link.session = session;
  link.problem = undefined;
  touch(link);
  link.schedule.opened();
  const { mechanism } = session.signedIn;
  link.logOnce.write('info', 'signed in to TrueNAS', { url: link.options.url, mechanism });
  link.stopHeartbeat = startHeartbeat(session.rpc, link.timings, {
    idleMs: () => (host.isBusy() ? 0 : now() - link.lastUse),
    onUse: () => touch(link),
    onRefused(error) {
      if (isSessionGone(error)) link.renewSession();
    },
  });
  host.onReady();
}

function renewed(link: LinkState, session: Session): void {
  link.session = session;
  link.options.log.info('signed in to TrueNAS again', { mechanism: session.signedIn.mechanism });
  link.host.onReady();
}

function touch(link: LinkState): void {
  link.lastUse = now();
}

/** @param waitingSince those who wait longer are told. */
function failed(link: LinkState, cause: TrueNasError, waitingSince: number): void {
  const { schedule, host, logOnce } = link;
  link.problem = cause;
  if (link.closing.signal.aborted) return;
  const { kind, summary } = cause;
  logOnce.write('warn', 'no connection to TrueNAS', { kind, summary });
  schedule.failed(kind === 'unreachable' || kind === 'timeout' || kind === 'protocol');
  if (!schedule.isWorthWaiting(schedule.waitMs('callers'))) host.onUnavailable(cause, waitingSince);
  connectIfNeeded(link);
}

function lost(link: LinkState, cause: TrueNasError): void {
  // During the sign-in its failing call reports the loss.
  if (link.session === undefined) return;
  leave(link, cause);
  const { kind, summary } = cause;
  link.logOnce.write('warn', 'lost the connection to TrueNAS', { kind, summary });
  link.schedule.lost();
  connectIfNeeded(link);
}

function leave(link: LinkState, cause: TrueNasError): void {
  // After a connection that held, the same line is news again.
  if (link.schedule.hasHeld()) link.logOnce.reset();
  link.session = undefined;
  link.problem = cause;
  link.stopHeartbeat?.();
  link.host.onLost(cause);
}

function close(link: LinkState, cause: TrueNasError): void {
  link.closing.abort(cause);
  clearTimeout(link.retryTimer);
  link.session?.rpc.close(cause);
  leave(link, cause);
}
