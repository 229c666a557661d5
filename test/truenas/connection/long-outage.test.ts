/** A NAS that lets in and throws out again, for days; and one that is away for days. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { clientForTest, keepingLog, peerForTest } from '../support/client.ts';

it('the same loss again and again does not fill the log', async () => {
  const log = keepingLog();
  const peer = await peerForTest({
    script(call) {
      if (call.method === 'auth.login_ex') setTimeout(() => call.socket.terminate(), 15);
      return 'unhandled';
    },
  });
  const nas = clientForTest(
    peer.url,
    { log },
    { signInsPerMinute: 1000, stableAfterMs: 10_000, backOffMaxMs: 20, restMaxMs: 20 },
  );
  await nas.events.subscribe('alert.list', () => {});
  await sleep(700);
  expect(peer.connections()).toBeGreaterThan(8);
  expect(log.lines.filter(({ level }) => level !== 'debug').length).toBeLessThan(8);
});

it('causes that take turns do not fill the log', async () => {
  const log = keepingLog();
  const peer = await peerForTest();
  const nas = clientForTest(peer.url, { log }, { signInsPerMinute: 1000, backOffMaxMs: 10, restMaxMs: 10 });
  await nas.events.subscribe('alert.list', () => {});
  let turn = 0;
  peer.script = (call) => {
    turn += 1;
    if (turn % 2 === 0) call.socket.close(1001);
    else call.socket.terminate();
  };
  for (const socket of peer.sockets) socket.terminate();
  await sleep(700);
  expect(peer.connections()).toBeGreaterThan(8);
  expect(log.lines.filter(({ level }) => level !== 'debug').length).toBeLessThan(8);
});

it('a connection that only subscriptions want is tried ever more rarely', async () => {
  const peer = await peerForTest();
  const nas = clientForTest(peer.url, {}, { backOffFirstMs: 5, backOffMaxMs: 20, signInsPerMinute: 1000 });
  await nas.events.subscribe('alert.list', () => {});
  peer.onConnection = (socket) => socket.terminate();
  for (const socket of peer.sockets) socket.terminate();
  await sleep(1500);
  expect(peer.connections()).toBeLessThan(15);
});

it('a NAS that answers pings of the WebSocket and no call is left, when idle, for a new connection', async () => {
  const peer = await peerForTest();
  const nas = clientForTest(peer.url, {}, { heartbeatMs: 20, idlePingMs: 40, signInTimeoutMs: 60 });
  await nas.events.subscribe('alert.list', () => {});
  peer.script = (call) => (call.connection === 1 ? undefined : 'unhandled');
  await expect.poll(() => peer.connections(), { timeout: 5000 }).toBeGreaterThan(1);
  expect(peer.callsOf('core.ping').length).toBeGreaterThan(0);
});
