/** Making datasets and volumes: what is refused beforehand, and what a person is told. */
import { describe, expect, it } from 'vitest';
import { applied, planWith } from '../../changes/support/plan-and-apply.ts';
import { changedElsewhere, changeNas, planText } from './support/planned.ts';

describe('create_dataset', () => {
  it('is not done when the dataset is there and not mounted', async () => {
    const nas = await changeNas({ simulator: { release: '27.0' }, hasWriter: true });
    const plan = await planWith(nas, 'create_dataset', { dataset: 'tank/halfway' });
    nas.simulator.control.next('pool.dataset.create', { kind: 'slow-answer', ms: 300 });
    const done = applied(nas, plan);
    await expect
      .poll(() => {
        try {
          nas.simulator.control.unmount('tank/halfway');
          return true;
        } catch {
          return false;
        }
      })
      .toBe(true);
    const { outcome, text } = await done;
    expect(outcome.kind).toBe('differs');
    expect(text).toContain('mounted is no, not yes');
  });

  it('shows the whole change', async () => {
    const nas = await changeNas();
    const text = await planText(nas, 'create_dataset', {
      dataset: '/mnt/tank/family',
      share_type: 'Windows',
      quota: '500G',
      sync: 'disabled',
      parents: true,
    });
    expect(text).toMatchInlineSnapshot(`
      "PLAN id, nothing was changed: Create dataset tank/family (for smb, quota=500 GiB, sync=disabled)
      risk: destroys (sync=disabled: writes that were acknowledged are lost when the power fails)
      1. create the dataset tank/family: pool.dataset.create [{"name":"tank/family","type":"FILESYSTEM","share_type":"SMB","quota":536870912000,"sync":"DISABLED"}]
      diff: dataset tank/family: does not exist -> exists (type FILESYSTEM, mounted yes, quota 500 GiB (536870912000 bytes), sync DISABLED)
      impact: tank/family is not encrypted, as its parent is not; that cannot be changed later.
      impact: For SMB, names do not differ by upper and lower case; that cannot be changed later.
      impact: sync=disabled: the NAS acknowledges writes before they are safe; when the power fails, the last seconds are lost, and databases and virtual machines on it may be damaged.
      undo: delete the dataset tank/family: pool.dataset.delete ["tank/family",{"recursive":false,"force":false}]
      roles needed: DATASET_WRITE
      To apply it: apply_change {"plan":"id","summary":"Create dataset tank/family (for smb, quota=500 GiB, sync=disabled)"}; a person then approves it with a sign-in to the NAS."
    `);
    expect(nas.writes()).toEqual([]);
  });

  it.each([
    ['a name that is there', { dataset: 'tank/media' }, 'exists already'],
    ['a pool', { dataset: 'tank' }, 'names a pool only'],
    ['a missing parent', { dataset: 'tank/meda/x' }, 'the parent tank/meda does not exist'],
    ['a parent that is a volume', { dataset: 'fast/vms/web01/x' }, 'is a volume'],
    ['a locked parent', { dataset: 'tank/vault/x' }, 'is locked'],
    ['a read-only parent', { dataset: 'tank/iso/x' }, 'is read-only'],
    ['a part that is no name', { dataset: 'tank/.hidden' }, 'no name'],
    ['a way out of the pool', { dataset: 'tank/../boot-pool/x' }, 'no name'],
    ['a quota below 1 GiB', { dataset: 'tank/x', quota: '500M' }, 'no quota below 1 GiB'],
    ['a reservation that nothing can give', { dataset: 'tank/x', reservation: '900T' }, 'more than is free'],
    ['an odd record size', { dataset: 'tank/x', recordsize: '100K' }, 'no record size'],
  ])('refuses %s', async (_what, args, words) => {
    const nas = await changeNas();
    expect(await planText(nas, 'create_dataset', args)).toContain(words);
  });

  it('never makes anything among the datasets of the NAS', async () => {
    const nas = await changeNas();
    expect(await planText(nas, 'create_dataset', { dataset: 'tank/ix-apps/x' })).toMatch(
      /belongs to the NAS itself|does not exist/u,
    );
  });

  it('below an encrypted dataset says with which key it is encrypted', async () => {
    const nas = await changeNas();
    expect(await planText(nas, 'create_dataset', { dataset: 'tank/finance/2027' })).toContain(
      'tank/finance/2027 is encrypted with the key of tank/finance',
    );
  });

  it('at a place that a share names already says so', async () => {
    const nas = await changeNas();
    await changedElsewhere(nas, 'pool.dataset.create', [{ name: 'tank/gone', type: 'FILESYSTEM' }]);
    await changedElsewhere(nas, 'sharing.nfs.create', [{ path: '/mnt/tank/gone' }]);
    await changedElsewhere(nas, 'pool.dataset.rename', [
      'tank/gone',
      { new_name: 'tank/elsewhere', recursive: false, force: true },
    ]);
    expect(await planText(nas, 'create_dataset', { dataset: 'tank/gone' })).toContain(
      'NFS share /mnt/tank/gone names this place already: whatever is put there is shared at once.',
    );
  });

  it('may lie in a dataset that an earlier step makes', async () => {
    const nas = await changeNas();
    const client = await nas.client();
    const { text } = await nas.call(client, 'plan_changes', {
      steps: [
        { tool: 'create_dataset', arguments: { dataset: 'tank/team' } },
        { tool: 'create_dataset', arguments: { dataset: 'tank/team/one' } },
      ],
    });
    expect(text).toContain('create the dataset tank/team/one');
  });
});

describe('create_zvol', () => {
  it.each([
    ['a size that no blocks fill', { dataset: 'fast/vms/x', size: 1_000_001 }, 'multiple of the block size'],
    ['no size', { dataset: 'fast/vms/x', size: 0 }, 'multiple of the block size'],
    ['most of the pool', { dataset: 'fast/vms/x', size: '900T' }, 'more than 80 %'],
  ])('refuses %s', async (_what, args, words) => {
    const nas = await changeNas();
    expect(await planText(nas, 'create_zvol', args)).toContain(words);
  });

  it('says what a reservation takes and what a sparse volume risks', async () => {
    const nas = await changeNas();
    expect(await planText(nas, 'create_zvol', { dataset: 'fast/vms/x', size: '40G' })).toContain(
      '40 GiB are reserved in the pool at once',
    );
    expect(
      await planText(nas, 'create_zvol', { dataset: 'fast/vms/x', size: '40G', sparse: true }),
    ).toContain('When the pool runs full, writes fail');
  });
});
