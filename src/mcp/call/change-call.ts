/**
 * Changes within one MCP call: builds the session that engine tools get, and turns what the engine answers into a result,
 * a question to the person included. The state of a question is sealed: it names the plan and its hash.
 */
import {
  acceptedContent,
  type CallToolResult,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
  type InputRequiredResult,
} from '@modelcontextprotocol/server';
import { randomBytes } from 'node:crypto';
import type { Applied, ChangeEngine, Planner } from '../../changes/engine.ts';
import { planText, summaryLine } from '../../changes/preview.ts';
import type { Plan } from '../../changes/plan.ts';
import { outcomeText } from '../../changes/outcome-text.ts';
import { joinChanges } from '../../changes/joined.ts';
import {
  type Approvals,
  type ClientAnswer,
  type RequestAnswer,
  requestChange,
} from '../../changes/request.ts';
import type { ChangeSession, ChangeStep } from '../../changes/session.ts';
import { checkArgumentLimits } from '../../output/argument-limits.ts';
import { meantArguments } from '../../output/meant-arguments.ts';
import { ArgumentsProblem, InputProblem, inputProblems } from '../../output/problem.ts';
import { safeJson } from '../../output/untrusted.ts';
import { planViewData } from '../../tools/changes/plan-view.ts';
import type { ChangeTool, ToolContext } from '../../tools/define.ts';
import { VIEW_DATA } from '../../tools/view-names.ts';
import type { Call } from './middleware.ts';
import { noSuchChangeTool } from './no-such-change-tool.ts';
import { progressOf } from './progress.ts';

/** What changes take. */
export interface ChangeDeps {
  readonly engine: ChangeEngine;
  readonly approvals: Approvals;
  /** A change tool within the access level, listed or not. */
  readonly findTool: (name: string) => Promise<ChangeTool | undefined>;
  readonly seal: StateSeal;
  /** A value as it goes out, without secrets; the very same one when there was none. */
  readonly redacted: <Value>(value: Value) => Value;
}

/** What a question is about. */
interface Asked {
  readonly plan: string;
  readonly hash: string;
  readonly way: 'form' | 'url';
}

/** Seals the state that a client carries from a question to its answer. */
export type StateSeal = ReturnType<typeof createStateSeal>;

/** Makes a seal with a key of this process: a state of another process, or an edited one, never reaches a tool. */
export function createStateSeal() {
  return createRequestStateCodec<Asked>({ key: randomBytes(32) });
}

/** The engine for the tools that drive it. */
export function changeSession(
  call: Call,
  system: string,
  context: ToolContext,
  deps: ChangeDeps,
): ChangeSession {
  const { engine } = deps;
  const asker = { system, caller: call.caller, signal: call.signal };
  const planner = async (step: ChangeStep) => plannerOf(step, context, deps);
  return {
    plan: async (step) => engine.plan(asker, await planner(step)),
    planAll: async (steps, summary) =>
      engine.plan(asker, joinChanges(await Promise.all(steps.map(planner)), summary)),
    find(id) {
      const plan = engine.find(id, call.caller);
      if (plan === undefined || plan.system !== system)
        throw new InputProblem(
          'plan',
          `no plan ${id} is known here: it was planned elsewhere, or has expired`,
          'Plan it again.',
        );
      return plan;
    },
    request: (plan, summary) => request(call, plan, deps, summary),
    planUndo: (changeId) => engine.planUndo(asker, changeId),
    changes: async () =>
      (await engine.changes()).filter(
        (entry) => entry.system === system && entry.callerId === call.caller.id,
      ),
    nextStep: (plan) => nextStep(plan, engine),
    unready: engine.unready,
  };
}

async function plannerOf(step: ChangeStep, context: ToolContext, { findTool }: ChangeDeps): Promise<Planner> {
  const tool = await findTool(step.tool);
  if (tool === undefined) throw await noSuchChangeTool(step.tool, await context.findables?.(), findTool);
  const meant = meantArguments(tool.input, step.arguments, tool.synonyms);
  const input = tool.input.safeParse(meant);
  if (!input.success) throw new ArgumentsProblem(inputProblems(input.error, tool, meant));
  checkArgumentLimits(input.data);
  return planOf(tool, input.data, context);
}

/** A change tool with checked arguments. */
export function planOf(tool: ChangeTool, input: Record<string, unknown>, context: ToolContext): Planner {
  return {
    tool: tool.name,
    uses: tool.uses,
    readsAny: tool.usesAnyReadable,
    writes: tool.writes,
    plan: (nas, known, writerCatalog) =>
      tool.plan(nas, input, {
        ...context,
        ...(known === undefined ? {} : { known }),
        ...(writerCatalog === undefined ? {} : { writerCatalog }),
      }),
  };
}

/** A change tool called by its name: planned, and applied once the consent is there. */
export async function callChangeTool(
  call: Call,
  system: string,
  { tool, input }: { tool: ChangeTool; input: Record<string, unknown> },
  context: ToolContext,
  deps: ChangeDeps,
): Promise<CallToolResult | InputRequiredResult> {
  const asked = call.mcp.mcpReq.requestState<Asked>();
  const session = changeSession(call, system, context, deps);
  // The second round of a question: the plan that was shown, not a new one.
  const plan =
    asked === undefined
      ? await deps.engine.plan(
          { system, caller: call.caller, signal: call.signal },
          planOf(tool, input, context),
        )
      : session.find(asked.plan);
  if (plan.tool !== tool.name)
    throw new InputProblem(
      'requestState',
      'it belongs to a question about another change',
      'Call the tool anew.',
    );
  // No view: the answer of a change that a tool's own name asked for is one line, and no frame of its own.
  return rendered(await session.request(plan), deps, false);
}

