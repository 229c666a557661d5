/** `rollback_dataset`: what is lost is named, what must stay stops it, and a rollback that did nothing is told. */
import { describe, expect, it } from 'vitest';
import { planText } from '../../../src/changes/preview.ts';
import { applied } from '../../changes/support/plan-of.ts';
import { type PlannedNas, startPlannedNas } from '../../changes/support/planned.ts';

const RELEASES = ['25.04', '25.10', '27.0'] as const;
const ARGS = { snapshot: 'tank/media@before' };

async function withSnapshots(release: (typeof RELEASES)[number], ...names: string[]): Promise<PlannedNas> {
  const nas = await startPlannedNas({ simulator: { release } });
  for (const name of names) await nas.change('create_snapshot', { dataset: 'tank/media', name });
  return nas;
}

describe.each(RELEASES)('on %s', (release) => {
  it('newer snapshots go first, by name and newest first, without any flag that widens a call', async () => {
    const nas = await withSnapshots(release, 'before', 'later', 'latest');
    expect(await nas.change('rollback_dataset', ARGS)).toContain('DONE');
    const prefix = release === '25.04' ? 'zfs' : 'pool';
    expect(nas.writes().slice(3)).toEqual([
      { method: `${prefix}.snapshot.delete`, params: ['tank/media@latest', {}] },
      { method: `${prefix}.snapshot.delete`, params: ['tank/media@later', {}] },
      { method: `${prefix}.snapshot.rollback`, params: ['tank/media@before', {}] },
    ]);
  });

  it('a newer snapshot that is held or cloned stops it, and the gentler way is named', async () => {
    const nas = await withSnapshots(release, 'before', 'later');
    await nas.change('clone_snapshot', { snapshot: 'tank/media@later', dataset: 'tank/copy' });
    expect(await nas.impactOf('rollback_dataset', ARGS)).toContain(
      'the newer tank/media@later would be lost, and has clones (tank/copy)',
    );
    await nas.undo();
    await nas.change('hold_snapshot', { snapshots: ['tank/media@later'] });
    const held = await nas.impactOf('rollback_dataset', ARGS);
    expect(held).toContain('the newer tank/media@later would be lost, and is held (truenas)');
    expect(held).toContain('clone_snapshot instead');
    expect(nas.writes().filter(({ method }) => method.endsWith('rollback'))).toEqual([]);
  });

  it('a rollback that is answered and not done is told', async () => {
    const nas = await startPlannedNas({ simulator: { release } });
    const snapshot = await oldest(nas, 'tank/media');
    const name = release === '25.04' ? 'zfs.snapshot.rollback' : 'pool.snapshot.rollback';
    nas.simulator.control.next(name, { kind: 'pretend', result: null });
    const text = await nas.change('rollback_dataset', { snapshot, automatic: true });
    expect(text).not.toContain('DONE, and seen');
    expect(text).toContain('usedbydataset');
  });

  it('automatic snapshots are lost only when that is said, and are counted by their task', async () => {
    const nas = await startPlannedNas({ simulator: { release } });
    const snapshot = await oldest(nas, 'tank/media');
    const refused = await nas.impactOf('rollback_dataset', { snapshot });
    expect(refused).toContain('14 newer snapshots would be lost, 14 of them automatic');
    expect(refused).toContain('snapshot task 2 (tank/media, daily-%Y-%m-%d_%H-%M): 14 snapshots');
    expect(await nas.impactOf('rollback_dataset', { snapshot, automatic: true })).toContain(
      'destroys: Roll tank/media back to',
    );
  });
});

it('a replication that goes on from a lost snapshot is named', async () => {
  const nas = await startPlannedNas();
  const snapshot = await oldest(nas, 'tank/projects');
  expect(await nas.impactOf('rollback_dataset', { snapshot, automatic: true })).toMatch(
    /LOST: tank\/projects@\S+ is probably the base of the replication "projects to offsite"/u,
  );
});

it('a snapshot taken between plan and consent stops the rollback', async () => {
  const nas = await withSnapshots('25.10', 'before', 'later');
  const plan = await nas.plan('rollback_dataset', ARGS);
  await nas.change('create_snapshot', { dataset: 'tank/media', name: 'unseen' });
  const { outcome } = await applied(nas, plan);
  expect(outcome.kind).toBe('moved');
  expect(nas.writes().filter(({ method }) => !method.endsWith('create'))).toEqual([]);
});

it('a dataset that TRUENAS_PROTECT names is not rolled back', async () => {
  const nas = await startPlannedNas({ rules: { protect: ['tank/media'] } });
  await nas.change('create_snapshot', { dataset: 'tank/media', name: 'before' });
  expect(await nas.impactOf('rollback_dataset', ARGS)).toContain('TRUENAS_PROTECT covers');
});

it('its plan reads like this', async () => {
  const nas = await withSnapshots('25.10', 'before', 'later');
  const plan = await nas.plan('rollback_dataset', ARGS);
  const text = planText(plan, '')
    .replace(plan.id, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/gu, 'TIME');
  expect(text).toMatchInlineSnapshot(`
    "PLAN ID, nothing was changed: Roll tank/media back to tank/media@before, losing 1 newer snapshot
    risk: destroys (the snapshot is lost; everything written since is lost)
    1. delete the newer snapshot tank/media@later: pool.snapshot.delete ["tank/media@later",{}]
    2. take tank/media back to tank/media@before: pool.snapshot.rollback ["tank/media@before",{}]
    diff: snapshot tank/media@later: exists -> gone
    diff: dataset tank/media: usedbydataset becomes 466 GiB (500806946802 bytes)
    impact: Lost: everything written since tank/media@before of TIME (it held 466 GiB then, 466 GiB now), and 1 newer snapshot (tank/media@later; at least 0 B only they hold).
    impact: uses it: SMB Share media; Snapshot Task tank/media; CloudSync Task /mnt/tank/media/photos
    impact: processes in it: none
    impact: 4 datasets below (tank/media/movies, tank/media/music, tank/media/photos and 1 more) stay as they are: each has snapshots of its own.
    impact: Gentler: restore_files shows the snapshot read-only, clone_snapshot makes a writable copy; neither loses anything.
    undo: none: what was written since the snapshot, and the newer snapshots, do not come back
    roles needed: SNAPSHOT_DELETE, SNAPSHOT_WRITE or POOL_WRITE
    "
  `);
});

async function oldest(nas: PlannedNas, dataset: string): Promise<string> {
  const rows = await nas.read('pool.snapshot.query', [[['dataset', '=', dataset]], { select: ['name'] }]);
  const names = (Array.isArray(rows) ? rows : []).map((row: { name: string }) => row.name);
  return names.toSorted()[0] ?? '';
}
