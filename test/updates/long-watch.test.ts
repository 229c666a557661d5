/** Watches that are open for days, and very many of them. */
import { afterEach, expect, it, vi } from 'vitest';
import { findWatchable } from '../../src/resources/watchable.ts';
import { createNotices } from '../../src/updates/shared-watches.ts';
import { offeredResources } from '../../src/resources/index.ts';
import { keepingLog } from '../truenas/support/client.ts';
import { nasForTest } from '../truenas/support/nas.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('the overview is told when a failed job has become old', async () => {
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
  const told: string[] = [];
  const notices = createNotices({
    find: (uri) => findWatchable(offeredResources(new Set(['system_overview'])), uri),
    nas: () => Promise.resolve(read),
    events: () => Promise.resolve(nas.events),
    log: keepingLog(),
    timings: { quietMs: 5, pollMs: 50, slowPollMs: 50 },
  });
  const listening = notices.listen(['truenas://overview'], (uri) => told.push(uri));
  await listening.ready;
  await new Promise((resolve) => setTimeout(resolve, 200));
  told.length = 0;
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 30 * 3_600_000 });
  await expect.poll(() => told.length, { timeout: 2000 }).toBeGreaterThan(0);
  listening.close();
});

it('ten thousand resources in one request are not ten thousand lines', () => {
  const log = keepingLog();
  const away = () => Promise.reject(new Error('away'));
  const notices = createNotices({
    find: (uri) => findWatchable(offeredResources(new Set(['get_dataset'])), uri),
    nas: away,
    events: away,
    log,
  });
  const uris = Array.from({ length: 10_000 }, (_, index) => `truenas://dataset/tank/${index}`);
  const listening = notices.listen(uris, () => {});
  expect(log.lines.filter(({ level }) => level === 'warn').length).toBe(1);
  listening.close();
});
