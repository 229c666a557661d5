/**
 * Change notices for resources, for every way a client can ask for them: `resources/subscribe` (2025-11-25, on stdio) and
 * `subscriptions/listen` (2026-07-28, on stdio and HTTP). A 2025-era client over stateless HTTP cannot be told anything,
 * so it is not offered.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  InMemoryServerEventBus,
  type JSONRPCMessage,
  type McpHttpHandler,
  type ServerEventBus,
  type Transport,
  type TransportSendOptions,
} from '@modelcontextprotocol/server';
import type { ReadClient } from '../../truenas/client.ts';
import type { EventSource } from '../../truenas/events/event-source.ts';
import type { Log } from '../../truenas/log.ts';
import type { WatchTimings } from '../../updates/watch.ts';
import type { ToolSource } from '../tool-registry.ts';
import { type NoticeStream, noticeStream, onceUntilSent } from '../../updates/delivery.ts';

/** Somebody who listens. */
export interface Listening {
  /** Resolves when changes from now on will be noticed; never rejects. */
  readonly ready: Promise<void>;
  close(): void;
}

/** Where changes of resources are told. */
export interface ChangeNotices {
  /** Calls `notify` with the URI, as given, whenever one of them changed. URIs of nothing are ignored. */
  listen(uris: readonly string[], notify: (uri: string) => void): Listening;
}

/** What change notices take. */
export interface NoticeDeps {
  readonly tools: ToolSource;
  readonly nas: () => Promise<ReadClient>;
  readonly events: () => Promise<EventSource>;
  readonly log: Log;
  /** Shorter waits, for tests. */
  readonly timings?: Partial<WatchTimings>;
}

/** Change notices from the NAS's own events; loaded, and the NAS bothered, only when somebody listens. */
export function changeNotices({ tools, ...deps }: NoticeDeps): ChangeNotices {
  const load = async () => {
    const [{ createNotices }, { offeredResources }, { findWatchable }, offered] = await Promise.all([
      import('../../updates/shared-watches.ts'),
      import('../../resources/index.ts'),
      import('../../resources/watchable.ts'),
      typeof tools === 'function' ? tools() : tools,
    ]);
    const resources = offeredResources(new Set(offered.map(({ name }) => name)));
    return createNotices({ ...deps, find: (uri) => findWatchable(resources, uri) });
  };
  let loaded: ReturnType<typeof load> | undefined;
  return {
    listen(uris, notify) {
      loaded ??= load();
      const opened = loaded.then((notices) => notices.listen(uris, notify));
      const report = (error: unknown): void => deps.log.error('change notices failed', { error });
      return {
        ready: opened.then(({ ready }) => ready).catch(report),
        close: () => void opened.then((listening) => listening.close()).catch(() => {}),
      };
    },
  };
}

/** Meta key under which a notification names the listen request it belongs to. */
const SUBSCRIPTION_ID = 'io.modelcontextprotocol/subscriptionId';

/**
 * Wraps the transport of a stdio connection: the SDK answers `subscriptions/listen` by itself and tells nobody who
 * listens to what, so it is read from what passes by. On a 2025-era connection nothing of the kind passes.
 */
