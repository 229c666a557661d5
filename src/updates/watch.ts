/**
 * Tells who listens that a resource changed. The NAS's events are hints: they lag, are not complete, and carry
 * unredacted fields. So nothing of an event is passed on; it makes the resource be read again, and only a reading that
 * differs is told. While somebody listens the resource is also read again now and then, for changes without an event and
 * for accounts that may not hear events. Nobody listens: nothing is subscribed, nothing is read.
 */
import type { EventSource, NasEvent, Subscription } from '../truenas/events/event-source.ts';
import type { Log } from '../truenas/log.ts';

/** A NAS event after which what is watched may read differently. */
export interface WatchedEvent {
  /** Name to subscribe to, e.g. `pool.query`. */
  readonly event: string;
  /** False for an event that is about something else; every event counts when absent. */
  readonly concerns?: (event: NasEvent) => boolean;
}

/** One thing to watch. */
export interface Watched {
  readonly hints: readonly WatchedEvent[];
  /** Reads it and gives its state as text. Rejects when the NAS does not answer. */
  read(signal: AbortSignal): Promise<string>;
}

/** What watching takes. */
export interface WatchDeps {
  readonly events: () => Promise<EventSource>;
  readonly log: Log;
  readonly timings?: Partial<WatchTimings> | undefined;
}

/** How often things happen, in milliseconds. */
export interface WatchTimings {
  /** A burst of events is one reading, this long after its first. */
  readonly quietMs: number;
  /** Between readings where events are heard: they do not tell everything. */
  readonly slowPollMs: number;
  /** Between readings where they are not. */
  readonly pollMs: number;
}

const DEFAULTS: WatchTimings = { quietMs: 500, slowPollMs: 300_000, pollMs: 60_000 };

/** A watch in progress. */
export interface Watch {
  /** Resolves when changes from now on will be noticed; never rejects. */
  readonly ready: Promise<void>;
  /** Ends it, and its subscriptions on the NAS. */
  close(): void;
}

/** Watches one thing until closed; `changed` is called once per change. */
export function watch(watched: Watched, changed: () => void, deps: WatchDeps): Watch {
  const { quietMs, slowPollMs, pollMs } = { ...DEFAULTS, ...deps.timings };
  const ended = new AbortController();
  const heard = new Map<string, Subscription>();
  let last: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let dueMs = Number.POSITIVE_INFINITY;
  let isFirst = true;
  let isReading = false;
  /** Events may have been lost with the connection: told even if the reading is the same. */
  let isMissed = false;
  /** An event came during a reading, and may be about what had been read before it. */
  let isOutdated = false;

  /** Reads again after `delayMs`, or earlier if that was planned already. */
  function plan(delayMs: number): void {
    const atMs = performance.now() + delayMs;
    if (ended.signal.aborted || isReading || atMs >= dueMs) return;
    clearTimeout(timer);
    dueMs = atMs;
    timer = setTimeout(() => void look(), delayMs);
    timer.unref();
  }

  async function look(): Promise<void> {
    clearTimeout(timer);
    dueMs = Number.POSITIVE_INFINITY;
    isReading = true;
    isOutdated = false;
    const before = last;
    await hear();
    let isRead = true;
    try {
      last = await watched.read(ended.signal);
    } catch (error) {
      isRead = false;
      deps.log.debug('a watched resource could not be read', { error: String(error) });
    }
    isReading = false;
    if (ended.signal.aborted) return;
    if (isRead && (isMissed || (!isFirst && last !== before))) {
      isMissed = false;
      changed();
    }
    isFirst = false;
    // What could not be read may have changed, and no event will say so again.
    const isHeard = isRead && heard.size === watched.hints.length;
    plan(isOutdated ? quietMs : isHeard ? slowPollMs : pollMs);
  }

  function onEvent(hint: WatchedEvent, event: NasEvent): void {
    if (event.kind === 'ended') {
      heard.delete(hint.event);
      // While it is read again already, that is enough: one that ends as soon as it begins is polled.
      if (isReading) return;
    } else if (event.kind === 'missed') {
      isMissed = true;
    } else if (hint.concerns?.(event) === false) {
      return;
    }
    if (isReading) isOutdated = true;
    else plan(quietMs);
  }

  /** Subscribes to what is not heard yet; an account may lack the role, or the NAS be away. */
  async function hear(): Promise<void> {
    await Promise.all(
      watched.hints.map(async (hint) => {
        if (heard.has(hint.event) || ended.signal.aborted) return;
        try {
          const source = await deps.events();
          const subscription = await source.subscribe(hint.event, (event) => onEvent(hint, event), {
            signal: ended.signal,
          });
          if (ended.signal.aborted) await subscription.close();
          else heard.set(hint.event, subscription);
        } catch (error) {
          if (ended.signal.aborted) return;
          deps.log.debug('an event is not heard; polling instead', {
            event: hint.event,
            error: String(error),
          });
        }
      }),
    );
  }

  const ready = look();
  return {
    ready,
    close() {
      ended.abort();
      clearTimeout(timer);
      for (const subscription of heard.values()) void subscription.close();
      heard.clear();
    },
  };
}
