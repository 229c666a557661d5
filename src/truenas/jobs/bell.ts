/** Something to wait for. A ring wakes one wait; it is remembered when nobody waits yet. */
export interface Bell {
  ring(): void;
  /** Resolves when it rings, when the time is up, or when the signal fires. */
  heard(timeoutMs: number, signal: AbortSignal): Promise<void>;
}

/** Makes a bell that has not rung. */
export function createBell(): Bell {
  let isRung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      isRung = true;
      wake?.();
    },
    heard(timeoutMs, signal) {
      return new Promise((resolve) => {
        const done = () => {
          isRung = false;
          wake = undefined;
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        wake = done;
        signal.addEventListener('abort', done, { once: true });
        if (isRung || signal.aborted) done();
      });
    },
  };
}
