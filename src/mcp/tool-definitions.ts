/**
 * The entries of `tools/list`, without the code of a tool. The build writes them down (scripts/build.mjs): converting the
 * schemas of sixty more tools would take 60 ms of each start. Run from the sources, they are derived from the tools.
 */
import type { Tool as Definition } from '@modelcontextprotocol/server';
import type { AccessLevel } from '../policy/levels.ts';
import type { KindEntry, Tool } from '../tools/define.ts';
import type { ViewName } from '../tools/view-names.ts';

/** A tool as a client sees it, with what decides whether it is offered. */
export interface ListedTool {
  readonly name: string;
  readonly toolset: Tool['toolset'];
  readonly access: AccessLevel;
  /** Reached through plan_change only. */
  readonly isUnlisted?: true;
  /** Listed only where the operator chose the toolsets; else called through call_api_read. */
  readonly isListedOnRequest?: true;
  /** Other words that people use for it. */
  readonly words?: string;
  /** Offered only where the operator set TRUENAS_API_WRITE. */
  readonly isForApiWrite?: true;
  readonly kinds?: readonly KindEntry[];
  /** The view that draws its answers. */
  readonly view?: ViewName;
  readonly definition: Definition;
}

/** True for a tool that `tools/list` shows, if it is granted; the short list is that of an operator who chose no toolsets. */
export function isListed(
  { isUnlisted, isListedOnRequest }: Pick<ListedTool, 'isUnlisted' | 'isListedOnRequest'>,
  { isShortList = false }: { readonly isShortList?: boolean },
): boolean {
  return isUnlisted !== true && !(isShortList && isListedOnRequest === true);
}

/** The views of these tools, by tool. */
export function viewsOf(tools: readonly ListedTool[]): ReadonlyMap<string, ViewName> {
  return new Map(tools.flatMap(({ name, view }) => (view === undefined ? [] : [[name, view] as const])));
}

/** JSON of a `ListedTool[]`, put in by the build. */
declare const TOOL_DEFINITIONS: string | undefined;

/** Every tool of every toolset, in the order of the list. */
export async function listedTools(): Promise<readonly ListedTool[]> {
  if (typeof TOOL_DEFINITIONS === 'string') return JSON.parse(TOOL_DEFINITIONS) as ListedTool[];
  return (await import('./derived-definitions.ts')).derivedDefinitions();
}
