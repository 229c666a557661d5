/** The audit log grows with what is done on the NAS, and says who did it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { returnsProblems } from '../support/contract.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe.each(SIM_RELEASES)('the audit log of %s', (release) => {
  const nas = withSimulator({ release });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  async function entries(filters: readonly unknown[], services = ['MIDDLEWARE']): Promise<Json[]> {
    const query = { services, 'query-filters': filters, 'query-options': { limit: 1000 } };
    const rows = await connection.call('audit.query', [query]);
    expect(returnsProblems(release, 'audit.query', rows)).toEqual([]);
    return rows;
  }
  const callsOf = (method: string): Promise<Json[]> =>
    entries([
      ['event', '=', 'METHOD_CALL'],
      ['event_data.method', '=', method],
    ]);
  async function refused(data: Json): Promise<void> {
    const other = await nas.connect({ isSignedIn: false });
    expect((await other.call('auth.login_ex', [data])).response_type).toBe('AUTH_ERR');
    other.close();
  }

  it('names who signed in, from where, and how the session ended', async () => {
    const other = await nas.connect();
    other.close();
    const isOver = async (): Promise<number> => (await entries([['event', '=', 'LOGOUT']])).length;
    const before = await isOver();
    const next = await nas.connect();
    const [latest] = (await entries([['event', '=', 'AUTHENTICATION']])).toReversed();
    expect(latest).toMatchObject({
      username: nas.simulator.username,
      success: true,
      event_data: { error: null, credentials: { credentials: 'API_KEY' } },
    });
    expect(latest.address).toMatch(/^(::ffff:)?127\.0\.0\.1$/);
    next.close();
    await expect.poll(isOver).toBeGreaterThan(before);
  });

  it('has attempts with a wrong secret, without the secret', async () => {
    await refused({ mechanism: 'PASSWORD_PLAIN', username: 'alice', password: 'a-wrong-guess' });
    await refused({ mechanism: 'API_KEY_PLAIN', username: 'alice', api_key: `1-${'x'.repeat(64)}` });
    const failed = (await entries([['success', '=', false]])).slice(-2);
    expect(failed.map(({ username }) => username)).toEqual(['.UNAUTHENTICATED', '.UNAUTHENTICATED']);
    expect(failed.map(({ event_data: data }) => data.credentials.credentials_data.username)).toEqual([
      'alice',
      'alice',
    ]);
    expect(JSON.stringify(failed)).not.toMatch(/a-wrong-guess|xxxx/);
  });

  it('has what was changed, by name, and secrets as stars', async () => {
    const data = { username: 'dora', full_name: 'Dora', group_create: true, password: 'new-person-1' };
    const user = await connection.call('user.create', [data]);
    const id = typeof user === 'number' ? user : user.id;
    await connection.call('user.update', [id, { full_name: 'Dora D.' }]);
    const [created] = await callsOf('user.create');
    expect(created).toMatchObject({
      success: true,
      event_data: { description: 'Create user dora', authenticated: true, authorized: true },
    });
    expect(created.event_data.params[0].password).toBe('********');
    expect((await callsOf('user.update')).at(-1).event_data.description).toBe('Update user dora');
  });

  it('has calls that failed, and none of calls that only read', async () => {
    await expect(connection.call('user.delete', [9999])).rejects.toMatchObject({ code: -32602 });
    expect((await callsOf('user.delete')).map(({ success }) => success)).toEqual([false]);
    await connection.call('user.query');
    expect(await callsOf('user.query')).toEqual([]);
  });

  it('has a job once it has ended, with how it ended', async () => {
    const id = await connection.call('app.stop', ['jellyfin']);
    expect(await callsOf('app.stop')).toEqual([]);
    await connection.frame(() => true);
    await expect.poll(async () => (await callsOf('app.stop')).length).toBe(1);
    const [stopped] = await callsOf('app.stop');
    expect(stopped).toMatchObject({ success: true, event_data: { description: 'App: Stopping jellyfin' } });
    expect((await connection.call('core.get_jobs', [[['id', '=', id]], { get: true }])).state).toBe(
      'SUCCESS',
    );
  });

  it('forgets what is older than its retention', async () => {
    const days = async (): Promise<number> => {
      const rows = await entries([]);
      const times = rows.map(({ message_timestamp: seconds }) => seconds as number);
      return (Math.max(...times) - Math.min(...times)) / 86_400;
    };
    expect(await days()).toBeGreaterThan(5);
    const kept = await connection.call('audit.update', [{ retention: 2 }]);
    expect(kept.retention).toBe(2);
    expect(await days()).toBeLessThanOrEqual(2);
    expect(await connection.call('audit.config')).toMatchObject({ retention: 2 });
  });

  it('keeps what sudo did in a database of its own', async () => {
    const [row] = await entries([], ['SUDO']);
    expect(row).toMatchObject({ service: 'SUDO', event: 'ACCEPT', username: 'truenas_admin' });
  });

  it('says whose shares are audited', async () => {
    const [share] = await connection.call('sharing.smb.query', [[['name', '=', 'documents']]]);
    const audit = { enable: true, watch_list: [], ignore_list: [] };
    await connection.call('sharing.smb.update', [share.id, { audit }]);
    expect((await connection.call('audit.config')).enabled_services.SMB).toEqual(['documents']);
    expect((await callsOf('sharing.smb.update')).at(-1).event_data.description).toBe(
      'SMB share update documents',
    );
  });

  it.skipIf(release === '25.04')('asks for a limit, for one service, and for columns there are', async () => {
    const refusal = async (query: Json): Promise<string> =>
      connection.call('audit.query', [query]).then(
        () => 'answered',
        ({ data }: { data: Json }) => data.reason,
      );
    expect(await refusal({})).toContain('contain a limit');
    const limit = { 'query-options': { limit: 5 } };
    expect(await refusal({ ...limit, services: ['MIDDLEWARE', 'SUDO'] })).toContain(
      'more than one audit database',
    );
    expect(await refusal({ ...limit, 'query-filters': [['nonsense', '=', 1]] })).toContain('nonsense');
    expect(await refusal({ 'query-options': { limit: 5, select: ['nonsense'] } })).toContain(
      'does not exist',
    );
  });
});

describe('who lacks a role', () => {
  const nas = withSimulator({ roles: ['SHARING_SMB_READ'] });
  const administrator = {
    mechanism: 'PASSWORD_PLAIN',
    username: 'truenas_admin',
    password: 'simulated-password',
  };

  it('may not read the log, and is in it for what was refused', async () => {
    const connection = await nas.connect();
    const query = { 'query-options': { limit: 100 } };
    await expect(connection.call('audit.query', [query])).rejects.toMatchObject({ data: { error: 13 } });
    await expect(connection.call('sharing.smb.delete', [1])).rejects.toMatchObject({ data: { error: 13 } });
    const other = await nas.connect({ isSignedIn: false });
    await other.call('auth.login_ex', [administrator]);
    const rows: Json[] = await other.call('audit.query', [query]);
    const refused = rows.filter(({ event_data: data }) => data.authorized === false);
    expect(refused).toMatchObject([
      { username: 'mcp', success: false, event_data: { method: 'sharing.smb.delete', authenticated: true } },
    ]);
  });
});

describe('a reboot', () => {
  const nas = withSimulator({ delayScale: 0.01 });

  it('is in the log with its reason, and the log outlives it', async () => {
    const before = await nas.connect();
    await before.call('system.reboot', ['new kernel']);
    await before.closed;
    let after: RawConnection | undefined;
    await expect
      .poll(async () => {
        after = await nas.connect().catch(() => undefined);
        return after !== undefined;
      })
      .toBe(true);
    const query = { 'query-filters': [['event', '=', 'REBOOT']], 'query-options': { limit: 5 } };
    expect(await after?.call('audit.query', [query])).toMatchObject([
      { username: nas.simulator.username, event_data: { reason: 'new kernel' } },
    ]);
  });
});
