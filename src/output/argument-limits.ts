/**
 * Bounds of arguments that their schemas do not state, as every word there costs tokens in every conversation. What is
 * beyond them no NAS would take: it is refused here, in words that name the argument.
 */
import type { Arguments } from './paging.ts';
import { InputProblem } from './problem.ts';

/** Longest text: names, paths and patterns are far shorter. In characters. */
const MAX_TEXT = 4096;
/** Longest of everything else together, as JSON. A NAS takes 65,536 characters in one message. */
const MAX_JSON = 50_000;
/** Deepest nesting; real parameters have less than ten levels. */
const MAX_DEPTH = 40;

/**
 * Checks arguments that fit their schema.
 * @throws InputProblem naming the first that is too long or nested too deeply.
 */
export function checkArgumentLimits(args: Arguments): void {
  for (const [name, value] of Object.entries(args)) {
    if (typeof value === 'string') {
      if (value.length > MAX_TEXT) throw tooLong(name, value.length, MAX_TEXT);
    } else if (value !== null && typeof value === 'object') {
      if (isDeeper(value, MAX_DEPTH))
        throw new InputProblem(name, `is nested deeper than ${MAX_DEPTH} levels`, 'pass flatter values');
      const { length } = JSON.stringify(value);
      if (length > MAX_JSON) throw tooLong(name, length, MAX_JSON);
    }
  }
}

function tooLong(name: string, length: number, max: number): InputProblem {
  return new InputProblem(name, `is ${length} characters long`, `at most ${max} are possible`);
}

function isDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true;
  return Object.values(value).some(
    (inner: unknown) => inner !== null && typeof inner === 'object' && isDeeper(inner, levels - 1),
  );
}
