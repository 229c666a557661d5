/**
 * The way to one NAS: opened when somebody needs it, signed in, kept alive, and opened again after a loss. It
 * knows nothing of calls; connection.ts does.
 */
import type { Account, SignInMechanism } from '../client.ts';
import { isTrueNasError, SignInError, TrueNasError } from '../errors.ts';
import { createHealing } from './reconnect-schedule.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createSignIn, type SignedIn } from '../sign-in/sign-in.ts';
import { createLoginBudget } from '../sign-in/sign-in-budget.ts';
import { createNews } from './log-once.ts';
import type { TrueNasOptions } from '../options.ts';
import { isSessionGone } from './reply-error.ts';
import { createScrubber } from './scrub.ts';
import type { Timings } from './timings.ts';
import { type Notification, openWire, type Wire } from './json-rpc.ts';

/** What the link asks of its owner, and tells it. */
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
  /** There will be no connection soon enough for those who wait. */
  onUnavailable(cause: TrueNasError): void;
  onNotification(notification: Notification): void;
}

/** The way to a NAS. */
export interface Link {
  /** The signed-in connection, if there is one now. */
  wire(): Wire | undefined;
  /** Sees to it that a connection comes about if one is needed; returns at once. */
  connectIfNeeded(): void;
  /** Notes that somebody no longer waits: an attempt that nobody needs is not made, and keeps no process alive. */
  needLess(): void;
  /** Signs in again on the connection that is there. */
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
  readonly mechanism: SignInMechanism | undefined;
  readonly account: Account | undefined;
  readonly problem: TrueNasError | undefined;
}

