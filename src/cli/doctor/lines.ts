/** The lines in which a person reads the results of checks. */
import type { Check, CheckState } from './check.ts';

const MARKS: Readonly<Record<CheckState, string>> = {
  ok: 'ok',
  warning: 'warning',
  failed: 'FAILED',
  'not-told': 'not told',
  'not-tried': 'not tried',
};

/** One line, and one for what to do. */
export function linesOf({ name, state, text, fix }: Check): string[] {
  const line = `${MARKS[state].padEnd(10)}${name.padEnd(15)}${text}`;
  return fix === undefined ? [line] : [line, `${' '.repeat(25)}What to do: ${fix}`];
}
