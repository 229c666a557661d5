/** What a change tool says and does on a simulated NAS of its own, as text: for tests without a client. */
import type { Applied } from '../../../src/changes/engine.ts';
import { outcomeText } from '../../../src/changes/outcome-text.ts';
import type { Plan } from '../../../src/changes/plan.ts';
import { planText } from '../../../src/changes/preview.ts';
import { problemText } from '../../../src/output/problem.ts';
import type { ChangeNas } from './change-nas.ts';
import * as planOf from './plan-of.ts';

/** The plan of a tool for arguments as a model sends them. @throws what the tool refuses */
export function planWith(nas: ChangeNas, name: string, args: Record<string, unknown>): Promise<Plan> {
  return planOf.planned(nas, name, args);
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
  return withText(await planOf.applied(nas, plan));
}

/** Takes an applied change back. */
export async function undone(nas: ChangeNas, plan: Plan): Promise<Applied & { readonly text: string }> {
  return withText(await planOf.undone(nas, plan));
}

function withText(done: Applied): Applied & { readonly text: string } {
  return { ...done, text: outcomeText(done.plan, done.outcome, done.undo) };
}
