/**
 * Patterns that a NAS may need minutes for. It tries them on every row, with a matcher that goes back over the same text
 * again and again, and answers nobody else meanwhile.
 */

/** Most unbounded repetitions (`*`, `+`, `{2,}`) in one pattern; each multiplies the time by the length of the text. */
const MAX_REPETITIONS = 3;
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
  const repetitions = bare.match(/[*+]|\{\d*,\d*\}/gu)?.length ?? 0;
  return repetitions > MAX_REPETITIONS ? `has more than ${MAX_REPETITIONS} repetitions` : undefined;
}
