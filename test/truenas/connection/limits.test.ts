/** Time, cancelling, sizes and numbers of calls. */
import { describe, expect, it } from 'vitest';
import { OutcomeUnknownError, TrueNasError } from '../../../src/truenas/index.ts';
import { MAX_IN_FLIGHT } from '../../../src/truenas/connection/call-queue.ts';
import { clientForTest, peerForTest, problemOf } from '../support/client.ts';
import { NAS_TAKES, type Peer, type PeerCall, SESSION_EXPIRED } from '../support/peer.ts';

/** A peer that answers `slow.*` only when told to. */
function silentPeer(): Promise<Peer> {
  return peerForTest({ script: (call) => (call.method.startsWith('slow.') ? undefined : 'unhandled') });
}

describe('time and cancelling', () => {
  it('a read that takes too long ends, and its late answer does no harm', async () => {
    const peer = await silentPeer();
    const nas = clientForTest(peer.url);
    await nas.read.call('core.ping');
    expect(await problemOf(nas.read.call('slow.get', [], { timeoutMs: 30 }))).toMatchObject({
      kind: 'timeout',
    });
    expect(nas.status().inFlight).toBe(1);
    (await peer.called('slow.get')).result('late');
    expect(await nas.read.call('core.ping')).toBe('pong');
    expect(nas.status()).toMatchObject({ inFlight: 0, connections: 1 });
  });

  it('a write that takes too long, or is cancelled after it was sent, has an unknown outcome', async () => {
    const peer = await silentPeer();
    const nas = clientForTest(peer.url);
    await nas.read.call('core.ping');
    expect(await problemOf(nas.write.write('slow.create', [], { timeoutMs: 30 }))).toBeInstanceOf(
      OutcomeUnknownError,
    );
    const abort = new AbortController();
    const write = nas.write.write('slow.create', [], { signal: abort.signal });
    await peer.called('slow.create', 2);
    abort.abort();
    expect(await problemOf(write)).toBeInstanceOf(OutcomeUnknownError);
  });

  it('a call cancelled before it is sent is never sent', async () => {
    const peer = await silentPeer();
    const nas = clientForTest(peer.url);
    const abort = new AbortController();
    const write = nas.write.write('slow.create', [], { signal: abort.signal });
    abort.abort();
    const problem = await problemOf(write);
    expect(problem).toMatchObject({ kind: 'aborted' });
    expect(problem.message).toContain('not sent');
    expect(await problemOf(nas.read.call('slow.get', [], { signal: abort.signal }))).toMatchObject({
      kind: 'aborted',
    });
    await nas.read.call('core.ping');
    expect(peer.methods()).not.toContain('slow.create');
  });

  it('closing rejects what waits, once and for all', async () => {
    const peer = await silentPeer();
    const nas = clientForTest(peer.url);
    await nas.read.call('core.ping');
    const [read, write] = [problemOf(nas.read.call('slow.get')), problemOf(nas.write.write('slow.create'))];
    await peer.called('slow.create');
    await nas.close();
    await nas.close();
    expect(await read).toMatchObject({ kind: 'closed' });
    expect(await write).toBeInstanceOf(OutcomeUnknownError);
    expect(await problemOf(nas.read.call('core.ping'))).toMatchObject({ kind: 'closed' });
    expect(nas.status().state).toBe('closed');
    await expect.poll(() => peer.sockets.size).toBe(0);
  });

  it('closing while signing in leaves no connection behind', async () => {
    const peer = await peerForTest({
      script: (call) => (call.method === 'auth.login_ex' ? undefined : 'unhandled'),
    });
    const nas = clientForTest(peer.url);
    const call = problemOf(nas.read.call('core.ping'));
    await peer.called('auth.login_ex');
    await nas.close();
    expect(await call).toMatchObject({ kind: 'closed' });
    await expect.poll(() => peer.sockets.size).toBe(0);
  });
});

describe('sizes', () => {
  it('a message that the NAS would hang up over is refused before it is sent', async () => {
    const peer = await peerForTest({
      script: (call) => (call.method === 'a.b' ? call.result(call.text.length) : 'unhandled'),
    });
    const nas = clientForTest(peer.url);
    const problem = await problemOf(nas.write.write('a.b', ['x'.repeat(65_536)]));
    expect(problem).toMatchObject({ kind: 'too-large' });
    expect(problem.message).toContain('65536'.slice(0, 3));
    expect(peer.methods()).not.toContain('a.b');
    const longest = await nas.write.write('a.b', ['x'.repeat(65_400)]);
    expect(longest).toBeLessThanOrEqual(65_536);
    // The NAS counts characters: an emoji is one, and two units of JavaScript.
    expect(await nas.write.write('a.b', ['😀'.repeat(40_000)])).toBeGreaterThan(65_536);
  });

  it('a file upload may be longer', async () => {
    const peer = await peerForTest({
      script: (call) => (call.method === 'filesystem.file_receive' ? call.result(true) : 'unhandled'),
    });
    const nas = clientForTest(peer.url);
    expect(await nas.write.write('filesystem.file_receive', ['/mnt/x', 'A'.repeat(500_000)])).toBe(true);
    expect(
      await problemOf(nas.write.write('filesystem.file_receive', ['/mnt/x', 'A'.repeat(2_097_152)])),
    ).toMatchObject({
      kind: 'too-large',
    });
  });
});

