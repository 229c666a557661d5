/** Every tool as search_api finds it: those that this server offers, listed or not, and those that its settings leave out. */
import { type AccessLevel, accessIncludes } from '../policy/levels.ts';
import type { Findable } from '../tools/support/findable.ts';
import type { ToolsetName } from '../tools/toolset.ts';
import type { ListedTool } from './tool-definitions.ts';

/** What the configuration grants. */
interface Granted {
  readonly access: AccessLevel;
  readonly toolsets: readonly ToolsetName[];
}

/**
 * The tools, in their order. The generic ones are left out: whoever searches has them in hand.
 * @param offered those within the access level and the toolsets
 */
export function findableTools(
  tools: readonly ListedTool[],
  offered: readonly ListedTool[],
  { access, toolsets }: Granted,
): Findable[] {
  const names = new Set(offered.map(({ name }) => name));
  return tools
    .filter(({ toolset }) => toolset !== 'api')
    .flatMap((tool) => [
      ...(tool.kinds === undefined ? [findableTool(tool, missingSetting(tool, names, access))] : []),
      ...(tool.name === 'list_items' ? kindsOf(tool, toolsets) : []),
    ]);
}

/** Kinds of things, each with the call that lists it; get_item takes the same kinds. */
function kindsOf({ kinds = [] }: ListedTool, toolsets: readonly ToolsetName[]): Findable[] {
  return kinds.map(({ name, toolset, about, words }) => ({
    name: `kind ${name}`,
    access: 'read',
    about,
    words,
    call: `list_items {"kind":"${name}"}, get_item {"kind":"${name}","id":…}`,
    ...(toolsets.includes(toolset) ? {} : { needs: `toolset ${toolset}` }),
  }));
}

function findableTool(tool: ListedTool, needs: string | undefined): Findable {
  const { name, access, words, definition, isUnlisted } = tool;
  return {
    name,
    access,
    about: `${definition.title ?? ''} ${definition.description ?? ''}`,
    ...(words === undefined ? {} : { words }),
    call: isUnlisted ? `plan_change {"tool":"${name}","arguments":{…}}` : name,
    ...(isUnlisted ? { takes: argumentsLine(definition.inputSchema) } : {}),
    ...(needs === undefined ? {} : { needs }),
  };
}

/** What keeps a tool from being called; what is not listed is called through plan_change. */
function missingSetting(
  { name, access, toolset, isUnlisted }: ListedTool,
  offered: ReadonlySet<string>,
  granted: AccessLevel,
): string | undefined {
  if (!accessIncludes(granted, access)) return `access ${access}`;
  if (!offered.has(name)) return `toolset ${toolset}`;
  return isUnlisted && !offered.has('plan_change') ? 'toolset changes' : undefined;
}

/** `dataset, size ("100G"), sparse?`: names, what a description adds, and `?` for what may be left out. */
function argumentsLine({ properties = {}, required = [] }: ListedTool['definition']['inputSchema']): string {
  return Object.entries(properties)
    .map(([name, schema]) => {
      const hint = hintOf(schema);
      return `${name}${required.includes(name) ? '' : '?'}${hint === undefined ? '' : ` (${hint})`}`;
    })
    .join(', ');
}

function hintOf(schema: unknown): string | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  if ('description' in schema && typeof schema.description === 'string') return schema.description;
  if ('enum' in schema && Array.isArray(schema.enum)) return schema.enum.join('|');
  return undefined;
}
