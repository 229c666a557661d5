/** Every tool as search_api finds it: those that this server offers, listed or not, and those that its settings leave out. */
import { type AccessLevel, accessIncludes } from '../policy/levels.ts';
import type { Findable } from '../tools/support/findable.ts';
import type { ToolsetName } from '../tools/toolset.ts';
import { isListed, type ListedTool } from './tool-definitions.ts';

/** What the configuration grants. */
interface Granted {
  readonly access: AccessLevel;
  readonly toolsets: readonly ToolsetName[];
  readonly isShortList?: boolean;
}

/**
 * The tools, in their order. The generic ones are left out: whoever searches has them in hand.
 * @param offered those within the access level and the toolsets
 */
export function findableTools(
  tools: readonly ListedTool[],
  offered: readonly ListedTool[],
  granted: Granted,
): Findable[] {
  const { toolsets } = granted;
  const names = new Set(offered.map(({ name }) => name));
  return tools
    .filter(({ toolset }) => toolset !== 'api')
    .flatMap((tool) => [
      ...(tool.kinds === undefined
        ? [findableTool(tool, granted, missingSetting(tool, names, granted))]
        : []),
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

function findableTool(tool: ListedTool, granted: Granted, needs: string | undefined): Findable {
  const { name, access, words, definition, isUnlisted } = tool;
  const isHidden = !isListed(tool, granted);
  return {
    name,
    access,
    about: `${definition.title ?? ''} ${definition.description ?? ''}`,
    ...(words === undefined ? {} : { words }),
    call: isHidden ? callOfHidden(name, isUnlisted === true) : name,
    ...(isHidden ? { takes: argumentsLine(definition.inputSchema) } : {}),
    ...(needs === undefined ? {} : { needs }),
  };
}

function callOfHidden(name: string, isChange: boolean): string {
  return isChange
    ? `plan_change {"tool":"${name}","arguments":{…}}`
    : `call_api_read {"method":"${name}","params":[{…}]}`;
}

/** What keeps a tool from being called; a change that is not listed is called through plan_change. */
function missingSetting(
  { name, access, toolset, isUnlisted }: ListedTool,
  offered: ReadonlySet<string>,
  granted: Granted,
): string | undefined {
  if (!accessIncludes(granted.access, access)) return `access ${access}`;
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
