/**
 * When to try for a connection again: back-off with jitter, and the window after a loss in which callers wait for
 * the NAS to come back (a restart, a failover) instead of failing at once.
 */
import type { Timings } from './timings.ts';

/** The schedule of one connection's attempts. */
export interface Healing {
  /** Time until the next attempt, in milliseconds; 0 or less when it may begin. */
  waitMs(): number;
  /** The same where nobody waits but subscriptions: a NAS that is away for days is tried ever more rarely. */
  restMs(): number;
  /** True when the connection that is there, or was there last, has held. */
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

/** @param now a monotonic clock in milliseconds. */
export function createHealing(
  timings: Pick<Timings, 'backOffFirstMs' | 'backOffMaxMs' | 'restMaxMs' | 'healWindowMs' | 'stableAfterMs'>,
  now: () => number,
): Healing {
  let failures = 0;
  let retryAt = 0;
  let restUntil = 0;
  let healUntil = 0;
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
    isWorthWaiting: (waitMs) => now() + waitMs < healUntil,
    opened() {
      openedAt = now();
    },
    lost() {
      healUntil = now() + timings.healWindowMs;
      // A connection that keeps breaking is backed off from as if it had never come about.
      if (hasHeld()) failures = retryAt = restUntil = 0;
      else backOff();
    },
    failed(isPassing) {
      backOff();
      if (!isPassing) healUntil = 0;
    },
  };
}
