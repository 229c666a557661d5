import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../src/index.ts';
import { hasIpv6Loopback } from '../support/ipv6.ts';
import { connectTo, type RawConnection, withSimulator } from '../support/simulator.ts';

/** Long enough for a busy machine to close a connection in. */
const DELAY_MS = 300;

const nas = withSimulator({ release: '25.10', hasFreshCertificate: true });
const new27 = withSimulator({ release: '27.0' });

async function groupNames(): Promise<string[]> {
  const connection = await nas.connect();
  const rows = await connection.call('group.query', [[], { select: ['name'] }]);
  connection.close();
  return rows.map((row: { name: string }) => row.name);
}

const failureOf = (call: Promise<unknown>): Promise<Error> =>
  call.then(
    () => new Error('it was answered'),
    (thrown: Error) => thrown,
  );

describe('faults of one call', () => {
  const create = (connection: RawConnection, name: string) => connection.call('group.create', [{ name }]);

  it('drop-before does not execute, drop-after does', async () => {
    const first = await nas.connect();
    nas.simulator.control.next('group.create', { kind: 'drop-before' });
    await expect(create(first, 'dropped-before')).rejects.toThrow('closed with 1006');
    const second = await nas.connect();
    nas.simulator.control.next('group.create', { kind: 'drop-after' });
    await expect(create(second, 'dropped-after')).rejects.toThrow('closed with 1006');
    const names = await groupNames();
    expect(names).toContain('dropped-after');
    expect(names).not.toContain('dropped-before');
  });

  it.each([1000, 1001, 1007, 1008, 1009, 1011])('close ends with %d and its reason', async (code) => {
    const connection = await nas.connect();
    nas.simulator.control.next('core.ping', { kind: 'close', code, reason: 'because' });
    await failureOf(connection.call('core.ping'));
    expect(await connection.closed).toEqual({ code, reason: 'because' });
  });

  it('malformed sends half a JSON text, the connection stays', async () => {
    const connection = await nas.connect();
    nas.simulator.control.next('core.ping', { kind: 'malformed' });
    void failureOf(connection.call('core.ping'));
    expect(await connection.frame((frame) => typeof frame === 'string')).toContain('"result":{"na');
    expect(await connection.call('core.ping')).toBe('pong');
  });

  it('half-frame stops in the middle of a frame', async () => {
    const connection = await nas.connect();
    nas.simulator.control.next('core.ping', { kind: 'half-frame' });
    await expect(connection.call('core.ping')).rejects.toThrow('closed with 1006');
  });

  it('answer-to-nobody and duplicate answer twice', async () => {
    const connection = await nas.connect();
    nas.simulator.control.next('core.ping', { kind: 'answer-to-nobody' });
    nas.simulator.control.next('core.ping', { kind: 'duplicate' });
    const before = connection.frames.length;
    await connection.call('core.ping');
    await connection.call('core.ping');
    await connection.call('auth.me');
    const ids = connection.frames.slice(before, -1).map((frame) => frame.id);
    expect(ids).toEqual(['nobody-asked', ids[1], ids[2], ids[2]]);
  });

  it('giant answers as many megabytes as asked', async () => {
    const connection = await nas.connect();
    nas.simulator.control.next('core.ping', { kind: 'giant', megabytes: 20 });
    expect(await connection.call('core.ping')).toHaveLength(20_000_000);
    expect(nas.simulator.calls().at(-1)?.bytesOut).toBeGreaterThan(20_000_000);
  });

  it('silence never answers, other calls go on', async () => {
    const connection = await nas.connect();
    nas.simulator.control.next('core.ping', { kind: 'silence' });
    const silent = failureOf(connection.call('core.ping'));
    expect(await connection.call('core.ping')).toBe('pong');
    connection.close();
    expect((await silent).message).toContain('closed');
  });

  it('too-many-calls, error and result replace the answer', async () => {
    const connection = await nas.connect();
    const { control } = nas.simulator;
    control.next('core.ping', { kind: 'too-many-calls' });
    await expect(connection.call('core.ping')).rejects.toMatchObject({ code: -32000 });
    control.next('*', { kind: 'error', code: -32001, message: 'Method call error', data: { error: 5 } });
    await expect(connection.call('core.ping')).rejects.toMatchObject({ code: -32001, data: { error: 5 } });
    control.next('core.ping', { kind: 'result', result: 'peng' }, 2);
    expect([await connection.call('core.ping'), await connection.call('core.ping')]).toEqual([
      'peng',
      'peng',
    ]);
    expect(await connection.call('core.ping')).toBe('pong');
  });

  it('a call delayed beyond its connection is finished on 25.10 and forgotten on 27.0', async () => {
    for (const each of [nas, new27]) {
      const connection = await each.connect();
      each.simulator.control.clearCalls();
      each.simulator.control.next('group.create', { kind: 'delay', ms: DELAY_MS });
      const lost = failureOf(create(connection, 'orphan'));
      await expect
        .poll(() => each.simulator.calls().some(({ method }) => method === 'group.create'))
        .toBe(true);
      connection.close();
      await lost;
      await new Promise((resolve) => setTimeout(resolve, 2 * DELAY_MS));
      const rows = await (await each.connect()).call('group.query', [
        [['name', '=', 'orphan']],
        { count: true },
      ]);
      expect([each.simulator.release, rows]).toEqual([each.simulator.release, each === nas ? 1 : 0]);
    }
  });
});

