/** Who is connected follows from what is served: services, shares, locks, LUNs. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe.each(SIM_RELEASES)('clients on %s', (release) => {
  const nas = withSimulator({ release });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  async function control(verb: 'START' | 'STOP', service: string): Promise<void> {
    if (release === '25.04') {
      await connection.call(`service.${verb.toLowerCase()}`, [service]);
      return;
    }
    await connection.call('service.control', [verb, service]);
    const wanted = verb === 'START' ? 'RUNNING' : 'STOPPED';
    const state = async (): Promise<string> =>
      (await connection.call('service.query', [[['service', '=', service]], { get: true }])).state;
    await expect.poll(state).toBe(wanted);
  }
  const count = (method: string): Promise<number> => connection.call(method);

  describe.skipIf(release === '25.10')('of SMB', () => {
    const shares = async (): Promise<string[]> =>
      (await connection.call('smb.status', ['SHARES'])).map(({ service }: Json) => service).toSorted();

    it('have sessions with their shares, and open files', async () => {
      const sessions: Json[] = await connection.call('smb.status');
      expect(sessions.map(({ username, share_connections: used }) => [username, used.length])).toEqual([
        ['alice', 2],
        ['alice', 1],
      ]);
      expect(sessions[0].creation_time).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}\+0[12]:00$/);
      expect(await connection.call('smb.status', ['LOCKS'])).toMatchObject([
        { service_path: '/mnt/tank/documents', filename: 'contracts/lease.docx' },
      ]);
    });

    it('can be asked for by user, and counted', async () => {
      const options = { restrict_user: 'bob' };
      expect(await connection.call('smb.status', ['SESSIONS', [], {}, options])).toEqual([]);
      const filter = [['remote_machine', '=', '192.0.2.102']];
      expect(await connection.call('smb.status', ['SESSIONS', filter, { count: true }])).toBe(1);
    });

    it('lose a share that is switched off, and everything when the service stops', async () => {
      expect(await shares()).toEqual(['documents', 'media', 'timemachine']);
      const [media] = await connection.call('sharing.smb.query', [[['name', '=', 'media']]]);
      await connection.call('sharing.smb.update', [media.id, { enabled: false }]);
      expect(await shares()).toEqual(['documents', 'timemachine']);
      await control('STOP', 'cifs');
      expect(await shares()).toEqual([]);
      await control('START', 'cifs');
      expect(await shares()).toEqual(['documents', 'timemachine']);
    });
  });

  it('of NFS vanish with their export', async () => {
    expect(await count('nfs.client_count')).toBe(3);
    expect(await connection.call('nfs.get_nfs3_clients')).toMatchObject([{ ip: '192.0.2.60' }]);
    const [row] = await connection.call('sharing.nfs.query', [[['path', '=', '/mnt/fast/containers']]]);
    await connection.call('sharing.nfs.delete', [row.id]);
    expect(await connection.call('nfs.get_nfs4_clients')).toEqual([]);
    expect(await count('nfs.client_count')).toBe(1);
  });

  it('of NFSv4 have ids with more digits than a double holds', async () => {
    const fresh = await nas.connect();
    await fresh.call('sharing.nfs.create', [{ path: '/mnt/fast/containers' }]);
    await fresh.call('nfs.get_nfs4_clients');
    const [, digits = ''] = /"clientid":(\d+)/.exec(fresh.texts.at(-1) ?? '') ?? [];
    expect(BigInt(digits)).toBeGreaterThan(2n ** 53n);
    expect(String(Number(digits))).not.toBe(digits);
  });

  it('of iSCSI keep their target from being deleted, and vanish when its extent is switched off', async () => {
    const sessions: Json[] = await connection.call('iscsi.global.sessions');
    expect(sessions.map(({ initiator, target_alias: alias }) => [initiator.split(':')[1], alias])).toEqual([
      ['esx1', 'esx'],
      ['esx2', 'esx'],
    ]);
    expect(await count('iscsi.global.client_count')).toBe(2);
    const [target] = await connection.call('iscsi.target.query', [[['name', '=', 'esx']]]);
    await expect(connection.call('iscsi.target.delete', [target.id])).rejects.toMatchObject({
      data: { errname: 'EBUSY' },
    });
    const [extent] = await connection.call('iscsi.extent.query', [[['name', '=', 'esx-datastore']]]);
    await connection.call('iscsi.extent.update', [extent.id, { enabled: false }]);
    expect(await connection.call('iscsi.global.sessions')).toEqual([]);
    expect(await connection.call('iscsi.target.delete', [target.id])).toBe(true);
  });

  it.skipIf(release === '25.04')('of NVMe-oF vanish when their host is no longer allowed', async () => {
    expect(await connection.call('nvmet.global.sessions')).toMatchObject([{ subsys_id: 1, port_id: 1 }]);
    const [tie] = await connection.call('nvmet.host_subsys.query');
    await connection.call('nvmet.host_subsys.delete', [tie.id]);
    expect(await connection.call('nvmet.global.sessions')).toEqual([]);
  });
});
