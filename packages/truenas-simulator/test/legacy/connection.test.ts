/** The older protocol at `/websocket`: who speaks it, how a client gets in, and what newer releases serve there. */
import { get } from 'node:https';
import { describe, expect, it } from 'vitest';
import { LEGACY_RELEASES, SIM_RELEASES } from '../../src/index.ts';
import { connectLegacy, type LegacyFailure } from '../support/legacy.ts';
import { type TestSimulator, withSimulator } from '../support/simulator.ts';

describe.each(LEGACY_RELEASES)('a TrueNAS %s', (release) => {
  const nas = withSimulator({ release });
  const isCore = release.startsWith('core');

  it('says failed to what comes before connect', async () => {
    const connection = await connectLegacy(nas.simulator, { isConnected: false });
    connection.send('{"msg":"ping","id":"p"}');
    expect(await connection.frame(() => true)).toEqual({ msg: 'failed', version: '1' });
  });

  it('answers a ping without a sign-in', async () => {
    const connection = await connectLegacy(nas.simulator, { isSignedIn: false });
    connection.send('{"msg":"ping","id":"p"}');
    expect(await connection.frame(({ msg }) => msg === 'pong')).toEqual({ msg: 'pong', id: 'p' });
  });

  it('tells its product to whom it may', async () => {
    const anonymous = await connectLegacy(nas.simulator, { isSignedIn: false });
    const told = await anonymous
      .call('system.product_type')
      .catch(({ error }: LegacyFailure) => [error.error, error.errname]);
    expect(told).toEqual(isCore ? 'CORE' : [207, 'ENOTAUTHENTICATED']);
  });

  it('signs in by key and by password, and answers false to what is wrong', async () => {
    const { simulator } = nas;
    const connection = await connectLegacy(simulator, { isSignedIn: false });
    const { username, password } = simulator.person;
    expect(await connection.call('auth.login_with_api_key', ['1-wrong'])).toBe(false);
    expect(await connection.call('auth.login', [username, 'wrong'])).toBe(false);
    expect(await connection.call('auth.login', [username, password])).toBe(true);
    expect(await connection.call('auth.login_with_api_key', [simulator.apiKey])).toBe(true);
  });

  it('sends whoever looks for the newer API to the web interface', async () => {
    expect(await locationOf(nas, '/api/versions')).toMatch(/\/ui\/$/);
    expect(await locationOf(nas, '/api/current')).toMatch(/\/ui\/$/);
    await expect(nas.connect({ isSignedIn: false })).rejects.toThrow('302');
  });

  it('answers calls of its own namespaces', async () => {
    const connection = await connectLegacy(nas.simulator);
    const pools = await connection.call('pool.query', [[['name', '=', 'tank']], { get: true }]);
    expect('size' in pools).toBe(!isCore);
    expect(await connection.call('system.version')).toMatch(isCore ? /^TrueNAS-13/ : /^TrueNAS-SCALE-24.10/);
  });
});

describe.each(SIM_RELEASES)('a TrueNAS %s', (release) => {
  const nas = withSimulator({ release });

  it('still speaks the older protocol at /websocket', async () => {
    const connection = await connectLegacy(nas.simulator);
    expect(await connection.call('core.ping')).toBe('pong');
    expect(await failureOf(connection.call('nosuch.thing'))).toMatchObject({
      error: 201,
      errname: 'ENOMETHOD',
      reason: "[ENOMETHOD] Service 'nosuch' not found",
    });
    expect(await failureOf(connection.call('pool.get_instance', [4711]))).toMatchObject({
      type: 'VALIDATION',
    });
  });

  it('asks for a sign-in there with a number of its own', async () => {
    const connection = await connectLegacy(nas.simulator, { isSignedIn: false });
    expect(await failureOf(connection.call('pool.query'))).toMatchObject({
      error: 207,
      errname: 'ENOTAUTHENTICATED',
      reason: 'Not authenticated',
      trace: null,
    });
  });
});

/** The error that a call fails with. */
async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'no failure',
    (failure: LegacyFailure) => failure.error,
  );
}

/** Where a GET is sent to. */
function locationOf({ simulator }: TestSimulator, path: string): Promise<string | undefined> {
  const url = `${simulator.url.replace('wss:', 'https:')}${path}`;
  return new Promise((resolve, reject) => {
    get(url, { ca: simulator.certificatePem, checkServerIdentity: () => undefined }, (response) => {
      response.resume();
      resolve(response.headers.location);
    }).on('error', reject);
  });
}
