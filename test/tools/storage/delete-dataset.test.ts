/** Deleting a dataset: nothing goes unseen, and nothing is taken away for a delete that would then fail. */
import { describe, expect, it } from 'vitest';
import { rawRowsOf } from '../../../src/tools/support/rows.ts';
import type { ChangeNas, ChangeNasOptions } from '../../changes/support/change-nas.ts';
import { applied, changedElsewhere, changeNas, enginePlan, planText } from './support/planned.ts';

const BACKUPS = { dataset: 'tank/backups', recursive: true };

/** A dataset with others below, a share, a switched-off one, a snapshot task and snapshots. */
async function withBackups(options: ChangeNasOptions = {}): Promise<ChangeNas> {
  const nas = await changeNas(options);
  await changedElsewhere(nas, 'sharing.nfs.create', [{ path: '/mnt/tank/backups/laptops', enabled: false }]);
  await changedElsewhere(nas, 'pool.snapshottask.create', [
    { dataset: 'tank/backups', recursive: true, naming_schema: 'nightly-%Y-%m-%d_%H-%M' },
  ]);
  await changedElsewhere(nas, 'pool.snapshot.create', [{ dataset: 'tank/backups/laptops', name: 'one' }]);
  if (options.simulator?.release === '27.0') {
    const buckets = await nas.nas.read.call('sharing.s3.query', [[['dataset', '^', 'tank/backups']]]);
    for (const { id } of rawRowsOf(buckets)) await changedElsewhere(nas, 'sharing.s3.delete', [id]);
  }
  nas.simulator.control.clearCalls();
  return nas;
}

describe('the plan of delete_dataset', () => {
  it('lists all that goes, and the gentler way first', async () => {
    const nas = await withBackups();
    const text = await planText(nas, 'delete_dataset', BACKUPS);
    expect(text).toMatchInlineSnapshot(`
      "PLAN id, nothing was changed: Delete dataset tank/backups with 2 datasets below, 1 snapshot, 3 shares and tasks
      risk: destroys (clients of the share are cut off (how many are connected is not known); clients of the export are cut off (how many are connected is not known); no more snapshots are taken by this task, and those it took may never be removed or lose their date; the dataset and all its data are lost, and the shares and tasks on it are removed; all datasets and snapshots below it are lost too)
      1. take the SMB share timemachine away: sharing.smb.delete [4]
      2. take the switched-off NFS share /mnt/tank/backups/laptops away: sharing.nfs.delete [5]
      3. take the snapshot task 5 (tank/backups) away: pool.snapshottask.delete [5,{"fixate_removal_date":false}]
      4. delete the dataset tank/backups: pool.dataset.delete ["tank/backups",{"recursive":true,"force":false}]
      diff: SMB share timemachine: exists -> gone
      diff: NFS share /mnt/tank/backups/laptops: exists -> gone
      diff: snapshot task 5 (tank/backups): exists -> gone
      diff: dataset tank/backups: exists -> gone
      diff: datasets below tank/backups: 2 -> 0
      diff: snapshots of tank/backups: 1 -> 0
      diff: uses of tank/backups: 2 -> 0
      impact: Gentler: rename_dataset (e.g. to tank/backups-old) and take its shares away, and delete it once nobody has missed it.
      impact: Lost for good: 1.1 TiB of data.
      impact: 1 snapshot: tank/backups/laptops@one; none is held, none has clones outside
      impact: 2 datasets below: tank/backups/laptops, tank/backups/timemachine
      impact: uses it: SMB Share timemachine; Snapshot Task tank/backups
      impact: processes in it: none
      impact: Switched off, and taken away too: 1 share or task.
      impact: The NAS does not tell which other tasks, extents or apps are switched off and name it: those stay behind.
      undo: none: a deleted dataset does not come back, other than from a backup or a replica
      roles needed: SHARING_SMB_WRITE, SHARING_NFS_WRITE, SNAPSHOT_TASK_WRITE, DATASET_DELETE
      To apply it: apply_change {"plan":"id","summary":"Delete dataset tank/backups with 2 datasets below, 1 snapshot, 3 shares and tasks"}; a person then approves it with a sign-in to the NAS."
    `);
    expect(nas.writes()).toEqual([]);
  });

  it.each([
    ['the root of a pool', { dataset: 'tank' }, /goes with the pool only/u],
    [
      'a dataset with others below',
      { dataset: 'tank/media' },
      /4 datasets below tank\/media would go with it: tank\/media\/movies/u,
    ],
    [
      'a volume that a target serves',
      { dataset: 'tank/iscsi/esx-datastore' },
      /is in use: iSCSI Extent esx-datastore/u,
    ],
    [
      'a dataset that is replicated',
      { dataset: 'tank/documents', recursive: true },
      /is in use: Replication/u,
    ],
    ['a mistyped one', { dataset: 'tank/meda' }, /tank\/media/u],
    ['one of the NAS', { dataset: 'boot-pool/grub' }, /names no dataset|belongs to the NAS/u],
  ])('refuses %s', async (_what, args, words) => {
    const nas = await changeNas();
    expect(await planText(nas, 'delete_dataset', args)).toMatch(words);
    expect(nas.writes()).toEqual([]);
  });

  it('refuses a dataset with a held snapshot, and names the hold', async () => {
    const nas = await changeNas();
    await changedElsewhere(nas, 'pool.snapshot.create', [{ dataset: 'fast/containers', name: 'keep' }]);
    await changedElsewhere(nas, 'pool.snapshot.hold', ['fast/containers@keep', {}]);
    expect(await planText(nas, 'delete_dataset', { dataset: 'fast/containers' })).toMatch(
      /it has 1 held snapshot: fast\/containers@keep \(\w+\)/u,
    );
  });

  it('refuses a dataset with a clone elsewhere, and names promote_dataset', async () => {
    const nas = await changeNas();
    await changedElsewhere(nas, 'pool.snapshot.create', [{ dataset: 'fast/containers', name: 'base' }]);
    await changedElsewhere(nas, 'pool.snapshot.clone', [
      { snapshot: 'fast/containers@base', dataset_dst: 'fast/trial' },
    ]);
    const text = await planText(nas, 'delete_dataset', { dataset: 'fast/containers' });
    expect(text).toContain('it has 1 clone elsewhere: fast/trial (of fast/containers@base)');
    expect(text).toContain('promote_dataset');
  });

  it('is not made where it cannot be read what uses the dataset', async () => {
    const nas = await changeNas();
    nas.simulator.control.next('pool.dataset.attachments', { kind: 'error', code: -32001, message: 'x' });
    expect(await planText(nas, 'delete_dataset', { dataset: 'tank/media/music' })).toContain(
      'it is not deleted unseen',
    );
  });

  it('refuses a dataset that a program has open, which the NAS would find out after the shares are gone', async () => {
    const nas = await changeNas();
    nas.simulator.control.next('pool.dataset.processes', {
      kind: 'result',
      result: [{ pid: 4711, name: 'postgres', service: null, cmdline: 'postgres -D /mnt' }],
    });
    expect(await planText(nas, 'delete_dataset', { dataset: 'tank/media/music' })).toContain(
      'tank/media/music is in use by processes (1): postgres 4711',
    );
  });

  it('of a locked dataset says that its processes are unknown, not none', async () => {
    const nas = await changeNas();
    expect(await planText(nas, 'delete_dataset', { dataset: 'tank/vault/contracts' })).toContain(
      'processes in it: unknown, could not be read (the dataset is locked)',
    );
  });

  it('is refused by TRUENAS_PROTECT for a dataset above what is protected, too', async () => {
    const nas = await withBackups({ rules: { protect: ['tank/backups/laptops'] } });
    const text = await planText(nas, 'delete_dataset', BACKUPS);
    expect(text).toContain('CANNOT BE APPLIED: TRUENAS_PROTECT covers dataset tank/backups');
  });
});

