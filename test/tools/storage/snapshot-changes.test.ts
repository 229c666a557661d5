/** Snapshots held, released, cloned and deleted: what a plan says, and what it refuses. */
import { describe, expect, it } from 'vitest';
import { LOCAL_CALLER } from '../../../src/access/caller.ts';
import { planText } from '../../../src/changes/preview.ts';
import { applied, plannedTogether, undone } from '../../changes/support/plan-of.ts';
import { type PlannedNas, startPlannedNas } from '../../changes/support/planned.ts';

const RELEASES = ['25.04', '25.10', '27.0'] as const;

async function withSnapshot(
  options: Parameters<typeof startPlannedNas>[0] = {},
  name = 'before',
): Promise<PlannedNas> {
  const nas = await startPlannedNas(options);
  await nas.change('create_snapshot', { dataset: 'tank/media', name });
  return nas;
}

describe.each(RELEASES)('on %s', (release) => {
  const simulator = { release };

  it('a held snapshot is not deleted until it is released, and again once that is undone', async () => {
    const nas = await withSnapshot({ simulator });
    const snapshots = ['/mnt/tank/media@before'];
    expect(await nas.change('hold_snapshot', { snapshots })).toContain('DONE');
    expect(await nas.change('hold_snapshot', { snapshots })).toContain('tank/media@before is held already');
    expect(await nas.change('delete_snapshots', { snapshots })).toContain(
      'tank/media@before is held (truenas); release_snapshot comes first',
    );
    expect(await nas.change('release_snapshot', { snapshots })).toContain('DONE');
    expect(await nas.change('release_snapshot', { snapshots })).toContain('tank/media@before is not held');
    expect(await nas.undo()).toContain('DONE');
    expect(await nas.impactOf('delete_snapshots', { snapshots })).toContain('is held');
  });

  it.each([
    ['hold', 'hold_snapshot', null],
    ['release', 'release_snapshot', null],
    ['delete', 'delete_snapshots', true],
  ] as const)('a %s that is answered and not done is told', async (verb, tool, result) => {
    const nas = await withSnapshot({ simulator });
    const args = { snapshots: ['tank/media@before'] };
    if (verb === 'release') await nas.change('hold_snapshot', args);
    const method = `${release === '25.04' ? 'zfs' : 'pool'}.snapshot.${verb}`;
    nas.simulator.control.next(method, { kind: 'pretend', result });
    const text = await nas.change(tool, args);
    expect(text).toContain('snapshot tank/media@before');
    expect(text).not.toContain('DONE, and seen');
  });

  it('the undo of a snapshot needs a person once it holds what was deleted since, also after it was planned', async () => {
    const nas = await withSnapshot({ simulator });
    const [entry] = await nas.engine.changes();
    const asker = { system: 'nas', caller: LOCAL_CALLER, signal: new AbortController().signal };
    const undo = () => nas.engine.planUndo(asker, entry?.id ?? '');
    const nextReadShowsMore = async () => {
      const rows = await nas.read('pool.snapshot.query', [
        [['id', '=', 'tank/media@before']],
        { limit: 1, extra: { properties: ['used', 'createtxg'] } },
      ]);
      const [row] = rows as { properties: Record<string, object> }[];
      const used = { value: '2T', rawvalue: '2199023255552', parsed: 2199023255552, source: 'NONE' };
      nas.simulator.control.next(`${release === '25.04' ? 'zfs' : 'pool'}.snapshot.query`, {
        kind: 'result',
        result: [{ ...row, properties: { ...row?.properties, used } }],
      });
    };
    const early = await undo();
    expect([early.judgement.risk, early.consent]).toEqual(['reversible', 'none']);

    await nextReadShowsMore();
    const late = await undo();
    expect([late.judgement.risk, late.consent]).toEqual(['destroys', 'approval']);

    await nextReadShowsMore();
    const { outcome } = await applied(nas, early);
    expect(outcome.kind).toBe('moved');
    expect(nas.writes().map(({ method }) => method)).not.toContain('pool.snapshot.delete');

    // What it holds alone goes on growing while the person decides.
    await nextReadShowsMore();
    expect((await applied(nas, late)).outcome.kind).toBe('applied');
  });

  it('a cloned snapshot stays, whatever the snapshot itself tells of clones', async () => {
    const nas = await withSnapshot({ simulator });
    await nas.change('clone_snapshot', { snapshot: 'tank/media@before', dataset: 'tank/old' });
    expect(await nas.change('delete_snapshots', { snapshots: ['tank/media@before'] })).toContain(
      'tank/media@before has clones (tank/old)',
    );
    expect(await nas.undo()).toContain('DONE');
    expect(await nas.change('delete_snapshots', { snapshots: ['tank/media@before'] })).toContain('DONE');
  });

  it('automatic snapshots go only when they are meant, and their task is named with a count', async () => {
    const nas = await startPlannedNas({ simulator });
    const args = { dataset: 'tank/media', keep: 12 };
    expect(await nas.impactOf('delete_snapshots', args)).toContain(
      'is automatic (snapshot task 2 (tank/media, daily-%Y-%m-%d_%H-%M)); automatic: true takes those, too (and so on: 3 snapshots fit, all stay)',
    );
    expect(await nas.impactOf('delete_snapshots', { ...args, automatic: true })).toContain(
      'Automatic, snapshot task 2 (tank/media, daily-%Y-%m-%d_%H-%M): 3 snapshots.',
    );
  });

  it('the base of a replication to another host stays: the newest snapshot that it would send', async () => {
    const nas = await startPlannedNas({ simulator });
    const args = { dataset: 'tank/projects', keep: 0, automatic: true };
    const text = await nas.impactOf('delete_snapshots', args);
    expect(text).toContain('destroys: Delete 14 snapshots');
    expect(text).toMatch(
      /Left out: tank\/projects@auto-\S+ is probably the base of the replication "projects to offsite": without it the next run starts from scratch or fails\. Run the replication first/u,
    );
  });
});

