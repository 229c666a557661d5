/** The share tools on a NAS with S3, of which one answer is odd: see `odd-answers.test.ts`. Nothing here is known to fail. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FUZZ_TIMEOUT_MS, seed } from '../support/fuzz.ts';
import { type Bench, openBench } from '../support/odd/bench.ts';
import { type SimulatedAnswers, simulatedAnswers } from '../support/odd/nas.ts';
import { casesOfTool, tried } from '../support/odd/plan.ts';

let simulated: SimulatedAnswers;
let bench: Bench;

beforeAll(async () => {
  simulated = await simulatedAnswers('27.0');
  bench = await openBench('27.0');
});
afterAll(async () => {
  await bench.close();
  await simulated.close();
});

it.each([
  { tool: 'list_shares', args: { kind: 's3' } },
  { tool: 'get_share', args: { share: 'installers', kind: 's3' } },
  { tool: 'get_share', args: { share: 'laptop-backups', kind: 's3' } },
  { tool: 'get_share', args: { share: 'ml-datasets' } },
])('$tool $args tells of it as it is', { timeout: FUZZ_TIMEOUT_MS }, async (question) => {
  const cases = await casesOfTool(question, bench, simulated);
  expect(cases.length).toBeGreaterThan(100);
  const seen: string[] = [];
  for (const each of cases)
    for (const violation of await tried(each, bench, seed)) seen.push(`${violation.key}\n${violation.seen}`);
  expect(seen.slice(0, 5), `seed ${seed}`).toEqual([]);
});
