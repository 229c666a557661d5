/**
 * Resources, prompts and completion on a server. Only the handlers are made here; what they need is loaded when a client
 * first asks, as most never do.
 */
import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import type { Redactor } from '../../output/redact/redactor.ts';
import { atMost } from '../../truenas/abort.ts';
import type { ReadClient } from '../../truenas/client.ts';
import type { Log } from '../../truenas/log.ts';
import type { Offer } from '../tool-registry.ts';
import type { Extension } from '../server.ts';
import { onceUntilSent } from '../../updates/delivery.ts';
import type { ChangeNotices, Listening } from './subscriptions.ts';

/** What documents take. */
export interface DocumentDeps {
  readonly nas: () => Promise<ReadClient>;
  readonly redactor: Pick<Redactor, 'text'>;
  readonly log: Log;
  /** Without it no client can subscribe to anything. */
  readonly notices?: ChangeNotices | undefined;
}

/** Adds resources, prompts and completion to each server that is built: `createServerFactory({ extend })`. */
export function offerDocuments(deps: DocumentDeps): (server: McpServer, extension: Extension) => void {
  return (server, extension) => {
    const { request, tools, answer } = extension;
    const isStateless2025 = request.era === 'legacy' && request.requestInfo !== undefined;
    const notices = isStateless2025 ? undefined : deps.notices;
    server.server.registerCapabilities({
      resources: { listChanged: false, subscribe: notices !== undefined },
      prompts: { listChanged: false },
      completions: {},
    });
    addResources(server, tools, answer);
    addPrompts(server, tools);
    addCompletion(server, deps, tools);
    // In 2026-07-28 a client listens instead, which the SDK answers; see subscriptions.ts.
    if (notices !== undefined && request.era === 'legacy') addSubscriptions(server, tools, notices);
  };
}

// Not registerResource and registerPrompt: these would be run per request on HTTP, load everything at start-up, and
// answer an unknown name in the SDK's words.
function addResources({ server }: McpServer, tools: Offer, answer: Extension['answer']): void {
  server.setRequestHandler('resources/list', async () => {
    const { listResources } = await import('./resources.ts');
    return { resources: listResources(await namesOf(tools)) };
  });
  server.setRequestHandler('resources/templates/list', async () => {
    const { listTemplates } = await import('./resources.ts');
    return { resourceTemplates: listTemplates(await namesOf(tools)) };
  });
  server.setRequestHandler('resources/read', async ({ params }, context) => {
    const { readResource } = await import('./resources.ts');
    return readResource(params.uri, { toolNames: await namesOf(tools), answer, context });
  });
}

function addPrompts({ server }: McpServer, tools: Offer): void {
  server.setRequestHandler('prompts/list', async () => {
    const { listPrompts } = await import('./prompts.ts');
    return { prompts: listPrompts(await namesOf(tools)) };
  });
  server.setRequestHandler('prompts/get', async ({ params }) => {
    const { getPrompt } = await import('./prompts.ts');
    return getPrompt(params.name, params.arguments ?? {}, await namesOf(tools));
  });
}

function addCompletion({ server }: McpServer, deps: DocumentDeps, tools: Offer): void {
  server.setRequestHandler('completion/complete', async ({ params }, context) => {
    const { complete } = await import('./completions.ts');
    return complete(params, { ...deps, toolNames: await namesOf(tools), signal: context.mcpReq.signal });
  });
}

/** Most URIs that one client may subscribe to. */
const MAX_SUBSCRIPTIONS = 100;

function addSubscriptions({ server }: McpServer, tools: Offer, notices: ChangeNotices): void {
  const open = new Map<string, Listening>();
  // A client may send both in one breath, and subscribing has to look first whether there is such a resource.
  const inOrder = oneAfterAnother();

  async function subscribe(uri: string): Promise<Listening | undefined> {
    const { hasResource } = await import('./resources.ts');
    if (!hasResource(uri, await namesOf(tools))) throw new ResourceNotFoundError(uri);
    if (open.has(uri)) return undefined;
    if (open.size >= MAX_SUBSCRIPTIONS) {
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `This client is subscribed to ${MAX_SUBSCRIPTIONS} resources already; unsubscribe from some first.`,
      );
    }
    const notify = onceUntilSent(async (changed) => {
      if (open.get(uri) !== listening) return;
      await server.sendResourceUpdated({ uri: changed }).catch(() => {
        // The client has gone; its subscriptions end with the connection.
      });
    });
    const listening = notices.listen([uri], notify);
    open.set(uri, listening);
    return listening;
  }

  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
    const listening = await inOrder(() => subscribe(uri));
    // What changes after this answer is told. A NAS that does not answer must not hold it up for long.
    if (listening !== undefined) await atMost(listening.ready, READY_LIMIT_MS);
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
    for (const listening of open.values()) listening.close();
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

/** How long a subscription may wait for the NAS before it is answered. */
const READY_LIMIT_MS = 3000;

async function namesOf(tools: Offer): Promise<ReadonlySet<string>> {
  return new Set((await tools.definitions()).map(({ name }) => name));
}
