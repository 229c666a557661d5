/** Signs in with one credential, no more often than its budget allows. */
import type { JsonRpc } from '../connection/json-rpc.ts';
import type { Timings } from '../connection/timings.ts';
import { SignInError } from '../errors.ts';
import type { TrueNasOptions } from '../options.ts';
import { createSignIn, type SignedIn } from './sign-in.ts';
import { createSignInBudget, type SignInBudget } from './sign-in-budget.ts';

/** The sign-in of one credential. */
export interface BudgetedSignIn extends Pick<SignInBudget, 'obstacle' | 'waitMs'> {
  /**
   * Signs in; ask `obstacle` before.
   * @throws TrueNasError as `createSignIn` says.
   */
  signIn(rpc: JsonRpc): Promise<SignedIn>;
  /** Sign-ins tried so far. */
  count(): number;
}

/** Makes the sign-in of one credential. @param now a monotonic clock in milliseconds. */
export function createBudgetedSignIn(
  options: TrueNasOptions,
  timings: Timings,
  now: () => number,
): BudgetedSignIn {
  const signIn = createSignIn(options, timings.signInTimeoutMs);
  const budget = createSignInBudget(timings, now);
  let count = 0;
  return {
    obstacle: () => budget.obstacle(),
    waitMs: () => budget.waitMs(),
    count: () => count,
    async signIn(rpc) {
      budget.begin();
      count += 1;
      try {
        const session = await signIn(rpc);
        budget.succeeded();
        return session;
      } catch (error) {
        if (error instanceof SignInError && error.reason !== 'unexpected-answer') budget.refused(error);
        throw error;
      }
    },
  };
}
