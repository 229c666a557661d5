/**
 * The one connection to a NAS: opened on first use, signed in, kept alive, and opened again when it is lost and
 * somebody needs it. Calls share it; those that find no room wait their turn.
 *
 * After a loss a read in flight is sent once more; a write in flight is reported as outcome unknown; a write that
 * was still waiting is reported as not sent, because the NAS it was meant for may no longer be in the same state.
 */
import type { CallOptions, ConnectionStatus, WireValue } from './client.ts';
import { createCall, type PendingCall } from './call.ts';
import { createGate, MAX_IN_FLIGHT } from './concurrency.ts';
import { isTrueNasError, SignInError, TrueNasError } from './errors.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createSignIn, type SignedIn } from './login.ts';
import { createLoginBudget } from './login-budget.ts';
import type { TrueNasOptions } from './options.ts';
import { isSessionGone, isTooManyCalls } from './reply-error.ts';
import type { Timings } from './timings.ts';
import { type Notification, openWire, type Wire } from './wire.ts';

/** What events.ts needs to know about the connection. */
export interface ConnectionObserver {
  onNotification(notification: Notification): void;
  /** A connection was opened and signed in. */
  onReady(): void;
  /** True when the connection is to be opened again even though no call waits. */
  needsConnection(): boolean;
}

/** Calls over a connection that heals. */
export interface Connection {
  /** A call that changes nothing; may be sent twice. */
  read(method: string, params: readonly unknown[], options?: CallOptions): Promise<WireValue>;
  /** A call that changes something; executed at most once. */
  write(method: string, params: readonly unknown[], options?: CallOptions): Promise<WireValue>;
  /** Counts up with every connection that was opened: facts about the NAS hold for one epoch. */
  epoch(): number;
  observe(observer: ConnectionObserver): void;
  status(): ConnectionStatus;
  close(): Promise<void>;
}

/** More abandoned calls than the NAS has workers, and nobody else served: only a new connection helps. */
const STUCK_CALLS = 10;

