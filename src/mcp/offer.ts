/** The tools of a server, loaded when they are first needed and described once per process. */
import type { Tool } from '@modelcontextprotocol/server';
import type { AnyReadTool } from '../tools/define.ts';
import { toolDefinition } from './definition.ts';

/** Tools, or the way to load them: their schemas take a good part of the start-up, and a client says hello first. */
export type ToolSource = readonly AnyReadTool[] | (() => Promise<readonly AnyReadTool[]>);

/** What a server offers. */
export interface Offer {
  /** The entries of `tools/list`. */
  definitions(): Promise<Tool[]>;
  find(name: string): Promise<AnyReadTool | undefined>;
  /** Loads what is not loaded yet, once the messages at hand have been answered. */
  prepare(): void;
}

/** Wraps a source; a source that fails to load is asked again. */
export function createOffer(source: ToolSource): Offer {
  let loaded: Promise<{ byName: ReadonlyMap<string, AnyReadTool>; definitions: Tool[] }> | undefined;
  const load = () => {
    loaded ??= readSource(source);
    loaded.catch(() => {
      loaded = undefined;
    });
    return loaded;
  };
  return {
    definitions: async () => (await load()).definitions,
    find: async (name) => (await load()).byName.get(name),
    prepare: () => {
      if (loaded === undefined) setImmediate(() => void load().catch(() => {}));
    },
  };
}

async function readSource(source: ToolSource) {
  const tools = typeof source === 'function' ? await source() : source;
  return { byName: new Map(tools.map((tool) => [tool.name, tool])), definitions: tools.map(toolDefinition) };
}
