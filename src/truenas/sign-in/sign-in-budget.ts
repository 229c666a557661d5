/**
 * Bounds sign-ins. The NAS allows 20 calls of `auth.login_ex` per minute and address, and repeated failures may lock an
 * account out: attempts are counted, and a refusal is remembered for a while instead of being asked for by every call.
 */
import { SignInError } from '../errors.ts';

/** Counts attempts and remembers refusals of one credential. */
export interface SignInBudget {
  /** Why no sign-in may be tried now; undefined when one may. */
  obstacle(): SignInError | undefined;
  /** How long the obstacle lasts, in milliseconds; 0 without one. */
  waitMs(): number;
  /** An attempt begins. */
  begin(): void;
  succeeded(): void;
  /** The NAS refused; the same credential is not tried again for a while that grows with each refusal. */
  refused(error: SignInError): void;
}

/** Bounds of a {@link SignInBudget}, in milliseconds where not a count. */
export interface SignInBudgetLimits {
  readonly signInsPerMinute: number;
  readonly signInPauseMs: number;
  readonly signInPauseMaxMs: number;
}

const WINDOW_MS = 60_000;

/** Makes the budget of one credential. @param now a monotonic clock in milliseconds. */
export function createSignInBudget(limits: SignInBudgetLimits, now: () => number): SignInBudget {
  let attempts: number[] = [];
  let refusal: { readonly error: SignInError; readonly until: number } | undefined;
  let refusals = 0;

  function freeAt(): number {
    attempts = attempts.filter((at) => at > now() - WINDOW_MS);
    const oldest = attempts[0];
    return oldest === undefined || attempts.length < limits.signInsPerMinute ? 0 : oldest + WINDOW_MS;
  }

  function waitMs(): number {
    return Math.max(0, Math.max(refusal?.until ?? 0, freeAt()) - now());
  }

  return {
    waitMs,
    obstacle() {
      const wait = waitMs();
      if (wait <= 0) return undefined;
      const seconds = Math.ceil(wait / 1000);
      if (refusal !== undefined && refusal.until > now()) return remembered(refusal.error, seconds);
      return new SignInError('rate-limited', {
        summary: `There were ${attempts.length} sign-ins within a minute; more would lock this computer out of the NAS.`,
        nextStep: `Wait ${seconds} s. If this comes back, look for what keeps ending the connection.`,
      });
    },
    begin() {
      attempts.push(now());
    },
    succeeded() {
      refusal = undefined;
      refusals = 0;
    },
    refused(error) {
      const pause = Math.min(limits.signInPauseMaxMs, limits.signInPauseMs * 3 ** refusals);
      // These two say nothing against the credential, lock nobody out, and pass by themselves.
      if (error.reason !== 'redirect' && error.reason !== 'rate-limited') refusals += 1;
      refusal = { error, until: now() + pause };
    },
  };
}

function remembered(error: SignInError, seconds: number): SignInError {
  return new SignInError(error.reason, {
    summary: error.summary,
    nextStep: `${error.nextStep} The NAS is not asked again for ${seconds} s; a restart of this program asks at once.`,
    method: error.method,
    nasText: error.nasText,
    errname: error.errname,
    errno: error.errno,
  });
}