it('the base of a replication on this NAS is the newest snapshot that both sides have', async () => {
  const nas = await startPlannedNas({ simulator: { release: '25.10' } });
  await nas.change('create_snapshot', { dataset: 'tank/home', name: 'both' });
  await nas.change('create_snapshot', { dataset: 'backup/replica/home', name: 'both' });
  await nas.change('create_snapshot', { dataset: 'tank/home', name: 'newer' });
  const of = (name: string) => nas.impactOf('delete_snapshots', { snapshots: [name] });
  const base = 'is the base of the replication "home to backup"';
  expect(await of('tank/home@both')).toContain(base);
  expect(await of('backup/replica/home@both')).toContain(base);
  expect(await of('tank/home@newer')).toContain('destroys: Delete snapshot tank/home@newer');
});

it('the base of a replication to another host is what its task says it sent last', async () => {
  const nas = await startPlannedNas();
  await nas.change('create_snapshot', { dataset: 'tank/projects/apollo', name: 'sent' });
  await nas.change('create_snapshot', { dataset: 'tank/projects/apollo', name: 'auto-later' });
  const [, task] = (await nas.read('replication.query')) as [object, object];
  const of = (name: string, change: object) => {
    const state = { state: 'FINISHED', last_snapshot: 'tank/projects@sent' };
    nas.simulator.control.next('replication.query', {
      kind: 'result',
      result: [{ ...task, state, ...change }],
    });
    return nas.impactOf('delete_snapshots', { snapshots: [`tank/projects/apollo@${name}`] });
  };
  expect(await of('sent', {})).toContain('@sent is the base of the replication "projects to offsite"');
  expect(await of('sent', { exclude: ['tank/projects/apollo'] })).toContain('destroys: Delete');
  expect(await of('sent', { recursive: false })).toContain('destroys: Delete');
  const off = await of('sent', { enabled: false });
  expect(off).toContain('destroys: Delete');
  expect(off).toContain('is the base of the replication "projects to offsite" (switched off)');
  expect(await of('sent', { name_regex: '(' })).toContain('@sent is the base');
});

it('where the tasks cannot be read, every snapshot may be automatic, and what is not known is said', async () => {
  const nas = await withSnapshot({ simulator: { release: '25.10' } });
  const error = { kind: 'error', code: -32001, message: 'Method call error' } as const;
  const snapshots = ['tank/media@before'];
  nas.simulator.control.next('pool.snapshottask.query', error);
  expect(await nas.impactOf('delete_snapshots', { snapshots })).toContain('may be one of a snapshot task');
  nas.simulator.control.next('pool.snapshottask.query', error);
  nas.simulator.control.next('replication.query', error);
  const text = await nas.impactOf('delete_snapshots', { snapshots, automatic: true });
  expect(text).toContain('Which of them are automatic is not known: the snapshot tasks could not be read');
  expect(text).toContain(
    'Whether one is the base of a replication is not known: the tasks could not be read',
  );
});

