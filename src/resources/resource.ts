/**
 * What a resource is: one plain object, either a reading of the NAS or a page of our own. Readings show what the read tools
 * answer; nothing here asks a NAS in a way of its own.
 */
import type { Completion } from '../completions/completion.ts';
import { InputProblem } from '../output/problem.ts';
import type { ReadTool, Tool, ToolContext } from '../tools/define.ts';
import type { ReadClient } from '../truenas/client.ts';
import type { NasEvent } from '../truenas/events/event.ts';

/** The parts of a URI that its template leaves open, decoded. */
export type Variables = Readonly<Record<string, string>>;

interface Described {
  /** `truenas://overview`, or a template (RFC 6570) whose last part is open: `truenas://pool/{name}`. */
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
}

/** A NAS event that makes those who watch a resource look again. */
export interface EventTrigger {
  /** Name to subscribe to, e.g. `pool.query`. */
  readonly event: string;
  /** False for an event that is about something else; every event counts when absent. */
  readonly concerns?: (event: NasEvent, variables: Variables) => boolean;
}

/** What one look at the NAS gave. */
export interface ReadingAnswer {
  readonly text: string;
  /** What has to differ for the resource to count as changed. */
  readonly state: unknown;
}

/** The code of a reading. */
export interface LoadedReading {
  /** Every API method it may call. */
  readonly uses: readonly string[];
  /** As its tool: untrusted text is marked as such. */
  readonly carriesFreeText: boolean;
  /** @throws InputProblem when there is no such thing on the NAS, TrueNasError from the NAS. */
  readonly read: (nas: ReadClient, variables: Variables, context: ToolContext) => Promise<ReadingAnswer>;
}

/** A view of the NAS as it is now. */
export interface Reading extends Described {
  readonly kind: 'reading';
  /** Offered only with this tool: toolsets and access decide for both. */
  readonly tool: string;
  /** And with these, where it shows more than one. */
  readonly alsoNeeds?: readonly string[];
  /** How each variable of the template completes. */
  readonly completions: Readonly<Record<string, Completion>>;
  readonly triggers: readonly EventTrigger[];
  /** Loads the code that reads, with that of its tool. */
  load(): Promise<LoadedReading>;
}

/** A reference page in our own words; it never changes while the process lives. */
export interface Page extends Described {
  readonly kind: 'page';
  text(): string;
}

/** Anything that `resources/read` can read. */
export type Resource = Reading | Page;

/** A reading that shows the answer of a read tool. */
export interface ToolView extends Omit<Described, 'mimeType'> {
  /** The tool, by name, and how it is loaded. */
  readonly tool: string;
  readonly loadTool: () => Promise<Tool>;
  /** The tool's arguments for a URI. */
  readonly args?: (variables: Variables) => Readonly<Record<string, unknown>>;
  /** Of the tool's data, what counts as a change; all of it when absent. */
  readonly state?: (data: Readonly<Record<string, unknown>>) => unknown;
  readonly completions?: Readonly<Record<string, Completion>>;
  readonly triggers: readonly EventTrigger[];
}

/** Makes a reading of a read tool. */
export function viewOf(view: ToolView): Reading {
  const { uri, name, title, description, tool, triggers, loadTool, completions = {} } = view;
  return {
    uri,
    name,
    title,
    description,
    tool,
    triggers,
    kind: 'reading',
    mimeType: 'text/plain',
    completions,
    async load() {
      const code = await loadTool();
      if (code.kind !== 'read') throw new Error(`${code.name} does not read`);
      return {
        uses: code.uses,
        carriesFreeText: code.carriesFreeText === true,
        read: (nas, variables, context) => readThrough(code, view, variables, nas, context),
      };
    },
  };
}

async function readThrough(
  tool: ReadTool,
  { uri, args, state }: ToolView,
  variables: Variables,
  nas: ReadClient,
  context: ToolContext,
): Promise<ReadingAnswer> {
  const input = tool.input.safeParse(args?.(variables) ?? {});
  if (!input.success) {
    throw new InputProblem('uri', `does not fit ${uri}: ${input.error.issues[0]?.message ?? ''}`);
  }
  const answer = await tool.run(nas, input.data, context);
  return { text: answer.text, state: state === undefined ? answer.data : state(answer.data) };
}

/** Makes a reference page. */
export function definePage(page: Omit<Page, 'kind' | 'mimeType'>): Page {
  return { ...page, kind: 'page', mimeType: 'text/markdown' };
}
