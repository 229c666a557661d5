/** What ran on an exported pool stands still; when the pool is imported, it is as it was. */
import { describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { answerProblems, returnsProblems } from '../support/contract.ts';
import { finishedJob } from '../support/jobs.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

const [TANK, BACKUP, FAST] = [1, 2, 3];

describe.each(SIM_RELEASES)('exporting and importing pools on %s', (release) => {
  const nas = withSimulator({ release });
  const other = withSimulator({ release });

  const run = async (connection: RawConnection, method: string, params: Json[]): Promise<Json> => {
    const job = await finishedJob(connection, await connection.call(method, params));
    const problems = job.state === 'SUCCESS' ? returnsProblems(release, method, job.result) : [];
    expect([method, problems]).toEqual([method, []]);
    return job;
  };
  const config = async (connection: RawConnection, namespace: string): Promise<Json> => {
    const answer = await connection.call(`${namespace}.config`);
    expect(answerProblems(release, `${namespace}.config`, answer)).toEqual([]);
    return answer;
  };
  const names = async (connection: RawConnection, method: string): Promise<string[]> =>
    (await connection.call(method)).map(({ name }: Json) => name);

  it('the system dataset moves on, machines and apps stop, and all of it comes back', async () => {
    const connection = await nas.connect();
    const snapshot = async (): Promise<Json> => ({
      shares: await connection.call('sharing.smb.query', [[], { select: ['name', 'path', 'enabled'] }]),
      tasks: await connection.call('pool.snapshottask.query', [[], { select: ['dataset', 'enabled'] }]),
      apps: await names(connection, 'app.query'),
      machines: await connection.call('vm.query', [[], { select: ['name', 'status.state'] }]),
      datasets: (await connection.call('pool.dataset.query', [[], { count: true }])) as number,
    });
    const before = await snapshot();
    const guid = (await connection.call('pool.query', [[['id', '=', TANK]], { get: true }])).guid;
    expect(await run(connection, 'pool.import_find', [])).toMatchObject({ result: [] });

    await run(connection, 'pool.export', [FAST, {}]);
    await run(connection, 'pool.export', [TANK, {}]);
    expect(await config(connection, 'systemdataset')).toMatchObject({
      pool: 'backup',
      pool_set: true,
      basename: 'backup/.system',
    });
    // An export without cascade leaves the setting, for when the pool comes back.
    expect(await config(connection, 'docker')).toMatchObject({ pool: 'tank' });
    expect(await connection.call('docker.status')).toMatchObject({ status: 'STOPPED' });
    expect(await names(connection, 'app.query')).toEqual([]);
    const states = (await connection.call('vm.query')).map(({ status }: Json) => status.state);
    expect(states).toEqual(['STOPPED', 'STOPPED', 'STOPPED']);

    const { result } = await run(connection, 'pool.import_find', []);
    expect(result.map(({ name, status }: Json) => [name, status])).toEqual([
      ['fast', 'ONLINE'],
      ['tank', 'ONLINE'],
    ]);
    for (const found of result) {
      expect((await run(connection, 'pool.import_pool', [{ guid: found.guid }])).state).toBe('SUCCESS');
    }
    expect(await snapshot()).toEqual(before);
    const back = await connection.call('pool.query', [[['guid', '=', guid]], { get: true }]);
    expect(back).toMatchObject({ id: 5, name: 'tank', status: 'ONLINE' });
    expect(
      (await connection.call('disk.query', [[['name', '=', 'sda']], { extra: { pools: true } }]))[0].pool,
    ).toBe('tank');
    expect((await connection.call('pool.dataset.get_instance', ['tank/finance'])).locked).toBe(true);
    const scrubs = await connection.call('pool.scrub.query', [[['pool', '=', 5]]]);
    expect(scrubs).toHaveLength(1);
  });

  it('a pool comes back under another name; one that is there, unknown or destroyed cannot', async () => {
    const connection = await nas.connect();
    const { guid } = await connection.call('pool.query', [[['id', '=', BACKUP]], { get: true }]);
    const fails = async (options: Json): Promise<string> =>
      (await run(connection, 'pool.import_pool', [options])).error;
    expect(await fails({ guid })).toBe(`[EEXIST] Pool with guid: "${guid}" already imported`);
    expect(await fails({ guid: '77' })).toBe('[ENOENT] Pool 77 not found.');
    await run(connection, 'pool.export', [BACKUP, {}]);
    expect(await fails({ guid, name: 'tank' })).toContain('a pool is already imported with that name');
    await run(connection, 'pool.import_pool', [{ guid, name: 'spare' }]);
    const row = await connection.call('pool.query', [[['name', '=', 'spare']], { get: true }]);
    expect(row).toMatchObject({ path: '/mnt/spare', status: 'DEGRADED', guid });
    expect(await connection.call('filesystem.stat', ['/mnt/spare/replica'])).toMatchObject({
      is_mountpoint: true,
    });
    await run(connection, 'pool.export', [row.id, { destroy: true }]);
    expect(await fails({ guid })).toBe(`[ENOENT] Pool ${guid} not found.`);
  });

  it('with cascade the apps are gone and no pool is set for them; the last system dataset is on the boot pool', async () => {
    const connection = await other.connect();
    for (const id of [TANK, BACKUP, FAST]) await run(connection, 'pool.export', [id, { cascade: true }]);
    expect(await config(connection, 'docker')).toMatchObject({ pool: null, dataset: null });
    expect(await connection.call('docker.status')).toMatchObject({ status: 'UNCONFIGURED' });
    expect(await config(connection, 'systemdataset')).toMatchObject({ pool: 'boot-pool', pool_set: false });
    await expect(connection.call('app.available_space')).rejects.toMatchObject({
      data: { reason: '[EFAULT] No pool configured for Docker' },
    });
  });
});
