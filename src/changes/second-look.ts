/**
 * Looks again at what hangs on the things of a plan before it is sent: clients that have come since make a grave change of a
 * slight one, and nobody was asked about that.
 */
import { problemText } from '../output/problem.ts';
import { judge, RISKS } from '../policy/risk/index.ts';
import type { Change } from './change.ts';
import { judgedCall } from './gates.ts';
import type { Plan } from './plan.ts';

/** Facts that a plan was made with hold this long, in milliseconds: a change that is called for by its name needs no second look. */
const FACTS_HOLD_MS = 5_000;

/** The second looks of a process. */
export interface SecondLook {
  /** @param planAgain makes the change anew, from the NAS as it is then */
  keep(plan: Plan, planAgain: () => Promise<Change>): void;
  /** Why the plan is graver than what was agreed to, or cannot be judged any more; undefined while it is not. */
  whyGraver(plan: Plan): Promise<string | undefined>;
}

/** Makes it. @param now milliseconds since the epoch */
export function createSecondLook(now: () => number): SecondLook {
  const again = new WeakMap<Plan, () => Promise<Change>>();
  return {
    keep(plan, planAgain) {
      // State that is judged is read again before each call; facts are not.
      if (plan.change.calls.some(({ facts }) => facts !== undefined)) again.set(plan, planAgain);
    },
    async whyGraver(plan) {
      const planAgain = again.get(plan);
      if (planAgain === undefined || now() - plan.madeAtMs < FACTS_HOLD_MS) return undefined;
      const { risk: agreed, reasons: known } = plan.judgement;
      try {
        const { risk, reasons } = judge((await planAgain()).calls.map(judgedCall));
        if (RISKS.indexOf(risk) <= RISKS.indexOf(agreed)) return undefined;
        const others = reasons.filter((reason) => !known.includes(reason));
        return `it ${risk} by now: ${others.join('; ')}`;
      } catch (error) {
        return `what hangs on it could not be looked at again: ${problemText(error)}`;
      }
    },
  };
}
