/** The life of a plan: it is applied while it holds, and whoever waits for it is told its end. */
import { expect, it } from 'vitest';
import { LOCAL_CALLER } from '../../src/access/caller.ts';
import { PLAN_LIFE_MS } from '../../src/changes/plan.ts';
import { changeNas } from './support/change-nas.ts';
import { planWith } from './support/plan-and-apply.ts';

const { signal } = new AbortController();

it('a change that waited for another one until its plan expired is not applied', async () => {
  let nowMs = Date.now();
  const nas = await changeNas({ now: () => nowMs });
  const [first, second] = await Promise.all([
    planWith(nas, 'create_snapshot', { dataset: 'tank/media', name: 'first' }),
    planWith(nas, 'create_snapshot', { dataset: 'tank/documents', name: 'second' }),
  ]);
  const session = await nas.engine.writerFor(first);
  if (session === undefined) throw new Error('the test has a writer');
  nas.simulator.control.next('pool.snapshot.create', { kind: 'delay', ms: 150 });
  const ends = [first, second].map((plan) => nas.engine.apply(plan, session, { signal }));
  await expect.poll(() => nas.writes()).toHaveLength(1);
  nowMs += PLAN_LIFE_MS;
  const [one, other] = await Promise.all(ends);
  expect(one?.outcome.kind).toBe('applied');
  expect(other?.outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining('expired') });
  expect(nas.writes()).toHaveLength(1);
});

it('whoever waits for a plan that newer ones push out, or that expires, is told so', async () => {
  let nowMs = Date.now();
  const nas = await changeNas({ now: () => nowMs });
  const args = { dataset: 'tank/media', name: 'pushed-out' };
  const [pushed, expired] = [
    await planWith(nas, 'create_snapshot', args),
    await planWith(nas, 'create_snapshot', args),
  ];
  const session = await nas.engine.writerFor(expired);
  if (session === undefined) throw new Error('the test has a writer');
  for (let count = 0; count < 199; count += 1) await planWith(nas, 'create_snapshot', args);
  await pushed.ended;
  expect(pushed.outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining('newer plans') });
  nowMs += PLAN_LIFE_MS;
  await nas.engine.apply(expired, session, { signal });
  await expired.ended;
  expect(expired.outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining('expired') });
});

it('plans that have ended make room before one that still can be applied', async () => {
  const nas = await changeNas();
  const args = { dataset: 'tank/media', name: 'kept' };
  const open = await planWith(nas, 'create_snapshot', args);
  for (let count = 0; count < 250; count += 1) {
    const ended = await planWith(nas, 'create_snapshot', args);
    await nas.engine.decline(ended, 'a test');
  }
  expect(nas.engine.find(open.id, LOCAL_CALLER)).toBe(open);
});

it.each(['25.10', '27.0'] as const)(
  'on %s, a dataset that was deleted and made again within the same second is not touched',
  async (release) => {
    const nowMs = Date.now();
    const nas = await changeNas({ simulator: { release, now: () => nowMs } });
    await nas.person.write('pool.dataset.create', [{ name: 'tank/twin' }]);
    const plan = await planWith(nas, 'update_dataset', { dataset: 'tank/twin', quota: '10G' });
    await nas.person.write('pool.dataset.delete', ['tank/twin']);
    await nas.person.write('pool.dataset.create', [{ name: 'tank/twin' }]);
    nas.simulator.control.clearCalls();
    const session = await nas.engine.writerFor(plan);
    if (session === undefined) throw new Error('the test has a writer');
    const { outcome } = await nas.engine.apply(plan, session, { signal });
    expect(outcome.kind).toBe('moved');
    expect(nas.writes()).toEqual([]);
  },
);