/** Makes the connection; nothing is opened until the first call. */
export function createConnection(options: TrueNasOptions, timings: Timings): Connection {
  const { log } = options;
  const now = () => performance.now();
  const budget = createLoginBudget(timings, now);
  const signIn = createSignIn(options, timings.signInTimeoutMs);
  const gate = createGate<PendingCall>(MAX_IN_FLIGHT, start);
  const closing = new AbortController();

  let observer: ConnectionObserver | undefined;
  let wire: Wire | undefined;
  let signedIn: SignedIn | undefined;
  let isConnecting = false;
  let isRenewing = false;
  let stopHeartbeat: (() => void) | undefined;
  let retryTimer: NodeJS.Timeout | undefined;
  let problem: TrueNasError | undefined;
  let failures = 0;
  let retryAt = 0;
  let healUntil = 0;
  let readySince = 0;
  let lastUse = 0;
  let abandoned = 0;
  let lostReads: PendingCall[] = [];
  let connections = 0;
  let signIns = 0;

  function request(method: string, params: readonly unknown[], isWrite: boolean, limits?: CallOptions) {
    return new Promise<WireValue>((resolve, reject) => {
      if (closing.signal.aborted) throw closedProblem();
      const timeoutMs = limits?.timeoutMs ?? options.timeoutMs;
      const signal = limits?.signal;
      const call = createCall({ method, params, isWrite, timeoutMs, signal, resolve, reject }, callHost);
      lastUse = now();
      gate.enter(call);
      if (wire === undefined) connectIfNeeded();
      else recycleIfStuck();
    });
  }

  const callHost = {
    describeWait: () =>
      wire === undefined
        ? `there was no connection${problem === undefined ? '' : ` (${problem.summary})`}`
        : `${gate.started} other calls are still running on the NAS`,
    withdraw: (call: PendingCall) => gate.withdraw(call),
    abandon() {
      abandoned += 1;
      recycleIfStuck();
    },
    done(call: PendingCall) {
      if (call.isAbandoned()) abandoned -= 1;
      gate.leave();
    },
    refused(call: PendingCall, error: TrueNasError): boolean {
      if (isTooManyCalls(error)) return requeueLater(call);
      if (!isSessionGone(error)) return false;
      renewSession();
      // The NAS did refuse a write here, but its text could also come from a call within the method: not repeated.
      if (call.isWrite || !call.mayRepeat()) return false;
      gate.leave();
      call.prepareRepeat();
      gate.enterFirst([call]);
      return true;
    },
    lost(call: PendingCall, cause: TrueNasError): boolean {
      // A giant answer would be as large the second time.
      if (call.isWrite || !call.mayRepeat() || cause.kind === 'too-large' || closing.signal.aborted)
        return false;
      call.prepareRepeat();
      lostReads.push(call);
      return true;
    },
  };

  function start(call: PendingCall): boolean {
    return wire !== undefined && call.sendOn(wire);
  }

  /** The NAS's dispatcher refuses a call too many before it runs it, so that even a write may be sent again. */
  function requeueLater(call: PendingCall): boolean {
    call.prepareRepeat({ isFree: true });
    gate.leave();
    const wait = timings.tooManyCallsWaitMs * (0.5 + Math.random());
    setTimeout(() => {
      if (call.isSettled()) return;
      if (closing.signal.aborted) call.reject(closedProblem());
      else if (wire !== undefined || !call.isWrite) gate.enterFirst([call]);
      else call.reject(notSent(call, problem));
      connectIfNeeded();
    }, wait);
    return true;
  }

  function connectIfNeeded(): void {
    if (wire !== undefined || isConnecting || closing.signal.aborted) return;
    if (!isNeeded()) return;
    const wait = Math.max(retryAt - now(), budget.waitMs());
    if (wait <= 0) {
      void connect();
      return;
    }
    // Callers wait only while a connection that worked is being healed; else they hear at once what is wrong.
    if (now() + wait >= healUntil) rejectWaiting(budget.obstacle() ?? problem ?? closedProblem());
    if (isNeeded()) scheduleRetry(wait);
  }

  function isNeeded(): boolean {
    return gate.waiting > 0 || observer?.needsConnection() === true;
  }

  function scheduleRetry(waitMs: number): void {
    clearTimeout(retryTimer);
    retryTimer = setTimeout(connectIfNeeded, waitMs);
    // Only callers keep the process alive; a subscription alone does not.
    if (gate.waiting === 0) retryTimer.unref();
  }

  async function connect(): Promise<void> {
    isConnecting = true;
    clearTimeout(retryTimer);
    let opened: Wire | undefined;
    try {
      opened = await openWire({
        url: options.url,
        tls: options.tls,
        connectTimeoutMs: timings.connectTimeoutMs,
        signal: closing.signal,
        log,
        scrub,
        onNotification: (notification) => observer?.onNotification(notification),
        onEnd: lostConnection,
      });
      connections += 1;
      const session = await signInOn(opened);
      isConnecting = false;
      becomeReady(opened, session);
    } catch (error) {
      isConnecting = false;
      const cause = asProblem(error);
      opened?.close(cause);
      failedToConnect(cause);
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
    if (closing.signal.aborted) {
      opened.close(closedProblem());
      return;
    }
    wire = opened;
    signedIn = session;
    problem = undefined;
    readySince = lastUse = now();
    log.info('signed in to TrueNAS', { url: options.url, mechanism: session.mechanism });
    stopHeartbeat = startHeartbeat(opened, timings, {
      idleMs: () => (gate.started > 0 ? 0 : now() - lastUse),
      onUse: () => {
        lastUse = now();
      },
      onRefused: (error) => {
        if (isSessionGone(error)) renewSession();
      },
    });
    gate.open();
    observer?.onReady();
  }

  function failedToConnect(cause: TrueNasError): void {
    failures += 1;
    problem = cause;
    if (closing.signal.aborted) return;
    log.warn('no connection to TrueNAS', { kind: cause.kind, summary: cause.summary });
    retryAt = now() + backOffMs(failures, timings);
    const isPassing = cause.kind === 'unreachable' || cause.kind === 'timeout' || cause.kind === 'protocol';
    if (!isPassing || retryAt >= healUntil) {
      healUntil = 0;
      rejectWaiting(cause);
    }
    connectIfNeeded();
  }

  function lostConnection(cause: TrueNasError): void {
    // While it is being opened, the failing sign-in call reports the loss.
    if (wire === undefined) return;
    log.warn('lost the connection to TrueNAS', { kind: cause.kind, summary: cause.summary });
    leaveConnection(cause);
    const isStable = now() - readySince >= timings.stableAfterMs;
    failures = isStable ? 0 : failures + 1;
    retryAt = isStable ? now() : now() + backOffMs(failures, timings);
    healUntil = now() + timings.healWindowMs;
    connectIfNeeded();
  }

  /** Forgets the connection. Its calls in flight have been told; reads among them wait again by now. */
  function leaveConnection(cause: TrueNasError): void {
    wire = undefined;
    signedIn = undefined;
    problem = cause;
    abandoned = 0;
    stopHeartbeat?.();
    gate.reset();
    for (const call of gate.drain((waiting) => waiting.isWrite)) call.reject(notSent(call, cause));
    gate.enterFirst(lostReads);
    lostReads = [];
  }

  /** The session ended on a connection that is still there (expired, or its key replaced): sign in again on it. */
  function renewSession(): void {
    const current = wire;
    if (isRenewing || current === undefined) return;
    isRenewing = true;
    gate.shut();
    const obstacle = budget.obstacle();
    const attempt = obstacle === undefined ? signInOn(current) : Promise.reject(obstacle);
    attempt
      .then(
        (session) => {
          isRenewing = false;
          if (wire !== current) return;
          signedIn = session;
          log.info('signed in to TrueNAS again', { mechanism: session.mechanism });
          gate.open();
          observer?.onReady();
        },
        (error: unknown) => {
          isRenewing = false;
          if (wire !== current) return;
          const cause = asProblem(error);
          current.close(cause);
          leaveConnection(cause);
          failedToConnect(cause);
        },
      )
      .catch((error: unknown) => log.error('a sign-in could not be finished', { error: String(error) }));
  }

  /** The NAS's workers are all held by calls that nobody waits for any more: start afresh. */
  function recycleIfStuck(): void {
    if (abandoned < STUCK_CALLS || abandoned < gate.started || gate.waiting === 0) return;
    wire?.fail(
      new TrueNasError('unreachable', {
        summary: `${abandoned} calls without an answer blocked the connection; it is opened anew.`,
        nextStep: 'Look at the load and the running jobs of the NAS.',
      }),
    );
  }

  function rejectWaiting(cause: TrueNasError): void {
    for (const call of gate.drain()) call.reject(call.isWrite ? notSent(call, cause) : cause);
  }

  function scrub(text: string): string {
    const secret = options.apiKey.slice(options.apiKey.indexOf('-') + 1);
    const cleaned = text.replaceAll(options.apiKey, '[redacted]');
    return secret.length < 16 ? cleaned : cleaned.replaceAll(secret, '[redacted]');
  }

  function state(): ConnectionStatus['state'] {
    if (closing.signal.aborted) return 'closed';
    if (wire !== undefined) return 'ready';
    if (isConnecting) return connections === 0 ? 'connecting' : 'healing';
    return gate.waiting > 0 ? 'healing' : 'idle';
  }

  return {
    read: (method, params, limits) => request(method, params, false, limits),
    write: (method, params, limits) => request(method, params, true, limits),
    epoch: () => connections,
    observe(next) {
      observer = next;
    },
    status: () => ({
      state: state(),
      url: options.url,
      mechanism: signedIn?.mechanism,
      account: signedIn?.account,
      inFlight: gate.started,
      queued: gate.waiting,
      connections,
      signIns,
      problem,
    }),
    async close() {
      if (closing.signal.aborted) return;
      const cause = closedProblem();
      closing.abort(cause);
      clearTimeout(retryTimer);
      wire?.close(cause);
      leaveConnection(cause);
      rejectWaiting(cause);
    },
  };
}

function backOffMs(failures: number, timings: Timings): number {
  const full = Math.min(timings.backOffMaxMs, timings.backOffFirstMs * 2 ** Math.min(failures - 1, 16));
  return full * (0.5 + Math.random() / 2);
}

function closedProblem(): TrueNasError {
  return new TrueNasError('closed', {
    summary: 'The connection to the NAS was closed by this program.',
    nextStep: 'Start it again.',
  });
}

function notSent(call: PendingCall, cause: TrueNasError | undefined): TrueNasError {
  if (cause?.kind === 'signin' || cause?.kind === 'tls') return cause;
  const why = cause === undefined ? '' : ` ${cause.summary}`;
  return new TrueNasError(cause?.kind === 'closed' ? 'closed' : 'unreachable', {
    summary: `${call.method} was not sent; nothing was changed.${why}`,
    nextStep: cause?.nextStep ?? 'Call again.',
    method: call.method,
    nasText: cause?.nasText,
    cause,
  });
}

function asProblem(error: unknown): TrueNasError {
  if (isTrueNasError(error)) return error;
  return new TrueNasError('protocol', {
    summary: 'The connection could not be set up because of a fault in this program.',
    nextStep: 'Please report it.',
    cause: error,
  });
}
