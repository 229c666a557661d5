/**
 * Resources, prompts and completion on a server. Only the handlers are made here; what they need is loaded when a client
 * first asks, as most never do.
 */
import type { McpServer } from '@modelcontextprotocol/server';
import type { Redactor } from '../../output/redact/redactor.ts';
import type { ReadClient } from '../../truenas/client.ts';
import type { Log } from '../../truenas/log.ts';
import type { Offer } from '../tool-registry.ts';
import type { Extension } from '../server.ts';
import type { Watches } from '../../updates/shared-watches.ts';
import { addSubscriptions } from './subscriptions.ts';

/** What documents take. */
export interface DocumentDeps {
  readonly nas: () => Promise<ReadClient>;
  readonly redactor: Pick<Redactor, 'text'>;
  readonly log: Log;
  /** Without it no client can subscribe to anything. */
  readonly watches?: Watches | undefined;
}

/** Adds resources, prompts and completion to each server that is built: `createServerFactory({ extend })`. */
export function offerDocuments(deps: DocumentDeps): (server: McpServer, extension: Extension) => void {
  return (server, extension) => {
    const { request, tools, answer } = extension;
    const isStateless2025 = request.era === 'legacy' && request.requestInfo !== undefined;
    const watches = isStateless2025 ? undefined : deps.watches;
    server.server.registerCapabilities({
      resources: { listChanged: false, subscribe: watches !== undefined },
      prompts: { listChanged: false },
      completions: {},
    });
    addResources(server, tools, answer);
    addPrompts(server, tools);
    addCompletion(server, deps, tools);
    // In 2026-07-28 a client sends `subscriptions/listen` instead: see stdio/subscriptions.ts and http/subscriptions.ts.
    if (watches !== undefined && request.era === 'legacy') {
      addSubscriptions(server, watches, async (uri) => {
        const { hasResource } = await import('./resources.ts');
        return hasResource(uri, await namesOf(tools));
      });
    }
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

async function namesOf(tools: Offer): Promise<ReadonlySet<string>> {
  return new Set((await tools.definitions()).map(({ name }) => name));
}
