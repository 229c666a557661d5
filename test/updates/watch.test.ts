/** Watches of sources that end, watches that are open for days, and very many of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { LOCAL_CALLER } from '../../src/access/caller.ts';
import { createRedactor } from '../../src/output/redact/redactor.ts';
import { offeredResources } from '../../src/resources/address.ts';
import { accessTo } from '../support/access.ts';
import { findWatchable } from '../../src/resources/watchable.ts';
import { shareWatches } from '../../src/updates/shared-watches.ts';
import { watch } from '../../src/updates/watch.ts';
import { clientForTest, keepingLog, peerForTest } from '../truenas/support/client.ts';
import { nasForTest } from '../truenas/support/nas.ts';

const redactor = createRedactor({ ownSecrets: [] });
afterEach(() => {
  vi.useRealTimers();
});

it('a source that ends as soon as it begins is polled, not subscribed to twice a second', async () => {
  const peer = await peerForTest({
    script: (call) => {
      if (call.method !== 'core.subscribe') return 'unhandled';
      call.raw(
        JSON.stringify({
          jsonrpc: '2.0',
          method: 'notify_unsubscribed',
          params: { collection: call.params[0], error: { error: 22, errname: 'EINVAL', reason: 'broken' } },
        }),
      );
      call.result('x');
    },
  });
  const nas = clientForTest(peer.url);
  let reads = 0;
  const open = watch(
    {
      triggers: [{ event: 'alert.list' }],
      read: async () => {
        reads += 1;
        return 'same';
      },
    },
    () => {},
    {
      events: async () => nas.events,
      log: keepingLog(),
      timings: { quietMs: 5, pollMs: 60_000, slowPollMs: 60_000 },
    },
  );
  await open.ready;
  await sleep(500);
  open.close();
  expect(reads).toBeLessThan(4);
});

it('a failed job that has become old is an update of the overview', async () => {
  const { nas } = await nasForTest();
  const finished = Date.now() - 1000;
  const read = {
    ...nas.read,
    call: async (method: string, params?: readonly unknown[], options?: object) =>
      method === 'core.get_jobs'
        ? [
            {
              id: 9,
              method: 'cloudsync.sync',
              state: 'FAILED',
              error: 'no space',
              time_finished: new Date(finished),
            },
          ]
        : nas.read.call(method, params, options),
  };
  const updates: string[] = [];
  const watches = shareWatches({
    find: (uri) => findWatchable(offeredResources(new Set(['system_overview']), ['nas']), uri),
    nas: accessTo(() => Promise.resolve({ read, events: nas.events }), redactor),
    caller: LOCAL_CALLER,
    log: keepingLog(),
    timings: { quietMs: 5, pollMs: 50, slowPollMs: 50 },
  });
  const watch = watches.watch(['truenas://overview'], (uri) => updates.push(uri));
  await watch.ready;
  await new Promise((resolve) => setTimeout(resolve, 200));
  updates.length = 0;
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 30 * 3_600_000 });
  await expect.poll(() => updates.length, { timeout: 15_000 }).toBeGreaterThan(0);
  watch.close();
});

it('ten thousand resources in one request are one warning in the log', () => {
  const log = keepingLog();
  const away = () => Promise.reject(new Error('away'));
  const watches = shareWatches({
    find: (uri) => findWatchable(offeredResources(new Set(['get_dataset']), ['nas']), uri),
    nas: accessTo(away, redactor),
    caller: LOCAL_CALLER,
    log,
  });
  const uris = Array.from({ length: 10_000 }, (_, index) => `truenas://dataset/tank/${index}`);
  const watch = watches.watch(uris, () => {});
  expect(log.lines.filter(({ level }) => level === 'warn').length).toBe(1);
  watch.close();
});
