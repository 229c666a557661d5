/**
 * `subscriptions/listen` on stdio (2026-07-28). The SDK answers it by itself and tells nobody who listens to what, so it is
 * read from the messages that pass. On a 2025-11-25 connection none of them does.
 */
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import { coalesced } from '../../updates/delivery.ts';
import type { Watches } from '../../updates/shared-watches.ts';
import type { Watch } from '../../updates/watch.ts';
import { isRecord, wantedUris } from '../listen-request.ts';
import { reportError, wrapTransport } from './wrap-transport.ts';

type RequestId = string | number;

/** What the SDK agreed to. */
interface Acknowledged {
  readonly id: RequestId;
  readonly uris: readonly string[];
  /** Names the listen request in every update. */
  readonly meta: Record<string, unknown>;
}

/** Meta key under which a notification names the listen request it belongs to. */
const SUBSCRIPTION_ID = 'io.modelcontextprotocol/subscriptionId';

/** Delivers updates to the listen requests that pass through a transport. */
export function withSubscriptions(inner: Transport, watches: Watches): Transport {
  /** Undefined until the SDK has acknowledged: a client may cancel before that. */
  const open = new Map<RequestId, Watch | undefined>();
  const end = (id: unknown): void => {
    if (!isRequestId(id)) return;
    open.get(id)?.close();
    open.delete(id);
  };
  const start = ({ id, uris, meta }: Acknowledged): void => {
    // The client cancelled before the acknowledgement, or the connection has ended.
    if (!open.has(id)) return;
    end(id);
    if (uris.length === 0) return;
    const deliver = coalesced(async (uri) => {
      // Nothing may follow a cancellation.
      if (open.get(id) !== watch) return;
      const params = { uri, _meta: meta };
      await inner
        .send({ jsonrpc: '2.0', method: 'notifications/resources/updated', params })
        .catch((error: unknown) => reportError(outer, error));
    });
    const watch = watches.watch(uris, deliver);
    open.set(id, watch);
  };

  const outer = wrapTransport(inner, {
    received(message) {
      if (!('method' in message)) return;
      if (message.method === 'notifications/cancelled') end(message.params?.requestId);
      if (message.method === 'subscriptions/listen' && 'id' in message) {
        end(message.id);
        open.set(message.id, undefined);
      }
    },
    async send(message, pass) {
      await pass();
      if (!('method' in message)) return end(message.id);
      const acknowledged = acknowledgedBy(message);
      if (acknowledged !== undefined) start(acknowledged);
    },
    closed() {
      for (const id of [...open.keys()]) end(id);
    },
  });
  return outer;
}

/** What a message to the client acknowledges; undefined when it is about something else. */
function acknowledgedBy(message: JSONRPCMessage): Acknowledged | undefined {
  if (!('method' in message) || message.method !== 'notifications/subscriptions/acknowledged')
    return undefined;
  const meta = message.params?._meta;
  if (!isRecord(meta)) return undefined;
  const id = meta[SUBSCRIPTION_ID];
  return isRequestId(id) ? { id, uris: wantedUris(message.params), meta } : undefined;
}

function isRequestId(id: unknown): id is RequestId {
  return typeof id === 'string' || typeof id === 'number';
}