it('a mistyped snapshot is answered with near names, a mistyped dataset with near datasets', async () => {
  const nas = await withSnapshot({ simulator: { release: '25.10' } });
  const of = (name: string) => nas.impactOf('hold_snapshot', { snapshots: [name] });
  expect(await of('tank/media@befor')).toContain('did you mean "tank/media@before"?');
  expect(await of('tank/medai@before')).toContain('tank/media');
  expect(await of('tank/media')).toContain('is no full name');
});

describe('a clone', () => {
  it('below a share may show what was deleted since, and needs approval for it', async () => {
    const nas = await withSnapshot();
    const of = (dataset: string) =>
      nas.impactOf('clone_snapshot', { snapshot: 'tank/media@before', dataset });
    expect(await of('tank/beside')).toContain('configuration: Clone tank/media@before to tank/beside');
    const shared = await of('tank/media/inside');
    expect(shared).toContain('exposes: Clone');
    expect(shared).toContain('Its clients see it, too: SMB share media.');
    nas.simulator.control.next('sharing.nfs.query', { kind: 'error', code: -32001, message: 'x' });
    expect(await of('tank/beside')).toContain('exposes: Clone');
  });

  it('is made of a snapshot that the same plan takes, and both are taken back together', async () => {
    const nas = await startPlannedNas();
    const before = nas.simulator.control.worldState();
    const plan = await plannedTogether(nas, [
      ['create_snapshot', { dataset: 'tank/iso', name: 'now' }],
      ['clone_snapshot', { snapshot: 'tank/iso@now', dataset: 'tank/iso-copy' }],
    ]);
    expect((await applied(nas, plan)).outcome.kind).toBe('applied');
    expect((await undone(nas, plan)).outcome.kind).toBe('applied');
    expect(nas.simulator.control.worldState()).toEqual(before);
  });

  it('is not made on another pool, over a dataset that exists, or below one that does not', async () => {
    const nas = await withSnapshot();
    const of = (dataset: string) =>
      nas.impactOf('clone_snapshot', { snapshot: 'tank/media@before', dataset });
    expect(await of('backup/copy')).toContain('is on another pool');
    expect(await of('tank/home')).toContain('dataset tank/home exists already');
    expect(await of('tank/nowhere/copy')).toContain('names no dataset');
    expect(await of('tank')).toContain('is no name of a new dataset');
  });

  it('with an origin outside the scope is not made, and a protected origin is not exposed', async () => {
    const scoped = await withSnapshot({ rules: { scope: ['tank/ai'] } });
    const args = { snapshot: 'tank/home@x', dataset: 'tank/ai/copy' };
    const tank = await startPlannedNas({ rules: { scope: ['tank/media'] } });
    await tank.change('create_snapshot', { dataset: 'tank/media', name: 'before' });
    expect(
      await tank.change('clone_snapshot', { snapshot: 'tank/media@before', dataset: 'tank/copy' }),
    ).toContain('lies outside');
    expect(await scoped.change('clone_snapshot', args)).toContain('names no');
  });
});

it('a plan that deletes reads like this', async () => {
  const nas = await withSnapshot({ simulator: { release: '25.10' } });
  const plan = await nas.plan('delete_snapshots', { snapshots: ['tank/media@before'] });
  expect(planText(plan, '').replace(plan.id, 'ID')).toMatchInlineSnapshot(`
    "PLAN ID, nothing was changed: Delete snapshot tank/media@before
    risk: destroys (the snapshot is lost)
    1. delete the snapshot tank/media@before: pool.snapshot.delete ["tank/media@before",{}]
    diff: snapshot tank/media@before: exists -> gone
    impact: 1 snapshot lost; at least 0 B freed. Files that only they hold are gone.
    undo: none: a deleted snapshot does not come back
    roles needed: SNAPSHOT_DELETE
    "
  `);
});
