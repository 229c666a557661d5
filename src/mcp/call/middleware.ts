/** What one call is, and how the steps around it are composed: each may answer itself, or pass on and work on what comes back. */
import type { CallToolResult, ClientCapabilities, ServerContext } from '@modelcontextprotocol/server';
import type { Caller } from '../../access/caller.ts';
import type { LoadedReading, Variables } from '../../resources/resource.ts';
import type { Tool } from '../../tools/define.ts';
import type { TaskHooks } from './tasks.ts';

/** What is asked for. */
export type Subject =
  | { readonly kind: 'tool'; readonly tool: Tool }
  | {
      readonly kind: 'reading';
      readonly uri: string;
      readonly reading: LoadedReading;
      readonly variables: Variables;
    };

/** One call, as the steps see it. */
export interface Call {
  readonly subject: Subject;
  /** As the client sent them: the innermost step checks them. */
  readonly args: unknown;
  /** The NAS that is meant; absent until the step of system-argument.ts has read it. */
  readonly system?: string;
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** The SDK's view of the request: client capabilities, elicitation, progress. */
  readonly mcp: ServerContext;
  /** What the client declared for this request; undefined where it cannot be asked anything. */
  readonly clientCapabilities?: ClientCapabilities | undefined;
  /** Present when the call may become a task. */
  readonly task?: TaskHooks | undefined;
}

/** Answers a call. */
export type Answer = (call: Call) => Promise<CallToolResult>;

/** One step. `next` runs the rest, at most once. */
export type Step = (call: Call, next: Answer) => Promise<CallToolResult>;

/** Joins steps, outermost first, around `last`. */
export function chain(steps: readonly Step[], last: Answer): Answer {
  return steps.reduceRight<Answer>((next, step) => (call) => step(call, next), last);
}

/** The name of what is asked for: a tool's, or a resource's URI. */
export function subjectName(subject: Subject): string {
  return subject.kind === 'tool' ? subject.tool.name : subject.uri;
}
