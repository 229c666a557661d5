/** `tools/list` and `tools/call`. */
import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { safeCell } from '../../output/untrusted.ts';
import { webPlaceOfTool } from '../../policy/web-interface.ts';
import { withSystemArgument } from '../call/system-argument.ts';
import type { Extension } from '../server.ts';

/** What the handlers take besides what every extension of a server gets. */
export interface ToolsDeps {
  readonly systems: readonly string[];
  /** Called when a client names an unknown tool. */
  readonly refused: ((tool: string, args: unknown) => void) | undefined;
}

/**
 * Registers the handlers. Not registerTool: it would convert every schema again per request, load every tool at the start,
 * and answer a wrong argument in the SDK's words.
 */
export function offerTools(
  { server }: McpServer,
  { tools, answer, caller }: Extension,
  { systems, refused }: ToolsDeps,
): void {
  server.setRequestHandler('tools/list', async () => ({
    tools: (await tools.definitions()).map((definition) => withSystemArgument(definition, systems)),
  }));
  server.setRequestHandler('tools/call', async ({ params }, context): Promise<CallToolResult> => {
    const tool = await tools.find(params.name);
    if (tool === undefined) {
      refused?.(params.name, params.arguments);
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        notFound(params.name, [...(await tools.names())]),
      );
    }
    return answer({
      subject: { kind: 'tool', tool },
      args: params.arguments ?? {},
      caller,
      signal: context.mcpReq.signal,
      mcp: context,
      clientCapabilities: declared(server, context),
    });
  });
}

/** 2026-07-28 declares with each request, 2025-11-25 in its hello; over stateless HTTP the latter is forgotten. */
function declared(server: McpServer['server'], context: ServerContext): ClientCapabilities | undefined {
  const envelope: Readonly<Record<string, unknown>> = { ...context.mcpReq.envelope };
  const ofRequest = envelope[CLIENT_CAPABILITIES_META_KEY];
  return isCapabilities(ofRequest) ? ofRequest : server.getClientCapabilities();
}

/** The SDK has checked the envelope by its own schema. */
function isCapabilities(value: unknown): value is ClientCapabilities {
  return typeof value === 'object' && value !== null;
}

/** The name may be of any length and content; a model should read neither more of it nor another list of tools. */
function notFound(name: string, known: readonly string[]): string {
  const place = webPlaceOfTool(name.slice(0, 200));
  const hint =
    place === undefined
      ? didYouMean(nearNames(name, known))
      : `this version changes nothing on the NAS: a person does that in ${place}`;
  return `Tool ${safeCell(name)} not found${hint === undefined ? '' : `; ${hint}`}`;
}
