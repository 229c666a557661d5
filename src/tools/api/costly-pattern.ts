/**
 * Patterns that a NAS may need minutes for. It tries them on every row, with a matcher that goes back over the same text
 * again and again, and answers nobody else meanwhile.
 */

/**
 * Most repetitions (`*`, `+`, `?`, `{2,}`) that may match more or less, the last of a pattern aside; each multiplies the time
 * by the length of the text, and a text may be a page of prose.
 */
const MAX_REPETITIONS = 2;
/** A single character that may be there or not costs little, but doubles the time. */
const MAX_OPTIONAL = 6;
const MAX_LENGTH = 200;

/** The first `~` filter at any depth of `params` whose pattern is costly, and why; `undefined` when there is none. */
export function costlyPattern(params: unknown, depth = 0): string | undefined {
  if (params === null || typeof params !== 'object' || depth > MAX_DEPTH) return undefined;
  if (Array.isArray(params)) {
    const [field, operator, pattern] = params as unknown[];
    const isFilter = params.length === 3 && typeof field === 'string' && operator === '~';
    const problem = isFilter && typeof pattern === 'string' ? problemOf(pattern) : undefined;
    if (problem !== undefined) return problem;
  }
  for (const inner of Object.values(params)) {
    const problem = costlyPattern(inner, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const MAX_DEPTH = 40;

function problemOf(pattern: string): string | undefined {
  if (pattern.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  // What is escaped or stands in a class is no operator.
  const bare = pattern.replace(/\\./gsu, 'x').replace(/\[\^?\]?[^\]]*\]/gu, 'x');
  if (/\)(?:[*+]|\{)/u.test(bare)) return 'repeats a group';
  // What ends a pattern takes all there is at the first try.
  const inner = bare.replace(/[*+]\??\$?$/u, '').replace(/([*+}])[?+]/gu, '$1');
  if (new RegExp(`${REPEATED}\\^?[^()|]${REPEATED}`, 'u').test(inner)) return 'repeats twice in a row';
  const repetitions = inner.match(new RegExp(REPEATED, 'gu'))?.length ?? 0;
  if (repetitions > MAX_REPETITIONS) return `has more than ${MAX_REPETITIONS} repetitions`;
  const optional = inner.match(/\?/gu)?.length ?? 0;
  return optional > MAX_OPTIONAL ? `has more than ${MAX_OPTIONAL} optional parts` : undefined;
}

const REPEATED = String.raw`(?:[*+]|\{\d*,\d*\})`;
