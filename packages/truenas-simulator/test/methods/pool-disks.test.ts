/** Disks of a pool are taken out, taken back and replaced, and everything else on the NAS shows it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { returnsProblems } from '../support/contract.ts';
import { finishedJob } from '../support/jobs.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

const BACKUP = 2;
const DAY_MS = 86_400_000;

describe.each(SIM_RELEASES)('disks of a pool on %s', (release) => {
  let skippedMs = 0;
  const nas = withSimulator({ release, now: () => Date.now() + skippedMs });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  const pool = async (name: string): Promise<Json> => {
    const row = await connection.call('pool.query', [[['name', '=', name]], { get: true }]);
    expect(returnsProblems(release, 'pool.query', row)).toEqual([]);
    return row;
  };
  const disk = (name: string): Promise<Json> =>
    connection.call('disk.query', [[['name', '=', name]], { get: true, extra: { pools: true } }]);
  const member = (row: Json, name: string): Json =>
    row.topology.data.flatMap((vdev: Json) => vdev.children).find((child: Json) => child.disk === name);
  const alerts = async (name: string): Promise<number> =>
    (await connection.call('alert.list')).filter(
      ({ klass, args }: Json) => klass === 'VolumeStatus' && args.volume === name,
    ).length;

  it('partitions are told when they are asked for: a free disk has none', async () => {
    const { used, unused } = await connection.call('disk.details', [{ join_partitions: true }]);
    expect(unused.map(({ partitions }: Json) => partitions)).toEqual([[]]);
    expect(used.find(({ name }: Json) => name === 'sda').partitions).toHaveLength(1);
    const plain = await connection.call('disk.details', []);
    expect(plain.used[0]).not.toHaveProperty('partitions');
  });

  it('a scrub is stopped while the job that started it still follows it', async () => {
    const started = await connection.call('pool.scrub.scrub', ['tank', 'START']);
    const stopped = await connection.call('pool.scrub.scrub', ['tank', 'STOP']);
    expect((await finishedJob(connection, stopped)).state).toBe('SUCCESS');
    expect((await pool('tank')).scan.state).toBe('CANCELED');
    expect(started).not.toBe(stopped);
  });

  it('a disk taken out degrades its pool and raises an alert, and back in it resilvers', async () => {
    await connection.call('core.subscribe', ['pool.query']);
    const { id, topology } = await pool('tank');
    const label = member({ topology }, 'sda').guid;
    expect(await connection.call('pool.offline', [id, { label }])).toBe(true);
    const degraded = await pool('tank');
    expect(degraded).toMatchObject({ status: 'DEGRADED', status_code: 'OFFLINE_DEV' });
    expect(member(degraded, 'sda').status).toBe('OFFLINE');
    expect(await alerts('tank')).toBe(1);
    const told = await connection.frame((frame) => frame.params?.collection === 'pool.query');
    expect(told.params).toMatchObject({ msg: 'changed', id, fields: { status: 'DEGRADED' } });

    expect(await connection.call('pool.online', [id, { label }])).toBe(true);
    expect(await pool('tank')).toMatchObject({
      status: 'ONLINE',
      status_code: 'RESILVERING',
      scan: { function: 'RESILVER', state: 'SCANNING' },
    });
    expect(await alerts('tank')).toBe(0);
    skippedMs += DAY_MS;
    expect(await pool('tank')).toMatchObject({ status_code: 'OK', scan: { state: 'FINISHED' } });
  });

  it('the last good disk of a mirror cannot be taken out', async () => {
    const label = member(await pool('backup'), 'sdh').guid;
    await expect(connection.call('pool.offline', [BACKUP, { label }])).rejects.toMatchObject({
      code: -32001,
      data: { errname: 'EUNKNOWN', reason: expect.stringContaining('no valid replicas') },
    });
    expect(member(await pool('backup'), 'sdh').status).toBe('ONLINE');
  });

  it('a label that no disk of the pool has is refused', async () => {
    for (const method of ['pool.offline', 'pool.online']) {
      await expect(connection.call(method, [BACKUP, { label: '77' }])).rejects.toMatchObject({
        code: -32602,
        data: { extra: [['options.label', 'Label 77 not found on this pool.', 22]] },
      });
    }
    await expect(connection.call('pool.offline', [99, { label: '77' }])).rejects.toMatchObject({
      data: { extra: [[null, 'Pool 99 does not exist', 2]] },
    });
  });

  it('a disk in use, an unknown one and one that is too small cannot replace another', async () => {
    const label = member(await pool('backup'), 'sdi').guid;
    const replace = async (identifier: string): Promise<Json> =>
      finishedJob(connection, await connection.call('pool.replace', [BACKUP, { label, disk: identifier }]));
    expect((await replace('{serial_lunid}none')).exc_info.extra).toEqual([
      ['options.disk', "Disk '{serial_lunid}none' not found.", 2],
    ]);
    const { identifier } = await disk('sda');
    expect((await replace(identifier)).exc_info.extra).toEqual([
      ['options.disk', `Disk '${identifier}' is in use by zpool 'tank'.`, 16],
    ]);
    const toTank = await connection.call('pool.replace', [
      1,
      { label: 'sda', disk: (await disk('sdn')).identifier },
    ]);
    expect(await finishedJob(connection, toTank)).toMatchObject({ state: 'SUCCESS', result: true });
  });

  it('a failed disk is replaced: both show while the pool resilvers, then the pool is well', async () => {
    const spare = await freeDisk();
    const label = member(await pool('backup'), 'sdi').guid;
    const options = { label, disk: spare.identifier };
    const job = await finishedJob(connection, await connection.call('pool.replace', [BACKUP, options]));
    expect(job).toMatchObject({ state: 'SUCCESS', result: true });

    const during = await pool('backup');
    expect(during).toMatchObject({ status: 'DEGRADED', status_code: 'RESILVERING' });
    const [, pair] = during.topology.data[0].children;
    expect(pair).toMatchObject({ type: 'REPLACING', children: [{ disk: 'sdi' }, { disk: spare.name }] });
    expect((await disk(spare.name)).pool).toBe('backup');
    expect(await alerts('backup')).toBe(1);

    skippedMs += DAY_MS;
    const after = await pool('backup');
    expect(after).toMatchObject({ status: 'ONLINE', healthy: true });
    expect(after.topology.data[0].children.map((child: Json) => child.disk)).toEqual(['sdh', spare.name]);
    expect((await disk('sdi')).pool).toBeNull();
    expect(await alerts('backup')).toBe(0);
  });

  it('a pool is upgraded', async () => {
    expect(await connection.call('pool.is_upgraded', [BACKUP])).toBe(false);
    expect(await connection.call('pool.upgrade', [BACKUP])).toBe(true);
    expect(await connection.call('pool.is_upgraded', [BACKUP])).toBe(true);
  });

  /** The disk that the replacement in `tank` has set free. */
  async function freeDisk(): Promise<Json> {
    skippedMs += DAY_MS;
    const { unused } = await connection.call('disk.details');
    return unused[0];
  }
});
