/** Deleting a dataset: what uses it goes first, and stays gone when ZFS then keeps the dataset. */
import { beforeAll, describe, expect, it } from 'vitest';
import { isAtLeast, SIM_RELEASES } from '../../src/releases.ts';
import { answerProblems } from '../support/contract.ts';
import { finishedJob } from '../support/jobs.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe.each(SIM_RELEASES)('pool.dataset.delete on %s', (release) => {
  const nas = withSimulator({ release });
  const isBlind = isAtLeast(release, '27.0');
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  const call = (method: string, ...params: unknown[]): Promise<Json> => connection.call(method, params);
  const count = async (method: string, filters: unknown): Promise<number> =>
    (await call(method, filters)).length;
  const namespace = isAtLeast(release, '25.10') ? 'pool.snapshot' : 'zfs.snapshot';
  const snapshot = (dataset: string): Promise<Json> => call(`${namespace}.create`, { dataset, name: 'kept' });

  /** A dataset with a share and a snapshot task. */
  async function make(name: string): Promise<string> {
    const id = `tank/${name}`;
    await call('pool.dataset.create', { name: id });
    await call('sharing.smb.create', { name, path: `/mnt/${id}` });
    await call('sharing.nfs.create', { path: `/mnt/${id}`, enabled: false });
    await call('pool.snapshottask.create', { dataset: id });
    return id;
  }
  const uses = async (id: string): Promise<unknown> =>
    (await call('pool.dataset.attachments', id)).map(({ type, attachments }: Json) => [type, attachments]);

  it('removes the shares and tasks that are on, and leaves those that are off', async () => {
    const id = await make('whole');
    expect(await uses(id)).toEqual([
      ['SMB Share', ['whole']],
      ['Snapshot Task', [id]],
    ]);
    const answer = await call('pool.dataset.delete', id);
    expect(answerProblems(release, 'pool.dataset.delete', answer)).toEqual([]);
    expect(await count('pool.dataset.query', [['id', '=', id]])).toBe(0);
    expect(await count('sharing.smb.query', [['name', '=', 'whole']])).toBe(0);
    expect(await count('pool.snapshottask.query', [['dataset', '=', id]])).toBe(0);
    expect(await count('sharing.nfs.query', [['path', '=', `/mnt/${id}`]])).toBe(1);
  });

  it('with a snapshot it stays, without its share and its task', async () => {
    const id = await make('stuck');
    await snapshot(id);
    const answer = await call('pool.dataset.delete', id).catch(({ data }: Json) => data.reason);
    const refusal = `use '-r' to destroy the following datasets:\n${id}@kept`;
    expect(String(answer)).toContain(isBlind ? 'true' : refusal);
    expect(await count('pool.dataset.query', [['id', '=', id]])).toBe(1);
    expect(await uses(id)).toEqual([]);
    expect(await call('pool.dataset.delete', id, { recursive: true })).toBe(true);
    expect(await count('pool.dataset.query', [['id', '=', id]])).toBe(0);
  });

  it.each(['held', 'cloned'])('with a snapshot that is %s it stays, recursive or not', async (why) => {
    const id = await make(why);
    await snapshot(id);
    if (why === 'held') await call(`${namespace}.hold`, `${id}@kept`);
    else await call(`${namespace}.clone`, { snapshot: `${id}@kept`, dataset_dst: 'tank/clone-of-it' });
    const answer = await call('pool.dataset.delete', id, { recursive: true }).catch(
      ({ data }: Json) => data.errname,
    );
    expect(answer).toBe(isBlind ? true : why === 'held' ? 'EBUSY' : 'EFAULT');
    expect(await count('pool.dataset.query', [['id', '=', id]])).toBe(1);
    expect(await uses(id)).toEqual([]);
  });

  it.each(['boot-pool/ROOT', 'tank/.system', 'tank/ix-apps'])(
    '%s, which the NAS keeps to itself, is not there',
    async (id) => {
      const missing = { data: { extra: [[null, `PoolDataset ${id} does not exist`, 2]] } };
      await expect(call('pool.dataset.delete', id, { recursive: true })).rejects.toMatchObject(missing);
      await expect(call('pool.dataset.update', id, { comments: 'mine' })).rejects.toMatchObject(missing);
    },
  );

  it('a zvol that initiators use goes, with its extent; a machine on one is stopped', async () => {
    await call('pool.dataset.delete', 'tank/iscsi/esx-datastore', { recursive: true });
    expect(await count('iscsi.extent.query', [['disk', '=', 'zvol/tank/iscsi/esx-datastore']])).toBe(0);
    expect(await uses('fast/vms/web01')).toContainEqual(['VM', ['web01']]);
    await call('pool.dataset.delete', 'fast/vms/web01', { recursive: true });
    const { status } = await call('vm.query', [['name', '=', 'web01']], { get: true });
    expect(status.state).toBe('STOPPED');
  });

  it('an export switches off what the pool held, tasks and replications as well', async () => {
    const isOn = [['enabled', '=', true]];
    expect(await count('replication.query', isOn)).toBeGreaterThan(0);
    const { id } = await call('pool.query', [['name', '=', 'tank']], { get: true });
    await finishedJob(connection, await call('pool.export', id, {}));
    expect(await count('cloudsync.query', isOn)).toBe(0);
    expect(await count('replication.query', isOn)).toBe(0);
    expect(await count('cloudsync.query', [])).toBeGreaterThan(0);
  });
});

describe('what a 27.0 says that it did', () => {
  const nas = withSimulator({ release: '27.0' });

  it('pool.snapshot.update answers the row and changes nothing', async () => {
    const connection = await nas.connect();
    const { id } = await connection.call('pool.snapshot.create', [{ dataset: 'tank/iso', name: 'mine' }]);
    const change = { user_properties_update: [{ key: 'org.example:note', value: 'x' }] };
    expect((await connection.call('pool.snapshot.update', [id, change])).id).toBe(id);
    const row = await connection.call('pool.snapshot.query', [[['id', '=', id]], { get: true }]);
    expect(JSON.stringify(row)).not.toContain('org.example:note');
  });

  it('zfs.resource.destroy of a dataset with a held snapshot answers as if it were gone', async () => {
    const connection = await nas.connect();
    await connection.call('pool.snapshot.create', [{ dataset: 'backup/old-server', name: 'held' }]);
    await connection.call('pool.snapshot.hold', ['backup/old-server@held']);
    const data = { path: 'backup/old-server', recursive: true };
    expect(await connection.call('zfs.resource.destroy', [data])).toBeNull();
    expect(await connection.call('pool.dataset.query', [[['id', '=', 'backup/old-server']]])).toHaveLength(1);
  });
});
