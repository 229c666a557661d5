/** How a long-running command comes to its end. */

/**
 * Longest time that closing may take before the process ends anyway. Twice what it should: on a busy machine timers are
 * late, and the last answers must not be cut off. A client that loses patience sends SIGTERM first, which is asked for already.
 */
const CLOSE_LIMIT_MS = 3000;

/** Resolves on the first request to stop (Ctrl-C, SIGTERM, the terminal closing). A second one ends the process at once. */
export function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    let isAsked = false;
    const ask = () => {
      if (isAsked) process.exit(130);
      isAsked = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const) {
      // SIGBREAK exists on Windows only; elsewhere listening to it is refused.
      if (signal === 'SIGBREAK' && process.platform !== 'win32') continue;
      process.on(signal, ask);
    }
  });
}

/** What is served, as far as ending it goes. */
export interface Ending {
  /** Resolves when all that was asked has been answered, at the latest after `limitMs`. */
  drained(limitMs: number): Promise<void>;
  close(): Promise<void>;
}

/** How long answers may still be worked on. Clients kill a server about two seconds after they closed its input. */
const DRAIN_LIMIT_MS = 1300;
/** How long it may take to tell those who still wait that it is over. */
const LAST_WORDS_MS = 200;

/**
 * Ends a service: what is under way is answered. What does not end in time is answered too: it fails with the
 * connection to the NAS, so that nobody is left to guess whether a change was made.
 */
export async function finish(service: Ending, nas: { close(): Promise<unknown> }): Promise<void> {
  await service.drained(DRAIN_LIMIT_MS);
  await Promise.allSettled([nas.close()]);
  await service.drained(LAST_WORDS_MS);
  await service.close();
}

/** Runs the closing steps at the same time; ends the process if they do not come to an end. */
export async function closeAll(steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  const limit = setTimeout(() => process.exit(), CLOSE_LIMIT_MS);
  limit.unref();
  await Promise.allSettled(steps.map((step) => step()));
}
