/** The results of checks. */
import { Problem } from '../../truenas/problem.ts';

/**
 * - `ok`: nothing to do.
 * - `warning`: it works, and somebody should look at it.
 * - `failed`: it does not work, or not as the settings say.
 * - `not-told`: neither the NAS nor this computer tells.
 * - `not-tried`: an earlier failure makes it moot.
 */
export type CheckState = 'ok' | 'warning' | 'failed' | 'not-told' | 'not-tried';

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  readonly state: CheckState;
  readonly text: string;
  /** Present where somebody has to act. */
  readonly fix?: string;
}

/** A result without a remedy. */
export function result(name: string, state: CheckState, text: string): Check {
  return { name, state, text };
}

/** A result with what to do about it. */
export function finding(name: string, state: 'warning' | 'failed', text: string, fix: string): Check {
  return { name, state, text, fix };
}

/** The result for an error: its own words, which are those that a tool answers with. */
export function failure(name: string, error: unknown, more = ''): Check {
  if (!(error instanceof Problem)) throw error;
  const said = 'nasText' in error && typeof error.nasText === 'string' ? error.nasText : undefined;
  const quote =
    said === undefined || error.summary.includes(said) ? '' : ` The NAS says: ${JSON.stringify(said)}.`;
  return finding(name, 'failed', `${error.summary}${quote}${more === '' ? '' : ` ${more}`}`, error.nextStep);
}

/** Results for checks that an earlier failure makes moot. */
export function notTried(names: readonly string[], because: string): Check[] {
  return names.map((name) => result(name, 'not-tried', `${because}.`));
}
