/** `restore_files`: a snapshot is shown read-only, found by list_changes, and taken away again without a trace. */
import { describe, expect, it } from 'vitest';
import { type PlannedNas, startPlannedNas } from '../../changes/support/planned.ts';

const ARGS = { snapshot: 'tank/media@before' };

async function withSnapshot(release: '25.04' | '25.10' | '27.0'): Promise<PlannedNas> {
  const nas = await startPlannedNas({ simulator: { release } });
  await nas.change('create_snapshot', { dataset: 'tank/media', name: 'before' });
  return nas;
}

describe.each(['25.04', '25.10', '27.0'] as const)('on %s', (release) => {
  it.each([
    ['a path', {}, 'configuration'],
    ['an SMB share', { share: 'windows' }, 'exposes'],
    ['an NFS export', { share: 'nfs', hosts: ['192.0.2.7'] }, 'exposes'],
  ] as const)('%s is made, and nothing is left of it once it is undone', async (_what, more, risk) => {
    const nas = await withSnapshot(release);
    const before = nas.simulator.control.worldState();
    const plan = await nas.plan('restore_files', { ...ARGS, ...more });
    expect(plan.judgement.risk).toBe(risk);
    const text = await nas.change('restore_files', { ...ARGS, ...more });
    expect(text).toContain(
      'DONE, and seen on the NAS afterwards: Show tank/media@before at /mnt/tank/restored-media-before',
    );
    const [clone] = (await nas.read('pool.dataset.query', [
      [['id', '=', 'tank/restored-media-before']],
      { extra: { retrieve_children: false } },
    ])) as [{ readonly: { value: string } }];
    expect(clone.readonly.value).toBe('ON');
    expect(await nas.undo()).toContain('DONE');
    expect(nas.simulator.control.worldState()).toEqual(before);
  });
});

it('taking it away keeps the risk of showing it', async () => {
  const nas = await withSnapshot('25.10');
  const planned = await nas.plan('restore_files', ARGS);
  await nas.change('restore_files', ARGS);
  const changes = await nas.engine.changes();
  const asker = { system: 'nas', caller: planned.caller, signal: new AbortController().signal };
  const shown = changes.find(({ summary }) => summary === planned.change.summary);
  const undo = await nas.engine.planUndo(asker, shown?.id ?? '');
  expect(undo.judgement.risk).toBe('configuration');
  expect(shown?.summary).toBe('Show tank/media@before at /mnt/tank/restored-media-before');
});

it('files of datasets below are not in a snapshot, which is said before somebody looks for them', async () => {
  const nas = await withSnapshot('25.10');
  expect(await nas.impactOf('restore_files', ARGS)).toContain(
    'Not in it: files of 4 datasets below (tank/media/movies',
  );
});

it('what nobody should get is refused', async () => {
  const nas = await withSnapshot('25.10');
  const of = (more: object) => nas.impactOf('restore_files', { ...ARGS, ...more });
  expect(await of({ share: 'nfs' })).toContain('every host could mount the files');
  expect(await of({ hosts: ['192.0.2.7'] })).toContain('only says something with share: nfs');
  expect(await of({ dataset: 'backup/shown' })).toContain('is on another pool');
  expect(await of({ dataset: 'tank/media/shown' })).toContain('exposes: Show');
  await nas.change('create_snapshot', { dataset: 'fast/vms/web01', name: 'x' });
  expect(await nas.impactOf('restore_files', { snapshot: 'fast/vms/web01@x' })).toContain('is a volume');
});

it('a second one of the same snapshot does not take the place of the first', async () => {
  const nas = await withSnapshot('25.10');
  await nas.change('restore_files', { ...ARGS, share: 'smb' });
  expect(await nas.impactOf('restore_files', { ...ARGS, share: 'smb' })).toContain('exists already');
});
