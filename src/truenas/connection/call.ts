/** One call on its way: waiting, sent, abandoned by its caller, or settled; exactly one of resolve and reject. */
import { offAbort, onAbort } from '../abort.ts';
import type { WireValue } from '../client.ts';
import { encodeParams } from './codec.ts';
import { OutcomeUnknownError, TrueNasError } from '../errors.ts';
import { checkMessageSize } from './message-size.ts';
import type { Exchange, Wire } from './json-rpc.ts';

/** What the caller asked for. */
export interface CallRequest {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly isWrite: boolean;
  /** For the connection that is there now, and no other. */
  readonly isBound: boolean;
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
  withdraw(call: PendingCall): boolean;
  /** The caller of a sent call no longer waits; its place stays taken until the NAS answers. */
  abandon(call: PendingCall): void;
  /** The NAS answered: the place is free. */
  done(call: PendingCall): void;
  /** The NAS answered with an error; true when the connection took the call back to send it again. */
  refused(call: PendingCall, error: TrueNasError): boolean;
  /** The connection was lost; true when it took the call back to send it again. */
  lost(call: PendingCall, cause: TrueNasError): boolean;
}

/** A call between `request` and its end. */
export interface PendingCall {
  readonly method: string;
  readonly isWrite: boolean;
  /** For one connection only. */
  readonly isBound: boolean;
  /** Sends it; false when the wire takes nothing any more. */
  sendOn(wire: Wire): boolean;
  /** True while it was sent only once because of a fault. */
  mayRepeat(): boolean;
  /** Makes it a waiting call again; `isFree` does not use up its one repetition. */
  prepareRepeat(how?: { readonly isFree: boolean }): void;
  isAbandoned(): boolean;
  isSettled(): boolean;
  reject(error: TrueNasError): void;
}

/**
 * Encodes a call and starts its clock.
 * @throws TrueNasError `validation`, `too-large` or `aborted` before anything is sent.
 */
export function createCall(request: CallRequest, host: CallHost): PendingCall {
  const { method, params, signal } = request;
  if (signal?.aborted === true)
    throw stopped('aborted', method, `${method} was cancelled before it was sent.`);
  const paramsText = encodeParams(params);
  checkMessageSize(method, paramsText);
  return new Call(request, host, paramsText);
}

/**
 * A class, because many calls wait at once: as an object of functions each would hold seventeen of them, which every
 * collection of garbage copies.
 */
class Call implements PendingCall, Exchange {
  readonly method: string;
  readonly isWrite: boolean;
  readonly isBound: boolean;
  /** Let go of when the call is settled: what remembers old calls (the tables of a Map do) must not keep answers alive. */
  #request: Pick<CallRequest, 'timeoutMs' | 'signal' | 'resolve' | 'reject'>;
  readonly #host: CallHost;
  #paramsText: string;
  readonly #stop: () => void;
  readonly #timer: NodeJS.Timeout;
  #phase: 'waiting' | 'sent' | 'abandoned' | 'settled' = 'waiting';
  #repetitions = 0;

