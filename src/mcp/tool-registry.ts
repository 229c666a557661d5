/** The tools of a server, loaded when they are first needed and described once per process. */
import type { Tool } from '@modelcontextprotocol/server';
import type { AnyReadTool } from '../tools/define.ts';
import { toolDefinition } from './tool-schema.ts';

/** Tools, or the way to load them: their schemas take a good part of the start-up, and a client says hello first. */
export type ToolSource = readonly AnyReadTool[] | (() => Promise<readonly AnyReadTool[]>);

/** What a server offers. */
export interface Offer {
  /** The entries of `tools/list`. */
  definitions(): Promise<Tool[]>;
  /** Not a promise once the tools are loaded. */
  find(name: string): AnyReadTool | undefined | Promise<AnyReadTool | undefined>;
  /** Loads what is not loaded yet, once the messages at hand have been answered. */
  prepare(): void;
}

/** Wraps a source; a source that fails to load is asked again. */
export function createOffer(source: ToolSource): Offer {
  let loaded: Promise<{ byName: ReadonlyMap<string, AnyReadTool>; definitions: Tool[] }> | undefined;
  let byName: ReadonlyMap<string, AnyReadTool> | undefined;
  const load = () => {
    if (loaded === undefined) {
      loaded = readSource(source);
      loaded.then(
        (tools) => {
          byName = tools.byName;
        },
        () => {
          loaded = undefined;
        },
      );
    }
    return loaded;
  };
  return {
    definitions: async () => (await load()).definitions,
    find: (name) =>
      byName === undefined ? load().then((tools) => tools.byName.get(name)) : byName.get(name),
    prepare: () => {
      if (loaded === undefined) setImmediate(() => void load().catch(() => {}));
    },
  };
}

async function readSource(source: ToolSource) {
  const tools = typeof source === 'function' ? await source() : source;
  return { byName: new Map(tools.map((tool) => [tool.name, tool])), definitions: tools.map(toolDefinition) };
}
