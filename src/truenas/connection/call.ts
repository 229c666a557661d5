/** One call on its way: waiting, sent, abandoned by its caller, or settled; exactly one of resolve and reject. */
import { offAbort, onAbort } from '../abort.ts';
import type { WireValue } from '../client.ts';
import type { TrueNasError } from '../errors.ts';
import { lostForGood, stopped, unknownOutcome } from './call-problems.ts';
import { encodeParams } from './codec.ts';
import type { Exchange, JsonRpc, Outcome } from './json-rpc.ts';
import { checkMessageSize } from './message-size.ts';

/** A call as the caller asks for it. */
export interface CallRequest {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly isWrite: boolean;
  /** For the present connection only. */
  readonly isBound: boolean;
  /** The id that the message is to bear. */
  readonly messageId?: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  resolve(result: WireValue): void;
  reject(error: TrueNasError): void;
}

/** The connection's part in a call's life. */
export interface CallHost {
  /** Why a call is still waiting, as the end of a sentence. */
  describeWait(): string;
  /** Takes a waiting call out of the queue. */
  withdraw(call: Call): boolean;
  /** The caller of a sent call no longer waits; its place stays taken until the NAS answers. */
  abandon(call: Call): void;
  /** The NAS answered: the place is free. */
  done(call: Call): void;
  /** The NAS answered with an error; true when the connection took the call back to send it again. */
  refused(call: Call, error: TrueNasError): boolean;
  /** The connection was lost; true when it took the call back to send it again. */
  lost(call: Call, cause: TrueNasError): boolean;
}

/** A call between its request and its end. Many wait at once, so it is data with as few functions as possible. */
export interface Call extends Exchange {
  readonly isWrite: boolean;
  /** For one connection only. */
  readonly isBound: boolean;
  /** `abandoned`: sent, and its caller no longer waits. */
  phase: 'waiting' | 'sent' | 'abandoned' | 'settled';
  /** When it began to wait, on the monotonic clock, in milliseconds. */
  waitingSince: number;
  /** How often it was sent again because of a fault. */
  repetitions: number;
  readonly host: CallHost;
  /** Replaced when the call is settled: whatever still refers to the call must not keep the answer alive. */
  caller: Pick<CallRequest, 'timeoutMs' | 'signal' | 'resolve' | 'reject'>;
  paramsText: string;
  stop: (() => void) | undefined;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Encodes a call and starts its clock.
 * @throws TrueNasError `validation`, `too-large` or `aborted` before anything is sent.
 */
export function createCall(request: CallRequest, host: CallHost): Call {
  const { method, isWrite, isBound, messageId, signal, timeoutMs } = request;
  if (signal?.aborted === true)
    throw stopped('aborted', method, `${method} was cancelled before it was sent.`);
  const paramsText = encodeParams(request.params);
  checkMessageSize(method, paramsText);
  const call: Call = {
    method,
    isWrite,
    isBound,
    messageId,
    phase: 'waiting',
    waitingSince: performance.now(),
    repetitions: 0,
    host,
    caller: request,
    paramsText,
    stop: undefined,
    timer: undefined,
    settle: (outcome) => settle(call, outcome),
  };
  call.timer = setTimeout(giveUp, timeoutMs, call, 'timeout');
  if (signal !== undefined) {
    call.stop = () => giveUp(call, 'aborted');
    onAbort(signal, call.stop);
  }
  return call;
}

/** Sends a waiting call; false when the connection takes nothing any more. */
export function sendCall(call: Call, rpc: JsonRpc): boolean {
  // Set before the bytes go out, and taken back if they did not.
  call.phase = 'sent';
  const isSent = rpc.send(call, call.paramsText);
  if (!isSent) call.phase = 'waiting';
  return isSent;
}

/** True for a call in flight that was not sent again yet. */
export function mayRepeat(call: Call): boolean {
  return call.phase === 'sent' && call.repetitions === 0;
}

/** Makes a sent call wait again; `isFree` does not use up its one repetition. */
export function prepareRepeat(call: Call, how?: { readonly isFree: boolean }): void {
  call.phase = 'waiting';
  call.waitingSince = performance.now();
  if (how?.isFree !== true) call.repetitions += 1;
}

/** Ends a call with an error. */
export function rejectCall(call: Call, error: TrueNasError): void {
  finish(call).reject(error);
}

function settle(call: Call, outcome: Outcome): void {
  switch (outcome.kind) {
    case 'result':
      call.host.done(call);
      if (call.phase === 'sent') finish(call).resolve(outcome.result);
      break;
    case 'error':
      if (call.phase === 'sent' && call.host.refused(call, outcome.problem)) return;
      call.host.done(call);
      if (call.phase === 'sent') rejectCall(call, outcome.problem);
      break;
    case 'unreadable':
      call.host.done(call);
      if (call.phase === 'sent') rejectCall(call, unreadable(call, outcome.problem));
      break;
    case 'lost':
      if (call.phase === 'sent' && !call.host.lost(call, outcome.problem))
        rejectCall(call, lost(call, outcome.problem));
  }
}

function unreadable({ method, isWrite }: Call, problem: TrueNasError): TrueNasError {
  return isWrite ? unknownOutcome(method, 'its answer could not be read', problem) : problem;
}

function lost({ method, isWrite, isBound }: Call, cause: TrueNasError): TrueNasError {
  return isWrite
    ? unknownOutcome(method, 'the connection ended before the answer came', cause)
    : lostForGood(method, cause, isBound);
}

/** Ends the caller's wait: its signal fired, or the time is up. */
function giveUp(call: Call, kind: 'timeout' | 'aborted'): void {
  const { method, isWrite, host } = call;
  const seconds = `${call.caller.timeoutMs / 1000} s`;
  if (call.phase === 'waiting') {
    const why = kind === 'timeout' ? `within ${seconds}: ${host.describeWait()}` : 'before it was cancelled';
    host.withdraw(call);
    rejectCall(call, stopped(kind, method, `${method} was not sent ${why}.`));
  } else if (call.phase === 'sent') {
    const why = kind === 'timeout' ? `there was no answer within ${seconds}` : 'the wait was cancelled';
    const { reject } = finish(call);
    call.phase = 'abandoned';
    reject(isWrite ? unknownOutcome(method, why) : stopped(kind, method, `${method}: ${why}.`));
    host.abandon(call);
  }
}

/** Stops the clock and returns the caller, who has to be told. */
function finish(call: Call): Call['caller'] {
  const { caller } = call;
  call.phase = 'settled';
  clearTimeout(call.timer);
  if (caller.signal !== undefined && call.stop !== undefined) offAbort(caller.signal, call.stop);
  call.caller = NOBODY;
  call.paramsText = '';
  return caller;
}

const NOBODY: Call['caller'] = { timeoutMs: 0, signal: undefined, resolve() {}, reject() {} };
