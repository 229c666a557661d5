/**
 * Every call of every tool and resource, on every release, fails, is refused, hangs, or is answered with nonsense, one at a
 * time: the rest of the answer stands, and says what could not be read. Only a call that is the one and only source of an
 * answer may take it along (see `support/odd/essential.ts`).
 *
 * What is not so yet is listed in `fuzz/odd-answers.known.json`, whose own suite watches over it.
 */
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { READINGS } from '../../src/resources/readings.ts';
import { readKnownFailures } from '../support/known-failures.ts';
import { type Bench, openBench } from '../support/odd/bench.ts';
import type { Property } from '../support/odd/judge.ts';
import type { Kind } from '../support/odd/mutations.ts';
import { type SimulatedAnswers, simulatedAnswers } from '../support/odd/nas.ts';
import { casesOfTool, tried } from '../support/odd/plan.ts';
import { calledName, CURATED_TOOLS } from '../support/tools.ts';

const RELEASES = ['core-13.3', '24.10', '25.04', '25.10', '27.0'] as const;
const SEED = 7;
const WAYS: readonly Kind[] = ['fails', 'is refused', 'hangs', 'null', 'a text'];
/** Of the properties those that are about parts. */
const PARTS: readonly Property[] = ['fails', 'silent', 'denies', 'blames'];

/** The list of the suite over a release; the newer ones share one. */
function knownOf(release: (typeof RELEASES)[number]): ReadonlySet<string> {
  const own = release === 'core-13.3' || release === '24.10' ? `-${release}` : '';
  return readKnownFailures(new URL(`../fuzz/odd-answers${own}.known.json`, import.meta.url));
}

/** A resource for each template, and how its tool is asked the same. */
const ADDRESSES: Readonly<Record<string, readonly [uri: string, args: Readonly<Record<string, unknown>>]>> = {
  'truenas://overview': ['truenas://overview', {}],
  'truenas://alerts': ['truenas://alerts', {}],
  'truenas://pool/{name}': ['truenas://pool/backup', { pool: 'backup' }],
  'truenas://dataset/{+id}': ['truenas://dataset/tank/home', { dataset: 'tank/home' }],
  'truenas://job/{id}': ['truenas://job/5', { id: 5 }],
};

test('every resource has an address here', () => {
  expect(READINGS.map(({ uri }) => uri).toSorted()).toEqual(Object.keys(ADDRESSES).toSorted());
});

describe.each(RELEASES)('a call without an answer on %s', (release) => {
  const known = knownOf(release);
  let simulated: SimulatedAnswers;
  let bench: Bench;
  beforeAll(async () => {
    simulated = await simulatedAnswers(release);
    bench = await openBench(release);
  });
  afterAll(async () => {
    await bench.close();
    await simulated.close();
  });

  /** What does not hold and is not listed, and how many calls were made in all. */
  async function failuresOf(question: Parameters<typeof casesOfTool>[0]) {
    const all = await casesOfTool(question, bench, simulated);
    const cases = all.filter(({ mutation }) => WAYS.includes(mutation.kind));
    const failures: string[] = [];
    for (const each of cases) {
      for (const { key, property, seen } of await tried(each, bench, SEED))
        if (PARTS.includes(property) && !known.has(key)) failures.push(`${key}\n${seen}`);
    }
    return { failures, ways: cases.length };
  }

  it.each(CURATED_TOOLS.map((tool) => [tool.name, tool] as const))(
    'leaves the rest of the answer of %s standing',
    async (name, { examples }) => {
      const failures: string[] = [];
      let ways = 0;
      for (const { args } of examples) {
        const found = await failuresOf({ tool: calledName(name), args });
        failures.push(...found.failures);
        ways += found.ways;
      }
      expect(failures).toEqual([]);
      const hasNone = new RegExp(`TrueNAS (?:CORE |SCALE )?${release.replace('core-', '')}\\S* has no `);
      // A kind of which nothing can be asked here says that this release has none.
      const asked = { tool: calledName(name), args: examples[0].args };
      const { text } = ways > 0 ? { text: '' } : await bench.ask(asked, simulated.answer);
      expect(ways > 0 || hasNone.test(text)).toBe(true);
    },
  );

  it.each(READINGS.map(({ uri, tool }) => [uri, tool] as const))(
    'leaves the rest of %s standing',
    async (template, tool) => {
      const [uri, args] = ADDRESSES[template] ?? [template, {}];
      const { failures, ways } = await failuresOf({ tool, args, uri });
      expect(failures).toEqual([]);
      expect(ways).toBeGreaterThan(0);
    },
  );
});
