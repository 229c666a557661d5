/** Counts the questions that a person was asked and did not agree to: a model must not wear anybody down. */
import { formatInstant } from '../output/time.ts';
import type { Plan } from './plan.ts';

const HOUR_MS = 60 * 60_000;
/** Most questions of a caller within an hour that nobody agreed to. Those that somebody agreed to are work. */
const MAX_QUESTIONS = 8;

/** The questions of a process. */
export interface Questions {
  /**
   * Notes that a person is about to be asked about this plan, each plan once.
   * @returns why nobody is asked: too many questions were in vain
   */
  ask(plan: Plan): string | undefined;
}

/** Makes an empty count. @param now milliseconds since the epoch. */
export function createQuestions(now: () => number): Questions {
  let asked: { readonly plan: Plan; readonly atMs: number }[] = [];
  return {
    ask(plan) {
      asked = asked.filter(({ plan: each, atMs }) => now() - atMs < HOUR_MS && !isAgreed(each));
      if (asked.some((each) => each.plan === plan)) return undefined;
      const own = asked.filter((each) => each.plan.caller.id === plan.caller.id);
      const oldest = own.at(-MAX_QUESTIONS);
      if (oldest === undefined) {
        asked.push({ plan, atMs: now() });
        return undefined;
      }
      return `A person was asked ${MAX_QUESTIONS} times within the last hour and agreed to none of it. Nobody is asked before ${formatInstant(oldest.atMs + HOUR_MS)}.`;
    },
  };
}

function isAgreed({ phase, outcome }: Plan): boolean {
  return phase === 'applying' || (outcome !== undefined && outcome.kind !== 'refused');
}
