/** Faults that a test orders for the next calls of a method. */

/** What goes wrong with a call. */
export type Fault =
  /** The socket is cut as the call arrives; it is not executed. */
  | { readonly kind: 'drop-before' }
  /** The call is executed, then the socket is cut instead of an answer. */
  | { readonly kind: 'drop-after' }
  /** Waits between letting the call in and executing it. A 27.0 forgets the call when the socket closes meanwhile, older releases execute it. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Executed at once, answered later. */
  | { readonly kind: 'slow-answer'; readonly ms: number }
  /** Executed, never answered; the slot stays taken. */
  | { readonly kind: 'silence' }
  /** Closed with a code instead of executing. */
  | { readonly kind: 'close'; readonly code: number; readonly reason?: string }
  /** Executed; the answer is cut-off JSON in a whole frame. */
  | { readonly kind: 'malformed' }
  /** Executed; the answer stops in the middle of its frame, then the socket is cut. */
  | { readonly kind: 'half-frame' }
  /** Answers an id nobody used first, then properly. */
  | { readonly kind: 'answer-to-nobody' }
  /** Answers twice. */
  | { readonly kind: 'duplicate' }
  /** Executed; the result is replaced by a text of so many megabytes. */
  | { readonly kind: 'giant'; readonly megabytes: number }
  /** Refused with -32000, not executed. */
  | { readonly kind: 'too-many-calls' }
  /** Executed; the result is replaced. */
  | { readonly kind: 'result'; readonly result: unknown }
  /** Checked like any call and answered as if it had worked (`true` when `result` is absent); nothing is done. */
  | { readonly kind: 'pretend'; readonly result?: unknown }
  /** Executed without these fields of its arguments: what was asked for is there, but not all of it. */
  | { readonly kind: 'half'; readonly without: readonly string[] }
  /** The job ends as FAILED; its work is done first if `isDone`. */
  | {
      readonly kind: 'job-fails';
      readonly error?: string;
      readonly errno?: number;
      readonly isDone?: boolean;
    }
  /** The job ends as ABORTED, as if somebody had ended it; its work is done first if `isDone`. */
  | { readonly kind: 'job-aborts'; readonly isDone?: boolean }
  /** The job runs until it is aborted; its work is done first if `isDone`. */
  | { readonly kind: 'job-stays'; readonly isDone?: boolean }
  /** The job's row vanishes while it runs, and nothing tells how it ended; its work is done unless `isDone` is false. */
  | { readonly kind: 'job-lost'; readonly isDone?: boolean }
  /** Fails with this error object instead of executing. */
  | { readonly kind: 'error'; readonly code: number; readonly message: string; readonly data?: unknown };

/** Faults in waiting. */
export interface FaultQueue {
  /** Orders a fault for the next `times` calls of `method` (`*`: any). */
  add(method: string, fault: Fault, times?: number): void;
  /** The fault for a call that arrives now, used up by asking. */
  take(method: string): Fault | null;
  /** Forgets all. */
  clear(): void;
}

/** Makes an empty queue. */
export function createFaultQueue(): FaultQueue {
  let waiting: { readonly method: string; readonly fault: Fault; left: number }[] = [];
  return {
    add(method, fault, times = 1) {
      waiting.push({ method, fault, left: times });
    },
    take(method) {
      if (waiting.length === 0) return null;
      const entry = waiting.find((each) => each.method === method || each.method === '*');
      if (entry === undefined) return null;
      entry.left -= 1;
      if (entry.left <= 0) waiting = waiting.filter((each) => each !== entry);
      return entry.fault;
    },
    clear() {
      waiting = [];
    },
  };
}
