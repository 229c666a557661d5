/** Snapshots go one by one or many at once, all or none; what was cloned from them follows their names. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SIM_RELEASES, type SimRelease } from '../../src/releases.ts';
import { returnsProblems } from '../support/contract.ts';
import { finishedJob } from '../support/jobs.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

const namespaceOf = (release: SimRelease): string => (release === '25.04' ? 'zfs.snapshot' : 'pool.snapshot');

describe.each(SIM_RELEASES)('snapshots on %s', (release) => {
  const namespace = namespaceOf(release);
  const nas = withSimulator({ release });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
    await connection.call('pool.dataset.create', [{ name: 'tank/zoo/apes', create_ancestors: true }]);
  });

  const take = (name: string, dataset = 'tank/zoo', recursive = true): Promise<Json> =>
    connection.call(`${namespace}.create`, [{ dataset, name, recursive }]);
  const names = async (dataset: string): Promise<string[]> => {
    const rows = await connection.call(`${namespace}.query`, [[['dataset', '=', dataset]]]);
    return rows.map((row: Json) => row.snapshot_name);
  };
  const origin = async (id: string): Promise<string> =>
    (await connection.call('pool.dataset.get_instance', [id])).origin.value;

  it('a held snapshot below keeps all of a recursive delete', async () => {
    await take('one');
    await connection.call(`${namespace}.hold`, ['tank/zoo/apes@one']);
    await expect(
      connection.call(`${namespace}.delete`, ['tank/zoo@one', { recursive: true }]),
    ).rejects.toMatchObject({ data: { errname: 'EBUSY' } });
    expect([await names('tank/zoo'), await names('tank/zoo/apes')]).toEqual([['one'], ['one']]);
    await connection.call(`${namespace}.release`, ['tank/zoo/apes@one']);
    await connection.call(`${namespace}.delete`, ['tank/zoo@one', { recursive: true }]);
    expect([await names('tank/zoo'), await names('tank/zoo/apes')]).toEqual([[], []]);
  });

  it('a promoted clone takes the snapshots, and the other one can go', async () => {
    await take('first', 'tank/zoo/apes');
    await take('second', 'tank/zoo/apes');
    await connection.call(`${namespace}.clone`, [
      { snapshot: 'tank/zoo/apes@first', dataset_dst: 'tank/zoo/bears' },
    ]);
    const used = async (): Promise<number> =>
      (await connection.call('pool.dataset.get_instance', ['tank/zoo'])).used.parsed;
    const before = await used();
    await connection.call('pool.dataset.promote', ['tank/zoo/bears']);
    expect(await names('tank/zoo/bears')).toEqual(['first']);
    expect(await names('tank/zoo/apes')).toEqual(['second']);
    expect(await origin('tank/zoo/apes')).toBe('tank/zoo/bears@first');
    expect(await used()).toBe(before);
    await connection.call('pool.dataset.delete', ['tank/zoo/apes', { recursive: true }]);
    expect(await names('tank/zoo/bears')).toEqual(['first']);
  });

  it('a clone has the properties it was asked to have, and what was made in its origin', async () => {
    await connection.call('pool.dataset.create', [{ name: 'tank/zoo/fish' }]);
    await connection.call('filesystem.mkdir', [{ path: '/mnt/tank/zoo/fish/tank' }]);
    await take('deep', 'tank/zoo/fish');
    const clone = (dataset: string, properties: Json): Promise<Json> =>
      connection.call(`${namespace}.clone`, [
        { snapshot: 'tank/zoo/fish@deep', dataset_dst: dataset, dataset_properties: properties },
      ]);
    await clone('tank/zoo/squid', {
      compression: 'zstd',
      quota: '10G',
      readonly: 'on',
      'zoo:keeper': 'erin',
    });
    const squid = await connection.call('pool.dataset.get_instance', ['tank/zoo/squid']);
    expect(squid).toMatchObject({
      compression: { rawvalue: 'zstd', source: 'LOCAL' },
      quota: { parsed: 10 * 2 ** 30 },
      readonly: { parsed: true },
      user_properties: { 'zoo:keeper': { value: 'erin' } },
    });
    const [made] = await connection.call('filesystem.listdir', ['/mnt/tank/zoo/squid']);
    expect(made.name).toBe('tank');
    await expect(clone('tank/zoo/eel', { compresion: 'lz4' })).rejects.toMatchObject({
      data: { reason: expect.stringContaining("invalid property 'compresion'") },
    });
    expect(await connection.call('pool.dataset.query', [[['id', '=', 'tank/zoo/eel']]])).toEqual([]);
    await connection.call('pool.dataset.delete', ['tank/zoo/squid']);
    await connection.call('pool.dataset.delete', ['tank/zoo/fish', { recursive: true }]);
  });

  it.skipIf(release === '25.04')('a clone follows the new names of its snapshot and dataset', async () => {
    await connection.call('pool.dataset.create', [{ name: 'tank/cage' }]);
    await take('old', 'tank/cage');
    await connection.call(`${namespace}.clone`, [{ snapshot: 'tank/cage@old', dataset_dst: 'tank/copy' }]);
    const options = { new_name: 'tank/cage@new', force: true };
    await connection.call('pool.snapshot.rename', ['tank/cage@old', options]);
    expect(await origin('tank/copy')).toBe('tank/cage@new');
    await connection.call('pool.dataset.rename', ['tank/cage', { new_name: 'tank/pen', force: true }]);
    expect(await origin('tank/copy')).toBe('tank/pen@new');
    await expect(connection.call(`${namespace}.delete`, ['tank/pen@new'])).rejects.toMatchObject({
      data: { reason: expect.stringContaining('tank/copy') },
    });
  });

  it.skipIf(release === '27.0')('many of a dataset go in one job', async () => {
    const method = 'pool.dataset.destroy_snapshots';
    await connection.call('pool.dataset.create', [{ name: 'tank/many' }]);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await take(name, 'tank/many');
    const destroy = async (wanted: Json): Promise<Json> =>
      finishedJob(connection, await connection.call(method, ['tank/many', wanted]));
    const range = await destroy({ snapshots: ['a', { start: 'c', end: 'd' }] });
    expect(returnsProblems(release, method, range.result)).toEqual([]);
    expect(range.result).toEqual(['tank/many@a', 'tank/many@c', 'tank/many@d']);
    expect((await destroy({ all: true, snapshots: ['b'] })).exc_info.extra).toEqual([
      [
        'destroy_snapshots.snapshots',
        'Must not be specified when all snapshots are specified for removal',
        22,
      ],
    ]);
    await connection.call(`${namespace}.hold`, ['tank/many@e']);
    expect(await destroy({ all: true })).toMatchObject({ state: 'FAILED' });
    expect(await names('tank/many')).toEqual(['b', 'e']);
  });
});

describe('zfs.resource on 27.0', () => {
  const nas = withSimulator({ release: '27.0' });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
    await connection.call('pool.dataset.create', [{ name: 'tank/zoo/apes', create_ancestors: true }]);
  });

  const call = async (verb: string, data: Json): Promise<Json> => {
    const method = `zfs.resource.${verb}`;
    const result = await connection.call(method, [data]);
    expect([method, returnsProblems('27.0', method, result)]).toEqual([method, []]);
    return result;
  };
  const refused = async (verb: string, data: Json, message: string, errno: number): Promise<void> => {
    const extra = [[`zfs.resource.${verb}`, message, errno]];
    await expect(connection.call(`zfs.resource.${verb}`, [data])).rejects.toMatchObject({
      code: -32602,
      data: { extra },
    });
  };

  it('takes, holds, renames, clones, goes back to and destroys snapshots', async () => {
    const user_properties = { 'org.example:why': 'test' };
    const taken = await call('snapshot.create', {
      dataset: 'tank/zoo',
      name: 'one',
      recursive: true,
      user_properties,
    });
    expect(taken).toMatchObject({ name: 'tank/zoo@one', user_properties });
    await call('snapshot.hold', { path: 'tank/zoo@one', tag: 'keep' });
    expect(await call('snapshot.holds', { path: 'tank/zoo@one' })).toEqual(['keep']);
    const busy = "'tank/zoo@one' has the following holds: keep";
    await refused('snapshot.destroy', { path: 'tank/zoo@one', recursive: true }, busy, 16);
    await call('snapshot.release', { path: 'tank/zoo@one' });
    await call('snapshot.rename', {
      current_name: 'tank/zoo@one',
      new_name: 'tank/zoo@two',
      recursive: true,
    });
    await call('snapshot.rollback', { path: 'tank/zoo/apes@two' });
    await call('snapshot.clone', { snapshot: 'tank/zoo/apes@two', dataset: 'tank/zoo/copy' });
    const cloned = "'tank/zoo/apes@two' has the following clones: tank/zoo/copy";
    await refused('snapshot.destroy', { path: 'tank/zoo/apes@two' }, cloned, 16);
    await call('destroy', { path: 'tank/zoo/copy' });
    await call('snapshot.destroy', { path: 'tank/zoo', all_snapshots: true, recursive: true });
    expect(await call('snapshot.count', { paths: ['tank/zoo'], recursive: true })).toEqual({
      'tank/zoo': 0,
      'tank/zoo/apes': 0,
    });
  });

  it('refuses paths that are none of its business', async () => {
    await refused('snapshot.hold', { path: 'tank/zoo@none' }, "'tank/zoo@none' not found", 2);
    await refused(
      'snapshot.rollback',
      { path: 'tank/zoo' },
      "path must be a snapshot path (containing '@').",
      22,
    );
    await refused('destroy', { path: 'tank' }, 'Destroying the root filesystem is not allowed.', 22);
    await refused('destroy', { path: 'tank/none' }, "'tank/none' does not exist.", 2);
    await refused(
      'destroy',
      { path: 'tank/zoo' },
      "'tank/zoo' has children. Set recursive=True to remove them.",
      39,
    );
    await call('destroy', { path: 'tank/zoo', recursive: true });
    await refused('destroy', { path: 'tank/zoo' }, "'tank/zoo' does not exist.", 2);
    expect(await connection.call('pool.dataset.query', [[['id', '^', 'tank/zoo']]])).toEqual([]);
  });
});
