/** `resources/subscribe` and `resources/unsubscribe`: how a client of 2025-11-25 asks for updates. */
import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import { atMost } from '../../truenas/abort.ts';
import { coalesced } from '../../updates/delivery.ts';
import type { Watches } from '../../updates/shared-watches.ts';
import type { Watch } from '../../updates/watch.ts';

/** Most URIs that one client may subscribe to. */
const MAX_SUBSCRIPTIONS = 100;

/** How long a subscription may wait for the NAS before it is answered. */
const READY_LIMIT_MS = 3000;

/** Handles subscriptions on a server; `hasResource` tells whether a URI can be subscribed to. */
export function addSubscriptions(
  { server }: McpServer,
  watches: Watches,
  hasResource: (uri: string) => Promise<boolean>,
): void {
  const open = new Map<string, Watch>();
  // A client may unsubscribe before it is subscribed, which takes a look at the resources first.
  const inOrder = oneAfterAnother();

  async function subscribe(uri: string): Promise<Watch | undefined> {
    if (!(await hasResource(uri))) throw new ResourceNotFoundError(uri);
    if (open.has(uri)) return undefined;
    if (open.size >= MAX_SUBSCRIPTIONS) {
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `This client is subscribed to ${MAX_SUBSCRIPTIONS} resources already; unsubscribe from some first.`,
      );
    }
    const deliver = coalesced(async (updated) => {
      if (open.get(uri) !== watch) return;
      await server.sendResourceUpdated({ uri: updated }).catch(() => {
        // The client has gone; its subscriptions end with the connection.
      });
    });
    const watch = watches.watch([uri], deliver);
    open.set(uri, watch);
    return watch;
  }

  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
    const watch = await inOrder(() => subscribe(uri));
    // Every change after this answer must be delivered; but a NAS that does not answer must not delay it for long.
    if (watch !== undefined) await atMost(watch.ready, READY_LIMIT_MS);
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', async ({ params: { uri } }) => {
    await inOrder(() => {
      open.get(uri)?.close();
      open.delete(uri);
    });
    return {};
  });
  const before = server.onclose;
  server.onclose = () => {
    before?.();
    for (const watch of open.values()) watch.close();
    open.clear();
  };
}

/** Runs pieces of work in the order in which they come, each when the one before has ended, however that ended. */
function oneAfterAnother(): <T>(work: () => T | Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}
