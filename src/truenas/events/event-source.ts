/**
 * Events of the NAS (PROTOCOL section 5): one subscription per name however many listen, made anew after the
 * connection was healed. There is no replay, so listeners are then told that they may have missed some.
 */
import { unlessAborted } from '../abort.ts';
import type { CallOptions, WireValue } from '../client.ts';
import type { Connection } from '../connection/connection.ts';
import { errorFromReply } from '../connection/reply-error.ts';
import { isPassingFault, isTrueNasError, TrueNasError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Notification } from '../connection/json-rpc.ts';

/** What a listener hears. Fields are as the NAS sends them, not redacted: job events carry raw results. */
export type NasEvent =
  | {
      readonly kind: 'added' | 'changed' | 'removed';
      readonly collection: string;
      readonly id: WireValue | undefined;
      /** What the change set; absent for `removed`. */
      readonly fields: Readonly<Record<string, WireValue>> | undefined;
    }
  /** The connection was lost and is back: events in between were missed; read the state anew. */
  | { readonly kind: 'missed'; readonly collection: string }
  /** The NAS ended the subscription, or would not renew it; no more events come. */
  | { readonly kind: 'ended'; readonly collection: string; readonly error: TrueNasError | undefined };

/** Hears events; what it throws is logged and dropped. */
export type EventListener = (event: NasEvent) => void;

/** One listener's stake in a subscription. */
export interface Subscription {
  /** Stops listening; the last one out ends the subscription on the NAS. */
  close(): Promise<void>;
}

/** Where events come from. */
export interface EventSource {
  /**
   * Listens to `<namespace>.query`, `core.get_jobs`, or a source with arguments such as
   * `reporting.realtime:{"interval":2}`. Subscribe first, then read the state: nothing is replayed.
   * @throws TrueNasError `not-authorized` when the account may not hear it.
   */
  subscribe(name: string, listener: EventListener, options?: CallOptions): Promise<Subscription>;
}

interface Topic {
  /** As the listeners call it. */
  readonly name: string;
  /** As the NAS of this connection calls it. */
  wireName: string;
  readonly listeners: Set<EventListener>;
  /** The NAS's id of the subscription, from the connection opened as number `epoch`. */
  id: string | undefined;
  epoch: number;
  pending: Promise<void> | undefined;
  /** Why it ended, if the NAS gave a reason. */
  error: TrueNasError | undefined;
}

/** How long after the end of a subscription the NAS may take to say that its source has ended. */
const GOODBYE_MS = 10_000;

/**
 * Makes the event source of a connection.
 * @param wireNameOf the name by which the connected NAS knows an event; undefined when all releases agree on it.
 */
