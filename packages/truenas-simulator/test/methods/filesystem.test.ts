/** Directories: where datasets are mounted, what was made in them, and who may share or live there. */
import { afterAll, describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { returnsProblems } from '../support/contract.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

const SCANS = '/mnt/tank/documents';

describe.each(SIM_RELEASES)('filesystem.* on %s', (release) => {
  const nas = withSimulator({ release });

  async function connect(): Promise<RawConnection> {
    return nas.connect();
  }

  /** Calls, and holds the answer against the contract. */
  async function valid(connection: RawConnection, method: string, params: readonly unknown[]): Promise<Json> {
    const answer = await connection.call(method, params);
    const problems = returnsProblems(release, method, answer);
    expect([method, problems]).toEqual([method, []]);
    return answer;
  }

  it('pools, datasets and directories are found from /mnt downwards; zvols are not among them', async () => {
    const connection = await connect();
    const names = async (path: string): Promise<string[]> =>
      (await valid(connection, 'filesystem.listdir', [path])).map(({ name }: Json) => name);
    expect(await names('/mnt')).toEqual(['tank', 'backup', 'fast']);
    expect(await names('/mnt/fast')).toEqual(['vms', 'containers', 'databases', 'scratch']);
    expect(await names('/mnt/fast/vms')).toEqual([]);
    expect(await names('/mnt/tank/home/alice')).toEqual(['Documents', 'Pictures']);
    expect(await names('/mnt/tank/vault')).toEqual([]);
    expect(await names('/')).toContain('mnt');
    const [first] = await valid(connection, 'filesystem.listdir', [
      '/mnt/tank/documents/',
      [['is_mountpoint', '=', false]],
      { select: ['name', 'path'], order_by: ['-name'] },
    ]);
    expect(first).toEqual({ name: 'manuals', path: '/mnt/tank/documents/manuals' });
    expect(await valid(connection, 'filesystem.listdir', ['/mnt', [], { count: true }])).toBe(3);
    await expect(connection.call('filesystem.listdir', ['/mnt/nowhere'])).rejects.toMatchObject({
      code: -32001,
      data: { error: 2, reason: '[ENOENT] Directory /mnt/nowhere does not exist' },
    });
  });

  it('stat tells mount points, homes, directories and the places of locked datasets apart', async () => {
    const connection = await connect();
    const stat = async (path: string): Promise<Json> => valid(connection, 'filesystem.stat', [path]);
    expect(await stat('/mnt/tank/media/')).toMatchObject({
      realpath: '/mnt/tank/media',
      type: 'DIRECTORY',
      is_mountpoint: true,
      attributes: ['MOUNT_ROOT'],
      user: 'root',
      mode: 0o40_755,
    });
    expect(await stat('/mnt/tank/home/alice')).toMatchObject({
      user: 'alice',
      group: 'family',
      mode: 0o40_700,
    });
    expect(await stat('/mnt/tank/home/alice/Documents')).toMatchObject({
      is_mountpoint: false,
      attributes: [],
    });
    expect(await stat('/mnt/tank/vault')).toMatchObject({ is_mountpoint: false, attributes: ['IMMUTABLE'] });
    expect((await stat('/var/empty')).user).toBe('root');
    for (const [path, error, reason] of [
      ['/mnt/tank/nothing', 2, '[ENOENT] Path /mnt/tank/nothing not found'],
      ['/mnt/tank/vault/contracts', 2, '[ENOENT] Path /mnt/tank/vault/contracts not found'],
      ['tank/media', 22, '[EINVAL] tank/media: path must be absolute'],
      ['EXTERNAL', 18, '[EXDEV] EXTERNAL is external to TrueNAS'],
    ]) {
      await expect(connection.call('filesystem.stat', [path])).rejects.toMatchObject({
        code: -32001,
        data: { error, reason },
      });
    }
  });

  it('a directory that is made is there, and goes with its dataset', async () => {
    const connection = await connect();
    await connection.call('pool.dataset.create', [{ name: 'tank/fresh' }]);
    const made = await valid(connection, 'filesystem.mkdir', [
      { path: '/mnt/tank/fresh/a', options: { mode: '750' } },
    ]);
    expect(made).toMatchObject({
      name: 'a',
      realpath: '/mnt/tank/fresh/a',
      mode: 0o40_750,
      is_mountpoint: false,
    });
    await connection.call('filesystem.mkdir', [{ path: '/mnt/tank/fresh/a/b' }]);
    expect((await connection.call('filesystem.stat', ['/mnt/tank/fresh/a'])).nlink).toBe(3);
    expect(await valid(connection, 'filesystem.statfs', ['/mnt/tank/fresh/a/b'])).toMatchObject({
      source: 'tank/fresh',
      dest: '/mnt/tank/fresh',
    });
    await connection.call('pool.dataset.delete', ['tank/fresh']);
    await connection.call('pool.dataset.create', [{ name: 'tank/fresh' }]);
    expect(await connection.call('filesystem.listdir', ['/mnt/tank/fresh'])).toEqual([]);
    await connection.call('pool.dataset.delete', ['tank/fresh']);
  });

  it('what cannot be made is refused in the words of the NAS or of its operating system', async () => {
    const connection = await connect();
    for (const [path, error, reason] of [
      [SCANS, 17, `[EEXIST] ${SCANS}: path already exists.`],
      ['/etc/new', 1, '[EPERM] /etc/new: path not permitted'],
      ['mnt/tank/new', 22, '[EINVAL] mnt/tank/new: not an absolute path.'],
      [`${SCANS}/no/new`, 22, `[Errno 2] No such file or directory: '${SCANS}/no/new'`],
      ['/mnt/tank/vault/new', 22, "[Errno 1] Operation not permitted: '/mnt/tank/vault/new'"],
      ['/mnt/tank/iso/new', 22, "[Errno 30] Read-only file system: '/mnt/tank/iso/new'"],
    ]) {
      await expect(connection.call('filesystem.mkdir', [{ path }])).rejects.toMatchObject({
        code: -32001,
        data: { error, reason },
      });
    }
    await expect(
      connection.call('filesystem.mkdir', [{ path: `${SCANS}/new`, options: { mode: '999' } }]),
    ).rejects.toMatchObject({ code: -32602 });
  });

  it('an SMB share on a path that does not exist fails the call; one on a directory is made', async () => {
    const connection = await connect();
    const share = { name: 'letters', path: '/mnt/tank/documents/letters' };
    const missing = {
      code: -32001,
      data: { error: 2, reason: '[ENOENT] Path /mnt/tank/documents/letters not found' },
    };
    await expect(connection.call('sharing.smb.create', [share])).rejects.toMatchObject(missing);
    await connection.call('filesystem.mkdir', [{ path: share.path }]);
    const made = await connection.call('sharing.smb.create', [share]);
    await expect(
      connection.call('sharing.smb.update', [made.id, { path: '/mnt/tank/gone' }]),
    ).rejects.toMatchObject({ code: -32001, data: { error: 2 } });
    await connection.call('sharing.smb.delete', [made.id]);
  });

  it('an NFS export may name a path that is still to come', async () => {
    const connection = await connect();
    const made = await connection.call('sharing.nfs.create', [{ path: '/mnt/tank/media/later' }]);
    await connection.call('sharing.nfs.delete', [made.id]);
    expect(made.path).toBe('/mnt/tank/media/later');
  });

  it('a home is made below the given directory, or must be there', async () => {
    const connection = await connect();
    const person = { username: 'erin', full_name: 'Erin', group_create: true, password: 'correct horse' };
    await expect(
      connection.call('user.create', [{ ...person, home: '/mnt/tank/homes/erin' }]),
    ).rejects.toMatchObject({
      code: -32602,
      data: {
        extra: [
          [
            'user_create.home',
            '/mnt/tank/homes/erin: path specified to use as home directory does not exist.',
            22,
          ],
          [
            'user_create.home',
            '/mnt/tank/homes: parent path of specified home directory does not exist.',
            22,
          ],
        ],
      },
    });
    const erin = await connection.call('user.create', [
      { ...person, home: '/mnt/tank/home', home_create: true, home_mode: '711' },
    ]);
    expect(erin.home).toBe('/mnt/tank/home/erin');
    expect(await connection.call('filesystem.stat', [erin.home])).toMatchObject({
      user: 'erin',
      group: 'erin',
      mode: 0o40_711,
    });
    await connection.call('user.delete', [erin.id]);
  });

  describe('for one who may only read attributes', () => {
    const confined = withSimulator({ release, roles: ['FILESYSTEM_ATTRS_READ'] });
    const open: RawConnection[] = [];
    afterAll(() => {
      for (const connection of open) connection.close();
    });

    it('looking is allowed, making is not', async () => {
      const connection = await confined.connect();
      open.push(connection);
      expect((await connection.call('filesystem.stat', ['/mnt/tank'])).type).toBe('DIRECTORY');
      await expect(connection.call('filesystem.mkdir', [{ path: '/mnt/tank/new' }])).rejects.toMatchObject({
        code: -32001,
        data: { error: 13 },
      });
    });
  });
});
