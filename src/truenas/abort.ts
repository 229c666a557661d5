/**
 * One listener per signal, shared by all calls that end with it. Listening to an AbortSignal is slow (each has a shape of
 * its own for the engine), and the eleventh listener draws a warning of a leak.
 */
interface Listening {
  readonly listeners: Set<() => void>;
  readonly tellAll: () => void;
}

const listening = new WeakMap<AbortSignal, Listening>();

/** Calls `listener` once when the signal fires; not at all if it already has. */
export function onAbort(signal: AbortSignal, listener: () => void): void {
  let known = listening.get(signal);
  if (known === undefined) {
    const listeners = new Set<() => void>();
    const tellAll = () => {
      for (const each of listeners) each();
      listeners.clear();
    };
    known = { listeners, tellAll };
    listening.set(signal, known);
    signal.addEventListener('abort', tellAll, { once: true });
  }
  known.listeners.add(listener);
}

/** Takes back what {@link onAbort} was told. */
export function offAbort(signal: AbortSignal, listener: () => void): void {
  const known = listening.get(signal);
  if (known?.listeners.delete(listener) !== true || known.listeners.size > 0) return;
  // Node never frees a combined signal while somebody listens to it.
  listening.delete(signal);
  signal.removeEventListener('abort', known.tellAll);
}

/** The end of a piece of work: a signal, a time, or both. */
export interface Limit {
  /** Fires with the signal it was made from, and when the time is up. */
  readonly signal: AbortSignal;
  readonly isTimeUp: () => boolean;
  /** Stops the clock and the listening; to be called when the work has ended. */
  release(): void;
}

/**
 * Makes a limit of `outer` and a time together. `AbortSignal.any` and `AbortSignal.timeout` are not used: Node keeps their
 * signals until they fire, and some of them for ever.
 */
export function limitedBy(outer: AbortSignal | undefined, timeoutMs?: number): Limit {
  const controller = new AbortController();
  let isTimeUp = false;
  const follow = () => controller.abort(outer?.reason);
  if (outer?.aborted === true) follow();
  else if (outer !== undefined) onAbort(outer, follow);
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          isTimeUp = true;
          controller.abort(new DOMException('The time is up.', 'TimeoutError'));
        }, timeoutMs);
  return {
    signal: controller.signal,
    isTimeUp: () => isTimeUp,
    release() {
      clearTimeout(timer);
      if (outer !== undefined) offAbort(outer, follow);
    },
  };
}

/** Waits for shared work, but no longer than `ms`; undefined when the time is up. No timer outlives the wait. */
export async function atMost<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits for shared work without owning it: a caller who leaves does not end it for the others.
 * @throws the error of `left` when the signal fires first.
 */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal, left: () => Error): Promise<T> {
  let leave = () => {};
  const gone = new Promise<never>((_resolve, reject) => {
    leave = () => reject(left());
    onAbort(signal, leave);
  });
  try {
    return await Promise.race([work, gone]);
  } finally {
    offAbort(signal, leave);
  }
}
