/** The client against a whole simulated NAS, over TLS. */
import { describe, expect, it } from 'vitest';
import { SIM_RELEASES } from 'truenas-simulator';
import { OutcomeUnknownError, query, SignInError, type TrueNasError } from '../../src/truenas/index.ts';
import { problemOf } from './support/client.ts';
import { nasForTest, timesCalled } from './support/nas.ts';

describe.each(SIM_RELEASES)('a TrueNAS %s', (release) => {
  it('is signed in to in the best way it has, and tells its release', async () => {
    const { simulator, nas } = await nasForTest({ release });
    expect((await nas.read.release()).family).toBe(release);
    expect(nas.status().mechanism).toBe(release === '27.0' ? 'SCRAM-PLUS' : 'API_KEY_PLAIN');
    expect(nas.status().account?.name).toBe(simulator.username);
    expect(nas.status().account?.roles).toContain('FULL_ADMIN');
    await nas.read.release();
    expect(timesCalled(simulator, 'system.version')).toBe(1);
  });

  it('is asked for snapshots by the name that it knows', async () => {
    const { simulator, nas } = await nasForTest({ release });
    const snapshots = await nas.read.call('pool.snapshot.query', query({ select: ['id'], limit: 2 }));
    expect(snapshots).toHaveLength(2);
    expect(timesCalled(simulator, release === '25.04' ? 'zfs.snapshot.query' : 'pool.snapshot.query')).toBe(
      1,
    );
    expect(await nas.read.has('nvmet.subsys.query')).toBe(release !== '25.04');
  });
});

it('a TrueNAS 27 never sees the key', async () => {
  const { simulator, nas } = await nasForTest({ release: '27.0' });
  await nas.read.call('core.ping');
  simulator.control.dropConnections();
  await nas.read.call('core.ping');
  expect(timesCalled(simulator, 'auth.login_ex')).toBeGreaterThan(0);
  expect(JSON.stringify(simulator.calls())).not.toContain(simulator.apiKey.split('-')[1]);
});

describe('a key that the NAS does not accept', () => {
  it.each(SIM_RELEASES)('on %s a wrong key is told once and then remembered', async (release) => {
    const { simulator, nas } = await nasForTest({ release }, { apiKey: `1-${'x'.repeat(64)}` });
    const first = await problemOf(nas.read.call('core.ping'));
    expect(first).toBeInstanceOf(SignInError);
    expect(first).toMatchObject({ kind: 'signin', reason: 'wrong-key' });
    const { total } = simulator.control.logins();
    for (let call = 0; call < 20; call += 1) {
      const again = await problemOf(nas.read.call('core.ping'));
      expect(again).toMatchObject({ reason: 'wrong-key' });
      expect((again as SignInError).nextStep).toContain('not asked again for');
    }
    expect(simulator.control.logins().total).toBe(total);
  });

  it('a key revoked in mid-session is explained', async () => {
    const { simulator, nas } = await nasForTest();
    expect(await nas.read.call('core.ping')).toBe('pong');
    simulator.control.revokeKey();
    simulator.control.dropConnections();
    expect(await problemOf(nas.read.call('core.ping'))).toMatchObject({ reason: 'expired-or-revoked' });
  });

  it('a key seen without TLS from another machine is revoked by the NAS, and that is said', async () => {
    const { nas } = await nasForTest({ plainHttp: 'network' });
    const problem = await problemOf(nas.read.call('core.ping'));
    expect(problem).toMatchObject({ reason: 'expired-or-revoked' });
    expect((problem as SignInError).nextStep).toContain('without TLS');
  });

  it('without a user name the key alone signs in', async () => {
    const { simulator, nas } = await nasForTest({}, { username: undefined });
    expect(await nas.read.call('core.ping')).toBe('pong');
    expect(nas.status().mechanism).toBe('LOGIN_WITH_API_KEY');
    expect(timesCalled(simulator, 'auth.login_ex')).toBe(0);
  });
});

