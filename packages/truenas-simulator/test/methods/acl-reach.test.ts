/** Access lists are enforced: whoever a list names must be able to get there. */
import { describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { finishedJob } from '../support/jobs.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

const ALICE = 3000;

describe.each(SIM_RELEASES)('an access list on %s', (release) => {
  const nas = withSimulator({ release });

  async function job(connection: RawConnection, method: string, data: Json): Promise<Json> {
    return finishedJob(connection, await connection.call(method, [data]));
  }
  const entry = (
    tag: string,
    id: number | null,
    perms: Json = { READ: true, WRITE: true, EXECUTE: true },
  ): Json => ({
    ...{ tag, id, perms, default: false },
  });
  const dacl = [
    ...[entry('USER_OBJ', null), entry('USER', ALICE), entry('GROUP_OBJ', null)],
    ...[entry('MASK', null), entry('OTHER', null, { READ: false, WRITE: false, EXECUTE: false })],
  ];

  it('that names somebody who cannot pass a directory above is refused, unless nobody is to look', async () => {
    const connection = await nas.connect();
    await connection.call('pool.dataset.create', [{ name: 'tank/closed' }]);
    await connection.call('pool.dataset.create', [{ name: 'tank/closed/inner' }]);
    await job(connection, 'filesystem.setperm', { path: '/mnt/tank/closed', mode: '700' });
    const change = { path: '/mnt/tank/closed/inner', dacl };
    const refused = await job(connection, 'filesystem.setacl', change);
    expect(refused).toMatchObject({ state: 'FAILED', exc_info: { errno: 1 } });
    expect(refused.error).toContain(
      'Filesystem permissions on path /mnt/tank/closed prevent access for user "alice" to the path /mnt/tank/closed/inner.',
    );
    const before = await connection.call('filesystem.getacl', ['/mnt/tank/closed/inner']);
    expect(before.trivial).toBe(true);

    const blind = { ...change, options: { validate_effective_acl: false } };
    expect(await job(connection, 'filesystem.setacl', blind)).toMatchObject({ state: 'SUCCESS' });
    await job(connection, 'filesystem.setperm', { path: '/mnt/tank/closed', mode: '711' });
    expect(await job(connection, 'filesystem.setacl', change)).toMatchObject({ state: 'SUCCESS' });
  });
});

describe('filesystem.can_access_as_user of 25.04', () => {
  const nas = withSimulator({ release: '25.04' });

  it.each([
    ['alice', '/mnt/tank/documents', { write: true }, true],
    ['alice', '/mnt/tank/documents', { write: false }, false],
    ['bob', '/mnt/tank/home/alice', { read: true }, false],
    ['root', '/mnt/tank/home/alice', { read: true, write: true }, true],
    ['bob', '/mnt/tank/media', { read: true, write: true }, false],
    ['bob', '/mnt/tank/nowhere', { read: true }, false],
  ])('%s in %s: %o is %s', async (username, path, permissions, expected) => {
    const connection = await nas.connect();
    expect(await connection.call('filesystem.can_access_as_user', [username, path, permissions])).toBe(
      expected,
    );
  });
});
