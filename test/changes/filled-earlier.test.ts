/** What an earlier step of the same plan makes need not be empty: a clone and a renamed dataset are full of data. */
import { beforeEach, describe, expect, it } from 'vitest';
import { plannedTogether, textOf } from './support/plan-of.ts';
import { type PlannedNas, startPlannedNas } from './support/planned.ts';

type Steps = Parameters<typeof plannedTogether>[1];

describe('a share of what an earlier step of the same plan makes', () => {
  let nas: PlannedNas;
  beforeEach(async () => {
    nas = await startPlannedNas({ rules: { protect: ['tank/papers'] } });
    await nas.person.write('pool.dataset.create', [{ name: 'tank/papers' }]);
    await nas.person.write('pool.dataset.create', [{ name: 'tank/letters' }]);
    await nas.person.write('pool.dataset.create', [
      { name: 'tank/papers/disk', type: 'VOLUME', volsize: 1024 ** 3 },
    ]);
    for (const dataset of ['tank/papers', 'tank/letters', 'tank/papers/disk'])
      await nas.person.write('pool.snapshot.create', [{ dataset, name: 'old' }]);
  });

  const share = (kind: 'smb' | 'nfs') =>
    ['create_share', { kind, path: '/mnt/tank/copy', ...(kind === 'smb' ? { name: 'x' } : {}) }] as const;
  const iscsi = [
    'create_share',
    { kind: 'iscsi', path: 'tank/copy', allow: ['iqn.2005-10.org.example:a'] },
  ] as const;
  const clone = (snapshot: string) => ['clone_snapshot', { snapshot, dataset: 'tank/copy' }] as const;

  it.each<[string, Steps]>([
    ['a clone over SMB', [clone('tank/letters@old'), share('smb')]],
    ['a clone over NFS', [clone('tank/letters@old'), share('nfs')]],
    [
      'a renamed dataset',
      [['rename_dataset', { dataset: 'tank/letters', new_name: 'tank/copy' }], share('nfs')],
    ],
  ])('exposes the data of %s', async (_what, steps) => {
    const { judgement } = await plannedTogether(nas, steps);
    expect(judgement.reasons).toContain('clients reach the data under the path');
    expect(judgement.risk).toBe('exposes');
  });

  it('exposes the data of a cloned volume', async () => {
    const { judgement } = await plannedTogether(nas, [clone('tank/papers/disk@old'), iscsi]);
    expect(judgement.reasons).toContain('initiators of the target reach the data of the extent');
    expect(judgement.risk).toBe('exposes');
  });

  it.each<[string, Steps]>([
    ['a clone of it', [clone('tank/papers@old'), share('nfs')]],
    ['a clone of a volume of it', [clone('tank/papers/disk@old'), iscsi]],
  ])('is held back by TRUENAS_PROTECT, of %s', async (_what, steps) => {
    const plan = await plannedTogether(nas, steps);
    expect(textOf(plan)).toMatch(/CANNOT BE APPLIED: TRUENAS_PROTECT/u);
  });

  it('of a new dataset is no exposure', async () => {
    const steps: Steps = [['create_dataset', { dataset: 'tank/copy' }], share('nfs')];
    expect((await plannedTogether(nas, steps)).judgement.risk).toBe('configuration');
  });
});