describe('a NAS that misbehaves', () => {
  it.each([
    ['drop-before', { kind: 'drop-before' }],
    ['drop-after', { kind: 'drop-after' }],
    ['half an answer', { kind: 'half-frame' }],
    ['a malformed answer', { kind: 'malformed' }],
    ['close 1001', { kind: 'close', code: 1001 }],
    ['close 1011', { kind: 'close', code: 1011 }],
  ] as const)(
    '%s: a read is answered all the same, a write is unknown and sent once',
    async (_name, fault) => {
      const { simulator, nas } = await nasForTest();
      await nas.read.release();
      simulator.control.next('pool.query', fault);
      expect(await nas.read.call('pool.query', query({ select: ['name'] }))).not.toHaveLength(0);
      expect(timesCalled(simulator, 'pool.query')).toBe(2);
      simulator.control.next('service.update', fault);
      const write = nas.write.write('service.update', ['ssh', { enable: true }]);
      expect(await problemOf(write)).toBeInstanceOf(OutcomeUnknownError);
      expect(await nas.read.call('core.ping')).toBe('pong');
      expect(timesCalled(simulator, 'service.update')).toBe(1);
    },
  );

  it.each(['answer-to-nobody', 'duplicate'] as const)('%s does no harm', async (kind) => {
    const { simulator, nas } = await nasForTest();
    simulator.control.next('core.ping', { kind }, 3);
    for (let call = 0; call < 4; call += 1) expect(await nas.read.call('core.ping')).toBe('pong');
    expect(nas.status()).toMatchObject({ connections: 1, inFlight: 0 });
  });

  it('a call too many is sent again, because the NAS did not run it', async () => {
    const { simulator, nas } = await nasForTest();
    simulator.control.next('service.update', { kind: 'too-many-calls' }, 2);
    expect(await nas.write.write('service.update', ['ssh', { enable: true }])).toEqual(expect.any(Number));
    expect(timesCalled(simulator, 'service.update')).toBe(3);
  });

  it('a restart on another release is noticed, and methods are called by their new names', async () => {
    const { simulator, nas } = await nasForTest({ release: '25.04' });
    await nas.read.call('pool.snapshot.query', query({ limit: 1 }));
    simulator.control.restart('25.10');
    await nas.read.call('pool.snapshot.query', query({ limit: 1 }));
    expect((await nas.read.release()).family).toBe('25.10');
    expect(timesCalled(simulator, 'pool.snapshot.query')).toBeGreaterThan(0);
  });

  it('a NAS that is down fails calls at once with what to do, and is found again when it is up', async () => {
    const { simulator, nas } = await nasForTest();
    await simulator.control.refuse();
    const problem = await problemOf(nas.read.call('core.ping'));
    expect(problem).toMatchObject({ kind: 'unreachable' });
    expect(problem.message).toContain('ECONNREFUSED');
    await simulator.control.accept();
    await expect.poll(() => nas.read.call('core.ping').catch(() => 'down')).toBe('pong');
  });

  it('calls wait while a NAS that worked restarts', async () => {
    const { simulator, nas } = await nasForTest();
    await nas.read.call('core.ping');
    await simulator.control.refuse();
    simulator.control.dropConnections();
    const calls = [nas.read.call('core.ping'), nas.read.call('core.ping')];
    setTimeout(() => void simulator.control.accept(), 60);
    expect(await Promise.all(calls)).toEqual(['pong', 'pong']);
  });

  it.each(['handshake', 'everything'] as const)('silence at %s ends in time', async (what) => {
    const { simulator, nas } = await nasForTest({}, {}, { connectTimeoutMs: 100 });
    await simulator.control.fallSilent(what);
    expect(await problemOf(nas.read.call('core.ping'))).toMatchObject({ kind: 'unreachable' });
  });

  it('a role taken away in mid-session is a refusal, not a lost session', async () => {
    const { simulator, nas } = await nasForTest();
    await nas.read.call('pool.query', query({ limit: 1 }));
    simulator.control.setRoles([]);
    expect(await problemOf(nas.read.call('pool.query', query({ limit: 1 })))).toMatchObject({
      kind: 'not-authorized',
      errname: 'EACCES',
    });
    expect(nas.status().signIns).toBe(1);
  });

  it('an answer of 30 MB arrives whole', async () => {
    const { simulator, nas } = await nasForTest();
    simulator.control.next('system.info', { kind: 'giant', megabytes: 30 });
    expect(await nas.read.call('system.info')).toHaveLength(30_000_000);
  });

  it('a flood of events holds up no call', async () => {
    const { simulator, nas } = await nasForTest();
    let heard = 0;
    await nas.events.subscribe('alert.list', () => {
      heard += 1;
    });
    simulator.control.flood('alert.list', 10_000);
    expect(await nas.read.call('core.ping')).toBe('pong');
    await expect.poll(() => heard).toBe(10_000);
  });
});

describe('what the NAS refuses', () => {
  it('missing objects, bad arguments and unknown methods are told apart', async () => {
    const { nas } = await nasForTest();
    const missing = await problemOf(nas.read.call('pool.dataset.get_instance', ['tank/nowhere']));
    expect(missing.message).toBe('PoolDataset tank/nowhere does not exist (pool.dataset.get_instance).');
    expect(missing).toMatchObject({
      kind: 'not-found',
      errname: 'ENOENT',
    });
    expect(
      await problemOf(nas.read.call('pool.query', query({ filters: [['id', '=', -1]], get: true }))),
    ).toMatchObject({ kind: 'not-found' });
    const refused = await problemOf(nas.write.write('service.update', ['ssh', { nonsense: 1 }]));
    expect(refused).toMatchObject({ kind: 'validation' });
    expect((refused as TrueNasError).fields?.length).toBeGreaterThan(0);
    expect(await problemOf(nas.read.call('no.such_method'))).toMatchObject({ kind: 'method-missing' });
  });
});
