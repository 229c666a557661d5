/** How a long-running command comes to its end. */

/** Longest time that closing may take before the process ends anyway. */
const CLOSE_LIMIT_MS = 2000;

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

/** Runs the closing steps at the same time; ends the process if they do not come to an end. */
export async function closeAll(steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  const limit = setTimeout(() => process.exit(), CLOSE_LIMIT_MS);
  limit.unref();
  await Promise.allSettled(steps.map((step) => step()));
}
