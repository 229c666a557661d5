/** Plans, applies and takes back by the name of a tool, without a client between. */
import { LOCAL_CALLER } from '../../../src/access/caller.ts';
import type { Applied } from '../../../src/changes/engine.ts';
import type { Plan } from '../../../src/changes/plan.ts';
import { planText } from '../../../src/changes/preview.ts';
import { joinChanges } from '../../../src/changes/joined.ts';
import { planOf } from '../../../src/mcp/call/change-call.ts';
import { meantArguments } from '../../../src/output/meant-arguments.ts';
import type { ChangeTool } from '../../../src/tools/define.ts';
import { ALL_TOOLS } from '../../support/registry.ts';
import type { ChangeNas } from './change-nas.ts';

const { signal } = new AbortController();
const asker = { system: 'nas', caller: LOCAL_CALLER, signal };

type Step = readonly [tool: string, args: Readonly<Record<string, unknown>>];

function plannerOf([name, args]: Step) {
  const tool = ALL_TOOLS.find((each): each is ChangeTool => each.kind === 'change' && each.name === name);
  if (tool === undefined) throw new Error(`there is no change tool ${name}`);
  const input = tool.input.parse(meantArguments(tool.input, args, tool.synonyms));
  return planOf(tool, input, { now: Date.now });
}

/** The plan of one tool. */
export function planned(nas: ChangeNas, ...step: Step): Promise<Plan> {
  return nas.engine.plan(asker, plannerOf(step));
}

/** The plan of several steps. */
export function plannedTogether(nas: ChangeNas, steps: readonly Step[]): Promise<Plan> {
  return nas.engine.plan(asker, joinChanges(steps.map(plannerOf), undefined));
}

/** The plan as a person reads it, without its id. */
export function textOf(plan: Plan): string {
  return planText(plan, '').replace(plan.id, 'ID').trimEnd();
}

/** Sends it, as if a person had agreed. */
export async function applied(nas: ChangeNas, plan: Plan): Promise<Applied> {
  const session = await nas.engine.writerFor(plan);
  if (session === undefined) throw new Error('the test has a writer');
  return nas.engine.apply(plan, session, { signal, typed: nas.typed(plan) });
}

/** Takes it back. */
export async function undone(nas: ChangeNas, plan: Plan): Promise<Applied> {
  return applied(nas, await nas.engine.planUndo(asker, plan.id));
}
