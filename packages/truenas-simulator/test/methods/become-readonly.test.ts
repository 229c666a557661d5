/** `privilege.become_readonly`: a session gives its rights up, and what it still can do. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

const REFUSED = { code: -32001, data: { error: 13, reason: '[EACCES] Not authorized' } };

describe('a session that becomes read-only on 27.0', () => {
  const nas = withSimulator({ release: '27.0' });
  let connection: RawConnection;

  beforeEach(async () => {
    connection = await nas.connect();
  });

  const narrow = async (): Promise<void> => {
    expect(await connection.call('privilege.become_readonly')).toBeNull();
  };
  const rolesOf = async (on: RawConnection): Promise<string[]> =>
    (await on.call('auth.me')).privilege.roles.$set;
  const signInAgain = (): Promise<Json> =>
    connection.call('auth.login_ex', [
      { mechanism: 'API_KEY_PLAIN', username: nas.simulator.username, api_key: nas.simulator.apiKey },
    ]);

  it('keeps the reading roles only, while other sessions of the user keep theirs', async () => {
    const other = await nas.connect();
    expect(await rolesOf(connection)).toContain('FULL_ADMIN');
    await narrow();
    const roles = await rolesOf(connection);
    expect(roles).toContain('READONLY_ADMIN');
    expect(roles.filter((role) => role === 'FULL_ADMIN' || role.endsWith('_WRITE'))).toEqual([]);
    expect(await rolesOf(other)).toContain('FULL_ADMIN');
  });

  it('is refused writes, and offered fewer methods', async () => {
    const before = await connection.call('core.get_methods');
    await narrow();
    const after = await connection.call('core.get_methods');
    expect(before).toHaveProperty(['pool.dataset.create']);
    expect(after).not.toHaveProperty(['pool.dataset.create']);
    expect(after).toHaveProperty(['pool.dataset.query']);
    const dataset = { name: 'tank/never' };
    await expect(connection.call('pool.dataset.create', [dataset])).rejects.toMatchObject(REFUSED);
    await expect(connection.call('service.control', ['STOP', 'ssh'])).rejects.toMatchObject(REFUSED);
    expect(await connection.call('pool.dataset.query', [[['id', '=', 'tank/never']]])).toEqual([]);
  });

  it('sees secrets no longer', async () => {
    const salts = async (): Promise<string[]> =>
      (await connection.call('api_key.query')).map(({ salt }: { salt: string }) => salt);
    expect(await salts()).not.toContain('********');
    await narrow();
    expect(new Set(await salts())).toEqual(new Set(['********']));
  });

  it('has all its rights back once it signs in again', async () => {
    await narrow();
    expect((await signInAgain()).response_type).toBe('SUCCESS');
    expect(await rolesOf(connection)).toContain('FULL_ADMIN');
    expect(await connection.call('service.update', ['ftp', { enable: false }])).toBeTruthy();
  });

  it('hands its lesser rights on to those who sign in by its token', async () => {
    await narrow();
    const token = await connection.call('auth.generate_token', []);
    const other = await nas.connect({ isSignedIn: false });
    expect(await other.call('auth.login_with_token', [token])).toBe(true);
    expect(await rolesOf(other)).not.toContain('FULL_ADMIN');
  });

  it('sees its own jobs, replications and cloud syncs, and hears of no others', async () => {
    const other = await nas.connect({ isSignedIn: false });
    const person = { mechanism: 'PASSWORD_PLAIN', username: 'truenas_admin', password: 'simulated-password' };
    await other.call('auth.login_ex', [person]);
    const all: Json[] = await connection.call('core.get_jobs');
    await narrow();
    const seen: Json[] = await connection.call('core.get_jobs');
    expect(seen.length).toBeLessThan(all.length);
    const foreign = seen.filter(({ credentials }) => credentials?.data.username !== nas.simulator.username);
    expect(new Set(foreign.map(({ method }) => method))).toEqual(
      new Set(['replication.run', 'cloudsync.sync']),
    );
    expect(foreign.map(({ state }) => state)).toContain('FAILED');
    const hidden = all.find(({ id }) => !seen.some((job) => job.id === id));
    await expect(connection.call('core.job_abort', [hidden.id])).rejects.toMatchObject({
      data: { errname: 'EPERM' },
    });
  });

  describe('can still', () => {
    beforeEach(narrow);

    it('make itself an API key that has all the rights of its user, but none for others', async () => {
      const data = { name: 'way back', username: nas.simulator.username };
      const { id, key } = await connection.call('api_key.create', [data]);
      const other = await nas.connect({ isSignedIn: false });
      await other.call('auth.login_ex', [
        { mechanism: 'API_KEY_PLAIN', username: nas.simulator.username, api_key: key },
      ]);
      expect(await rolesOf(other)).toContain('FULL_ADMIN');
      await expect(
        connection.call('api_key.create', [{ name: 'foreign', username: 'alice' }]),
      ).rejects.toMatchObject({ data: { error: 13 } });
      expect(await connection.call('api_key.delete', [id])).toBe(true);
    });

    it('set its own password, knowing the old one', async () => {
      const change = { username: nas.simulator.username, new_password: 'simulated-password' };
      await expect(connection.call('user.set_password', [change])).rejects.toMatchObject({ code: -32602 });
      const known = { ...change, old_password: 'simulated-password' };
      expect(await connection.call('user.set_password', [known])).toBeNull();
    });

    it('keep a preference, and call in bulk what it may call anyway', async () => {
      expect(await connection.call('auth.set_attribute', ['theme', 'dark'])).toBeNull();
      const outcome = async (method: string, params: unknown[][]): Promise<Json> => {
        const id = await connection.call('core.bulk', [method, params]);
        const done = (job: Json): boolean => ['SUCCESS', 'FAILED'].includes(job.state);
        const read = (): Promise<Json> =>
          connection.call('core.get_jobs', [[['id', '=', id]], { get: true }]);
        await expect.poll(async () => done(await read())).toBe(true);
        return read();
      };
      expect((await outcome('pool.query', [[[['name', '=', 'tank']]]])).state).toBe('SUCCESS');
      expect((await outcome('service.update', [['ftp', { enable: true }]])).error).toContain('EPERM');
    });
  });
});

describe('job events of a session that becomes read-only', () => {
  const nas = withSimulator({ release: '27.0', roles: ['SHARING_ADMIN'] });

  it('tell of its own jobs and not of those of an administrator', async () => {
    const watcher = await nas.connect();
    await watcher.call('privilege.become_readonly');
    await watcher.call('core.subscribe', ['core.get_jobs']);
    const administrator = await nas.connect({ isSignedIn: false });
    const person = { mechanism: 'PASSWORD_PLAIN', username: 'truenas_admin', password: 'simulated-password' };
    await administrator.call('auth.login_ex', [person]);
    await administrator.call('core.bulk', ['pool.query', [[]], 'foreign']);
    await watcher.call('core.bulk', ['pool.query', [[]], 'own']);
    await watcher.frame(({ params }) => taskOf(params) === 'own' && params.fields.state === 'SUCCESS');
    const told = watcher.events.map(({ params }) => taskOf(params)).filter((task) => task !== undefined);
    expect(new Set(told)).toEqual(new Set(['own']));
  });
});

describe.each(['25.04', '25.10'] as const)('on %s', (release) => {
  const nas = withSimulator({ release });

  it('there is no such method', async () => {
    const connection = await nas.connect();
    await expect(connection.call('privilege.become_readonly')).rejects.toMatchObject({ code: -32601 });
  });
});

describe('a key of a narrow role', () => {
  const nas = withSimulator({ release: '27.0', roles: ['POOL_READ'] });

  it('may not become read-only, as that would give it more', async () => {
    const connection = await nas.connect();
    await expect(connection.call('privilege.become_readonly')).rejects.toMatchObject(REFUSED);
  });
});

/** What a bulk job says it does, once it does it: `0 / 1: own`. */
function taskOf(params: Json): string | undefined {
  return params?.fields?.progress?.description.split(': ')[1];
}
