/**
 * What a tool is: one plain object. Annotations, access filter, roles, docs and tests are derived from it.
 * Tools never import the MCP SDK.
 */
import type { z } from 'zod';
import type { AccessLevel } from '../policy/levels.ts';
import type { ReadClient } from '../truenas/client.ts';

/** The groups that `TRUENAS_TOOLSETS` selects. */
export const TOOLSETS = ['system', 'storage', 'sharing', 'api'] as const;
/** One group of tools. */
export type Toolset = (typeof TOOLSETS)[number];

/** What a tool gets besides its input. */
export interface ToolContext {
  /** Fires when the client cancels or goes away. */
  readonly signal: AbortSignal;
  /** The clock, in milliseconds since the epoch; a function so that tests can hold it still. */
  readonly now: () => number;
  /** Size above which the text is cut, in estimated tokens; the default of output/budget.ts when absent. */
  readonly budgetTokens?: number | undefined;
}

/** What a tool answers: the text a model reads, and the same facts as data. */
export interface ToolAnswer<Data> {
  readonly text: string;
  readonly data: Data;
}

/** A tool that reads. Its `run` is handed a client confined to `uses`. */
export interface ReadTool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly toolset: Toolset;
  readonly access: Extract<AccessLevel, 'read'>;
  readonly title: string;
  /** One or two sentences: what it answers, and when to use it rather than its sibling. */
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  /** Every API method it may call, by canonical (newest) name. */
  readonly uses: readonly string[];
  /**
   * Its answers quote texts that anybody may have written (alerts, comments, errors, logs, names that come along with a
   * replication): they are marked as such.
   */
  readonly carriesFreeText?: true;
  /** A call may make the NAS ask another host: an update server, a cloud, a replication target. */
  readonly reachesOutside?: true;
  /** Generic tools only: `run` gets the client of access/readable-client.ts, which goes by the live catalog. */
  readonly usesAnyReadable?: true;
  run(nas: ReadClient, input: z.output<Input>, context: ToolContext): Promise<ToolAnswer<z.input<Output>>>;
}

/** A read tool whose own types are forgotten, for lists of tools. */
// biome-ignore lint/suspicious/noExplicitAny: method bivariance is wanted here; each tool is checked where it is defined
export type AnyReadTool = ReadTool<any, any>; // oxlint-disable-line typescript/no-explicit-any

/** Checks a read tool's parts against each other at compile time and returns it unchanged. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Omit<ReadTool<Input, Output>, 'access'>,
): ReadTool<Input, Output> {
  return { ...tool, access: 'read' };
}
