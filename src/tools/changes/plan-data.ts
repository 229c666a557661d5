/** A plan as the answer of a tool. */
import * as z from 'zod';
import { isoInstant } from '../../output/time.ts';
import type { Plan } from '../../changes/plan.ts';
import { planText, summaryLine } from '../../changes/preview.ts';
import type { ChangeSession } from '../../changes/session.ts';
import type { ToolAnswer, ToolContext } from '../define.ts';
import { planViewData } from './plan-view.ts';

export const PLAN = z.looseObject({
  plan: z.string(),
  summary: z.string(),
  risk: z.string(),
  consent: z.string(),
  canBeApplied: z.boolean(),
  expiresAt: z.string(),
});

/** The plan as text, as data, and in parts for the view. */
export function planAnswer(
  plan: Plan,
  session: ChangeSession,
  { showsViews }: ToolContext,
): ToolAnswer<z.input<typeof PLAN>> {
  return {
    text: planText(plan, session.nextStep(plan)),
    data: planData(plan),
    ...(showsViews === true ? { viewData: planViewData(plan, session.unready) } : {}),
  };
}

/** The facts of a plan that a program may go by; the rest is in the text. */
function planData(plan: Plan): z.input<typeof PLAN> {
  return {
    plan: plan.id,
    summary: summaryLine(plan.change.summary),
    risk: plan.judgement.risk,
    consent: plan.consent,
    canBeApplied: plan.obstacles.length === 0,
    expiresAt: isoInstant(plan.expiresAtMs),
  };
}
