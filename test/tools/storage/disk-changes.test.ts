/** Disks replaced, taken out of use and taken back, and scrubs: what is refused, and what a plan says. */
import { describe, expect, it } from 'vitest';
import { planText } from '../../../src/changes/preview.ts';
import { applied } from '../../changes/support/plan-of.ts';
import { type PlannedNas, startPlannedNas } from '../../changes/support/planned.ts';

const RELEASES = ['25.04', '25.10', '27.0'] as const;

describe.each(RELEASES)('on %s', (release) => {
  const simulator = { release };

  it('a disk that has failed is replaced by a free one, told by its serial number and not by a name alone', async () => {
    const nas = await startPlannedNas({ simulator });
    const [old, fresh] = [await diskNamed(nas, 'sdi'), await diskNamed(nas, 'sdn')];
    const args = { pool: 'backup', old: old.serial, new: fresh.serial };
    expect(await nas.change('replace_disk', args)).toContain('DONE, and seen on the NAS afterwards');
    const sent = nas.writes().find(({ method }) => method === 'pool.replace');
    expect(sent?.params).toEqual([2, { label: old.zfs_guid, disk: fresh.identifier, force: false }]);
    expect(await nas.impactOf('replace_disk', args)).toContain('is being replaced already');
  });

  it('a replacement that the NAS answers and does not do is told', async () => {
    const nas = await startPlannedNas({ simulator });
    nas.simulator.control.next('pool.replace', { kind: 'pretend' });
    const text = await nas.change('replace_disk', { pool: 'backup', old: 'sdi', new: 'sdn' });
    expect(text).not.toContain('DONE, and seen');
    expect(text).toContain('disk sdn');
  });

  it('a disk is taken out of use and back, by its guid', async () => {
    const nas = await startPlannedNas({ simulator });
    const args = { pool: 'tank', disk: 'sda' };
    expect(await nas.impactOf('offline_disk', args)).toContain(
      'raidz2-0 can lose 1 more disk while it is out of use, instead of 2.',
    );
    expect(await nas.change('offline_disk', args)).toContain('DONE');
    expect(await nas.impactOf('offline_disk', args)).toContain('is out of use already');
    expect(await nas.impactOf('offline_disk', { pool: 'tank', disk: 'sdb' })).toContain(
      'raidz2-0 has no redundancy left',
    );
    expect(await nas.change('online_disk', args)).toContain('DONE');
    expect(await nas.impactOf('online_disk', args)).toContain('is in use already');
  });

  it('a scrub runs until it is broken off, and is started again by the undo of that', async () => {
    const nas = await startPlannedNas({ simulator });
    expect(await nas.change('start_scrub', { pool: 'tank' })).toContain('DONE');
    expect(await nas.impactOf('start_scrub', { pool: 'tank' })).toContain('is busy already: scrub');
    expect(await nas.change('stop_scrub', { pool: 'tank' })).toContain('DONE');
    expect(await nas.impactOf('stop_scrub', { pool: 'tank' })).toContain('has no scrub that runs');
    expect(await nas.undo()).toContain('DONE');
    expect(await nas.impactOf('stop_scrub', { pool: 'tank' })).toContain('destroys: Break the scrub');
  });
});

it('a scrub that starts a moment after the answer is seen, one that never starts is told', async () => {
  const nas = await startPlannedNas();
  const result = await nas.read('pool.query', [[['name', '=', 'tank']]]);
  const plan = await nas.plan('start_scrub', { pool: 'tank' });
  // Once before the call, and once after it.
  nas.simulator.control.next('pool.query', { kind: 'result', result }, 2);
  const late = await applied(nas, plan);
  expect(late.outcome.kind).toBe('applied');
  nas.simulator.control.next('pool.scrub.run', { kind: 'pretend', result: null });
  expect(await nas.change('start_scrub', { pool: 'backup' })).not.toContain('DONE, and seen');
});

