/** What a toolset is: a group of tools that `TRUENAS_TOOLSETS` selects. Nothing of it is loaded before it is needed. */
import type { Tool } from './define.ts';

/** Names of the toolsets, in the order of the tool list. */
export const TOOLSET_NAMES = [
  'system',
  'storage',
  'sharing',
  'protection',
  'apps',
  'virtualization',
  'accounts',
  'network',
  'hardware',
  'files',
  'audit',
  'changes',
  'api',
] as const;
/** Name of one toolset. */
export type ToolsetName = (typeof TOOLSET_NAMES)[number];

/** The tools over kinds of things; they come with every toolset that has kinds. */
export const ITEMS = 'items';

/** One group of tools. */
export interface Toolset {
  readonly name: ToolsetName | typeof ITEMS;
  readonly title: string;
  /** What it is for, in one line. */
  readonly about: string;
  /** How each tool is loaded, by name, in the order of the tool list. */
  readonly load: Readonly<Record<string, () => Promise<Tool>>>;
}

/** The code of all its tools, in their order. */
export function loadTools(toolset: Toolset): Promise<Tool[]> {
  return Promise.all(Object.values(toolset.load).map((load) => load()));
}
