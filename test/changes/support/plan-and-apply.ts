/** Plans and applies a change tool on a simulated NAS without a client: for tests of what a tool says and does. */
import { LOCAL_CALLER } from '../../../src/access/caller.ts';
import type { Applied } from '../../../src/changes/engine.ts';
import { outcomeText } from '../../../src/changes/outcome-text.ts';
import { planText } from '../../../src/changes/preview.ts';
import type { Plan } from '../../../src/changes/plan.ts';
import { planOf } from '../../../src/mcp/call/change-call.ts';
import { meantArguments } from '../../../src/output/meant-arguments.ts';
import { problemText } from '../../../src/output/problem.ts';
import { ALL_TOOLS } from '../../support/registry.ts';
import type { ChangeNas } from './change-nas.ts';

const asker = { system: 'nas', caller: LOCAL_CALLER, signal: new AbortController().signal };

/** The plan of a tool for arguments as a model sends them. @throws what the tool refuses */
export async function planWith(nas: ChangeNas, name: string, args: Record<string, unknown>): Promise<Plan> {
  const tool = ALL_TOOLS.find((each) => each.name === name);
  if (tool?.kind !== 'change') throw new Error(`${name} is no change tool`);
  const input = tool.input.parse(meantArguments(tool.input, args, tool.synonyms));
  return nas.engine.plan(asker, planOf(tool, input, { now: Date.now }));
}

/** The plan as a person reads it, without the number that differs each time; the refusal where there is no plan. */
export async function planTextWith(
  nas: ChangeNas,
  name: string,
  args: Record<string, unknown>,
): Promise<string> {
  try {
    return planText(await planWith(nas, name, args), '')
      .replace(/^PLAN \S+,/u, 'PLAN,')
      .trimEnd();
  } catch (error) {
    return problemText(error);
  }
}

/** Applies a plan as if the consent were there. */
export async function applied(nas: ChangeNas, plan: Plan): Promise<Applied & { readonly text: string }> {
  const session = await nas.engine.writerFor(plan);
  if (session === undefined) throw new Error('the test has a writer');
  const done = await nas.engine.apply(plan, session, { signal: asker.signal });
  return { ...done, text: outcomeText(done.plan, done.outcome, done.undo) };
}

/** Takes an applied change back. */
export async function undone(nas: ChangeNas, plan: Plan): Promise<Applied & { readonly text: string }> {
  return applied(nas, await nas.engine.planUndo(asker, plan.id));
}
