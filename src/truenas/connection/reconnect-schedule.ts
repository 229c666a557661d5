/**
 * Decides when to connect again. A caller gets an attempt at once, whatever happened to earlier ones; without new callers
 * there is back-off with jitter. In a window after a loss, callers wait for the NAS to come back (a restart, a failover)
 * instead of failing at once.
 */
import type { Timings } from './timings.ts';

/** The schedule of one connection's attempts. Times are of the monotonic clock, in milliseconds. */
export interface ReconnectSchedule {
  /** A caller begins to wait. */
  callerCame(): void;
  /**
   * Time until the next attempt; 0 or less when it may begin. While only subscriptions wait (`events`), a NAS that is away
   * for days is tried ever more rarely.
   */
  waitMs(need: 'callers' | 'events'): number;
  /** True when callers should wait that much longer for an attempt. */
  isWorthWaiting(waitMs: number): boolean;
  /** An attempt begins. */
  began(): void;
  /** The connection was opened and signed in. */
  opened(): void;
  /** An attempt failed; `isPassing` when it may succeed by itself later. */
  failed(isPassing: boolean): void;
  /** Callers who have waited since then or longer are told of the last attempt; later ones get an attempt of their own. */
  lastAttemptCounts(): number;
  /** A connection that had worked was lost. */
  lost(): void;
  /** True when the present connection, or the last one, has held. */
  hasHeld(): boolean;
}

type ScheduleTimings = Pick<
  Timings,
  'backOffFirstMs' | 'backOffMaxMs' | 'restMaxMs' | 'freshAttemptMs' | 'reconnectWindowMs' | 'stableAfterMs'
>;

/** Makes the schedule. @param now a monotonic clock in milliseconds. */
export function createReconnectSchedule(timings: ScheduleTimings, now: () => number): ReconnectSchedule {
  let failures = 0;
  let retryAt = 0;
  let restUntil = 0;
  let windowEnd = 0;
  let openedAt = 0;
  let attemptCountsUntil = 0;
  let isUnderWay = false;
  let isAttemptDue = false;

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
    callerCame() {
      if (!isUnderWay || now() > attemptCountsUntil) isAttemptDue = true;
    },
    waitMs(need) {
      if (need === 'events') return restUntil - now();
      return isAttemptDue ? 0 : retryAt - now();
    },
    isWorthWaiting: (waitMs) => now() + waitMs < windowEnd,
    began() {
      attemptCountsUntil = now() + timings.freshAttemptMs;
      isUnderWay = true;
      isAttemptDue = false;
    },
    opened() {
      isUnderWay = false;
      openedAt = now();
    },
    failed(isPassing) {
      isUnderWay = false;
      backOff();
      if (!isPassing) windowEnd = 0;
    },
    lastAttemptCounts: () => attemptCountsUntil,
    lost() {
      windowEnd = now() + timings.reconnectWindowMs;
      // A connection that keeps breaking is backed off from like one that could not be opened.
      if (hasHeld()) failures = retryAt = restUntil = 0;
      else backOff();
    },
    hasHeld,
  };
}
