/**
 * A watch looks at one thing on the NAS and says when it changed. Events of the NAS lag, are incomplete and carry unredacted
 * fields: an event only makes the watch look again, and only a reading that differs is an update. The watch also looks again
 * now and then, for changes without an event and for accounts that may not hear events.
 */
import type { NasEvent } from '../truenas/events/event.ts';
import type { EventSource, Subscription } from '../truenas/events/event-source.ts';
import type { Log } from '../truenas/log.ts';

/** A NAS event that makes a watch look again. */
export interface Trigger {
  /** Name to subscribe to, e.g. `pool.query`. */
  readonly event: string;
  /** False for an event that is about something else; every event counts when absent. */
  readonly concerns?: (event: NasEvent) => boolean;
}

/** One thing to watch. */
export interface Watched {
  readonly triggers: readonly Trigger[];
  /** Reads it and gives its state as text. Rejects when the NAS does not answer. */
  read(signal: AbortSignal): Promise<string>;
}

/** What a watch needs. */
export interface WatchDeps {
  readonly events: () => Promise<EventSource>;
  readonly log: Log;
  readonly timings?: Partial<WatchTimings> | undefined;
}

/** How often a watch looks, in milliseconds. */
export interface WatchTimings {
  /** From the first event of a burst to the one look that the burst causes. */
  readonly quietMs: number;
  /** Between looks while every trigger is subscribed to: events do not tell everything. */
  readonly slowPollMs: number;
  /** Between looks while one is not. */
  readonly pollMs: number;
}

const DEFAULTS: WatchTimings = { quietMs: 500, slowPollMs: 300_000, pollMs: 60_000 };

/** A watch in progress. */
export interface Watch {
  /** Resolves when the watch notices every change from now on; never rejects. */
  readonly ready: Promise<void>;
  /** Ends the watch and its subscriptions on the NAS. */
  close(): void;
}

/** Watches one thing until closed, and calls `onUpdate` once per change. */
export function watch(watched: Watched, onUpdate: () => void, deps: WatchDeps): Watch {
  const { quietMs, slowPollMs, pollMs } = { ...DEFAULTS, ...deps.timings };
  const ended = new AbortController();
  const subscriptions = new Map<string, Subscription>();
  let last: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let dueMs = Number.POSITIVE_INFINITY;
  let isFirst = true;
  let isReading = false;
  /** A lost connection may have swallowed events: the next reading is an update even if it is the same. */
  let isMissed = false;
  /** An event came during a reading, and may be about what was read before it. */
  let isOutdated = false;

  /** Looks after `delayMs`, or earlier if a look was planned already. */
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
    await subscribe();
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
      onUpdate();
    }
    isFirst = false;
    // No event will repeat the change that a failed reading missed: look again soon.
    const isSubscribed = isRead && subscriptions.size === watched.triggers.length;
    plan(isOutdated ? quietMs : isSubscribed ? slowPollMs : pollMs);
  }

  function onEvent(trigger: Trigger, event: NasEvent): void {
    if (event.kind === 'ended') {
      subscriptions.delete(trigger.event);
      // A subscription that ends as soon as it begins would make the watch look without pause: poll instead.
      if (isReading) return;
    } else if (event.kind === 'missed') {
      isMissed = true;
    } else if (trigger.concerns?.(event) === false) {
      return;
    }
    if (isReading) isOutdated = true;
    else plan(quietMs);
  }

  /** Subscribes to every trigger that is not; the account may lack the role, or the NAS be away. */
  async function subscribe(): Promise<void> {
    await Promise.all(
      watched.triggers.map(async (trigger) => {
        if (subscriptions.has(trigger.event) || ended.signal.aborted) return;
        try {
          const source = await deps.events();
          const subscription = await source.subscribe(trigger.event, (event) => onEvent(trigger, event), {
            signal: ended.signal,
          });
          if (ended.signal.aborted) await subscription.close();
          else subscriptions.set(trigger.event, subscription);
        } catch (error) {
          if (ended.signal.aborted) return;
          deps.log.debug('an event cannot be subscribed to; polling instead', {
            event: trigger.event,
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
      for (const subscription of subscriptions.values()) void subscription.close();
      subscriptions.clear();
    },
  };
}
