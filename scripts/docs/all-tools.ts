/** Every tool with its code, for what looks at all of them: documentation, budgets and generic tests. */
import type { Tool } from '../../src/tools/define.ts';
import { TOOLSETS } from '../../src/tools/index.ts';
import { loadTools } from '../../src/tools/toolset.ts';

/** In the order of the tool list. */
export const ALL_TOOLS: readonly Tool[] = (await Promise.all(TOOLSETS.map(loadTools))).flat();

/** True for a tool that `tools/list` shows, within its access level. */
export function isListed(tool: Tool): boolean {
  return tool.kind !== 'change' || tool.isUnlisted !== true;
}
