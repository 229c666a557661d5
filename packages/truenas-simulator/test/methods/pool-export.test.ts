/** An exported pool is gone from everywhere, and what used it is off or gone. */
import { describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { returnsProblems } from '../support/contract.ts';
import { finishedJob } from '../support/jobs.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

const [TANK, BACKUP, FAST] = [1, 2, 3];

describe.each(SIM_RELEASES)('exporting pools on %s', (release) => {
  const nas = withSimulator({ release });

  const run = async (connection: RawConnection, id: number, options: Json): Promise<Json> => {
    const row = await finishedJob(connection, await connection.call('pool.export', [id, options]));
    expect(returnsProblems(release, 'pool.export', row.result)).toEqual([]);
    return row;
  };
  const queries = ['pool.query', 'pool.dataset.query', 'disk.query', 'alert.list', 'sharing.smb.query'];

  it('pools go one after the other: switched off, wiped, with all that used them', async () => {
    const connection = await nas.connect();
    const smb = async (): Promise<[string, boolean][]> =>
      (await connection.call('sharing.smb.query')).map(({ name, enabled }: Json) => [name, enabled]);
    const details = async (name: string): Promise<Json> => {
      const { used, unused } = await connection.call('disk.details');
      return [...used, ...unused].find((disk: Json) => disk.name === name);
    };

    const shares = (await smb()).length;
    expect(await run(connection, TANK, {})).toMatchObject({ state: 'SUCCESS' });
    expect((await smb()).length).toBe(shares);
    expect((await smb()).filter(([, enabled]) => enabled)).toEqual([]);
    expect(await details('sda')).toMatchObject({ exported_zpool: 'tank' });
    const label = 'sdi';
    const { identifier } = await details('sda');
    const refused = await connection.call('pool.replace', [BACKUP, { label, disk: identifier }]);
    expect((await finishedJob(connection, refused)).exc_info.extra[0][0]).toBe('options.force');

    expect(await run(connection, BACKUP, { destroy: true })).toMatchObject({ state: 'SUCCESS' });
    expect(await details('sdh')).toMatchObject({ exported_zpool: null, imported_zpool: null });
    const alerts = await connection.call('alert.list');
    expect(alerts.filter(({ klass }: Json) => klass === 'VolumeStatus')).toEqual([]);

    const extents = async (): Promise<Json[]> => connection.call('iscsi.extent.query');
    expect((await extents()).length).toBeGreaterThan(0);
    expect(await run(connection, FAST, { cascade: true })).toMatchObject({ state: 'SUCCESS' });
    // Those that were off do not count as users of the pool: they dangle.
    const left = (await extents()).filter(({ disk }) => String(disk).includes('fast/'));
    expect(left.filter(({ enabled }) => enabled)).toEqual([]);

    for (const method of queries) {
      expect([method, returnsProblems(release, method, await connection.call(method))]).toEqual([method, []]);
    }
    expect(await connection.call('pool.query')).toEqual([]);
    expect(await connection.call('pool.dataset.query')).toEqual([]);
    expect((await run(connection, TANK, {})).error).toContain('Pool 1 does not exist');
  });
});
