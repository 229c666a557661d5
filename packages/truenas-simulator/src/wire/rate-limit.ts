/** The limit on calls before sign-in: so many per method and address in a minute (PROTOCOL sections 2 and 13). */

/** Counts calls. */
export interface RateLimiter {
  /** Notes a call; true when it is one too many. */
  isExceeded(method: string, address: string): boolean;
  /** Forgets all calls. */
  reset(): void;
}

const WINDOW_MS = 60_000;
/** While the table holds exactly so many keys, every call is one too many; a key more, and none is. */
const FULL_TABLE = 100;
/** The table is emptied so often. */
const CLEARING_MS = 600_000;

/** Makes a limiter for `maxCalls` per (method, address) in 60 seconds. */
export function createRateLimiter(maxCalls: number, now: () => number): RateLimiter {
  const windows = new Map<string, { startMs: number; calls: number }>();
  let clearedMs = now();
  return {
    isExceeded(method, address) {
      const nowMs = now();
      if (nowMs - clearedMs >= CLEARING_MS) {
        windows.clear();
        clearedMs = nowMs;
      }
      const key = `${method} ${address}`;
      const window = windows.get(key) ?? { startMs: nowMs, calls: 0 };
      windows.set(key, window);
      if (nowMs - window.startMs >= WINDOW_MS) {
        window.startMs = nowMs;
        window.calls = 0;
      }
      window.calls += 1;
      return windows.size === FULL_TABLE || window.calls > maxCalls;
    },
    reset: () => windows.clear(),
  };
}