describe('faults of the whole NAS', () => {
  it('a restart cuts all, forgets sessions and jobs, and keeps the data', async () => {
    const connection = await nas.connect();
    await connection.call('group.create', [{ name: 'survivor' }]);
    const job = await connection.call('core.bulk', ['core.ping', [[]]]);
    nas.simulator.control.restart();
    expect((await connection.closed).code).toBe(1006);
    const again = await nas.connect();
    expect(await again.call('core.get_jobs', [[['id', '=', job]], { count: true }])).toBe(0);
    expect(await groupNames()).toContain('survivor');
  });

  it('a restart can bring another release', async () => {
    const simulator = await startSimulator({ release: '25.04' });
    const before = await connectTo(simulator);
    await expect(before.call('core.get_methods')).resolves.toBeTypeOf('object');
    simulator.control.restart('27.0');
    expect(simulator.release).toBe('27.0');
    const after = await connectTo(simulator);
    expect(await after.call('auth.mechanism_choices')).toContain('SCRAM');
    expect((await after.call('auth.me')).privilege.roles.$set).toContain('CONTAINER_READ');
    await simulator.close();
  });

  it('refused connections come back on the same port', async () => {
    const connection = await nas.connect();
    await nas.simulator.control.refuse();
    await connection.closed;
    await expect(nas.connect()).rejects.toThrow('ECONNREFUSED');
    await nas.simulator.control.accept();
    expect(await (await nas.connect()).call('core.ping')).toBe('pong');
  });

  it('a silent NAS takes the connection and says nothing', async () => {
    await nas.simulator.control.fallSilent('handshake');
    const outcome = await Promise.race([
      nas.connect().then(() => 'open'),
      new Promise((resolve) => setTimeout(() => resolve('nothing'), 60)),
    ]);
    expect(outcome).toBe('nothing');
    await nas.simulator.control.reset();
    expect(await (await nas.connect()).call('core.ping')).toBe('pong');
  });

  it('another certificate has another fingerprint, and may have ended', async () => {
    const { simulator } = nas;
    const changed = simulator.control.changeCertificate();
    expect(changed).not.toBe(simulator.fingerprint);
    await expect(nas.connect()).rejects.toThrow(/self-signed|unable to verify/i);
    simulator.control.changeCertificate({ isExpired: true });
    await expect(nas.connect()).rejects.toThrow(/self-signed|expired|unable to verify/i);
  });

  it('a role taken away holds for open connections', async () => {
    const connection = await new27.connect();
    new27.simulator.control.setRoles(['ACCOUNT_READ']);
    await expect(connection.call('privilege.query')).rejects.toMatchObject({ data: { error: 13 } });
    expect(await connection.call('user.query', [[], { count: true }])).toBeGreaterThan(0);
    new27.simulator.control.setRoles(['FULL_ADMIN']);
  });

  it('closing with a code ends every connection so', async () => {
    const connection = await new27.connect();
    new27.simulator.control.closeConnections(1008, 'not from here');
    expect(await connection.closed).toEqual({ code: 1008, reason: 'not from here' });
  });
});

describe('the simulator itself', () => {
  it('listens on loopback only', async () => {
    await expect(startSimulator({ host: '0.0.0.0' })).rejects.toThrow('loopback only');
    await expect(startSimulator({ host: '192.168.1.10' })).rejects.toThrow('loopback only');
  });

  it.skipIf(!hasIpv6Loopback)('listens on the IPv6 loopback too', async () => {
    const simulator = await startSimulator({ host: '::1' });
    expect(simulator.url).toMatch(/^wss:\/\/\[::1\]:\d+$/);
    const connection = await connectTo(simulator);
    expect(await connection.call('core.ping')).toBe('pong');
    await simulator.close();
  });

  it('records calls as they came', async () => {
    new27.simulator.control.clearCalls();
    const connection = await new27.connect();
    const params = [[['expires_at', '=', { $date: 0 }]], { count: true }];
    await connection.call('api_key.query', params);
    await failureOf(connection.call('no.such'));
    const [login, query, unknown] = new27.simulator.calls();
    expect(login).toMatchObject({ method: 'auth.login_ex', errorCode: null });
    expect(query).toMatchObject({ method: 'api_key.query', params, errorCode: null });
    expect(query?.bytesOut).toBe('{"jsonrpc":"2.0","result":0,"id":2}'.length);
    expect(unknown).toMatchObject({ method: 'no.such', errorCode: -32601 });
  });

  it('the same seed grows the same NAS', async () => {
    const read = async (): Promise<unknown> => {
      const simulator = await startSimulator({ seed: 7, now: () => Date.UTC(2026, 5, 1) });
      const connection = await connectTo(simulator);
      const pools = await connection.call('pool.query');
      const datasets = await connection.call('pool.dataset.query', [[], { limit: 50 }]);
      await simulator.close();
      return [pools, datasets];
    };
    expect(await read()).toEqual(await read());
  });
});
