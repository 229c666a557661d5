/** A registry of tools that a test made, and every tool of the product. */
import { ALL_TOOLS } from '../../scripts/docs/all-tools.ts';
import { listedTool } from '../../src/mcp/derived-definitions.ts';
import { findableTools } from '../../src/mcp/findable-tools.ts';
import { viewsOf } from '../../src/mcp/tool-definitions.ts';
import type { ToolRegistry } from '../../src/mcp/tool-registry.ts';
import type { Tool } from '../../src/tools/define.ts';
import { TOOLSET_NAMES } from '../../src/tools/toolset.ts';
import { getItemOf } from '../../src/tools/items/get-item.ts';
import type { Kind } from '../../src/tools/items/kind.ts';
import { loadKinds } from '../../src/tools/items/kinds.ts';
import { listItemsOf } from '../../src/tools/items/list-items.ts';

export { ALL_TOOLS };

/** A tool that reads, its own types forgotten. */
export type AnyReadTool = Extract<Tool, { readonly kind: 'read' }>;

/** Every tool that reads. */
export const READ_TOOLS: readonly AnyReadTool[] = ALL_TOOLS.filter((tool) => tool.kind === 'read');

/** Those that a server lists whose operator chose no toolsets. */
export const READ_TOOLS_BY_DEFAULT = READ_TOOLS.filter(({ isListedOnRequest }) => isListedOnRequest !== true);

/** Every kind, with its code. */
export const ALL_KINDS: readonly Kind[] = await loadKinds();

/** The two tools over kinds, as a tool for each kind alone: `list_items user`, `get_item user`. */
export const KIND_TOOLS: readonly AnyReadTool[] = ALL_KINDS.flatMap((kind) =>
  [listItemsOf([kind]), getItemOf([kind])].map((tool) => ({ ...tool, name: `${tool.name} ${kind.name}` })),
);

/** The registry of these very tools, whatever their level. */
export function registryOf(tools: readonly Tool[]): ToolRegistry {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const listed = tools.map(listedTool);
  const definitions = listed.map(({ definition }) => definition);
  return {
    definitions: async () => definitions,
    views: async () => viewsOf(listed),
    names: async () => new Set(byName.keys()),
    find: async (name) => byName.get(name),
    async findChange(name) {
      const tool = byName.get(name);
      return tool?.kind === 'change' ? tool : undefined;
    },
    findables: async () => findableTools(listed, listed, { access: 'destroy', toolsets: TOOLSET_NAMES }),
  };
}
