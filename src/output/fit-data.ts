/** Keeps the structured half of an answer within bounds. Tools page their rows, but a single value may be of any length. */
import { estimateJsonTokens } from './budget.ts';
import { withoutHalf } from './untrusted.ts';

/** Longest text that a cut keeps, in characters; the mildest cut first. */
const TEXT_LENGTHS = [4000, 1000, 200, 60, 15] as const;
/** Entries of a list that are left before texts are cut more. */
const FEWEST_ENTRIES = [50, 50, 10, 1, 1] as const;

/** Data within bounds. */
export interface FittedData<Value> {
  /** The very same object when it fits. */
  readonly value: Value;
  /** Says of each kind of list that was cut how much is left: `rows: 40 of 300`. */
  readonly cuts: readonly string[];
}

/**
 * Cuts the longest texts and lists so that the value as JSON has at most `maxTokens`, as far as cutting them can do that.
 * Types and keys stay, so it still fits its schema.
 */
export function fitData<Value>(value: Value, maxTokens: number): FittedData<Value> {
  if (mostDataTokens(value, maxTokens) <= maxTokens || dataTokens(value) <= maxTokens)
    return { value, cuts: [] };
  let fitted: Cut = { value, cuts: new Map() };
  for (const [rung, characters] of TEXT_LENGTHS.entries()) {
    fitted = shortened(value, characters, FEWEST_ENTRIES[rung] ?? 1, maxTokens);
    if (dataTokens(fitted.value) <= maxTokens) break;
  }
  return {
    value: fitted.value as Value,
    cuts: [...fitted.cuts].map(([path, [kept, all]]) => `${path}: ${kept} of ${all}`),
  };
}

/** Tokens of a value as JSON, estimated; 0 for no value. */
export function dataTokens(value: unknown): number {
  return value === undefined ? 0 : estimateJsonTokens(JSON.stringify(value) ?? '');
}

interface Cut {
  readonly value: unknown;
  /** Of each path to lists that were cut, the fewest that are left and of how many. */
  readonly cuts: ReadonlyMap<string, readonly [kept: number, all: number]>;
}

/** With texts of at most so many characters, and lists as long as there is room for, but not below `fewest`. */
function shortened(value: unknown, characters: number, fewest: number, maxTokens: number): Cut {
  let [low, high] = [fewest, Math.max(fewest, longestList(value))];
  let best = cutTo(value, characters, high);
  if (dataTokens(best.value) <= maxTokens) return best;
  best = cutTo(value, characters, low);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const tried = cutTo(value, characters, middle);
    if (dataTokens(tried.value) <= maxTokens) [low, best] = [middle, tried];
    else high = middle;
  }
  return best;
}

function cutTo(value: unknown, characters: number, entries: number): Cut {
  const cuts = new Map<string, [number, number]>();
  const inner = (part: unknown, path: string): unknown => {
    if (typeof part === 'string') return shortText(part, characters);
    if (part === null || typeof part !== 'object') return part;
    if (!Array.isArray(part)) {
      return Object.fromEntries(
        Object.entries(part).map(([key, item]) => [key, inner(item, path === '' ? key : `${path}.${key}`)]),
      );
    }
    if (part.length > entries && part.length > (cuts.get(path)?.[1] ?? 0))
      cuts.set(path, [entries, part.length]);
    return part.slice(0, entries).map((item) => inner(item, path));
  };
  return { value: inner(value, ''), cuts };
}

function shortText(text: string, characters: number): string {
  return text.length <= characters
    ? text
    : `${withoutHalf(text.slice(0, characters))}… (${text.length} characters)`;
}

function longestList(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0;
  const items: readonly unknown[] = Object.values(value);
  return items.reduce<number>(
    (most, item) => Math.max(most, longestList(item)),
    Array.isArray(value) ? value.length : 0,
  );
}

/** More tokens than the value can take as JSON, without making it; counts no further than just above `limit`. */
export function mostDataTokens(value: unknown, limit: number): number {
  if (value === undefined) return 0;
  // A character may be escaped in six; numbers, booleans and null are short.
  if (typeof value === 'string') return value.length * 6 + 2;
  if (value === null || typeof value !== 'object') return 25;
  let most = 2;
  // A plain loop: every answer passes here.
  for (const key in value) {
    most += key.length * 6 + 4 + mostDataTokens((value as Record<string, unknown>)[key], limit - most);
    if (most > limit) break;
  }
  return most;
}
