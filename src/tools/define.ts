/**
 * What a tool is: one plain object that carries everything about itself. Annotations, access filter, roles, documentation,
 * budgets and every generic suite of tests are derived from it. Tools never import the MCP SDK.
 */
import type * as z from 'zod';
import type { Change } from '../changes/change.ts';
import type { KnownTargets } from '../changes/joined.ts';
import type { WriterCatalog } from '../changes/readers.ts';
import type { RequestAnswer } from '../changes/request.ts';
import type { ChangeSession } from '../changes/session.ts';
import type { Synonyms } from '../output/meant-arguments.ts';
import type { Drawable } from '../output/picture/picture.ts';
import type { AccessLevel } from '../policy/levels.ts';
import type { ReadClient } from '../truenas/client.ts';
import type { Findable } from './support/findable.ts';
import type { ITEMS, ToolsetName } from './toolset.ts';
import type { ViewName } from './view-names.ts';

/** What a tool gets besides its input. */
export interface ToolContext {
  /** The clock, in milliseconds since the epoch; a function so that tests can hold it still. */
  readonly now: () => number;
  /** Size above which the text is cut, in estimated tokens; the default of output/budget.ts when absent. */
  readonly budgetTokens?: number | undefined;
  /** The client shows the tool's view. */
  readonly showsViews?: boolean;
  /** What search_api finds besides methods; absent where nothing but the tool itself is there. */
  readonly findables?: () => Promise<readonly Findable[]>;
  /** For plans: things that earlier steps of the same plan make, and that are not on the NAS yet. */
  readonly known?: KnownTargets;
  /** For plans of any method: the API as the writing account sees it; see {@link WriterCatalog}. */
  readonly writerCatalog?: WriterCatalog;
  /** call_api_write is offered. */
  readonly mayCallAny?: boolean;
}

/** What a tool answers: the text a model reads, and the same facts as data. */
export interface ToolAnswer<Data> {
  readonly text: string;
  readonly data: Data;
  /** More of the same facts for the tool's view, in `_meta`, which no model reads; only where {@link ToolContext.showsViews}. */
  readonly viewData?: Readonly<Record<string, unknown>>;
  /** Goes out as an image beside both, for clients that have no views. */
  readonly drawable?: Drawable;
}

/** A call that shows something of its own on the simulated NAS: for documentation, budgets and the generic tests. */
export interface Example {
  readonly args: Readonly<Record<string, unknown>>;
  /** What it shows, in a few words. */
  readonly why: string;
  /** Of change tools: releases that lack what it needs. The tool says so there. */
  readonly notOn?: readonly string[];
  /** Of change tools: changes that are made before, where the simulated NAS has nothing to show it on. */
  readonly given?: readonly { readonly tool: string; readonly args: Readonly<Record<string, unknown>> }[];
}

/** Something that a NAS may keep from a narrow key; the tool then says so, and the rest of its answer stands. */
export interface Lack {
  /** Method by canonical name. */
  readonly method: string;
  /** The field that is hidden or left out; the whole answer when absent. */
  readonly field?: string;
}

interface ToolParts<Input extends z.ZodObject> {
  readonly name: string;
  readonly toolset: ToolsetName | typeof ITEMS;
  readonly title: string;
  /** Other words that people use for it, for search_api; those of its name and description are known anyway. */
  readonly words?: string;
  /** One or two sentences: what it answers, and when to use it rather than its sibling. */
  readonly description: string;
  readonly input: Input;
  /** Other words that people use for the values of an argument: `{ kind: { cifs: 'smb' } }`. */
  readonly synonyms?: Synonyms;
  /** Every API method it may read with, by canonical (newest) name. */
  readonly uses: readonly string[];
  /** Calls that together take every branch which asks the NAS; the first is the one that people make most. */
  readonly examples: readonly [Example, ...Example[]];
  readonly mayLack?: readonly Lack[];
  /** Offered only where the operator set TRUENAS_API_WRITE. */
  readonly isForApiWrite?: true;
}

/** A kind of things, as the entry of `tools/list` and search_api need it. */
export interface KindEntry {
  readonly name: string;
  readonly toolset: ToolsetName;
  /** What people learn from it. */
  readonly about: string;
  /** Other words that people use for it. */
  readonly words: string;
  /** Change tools that work on it. */
  readonly changedBy?: readonly string[];
}

