/** The innermost part of a call: check the arguments, read on a confined client, check the answer. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { ANY_READABLE, type NasAccess, type ReadGrant } from '../../access/reader.ts';
import { checkArgumentLimits } from '../../output/argument-limits.ts';
import { meantArguments } from '../../output/meant-arguments.ts';
import { inputProblems } from '../../output/problem.ts';
import { markedAsData } from '../../output/untrusted.ts';
import type { ChangeTool, ReadTool, Tool, ToolAnswer } from '../../tools/define.ts';
import type { Log } from '../../truenas/log.ts';
import { type Call, subjectName } from './middleware.ts';
import { planText } from './plan-text.ts';

/** What running takes. */
export interface RunDeps {
  readonly nas: NasAccess;
  readonly now: () => number;
  readonly log: Log;
  /** Size that an answer's text should keep to. */
  readonly budgetTokens: number;
}

/** A call as far as the innermost step looks at it. */
export type RunCall = Omit<Call, 'mcp'>;

/**
 * Makes the function that answers a call. Wrong arguments are answered without asking the NAS. The returned function throws
 * InputProblem for arguments that name nothing on the NAS, TrueNasError from the NAS.
 */
export function createRunner(deps: RunDeps): (call: RunCall) => Promise<CallToolResult> {
  return async (call) => {
    const startedMs = performance.now();
    const result = await answer(call, deps);
    const ms = Math.round(performance.now() - startedMs);
    deps.log.debug('answered', { subject: subjectName(call.subject), ms });
    return result;
  };
}

async function answer(call: RunCall, deps: RunDeps): Promise<CallToolResult> {
  const { subject } = call;
  const context = { signal: call.signal, now: deps.now, budgetTokens: deps.budgetTokens };
  if (subject.kind === 'reading') {
    const nas = await deps.nas.reader(grant(call, deps, subject.reading.uses));
    const { text } = await subject.reading.read(nas, subject.variables, context);
    return textResult(subject.reading.carriesFreeText ? markedAsData(text) : text);
  }
  const { tool } = subject;
  const meant = meantArguments(tool.input, call.args, tool.synonyms);
  const input = tool.input.safeParse(meant);
  if (!input.success) return { ...textResult(inputProblems(input.error, tool, meant)), isError: true };
  checkArgumentLimits(input.data);
  const nas = await deps.nas.reader(grant(call, deps, usesOf(tool)));
  if (tool.kind === 'change') return planned(tool, await tool.plan(nas, input.data, context));
  return resultOf(tool, await tool.run(nas, input.data, context), deps.log);
}

function usesOf(tool: Tool): ReadGrant['uses'] {
  return tool.kind === 'read' && tool.usesAnyReadable ? ANY_READABLE : tool.uses;
}

function grant({ system, caller, signal }: RunCall, { nas }: RunDeps, uses: ReadGrant['uses']): ReadGrant {
  return { system: system ?? nas.systems[0], caller, signal, uses };
}

/** A change is answered with its plan. Nothing in this process can send it: there is no writer behind this step. */
function planned(tool: ChangeTool, change: Awaited<ReturnType<ChangeTool['plan']>>): CallToolResult {
  const undeclared = change.calls.filter(({ method }) => !tool.writes.includes(method));
  if (undeclared.length > 0) {
    const methods = undeclared.map(({ method }) => method).join(', ');
    throw new Error(`the plan of ${tool.name} names ${methods}, which the tool does not declare`);
  }
  return { ...textResult(planText(change)), structuredContent: { ...change } };
}

/** The answer as MCP wants it, checked against the tool's own schema. */
function resultOf(tool: ReadTool, answer: ToolAnswer<unknown>, log: Log): CallToolResult {
  const data = tool.output.safeParse(answer.data);
  if (data.success) {
    return {
      ...textResult(tool.carriesFreeText ? markedAsData(answer.text) : answer.text),
      structuredContent: data.data,
    };
  }
  // A client that validates would reject the whole answer, text and all; an error result still carries the text.
  log.error('the answer does not fit its own schema', {
    tool: tool.name,
    issues: data.error.issues.slice(0, 5),
  });
  const text = `${answer.text}\n\n(The structured form of this answer is left out: it does not fit the tool's schema. Please report this as a bug in truenas-mcp-server.)`;
  return { ...textResult(text), isError: true };
}

function textResult(text: string): CallToolResult {
  return { content: [{ type: 'text', text }] };
}
