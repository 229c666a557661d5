/** A simulated NAS on which a test of one tool plans, changes and takes back by name, and reads what came of it. */
import { afterEach } from 'vitest';
import { outcomeText } from '../../../src/changes/outcome-text.ts';
import type { Plan } from '../../../src/changes/plan.ts';
import { problemText } from '../../../src/output/problem.ts';
import { type ChangeNas, type ChangeNasOptions, startChangeNas } from './change-nas.ts';
import { applied, planned, undone } from './plan-of.ts';

/** Arguments as a client sends them. */
type Args = Readonly<Record<string, unknown>>;

/** A NAS, and what tools do with it. */
export interface PlannedNas extends ChangeNas {
  plan(tool: string, args: Args): Promise<Plan>;
  /** Risk, summary, impact and obstacles, a line each; the problem of a plan that is refused. */
  impactOf(tool: string, args: Args): Promise<string>;
  /** Plans and applies; the text of the outcome, or the problem of a plan that is refused. */
  change(tool: string, args: Args): Promise<string>;
  /** Takes the change back that `change` made last. */
  undo(): Promise<string>;
  read(method: string, params?: readonly unknown[]): Promise<unknown>;
}

const open: ChangeNas[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** Starts one; it is closed after the test. */
export async function startPlannedNas(options: ChangeNasOptions = {}): Promise<PlannedNas> {
  const nas = await startChangeNas({ hasWriter: true, ...options });
  open.push(nas);
  let last: Plan | undefined;

  return {
    ...nas,
    plan: (tool, args) => planned(nas, tool, args),
    async impactOf(tool, args) {
      try {
        const { change, judgement, obstacles } = await planned(nas, tool, args);
        return [`${judgement.risk}: ${change.summary}`, ...change.impact, ...obstacles].join('\n');
      } catch (error) {
        return problemText(error);
      }
    },
    async change(tool, args) {
      try {
        last = await planned(nas, tool, args);
        if (last.obstacles.length > 0) return last.obstacles.join('\n');
        const { plan, outcome, undo } = await applied(nas, last);
        return outcomeText(plan, outcome, undo);
      } catch (error) {
        return problemText(error);
      }
    },
    async undo() {
      if (last === undefined) throw new Error('nothing was changed yet');
      const { plan, outcome, undo } = await undone(nas, last);
      return outcomeText(plan, outcome, undo);
    },
    read: async (method, params = []) => nas.nas.read.call(method, [...params]),
  };
}
