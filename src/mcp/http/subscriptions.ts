/**
 * `subscriptions/listen` over HTTP (2026-07-28). The SDK decides what each stream may get; this only tells it what changed.
 * A 2025-11-25 client over stateless HTTP cannot be told anything, so it is offered no subscriptions.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  InMemoryServerEventBus,
  type McpHttpHandler,
  type ServerEventBus,
} from '@modelcontextprotocol/server';
import type { Watches } from '../../updates/shared-watches.ts';
import { isRecord, wantedUris } from '../listen-request.ts';
import { type UpdateStream, updateStream } from './update-stream.ts';

/** The two parts that an HTTP service needs for `subscriptions/listen`. */
export interface HttpSubscriptions {
  /** For `createMcpHandler`. */
  readonly bus: ServerEventBus;
  /** The handler to serve instead: it knows which stream asked for what. */
  wrap(handler: McpHttpHandler): Pick<McpHttpHandler, 'fetch'>;
}

/** Delivers updates to the streams of an HTTP service. */
export function httpSubscriptions(watches: Watches): HttpSubscriptions {
  // A stream registers with the bus while its request is being answered, without saying what it wants.
  const requested = new AsyncLocalStorage<UpdateStream>();
  const inner = new InMemoryServerEventBus();
  return {
    bus: {
      publish: (event) => inner.publish(event),
      subscribe(listener) {
        const unsubscribe = inner.subscribe(listener);
        const stream = requested.getStore();
        if (stream === undefined || stream.uris.length === 0) return unsubscribe;
        const deliver = stream.paced((uri) => listener({ kind: 'resource_updated', uri }));
        const watch = watches.watch(stream.uris, deliver);
        return () => {
          unsubscribe();
          watch.close();
        };
      },
    },
    wrap: (handler) => ({
      async fetch(request, options) {
        if (request.headers.get('mcp-method') !== 'subscriptions/listen')
          return handler.fetch(request, options);
        const stream = updateStream(await urisOf(request));
        return stream.observed(await requested.run(stream, () => handler.fetch(request, options)));
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
