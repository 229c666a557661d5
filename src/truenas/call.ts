/** One call on its way: waiting, sent, abandoned by its caller, or settled; exactly one of resolve and reject. */
import { offAbort, onAbort } from './abort.ts';
import type { WireValue } from './client.ts';
import { encodeParams } from './codec.ts';
import { OutcomeUnknownError, TrueNasError } from './errors.ts';
import { checkMessageSize } from './message-size.ts';
import type { Exchange, Wire } from './wire.ts';

/** What the caller asked for. */
export interface CallRequest {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly isWrite: boolean;
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
  const { method, isWrite, timeoutMs, signal } = request;
  if (signal?.aborted === true) throw stopped('aborted', `${method} was cancelled before it was sent.`);
  const paramsText = encodeParams(request.params);
  checkMessageSize(method, paramsText);

  let phase: 'waiting' | 'sent' | 'abandoned' | 'settled' = 'waiting';
  let repetitions = 0;

  const call: PendingCall = {
    method,
    isWrite,
    sendOn(wire) {
      // Set before the bytes go out, and taken back if they did not.
      phase = 'sent';
      const isSent = wire.send(exchange, paramsText);
      if (!isSent) phase = 'waiting';
      return isSent;
    },
    mayRepeat: () => phase === 'sent' && repetitions === 0,
    prepareRepeat(how) {
      phase = 'waiting';
      if (how?.isFree !== true) repetitions += 1;
    },
    isAbandoned: () => phase === 'abandoned',
    isSettled: () => phase === 'settled',
    reject(error) {
      settle();
      request.reject(error);
    },
  };

  const exchange: Exchange = {
    method,
    onResult(result) {
      host.done(call);
      if (phase !== 'sent') return;
      settle();
      request.resolve(result);
    },
    onError(error) {
      if (phase === 'sent' && host.refused(call, error)) return;
      host.done(call);
      if (phase === 'sent') call.reject(error);
    },
    onUnreadable(problem) {
      host.done(call);
      if (phase !== 'sent') return;
      call.reject(isWrite ? unknownOutcome('its answer could not be read', problem) : problem);
    },
    onLost(cause) {
      if (phase !== 'sent' || host.lost(call, cause)) return;
      call.reject(
        isWrite ? unknownOutcome('the connection ended before the answer came', cause) : lostTwice(cause),
      );
    },
  };

  /** The caller stops waiting: by its own signal, or because the time is up. */
  function giveUp(kind: 'timeout' | 'aborted'): void {
    const seconds = `${timeoutMs / 1000} s`;
    if (phase === 'waiting') {
      const why =
        kind === 'timeout' ? `within ${seconds}: ${host.describeWait()}` : 'before it was cancelled';
      host.withdraw(call);
      call.reject(stopped(kind, `${method} was not sent ${why}.`));
    } else if (phase === 'sent') {
      const why = kind === 'timeout' ? `there was no answer within ${seconds}` : 'the wait was cancelled';
      settle();
      phase = 'abandoned';
      request.reject(isWrite ? unknownOutcome(why) : stopped(kind, `${method}: ${why}.`));
      host.abandon(call);
    }
  }

  function stopped(kind: 'timeout' | 'aborted', summary: string): TrueNasError {
    return new TrueNasError(kind, {
      summary,
      nextStep:
        kind === 'timeout'
          ? 'Try again, ask for less at once, or raise TRUENAS_TIMEOUT; the NAS may be busy.'
          : 'Call again if the answer is still wanted.',
      method,
    });
  }

  function unknownOutcome(why: string, cause?: TrueNasError): OutcomeUnknownError {
    return new OutcomeUnknownError(method, why, { nasText: cause?.nasText, cause });
  }

  function lostTwice(cause: TrueNasError): TrueNasError {
    return new TrueNasError(cause.kind, {
      summary: `${method} got no answer: ${cause.summary}`,
      nextStep: cause.nextStep,
      method,
      nasText: cause.nasText,
      cause,
    });
  }

  const stop = () => giveUp('aborted');
  const timer = setTimeout(giveUp, timeoutMs, 'timeout');
  if (signal !== undefined) onAbort(signal, stop);

  function settle(): void {
    phase = 'settled';
    clearTimeout(timer);
    if (signal !== undefined) offAbort(signal, stop);
  }

  return call;
}
