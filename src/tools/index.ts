/** Every tool, in the order of the tool list. */
import type { AnyReadTool } from './define.ts';
import { listPools } from './storage/list-pools.ts';
import { systemOverview } from './system/system-overview.ts';

/** All curated tools; `TRUENAS_TOOLSETS` and the access level choose among them. */
export const ALL_TOOLS: readonly AnyReadTool[] = [systemOverview, listPools];

export {
  type AnyReadTool,
  defineTool,
  type ReadTool,
  type ToolAnswer,
  type ToolContext,
  TOOLSETS,
  type Toolset,
} from './define.ts';
