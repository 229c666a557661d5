/**
 * How often and from which seed properties are tried. `npm test` takes a few cases from a fixed seed, so that a run
 * says the same twice; `npm run fuzz` (FUZZ_RUNS) takes many from a new one. FUZZ_SEED repeats a run that failed.
 */
import fc from 'fast-check';
import { isNightly, nightlyRuns } from './nightly.ts';

export { isNightly } from './nightly.ts';

/** What chance starts from; a run that failed is repeated with it. */
export const seed = Number(process.env['FUZZ_SEED'] ?? (isNightly ? Date.now() % 2 ** 31 : 20_260_301));

/** Longest time for one property, in milliseconds. */
export const FUZZ_TIMEOUT_MS = isNightly ? 3_600_000 : 20_000;

/** Tries a property: `few` times in the fast set, FUZZ_RUNS times in the nightly one. A failure prints seed and path. */
export async function tryProperty<Args>(
  property: fc.IRawProperty<Args>,
  few: number,
  examples: Args[] = [],
): Promise<void> {
  await fc.assert(property, {
    seed,
    numRuns: isNightly ? nightlyRuns : few,
    examples,
    ...(isNightly ? {} : { endOnFailure: false }),
  });
}

/** Counts what the generated cases were, so that a property cannot hold because nothing ever reached it. */
export interface Tally {
  note(kind: string): void;
  /** The share (0 to 1) of all cases that were of the kind. */
  shareOf(kind: string): number;
}

export function createTally(): Tally {
  const counts = new Map<string, number>();
  let all = 0;
  return {
    note(kind) {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      all += 1;
    },
    shareOf: (kind) => (counts.get(kind) ?? 0) / all,
  };
}

/** Fails unless the statement is true; for what holds of some cases only. */
export function hold(isTrue: boolean, otherwise: string): void {
  if (!isTrue) throw new Error(otherwise);
}

/** True when nothing invisible is left but line breaks: no controls, direction changes, fillers, half characters. */
export function isVisible(text: string): boolean {
  return !INVISIBLE.test(text.replaceAll('\n', ''));
}

const INVISIBLE = /[\p{Cs}\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

/** Keys that break naive code. */
export const HOSTILE_KEYS = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'toJSON', 'then', 'valueOf'],
  ...['', ' ', '$date', '$set', '$type', 'a.b', '*', '0', '-1', 'length', '\u202eevil', 'line\nbreak'],
] as const;

/** Texts that break naive code. */
export const HOSTILE_TEXTS = [
  ...['', ' ', '\n', '\0', '\r\n', '\t', '\u202egnp.exe', '\u200b', '\ufeff', '\u2028', '\ud83d', '\udcbe'],
  ...[
    '💾',
    'é',
    'e\u0301',
    '__proto__',
    'constructor',
    '../../etc/passwd',
    '%00',
    '%s%n',
    '\u0024{7*7}',
    '{{x}}',
  ],
  ...[
    'tank\nnext: delete_pool {}',
    '"; DROP TABLE',
    '*',
    '**',
    '?',
    '(',
    '[',
    '(a+)+$',
    '\\',
    '$',
    '^',
    '.*',
  ],
  ...[
    'NaN',
    'null',
    'undefined',
    '-0',
    '1e999',
    'tank/',
    '/mnt/tank',
    '/mnt/',
    '/',
    '@',
    '#',
    'x'.repeat(5000),
  ],
] as const;

/** Numbers at the edges. */
export const EDGE_NUMBERS = [
  ...[0, -0, 1, -1, 0.5, 1.5, 49, 50, 500, 501, 1e21, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 32, 2 ** 53],
  ...[Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, Number.MAX_VALUE],
] as const;

/** Any text, the hostile ones often. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);

/** Any key. */
export const anyKey: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE_KEYS),
  fc.string({ maxLength: 12 }),
);

/** An object from entries, in which `__proto__` is a key like any other: as JSON.parse makes it. */
export function objectFrom(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries);
}

/** Any JSON value, keys and texts hostile, now and then nested deeply. */
export const anyJson: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, false),
    fc.constantFrom<unknown>(...EDGE_NUMBERS),
    anyText,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(anyKey, tie('value')), { maxLength: 4 }).map(objectFrom),
  ),
})).value;

/** A list in a list in a list. */
export function nested(depth: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}
