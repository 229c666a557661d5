/** A NAS that does half of what it was asked for and answers as if all were done: what is missing is named, and undone. */
import { expect, it } from 'vitest';
import { changeNas } from './support/change-nas.ts';
import { applied, planWith, undone } from './support/plan-and-apply.ts';

it.each([
  [
    'update_dataset',
    { dataset: 'tank/media', quota: '40T', compression: 'zstd' },
    'pool.dataset.update',
    ['compression'],
    'compression',
  ],
  ['create_dataset', { dataset: 'tank/kids', quota: '500G' }, 'pool.dataset.create', ['quota'], 'quota'],
  [
    'create_snapshot_task',
    { dataset: 'tank/iso', schedule: 'hourly', keep: '30d' },
    'pool.snapshottask.create',
    ['lifetime_value'],
    'lifetime_value',
  ],
  [
    'create_share',
    { kind: 'nfs', path: '/mnt/tank/documents', readonly: true },
    'sharing.nfs.create',
    ['ro'],
    'ro',
  ],
] as const)('%s %j without a part of it', async (tool, args, method, without, named) => {
  const nas = await changeNas({ hasWriter: true });
  const before = nas.simulator.control.worldState();
  const plan = await planWith(nas, tool, args);
  nas.simulator.control.next(method, { kind: 'half', without });
  const { outcome, text } = await applied(nas, plan);
  expect([outcome.kind, text]).toEqual(['differs', text]);
  expect(text).toMatch(new RegExp(String.raw`^.*\b${named}\b.*\bnot\b`, 'mu'));
  expect(nas.writes().map((write) => write.method)).toEqual([method]);
  const taken = await undone(nas, plan);
  expect(taken.outcome.kind).toBe('applied');
  // New numbers alone may remain, which world-remains.ts names tool by tool.
  const { datasets } = nas.simulator.control.worldState();
  expect(datasets).toEqual(before.datasets);
});