  constructor(request: CallRequest, host: CallHost, paramsText: string) {
    this.method = request.method;
    this.isWrite = request.isWrite;
    this.isBound = request.isBound;
    this.#request = request;
    this.#host = host;
    this.#paramsText = paramsText;
    this.#stop = () => this.#giveUp('aborted');
    this.#timer = setTimeout(giveUpInTime, request.timeoutMs, this);
    if (request.signal !== undefined) onAbort(request.signal, this.#stop);
  }

  sendOn(wire: Wire): boolean {
    // Set before the bytes go out, and taken back if they did not.
    this.#phase = 'sent';
    const isSent = wire.send(this, this.#paramsText);
    if (!isSent) this.#phase = 'waiting';
    return isSent;
  }

  mayRepeat(): boolean {
    return this.#phase === 'sent' && this.#repetitions === 0;
  }

  prepareRepeat(how?: { readonly isFree: boolean }): void {
    this.#phase = 'waiting';
    if (how?.isFree !== true) this.#repetitions += 1;
  }

  isAbandoned(): boolean {
    return this.#phase === 'abandoned';
  }

  isSettled(): boolean {
    return this.#phase === 'settled';
  }

  reject(error: TrueNasError): void {
    this.#settle().reject(error);
  }

  onResult(result: WireValue): void {
    this.#host.done(this);
    if (this.#phase !== 'sent') return;
    this.#settle().resolve(result);
  }

  onError(error: TrueNasError): void {
    if (this.#phase === 'sent' && this.#host.refused(this, error)) return;
    this.#host.done(this);
    if (this.#phase === 'sent') this.reject(error);
  }

  onUnreadable(problem: TrueNasError): void {
    this.#host.done(this);
    if (this.#phase !== 'sent') return;
    this.reject(
      this.isWrite ? unknownOutcome(this.method, 'its answer could not be read', problem) : problem,
    );
  }

  onLost(cause: TrueNasError): void {
    if (this.#phase !== 'sent' || this.#host.lost(this, cause)) return;
    this.reject(
      this.isWrite
        ? unknownOutcome(this.method, 'the connection ended before the answer came', cause)
        : lostForGood(this.method, cause, this.isBound),
    );
  }

  /** The time is up. */
  timeOut(): void {
    this.#giveUp('timeout');
  }

  /** The caller stops waiting: by its own signal, or because the time is up. */
  #giveUp(kind: 'timeout' | 'aborted'): void {
    const { method, isWrite } = this;
    const seconds = `${this.#request.timeoutMs / 1000} s`;
    if (this.#phase === 'waiting') {
      const why =
        kind === 'timeout' ? `within ${seconds}: ${this.#host.describeWait()}` : 'before it was cancelled';
      this.#host.withdraw(this);
      this.reject(stopped(kind, method, `${method} was not sent ${why}.`));
    } else if (this.#phase === 'sent') {
      const why = kind === 'timeout' ? `there was no answer within ${seconds}` : 'the wait was cancelled';
      const { reject } = this.#settle();
      this.#phase = 'abandoned';
      reject(isWrite ? unknownOutcome(method, why) : stopped(kind, method, `${method}: ${why}.`));
      this.#host.abandon(this);
    }
  }

  /** Ends the call; whom to tell. */
  #settle(): Pick<CallRequest, 'resolve' | 'reject'> {
    const request = this.#request;
    this.#phase = 'settled';
    clearTimeout(this.#timer);
    if (request.signal !== undefined) offAbort(request.signal, this.#stop);
    this.#request = NOBODY;
    this.#paramsText = '';
    return request;
  }
}

const NOBODY = { timeoutMs: 0, signal: undefined, resolve() {}, reject() {} };

function giveUpInTime(call: Call): void {
  call.timeOut();
}

function stopped(kind: 'timeout' | 'aborted', method: string, summary: string): TrueNasError {
  return new TrueNasError(kind, {
    summary,
    nextStep:
      kind === 'timeout'
        ? 'Try again, ask for less at once, or raise TRUENAS_TIMEOUT; the NAS may be busy.'
        : 'Call again if the answer is still wanted.',
    method,
  });
}

function unknownOutcome(method: string, why: string, cause?: TrueNasError): OutcomeUnknownError {
  return new OutcomeUnknownError(method, why, { nasText: cause?.nasText, cause });
}

function lostForGood(method: string, cause: TrueNasError, isBound: boolean): TrueNasError {
  // Whoever bound it repeats what was lost; why the connection was given up, over a message of another call, is not about it.
  const isJustLost = isBound && (cause.kind === 'protocol' || cause.kind === 'timeout');
  return new TrueNasError(isJustLost ? 'unreachable' : cause.kind, {
    summary: `${method} got no answer: ${cause.summary}`,
    nextStep: cause.nextStep,
    method,
    nasText: cause.nasText,
    cause,
  });
}
