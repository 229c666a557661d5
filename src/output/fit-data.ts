/** Keeps the structured half of an answer within bounds. Tools page their rows, but a single value may be of any length. */
import { withoutHalf } from './untrusted.ts';

/** Longest text and longest list that a cut keeps; the mildest cut first. */
const CUTS: readonly (readonly [characters: number, items: number])[] = [
  [4000, 10_000],
  [1000, 1000],
  [200, 200],
  [60, 50],
];

/**
 * The value with its longest texts and lists cut so that as JSON it has at most `maxCharacters`, as far as cutting
 * them can do that; the very same object when it fits. Types and keys stay, so it still fits its schema.
 */
export function fitData<Value>(value: Value, maxCharacters: number): Value {
  if (mostCharacters(value, maxCharacters) <= maxCharacters) return value;
  let fitted: unknown = value;
  for (const [characters, items] of CUTS) {
    if (lengthOf(fitted) <= maxCharacters) break;
    fitted = cut(value, characters, items);
  }
  return fitted as Value;
}

/** More characters than the value can take as JSON, without making it; counts no further than just above `limit`. */
function mostCharacters(value: unknown, limit: number): number {
  // A character may be escaped in six; numbers, booleans and null are short.
  if (typeof value === 'string') return value.length * 6 + 2;
  if (value === null || typeof value !== 'object') return 25;
  let most = 2;
  // A plain loop: every answer passes here.
  for (const key in value) {
    most += key.length * 6 + 4 + mostCharacters((value as Record<string, unknown>)[key], limit - most);
    if (most > limit) break;
  }
  return most;
}

function lengthOf(value: unknown): number {
  return JSON.stringify(value)?.length ?? 0;
}

function cut(value: unknown, characters: number, items: number): unknown {
  if (typeof value === 'string') {
    return value.length <= characters
      ? value
      : `${withoutHalf(value.slice(0, characters))}… (${value.length} characters)`;
  }
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.slice(0, items).map((item) => cut(item, characters, items));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cut(item, characters, items)]));
}
