/**
 * Many calls that end with one signal: it is listened to once, however many they are. An AbortSignal is slow to listen to
 * (each has a shape of its own for the engine), and warns of a leak when a tool asks the NAS for eleven things at once.
 */
const listening = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `listener` once when the signal fires; not at all if it already has. */
export function onAbort(signal: AbortSignal, listener: () => void): void {
  let listeners = listening.get(signal);
  if (listeners === undefined) {
    const all = new Set<() => void>();
    listeners = all;
    listening.set(signal, all);
    signal.addEventListener(
      'abort',
      () => {
        for (const each of all) each();
        all.clear();
      },
      { once: true },
    );
  }
  listeners.add(listener);
}

/** Takes back what {@link onAbort} was told. */
export function offAbort(signal: AbortSignal, listener: () => void): void {
  listening.get(signal)?.delete(listener);
}
