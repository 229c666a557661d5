/** Owners and access lists of directories: what is set is what is answered, and what would shut people out is refused. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { returnsProblems } from '../support/contract.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe.each(SIM_RELEASES)('access lists on %s', (release) => {
  const nas = withSimulator({ release });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
    await connection.call('pool.dataset.create', [
      { name: 'tank/windows', acltype: 'NFSV4', aclmode: 'RESTRICTED' },
    ]);
    await connection.call('filesystem.mkdir', [{ path: '/mnt/tank/windows/inner' }]);
  });

  async function acl(path: string, ...more: readonly boolean[]): Promise<Json> {
    const answer = await connection.call('filesystem.getacl', [path, ...more]);
    expect(returnsProblems(release, 'filesystem.getacl', answer)).toEqual([]);
    return answer;
  }
  async function change(method: string, data: Json): Promise<Json> {
    const id = await connection.call(`filesystem.${method}`, [data]);
    const job = (): Promise<Json> => connection.call('core.get_jobs', [[['id', '=', id]], { get: true }]);
    await expect.poll(async () => ['SUCCESS', 'FAILED'].includes((await job()).state)).toBe(true);
    return job();
  }
  const complaint = async (method: string, data: Json): Promise<string> =>
    (await change(method, data)).error ?? '';

  it('of a plain directory say what its mode says', async () => {
    const plain = await acl('/mnt/tank/projects');
    expect(plain).toMatchObject({ acltype: 'POSIX1E', trivial: true, uid: 0, gid: 0, user: null });
    expect(plain.acl.map(({ tag, perms }: Json) => [tag, perms.WRITE])).toEqual([
      ['USER_OBJ', true],
      ['GROUP_OBJ', false],
      ['OTHER', false],
    ]);
  });

  it('name people where names are asked for', async () => {
    const named = await acl('/mnt/tank/documents', true, true);
    expect(named).toMatchObject({ user: 'root', group: 'family', trivial: false });
    expect(named.acl.find(({ tag }: Json) => tag === 'USER')).toMatchObject({ id: 3002, who: 'backup' });
    expect((await connection.call('filesystem.stat', ['/mnt/tank/documents'])).acl).toBe(true);
  });

  it('of the Windows kind come in short or in full, and are set for what lies below', async () => {
    expect(await acl('/mnt/tank/windows')).toMatchObject({ acltype: 'NFS4', trivial: true });
    const basic = (who: Json, perms: string): Json => ({
      ...{ ...who, type: 'ALLOW', perms: { BASIC: perms }, flags: { BASIC: 'INHERIT' } },
    });
    const dacl = [
      basic({ tag: 'owner@' }, 'FULL_CONTROL'),
      basic({ tag: 'group@' }, 'MODIFY'),
      basic({ tag: 'USER', who: 'alice' }, 'READ'),
    ];
    const done = await change('setacl', {
      path: '/mnt/tank/windows',
      dacl,
      gid: 3000,
      options: { recursive: true },
    });
    expect(done.error).toBeNull();
    for (const path of ['/mnt/tank/windows', '/mnt/tank/windows/inner']) {
      const short = await acl(path);
      expect(short).toMatchObject({ gid: 3000, trivial: false });
      expect(short.acl.map(({ id, perms }: Json) => [id, perms.BASIC])).toEqual([
        [-1, 'FULL_CONTROL'],
        [-1, 'MODIFY'],
        [3000, 'READ'],
      ]);
    }
    const [, , full] = (await acl('/mnt/tank/windows', false)).acl;
    expect(full.perms).toMatchObject({ READ_DATA: true, WRITE_DATA: false });
    expect(full.flags).toMatchObject({ FILE_INHERIT: true, INHERITED: false });
    expect((await connection.call('filesystem.stat', ['/mnt/tank/windows'])).mode & 0o777).toBe(0o770);
  });

  it('are replaced by a mode, before 27.0 only when that is asked for', async () => {
    const data = { path: '/mnt/tank/documents', mode: '750', user: 'alice' };
    const refused = await complaint('setperm', data);
    expect(refused.includes('stripacl')).toBe(release !== '27.0');
    await change('setperm', { ...data, options: { stripacl: true } });
    expect(await acl('/mnt/tank/documents')).toMatchObject({ trivial: true, uid: 3000 });
  });

  it('need the entries that every list has, of the kind the dataset keeps', async () => {
    const posix = (tag: string): Json => ({
      ...{ tag, default: false, id: -1, perms: { READ: true, WRITE: true, EXECUTE: true } },
    });
    const path = '/mnt/tank/projects/apollo';
    expect(await complaint('setacl', { path, dacl: [posix('USER_OBJ'), posix('OTHER')] })).toContain(
      'GROUP_OBJ',
    );
    const named = [posix('USER_OBJ'), posix('GROUP_OBJ'), posix('OTHER'), { ...posix('USER'), id: 3000 }];
    expect(await complaint('setacl', { path, dacl: named })).toContain('MASK');
    expect(await complaint('setacl', { path: '/mnt/tank/windows', dacl: named })).toContain('NFS4');
  });

  it('stay out of pools, locked and read-only datasets, and of people who do not exist', async () => {
    expect(await complaint('chown', { path: '/mnt/tank', uid: 3000 })).toContain('pool mountpoint');
    expect(await complaint('chown', { path: '/mnt/tank/vault', uid: 3000 })).toContain('locked');
    expect(await complaint('chown', { path: '/mnt/tank/iso', uid: 3000 })).toContain('read-only');
    expect(await complaint('chown', { path: '/mnt/tank/media', user: 'nobody-here' })).toContain(
      'does not exist',
    );
    expect(await complaint('chown', { path: '/etc', uid: 3000 })).toContain('not permitted');
  });

  it('change owners below a path, across datasets only when that is asked for', async () => {
    const uidOf = async (path: string): Promise<number> => (await acl(path)).uid;
    const data = { path: '/mnt/tank/projects', user: 'alice', options: { recursive: true } };
    await change('chown', data);
    expect([await uidOf('/mnt/tank/projects'), await uidOf('/mnt/tank/projects/apollo')]).toEqual([3000, 0]);
    await change('chown', { ...data, options: { recursive: true, traverse: true } });
    expect(await uidOf('/mnt/tank/projects/apollo/src')).toBe(3000);
  });
});