it('a disk that is gone is told by its own serial number, though a free disk has its name now', async () => {
  const nas = await startPlannedNas();
  const [row] = (await nas.read('pool.query', [[['name', '=', 'backup']]])) as [
    { topology: { data: { children: { disk: string | null; unavail_disk: object | null }[] }[] } },
  ];
  for (const child of row.topology.data[0]?.children ?? []) {
    if (child.disk !== 'sdi') continue;
    child.disk = null;
    child.unavail_disk = { name: 'sdn', serial: 'GONE1', model: 'x' };
  }
  nas.simulator.control.next('pool.query', { kind: 'result', result: [row] }, 1);
  const text = await nas.impactOf('replace_disk', { pool: 'backup', old: 'GONE1', new: 'sdn' });
  expect(text).toContain('destroys: Replace sdn (serial GONE1) of pool backup by sdn (serial ');
  expect(text).toContain('Pull only the disk with serial GONE1');
});

describe('a disk that is to go into a pool', () => {
  it.each([
    ['is in use', 'sdh', 'is in use by the pool backup'],
    ['is a spare', 'sdg', 'is in use by the pool tank'],
    ['holds the system', 'nvme0n1', 'is in use by the pool boot-pool'],
    ['does not exist', 'sdz', 'names no disk'],
  ])('is refused when it %s', async (_what, disk, problem) => {
    const nas = await startPlannedNas();
    expect(await nas.impactOf('replace_disk', { pool: 'backup', old: 'sdi', new: disk })).toContain(problem);
  });

  it('is refused when it holds an exported pool, or anything else: nothing is forced', async () => {
    const nas = await startPlannedNas();
    const details = async (change: object) => {
      const { used, unused } = (await nas.read('disk.details')) as Record<string, object[]>;
      const rows = unused?.map((row) => ({ ...row, ...change }));
      nas.simulator.control.next('disk.details', { kind: 'result', result: { used, unused: rows } }, 2);
      return nas.impactOf('replace_disk', { pool: 'backup', old: 'sdi', new: 'sdn' });
    };
    expect(await details({ exported_zpool: 'old' })).toContain('holds the pool old, which is exported');
    expect(await details({ partitions: [{}, {}] })).toContain('is not clean: 2 partitions on it');
    expect(await details({ duplicate_serial: ['sdh'] })).toContain('has the serial number of sdh');
    expect(await details({ imported_zpool: undefined })).toContain('could not read what is on it');
    nas.simulator.control.next('disk.details', { kind: 'error', code: -32001, message: 'x' }, 2);
    expect(await nas.impactOf('replace_disk', { pool: 'backup', old: 'sdi', new: 'sdn' })).not.toContain(
      'destroys:',
    );
  });

  it('is refused when it is too small', async () => {
    const nas = await startPlannedNas();
    const rows = (await nas.read('disk.query', [[], { extra: { pools: true } }])) as { name: string }[];
    const result = rows.map((row) => (row.name === 'sdn' ? { ...row, size: 4_000_787_030_016 } : row));
    nas.simulator.control.next('disk.query', { kind: 'result', result }, 2);
    const text = await nas.impactOf('replace_disk', { pool: 'backup', old: 'sdi', new: 'sdn' });
    expect(text).toContain('sdn is too small: 4 TB');
  });
});

it('a disk without which a pool has no redundancy, or is lost, stays in use', async () => {
  const nas = await startPlannedNas();
  const of = (pool: string, disk: string) => nas.impactOf('offline_disk', { pool, disk });
  expect(await of('fast', 'sdj')).toContain('has no redundancy left');
  expect(await of('backup', 'sdh')).toContain('the pool backup is lost');
  expect(await of('tank', 'nvme4n1')).toContain('have no log any more');
  expect(await of('tank', 'nvme2n1')).toContain('has no redundancy left');
  expect(await of('tank', 'sdg')).toContain('is a spare disk');
  expect(await of('tank', 'nvme5n1')).toContain('is a cache disk');
  expect(await of('backup', 'sdi')).toContain('It is FAULTED');
  expect(await of('backup', 'sda')).toContain('names no disk of pool backup');
  expect(await nas.impactOf('online_disk', { pool: 'backup', disk: 'sdi' })).toContain('is FAULTED');
  expect(await of('bakcup', 'sdi')).toContain('backup');
});

