/** `tools/list` and `tools/call`. */
import {
  type CallToolResult,
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { safeCell } from '../../output/untrusted.ts';
import { webPlaceOfTool } from '../../policy/web-interface.ts';
import type { Tool } from '../../tools/define.ts';
import { withSystemArgument } from '../call/system-argument.ts';
import { declaredCapabilities, privateList, showsViews } from '../client-capabilities.ts';
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
  { request, tools, answer, caller }: Extension,
  { systems, refused }: ToolsDeps,
): void {
  server.setRequestHandler('tools/list', async (_request, context) => {
    const listed = await tools.definitions();
    const entries = listed.map((definition) => withSystemArgument(definition, systems));
    if (!showsViews(declaredCapabilities(server, context))) return { tools: entries };
    const views = await tools.views();
    const { withView } = await import('./views.ts');
    return { tools: entries.map((entry) => withView(entry, views.get(entry.name))), ...privateList(request) };
  });
  server.setRequestHandler('tools/call', async ({ params }, context): Promise<CallToolResult> => {
    const named = await tools.find(params.name);
    if (named === undefined) {
      refused?.(params.name, params.arguments);
      const known = [...(await tools.names())];
      const isUnlisted = (await tools.findChange(params.name)) !== undefined;
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, notFound(params.name, { known, isUnlisted }));
    }
    const { tool, args } = await meantCall(tools, named, params.arguments ?? {});
    return answer({
      subject: { kind: 'tool', tool },
      args,
      caller,
      signal: context.mcpReq.signal,
      mcp: context,
      clientCapabilities: declaredCapabilities(server, context),
    });
  });
}

/**
 * A read tool that is not listed is called through a generic one, whose arguments name it: from here on it is a call of
 * that tool like any other, in the audit too. A tool that changes something is never meant so.
 */
async function meantCall(
  tools: Extension['tools'],
  tool: Tool,
  args: Readonly<Record<string, unknown>>,
): Promise<{ readonly tool: Tool; readonly args: Readonly<Record<string, unknown>> }> {
  const meant = tool.kind === 'read' ? tool.namesTool?.(args) : undefined;
  const other = meant === undefined ? undefined : await tools.find(meant.tool);
  return meant !== undefined && other?.kind === 'read' ? { tool: other, args: meant.args } : { tool, args };
}

/** The name may be of any length and content; a model should read neither more of it nor another list of tools. */
function notFound(
  name: string,
  { known, isUnlisted }: { readonly known: readonly string[]; readonly isUnlisted: boolean },
): string {
  const hint = hintFor(name, known, isUnlisted);
  return `Tool ${safeCell(name)} not found${hint === undefined ? '' : `; ${hint}`}`;
}

function hintFor(name: string, known: readonly string[], isUnlisted: boolean): string | undefined {
  const mayChange = known.includes('plan_change');
  // Its name is one of ours: nothing in it needs to be made harmless.
  if (isUnlisted && mayChange)
    return `it is not in the list, and called through plan_change {"tool":"${name}","arguments":{...}}, then apply_change`;
  const near = didYouMean(nearNames(name, known));
  const place = webPlaceOfTool(name.slice(0, 200));
  if (place === undefined) return near;
  if (!mayChange) return `this version changes nothing on the NAS: a person does that in ${place}`;
  return near ?? `if no tool does it, a person does it in ${place}`;
}
