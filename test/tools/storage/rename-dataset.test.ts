/** Renaming and promoting: what is refused, what hangs on the name, and that both names count for the scope. */
import { describe, expect, it } from 'vitest';
import { applied, changedElsewhere, changeNas, enginePlan, planText } from './support/planned.ts';

describe('rename_dataset', () => {
  it('shows the whole change', async () => {
    const nas = await changeNas();
    const text = await planText(nas, 'rename_dataset', {
      dataset: 'tank/backups/timemachine',
      new_name: 'tank/mac',
    });
    expect(text).toMatchInlineSnapshot(`
      "PLAN id, nothing was changed: Rename dataset tank/backups/timemachine to tank/mac
      risk: destroys (shares, tasks and apps that name the old path lose the data; the data moves below another dataset, where others may reach it)
      1. rename tank/backups/timemachine to tank/mac: pool.dataset.rename ["tank/backups/timemachine",{"new_name":"tank/mac","recursive":false,"force":true}]
      diff: dataset tank/backups/timemachine: exists -> gone
      diff: dataset tank/mac: does not exist -> exists (guid 8902903378789620316, creation time)
      impact: its path /mnt/tank/backups/timemachine becomes /mnt/tank/mac
      impact: uses it: SMB Share timemachine
      impact: processes in it: none
      impact: Whatever names the old path stays as it is and no longer finds it: change shares, snapshot, replication and cloud tasks, apps and machines afterwards. A replication of it starts anew unless its task and its target are changed with it.
      impact: Settings that it inherits come from its new parent.
      undo: rename tank/mac to tank/backups/timemachine: pool.dataset.rename ["tank/mac",{"new_name":"tank/backups/timemachine","recursive":false,"force":true}]
      roles needed: DATASET_WRITE
      To apply it: apply_change {"plan":"id","summary":"Rename dataset tank/backups/timemachine to tank/mac"}; a person then approves it with a sign-in to the NAS."
    `);
    expect(nas.writes()).toEqual([]);
  });

  it.each([
    ['a pool', { dataset: 'tank', new_name: 'pool2' }, 'a pool is not renamed'],
    ['a name that is taken', { dataset: 'tank/media/music', new_name: 'movies' }, 'exists already'],
    ['another pool', { dataset: 'tank/media/music', new_name: 'fast/music' }, 'lies in another pool'],
    [
      'a place below itself',
      { dataset: 'tank/media', new_name: 'tank/media/all' },
      'lies below tank/media itself',
    ],
    [
      'a parent that is not there',
      { dataset: 'tank/media/music', new_name: 'tank/no/music' },
      'does not exist',
    ],
    ['the name that it has', { dataset: 'tank/media/music', new_name: 'music' }, 'is the name that it has'],
    [
      'leaving the key of its parent',
      { dataset: 'tank/finance/2025', new_name: 'tank/old' },
      'leaves tank/finance, whose key encrypts',
    ],
    ['a locked one', { dataset: 'tank/vault', new_name: 'safe' }, 'is locked'],
  ])('refuses %s', async (_what, args, words) => {
    const nas = await changeNas();
    expect(await planText(nas, 'rename_dataset', args)).toContain(words);
  });

  it('out of the scope, or into it, cannot be applied', async () => {
    for (const scope of [['tank/backups'], ['tank/media']]) {
      const nas = await changeNas({ rules: { scope } });
      const text = await planText(nas, 'rename_dataset', {
        dataset: 'tank/media/music',
        new_name: 'tank/backups/music',
      });
      expect(text).toContain('CANNOT BE APPLIED: TRUENAS_SCOPE confines changes');
    }
  });

  it('to a name that a share without a dataset waits for is refused', async () => {
    const nas = await changeNas();
    await changedElsewhere(nas, 'pool.dataset.create', [{ name: 'tank/gone', type: 'FILESYSTEM' }]);
    await changedElsewhere(nas, 'sharing.nfs.create', [{ path: '/mnt/tank/gone' }]);
    await changedElsewhere(nas, 'pool.dataset.rename', [
      'tank/gone',
      { new_name: 'tank/elsewhere', recursive: false, force: true },
    ]);
    expect(await planText(nas, 'rename_dataset', { dataset: 'tank/finance', new_name: 'gone' })).toContain(
      'is named already by NFS share /mnt/tank/gone',
    );
  });

  it('on a release without it says so', async () => {
    const nas = await changeNas({ simulator: { release: '25.04' } });
    expect(await planText(nas, 'rename_dataset', { dataset: 'tank/iso', new_name: 'images' })).toContain(
      'cannot be renamed on this release',
    );
  });

  it('a NAS that answers and renames nothing is caught', async () => {
    const nas = await changeNas();
    const plan = await enginePlan(nas, 'rename_dataset', { dataset: 'tank/iso', new_name: 'images' });
    nas.simulator.control.next('pool.dataset.rename', { kind: 'pretend', result: null });
    expect(await applied(nas, plan)).toMatchObject({ kind: 'differs' });
  });
});

describe('promote_dataset', () => {
  async function withClone() {
    const nas = await changeNas();
    await changedElsewhere(nas, 'pool.snapshot.create', [{ dataset: 'fast/scratch/render', name: 'base' }]);
    await changedElsewhere(nas, 'pool.snapshot.clone', [
      { snapshot: 'fast/scratch/render@base', dataset_dst: 'fast/trial' },
    ]);
    return nas;
  }

  it('says which snapshots move, and touches both datasets', async () => {
    const nas = await withClone();
    const text = await planText(nas, 'promote_dataset', { dataset: 'fast/trial' });
    expect(text).toContain('dataset fast/scratch/render: origin none -> fast/trial@base');
    expect(text).toContain('belong to fast/trial afterwards: fast/scratch/render@base');
  });

  it('refuses what is no clone', async () => {
    const nas = await changeNas();
    expect(await planText(nas, 'promote_dataset', { dataset: 'tank/media' })).toContain('is no clone');
  });

  it('refuses two snapshots of one name beforehand', async () => {
    const nas = await withClone();
    await changedElsewhere(nas, 'pool.snapshot.create', [{ dataset: 'fast/trial', name: 'base' }]);
    expect(await planText(nas, 'promote_dataset', { dataset: 'fast/trial' })).toContain(
      '1 snapshot would be there twice: fast/trial@base',
    );
  });

  it('keeps to the scope with the dataset that it came from', async () => {
    const nas = await changeNas({ rules: { scope: ['fast/trial'] } });
    await changedElsewhere(nas, 'pool.snapshot.create', [{ dataset: 'fast/scratch/render', name: 'base' }]);
    await changedElsewhere(nas, 'pool.snapshot.clone', [
      { snapshot: 'fast/scratch/render@base', dataset_dst: 'fast/trial' },
    ]);
    expect(await planText(nas, 'promote_dataset', { dataset: 'fast/trial' })).toContain(
      'dataset fast/scratch/render lies outside',
    );
  });
});
