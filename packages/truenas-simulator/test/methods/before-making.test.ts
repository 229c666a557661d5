/** What can be asked before something is made or deleted. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { answerProblems } from '../support/contract.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe.each(SIM_RELEASES)('before something is made on %s', (release) => {
  const nas = withSimulator({ release });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  async function ask(method: string, ...params: unknown[]): Promise<Json> {
    const answer = await connection.call(method, params);
    expect([method, answerProblems(release, method, answer)]).toEqual([method, []]);
    return answer;
  }

  it.skipIf(release === '25.04')('the name of a share is free, or it is not', async () => {
    expect(await ask('sharing.smb.share_precheck', { name: 'new' })).toBeNull();
    await expect(ask('sharing.smb.share_precheck', { name: 'MEDIA' })).rejects.toMatchObject({
      code: -32602,
      data: { extra: [['sharing.smb.share_precheck.name', 'Share with this name already exists.', 17]] },
    });
  });

  it('the name of a target is free and well formed, or it is not', async () => {
    const [{ id, name }] = await ask('iscsi.target.query');
    expect(await ask('iscsi.target.validate_name', 'new-target')).toBeNull();
    expect(await ask('iscsi.target.validate_name', name)).toBe('Target with this name already exists');
    expect(await ask('iscsi.target.validate_name', name, id)).toBeNull();
    expect(await ask('iscsi.target.validate_name', 'New Target')).toMatch(/^Only lowercase/);
  });

  it('an extent can be made of volumes that no other has, a portal listens at the addresses of the NAS', async () => {
    await ask('pool.dataset.create', { name: 'tank/block', type: 'VOLUME', volsize: 2 ** 30 });
    const free = await ask('iscsi.extent.disk_choices');
    expect(free).toHaveProperty(['zvol/tank/block'], 'tank/block (1 GiB)');
    await ask('iscsi.extent.create', { name: 'block', disk: 'zvol/tank/block' });
    expect(await ask('iscsi.extent.disk_choices')).not.toHaveProperty(['zvol/tank/block']);
    expect(Object.keys(await ask('iscsi.portal.listen_ip_choices'))).toEqual(
      expect.arrayContaining(['0.0.0.0', '192.0.2.10']),
    );
  });

  it('a credential tells what goes with it', async () => {
    expect(await ask('keychaincredential.used_by', 1)).toEqual([
      { title: 'SSH credentials backup.example.org', unbind_method: 'delete' },
    ]);
    expect(await ask('keychaincredential.used_by', 2)).toContainEqual({
      title: 'Replication task projects to offsite',
      unbind_method: 'disable',
    });
  });
});
