/** Who may do what on the older releases: keys by their lists, users by their roles, and how often one may ask. */
import { describe, expect, it } from 'vitest';
import { connectLegacy } from '../support/legacy.ts';
import { withSimulator } from '../support/simulator.ts';

describe('a key of 24.10', () => {
  const nas = withSimulator({
    release: '24.10',
    allowlist: [
      { method: 'CALL', resource: 'pool.query' },
      { method: 'CALL', resource: 'cronjob.*' },
      { method: 'SUBSCRIBE', resource: 'alert.list' },
    ],
  });

  it('may call what its list has, and nothing that is open to every user', async () => {
    const connection = await connectLegacy(nas.simulator);
    expect(await connection.call('pool.query', [[], { count: true }])).toBe(3);
    expect(await connection.call('cronjob.query', [[], { count: true }])).toBeGreaterThan(0);
    for (const method of ['core.ping', 'system.version', 'pool.dataset.query', 'auth.logout']) {
      await expect(connection.call(method)).rejects.toMatchObject({
        error: { error: 13, errname: 'EACCES', reason: 'Not authorized', trace: null },
      });
    }
  });

  it('hears what its list lets it hear', async () => {
    const connection = await connectLegacy(nas.simulator);
    connection.send('{"msg":"sub","id":"a","name":"alert.list"}');
    connection.send('{"msg":"sub","id":"b","name":"core.get_jobs"}');
    expect(await connection.frame(({ subs }) => subs?.[0] === 'a')).toEqual({ msg: 'ready', subs: ['a'] });
    expect(await connection.frame(({ id }) => id === 'b')).toMatchObject({ error: { error: 13 } });
  });

  it('is told of only what it may call', async () => {
    const connection = await connectLegacy(nas.simulator);
    const methods = Object.keys(await connection.call('core.get_methods'));
    expect(methods).toContain('pool.query');
    expect(methods).not.toContain('pool.dataset.query');
  });
});

describe('a key of CORE', () => {
  const nas = withSimulator({ release: 'core-13.3' });

  it('is root: it may do all, and nothing is hidden from it', async () => {
    const connection = await connectLegacy(nas.simulator);
    const [credential] = await connection.call('cloudsync.credentials.query');
    expect(JSON.stringify(credential)).not.toContain('********');
    expect(await connection.call('datastore.query', ['tasks.cronjob', [], { count: true }])).toBeGreaterThan(
      0,
    );
  });

  it('does not count how often somebody signs in', async () => {
    const connection = await connectLegacy(nas.simulator, { isSignedIn: false });
    for (let attempt = 0; attempt < 30; attempt++) {
      expect(await connection.call('auth.login_with_api_key', ['1-wrong'])).toBe(false);
    }
  });
});

describe('24.10', () => {
  const nas = withSimulator({ release: '24.10' });

  it('refuses the 21st sign-in of a minute, right or wrong, on any connection', async () => {
    const { simulator } = nas;
    const connection = await connectLegacy(simulator);
    for (let attempt = 1; attempt < 20; attempt++) {
      expect(await connection.call('auth.login_with_api_key', [simulator.apiKey])).toBe(true);
    }
    await expect(connection.call('auth.login_with_api_key', [simulator.apiKey])).rejects.toMatchObject({
      error: { error: 16, errname: 'EBUSY', reason: 'Rate Limit Exceeded', trace: null },
    });
  });

  it('hides secrets from a reading user, and none from a key', async () => {
    const admin = await connectLegacy(nas.simulator);
    const [shown] = await admin.call('certificate.query');
    expect(shown.privatekey).toMatch(/PRIVATE KEY/);
    const gid = (
      await admin.call('group.query', [
        [['id', '=', await admin.call('group.create', [{ name: 'readers' }])]],
        { get: true },
      ])
    ).gid;
    await admin.call('privilege.create', [
      { name: 'readers', local_groups: [gid], roles: ['READONLY_ADMIN'], web_shell: false },
    ]);
    const [group] = await admin.call('group.query', [[['gid', '=', gid]]]);
    const { password } = nas.simulator.person;
    await admin.call('user.create', [{ username: 'reader', full_name: 'reader', group: group.id, password }]);
    const reader = await connectLegacy(nas.simulator, { isSignedIn: false });
    expect(await reader.call('auth.login', ['reader', password])).toBe(true);
    const [hidden] = await reader.call('certificate.query');
    expect(hidden.privatekey).toBe('********');
    await expect(reader.call('api_key.create', [{ name: 'mine', allowlist: [] }])).rejects.toMatchObject({
      error: { error: 13, reason: 'Not authorized' },
    });
  });
});