/** A call of a tool through another. */
export interface NamedCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A tool that reads. Its `run` is handed a client confined to `uses`. */
export interface ReadTool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject>
  extends ToolParts<Input> {
  readonly kind: 'read';
  readonly access: Extract<AccessLevel, 'read'>;
  readonly output: Output;
  /**
   * Its answers quote texts that anybody may have written (alerts, comments, errors, logs, names that come along with a
   * replication): they are marked as such.
   */
  readonly carriesFreeText?: true;
  /** A call may make the NAS ask another host: an update server, a cloud, a replication target. */
  readonly reachesOutside?: true;
  /** The view that draws its answers, for clients that show views; src/ui/page/views has it. */
  readonly view?: ViewName;
  /** Needed seldom: in `tools/list` only where the operator chose the toolsets; else found by search_api, and called by call_api_read. */
  readonly isListedOnRequest?: true;
  /** Generic tools only: the tool that a call with these arguments is for, if it names one. */
  readonly namesTool?: (args: Readonly<Record<string, unknown>>) => NamedCall | undefined;
  /** Generic tools only: `run` gets a client that goes by the live catalog instead of `uses`. */
  readonly usesAnyReadable?: true;
  /** Of these, the methods that a call with this input may read with; the same array for the same kind of call. */
  readonly usesFor?: (input: z.output<Input>) => readonly string[];
  /** Tools over kinds only. The tool is offered with the toolset of any of them, and takes only the kinds of those toolsets. */
  readonly kinds?: readonly KindEntry[];
  /** The same tool for the kinds of these toolsets. */
  readonly limitedTo?: (toolsets: readonly ToolsetName[]) => ReadTool;
  run(nas: ReadClient, input: z.output<Input>, context: ToolContext): Promise<ToolAnswer<z.input<Output>>>;
}

/**
 * A tool that changes something. Its `plan` is handed a client confined to `uses`, which cannot write, and returns what
 * would be sent; nothing in tools/ ever holds a writer.
 */
export interface ChangeTool<Input extends z.ZodObject = z.ZodObject> extends ToolParts<Input> {
  readonly kind: 'change';
  readonly access: Exclude<AccessLevel, 'read'>;
  /** Every API method that its plans may name, by canonical name. */
  readonly writes: readonly string[] | 'any';
  /** The generic tool only: `plan` gets a client that goes by the live catalog besides `uses`. */
  readonly usesAnyReadable?: true;
  /** Not in `tools/list`: found by search_api, and called by plan_change. */
  readonly isUnlisted?: true;
  plan(nas: ReadClient, input: z.output<Input>, context: ToolContext): Promise<Change>;
}

/** A tool that drives the change engine: it plans, asks for a plan to be applied, lists or takes back changes. */
export interface EngineTool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject>
  extends ToolParts<Input> {
  readonly kind: 'engine';
  readonly access: AccessLevel;
  readonly output: Output;
  /** Annotated by the worst that a call may do; absent: it changes nothing. */
  readonly worstCase?: Exclude<AccessLevel, 'read'>;
  /** As for a {@link ReadTool}. */
  readonly view?: ViewName;
  run(
    session: ChangeSession,
    input: z.output<Input>,
    context: ToolContext,
  ): Promise<ToolAnswer<z.input<Output>> | { readonly requested: RequestAnswer }>;
}

/** Any tool, its own types forgotten: each is checked where it is defined. */
// biome-ignore lint/suspicious/noExplicitAny: method bivariance is wanted here
export type Tool = ReadTool<any, any> | ChangeTool<any> | EngineTool<any, any>; // oxlint-disable-line typescript/no-explicit-any

/** Checks a read tool's parts against each other at compile time and completes it. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Omit<ReadTool<Input, Output>, 'access' | 'kind'>,
): ReadTool<Input, Output> {
  return { ...tool, kind: 'read', access: 'read' };
}

/** Checks a change tool's parts against each other at compile time and completes it. */
export function defineChange<Input extends z.ZodObject>(
  tool: Omit<ChangeTool<Input>, 'kind'>,
): ChangeTool<Input> {
  return { ...tool, kind: 'change' };
}

/** Checks an engine tool's parts against each other at compile time and completes it. */
export function defineEngineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Omit<EngineTool<Input, Output>, 'kind'>,
): EngineTool<Input, Output> {
  return { ...tool, kind: 'engine' };
}
