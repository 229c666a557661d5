/** The limit on calls before sign-in: so many per method and address in a minute (PROTOCOL section 2). */

/** Counts calls. */
export interface RateLimiter {
  /** Notes a call; true when it is one too many. */
  isExceeded(method: string, address: string): boolean;
  /** Forgets all calls. */
  reset(): void;
}

const WINDOW_MS = 60_000;
const MAX_KEYS = 100;

/** Makes a limiter for `maxCalls` per (method, address) in 60 seconds. */
export function createRateLimiter(maxCalls: number, now: () => number): RateLimiter {
  const windows = new Map<string, { startMs: number; calls: number }>();
  return {
    isExceeded(method, address) {
      const nowMs = now();
      for (const [key, window] of windows) {
        if (nowMs - window.startMs >= WINDOW_MS) windows.delete(key);
      }
      const key = `${method} ${address}`;
      const window = windows.get(key);
      if (window === undefined) {
        if (windows.size >= MAX_KEYS) return true;
        windows.set(key, { startMs: nowMs, calls: 1 });
        return maxCalls < 1;
      }
      window.calls += 1;
      return window.calls > maxCalls;
    },
    reset: () => windows.clear(),
  };
}
