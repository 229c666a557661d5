/** A session that gives its write rights up after every sign-in: with each kind of key, and on NASes that lack or refuse it. */
import { describe, expect, it } from 'vitest';
import { clientForTest, keepingLog, peerForTest, problemOf } from '../support/client.ts';
import { nasForTest, timesCalled } from '../support/nas.ts';
import { NOT_AUTHORIZED, type PeerCall, SESSION_EXPIRED } from '../support/peer.ts';

const METHOD = 'privilege.become_readonly';
const RIGHTS_STAND = /rights of the API key stand/;

/** A NAS of 25.10 that answers the method as the test says. */
function peerAnswering(answer: (call: PeerCall) => void) {
  return peerForTest({ script: (call) => (call.method === METHOD ? answer(call) : 'unhandled') });
}

describe('on a simulated 27.0', () => {
  it.each([
    ['a full administrator', ['FULL_ADMIN']],
    ['a read-only administrator', ['READONLY_ADMIN']],
    ['an administrator of shares', ['READONLY_ADMIN', 'SHARING_ADMIN']],
  ])('the session of %s reads, and is refused writes', async (_name, roles) => {
    const { simulator, nas } = await nasForTest({ release: '27.0', roles }, { isReadOnly: true });
    expect(await nas.read.call('pool.query')).toHaveLength(3);
    expect(nas.status()).toMatchObject({ mechanism: 'SCRAM-PLUS', isReadOnly: true });
    expect(await problemOf(nas.write.write('service.update', ['ftp', { enable: true }]))).toMatchObject({
      kind: 'not-authorized',
    });
    expect(timesCalled(simulator, METHOD)).toBe(1);
  });

  it('a narrow key, which would gain by it, is refused: it is told once and works on', async () => {
    const log = keepingLog();
    const { simulator, nas } = await nasForTest(
      { release: '27.0', roles: ['POOL_READ'] },
      { isReadOnly: true, log },
    );
    for (let round = 0; round < 2; round += 1) {
      expect(await nas.read.call('pool.query')).toHaveLength(3);
      expect(nas.status().isReadOnly).toBe(false);
      simulator.control.dropConnections();
      await expect.poll(() => nas.status().state).not.toBe('ready');
    }
    const told = log.lines.filter(({ message }) => RIGHTS_STAND.test(message));
    expect(told.map(({ level }) => level)).toEqual(['warn', 'debug']);
    expect(JSON.stringify(told)).toContain('Not authorized');
  });

  it('every sign-in is followed by it, as each gives the rights back', async () => {
    const { simulator, nas } = await nasForTest({ release: '27.0' }, { isReadOnly: true });
    await nas.read.call('core.ping');
    simulator.control.dropConnections();
    await expect.poll(() => nas.status().state).not.toBe('ready');
    await nas.read.call('core.ping');
    expect(nas.status()).toMatchObject({ signIns: 2, isReadOnly: true });
    expect(timesCalled(simulator, METHOD)).toBe(2);
  });

  it('a client that may write does not call it', async () => {
    const { simulator, nas } = await nasForTest({ release: '27.0' });
    await nas.read.call('core.ping');
    expect(nas.status().isReadOnly).toBe(false);
    expect(timesCalled(simulator, METHOD)).toBe(0);
  });
});

describe('on another NAS', () => {
  it('that lacks the method, the session works on, and the log says so once', async () => {
    const log = keepingLog();
    const peer = await peerForTest();
    const nas = clientForTest(peer.url, { isReadOnly: true, log });
    expect(await nas.read.call('core.ping')).toBe('pong');
    for (const socket of peer.sockets) socket.terminate();
    await expect.poll(() => nas.status().state).not.toBe('ready');
    expect(await nas.read.call('core.ping')).toBe('pong');
    expect(peer.methods()).not.toContain('pool.query');
    expect(peer.callsOf(METHOD)).toHaveLength(2);
    expect(nas.status().isReadOnly).toBe(false);
    expect(log.lines.filter(({ message }) => RIGHTS_STAND.test(message)).map(({ level }) => level)).toEqual([
      'info',
      'debug',
    ]);
  });

  it.each([
    ['refuses it', NOT_AUTHORIZED],
    ['fails in it', { code: -32001, message: 'Method call error', data: { error: 22, reason: 'odd' } }],
  ])('that %s, the session works on', async (_name, error) => {
    const log = keepingLog();
    const peer = await peerAnswering((call) => call.error(error));
    const nas = clientForTest(peer.url, { isReadOnly: true, log });
    expect(await nas.read.call('core.ping')).toBe('pong');
    expect(log.lines.some(({ level, message }) => level === 'warn' && RIGHTS_STAND.test(message))).toBe(true);
  });

  it('no call is sent before the rights are given up, also when the session is renewed', async () => {
    let isExpired = false;
    const peer = await peerForTest({
      script(call) {
        if (call.method === METHOD) setTimeout(() => call.result(null), 20);
        else if (call.method !== 'pool.query') return 'unhandled';
        else if (isExpired) call.result('rows');
        else {
          isExpired = true;
          call.error(SESSION_EXPIRED);
        }
        return undefined;
      },
    });
    const nas = clientForTest(peer.url, { isReadOnly: true });
    expect(await nas.read.call('pool.query')).toBe('rows');
    const signIn = ['auth.mechanism_choices', 'auth.login_ex', METHOD];
    expect(peer.methods()).toEqual([...signIn, 'pool.query', ...signIn, 'pool.query']);
  });

  it('that never answers it, the sign-in is given up: the rights of the session are unknown', async () => {
    const peer = await peerAnswering(() => undefined);
    const nas = clientForTest(peer.url, { isReadOnly: true }, { signInTimeoutMs: 50 });
    const problem = await problemOf(nas.read.call('core.ping'));
    expect(problem).toMatchObject({ kind: 'timeout', method: METHOD });
    expect(peer.methods()).not.toContain('core.ping');
  });
});
