/** A NAS that is away, and comes back. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { DEFAULT_TIMINGS } from '../../../src/truenas/connection/timings.ts';
import { clientForTest, closers, peerForTest, problemOf } from '../support/client.ts';
import { type Peer, startPeer } from '../support/peer.ts';

/** Back-off so long that an attempt which waits for it is never made within a test. */
const LONG_BACK_OFF = { backOffFirstMs: 600_000, backOffMaxMs: 600_000, restMaxMs: 600_000 };

/** Takes connections on a port of its own; `take` decides about each. */
async function listen(take: (socket: Socket, count: number) => void): Promise<string> {
  const open = new Set<Socket>();
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    open.add(socket);
    socket.on('error', () => undefined);
    take(socket, count);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    for (const socket of open) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function hand(socket: Socket, peer: Peer): void {
  const onward = connect(Number(new URL(peer.url).port), '127.0.0.1');
  onward.on('error', () => socket.destroy());
  socket.pipe(onward).pipe(socket);
}

describe('a NAS that is away', () => {
  it('is asked by every call anew, and answers the first one after it is back', async () => {
    const first = await startPeer();
    const port = Number(new URL(first.url).port);
    const nas = clientForTest(first.url, {}, { ...LONG_BACK_OFF, reconnectWindowMs: 0 });
    expect(await nas.read.call('core.ping')).toBe('pong');
    await first.close();
    await expect.poll(() => nas.status().state).not.toBe('ready');
    for (let call = 0; call < 3; call += 1)
      expect(await problemOf(nas.read.call('core.ping'))).toMatchObject({ kind: 'unreachable' });
    await peerForTest({ port });
    expect(await nas.read.call('core.ping')).toBe('pong');
  });

  it('is asked by a write anew too, which is sent to the NAS that is back', async () => {
    const first = await startPeer();
    const port = Number(new URL(first.url).port);
    await first.close();
    const nas = clientForTest(first.url, {}, { ...LONG_BACK_OFF, reconnectWindowMs: 0 });
    expect(await problemOf(nas.write.write('pool.create'))).toMatchObject({ kind: 'unreachable' });
    await peerForTest({
      port,
      script: (call) => (call.method === 'pool.create' ? call.result(1) : 'unhandled'),
    });
    expect(await nas.write.write('pool.create')).toBe(1);
  });

  it('is asked anew for a call that came while an older attempt was still waiting', async () => {
    const peer = await peerForTest();
    const url = await listen((socket, count) => {
      // The first connection is accepted and never answered.
      if (count > 1) hand(socket, peer);
    });
    const nas = clientForTest(
      url,
      {},
      { ...LONG_BACK_OFF, connectTimeoutMs: 150, freshAttemptMs: 0, reconnectWindowMs: 0 },
    );
    const early = problemOf(nas.read.call('core.ping'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const late = nas.read.call('core.ping');
    expect(await early).toMatchObject({ kind: 'unreachable' });
    expect(await late).toBe('pong');
  });

  it('is asked once for calls that come together', async () => {
    let attempts = 0;
    const url = await listen((socket) => {
      attempts += 1;
      socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
    const nas = clientForTest(url, {}, LONG_BACK_OFF);
    const problems = await Promise.all(
      Array.from({ length: 20 }, () => problemOf(nas.read.call('core.ping'))),
    );
    for (const problem of problems) expect(problem.message).toContain('502');
    expect(attempts).toBe(1);
  });

  it('is waited for a moment after a loss by calls, and no longer than a person waits for an answer', async () => {
    expect(DEFAULT_TIMINGS.reconnectWindowMs).toBeLessThan(3_000);
    const first = await startPeer();
    const port = Number(new URL(first.url).port);
    const nas = clientForTest(
      first.url,
      {},
      { backOffFirstMs: 20, backOffMaxMs: 20, reconnectWindowMs: 60_000 },
    );
    expect(await nas.read.call('core.ping')).toBe('pong');
    await first.close();
    await expect.poll(() => nas.status().state).not.toBe('ready');
    const asked = nas.read.call('core.ping');
    await new Promise((resolve) => setTimeout(resolve, 60));
    await peerForTest({ port });
    expect(await asked).toBe('pong');
  });

  it('costs no more sign-ins than the budget allows, whoever asks', async () => {
    const peer = await peerForTest({
      script: (call) => (call.method === 'auth.login_ex' ? call.socket.terminate() : 'unhandled'),
    });
    const nas = clientForTest(peer.url, {}, { ...LONG_BACK_OFF, signInsPerMinute: 3, reconnectWindowMs: 0 });
    const problems = [];
    for (let call = 0; call < 8; call += 1) problems.push(await problemOf(nas.read.call('core.ping')));
    expect(peer.callsOf('auth.login_ex')).toHaveLength(3);
    expect(problems.at(-1)).toMatchObject({ kind: 'signin', reason: 'rate-limited' });
  });
});
