import { expect, test } from 'vitest';
import { describeScan, type PoolScan } from '../../src/tools/storage/pool-state.ts';

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
