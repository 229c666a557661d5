/** Composes what happens around a tool call: each step may answer itself, or pass on and work on what comes back. */
import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import type { AnyReadTool } from '../../tools/define.ts';

/** One call of one tool, as the steps see it. */
export interface ToolCall {
  readonly tool: AnyReadTool;
  /** As the client sent it; `input` once the gate has checked it. */
  readonly args: unknown;
  readonly signal: AbortSignal;
  /** The SDK's view of the request: client capabilities, elicitation, progress. */
  readonly mcp: ServerContext;
}

/** One step. `next` runs the rest, at most once. */
export type Step<Call> = (
  call: Call,
  next: (call: Call) => Promise<CallToolResult>,
) => Promise<CallToolResult>;

/** Joins steps, outermost first, around `last`. */
export function chain<Call>(
  steps: readonly Step<Call>[],
  last: (call: Call) => Promise<CallToolResult>,
): (call: Call) => Promise<CallToolResult> {
  return steps.reduceRight<(call: Call) => Promise<CallToolResult>>(
    (next, step) => (call) => step(call, next),
    last,
  );
}
