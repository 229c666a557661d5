/**
 * Calls whose caller has gone, but whose place at the NAS is still taken. When they hold all workers of the NAS, a call
 * behind them would only wait there, where a write cannot be taken back: it waits here instead, and the connection is
 * opened anew if the NAS is stuck.
 */
import { TrueNasError } from '../errors.ts';
import { NAS_WORKERS } from './call-queue.ts';

/** Counts abandoned calls of one connection. */
export interface AbandonedCalls {
  add(): void;
  /** The NAS answered a call: it is busy, not stuck. */
  answered(wasAbandoned: boolean): void;
  holdAllWorkers(): boolean;
  /** Gives the connection up if they keep blocking it; to be called whenever calls come or go. */
  check(): void;
  /** Forgets all: the connection is gone. */
  reset(): void;
}

/** The connection of the calls. */
export interface AbandonedCallsHost {
  /** Calls that hold a place, and calls that wait for one. */
  started(): number;
  waiting(): number;
  recycle(problem: TrueNasError): void;
}

/** @param stuckMs how long they may block the connection before it is opened anew. */
export function createAbandonedCalls(stuckMs: number, host: AbandonedCallsHost): AbandonedCalls {
  let count = 0;
  let timer: NodeJS.Timeout | undefined;

  const isStuck = () => count >= NAS_WORKERS && count >= host.started() && host.waiting() > 0;

  function stopTimer(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  /** Waits first: a client that cancels a lot must not cost a sign-in each time the NAS is slow. */
  function check(): void {
    if (!isStuck() || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      if (isStuck()) host.recycle(blocked(count));
    }, stuckMs);
    timer.unref();
  }

  return {
    add() {
      count += 1;
      check();
    },
    answered(wasAbandoned) {
      if (wasAbandoned) count -= 1;
      stopTimer();
    },
    holdAllWorkers: () => count >= NAS_WORKERS,
    check,
    reset() {
      count = 0;
      stopTimer();
    },
  };
}

function blocked(count: number): TrueNasError {
  return new TrueNasError('unreachable', {
    summary: `${count} calls without an answer blocked the connection; it is opened anew.`,
    nextStep: 'Look at the load and the running jobs of the NAS.',
  });
}
