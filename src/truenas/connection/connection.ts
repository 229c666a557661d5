/**
 * Calls over the one connection to a NAS. They share it; those that find no place wait their turn.
 *
 * After a loss a read in flight is sent once more; a write in flight is reported as outcome unknown; a waiting write is
 * reported as not sent, because the NAS it was meant for may no longer be in the same state.
 */
import type { CallOptions, ConnectionStatus, WireValue, WriteOptions } from '../client.ts';
import type { TrueNasError } from '../errors.ts';
import type { TrueNasOptions } from '../options.ts';
import { type AbandonedCalls, createAbandonedCalls } from './abandoned-calls.ts';
import { type Call, type CallHost, createCall, rejectCall, sendCall } from './call.ts';
import { closedProblem, notSent } from './call-problems.ts';
import { createCallQueue, MAX_IN_FLIGHT } from './call-queue.ts';
import type { Notification } from './json-rpc.ts';
import { createLink, type Link, type LinkHost } from './link.ts';
import { isRepeated, isTakenBack, type RepeatState } from './repeats.ts';
import type { Timings } from './timings.ts';

/** Hears of notifications and of new connections; the event source. */
export interface ConnectionObserver {
  onNotification(notification: Notification): void;
  /** A connection was opened, or its session renewed. */
  onReady(): void;
  /** True when the connection is to be opened again even though no call waits. */
  needsConnection(): boolean;
}

/** Calls over a connection that is opened again after a loss. */
export interface Connection {
  /** A call that changes nothing; may be sent twice. */
  read(method: string, params: readonly unknown[], options?: CallOptions): Promise<WireValue>;
  /** A call that changes something; executed at most once. */
  write(method: string, params: readonly unknown[], options?: WriteOptions): Promise<WireValue>;
  /** Counts up with every connection that was opened: facts about the NAS hold for one epoch. */
  epoch(): number;
  observe(observer: ConnectionObserver): void;
  status(): ConnectionStatus;
  /** Ends it for good. @param cause the error of all calls that wait or come later. */
  close(cause?: TrueNasError): Promise<void>;
}

/** The part of the options that calls depend on. */
type CallSettings = Pick<TrueNasOptions, 'url' | 'timeoutMs'>;

interface ConnectionState extends RepeatState {
  readonly options: CallSettings;
  readonly abandoned: AbandonedCalls;
  readonly callHost: CallHost;
  observer: ConnectionObserver | undefined;
}

/** Makes the connection; nothing is opened until the first call. */
export function createConnection(options: TrueNasOptions, timings: Timings): Connection {
  return createConnectionOver((host) => createLink(options, timings, host), options, timings);
}

/** Makes the connection over a link of another kind. */
export function createConnectionOver(
  makeLink: (host: LinkHost) => Link,
  options: CallSettings,
  timings: Timings,
): Connection {
  const state: ConnectionState = {
    options,
    timings,
    queue: createCallQueue(
      () => (state.abandoned.holdAllWorkers() ? 0 : MAX_IN_FLIGHT),
      (call) => {
        const rpc = state.link.rpc();
        return rpc !== undefined && sendCall(call, rpc);
      },
    ),
    link: makeLink({
      need: () => need(state),
      isBusy: () => state.queue.started > 0,
      onReady() {
        state.queue.open();
        state.observer?.onReady();
      },
      onPause: () => state.queue.shut(),
      onLost: (cause) => onLost(state, cause),
      onUnavailable: (cause, waitingSince) =>
        rejectWaiting(state, cause, (call) => call.waitingSince <= waitingSince),
      onNotification: (notification) => state.observer?.onNotification(notification),
    }),
    abandoned: createAbandonedCalls(timings.stuckMs, {
      started: () => state.queue.started,
      waiting: () => state.queue.waiting,
      recycle: (problem) => state.link.rpc()?.fail(problem),
    }),
    callHost: {
      describeWait: () => describeWait(state),
      withdraw: (call) => withdraw(state, call),
      abandon: () => state.abandoned.add(),
      done: (call) => done(state, call),
      refused: (call, error) => isTakenBack(state, call, error),
      lost: (call, cause) => isRepeated(state, call, cause),
    },
    lostReads: [],
    observer: undefined,
    closedBy: undefined,
  };
  return {
    read: (method, params, limits) => request(state, method, params, false, limits),
    write: (method, params, limits) => request(state, method, params, true, limits),
    epoch: () => state.link.status().connections,
    observe(next) {
      state.observer = next;
    },
    status: () => status(state),
    close(cause = closedProblem()) {
      close(state, cause);
      return Promise.resolve();
    },
  };
}

