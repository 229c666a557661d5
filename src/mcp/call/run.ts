/** The innermost part of a call: check the arguments, read on a confined client, check the answer. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { ANY_READABLE, type NasAccess, type ReadGrant } from '../../access/reader.ts';
import { checkArgumentLimits } from '../../output/argument-limits.ts';
import { meantArguments } from '../../output/meant-arguments.ts';
import type { Drawable } from '../../output/picture/picture.ts';
import { inputProblems } from '../../output/problem.ts';
import { markedAsData } from '../../output/untrusted.ts';
import type { ChangeSession } from '../../changes/session.ts';
import type { ChangeTool, EngineTool, ReadTool, ToolAnswer, ToolContext } from '../../tools/define.ts';
import { VIEW_DATA } from '../../tools/view-names.ts';
import type { Log } from '../../truenas/log.ts';
import { showsViews } from '../client-capabilities.ts';
import type { ChangeDeps } from './change-call.ts';
import { type Call, subjectName } from './middleware.ts';

/** What running takes. */
export interface RunDeps {
  readonly nas: NasAccess;
  readonly now: () => number;
  readonly log: Log;
  /** Size that an answer's text should keep to. */
  readonly budgetTokens: number;
  /** A value without secrets: for what cannot be redacted later. */
  readonly redacted: <Value>(value: Value) => Value;
  /** What search_api finds besides methods. */
  readonly findables?: ToolContext['findables'];
  /** Absent at access `read`: no change tool is offered then. */
  readonly changes?: (() => Promise<ChangeDeps>) | undefined;
}

/** A call as far as the innermost step looks at it; only changes look at the SDK's view of it. */
export type RunCall = Omit<Call, 'mcp'> & Partial<Pick<Call, 'mcp'>>;

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
  const { now, budgetTokens, findables } = deps;
  const context = {
    now,
    budgetTokens,
    showsViews: showsViews(call.clientCapabilities),
    ...(findables === undefined ? {} : { findables }),
  };
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
  if (tool.kind !== 'read') return changed(call, tool, input.data, context, deps);
  const nas = await deps.nas.reader(grant(call, deps, usesOf(tool, input.data)));
  const generic = tool.usesAnyReadable === true ? await genericContext(call, deps) : {};
  const answered = await tool.run(nas, input.data, { ...context, ...generic });
  const result = resultOf(tool, answered, deps.log);
  return answered.drawable === undefined ? result : withImage(result, answered.drawable, deps);
}

/** The result with a picture beside its text; where none can be drawn, the text says why. */
async function withImage(
  result: CallToolResult,
  { picture, words }: Drawable,
  { redacted }: RunDeps,
): Promise<CallToolResult> {
  const { drawn } = await import('../../output/picture/draw.ts');
  // Redaction further out finds no secret in pixels.
  const image = await drawn(redacted(picture), words);
  if ('png' in image) {
    const data = Buffer.from(image.png).toString('base64');
    return { ...result, content: [...result.content, { type: 'image', data, mimeType: 'image/png' }] };
  }
  return {
    ...result,
    content: result.content.map((block) =>
      block.type === 'text' ? { ...block, text: `${block.text}\n${image.why}` } : block,
    ),
  };
}

/** Where any method may be planned, the generic tools describe it as the account sees it that may call it. */
async function genericContext(
  { system, caller }: RunCall,
  { changes: open, nas }: RunDeps,
): Promise<Partial<ToolContext>> {
  const changes = await open?.();
  if (changes === undefined || (await changes.findTool('call_api_write')) === undefined) return {};
  return {
    mayCallAny: true,
    writerCatalog: changes.engine.writerCatalog(system ?? nas.systems[0], caller),
  };
}

function usesOf(tool: ReadTool, input: Record<string, unknown>): ReadGrant['uses'] {
  if (tool.usesAnyReadable) return ANY_READABLE;
  return tool.usesFor?.(input) ?? tool.uses;
}

function grant({ system, caller, signal }: RunCall, { nas }: RunDeps, uses: ReadGrant['uses']): ReadGrant {
  return { system: system ?? nas.systems[0], caller, signal, uses };
}

/** A change, or a tool that drives the engine. The code for both is loaded with the first of them. */
async function changed(
  { mcp, ...rest }: RunCall,
  tool: ChangeTool | EngineTool,
  input: Record<string, unknown>,
  context: ToolContext,
  { changes: open, nas, log }: RunDeps,
): Promise<CallToolResult> {
  const changes = await open?.();
  if (changes === undefined || mcp === undefined)
    throw new Error(`${tool.name} is offered without a change engine`);
  const call = { ...rest, mcp };
  const [{ callChangeTool, changeSession }, { rendered }] = await Promise.all([
    import('./change-call.ts'),
    import('./change-result.ts'),
  ]);
  const system = call.system ?? nas.systems[0];
  const result =
    tool.kind === 'change'
      ? await callChangeTool(call, system, { tool, input }, context, changes)
      : await driven(changeSession(call, system, context, changes), rendered);
  // A question is a result without content; the SDK's type of a handler's result leaves it out.
  return result as CallToolResult;

  async function driven(session: ChangeSession, render: typeof rendered) {
    if (tool.kind !== 'engine') throw new Error(`${tool.name} does not drive the engine`);
    const answer = await tool.run(session, input, context);
    return 'requested' in answer && changes !== undefined
      ? render(answer.requested, changes, context.showsViews === true && tool.view !== undefined)
      : resultOf(tool, answer as ToolAnswer<unknown>, log);
  }
}

/** The answer as MCP wants it, checked against the tool's own schema. */
function resultOf(tool: ReadTool | EngineTool, answer: ToolAnswer<unknown>, log: Log): CallToolResult {
  const data = tool.output.safeParse(answer.data);
  if (data.success) {
    return {
      ...textResult(tool.kind === 'read' && tool.carriesFreeText ? markedAsData(answer.text) : answer.text),
      structuredContent: data.data,
      ...(answer.viewData === undefined ? {} : { _meta: { [VIEW_DATA]: answer.viewData } }),
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