describe('delete_dataset', () => {
  it.each(['25.04', '25.10', '27.0'] as const)(
    'on %s takes each share and task away by a call of its own, then the dataset',
    async (release) => {
      const nas = await withBackups({ simulator: { release } });
      const plan = await enginePlan(nas, 'delete_dataset', BACKUPS);
      expect(await applied(nas, plan)).toMatchObject({ kind: 'applied' });
      const sent = nas.writes().map(({ method }) => method);
      expect(sent).toEqual([
        'sharing.smb.delete',
        'sharing.nfs.delete',
        'pool.snapshottask.delete',
        'pool.dataset.delete',
      ]);
    },
  );

  it('a snapshot that came meanwhile stops it before anything is sent', async () => {
    const nas = await changeNas();
    const plan = await enginePlan(nas, 'delete_dataset', { dataset: 'tank/media/music' });
    await changedElsewhere(nas, 'pool.snapshot.create', [{ dataset: 'tank/media/music', name: 'new' }]);
    nas.simulator.control.clearCalls();
    const { kind, text } = await applied(nas, plan);
    expect(kind).toBe('moved');
    expect(text).toContain('snapshots of tank/media/music is not as it was');
    expect(nas.writes()).toEqual([]);
  });

  it('a share that came meanwhile is never deleted unseen', async () => {
    const nas = await changeNas();
    const plan = await enginePlan(nas, 'delete_dataset', { dataset: 'tank/media/music' });
    await changedElsewhere(nas, 'sharing.nfs.create', [{ path: '/mnt/tank/media/music' }]);
    nas.simulator.control.clearCalls();
    expect(await applied(nas, plan)).toMatchObject({ kind: 'moved' });
    expect(nas.writes()).toEqual([]);
  });

  it('a share that cannot be taken away leaves the dataset alone', async () => {
    const nas = await withBackups();
    const plan = await enginePlan(nas, 'delete_dataset', BACKUPS);
    nas.simulator.control.next(plan.change.calls[0].method, { kind: 'error', code: -32001, message: 'x' });
    const { kind } = await applied(nas, plan);
    expect(kind).toBe('failed');
    expect(nas.writes()).toHaveLength(1);
  });

  it('a NAS that answers true and destroys nothing is caught by looking again', async () => {
    const nas = await changeNas({ simulator: { release: '27.0' } });
    const plan = await enginePlan(nas, 'delete_dataset', { dataset: 'tank/media/music' });
    nas.simulator.control.next('pool.dataset.delete', { kind: 'pretend' });
    const { kind, text } = await applied(nas, plan);
    expect(kind).toBe('differs');
    expect(text).toContain('dataset tank/media/music: exists');
  });
});
