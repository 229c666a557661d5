/** Ends a long-running command: on request, in time, and with an answer to everybody who waits. */

/**
 * Longest time that closing may take before the process ends anyway. It is twice what closing should take: on a busy machine
 * timers are late, and the last answers must not be cut off.
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

/** A service that can be ended. */
export interface Ending {
  /** Resolves when all that was asked has been answered, at the latest after `limitMs`. */
  drained(limitMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Longest time for the calls under way. Clients kill a server about two seconds after they closed its input. */
const DRAIN_LIMIT_MS = 1300;
/** Longest time for answers that say that it is over. */
const LAST_WORDS_MS = 200;

/**
 * Ends a service. Calls under way are answered; those that do not end in time fail with the connection to the NAS and are
 * answered too, so that nobody is left to guess whether a change was made.
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
