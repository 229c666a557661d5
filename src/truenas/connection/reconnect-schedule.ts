/**
 * Decides when to connect again: back-off with jitter, and a window after a loss in which callers wait for the NAS to
 * come back (a restart, a failover) instead of failing at once.
 */
import type { Timings } from './timings.ts';

/** The schedule of one connection's attempts. */
export interface ReconnectSchedule {
  /** Time until the next attempt, in milliseconds; 0 or less when it may begin. */
  waitMs(): number;
  /** The same while only subscriptions wait: a NAS that is away for days is tried ever more rarely. */
  restMs(): number;
  /** True when the present connection, or the last one, has held. */
  hasHeld(): boolean;
  /** True when callers should wait that much longer for an attempt. */
  isWorthWaiting(waitMs: number): boolean;
  /** A connection was opened and signed in. */
  opened(): void;
  /** A connection that had worked was lost. */
  lost(): void;
  /** An attempt failed; `isPassing` when it may succeed by itself later. */
  failed(isPassing: boolean): void;
}

/** Makes the schedule. @param now a monotonic clock in milliseconds. */
export function createReconnectSchedule(
  timings: Pick<
    Timings,
    'backOffFirstMs' | 'backOffMaxMs' | 'restMaxMs' | 'reconnectWindowMs' | 'stableAfterMs'
  >,
  now: () => number,
): ReconnectSchedule {
  let failures = 0;
  let retryAt = 0;
  let restUntil = 0;
  let windowEnd = 0;
  let openedAt = 0;

  function backOff(): void {
    failures += 1;
    const doubled = timings.backOffFirstMs * 2 ** Math.min(failures - 1, 16);
    const jitter = 0.5 + Math.random() / 2;
    retryAt = now() + Math.min(timings.backOffMaxMs, doubled) * jitter;
    restUntil = now() + Math.min(timings.restMaxMs, doubled) * jitter;
  }

  function hasHeld(): boolean {
    return now() - openedAt >= timings.stableAfterMs;
  }

  return {
    waitMs: () => retryAt - now(),
    restMs: () => restUntil - now(),
    hasHeld,
    isWorthWaiting: (waitMs) => now() + waitMs < windowEnd,
    opened() {
      openedAt = now();
    },
    lost() {
      windowEnd = now() + timings.reconnectWindowMs;
      // A connection that keeps breaking is backed off from like one that could not be opened.
      if (hasHeld()) failures = retryAt = restUntil = 0;
      else backOff();
    },
    failed(isPassing) {
      backOff();
      if (!isPassing) windowEnd = 0;
    },
  };
}