export function createEventSource(
  connection: Connection,
  log: Log,
  wireNameOf: (name: string, options?: CallOptions) => Promise<string> | undefined,
): EventSource {
  const topics = new Map<string, Topic>();
  const byWireName = new Map<string, Topic>();
  /** Until when the NAS may still say that a source has ended which was let go of, by the name it has there. */
  const goodbyes = new Map<string, number>();

  connection.observe({
    onNotification,
    onReady() {
      for (const topic of topics.values()) if (topic.pending === undefined) renew(topic);
    },
    needsConnection: () => topics.size > 0,
  });

  function onNotification({ method, params }: Notification): void {
    const collection = params.collection;
    if (typeof collection !== 'string') return;
    if (method === 'notify_unsubscribed') {
      endTopic(collection, params.error);
    } else if (method === 'collection_update') {
      const event = readEvent(collection, params);
      if (event === undefined) return;
      tell(byWireName.get(collection), event);
      tell(byWireName.get('*'), event);
    }
  }

  function endTopic(name: string, error: unknown): void {
    const goodbyeUntil = goodbyes.get(name) ?? 0;
    goodbyes.delete(name);
    // It may come when the same source has been subscribed to again, and is not about that one.
    if ((error === null || error === undefined) && performance.now() < goodbyeUntil) return;
    const topic = byWireName.get(name);
    if (topic === undefined) return;
    const problem =
      error === null || error === undefined
        ? undefined
        : errorFromReply({ code: -32001, data: error }, { method: name, log, scrub: (text) => text });
    drop(topic, problem);
  }

  function drop(topic: Topic, error: TrueNasError | undefined): void {
    forget(topic);
    topic.error = error;
    tell(topic, { kind: 'ended', collection: topic.name, error });
    topic.listeners.clear();
  }

  function forget(topic: Topic): void {
    if (topics.get(topic.name) === topic) topics.delete(topic.name);
    if (byWireName.get(topic.wireName) === topic) byWireName.delete(topic.wireName);
  }

  async function open(topic: Topic, options?: CallOptions): Promise<void> {
    // A renewed session leaves its subscriptions in place: a second one would tell every event twice.
    if (topic.id !== undefined && topic.epoch === connection.epoch()) {
      // The NAS says of a source that is let go of that it has ended, which its listeners must not hear.
      byWireName.delete(topic.wireName);
      await unsubscribe(topic, topic.id);
    }
    const renamed = wireNameOf(topic.name, options);
    if (renamed !== undefined) {
      byWireName.delete(topic.wireName);
      topic.wireName = await renamed;
    }
    // Before the answer: the first event may be faster than it.
    byWireName.set(topic.wireName, topic);
    // Subscribing changes nothing that lasts, so it may be sent twice.
    const id = await connection.read('core.subscribe', [topic.wireName], options);
    topic.id = typeof id === 'string' ? id : undefined;
    topic.epoch = connection.epoch();
    // Everybody left in the meantime.
    if (topics.get(topic.name) !== topic) {
      forget(topic);
      if (topic.id !== undefined) await unsubscribe(topic, topic.id);
    }
  }

  /** After a new connection: subscribe again, then tell the listeners. */
  function renew(topic: Topic): void {
    topic.pending = open(topic).then(
      () => {
        topic.pending = undefined;
        tell(topic, { kind: 'missed', collection: topic.name });
      },
      (error: unknown) => {
        topic.pending = undefined;
        // Lost again: the next connection tries again. Without a loss nobody would, so the listeners have to know.
        if (connection.status().state !== 'ready' && isPassingFault(error)) return;
        log.warn('a subscription could not be renewed', { name: topic.name });
        drop(topic, isTrueNasError(error) ? error : undefined);
      },
    );
  }

  function tell(topic: Topic | undefined, event: NasEvent): void {
    if (topic === undefined) return;
    for (const listener of topic.listeners) {
      try {
        listener(event);
      } catch (error) {
        log.error('an event listener failed', { collection: event.collection, error: String(error) });
      }
    }
  }

  async function leave(topic: Topic, listener: EventListener): Promise<void> {
    if (!topic.listeners.delete(listener) || topic.listeners.size > 0) return;
    forget(topic);
    const { id } = topic;
    if (id === undefined || topic.epoch !== connection.epoch() || connection.status().state !== 'ready')
      return;
    await unsubscribe(topic, id);
  }

  async function unsubscribe(topic: Topic, id: string): Promise<void> {
    const now = performance.now();
    for (const [name, until] of goodbyes) if (until < now) goodbyes.delete(name);
    goodbyes.set(topic.wireName, now + GOODBYE_MS);
    await connection.read('core.unsubscribe', [id]).catch((error: unknown) => {
      log.debug('a subscription could not be ended', { name: topic.name, error: String(error) });
    });
  }

  return {
    async subscribe(name, listener, options) {
      if (options?.signal?.aborted === true) throw notHeard(name);
      let topic = topics.get(name);
      if (topic === undefined) {
        topic = {
          name,
          wireName: name,
          listeners: new Set(),
          id: undefined,
          epoch: 0,
          pending: undefined,
          error: undefined,
        };
        topics.set(name, topic);
        const created = topic;
        // Not with the caller's signal: others may join, and an answer that nobody reads would leave a subscription.
        topic.pending = open(topic, { timeoutMs: options?.timeoutMs }).then(
          () => {
            created.pending = undefined;
          },
          (error: unknown) => {
            created.pending = undefined;
            // Before those who wait have left one by one: nobody may join what never came about.
            forget(created);
            throw error;
          },
        );
      }
      const own: EventListener = (event) => listener(event);
      topic.listeners.add(own);
      const joined = topic;
      try {
        const { pending } = joined;
        const signal = options?.signal;
        await (pending === undefined || signal === undefined
          ? pending
          : unlessAborted(pending, signal, () => notHeard(name)));
      } catch (error) {
        await leave(joined, own);
        throw error;
      }
      // It ended while it was being opened or renewed: whoever is let in now would wait for events that never come.
      if (!joined.listeners.has(own)) throw joined.error ?? endedAtOnce(name);
      return { close: () => leave(joined, own) };
    },
  };
}

function endedAtOnce(name: string): TrueNasError {
  return new TrueNasError('call', {
    summary: `The NAS ended the subscription to ${name} as soon as it had begun.`,
    nextStep: 'Subscribe again if it is still wanted.',
    method: 'core.subscribe',
  });
}

function notHeard(name: string): TrueNasError {
  return new TrueNasError('aborted', {
    summary: `Listening to ${name} was cancelled before it began.`,
    nextStep: 'Subscribe again if it is still wanted.',
  });
}

function readEvent(collection: string, params: Readonly<Record<string, unknown>>): NasEvent | undefined {
  const kind = params.msg;
  if (kind !== 'added' && kind !== 'changed' && kind !== 'removed') return undefined;
  return {
    kind,
    collection,
    id: params.id as WireValue | undefined,
    fields: params.fields as Record<string, WireValue> | undefined,
  };
}
