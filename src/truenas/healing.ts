/**
 * When to try for a connection again: back-off with jitter, and the window after a loss in which callers wait for
 * the NAS to come back (a restart, a failover) instead of failing at once.
 */
import type { Timings } from './timings.ts';

/** The schedule of one connection's attempts. */
export interface Healing {
  /** Time until the next attempt, in milliseconds; 0 or less when it may begin. */
  waitMs(): number;
  /** True when callers should wait that much longer for an attempt. */
  isWorthWaiting(waitMs: number): boolean;
  /** A connection was opened and signed in. */
  opened(): void;
  /** A connection that had worked was lost. */
  lost(): void;
  /** An attempt failed; `isPassing` when it may succeed by itself later. */
  failed(isPassing: boolean): void;
}

/** @param now a monotonic clock in milliseconds. */
export function createHealing(
  timings: Pick<Timings, 'backOffFirstMs' | 'backOffMaxMs' | 'healWindowMs' | 'stableAfterMs'>,
  now: () => number,
): Healing {
  let failures = 0;
  let retryAt = 0;
  let healUntil = 0;
  let openedAt = 0;

  function backOff(): void {
    failures += 1;
    const full = Math.min(timings.backOffMaxMs, timings.backOffFirstMs * 2 ** Math.min(failures - 1, 16));
    retryAt = now() + full * (0.5 + Math.random() / 2);
  }

  return {
    waitMs: () => retryAt - now(),
    isWorthWaiting: (waitMs) => now() + waitMs < healUntil,
    opened() {
      openedAt = now();
    },
    lost() {
      healUntil = now() + timings.healWindowMs;
      // A connection that keeps breaking is backed off from as if it had never come about.
      if (now() - openedAt < timings.stableAfterMs) backOff();
      else failures = retryAt = 0;
    },
    failed(isPassing) {
      backOff();
      if (!isPassing) healUntil = 0;
    },
  };
}
