/** The tools of a server: listed without their code, each loaded when it is first called. */
import type { Tool as Definition } from '@modelcontextprotocol/server';
import { type AccessLevel, accessIncludes } from '../policy/levels.ts';
import type { ChangeTool, Tool } from '../tools/define.ts';
import type { Toolset, ToolsetName } from '../tools/toolset.ts';
import type { ViewName } from '../tools/view-names.ts';
import type { Findable } from '../tools/support/findable.ts';
import { findableTools } from './findable-tools.ts';
import { isListed, type ListedTool, listedTools, viewsOf } from './tool-definitions.ts';

/** What a server offers. */
export interface ToolRegistry {
  /** The entries of `tools/list`, in a stable order. */
  readonly definitions: () => Promise<readonly Definition[]>;
  /** The views of the listed tools, by tool. */
  readonly views: () => Promise<ReadonlyMap<string, ViewName>>;
  readonly names: () => Promise<ReadonlySet<string>>;
  /** The tool, with its code, and a read tool also where it is not listed; undefined when it is not offered. */
  readonly find: (name: string) => Promise<Tool | undefined>;
  /** A change tool within the access level and the toolsets, listed or not. */
  readonly findChange: (name: string) => Promise<ChangeTool | undefined>;
  /** What search_api finds besides methods, with what the settings leave out. */
  readonly findables: () => Promise<readonly Findable[]>;
}

/** What the configuration grants. */
export interface Granted {
  readonly access: AccessLevel;
  readonly toolsets: readonly ToolsetName[];
  /** The operator chose no toolsets: what is needed seldom is not listed. */
  readonly isShortList?: boolean;
  /** TRUENAS_API_WRITE. */
  readonly allowsApiWrite?: boolean;
}

/** Offered whatever the toolsets: every conversation starts with it. */
const ALWAYS_OFFERED = 'system_overview';
/** Offered with every change tool, whatever the toolsets: what those answer is applied and undone through it. */
const CHANGES = 'changes';

/** The tools within the access level and the toolsets, in the order they were given. */
export function grantedTools<
  Named extends Pick<ListedTool, 'name' | 'toolset' | 'access' | 'isForApiWrite' | 'kinds'>,
>(tools: readonly Named[], { access, toolsets, allowsApiWrite = false }: Granted): readonly Named[] {
  const granted = new Set<string>([...toolsets, CHANGES]);
  return tools.filter(
    (tool) =>
      accessIncludes(access, tool.access) &&
      (allowsApiWrite || tool.isForApiWrite !== true) &&
      (granted.has(tool.toolset) ||
        tool.name === ALWAYS_OFFERED ||
        (tool.kinds ?? []).some(({ toolset }) => granted.has(toolset))),
  );
}

/** The entry of a tool over kinds with the kinds of these toolsets alone; any other entry as it is. */
export function entryFor({ definition, kinds }: ListedTool, toolsets: readonly ToolsetName[]): Definition {
  if (kinds === undefined) return definition;
  const { properties } = definition.inputSchema;
  const offered = kinds.filter(({ toolset }) => toolsets.includes(toolset)).map(({ name }) => name);
  const kind = { ...(properties?.['kind'] as object), enum: offered };
  return { ...definition, inputSchema: { ...definition.inputSchema, properties: { ...properties, kind } } };
}

/** The registry of these toolsets. A load that fails is tried again by the next call. */
export function createToolRegistry(toolsets: readonly Toolset[], granted: Granted): ToolRegistry {
  const all = retried(async () => grantedTools(await listedTools(), granted));
  const listed = retried(async () => (await all()).filter((tool) => isListed(tool, granted)));
  const definitions = retried(async () => (await listed()).map((tool) => entryFor(tool, granted.toolsets)));
  const names = retried(async () => new Set((await definitions()).map(({ name }) => name)));
  const loads = new Map(
    toolsets.flatMap(({ load }) =>
      Object.entries(load).map(([name, code]) => [name, retried(async () => limited(await code(), granted))]),
    ),
  );
  const offered = async (name: string) =>
    (await all()).some((each) => each.name === name) ? loads.get(name)?.() : undefined;
  return {
    definitions,
    views: async () => viewsOf(await listed()),
    names,
    async find(name) {
      const tool = await offered(name);
      return tool?.kind === 'read' || (await names()).has(name) ? tool : undefined;
    },
    async findChange(name) {
      const tool = await offered(name);
      return tool?.kind === 'change' ? tool : undefined;
    },
    findables: retried(async () => findableTools(await listedTools(), await all(), granted)),
  };
}

/** A tool over kinds takes those of the granted toolsets alone. */
function limited(tool: Tool, { toolsets }: Granted): Tool {
  return tool.kind === 'read' && tool.limitedTo !== undefined ? tool.limitedTo(toolsets) : tool;
}

/** Does the work once; again when it failed. */
function retried<Value>(work: () => Promise<Value>): () => Promise<Value> {
  let done: Promise<Value> | undefined;
  return () => {
    if (done === undefined) {
      done = work();
      done.catch(() => {
        done = undefined;
      });
    }
    return done;
  };
}
