/**
 * Calls over the one connection to a NAS. They share it; those that find no room wait their turn.
 *
 * After a loss a read in flight is sent once more; a write in flight is reported as outcome unknown; a write that
 * was still waiting is reported as not sent, because the NAS it was meant for may no longer be in the same state.
 */
import { type CallHost, createCall, type PendingCall } from './call.ts';
import type { CallOptions, ConnectionStatus, WireValue } from '../client.ts';
import { createGate, MAX_IN_FLIGHT, NAS_WORKERS } from './call-queue.ts';
import { TrueNasError } from '../errors.ts';
import { createLink, type Link } from './link.ts';
import type { TrueNasOptions } from '../options.ts';
import { isSessionGone, isTooManyCalls } from './reply-error.ts';
import type { Timings } from './timings.ts';
import type { Notification } from './json-rpc.ts';

/** What events.ts needs to know about the connection. */
export interface ConnectionObserver {
  onNotification(notification: Notification): void;
  /** A connection was opened, or its session renewed. */
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

/** Makes the connection; nothing is opened until the first call. */
export function createConnection(options: TrueNasOptions, timings: Timings): Connection {
  // Behind as many abandoned calls as the NAS has workers a call would only wait there, where a write cannot be
  // taken back; here it can, and finds a new connection if the NAS is stuck.
  const places = () => (abandoned < NAS_WORKERS ? MAX_IN_FLIGHT : 0);
  const gate = createGate<PendingCall>(places, (call) => {
    const wire = link.wire();
    return wire !== undefined && call.sendOn(wire);
  });
  let observer: ConnectionObserver | undefined;
  let isClosed = false;
  /** Calls whose caller has gone, but whose place at the NAS is still taken. */
  let abandoned = 0;
  let stuckTimer: NodeJS.Timeout | undefined;
  /** Reads of the connection that is just ending, in the order in which they were sent. */
  let lostReads: PendingCall[] = [];

  const link: Link = createLink(options, timings, {
    need: () => (gate.waiting > 0 ? 'callers' : observer?.needsConnection() === true ? 'events' : 'nobody'),
    isBusy: () => gate.started > 0,
    onReady() {
      gate.open();
      observer?.onReady();
    },
    onPause: () => gate.shut(),
    onLost(cause) {
      abandoned = 0;
      clearTimeout(stuckTimer);
      stuckTimer = undefined;
      gate.reset();
      for (const call of gate.drain((waiting) => waiting.isBound)) call.reject(notSent(call, cause));
      gate.enterFirst(lostReads);
      lostReads = [];
    },
    onUnavailable: rejectWaiting,
    onNotification: (notification) => observer?.onNotification(notification),
  });

  const callHost: CallHost = {
    describeWait() {
      const { problem } = link.status();
      if (link.wire() !== undefined) return `${gate.started} other calls are still running on the NAS`;
      return `there was no connection${problem === undefined ? '' : ` (${problem.summary})`}`;
    },
    withdraw(call) {
      const isWaiting = gate.withdraw(call);
      link.needLess();
      return isWaiting;
    },
    abandon() {
      abandoned += 1;
      recycleIfStuck();
    },
    done(call) {
      if (call.isAbandoned()) abandoned -= 1;
      // The NAS does answer: it is busy, not stuck.
      clearTimeout(stuckTimer);
      stuckTimer = undefined;
      gate.leave();
      recycleIfStuck();
    },
    refused(call, error) {
      if (isTooManyCalls(error)) {
        requeueLater(call);
        return true;
      }
      // Refused again by a session that was just renewed: once more would not help.
      if (!isSessionGone(error) || !call.mayRepeat()) return false;
      link.renewSession();
      // The NAS did refuse a write here, but such a text could also come from a call within the method: not repeated.
      if (call.isWrite) return false;
      gate.leave();
      call.prepareRepeat();
      gate.enterFirst([call]);
      return true;
    },
    lost(call, cause) {
      // A giant answer would be as large the second time.
      if (call.isBound || !call.mayRepeat() || cause.kind === 'too-large' || isClosed) return false;
      call.prepareRepeat();
      lostReads.push(call);
      return true;
    },
  };

  function request(
    method: string,
    params: readonly unknown[],
    isWrite: boolean,
    limits: CallOptions | undefined,
  ): Promise<WireValue> {
    return new Promise<WireValue>((resolve, reject) => {
      if (isClosed) throw closedProblem();
      const timeoutMs = limits?.timeoutMs ?? options.timeoutMs;
      const signal = limits?.signal;
      const isBound = isWrite || limits?.isBound === true;
      const call = createCall(
        { method, params, isWrite, isBound, timeoutMs, signal, resolve, reject },
        callHost,
      );
      // A write is meant for the NAS whatever it has become; a bound read for the one that was there a moment ago.
      if (!isWrite && isBound && link.wire() === undefined) {
        call.reject(notSent(call, link.status().problem));
        return;
      }
      gate.enter(call);
      if (link.wire() === undefined) {
        link.connectIfNeeded();
      } else {
        link.touch();
        recycleIfStuck();
      }
    });
  }

  /** The NAS's dispatcher refuses a call too many before running it, so that even a write may be sent again. */
  function requeueLater(call: PendingCall): void {
    call.prepareRepeat({ isFree: true });
    gate.leave();
    const refusedOn = link.wire();
    const waitMs = timings.tooManyCallsWaitMs * (0.5 + Math.random());
    setTimeout(() => {
      if (call.isSettled()) return;
      if (isClosed) call.reject(closedProblem());
      else if (call.isBound && link.wire() !== refusedOn) call.reject(notSent(call, link.status().problem));
      else gate.enterFirst([call]);
      link.connectIfNeeded();
    }, waitMs);
  }

  function isStuck(): boolean {
    return abandoned >= NAS_WORKERS && abandoned >= gate.started && gate.waiting > 0;
  }

  /**
   * The NAS's workers are all held by calls that nobody waits for any more: start afresh, unless it still answers
   * some of them. A client that cancels a lot must not cost a sign-in each time.
   */
  function recycleIfStuck(): void {
    if (!isStuck() || stuckTimer !== undefined) return;
    stuckTimer = setTimeout(() => {
      stuckTimer = undefined;
      if (isStuck()) recycle();
    }, timings.stuckMs);
    stuckTimer.unref();
  }

  function recycle(): void {
    link.wire()?.fail(
      new TrueNasError('unreachable', {
        summary: `${abandoned} calls without an answer blocked the connection; it is opened anew.`,
        nextStep: 'Look at the load and the running jobs of the NAS.',
      }),
    );
  }

  function rejectWaiting(cause: TrueNasError): void {
    for (const call of gate.drain()) call.reject(call.isWrite ? notSent(call, cause) : cause);
  }

  function state(isConnecting: boolean, connections: number): ConnectionStatus['state'] {
    if (isClosed) return 'closed';
    if (link.wire() !== undefined) return 'ready';
    if (connections > 0 && (isConnecting || gate.waiting > 0)) return 'healing';
    return isConnecting ? 'connecting' : 'idle';
  }

  return {
    read: (method, params, limits) => request(method, params, false, limits),
    write: (method, params, limits) => request(method, params, true, limits),
    epoch: () => link.status().connections,
    observe(next) {
      observer = next;
    },
    status() {
      const { isConnecting, ...facts } = link.status();
      return {
        ...facts,
        state: state(isConnecting, facts.connections),
        url: options.url,
        inFlight: gate.started,
        queued: gate.waiting,
      };
    },
    close() {
      if (!isClosed) {
        isClosed = true;
        clearTimeout(stuckTimer);
        const cause = closedProblem();
        link.close(cause);
        rejectWaiting(cause);
      }
      return Promise.resolve();
    },
  };
}

function closedProblem(): TrueNasError {
  return new TrueNasError('closed', {
    summary: 'This program is ending, and has closed its connection to the NAS.',
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
