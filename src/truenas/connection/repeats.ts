/** Which calls are sent a second time: those that the NAS refused before running them, and reads lost with their connection. */
import type { TrueNasError } from '../errors.ts';
import { type Call, mayRepeat, prepareRepeat, rejectCall } from './call.ts';
import { notSent } from './call-problems.ts';
import type { CallQueue } from './call-queue.ts';
import type { Link } from './link.ts';
import { isSessionGone, isTooManyCalls } from './reply-error.ts';
import type { Timings } from './timings.ts';

/** The part of a connection's state that decides about repetitions. */
export interface RepeatState {
  readonly timings: Timings;
  readonly queue: CallQueue<Call>;
  readonly link: Link;
  /** Reads of the connection that is just ending, in the order in which they were sent. */
  lostReads: Call[];
  /** Why no call is taken any more; undefined while calls are. */
  closedBy: TrueNasError | undefined;
}

/** True when the NAS's refusal says nothing of the call: it is then sent again. */
export function isTakenBack(state: RepeatState, call: Call, error: TrueNasError): boolean {
  const { link, queue } = state;
  if (isTooManyCalls(error)) {
    requeueLater(state, call);
    return true;
  }
  // Refused again by a session that was just renewed: a third time would not help.
  if (!isSessionGone(error) || !mayRepeat(call)) return false;
  link.renewSession();
  // Such a text may also come from a call within the method, which then did run: a write is not repeated.
  if (call.isWrite) return false;
  queue.free();
  prepareRepeat(call);
  queue.addFirst([call]);
  return true;
}

/** The NAS's dispatcher refuses a call too many before running it, so even a write may be sent again. */
function requeueLater(state: RepeatState, call: Call): void {
  const { queue, link, timings } = state;
  prepareRepeat(call, { isFree: true });
  queue.free();
  const refusedOn = link.rpc();
  const waitMs = timings.tooManyCallsWaitMs * (0.5 + Math.random());
  setTimeout(() => {
    if (call.phase === 'settled') return;
    if (state.closedBy !== undefined) rejectCall(call, state.closedBy);
    else if (call.isBound && link.rpc() !== refusedOn)
      rejectCall(call, notSent(call.method, link.status().problem));
    else queue.addFirst([call]);
    link.connectForCaller();
  }, waitMs);
}

/** True when a lost call is kept, to be sent again over the next connection. */
export function isRepeated(state: RepeatState, call: Call, cause: TrueNasError): boolean {
  // A giant answer would be as large the second time.
  if (call.isBound || !mayRepeat(call) || cause.kind === 'too-large' || state.closedBy !== undefined)
    return false;
  prepareRepeat(call);
  state.lostReads.push(call);
  return true;
}
