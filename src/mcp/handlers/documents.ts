/**
 * Resources, prompts, skills and completion on a server. Only the handlers are made here; what they need is loaded when a client
 * first asks, as most never do.
 */
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { NasAccess } from '../../access/reader.ts';
import type { Redactor } from '../../output/redact/redactor.ts';
import type { Log } from '../../truenas/log.ts';
import type { DocumentAudit } from '../call/audit.ts';
import type { ToolRegistry } from '../tool-registry.ts';
import type { Extension } from '../server.ts';
import type { Watches } from '../../updates/shared-watches.ts';
import { declaredCapabilities, privateList, showsViews } from '../client-capabilities.ts';
import { addSubscriptions } from './subscriptions.ts';

/** What documents take. */
export interface DocumentDeps {
  readonly nas: NasAccess;
  readonly redactor: Pick<Redactor, 'text'>;
  readonly log: Log;
  /** Without it no client can subscribe to anything. */
  readonly watches?: Watches | undefined;
  readonly audit?: DocumentAudit | undefined;
}

/** The MCP extension for skills. */
const SKILLS_EXTENSION = 'io.modelcontextprotocol/skills';

/** Adds resources, prompts, skills and completion to each server that is built: `createServerFactory({ extend })`. */
export function offerDocuments(deps: DocumentDeps): (server: McpServer, extension: Extension) => void {
  return (server, extension) => {
    const { request, tools } = extension;
    const isStateless2025 = request.era === 'legacy' && request.requestInfo !== undefined;
    const watches = isStateless2025 ? undefined : deps.watches;
    server.server.registerCapabilities({
      resources: { listChanged: false, subscribe: watches !== undefined },
      prompts: { listChanged: false },
      completions: {},
      extensions: { [SKILLS_EXTENSION]: {} },
    });
    addResources(server, extension, deps);
    addPrompts(server, tools);
    addSkills(server, tools);
    addCompletion(server, deps, extension);
    // In 2026-07-28 a client sends `subscriptions/listen` instead: see stdio/subscriptions.ts and http/subscriptions.ts.
    if (watches !== undefined && request.era === 'legacy') {
      addSubscriptions(server, watches, async (uri) => {
        const { findResource } = await import('../../resources/address.ts');
        return findResource(await resourcesOf(tools, deps.nas.systems), uri) !== undefined;
      });
    }
  };
}

// Not registerResource and registerPrompt: these would be run per request on HTTP, load everything at start-up, and
// answer an unknown name in the SDK's words.
function addResources(
  { server }: McpServer,
  { request, tools, answer, caller }: Extension,
  { nas: { systems }, audit }: DocumentDeps,
): void {
  server.setRequestHandler('resources/list', async (_request, context) => {
    const { listResources } = await import('./resources.ts');
    const resources = listResources(await resourcesOf(tools, systems));
    if (!showsViews(declaredCapabilities(server, context))) return { resources };
    const { listViews } = await import('./views.ts');
    return { resources: [...resources, ...listViews(await tools.views())], ...privateList(request) };
  });
  server.setRequestHandler('resources/templates/list', async () => {
    const { listTemplates } = await import('./resources.ts');
    return { resourceTemplates: listTemplates(await resourcesOf(tools, systems)) };
  });
  server.setRequestHandler('resources/read', async ({ params }, context) => {
    if (params.uri.startsWith('ui://')) {
      const { readView } = await import('./views.ts');
      return readView(params.uri, await tools.views(), audit);
    }
    const { readResource } = await import('./resources.ts');
    return readResource(params.uri, {
      resources: await resourcesOf(tools, systems),
      answer,
      caller,
      context,
      audit,
    });
  });
}

function addPrompts({ server }: McpServer, tools: ToolRegistry): void {
  server.setRequestHandler('prompts/list', async () => {
    const { listPrompts } = await import('./prompts.ts');
    return { prompts: listPrompts(await tools.names()) };
  });
  server.setRequestHandler('prompts/get', async ({ params }) => {
    const { getPrompt } = await import('./prompts.ts');
    return getPrompt(params.name, params.arguments ?? {}, await tools.names());
  });
}

// Not the SDK's SkillsExtension: it would serve the files itself, beside our steps for resources, and is loaded at start-up.
function addSkills({ server }: McpServer, tools: ToolRegistry): void {
  server.setRequestHandler('skills/list', { params: z.looseObject({}) }, async () => {
    const { listSkills } = await import('./skills.ts');
    return listSkills(await tools.names());
  });
  server.setRequestHandler('skills/get', { params: z.looseObject({ uri: z.string() }) }, async ({ uri }) => {
    const { getSkill } = await import('./skills.ts');
    return getSkill(uri, await tools.names());
  });
}

function addCompletion({ server }: McpServer, deps: DocumentDeps, { tools, caller }: Extension): void {
  server.setRequestHandler('completion/complete', async ({ params }, context) => {
    const { complete } = await import('./completions.ts');
    const resources = await resourcesOf(tools, deps.nas.systems);
    const { signal } = context.mcpReq;
    const { ref, argument } = params;
    deps.audit?.completion(ref.type === 'ref/prompt' ? ref.name : ref.uri, argument.name, argument.value);
    return complete(params, { ...deps, resources, toolNames: await tools.names(), caller, signal });
  });
}

async function resourcesOf(tools: ToolRegistry, systems: readonly string[]) {
  const { offeredResources } = await import('../../resources/address.ts');
  const { skillPages } = await import('./skills.ts');
  const names = await tools.names();
  return [...offeredResources(names, systems), ...skillPages(names)];
}