export function noticing(inner: Transport, notices: ChangeNotices): Transport {
  /** Undefined while the SDK has not agreed yet: a client may cancel in the same breath. */
  const open = new Map<string | number, Listening | undefined>();
  const end = (id: unknown): void => {
    if (typeof id !== 'string' && typeof id !== 'number') return;
    open.get(id)?.close();
    open.delete(id);
  };
  const endAll = (): void => {
    for (const id of [...open.keys()]) end(id);
  };
  const outer: Transport = {
    start: () => inner.start(),
    close: () => inner.close(),
    async send(message: JSONRPCMessage, options?: TransportSendOptions) {
      await inner.send(message, options);
      if (!('method' in message)) return end(message.id);
      const honored = acknowledged(message);
      if (honored === undefined) return;
      const { id, uris, meta } = honored;
      // Cancelled before it was agreed to, or the connection has ended.
      if (!open.has(id)) return;
      end(id);
      if (uris.length === 0) return;
      const notify = onceUntilSent(async (uri) => {
        // Nothing follows a cancellation.
        if (open.get(id) !== listening) return;
        const params = { uri, _meta: meta };
        try {
          await inner.send({ jsonrpc: '2.0', method: 'notifications/resources/updated', params });
        } catch (error) {
          outer.onerror?.(error instanceof Error ? error : new Error(String(error)));
        }
      });
      const listening = notices.listen(uris, notify);
      open.set(id, listening);
    },
  };
  inner.onmessage = (message, extra) => {
    if ('method' in message) {
      if (message.method === 'notifications/cancelled') end(message.params?.requestId);
      if (message.method === 'subscriptions/listen' && 'id' in message) {
        end(message.id);
        open.set(message.id, undefined);
      }
    }
    outer.onmessage?.(message, extra);
  };
  inner.onerror = (error) => outer.onerror?.(error);
  inner.onclose = () => {
    endAll();
    outer.onclose?.();
  };
  return outer;
}

/** What the SDK agreed to, from the notification with which it answers a listen request. */
function acknowledged(
  message: JSONRPCMessage,
): { id: string | number; uris: readonly string[]; meta: Record<string, unknown> } | undefined {
  if (!('method' in message) || message.method !== 'notifications/subscriptions/acknowledged')
    return undefined;
  const meta = message.params?._meta;
  if (!isRecord(meta)) return undefined;
  const id = meta[SUBSCRIPTION_ID];
  if (typeof id !== 'string' && typeof id !== 'number') return undefined;
  return { id, uris: wantedUris(message.params), meta };
}

/** The two parts that an HTTP handler needs for `subscriptions/listen`. */
export interface HttpNotices {
  /** For `createMcpHandler`. */
  readonly bus: ServerEventBus;
  /** The handler to serve instead: it knows which stream asked for what. */
  wrap(handler: McpHttpHandler): Pick<McpHttpHandler, 'fetch'>;
}

/** Change notices for HTTP. The SDK filters what a stream gets; all that is learned here is when to watch what. */
export function noticesOverHttp(notices: ChangeNotices): HttpNotices {
  // Each stream registers with the bus while its request is being answered, without saying what it wants.
  const asking = new AsyncLocalStorage<NoticeStream>();
  const inner = new InMemoryServerEventBus();
  return {
    bus: {
      publish: (event) => inner.publish(event),
      subscribe(listener) {
        const leave = inner.subscribe(listener);
        const stream = asking.getStore();
        if (stream === undefined || stream.uris.length === 0) return leave;
        const notify = stream.paced((uri) => listener({ kind: 'resource_updated', uri }));
        const listening = notices.listen(stream.uris, notify);
        return () => {
          leave();
          listening.close();
        };
      },
    },
    wrap: (handler) => ({
      async fetch(request, options) {
        if (request.headers.get('mcp-method') !== 'subscriptions/listen')
          return handler.fetch(request, options);
        const stream = noticeStream(await urisOf(request));
        return stream.watched(await asking.run(stream, () => handler.fetch(request, options)));
      },
    }),
  };
}

/** The URIs that a listen request names; none when it is not one, which the SDK then says. */
async function urisOf(request: Request): Promise<readonly string[]> {
  try {
    const body: unknown = await request.clone().json();
    return isRecord(body) ? wantedUris(body.params) : [];
  } catch {
    return [];
  }
}

function wantedUris(params: unknown): readonly string[] {
  const notifications = isRecord(params) ? params.notifications : undefined;
  const uris = isRecord(notifications) ? notifications.resourceSubscriptions : undefined;
  return Array.isArray(uris) ? uris.filter((uri) => typeof uri === 'string') : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
