/** Events: what the NAS tells subscribers (PROTOCOL section 5). */
import type * as z from 'zod';
import type { SimRelease } from '../releases.ts';
import type { World } from '../world/world.ts';

/** One change, as `collection_update` carries it; `removed` has no fields. */
export interface SimEvent {
  /** Full name, e.g. `pool.dataset.query`. */
  readonly collection: string;
  readonly msg: 'added' | 'changed' | 'removed';
  readonly id?: unknown;
  readonly fields?: unknown;
  readonly extra?: unknown;
}

/** Receives events; returned by `subscribe` is the way to stop. */
export type EventListener = (event: SimEvent) => void;

/** The one place through which changes reach subscribers. */
export interface EventHub {
  /** Tells all who listen; delivery is synchronous and in order. */
  publish(event: SimEvent): void;
  /** Hears everything published until the returned function is called. */
  listen(listener: EventListener): () => void;
}

/** What a running event source can reach. */
export interface EventSourceContext {
  readonly release: SimRelease;
  readonly world: World;
  readonly now: () => number;
  /** Sends `added` with these fields to the one subscriber. */
  emit(fields: unknown): void;
  /** Ends the source by itself; the subscriber gets `notify_unsubscribed`. */
  end(error?: Error): void;
}

/**
 * An event that can be subscribed to, besides `<namespace>.query` of every query method (those follow from the method
 * and need no entry). With `start` it is an event source: it runs once per subscription.
 */
export interface SimEventDefinition {
  readonly name: string;
  readonly description: string;
  readonly releases?: readonly SimRelease[];
  /** Roles that may subscribe, expanded upward; none: only a full administrator. */
  readonly roles: readonly string[];
  /** Any signed-in user may subscribe. */
  readonly isOpen?: boolean;
  /** Arguments in the subscription's name, `name:{"interval":2}`. */
  readonly args?: z.ZodType;
  /** Starts the source for one subscription; the returned function stops it. */
  start?(context: EventSourceContext, args: never): () => void;
}

/** Makes an empty hub. */
export function createEventHub(): EventHub {
  const listeners = new Set<EventListener>();
  return {
    publish(event) {
      for (const listener of listeners) listener(event);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
