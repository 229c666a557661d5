import { describe, expect, it } from 'vitest';
import { timeZone } from '../../../../src/output/time-zone.ts';
import { windowOf } from '../../../../src/tools/protection/calendar/window.ts';

const BERLIN = timeZone('Europe/Berlin');
/** 13:00 in Berlin, on a Sunday. */
const NOON = Date.UTC(2026, 2, 1, 12);

/** The window as texts in UTC, to the minute. */
function texts(from?: string, span?: string, nowMs = NOON, zone = BERLIN): [string, string] {
  const { fromMs, toMs } = windowOf(from, span, zone, nowMs);
  const text = (ms: number): string => new Date(ms).toISOString().slice(0, 16);
  return [text(fromMs), text(toMs)];
}

describe('a window of time', () => {
  it.each([
    [undefined, undefined, ['2026-03-01T12:00', '2026-03-02T12:00']],
    ['now', '7d', ['2026-03-01T12:00', '2026-03-08T12:00']],
    ['tonight', undefined, ['2026-03-01T17:00', '2026-03-02T07:00']],
    ['Tonight', '2h', ['2026-03-01T17:00', '2026-03-01T19:00']],
    ['today', undefined, ['2026-03-01T12:00', '2026-03-01T23:00']],
    ['tomorrow', undefined, ['2026-03-01T23:00', '2026-03-02T23:00']],
    ['22:00', '2h', ['2026-03-01T21:00', '2026-03-01T23:00']],
    ['9:30', '1h', ['2026-03-02T08:30', '2026-03-02T09:30']],
    ['2026-03-05', undefined, ['2026-03-04T23:00', '2026-03-05T23:00']],
    ['2026-03-05 22:00', '4h', ['2026-03-05T21:00', '2026-03-06T01:00']],
    ['2026-03-05T22:00:00Z', '4h', ['2026-03-05T22:00', '2026-03-06T02:00']],
    ['2026-03-05 22:00+05:00', '4h', ['2026-03-05T17:00', '2026-03-05T21:00']],
    // One that has begun goes on from now.
    ['2026-03-01 12:30', '2h', ['2026-03-01T12:00', '2026-03-01T13:30']],
  ] as const)('from %s for %s', (from, span, window) => {
    expect(texts(from, span)).toEqual(window);
  });

  it('tonight is the night that is going on, before the morning', () => {
    expect(texts('tonight', undefined, Date.UTC(2026, 2, 1, 1))).toEqual([
      '2026-03-01T01:00',
      '2026-03-01T07:00',
    ]);
    expect(texts('tonight', undefined, Date.UTC(2026, 2, 1, 20))).toEqual([
      '2026-03-01T20:00',
      '2026-03-02T07:00',
    ]);
  });

  it('is by the clock that is shown that day, over a change of clocks', () => {
    expect(texts('2026-03-29 22:00', '2h')).toEqual(['2026-03-29T20:00', '2026-03-29T22:00']);
    expect(texts('2026-03-28 22:00', '2h')).toEqual(['2026-03-28T21:00', '2026-03-28T23:00']);
  });

  it('is in UTC where the time zone is not known', () => {
    expect(windowOf('22:00', '1h', undefined, NOON)).toEqual({
      fromMs: Date.UTC(2026, 2, 1, 22),
      toMs: Date.UTC(2026, 2, 1, 23),
    });
  });

  it.each([
    ['soon', undefined, /^from: is no time/u],
    ['25:00', undefined, /^from: is no time/u],
    ['22:75', undefined, /^from: is no time/u],
    ['2026-13-40', undefined, /^from: is no time/u],
    ['now', 'a while', /^span: is no span/u],
    ['now', '60d', /^span: is no span/u],
    ['now', '0h', /^span: is no span/u],
    ['2026-02-20', '1d', /^from: names a time that is over/u],
    ['2099-01-01', undefined, /more than a year ahead/u],
  ] as const)('%s for %s is answered with what would be right', (from, span, problem) => {
    expect(() => texts(from, span)).toThrow(problem);
  });
});
