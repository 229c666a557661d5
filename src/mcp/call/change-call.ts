/** Changes within one MCP call: the session that the tools of the change engine get, and change tools called by their name. */
import type { CallToolResult, InputRequiredResult } from '@modelcontextprotocol/server';
import type { ChangeEngine, Planner } from '../../changes/engine.ts';
import { joinChanges } from '../../changes/joined.ts';
import type { Plan } from '../../changes/plan.ts';
import { type Approvals, type RequestAnswer, requestChange } from '../../changes/request.ts';
import type { ChangeSession, ChangeStep } from '../../changes/session.ts';
import { checkArgumentLimits } from '../../output/argument-limits.ts';
import { meantArguments } from '../../output/meant-arguments.ts';
import { ArgumentsProblem, InputProblem, inputProblems } from '../../output/problem.ts';
import type { ChangeTool, ToolContext } from '../../tools/define.ts';
import { answerOf, type Asked, type StateSeal, waysOf } from './change-question.ts';
import { isHiddenInPart, nextStep, rendered } from './change-result.ts';
import type { Call } from './middleware.ts';
import { noSuchChangeTool } from './no-such-change-tool.ts';
import { progressOf } from './progress.ts';

/** Parts that changes need. */
export interface ChangeDeps {
  readonly engine: ChangeEngine;
  readonly approvals: Approvals;
  /** A change tool within the access level, listed or not. */
  readonly findTool: (name: string) => Promise<ChangeTool | undefined>;
  readonly seal: StateSeal;
  /** A value as it goes out, without secrets; the very same one when there was none. */
  readonly redacted: <Value>(value: Value) => Value;
}

/** The change engine as its tools see it: for this call's system and caller. */
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
  // The answer to a question applies the plan that was shown; a new plan could differ.
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
  // No view: a tool called by its own name answers with text.
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
  // A cancelled task ends a plan that waits for a person; a change under way on the NAS goes on.
  task?.onCancel(async () => {
    if (plan.phase !== 'open') return false;
    await engine.decline(plan, 'the client cancelled it');
    return true;
  });
  return requestChange(engine, approvals, plan, {
    ...waysOf(call),
    isHiddenInPart: () => isHiddenInPart(plan, deps),
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