/** Makes the link; nothing is opened yet. */
export function createLink(options: TrueNasOptions, timings: Timings, host: LinkHost): Link {
  const { log } = options;
  const now = () => performance.now();
  const budget = createLoginBudget(timings, now);
  const healing = createHealing(timings, now);
  const signIn = createSignIn(options, timings.signInTimeoutMs);
  const news = createNews(log);
  const closing = new AbortController();

  let wire: Wire | undefined;
  /** Open, but not signed in yet. */
  let opening: Wire | undefined;
  let signedIn: SignedIn | undefined;
  let isConnecting = false;
  let isRenewing = false;
  let stopHeartbeat: (() => void) | undefined;
  let retryTimer: NodeJS.Timeout | undefined;
  let problem: TrueNasError | undefined;
  let lastUse = 0;
  let connections = 0;
  let signIns = 0;

  function connectIfNeeded(): void {
    const need = host.need();
    if (wire !== undefined || isConnecting || closing.signal.aborted || need === 'nobody') return;
    const pauseMs = need === 'callers' ? healing.waitMs() : healing.restMs();
    const waitMs = Math.max(pauseMs, budget.waitMs());
    if (waitMs <= 0) {
      void connect();
      return;
    }
    // Callers wait only while a connection that worked is being healed; else they hear at once what is wrong.
    const cause = budget.obstacle() ?? problem;
    if (cause !== undefined && !healing.isWorthWaiting(waitMs)) host.onUnavailable(cause);
    scheduleRetry(waitMs);
  }

  function scheduleRetry(waitMs: number): void {
    clearTimeout(retryTimer);
    const need = host.need();
    if (need === 'nobody') return;
    retryTimer = setTimeout(connectIfNeeded, waitMs);
    // Only callers keep the process alive; a subscription alone does not.
    if (need === 'events') retryTimer.unref();
  }

  function needLess(): void {
    const need = host.need();
    if (need === 'nobody') clearTimeout(retryTimer);
    else if (need === 'events') retryTimer?.unref();
  }

  async function connect(): Promise<void> {
    isConnecting = true;
    clearTimeout(retryTimer);
    try {
      const opened = await openWire({
        url: options.url,
        tls: options.tls,
        connectTimeoutMs: timings.connectTimeoutMs,
        signal: closing.signal,
        log,
        scrub: createScrubber(options.apiKey),
        onNotification: (notification) => host.onNotification(notification),
        onEnd: lost,
      });
      opening = opened;
      connections += 1;
      const session = await signInOn(opened);
      closing.signal.throwIfAborted();
      // It may have ended in the very packet that held the answer to the sign-in, when nobody minded yet.
      const ended = opened.problem();
      if (ended !== undefined) throw ended;
      isConnecting = false;
      opening = undefined;
      becomeReady(opened, session);
    } catch (error) {
      isConnecting = false;
      const cause = asProblem(error);
      opening?.close(cause);
      opening = undefined;
      failed(cause);
    }
  }

  async function signInOn(target: Wire): Promise<SignedIn> {
    budget.begin();
    signIns += 1;
    try {
      const session = await signIn(target);
      budget.succeeded();
      return session;
    } catch (error) {
      if (error instanceof SignInError && error.reason !== 'unexpected-answer') budget.refused(error);
      throw error;
    }
  }

  function becomeReady(opened: Wire, session: SignedIn): void {
    wire = opened;
    signedIn = session;
    problem = undefined;
    lastUse = now();
    healing.opened();
    news.tell('info', 'signed in to TrueNAS', { url: options.url, mechanism: session.mechanism });
    stopHeartbeat = startHeartbeat(opened, timings, {
      idleMs: () => (host.isBusy() ? 0 : now() - lastUse),
      onUse: touch,
      onRefused: (error) => {
        if (isSessionGone(error)) renewSession();
      },
    });
    host.onReady();
  }

  function touch(): void {
    lastUse = now();
  }

  function failed(cause: TrueNasError): void {
    problem = cause;
    if (closing.signal.aborted) return;
    news.tell('warn', 'no connection to TrueNAS', { kind: cause.kind, summary: cause.summary });
    healing.failed(cause.kind === 'unreachable' || cause.kind === 'timeout' || cause.kind === 'protocol');
    if (!healing.isWorthWaiting(healing.waitMs())) host.onUnavailable(cause);
    connectIfNeeded();
  }

  function lost(cause: TrueNasError): void {
    // While it is being opened, the failing sign-in call reports the loss.
    if (wire === undefined) return;
    leave(cause);
    news.tell('warn', 'lost the connection to TrueNAS', { kind: cause.kind, summary: cause.summary });
    healing.lost();
    connectIfNeeded();
  }

  function leave(cause: TrueNasError): void {
    // What happens after a connection that held is new again.
    if (healing.hasHeld()) news.forget();
    wire = undefined;
    signedIn = undefined;
    problem = cause;
    stopHeartbeat?.();
    host.onLost(cause);
  }

  function renewSession(): void {
    if (wire === undefined || isRenewing) return;
    const current = wire;
    isRenewing = true;
    host.onPause();
    // Not before the caller has put its call back into the queue: a refusal must find it there.
    queueMicrotask(() => void renewOn(current));
  }

  async function renewOn(current: Wire): Promise<void> {
    try {
      const obstacle = budget.obstacle();
      if (obstacle !== undefined) throw obstacle;
      const session = await signInOn(current);
      isRenewing = false;
      if (wire !== current) return;
      signedIn = session;
      log.info('signed in to TrueNAS again', { mechanism: session.mechanism });
      host.onReady();
    } catch (error) {
      isRenewing = false;
      if (wire !== current) return;
      const cause = asProblem(error);
      current.close(cause);
      // What is known to be wrong with the credential is told at once; else this was a connection like any other that broke.
      if (cause instanceof SignInError) {
        leave(cause);
        failed(cause);
      } else {
        lost(cause);
      }
    }
  }

  return {
    wire: () => wire,
    connectIfNeeded,
    needLess,
    renewSession,
    touch,
    close(cause) {
      closing.abort(cause);
      clearTimeout(retryTimer);
      opening?.close(cause);
      wire?.close(cause);
      leave(cause);
    },
    status: () => ({
      isConnecting,
      connections,
      signIns,
      mechanism: signedIn?.mechanism,
      account: signedIn?.account,
      problem,
    }),
  };
}

function asProblem(error: unknown): TrueNasError {
  if (isTrueNasError(error)) return error;
  return new TrueNasError('protocol', {
    summary: 'The connection could not be set up because of a fault in this program.',
    nextStep: 'Please report it.',
    cause: error,
  });
}
