/** A plan as structured content. */
import { z } from 'zod';
import { isoInstant } from '../../output/time.ts';
import type { Plan } from '../../changes/plan.ts';
import { summaryLine } from '../../changes/preview.ts';

export const PLAN = z.looseObject({
  plan: z.string(),
  summary: z.string(),
  risk: z.string(),
  consent: z.string(),
  canBeApplied: z.boolean(),
  expiresAt: z.string(),
});

/** The facts of a plan that a program may go by; the rest is in the text. */
export function planData(plan: Plan): z.input<typeof PLAN> {
  return {
    plan: plan.id,
    summary: summaryLine(plan.change.summary),
    risk: plan.judgement.risk,
    consent: plan.consent,
    canBeApplied: plan.obstacles.length === 0,
    expiresAt: isoInstant(plan.expiresAtMs),
  };
}
