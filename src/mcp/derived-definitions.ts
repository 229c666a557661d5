/** Derives the entries of `tools/list` from the tools themselves: for the build, and wherever the sources run. */
import type { Tool } from '../tools/define.ts';
import { TOOLSETS } from '../tools/index.ts';
import { loadTools } from '../tools/toolset.ts';
import type { ListedTool } from './tool-definitions.ts';
import { toolDefinition } from './tool-schema.ts';

/** Loads every tool. */
export async function derivedDefinitions(): Promise<ListedTool[]> {
  const tools = (await Promise.all(TOOLSETS.map(loadTools))).flat();
  return tools.map(listedTool);
}

/** One tool, without its code. */
export function listedTool(tool: Tool): ListedTool {
  return {
    name: tool.name,
    toolset: tool.toolset,
    access: tool.access,
    ...(tool.kind === 'change' && tool.isUnlisted ? { isUnlisted: true } : {}),
    ...(tool.kind === 'read' && tool.isListedOnRequest ? { isListedOnRequest: true } : {}),
    ...(tool.words === undefined ? {} : { words: tool.words }),
    ...(tool.isForApiWrite ? { isForApiWrite: true } : {}),
    ...(tool.kind === 'read' && tool.kinds !== undefined ? { kinds: tool.kinds } : {}),
    ...(tool.kind !== 'change' && tool.view !== undefined ? { view: tool.view } : {}),
    definition: toolDefinition(tool),
  };
}