it('while a pool is rebuilt, none of its disks is taken out of use and nothing is broken off', async () => {
  const nas = await startPlannedNas();
  await nas.change('replace_disk', { pool: 'backup', old: 'sdi', new: 'sdn' });
  expect(await nas.impactOf('offline_disk', { pool: 'backup', disk: 'sdi' })).toContain('is being replaced');
  expect(await nas.impactOf('stop_scrub', { pool: 'backup' })).toContain('nobody can break off');
  expect(await nas.impactOf('start_scrub', { pool: 'backup' })).toContain('is busy already: resilver');
});

it('a disk that was changed between plan and consent stops the replacement', async () => {
  const nas = await startPlannedNas();
  const plan = await nas.plan('replace_disk', { pool: 'backup', old: 'sdi', new: 'sdn' });
  const rows = (await nas.read('disk.query', [
    [['name', '=', 'sdn']],
    { extra: { pools: true } },
  ])) as object[];
  const result = rows.map((row) => ({ ...row, serial: 'ANOTHER' }));
  nas.simulator.control.next('disk.query', { kind: 'result', result });
  const { outcome } = await applied(nas, plan);
  expect(outcome.kind).toBe('moved');
  expect(nas.writes()).toEqual([]);
});

it('a change of disks is refused under a scope, and allowed where a dataset of the pool is protected', async () => {
  const args = { pool: 'backup', old: 'sdi', new: 'sdn' };
  const scoped = await startPlannedNas({ rules: { scope: ['backup/replica'] } });
  expect(await scoped.impactOf('replace_disk', args)).toContain('cannot be tied to a dataset');
  const protecting = await startPlannedNas({ rules: { protect: ['backup/replica'] } });
  expect(await protecting.impactOf('replace_disk', args)).not.toContain('TRUENAS_PROTECT');
});

it('the boot pool is none that is scrubbed from here', async () => {
  const nas = await startPlannedNas();
  expect(await nas.impactOf('start_scrub', { pool: 'boot-pool' })).toContain('is the boot pool');
});

it('the plan of a replacement reads like this', async () => {
  const nas = await startPlannedNas({ simulator: { release: '25.10' } });
  const plan = await nas.plan('replace_disk', { pool: 'backup', old: 'sdi', new: 'sdn' });
  expect(planText(plan, '').replace(plan.id, 'ID')).toMatchInlineSnapshot(`
    "PLAN ID, nothing was changed: Replace sdi (serial WD-CAEGPVP6) of pool backup by sdn (serial ZL2XFGWF)
    risk: destroys (whatever is on the new disk is lost, and the old one leaves the pool)
    1. put sdn in the place of sdi (serial WD-CAEGPVP6): pool.replace [2,{"label":"15323138958948724182","disk":"{serial_lunid}ZL2XFGWF_5000c5003aba3cfc","force":false}]
    diff: disk sdn: pool none -> backup
    impact: Lost: whatever is on sdn (ST16000NM001G-2KK103, serial ZL2XFGWF, 16 TB (16000900661248 bytes), HDD). No pool and no partition on it is known.
    impact: It is larger than needed (8 TB (8001563222016 bytes)): the rest stays unused until all disks of mirror-0 are as large.
    impact: Afterwards the data is rebuilt on it (a resilver), for hours or days: backup stays usable, slower. The old disk is FAULTED, and leaves the pool at its end.
    impact: Until it has ended, mirror-0 survives NO further failed disk.
    impact: Pull only the disk with serial WD-CAEGPVP6, and only when get_pool shows that the resilver has ended.
    undo: none: while the data is rebuilt, a person can detach sdn in the web interface; afterwards the old disk is no part of the pool any more
    roles needed: POOL_WRITE
    "
  `);
});

async function diskNamed(nas: PlannedNas, name: string) {
  const [row] = (await nas.read('disk.query', [[['name', '=', name]]])) as {
    serial: string;
    identifier: string;
    zfs_guid: string;
  }[];
  if (row === undefined) throw new Error(`no disk ${name}`);
  return row;
}
