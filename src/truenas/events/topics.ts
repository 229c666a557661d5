/** The subscriptions of a connection: one per name, however many listen. */
import type { CallOptions } from '../client.ts';
import type { Connection } from '../connection/connection.ts';
import { isPassingFault, isTrueNasError, type TrueNasError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { EventListener, NasEvent } from './event.ts';

/** One subscription and its listeners. */
export interface Topic {
  /** As the listeners call it. */
  readonly name: string;
  /** As the NAS of this connection calls it. */
  nasName: string;
  readonly listeners: Set<EventListener>;
  /** The NAS's id of the subscription, from the connection opened as number `epoch`. */
  id: string | undefined;
  epoch: number;
  /** Settles when the subscription stands; undefined once it does. */
  pending: Promise<void> | undefined;
  /** Why it ended, if the NAS gave a reason. */
  error: TrueNasError | undefined;
}

/** All subscriptions of a connection. */
export interface Topics {
  readonly connection: Connection;
  readonly log: Log;
  /** The name by which the connected NAS knows an event. */
  readonly nasNameOf: (name: string, options?: CallOptions) => Promise<string>;
  readonly byName: Map<string, Topic>;
  readonly byNasName: Map<string, Topic>;
  /** Until when the NAS may still say that a source has ended which was let go of, by the name it has there. */
  readonly goodbyes: Map<string, number>;
}

/** How long after the end of a subscription the NAS may take to say that its source has ended. */
const GOODBYE_MS = 10_000;

/** Adds a topic and subscribes to it; `pending` fails when the NAS refuses. */
export function addTopic(topics: Topics, name: string, options?: CallOptions): Topic {
  const topic: Topic = {
    name,
    nasName: name,
    listeners: new Set(),
    id: undefined,
    epoch: 0,
    pending: undefined,
    error: undefined,
  };
  topics.byName.set(name, topic);
  topic.pending = open(topics, topic, options).then(
    () => {
      topic.pending = undefined;
    },
    (error: unknown) => {
      topic.pending = undefined;
      // Before those who wait have left one by one: a new listener must not join a failed subscription.
      forget(topics, topic);
      throw error;
    },
  );
  return topic;
}

/** Subscribes again over a new connection, then tells the listeners. */
export function renewTopic(topics: Topics, topic: Topic): void {
  const { connection, log } = topics;
  topic.pending = open(topics, topic).then(
    () => {
      topic.pending = undefined;
      tell(topics, topic, { kind: 'missed', collection: topic.name });
    },
    (error: unknown) => {
      topic.pending = undefined;
      // Lost again: the next connection tries again. Without a loss nobody would, so the listeners have to know.
      if (connection.status().state !== 'ready' && isPassingFault(error)) return;
      log.warn('a subscription could not be renewed', { name: topic.name });
      dropTopic(topics, topic, isTrueNasError(error) ? error : undefined);
    },
  );
}

/** Ends a topic that the NAS ended or refused. */
export function dropTopic(topics: Topics, topic: Topic, error: TrueNasError | undefined): void {
  forget(topics, topic);
  topic.error = error;
  tell(topics, topic, { kind: 'ended', collection: topic.name, error });
  topic.listeners.clear();
}

/** Takes a listener out; the last one ends the subscription on the NAS. */
export async function leaveTopic(topics: Topics, topic: Topic, listener: EventListener): Promise<void> {
  const { connection } = topics;
  if (!topic.listeners.delete(listener) || topic.listeners.size > 0) return;
  forget(topics, topic);
  const { id } = topic;
  if (id === undefined || topic.epoch !== connection.epoch() || connection.status().state !== 'ready') return;
  await unsubscribe(topics, topic, id);
}

/** Hands an event to all listeners of a topic. */
export function tell({ log }: Topics, topic: Topic | undefined, event: NasEvent): void {
  if (topic === undefined) return;
  for (const listener of topic.listeners) {
    try {
      listener(event);
    } catch (error) {
      log.error('an event listener failed', { collection: event.collection, error: String(error) });
    }
  }
}

/** True when the end of a source that the NAS reports is that of an earlier subscription. */
export function isGoodbye({ goodbyes }: Topics, nasName: string): boolean {
  const until = goodbyes.get(nasName) ?? 0;
  goodbyes.delete(nasName);
  return performance.now() < until;
}

async function open(topics: Topics, topic: Topic, options?: CallOptions): Promise<void> {
  const { connection, byName, byNasName } = topics;
  // A renewed session keeps its subscriptions: a second one would tell every event twice.
  if (topic.id !== undefined && topic.epoch === connection.epoch()) {
    // The NAS reports the end of a source that is let go of, which its listeners must not hear.
    byNasName.delete(topic.nasName);
    await unsubscribe(topics, topic, topic.id);
  }
  const nasName = await topics.nasNameOf(topic.name, options);
  if (nasName !== topic.nasName) byNasName.delete(topic.nasName);
  topic.nasName = nasName;
  // Before the answer: the first event may be faster than it.
  byNasName.set(topic.nasName, topic);
  // Subscribing changes nothing that lasts, so it may be sent twice.
  const id = await connection.read('core.subscribe', [topic.nasName], options);
  topic.id = typeof id === 'string' ? id : undefined;
  topic.epoch = connection.epoch();
  // Everybody left in the meantime.
  if (byName.get(topic.name) !== topic) {
    forget(topics, topic);
    if (topic.id !== undefined) await unsubscribe(topics, topic, topic.id);
  }
}

async function unsubscribe({ connection, log, goodbyes }: Topics, topic: Topic, id: string): Promise<void> {
  const now = performance.now();
  for (const [name, until] of goodbyes) if (until < now) goodbyes.delete(name);
  goodbyes.set(topic.nasName, now + GOODBYE_MS);
  await connection.read('core.unsubscribe', [id]).catch((error: unknown) => {
    log.debug('a subscription could not be ended', { name: topic.name, error: String(error) });
  });
}

function forget({ byName, byNasName }: Topics, topic: Topic): void {
  if (byName.get(topic.name) === topic) byName.delete(topic.name);
  if (byNasName.get(topic.nasName) === topic) byNasName.delete(topic.nasName);
}
