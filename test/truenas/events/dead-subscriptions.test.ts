/** Subscriptions that look alive and are not. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { watch } from '../../../src/updates/watch.ts';
import { keepingLog, clientForTest, peerForTest } from '../support/client.ts';
import { NOT_AUTHORIZED, type PeerCall } from '../support/peer.ts';

/** A connection was lost, and the call that renews its subscription waits in `held` for its answer. */
async function renewing() {
  const held: PeerCall[] = [];
  const peer = await peerForTest();
  const nas = clientForTest(peer.url);
  await nas.events.subscribe('alert.list', () => {});
  peer.script = (call) => {
    if (call.method !== 'core.subscribe') return 'unhandled';
    held.push(call);
  };
  for (const socket of peer.sockets) socket.terminate();
  await expect.poll(() => held.length).toBe(1);
  return { peer, nas, held };
}

it('who joins a renewal that fails is told, and does not believe to be subscribed', async () => {
  const { nas, held } = await renewing();
  const joined = nas.events
    .subscribe('alert.list', () => {})
    .then(
      () => 'subscribed',
      (error: Error) => error.message,
    );
  await sleep(20);
  held[0]?.error(NOT_AUTHORIZED);
  expect(await joined).not.toBe('subscribed');
});

it('a watch that joined such a renewal subscribes again', async () => {
  const { peer, nas, held } = await renewing();
  const watching = watch(
    { triggers: [{ event: 'alert.list' }], read: () => Promise.resolve('same') },
    () => {},
    {
      events: () => Promise.resolve(nas.events),
      log: keepingLog(),
      timings: { quietMs: 5, pollMs: 30, slowPollMs: 60_000 },
    },
  );
  await sleep(20);
  peer.script = () => 'unhandled';
  held[0]?.error(NOT_AUTHORIZED);
  await watching.ready;
  const before = peer.callsOf('core.subscribe').length;
  await sleep(300);
  expect(peer.callsOf('core.subscribe').length).toBeGreaterThan(before);
  watching.close();
});

it('a reading that failed is tried again soon, also while its events are subscribed to', async () => {
  let readings = 0;
  const peer = await peerForTest();
  const nas = clientForTest(peer.url);
  let updates = 0;
  const watching = watch(
    {
      triggers: [{ event: 'alert.list' }],
      read: () => {
        readings += 1;
        // The NAS has just come back, and is not ready for everything.
        return readings === 2 ? Promise.reject(new Error('busy')) : Promise.resolve('state');
      },
    },
    () => {
      updates += 1;
    },
    {
      events: () => Promise.resolve(nas.events),
      log: keepingLog(),
      timings: { quietMs: 5, pollMs: 30, slowPollMs: 60_000 },
    },
  );
  await watching.ready;
  for (const socket of peer.sockets) socket.terminate();
  await expect.poll(() => updates, { timeout: 2000 }).toBe(1);
  watching.close();
});