describe('many calls at once', () => {
  it('the NAS never sees more than it takes, and none fails', async () => {
    let running = 0;
    let most = 0;
    const peer = await peerForTest({
      script(call) {
        if (call.method !== 'busy.get') return 'unhandled';
        running += 1;
        most = Math.max(most, running);
        setTimeout(() => {
          running -= 1;
          call.result(call.params[0]);
        }, 2);
      },
    });
    const nas = clientForTest(peer.url);
    const calls = Array.from({ length: 200 }, (_, index) => nas.read.call('busy.get', [index]));
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 200 }, (_, index) => index));
    expect(most).toBe(MAX_IN_FLIGHT);
    expect(peer.callsOf('busy.get').map((call) => call.params[0])).toEqual(
      Array.from({ length: 200 }, (_, i) => i),
    );
  });

  it('a full house leaves room for a ping that was sent before, and for signing in again', async () => {
    let running = 0;
    let most = 0;
    let isExpired = false;
    const peer = await peerForTest({
      script(call) {
        running += 1;
        most = Math.max(most, running);
        if (call.method === 'core.ping' && peer.callsOf('core.ping').length > 1) return undefined;
        if (call.method === 'slow.get' && !isExpired) {
          // The last of a full house is refused, the rest is still on its way while the session is renewed.
          if (peer.callsOf('slow.get').length < MAX_IN_FLIGHT) return undefined;
          isExpired = true;
          running -= 1;
          return call.error(SESSION_EXPIRED);
        }
        running -= 1;
        return call.method === 'slow.get' ? call.result('served') : 'unhandled';
      },
    });
    const nas = clientForTest(peer.url, {}, { heartbeatMs: 20, idlePingMs: 20 });
    await nas.read.call('core.ping');
    await peer.called('core.ping', 2);
    const reads = Array.from({ length: MAX_IN_FLIGHT + 5 }, () =>
      nas.read.call('slow.get', [], { timeoutMs: 200 }),
    );
    await peer.called('auth.login_ex', 2);
    // The ping and all reads, before one of them made way for the sign-in.
    expect(most).toBe(1 + MAX_IN_FLIGHT);
    expect(most).toBeLessThan(NAS_TAKES);
    const served = (await Promise.allSettled(reads)).filter(({ status }) => status === 'fulfilled');
    expect(served).toHaveLength(6);
  });

  it('calls that nobody waits for any more do not block the connection for ever', async () => {
    const peer = await peerForTest({
      script: (call) => (call.method === 'slow.get' && call.connection === 1 ? undefined : 'unhandled'),
    });
    const nas = clientForTest(peer.url);
    await nas.read.call('core.ping');
    await Promise.all(
      Array.from({ length: MAX_IN_FLIGHT }, () =>
        problemOf(nas.read.call('slow.get', [], { timeoutMs: 20 })),
      ),
    );
    expect(nas.status().inFlight).toBe(MAX_IN_FLIGHT);
    expect(await nas.read.call('core.ping')).toBe('pong');
    expect(nas.status()).toMatchObject({ connections: 2, inFlight: 0 });
  });

  it('a write that waits for its turn when the connection is lost is reported as not sent', async () => {
    const peer = await silentPeer();
    const nas = clientForTest(peer.url);
    await nas.read.call('core.ping');
    const reads = Array.from({ length: MAX_IN_FLIGHT }, () => nas.read.call('slow.get'));
    const write = problemOf(nas.write.write('slow.create'));
    const last = await peer.called('slow.get', MAX_IN_FLIGHT);
    peer.script = (call) => (call.method === 'slow.get' ? call.result('served') : 'unhandled');
    last.socket.terminate();
    const problem = await write;
    expect(problem).toBeInstanceOf(TrueNasError);
    expect(problem).toMatchObject({ kind: 'unreachable' });
    expect(problem.message).toContain('not sent');
    expect(await Promise.all(reads)).toEqual(reads.map(() => 'served'));
    expect(peer.methods()).not.toContain('slow.create');
  });

  it('nor is one sent that the NAS had refused as one too many before the connection was lost', async () => {
    const peer = await peerForTest({
      script: (call) => (call.method === 'pool.create' ? call.error({ code: -32000 }) : 'unhandled'),
    });
    const nas = clientForTest(peer.url, {}, { tooManyCallsWaitMs: 400 });
    const write = problemOf(nas.write.write('pool.create'));
    await peer.called('pool.create');
    for (const socket of peer.sockets) socket.terminate();
    await expect.poll(() => nas.status().state).not.toBe('ready');
    expect(await nas.read.call('core.ping')).toBe('pong');
    expect(await write).toMatchObject({ kind: 'unreachable' });
    expect(peer.callsOf('pool.create')).toHaveLength(1);
  });

  it('reads that are sent again keep their order', async () => {
    const peer = await silentPeer();
    const nas = clientForTest(peer.url);
    await nas.read.call('core.ping');
    const reads = [1, 2, 3].map((id) => nas.read.call('slow.get', [id]));
    const last = await peer.called('slow.get', 3);
    peer.script = (call: PeerCall) =>
      call.method === 'slow.get' ? call.result(call.params[0]) : 'unhandled';
    last.socket.terminate();
    expect(await Promise.all(reads)).toEqual([1, 2, 3]);
    expect(peer.callsOf('slow.get').map((call) => call.params[0])).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it('a read is sent twice at most', async () => {
    const peer = await peerForTest({
      script: (call) => (call.method === 'pool.query' ? call.socket.terminate() : 'unhandled'),
    });
    const nas = clientForTest(peer.url);
    const problem = await problemOf(nas.read.call('pool.query'));
    expect(problem).toMatchObject({ kind: 'unreachable', method: 'pool.query' });
    expect(peer.callsOf('pool.query')).toHaveLength(2);
  });
});
