/** Protection goes by names: no name is taken away from what it protects. */
import { beforeEach, describe, expect, it } from 'vitest';
import { textOf } from './support/plan-of.ts';
import { type PlannedNas, startPlannedNas } from './support/planned.ts';

const REFUSED = /CANNOT BE APPLIED: TRUENAS_PROTECT covers .*: under another name/u;

describe('TRUENAS_PROTECT, of a dataset on which nothing hangs', () => {
  let nas: PlannedNas;
  beforeEach(async () => {
    nas = await startPlannedNas({ rules: { protect: ['tank/strongroom/papers'] } });
    for (const name of ['tank/strongroom', 'tank/strongroom/papers', 'tank/other'])
      await nas.person.write('pool.dataset.create', [{ name }]);
  });

  it.each([
    ['the dataset itself', 'tank/strongroom/papers', 'tank/strongroom/old'],
    ['the dataset above it', 'tank/strongroom', 'tank/cellar'],
  ])('is not got around by another name of %s', async (_what, dataset, newName) => {
    const plan = await nas.plan('rename_dataset', { dataset, new_name: newName });
    expect(plan.judgement.risk).toBe('configuration');
    expect(textOf(plan)).toMatch(REFUSED);
  });

  it('is not got around by a clone that takes its snapshots over', async () => {
    await nas.person.write('pool.snapshot.create', [{ dataset: 'tank/strongroom/papers', name: 'old' }]);
    await nas.person.write('pool.snapshot.clone', [
      { snapshot: 'tank/strongroom/papers@old', dataset_dst: 'tank/copy' },
    ]);
    const plan = await nas.plan('promote_dataset', { dataset: 'tank/copy' });
    expect(textOf(plan)).toMatch(REFUSED);
  });

  it('leaves other names alone', async () => {
    const plan = await nas.plan('rename_dataset', { dataset: 'tank/other', new_name: 'tank/else' });
    expect(plan.obstacles).toEqual([]);
  });
});
