/** An undo of what this server made keeps the risk of its making for a while: later, others have come to rely on it. */
import { expect, it } from 'vitest';
import { LOCAL_CALLER } from '../../src/access/caller.ts';
import { startPlannedNas } from './support/planned.ts';

const asker = { system: 'nas', caller: LOCAL_CALLER, signal: new AbortController().signal };
const HOUR = 3_600_000;

it.each([
  ['create_snapshot', { dataset: 'tank/media', name: 'before' }, 'reversible', 'destroys'],
  ['create_dataset', { dataset: 'tank/later' }, 'configuration', 'destroys'],
] as const)('after an hour the undo of %s has a risk of its own', async (tool, args, early, late) => {
  let clockMs = Date.parse('2026-11-27T06:00:00Z');
  const nas = await startPlannedNas({ now: () => clockMs });
  expect(await nas.change(tool, args)).toContain('DONE');
  const [entry] = await nas.engine.changes();
  const riskOfUndo = async () => (await nas.engine.planUndo(asker, entry?.id ?? '')).judgement.risk;

  clockMs += HOUR - 1000;
  expect(await riskOfUndo()).toBe(early);
  clockMs += 2000;
  expect(await riskOfUndo()).toBe(late);
});
