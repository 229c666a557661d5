/** The structured half of an answer within bounds. Tools page their rows; a single value may still be as long as a NAS likes. */
import { withoutHalf } from './untrusted.ts';

/** Longest text and longest list kept, from the mildest cut to the last one. */
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
  let fitted: unknown = value;
  for (const [characters, items] of CUTS) {
    if (lengthOf(fitted) <= maxCharacters) break;
    fitted = cut(value, characters, items);
  }
  return fitted as Value;
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
