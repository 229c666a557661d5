/**
 * Counts sign-ins at the approval desk, so that nobody tries passwords there: wrong ones end their plan, then close the desk,
 * and sign-ins that the NAS has not answered yet count as if they were wrong.
 */
import type { Plan } from '../plan.ts';

/** Wrong sign-ins that end a plan. */
export const MAX_WRONG_OF_PLAN = 3;
/** Wrong sign-ins within the window that close the desk. */
const MAX_WRONG = 5;
const WRONG_WINDOW_MS = 10 * 60_000;

/** Sign-ins of a desk. */
export interface SignInGuard {
  /** Too many wrong sign-ins within the last ten minutes. */
  isClosed(): boolean;
  /** As many sign-ins are under way as may still be wrong. */
  isCrowded(): boolean;
  /** How many sign-ins the NAS has not answered. */
  pending(): number;
  begin(): void;
  end(): void;
  /** @returns how many of this plan there were */
  countWrong(plan: Pick<Plan, 'id'>): number;
}

/** Makes a guard that has counted nothing. */
export function createSignInGuard(now: () => number): SignInGuard {
  const wrongOf = new Map<string, number>();
  let wrongAtMs: number[] = [];
  let pending = 0;

  function recentWrong(): number {
    wrongAtMs = wrongAtMs.filter((at) => now() - at < WRONG_WINDOW_MS);
    return wrongAtMs.length;
  }

  return {
    isClosed: () => recentWrong() >= MAX_WRONG,
    isCrowded: () => recentWrong() + pending >= MAX_WRONG,
    pending: () => pending,
    begin() {
      pending += 1;
    },
    end() {
      pending -= 1;
    },
    countWrong({ id }) {
      wrongAtMs.push(now());
      const wrong = (wrongOf.get(id) ?? 0) + 1;
      wrongOf.set(id, wrong);
      return wrong;
    },
  };
}
