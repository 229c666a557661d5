/**
 * Builds an MCP server from tool objects, for both protocol eras. The SDK calls the factory once per connection (stdio) or
 * per request (HTTP), so everything that can be shared is made here once.
 */
import {
  type CallToolResult,
  type McpRequestContext,
  McpServer,
  type McpServerFactory,
  ProtocolError,
  ProtocolErrorCode,
  type ServerOptions,
} from '@modelcontextprotocol/server';
import { didYouMean, nearNames } from '../output/near-names.ts';
import type { Redactor } from '../output/redact/redactor.ts';
import { safeCell } from '../output/untrusted.ts';
import type { AccessLevel } from '../policy/levels.ts';
import type { ReadClient } from '../truenas/client.ts';
import type { Log } from '../truenas/log.ts';
import { type Step, type ToolCall, chain } from './call/middleware.ts';
import { instructionsFor } from './instructions.ts';
import { createOffer, type Offer, type ToolSource } from './tool-registry.ts';
import type { Runner } from './call/run.ts';
import { explainFailures, limitSize, redactSecrets } from './call/steps.ts';

/** What a server is made of. */
export interface ServerDeps {
  readonly version: string;
  /** The tools to offer, already selected, in a stable order. */
  readonly tools: ToolSource;
  /** What the instructions speak of; `read` when absent. */
  readonly access?: AccessLevel;
  /**
   * The NAS; opened on first use. Rejects with an error whose text says what to do, when the configuration does not
   * allow a connection.
   */
  readonly nas: () => Promise<ReadClient>;
  readonly redactor: Pick<Redactor, 'text' | 'value'>;
  readonly log: Log;
  /** Size budget of one answer. */
  readonly maxResultTokens: number;
  /** Milliseconds since the epoch; the system's clock when absent. */
  readonly now?: () => number;
  /** Steps between the checks and the tool, outermost first: consent, audit. */
  readonly steps?: readonly Step<ToolCall>[];
  /** Told of calls of tools that are not offered. */
  readonly refused?: (tool: string, args: unknown) => void;
  /** Registers more on each server that is built: resources, prompts, a test's fixtures. */
  readonly extend?: (server: McpServer, extension: Extension) => void;
  /** Checks the state that a client brings back with its answers; what fails never reaches a tool. */
  readonly requestState?: ServerOptions['requestState'];
}

/** What an extension of a server may build on. */
export interface Extension {
  /** Which protocol era and transport the server is for. */
  readonly request: McpRequestContext;
  readonly tools: Offer;
  /** The steps around every tool call, and the call. */
  readonly answer: (call: ToolCall) => Promise<CallToolResult>;
}

/** How long a client may keep a list without asking again; nothing in it changes while the process lives. */
const LIST_CACHE = { ttlMs: 300_000, cacheScope: 'public' } as const;

/** Makes the function that the SDK's stdio and HTTP entries call for a server. */
export function createServerFactory(deps: ServerDeps): McpServerFactory {
  const offer = createOffer(deps.tools);
  const now = deps.now ?? Date.now;
  let run: Runner | undefined;
  const { nas, log, redactor, maxResultTokens: budgetTokens } = deps;
  const [redact, limit] = [redactSecrets(redactor), limitSize(budgetTokens)];
  const load = async (): Promise<Runner> => {
    run ??= (await import('./call/run.ts')).createRunner({ nas, now, log, redactor, budgetTokens });
    return run;
  };
  // Every further promise costs a call as much as a check does: what is there is not waited for.
  const explained = chain<ToolCall>([explainFailures(log), ...(deps.steps ?? [])], (call) =>
    run === undefined ? load().then((loaded) => loaded(call)) : run(call),
  );
  const finish = (result: CallToolResult) => limit(redact(result));
  const answer = (call: ToolCall) => explained(call).then(finish);

  return (request) => {
    const server = new McpServer(
      { name: 'truenas-mcp-server', title: 'TrueNAS', version: deps.version },
      {
        capabilities: { tools: { listChanged: false } },
        instructions: instructionsFor(deps.access ?? 'read'),
        ...(deps.requestState === undefined ? {} : { requestState: deps.requestState }),
        cacheHints: {
          'tools/list': LIST_CACHE,
          'prompts/list': LIST_CACHE,
          'resources/list': LIST_CACHE,
          'resources/templates/list': LIST_CACHE,
          'server/discover': LIST_CACHE,
        },
      },
    );
    // Not registerTool: it would convert every schema again per request, and answer a wrong argument in the SDK's words.
    server.server.setRequestHandler('tools/list', async () => ({ tools: await offer.definitions() }));
    server.server.setRequestHandler('tools/call', async (request, context): Promise<CallToolResult> => {
      const found = offer.find(request.params.name);
      const tool = found instanceof Promise ? await found : found;
      if (tool === undefined) {
        deps.refused?.(request.params.name, request.params.arguments);
        const known = (await offer.definitions()).map(({ name }) => name);
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, notFound(request.params.name, known));
      }
      const args = request.params.arguments ?? {};
      return answer({ tool, args, signal: context.mcpReq.signal, mcp: context });
    });
    deps.extend?.(server, { request, tools: offer, answer });
    offer.prepare();
    return server;
  };
}

/** The name may be of any length and content; a model should read neither more of it nor another list of tools. */
function notFound(name: string, known: readonly string[]): string {
  const near = didYouMean(nearNames(name, known));
  return `Tool ${safeCell(name)} not found${near === undefined ? '' : `; ${near}`}`;
}
