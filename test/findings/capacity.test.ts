import { describe, expect, it } from 'vitest';
import {
  crossingOf,
  type Growth,
  growthOf,
  judgeCapacity,
  roundedDay,
  type PoolGrowth,
  type Sample,
  sumOf,
  surenessOf,
} from '../../src/findings/capacity.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 2, 1);
const at = (daysAgo: number, bytes: number): Sample => ({ ms: NOW - daysAgo * DAY, bytes });
const now = (bytes: number): Sample => at(0, bytes);
const rounded = (growth: Growth | undefined) =>
  growth && {
    perDay: Math.round(growth.perDay),
    least: Math.round(growth.least),
    most: Math.round(growth.most),
  };

describe('a trend', () => {
  it('is the bytes a day of a steady history, without a range', () => {
    const samples = [60, 45, 30, 15].map((days) => at(days, 1000 - days * 10));
    expect(rounded(growthOf(samples, now(1000)))).toEqual({ perDay: 10, least: 10, most: 10 });
  });

  it('is not bent by one copy that was deleted again, which only widens its range', () => {
    const samples = [60, 50, 40, 30, 20, 10].map((days) => at(days, (days === 30 ? 5000 : 1000) - days * 10));
    const growth = rounded(growthOf(samples, now(1000)));
    expect(growth?.perDay).toBe(10);
    expect(growth?.most).toBeGreaterThan(10);
    expect(growth?.least).toBeLessThan(10);
  });

  it('shrinks where data was deleted', () => {
    const samples = [30, 20, 10].map((days) => at(days, 1000 + days * 10));
    expect(rounded(growthOf(samples, now(1000)))?.perDay).toBe(-10);
  });

  it.each([
    ['no snapshot', []],
    ['two snapshots', [at(60, 1), at(30, 2)]],
    ['snapshots of six days', [at(6, 1), at(5, 2), at(4, 3), at(3, 4)]],
    ['snapshots of the future', [at(-60, 1), at(-30, 2), at(-10, 3)]],
  ])('is not made of %s', (_what, samples) => {
    expect(growthOf(samples, now(100))).toBeUndefined();
  });

  it('of several is their sum, with the history of the one that counts most', () => {
    const one: Growth = { perDay: 10, least: 5, most: 20, spanMs: 60 * DAY };
    const other: Growth = { perDay: -100, least: -200, most: 0, spanMs: 14 * DAY };
    expect(sumOf([one, other])).toEqual({ perDay: -90, least: -195, most: 20, spanMs: 14 * DAY });
    expect(sumOf([])).toEqual({ perDay: 0, least: 0, most: 0, spanMs: 0 });
  });
});

describe('the day on which a pool is so full', () => {
  const pool = (growth: Partial<Growth>, coveredPercent = 90): PoolGrowth => ({
    ...{ pool: 'tank', usedBytes: 700, wholeBytes: 1000, coveredPercent },
    growth: { perDay: 1, least: 0.5, most: 2, spanMs: 90 * DAY, ...growth },
  });
  const days = (ms: number | undefined) => ms && (ms - NOW) / DAY;

  it('has a range', () => {
    const { isPast, ms, earliestMs, latestMs } = crossingOf(pool({}), 80, NOW);
    expect([isPast, days(ms), days(earliestMs), days(latestMs)]).toEqual([false, 100, 45, 200]);
  });

  it('is no surer than the history is long, even where all its slopes are one', () => {
    const flat = { perDay: 1, least: 1, most: 1 };
    const near = crossingOf(pool({ ...flat, spanMs: 100 * DAY }, 100), 80, NOW);
    expect([days(near.earliestMs), days(near.latestMs)].map((day) => Math.round(Number(day)))).toEqual([
      91, 111,
    ]);
    const far = crossingOf(pool({ ...flat, spanMs: 10 * DAY }, 100), 80, NOW);
    expect([days(far.earliestMs), days(far.latestMs)].map((day) => Math.round(Number(day)))).toEqual([
      67, 200,
    ]);
  });

  it('is written no more exactly than it is known', () => {
    const at = (earliest: number, latest: number | undefined): string =>
      roundedDay(
        {
          isPast: false,
          ms: NOW,
          earliestMs: NOW + earliest * DAY,
          latestMs: latest === undefined ? undefined : NOW + latest * DAY,
        },
        Date.UTC(2026, 6, 14),
        NOW,
      );
    expect([at(0, 20), at(0, 200), at(0, 800), at(10, undefined)]).toEqual([
      '2026-07-14',
      '2026-07',
      '2026',
      '2026',
    ]);
  });

  it('is past where it is so full', () => {
    expect(crossingOf(pool({}), 70, NOW).isPast).toBe(true);
  });

  it('never comes to one that does not grow, and may to one that might', () => {
    const crossing = crossingOf(pool({ perDay: 0, least: -1, most: 1 }), 80, NOW);
    expect([crossing.ms, days(crossing.earliestMs), crossing.latestMs]).toEqual([undefined, 90, undefined]);
  });

  it('is not told beyond five years', () => {
    expect(crossingOf(pool({ perDay: 0.01 }), 80, NOW).ms).toBeUndefined();
  });

  it.each([
    ['fair', pool({})],
    ['rough', pool({}, 60)],
    ['rough', pool({ spanMs: 20 * DAY })],
    ['rough', pool({ perDay: 0.1 })],
  ] as const)(
    'is %s by history, by how much of the pool it tells of, and by how far ahead it lies',
    (sure, each) => {
      expect(surenessOf(each, crossingOf(each, 80, NOW), NOW)).toBe(sure);
    },
  );

  it.each([
    [4, ['capacity.full_soon']],
    [1, ['capacity.filling_soon']],
    [0.5, []],
    [-1, []],
  ])('%s bytes a day of 300 left are %j', (perDay, ids) => {
    const findings = judgeCapacity([pool({ perDay })], NOW);
    expect(findings.map(({ kind }) => kind.id)).toEqual(ids);
  });
});
