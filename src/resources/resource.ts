/**
 * What a resource is: one plain object, either a live view of the NAS or a page of our own. Live views reuse what the
 * read tools do; nothing here asks a NAS in a way of its own.
 */
import type { Completion } from '../completions/completion.ts';
import { InputProblem } from '../output/problem.ts';
import type { AnyReadTool, ToolContext } from '../tools/define.ts';
import type { ReadClient } from '../truenas/client.ts';
import type { NasEvent } from '../truenas/events/event-source.ts';

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

/** What one reading of a live resource gives. */
export interface Reading {
  readonly text: string;
  /** What has to differ for the resource to count as changed. */
  readonly state: unknown;
}

/** A NAS event that makes those who watch a resource look again. */
export interface EventTrigger {
  /** Name to subscribe to, e.g. `pool.query`. */
  readonly event: string;
  /** False for an event that is about something else; every event counts when absent. */
  readonly concerns?: (event: NasEvent, variables: Variables) => boolean;
}

/** A view of the NAS as it is now. */
export interface LiveResource extends Described {
  readonly kind: 'live';
  /** Offered only with this tool: toolsets and access decide for both. */
  readonly tool: string;
  /** Every API method it may call. */
  readonly uses: readonly string[];
  /** As its tool: texts of strangers are marked as such. */
  readonly carriesFreeText?: true;
  /** How each variable of the template completes. */
  readonly completions: Readonly<Record<string, Completion>>;
  readonly triggers: readonly EventTrigger[];
  /** @throws InputProblem when there is no such thing on the NAS, TrueNasError from the NAS. */
  read(nas: ReadClient, variables: Variables, context: ToolContext): Promise<Reading>;
}

/** A reference page in our own words; it never changes while the process lives. */
export interface Page extends Described {
  readonly kind: 'page';
  text(): string;
}

/** Anything that `resources/read` can read. */
export type Resource = LiveResource | Page;

/** A live resource that shows the answer of a read tool. */
export interface ToolView extends Omit<Described, 'mimeType'> {
  readonly tool: AnyReadTool;
  /** The tool's arguments for a URI. */
  readonly args?: (variables: Variables) => Readonly<Record<string, unknown>>;
  /** Of the tool's data, what counts as a change; all of it when absent. */
  readonly state?: (data: Readonly<Record<string, unknown>>) => unknown;
  readonly completions?: Readonly<Record<string, Completion>>;
  readonly triggers: readonly EventTrigger[];
}

/** Makes a resource of a read tool. */
export function viewOf(view: ToolView): LiveResource {
  const { tool, args, state, completions = {}, triggers, ...described } = view;
  return {
    ...described,
    kind: 'live',
    mimeType: 'text/plain',
    tool: tool.name,
    uses: tool.uses,
    ...(tool.carriesFreeText ? { carriesFreeText: true } : {}),
    completions,
    triggers,
    async read(nas, variables, context) {
      const input = tool.input.safeParse(args?.(variables) ?? {});
      if (!input.success) {
        throw new InputProblem('uri', `does not fit ${view.uri}: ${input.error.issues[0]?.message ?? ''}`);
      }
      const answer = await tool.run(nas, input.data, context);
      return { text: answer.text, state: state === undefined ? answer.data : state(answer.data) };
    },
  };
}

/** Makes a reference page. */
export function definePage(page: Omit<Page, 'kind' | 'mimeType'>): Page {
  return { ...page, kind: 'page', mimeType: 'text/markdown' };
}