function request(
  state: ConnectionState,
  method: string,
  params: readonly unknown[],
  isWrite: boolean,
  limits: WriteOptions | undefined,
): Promise<WireValue> {
  const { link, queue } = state;
  return new Promise<WireValue>((resolve, reject) => {
    if (state.closedBy !== undefined) throw state.closedBy;
    const timeoutMs = Math.min(limits?.timeoutMs ?? Number.POSITIVE_INFINITY, state.options.timeoutMs);
    const isBound = isWrite || limits?.isBound === true;
    const { messageId, signal } = limits ?? {};
    const call = createCall(
      { method, params, isWrite, isBound, messageId, timeoutMs, signal, resolve, reject },
      state.callHost,
    );
    // A write is meant for the NAS whatever it has become; a bound read for the one that was there a moment ago.
    if (!isWrite && isBound && link.rpc() === undefined) {
      rejectCall(call, notSent(method, link.status().problem));
      return;
    }
    queue.add(call);
    if (link.rpc() === undefined) {
      link.connectForCaller();
    } else {
      link.touch();
      state.abandoned.check();
    }
  });
}

function need({ queue, observer }: ConnectionState): 'callers' | 'events' | 'nobody' {
  if (queue.waiting > 0) return 'callers';
  return observer?.needsConnection() === true ? 'events' : 'nobody';
}

function describeWait({ link, queue }: ConnectionState): string {
  if (link.rpc() !== undefined) return `${queue.started} other calls are still running on the NAS`;
  const { problem } = link.status();
  return `there was no connection${problem === undefined ? '' : ` (${problem.summary})`}`;
}

function withdraw({ queue, link }: ConnectionState, call: Call): boolean {
  const isWaiting = queue.withdraw(call);
  link.needLess();
  return isWaiting;
}

function done({ queue, abandoned }: ConnectionState, call: Call): void {
  abandoned.answered(call.phase === 'abandoned');
  queue.free();
  abandoned.check();
}

function onLost(state: ConnectionState, cause: TrueNasError): void {
  const { queue, abandoned, lostReads } = state;
  abandoned.reset();
  queue.reset();
  for (const call of queue.drain((waiting) => waiting.isBound)) rejectCall(call, notSent(call.method, cause));
  state.lostReads = [];
  queue.addFirst(lostReads);
}

function rejectWaiting(
  { queue }: ConnectionState,
  cause: TrueNasError,
  which?: (call: Call) => boolean,
): void {
  for (const call of queue.drain(which)) rejectCall(call, call.isWrite ? notSent(call.method, cause) : cause);
}

function status({ link, queue, options, closedBy }: ConnectionState): ConnectionStatus {
  const { isConnecting, connections, signIns, signedIn, problem } = link.status();
  const state = (): ConnectionStatus['state'] => {
    if (closedBy !== undefined) return 'closed';
    if (link.rpc() !== undefined) return 'ready';
    if (connections > 0 && (isConnecting || queue.waiting > 0)) return 'reconnecting';
    return isConnecting ? 'connecting' : 'idle';
  };
  return {
    state: state(),
    url: options.url,
    mechanism: signedIn?.mechanism,
    account: signedIn?.account,
    isReadOnly: signedIn?.isReadOnly,
    legacy: link.rpc()?.legacy,
    inFlight: queue.started,
    queued: queue.waiting,
    connections,
    signIns,
    problem,
  };
}

function close(state: ConnectionState, cause: TrueNasError): void {
  if (state.closedBy !== undefined) return;
  state.closedBy = cause;
  state.link.close(cause);
  rejectWaiting(state, cause);
}
