/** The paths of older API versions know what those versions knew, as the middleware decides it. */
import { describe, expect, it } from 'vitest';
import { type Json, withSimulator } from '../support/simulator.ts';

const nas = withSimulator({ release: '27.0' });
const old = withSimulator({ release: '25.04' });

const missing = (service: string, method: string): Json => ({
  code: -32001,
  data: { error: 201, reason: `[ENOMETHOD] Method '${method}' not found in '${service}'` },
});

describe('on 27.0', () => {
  it.each([
    ['/api/v25.10.0', 'zpool.scrub', 'run', [{ pool_name: 'tank' }]],
    ['/api/v25.04.2', 'zfs.resource', 'query', []],
    // 25.04 had it, but described it in the older style, which nothing converts.
    ['/api/v25.04.2', 'sharing.smb', 'create', [{ name: 'a', path: '/mnt/tank/media', ro: true }]],
    ['/api/v25.04.2', 'system', 'info', []],
  ])('%s has no %s.%s', async (path, service, method, params) => {
    const connection = await nas.connect({ path });
    await expect(connection.call(`${service}.${method}`, params)).rejects.toMatchObject(
      missing(service, method),
    );
  });

  it('what the version described in the style of today is there, and a name nobody knows is no method', async () => {
    const connection = await nas.connect({ path: '/api/v25.04.2' });
    expect((await connection.call('auth.me')).pw_name).toBe('truenas_admin');
    expect((await connection.call('user.query')).length).toBeGreaterThan(0);
    await expect(connection.call('no.such')).rejects.toMatchObject({ code: -32601 });
  });
});

it('a release takes its own older style at its own path', async () => {
  const connection = await old.connect({ path: '/api/v25.04.2' });
  expect((await connection.call('system.info')).hostname).toBe('nas');
});
