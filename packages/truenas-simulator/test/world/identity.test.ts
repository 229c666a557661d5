/** What a thing is beside its name: it survives another name, and a thing made again under the name is another one. */
import { beforeAll, describe, expect, it } from 'vitest';
import { isAtLeast, SIM_RELEASES } from '../../src/releases.ts';
import { finishedJob } from '../support/jobs.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe.each(SIM_RELEASES)('identity on %s', (release) => {
  const nas = withSimulator({ release });
  const hasGuids = isAtLeast(release, '25.10');
  const namespace = hasGuids ? 'pool.snapshot' : 'zfs.snapshot';
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  const call = (method: string, ...params: unknown[]): Promise<Json> => connection.call(method, params);

  async function guidOf(id: string): Promise<Json> {
    const extra = { properties: ['guid'], retrieve_children: false };
    const [row] = await call('pool.dataset.query', [['id', '=', id]], { extra });
    return row.guid;
  }
  async function txgOf(id: string): Promise<string> {
    return (await call(`${namespace}.query`, [['id', '=', id]], { get: true })).createtxg;
  }

  it.runIf(hasGuids)('a dataset tells its guid where it is asked for, and no two have the same', async () => {
    const { rawvalue, value } = await guidOf('tank/home');
    expect(rawvalue).toMatch(/^\d{15,20}$/);
    expect(value).toBe(rawvalue);
    expect((await guidOf('tank/media')).rawvalue).not.toBe(rawvalue);
  });

  it.runIf(hasGuids)(
    'a dataset that is renamed stays itself, one that is made again is another',
    async () => {
      await call('pool.dataset.create', { name: 'tank/first' });
      const { rawvalue: guid } = await guidOf('tank/first');
      await call('pool.dataset.rename', 'tank/first', { new_name: 'tank/second', force: true });
      expect((await guidOf('tank/second')).rawvalue).toBe(guid);
      await call('pool.dataset.create', { name: 'tank/first' });
      expect((await guidOf('tank/first')).rawvalue).not.toBe(guid);
      await call('pool.dataset.delete', 'tank/second');
      await call('pool.dataset.rename', 'tank/first', { new_name: 'tank/second', force: true });
      expect((await guidOf('tank/second')).rawvalue).not.toBe(guid);
    },
  );

  it('a snapshot that is taken again at once has another transaction group', async () => {
    await call('pool.dataset.create', { name: 'tank/again' });
    const seen = new Set<string>();
    for (let turn = 0; turn < 3; turn += 1) {
      await call(`${namespace}.create`, { dataset: 'tank/again', name: 'same' });
      seen.add(await txgOf('tank/again@same'));
      await call(`${namespace}.delete`, 'tank/again@same');
    }
    expect(seen.size).toBe(3);
  });

  it.runIf(hasGuids)('snapshots keep their guid when they or their dataset get another name', async () => {
    const guid = async (id: string): Promise<string> => {
      const extra = { properties: ['guid'] };
      const row = await call('pool.snapshot.query', [['id', '=', id]], { extra, get: true });
      return row.properties.guid.rawvalue;
    };
    await call('pool.dataset.create', { name: 'tank/moved' });
    await call('pool.snapshot.create', { dataset: 'tank/moved', name: 'old' });
    const before = await guid('tank/moved@old');
    await call('pool.snapshot.rename', 'tank/moved@old', { new_name: 'tank/moved@new', force: true });
    expect(await guid('tank/moved@new')).toBe(before);
    await call('pool.dataset.rename', 'tank/moved', { new_name: 'tank/there', force: true });
    expect(await guid('tank/there@new')).toBe(before);
  });

  it('an access list keeps the flags of the whole, which a 27.0 does not take', async () => {
    await call('pool.dataset.create', { name: 'tank/flagged', acltype: 'NFSV4', aclmode: 'PASSTHROUGH' });
    const path = '/mnt/tank/flagged';
    const { acl: dacl } = await call('filesystem.getacl', path, false);
    const change = { path, dacl, nfs41_flags: { protected: true } };
    await finishedJob(connection, await call('filesystem.setacl', change));
    const { aclflags } = await call('filesystem.getacl', path, false);
    expect(aclflags.protected).toBe(release !== '27.0');
  });
});

describe('a person of the simulated NAS', () => {
  const nas = withSimulator();

  it('signs in with the password that the simulator tells', async () => {
    const { username, password } = nas.simulator.person;
    const connection = await nas.connect({ isSignedIn: false });
    const person = { mechanism: 'PASSWORD_PLAIN', username, password };
    expect((await connection.call('auth.login_ex', [person])).response_type).toBe('SUCCESS');
  });
});
