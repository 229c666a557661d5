/**
 * Events of the NAS (PROTOCOL section 5): one subscription per name however many listen, made anew after the connection
 * was lost and opened again. There is no replay, so listeners are then told that they may have missed some.
 */
import { unlessAborted } from '../abort.ts';
import type { CallOptions } from '../client.ts';
import type { Connection } from '../connection/connection.ts';
import type { Notification } from '../connection/json-rpc.ts';
import { errorFromReply } from '../connection/reply-error.ts';
import { TrueNasError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type EventListener, readEvent } from './event.ts';
import { addTopic, dropTopic, isGoodbye, leaveTopic, renewTopic, tell, type Topics } from './topics.ts';

/** One listener's stake in a subscription. */
export interface Subscription {
  /** Stops listening; the last one out ends the subscription on the NAS. */
  close(): Promise<void>;
}

/** The events of a NAS. */
export interface EventSource {
  /**
   * Listens to `<namespace>.query`, `core.get_jobs`, or a source with arguments such as
   * `reporting.realtime:{"interval":2}`. Subscribe first, then read the state: nothing is replayed.
   * @throws TrueNasError `not-authorized` when the account may not hear it.
   */
  subscribe(name: string, listener: EventListener, options?: CallOptions): Promise<Subscription>;
}

/** Makes the event source of a connection; `nasNameOf` as in {@link Topics}. */
export function createEventSource(
  connection: Connection,
  log: Log,
  nasNameOf: Topics['nasNameOf'],
): EventSource {
  const topics: Topics = {
    connection,
    log,
    nasNameOf,
    byName: new Map(),
    byNasName: new Map(),
    goodbyes: new Map(),
  };
  connection.observe({
    onNotification: (notification) => onNotification(topics, notification),
    onReady() {
      for (const topic of topics.byName.values()) if (topic.pending === undefined) renewTopic(topics, topic);
    },
    needsConnection: () => topics.byName.size > 0,
  });
  return { subscribe: (name, listener, options) => subscribe(topics, name, listener, options) };
}

async function subscribe(
  topics: Topics,
  name: string,
  listener: EventListener,
  options: CallOptions | undefined,
): Promise<Subscription> {
  const signal = options?.signal;
  if (signal?.aborted === true) throw notHeard(name);
  // Without the caller's signal: others may join, and an answer that nobody reads would leave a subscription.
  const topic = topics.byName.get(name) ?? addTopic(topics, name, { timeoutMs: options?.timeoutMs });
  const own: EventListener = (event) => listener(event);
  topic.listeners.add(own);
  try {
    const { pending } = topic;
    await (pending === undefined || signal === undefined
      ? pending
      : unlessAborted(pending, signal, () => notHeard(name)));
  } catch (error) {
    await leaveTopic(topics, topic, own);
    throw error;
  }
  // It ended while it was being opened or renewed: this listener would wait for events that never come.
  if (!topic.listeners.has(own)) throw topic.error ?? endedAtOnce(name);
  return { close: () => leaveTopic(topics, topic, own) };
}

function onNotification(topics: Topics, { method, params }: Notification): void {
  const { collection } = params;
  if (typeof collection !== 'string') return;
  if (method === 'notify_unsubscribed') {
    onEnd(topics, collection, params.error ?? undefined);
  } else if (method === 'collection_update') {
    const event = readEvent(collection, params);
    if (event === undefined) return;
    tell(topics, topics.byNasName.get(collection), event);
    tell(topics, topics.byNasName.get('*'), event);
  }
}

function onEnd(topics: Topics, nasName: string, error: unknown): void {
  const isOfEarlierSubscription = isGoodbye(topics, nasName);
  if (error === undefined && isOfEarlierSubscription) return;
  const topic = topics.byNasName.get(nasName);
  if (topic === undefined) return;
  const problem =
    error === undefined
      ? undefined
      : errorFromReply(
          { code: -32001, data: error },
          { method: nasName, log: topics.log, scrub: (text) => text },
        );
  dropTopic(topics, topic, problem);
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