async function request(
  call: Call,
  plan: Plan,
  deps: ChangeDeps,
  summary: string | undefined,
): Promise<RequestAnswer> {
  const { engine, approvals } = deps;
  const { task } = call;
  // What is under way on the NAS goes on; what waits for a person has not begun.
  task?.onCancel(async () => {
    if (plan.phase !== 'open') return false;
    await engine.decline(plan, 'the client cancelled it');
    return true;
  });
  return requestChange(engine, approvals, plan, {
    ...waysOf(call),
    isHiddenInPart: isHiddenInPart(plan, deps),
    answer: answerOf(call, plan),
    repeatedSummary: summary,
    signal: task?.signal ?? call.signal,
    onProgress: progressOf(call.mcp.mcpReq, task, deps.redacted),
    ...(task === undefined
      ? {}
      : {
          isPatient: true,
          onBegun: () =>
            task.begun(() =>
              plan.phase === 'open' ? 'waiting for a person to approve it' : 'being applied on the NAS',
            ),
        }),
  });
}

function waysOf({ clientCapabilities }: Call): { canShowForm: boolean; canOpenUrl: boolean } {
  const elicitation = clientCapabilities?.elicitation;
  if (elicitation === undefined) return { canShowForm: false, canOpenUrl: false };
  return {
    canShowForm: elicitation.form !== undefined || elicitation.url === undefined,
    canOpenUrl: elicitation.url !== undefined,
  };
}

/** The client's answer, if it is one to a question that this process asked about this very plan. */
function answerOf(call: Call, plan: Plan): ClientAnswer | undefined {
  const asked = call.mcp.mcpReq.requestState<Asked>();
  if (asked === undefined || asked.plan !== plan.id || asked.hash !== plan.hash) return undefined;
  const answer = inputResponse(call.mcp.mcpReq.inputResponses, 'change');
  if (answer.kind !== 'elicit') return undefined;
  const { way } = asked;
  if (answer.action !== 'accept') return { action: answer.action, way };
  if (way === 'url') return { action: 'accept', way };
  // A form that a client accepts by itself comes without the person's mark.
  const content = acceptedContent<{ apply?: unknown }>(call.mcp.mcpReq.inputResponses, 'change');
  return { action: content?.apply === true ? 'accept' : 'decline', way };
}

/** What a request came to, as the client gets it. @param isDrawn a view draws it: its data comes along */
export async function rendered(
  answer: RequestAnswer,
  { seal, engine }: ChangeDeps,
  isDrawn: boolean,
): Promise<CallToolResult | InputRequiredResult> {
  const drawn = (notApplied?: string): Pick<CallToolResult, '_meta'> =>
    isDrawn ? { _meta: { [VIEW_DATA]: planViewData(answer.plan, engine.unready, notApplied) } } : {};
  switch (answer.kind) {
    case 'ended':
      return { ...endedResult(answer), ...drawn() };
    case 'form':
      return inputRequired({
        inputRequests: { change: formOf(answer.plan) },
        requestState: await seal.mint({ plan: answer.plan.id, hash: answer.plan.hash, way: 'form' }),
      });
    case 'url':
      return inputRequired({
        inputRequests: {
          change: inputRequired.elicitUrl({
            message:
              'A change of the NAS waits for your approval. The page shows it after you have signed in to the NAS.',
            url: answer.url,
          }),
        },
        requestState: await seal.mint({ plan: answer.plan.id, hash: answer.plan.hash, way: 'url' }),
      });
    case 'repeat':
      return { ...planResult(answer.plan, nextStep(answer.plan, engine)), ...drawn() };
    case 'waiting':
      return {
        ...planResult(
          answer.plan,
          `NOT DONE YET: ${answer.where} ${applyCall(answer.plan)} tells how it ended.`,
        ),
        ...drawn(),
      };
    case 'refused':
      return {
        ...planResult(answer.plan, `NOT APPLIED: ${answer.reason}`),
        ...drawn(answer.reason),
        isError: true,
      };
  }
}

function formOf(plan: Plan) {
  return inputRequired.elicit({
    message: planText(plan, 'Apply this change?'),
    requestedSchema: {
      type: 'object',
      properties: {
        apply: { type: 'boolean', title: summaryLine(plan.change.summary), default: false },
      },
      required: ['apply'],
    },
  });
}

/** A comment that ends in `password:` looks like the beginning of a secret, and all that comes after it like the secret. */
function isHiddenInPart(plan: Plan, { redacted }: ChangeDeps): boolean {
  const requests = { change: formOf(plan) };
  return redacted(requests) !== requests;
}

function planResult(plan: Plan, next: string): CallToolResult {
  return {
    content: [{ type: 'text', text: planText(plan, next) }],
    structuredContent: { plan: plan.id, summary: summaryLine(plan.change.summary), state: 'planned' },
  };
}

function endedResult({ plan, outcome, undo }: Applied): CallToolResult {
  return {
    content: [{ type: 'text', text: outcomeText(plan, outcome, undo) }],
    structuredContent: { plan: plan.id, summary: summaryLine(plan.change.summary), state: outcome.kind },
    ...(outcome.kind === 'applied' ? {} : { isError: true }),
  };
}

function nextStep(plan: Plan, { unready }: ChangeEngine): string {
  if (unready !== undefined) return `It cannot be applied yet: ${unready}`;
  if (plan.obstacles.length > 0) return 'It cannot be applied as this server is configured.';
  const person = plan.consent === 'approval' ? '; a person then approves it with a sign-in to the NAS' : '';
  return `To apply it: ${applyCall(plan)}${person}.`;
}

function applyCall({ id, change }: Plan): string {
  return `apply_change ${safeJson({ plan: id, summary: summaryLine(change.summary) })}`;
}
