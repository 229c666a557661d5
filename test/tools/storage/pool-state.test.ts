/** What a pool says about its last scan, and what all tools make of it. */
import { describe, expect, test } from 'vitest';
import { describeScan, type PoolScan } from '../../../src/tools/storage/pool-state.ts';
import type { WireValue } from '../../../src/truenas/index.ts';
import { ago, ask, pool } from '../support/hand-made-nas.ts';
import { overview } from '../support/overview.ts';

const scan: PoolScan = {
  function: 'SCRUB',
  state: 'SCANNING',
  percentage: 41.2,
  errors: 0,
  end_time: null,
  pause: null,
};

const ended = Date.UTC(2026, 2, 1, 4, 5);

test.each<[string, PoolScan | null, string | undefined]>([
  ['never scanned', null, undefined],
  ['running', scan, 'scrub 41 %'],
  ['paused, which would else look as if it ran', { ...scan, pause: ended }, 'scrub paused at 41 %'],
  ['a resilver', { ...scan, function: 'RESILVER' }, 'resilver 41 %'],
  ['canceled', { ...scan, state: 'CANCELED', end_time: ended }, 'scrub canceled 2026-03-01 04:05Z'],
  [
    'finished',
    { ...scan, state: 'FINISHED', end_time: ended, errors: 2 },
    'scrub 2026-03-01 04:05Z, 2 errors',
  ],
])('a scan that is %s', (_, given, text) => {
  expect(describeScan(given)).toBe(text);
});

const finished = (days: number): WireValue => ({
  function: 'SCRUB',
  state: 'FINISHED',
  end_time: ago(days),
  percentage: 100,
  errors: 0,
  pause: null,
});

describe('scrubs', () => {
  test.each([
    ['finished long ago', finished(900)],
    [
      'canceled long ago',
      { function: 'SCRUB', state: 'CANCELED', end_time: ago(200), percentage: 3, errors: 0, pause: null },
    ],
  ])('%s: all three tools say so', async (_, scan) => {
    const answers = { 'pool.query': [pool({ scan })], 'pool.dataset.query': [] };
    expect(await overview(answers)).toMatch(/^WARNING.*\nWARNING pool tank ONLINE: no scrub for long/u);
    expect((await ask(answers, 'list_pools')).text).toContain('no scrub for long');
    expect((await ask(answers, 'get_pool', { pool: 'tank' })).text).toContain('problem: no scrub for long');
  });
  test('six weeks are the plan of TrueNAS', async () => {
    expect(await overview({ 'pool.query': [pool({ scan: finished(44) })] })).toMatch(/^OK/u);
  });
  test('of a pool that is not imported nothing is known', async () => {
    const row = pool({
      status: 'OFFLINE',
      healthy: false,
      size: null,
      allocated: null,
      free: null,
      scan: {},
      topology: null,
    });
    expect((await ask({ 'pool.query': [row] }, 'get_pool', { pool: 'tank' })).text).toContain(
      'scan: unknown',
    );
  });
});

test('monthly scrubs with the default threshold of 35 days run every second month: 62 days', async () => {
  const scan = {
    function: 'SCRUB',
    state: 'FINISHED',
    end_time: ago(61),
    percentage: 100,
    errors: 0,
    pause: null,
  };
  const { text } = await ask({ 'pool.query': [pool({ scan })], 'pool.dataset.query': [] }, 'system_overview');
  expect(text).toMatch(/^OK/u);
});
