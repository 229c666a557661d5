/**
 * Every tool on a NAS of which one answer is odd: a field is missing, of another type or huge, the whole answer is of
 * another form, a call fails or hangs. What must hold then is in `judge.ts`.
 *
 * What does not hold today stands in a list, by tool, method, what is odd, and the property; the suite fails for what is not
 * listed, and for what is listed and holds.
 *
 * - `ODD='get_pool disk.query' npx vitest run test/fuzz/odd-answers.test.ts` shows all that does not hold of it, listed or not
 * - `ODD_UPDATE=1 npx vitest run test/fuzz/odd-answers.test.ts` takes what holds off the list
 * - `npm run fuzz` tries all of them, more than 20,000 for each release, with other rows and values each night
 */
import { writeFileSync } from 'node:fs';
import type { SimulatedRelease } from 'truenas-simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FUZZ_TIMEOUT_MS, isNightly, seed } from '../fuzz.ts';
import { readKnownFailures } from '../known-failures.ts';
import { randomFrom } from '../random.ts';
import { type Bench, openBench } from './bench.ts';
import { PROPERTIES } from './judge.ts';
import { type SimulatedAnswers, simulatedAnswers } from './nas.ts';
import { allCases, type OddCase, tried, type Violation } from './plan.ts';

/** What is tried of a release. */
export interface OddSuite {
  readonly release: SimulatedRelease;
  /** The file of what is known not to hold. */
  readonly list: URL;
  /** Cases beside the listed ones that the fast set tries. */
  readonly few: number;
  /** There are more cases than this. */
  readonly cases: number;
}

/** Chance chooses rows and odd values: what the list is made of. The fast set takes the first. */
const LIST_SEEDS = [7, 1, 2, 3, 4] as const;
const [LIST_SEED] = LIST_SEEDS;

/** Tries a release. */
export function describeOddAnswers({ release, list, few, cases: least }: OddSuite): void {
  const wanted = process.env['ODD'] ?? '';
  const known = readKnownFailures(list);
  let simulated: SimulatedAnswers;
  let bench: Bench;
  let cases: OddCase[];
  beforeAll(async () => {
    simulated = await simulatedAnswers(release);
    bench = await openBench(release);
    cases = await allCases(bench, simulated, release);
  });
  afterAll(async () => {
    await bench.close();
    await simulated.close();
  });

  describe.skipIf(wanted !== '')(
    `a NAS of ${release} of which one answer is odd`,
    { timeout: 6 * FUZZ_TIMEOUT_MS },
    () => {
      it('is told of as it is, but for what is listed', async () => {
        const tries = isNightly ? cases : sample(cases, few);
        const found = await violationsOf(bench, tries, isNightly ? seed : LIST_SEED);
        const news = found.filter(({ key }) => !known.has(key));
        expect(told(news).slice(0, 10), `seed ${seed}`).toEqual([]);
      });

      it('is on the list only where something does not hold', async () => {
        const gone = await held(bench, cases, known);
        if (process.env['ODD_UPDATE'] === '1') {
          const left = [...known].filter((key) => !gone.includes(key));
          writeFileSync(list, `${JSON.stringify(left, null, 2)}\n`);
          return;
        }
        expect(gone).toEqual([]);
      });

      it('is asked of by every kind of oddity', () => {
        const kinds = new Set(cases.map((each) => each.mutation.kind));
        expect(kinds.size).toBe(15);
        expect(cases.length).toBeGreaterThan(least);
      });
    },
  );

  describe.skipIf(wanted === '')(`a NAS of ${release} of which one answer is odd: ${wanted}`, () => {
    it('is told of as it is', { timeout: 30 * FUZZ_TIMEOUT_MS }, async () => {
      const chosen = cases.filter((each) => each.key.startsWith(wanted) || each.key.includes(` ${wanted}`));
      expect(chosen.length, 'cases of this name').toBeGreaterThan(0);
      expect(told(await violationsOf(bench, chosen, LIST_SEED))).toEqual([]);
    });
  });
}

/** Of each key the first violation, in words. */
function told(violations: readonly Violation[]): string[] {
  const first = new Map<string, Violation>();
  for (const each of violations) if (!first.has(each.key)) first.set(each.key, each);
  return [...first.values()].map(({ key, property, seen }) => `${key} (${PROPERTIES[property]})\n${seen}`);
}

async function violationsOf(
  bench: Bench,
  chosen: readonly OddCase[],
  withSeed: number,
): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const each of chosen) found.push(...(await tried(each, bench, withSeed)));
  return found;
}

/** Listed keys of which no case fails any more; tries only as many cases as it takes. */
async function held(bench: Bench, cases: readonly OddCase[], known: ReadonlySet<string>): Promise<string[]> {
  const open = new Set(known);
  const listed = new Set([...known].map((key) => key.slice(0, key.lastIndexOf(': '))));
  const candidates = cases.filter((each) => listed.has(each.key));
  for (const listSeed of LIST_SEEDS) {
    for (const each of candidates) {
      if (![...open].some((key) => key.startsWith(`${each.key}: `))) continue;
      for (const { key } of await tried(each, bench, listSeed)) open.delete(key);
    }
  }
  return [...open];
}

/** So many of them, chosen by the seed. */
function sample(all: readonly OddCase[], count: number): OddCase[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => all[Math.floor(random() * all.length)] as OddCase);
}
