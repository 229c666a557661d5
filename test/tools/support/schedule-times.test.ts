import { describe, expect, test } from 'vitest';
import { type TimeZone, timeZone } from '../../../src/output/time-zone.ts';
import {
  type CronFields,
  nextRun,
  planOf,
  runsAt,
  runsWithin,
  type ScheduleReader,
} from '../../../src/tools/support/schedule-times.ts';
import { scheduleText } from '../../../src/tools/support/schedule-text.ts';
import { randomFrom } from '../../support/random.ts';

const MINUTE_MS = 60_000;

function zone(name: string): TimeZone {
  const found = timeZone(name);
  if (found === undefined) throw new Error(`no zone ${name}`);
  return found;
}
const BERLIN = zone('Europe/Berlin');
const UTC = zone('UTC');

/** `5 4 * * 1`, with hours in brackets: `0 * * * * [09:00-17:59]`. */
function fields(text: string): CronFields {
  const [, cron = '', begin = null, end = null] = /^(.*?)(?: \[(.*)-(.*)\])?$/u.exec(text) ?? [];
  const [minute = '', hour = '', dom = '', month = '', dow = ''] = cron.split(' ');
  return { minute, hour, dom, month, dow, begin, end };
}

function next(
  text: string,
  from: string,
  reader: ScheduleReader = 'cron',
  where: TimeZone = BERLIN,
): string | null {
  const plan = planOf(fields(text), reader);
  if (plan === undefined) return 'cannot be read';
  const ms = nextRun(plan, where, Date.parse(from));
  return ms === null ? null : new Date(ms).toISOString().replace(':00.000Z', 'Z');
}

describe('the next run', () => {
  test.each<[string, string, string | null]>([
    ['0 * * * *', '2026-03-01T12:00Z', '2026-03-01T13:00Z'],
    ['0 * * * *', '2026-03-01T11:59:59Z', '2026-03-01T12:00Z'],
    ['15 2 * * *', '2026-03-01T12:00Z', '2026-03-02T01:15Z'],
    ['00 00 * * 7', '2026-03-01T12:00Z', '2026-03-07T23:00Z'],
    ['0 0 * * 0', '2026-03-01T12:00Z', '2026-03-07T23:00Z'],
    ['0 3 * * mon-fri', '2026-03-06T12:00Z', '2026-03-09T02:00Z'],
    ['0 3 1 jan,jul *', '2026-03-06T12:00Z', '2026-07-01T01:00Z'],
    ['*/20 8-9 * * *', '2026-03-06T08:45Z', '2026-03-07T07:00Z'],
    ['0 0 29 2 *', '2026-03-06T12:00Z', '2028-02-28T23:00Z'],
    ['0 0 31 4 *', '2026-03-06T12:00Z', null],
    ['0 0 30 2 *', '2026-03-06T12:00Z', null],
    ['0 * * * * [09:00-17:59]', '2026-03-01T16:30Z', '2026-03-02T08:00Z'],
    ['0 * * * * [22:00-04:00]', '2026-03-01T16:30Z', '2026-03-01T21:00Z'],
    ['0 * * * * [22:00-04:00]', '2026-03-02T03:00Z', '2026-03-02T21:00Z'],
    ['0 * * * * [08:00-08:00]', '2026-03-01T16:30Z', '2026-03-01T17:00Z'],
    ['30 * * * * [09:00-09:10]', '2026-03-01T16:30Z', null],
  ])('of %s after %s is %s', (text, from, expected) => {
    expect(next(text, from, text.includes('[') ? 'zettarepl' : 'cron')).toBe(expected);
  });

  test('days that follow two rules: either of them, for both readers', () => {
    expect(next('0 0 13 * 5', '2026-03-01T00:00Z', 'cron', UTC)).toBe('2026-03-06T00:00Z');
    expect(next('0 0 13 * 5', '2026-03-01T00:00Z', 'zettarepl', UTC)).toBe('2026-03-06T00:00Z');
  });

  test('a rule with a star and a step narrows for cron, and widens for zettarepl', () => {
    expect(next('0 0 */10 * 1', '2026-03-01T00:00Z', 'cron', UTC)).toBe('2026-05-11T00:00Z');
    expect(next('0 0 */10 * 1', '2026-03-01T00:00Z', 'zettarepl', UTC)).toBe('2026-03-02T00:00Z');
  });

  test('a rule that allows every day in other words is one to zettarepl, and none to cron', () => {
    expect(next('0 0 1-31 * 1', '2026-03-03T00:00Z', 'zettarepl', UTC)).toBe('2026-03-09T00:00Z');
    expect(next('0 0 1-31 * 1', '2026-03-03T00:00Z', 'cron', UTC)).toBe('2026-03-04T00:00Z');
  });

  test.each(['', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * * 13 *', '* * * * 8', '5-1 * * * *'])(
    '%j is no schedule that is understood',
    (text) => {
      expect(next(text, '2026-03-01T00:00Z')).toBe('cannot be read');
    },
  );

  test.each([
    '*/0 * * * *',
    '5/15 * * * *',
    '* * L * *',
    '* * * * 5#3',
    '0 0 * * * [25:00-26:00]',
    'H * * * *',
  ])('%j is no schedule that is understood, either', (text) => {
    expect(next(text, '2026-03-01T00:00Z')).toBe('cannot be read');
  });
});

describe('when clocks are changed', () => {
  const runs = (text: string, reader: ScheduleReader, from: string, to: string): string[] => {
    const plan = planOf(fields(text), reader);
    if (plan === undefined) throw new Error(text);
    const found = runsWithin(plan, BERLIN, Date.parse(from), Date.parse(to), 100);
    return found.map((ms) => new Date(ms).toISOString().slice(11, 16));
  };

  test('cron makes up for a time that is left out; zettarepl does not', () => {
    const night = ['2026-03-28T23:30Z', '2026-03-29T05:00Z'] as const;
    expect(runs('30 2 * * *', 'cron', ...night)).toEqual(['01:00']);
    expect(runs('30 2 * * *', 'zettarepl', ...night)).toEqual([]);
    expect(runs('30 1,2,3 * * *', 'cron', ...night)).toEqual(['00:30', '01:00', '01:30']);
    expect(runs('30 * * * *', 'cron', ...night)).toEqual(['00:30', '01:30', '02:30', '03:30', '04:30']);
  });

  test('a time that comes twice is one run of cron, and two of zettarepl', () => {
    const night = ['2026-10-24T23:45Z', '2026-10-25T02:45Z'] as const;
    expect(runs('30 2 * * *', 'cron', ...night)).toEqual(['00:30']);
    expect(runs('30 2 * * *', 'zettarepl', ...night)).toEqual(['00:30', '01:30']);
    expect(runs('30 * * * *', 'cron', ...night)).toEqual(['00:30', '01:30', '02:30']);
  });

  test('a time that comes twice is over for cron after the first', () => {
    expect(next('30 2 * * *', '2026-10-25T00:30Z')).toBe('2026-10-26T01:30Z');
  });

  test('clocks that are changed at midnight leave out the beginning of the day', () => {
    // Where the day begins at one o'clock: 2026-04-24 in Cairo.
    expect(next('0 0 * * *', '2026-04-23T12:00Z', 'cron', zone('Africa/Cairo'))).toBe('2026-04-23T22:00Z');
    expect(next('0 0 * * *', '2026-04-23T12:00Z', 'zettarepl', zone('Africa/Cairo'))).toBe(
      '2026-04-24T21:00Z',
    );
  });
});

describe('against a clock that is looked at each minute', () => {
  const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Apia'];
  const STARTS = [
    ...['2026-03-07T00:00Z', '2026-03-28T00:00Z', '2026-04-04T00:00Z', '2026-10-03T00:00Z'],
    ...['2026-10-24T00:00Z', '2026-10-31T00:00Z', '2026-12-30T20:00Z', '2028-02-28T00:00Z'],
  ];
  const pick = (random: () => number, items: readonly string[]): string =>
    items[Math.floor(random() * items.length)] ?? '*';

  test.each(ZONES)('zettarepl runs in just the minutes that fit, in %s', (name) => {
    const where = zone(name);
    const random = randomFrom(name.length);
    for (const start of STARTS) {
      const schedule = {
        minute: pick(random, ['*', '0', '*/15', '30', '7,45', '5-10']),
        hour: pick(random, ['*', '2', '*/3', '0-4', '1,2,23']),
        dom: pick(random, ['*', '*', '1', '*/2', '25-31']),
        month: pick(random, ['*', '*', '3,4,10']),
        dow: pick(random, ['*', '*', '0', '6,7', '1-5']),
        begin: pick(random, ['00:00', '01:30', '22:00']),
        end: pick(random, ['23:59', '02:30', '03:00']),
      };
      const plan = planOf(schedule, 'zettarepl');
      if (plan === undefined) throw new Error(JSON.stringify(schedule));
      const fromMs = Date.parse(start);
      const toMs = fromMs + 60 * 3_600_000;
      const expected: number[] = [];
      for (let ms = fromMs + MINUTE_MS; ms <= toMs; ms += MINUTE_MS)
        if (runsAt(plan, where, ms)) expected.push(ms);
      const found = runsWithin(plan, where, fromMs, toMs, 10_000);
      expect({ start, schedule, found }).toEqual({ start, schedule, found: expected });
    }
  });
});

test('a window holds at most as many runs as are asked for, and further conditions leave runs out', () => {
  const plan = planOf(fields('* * * * *'), 'cron');
  const evening = planOf(fields('* 20-21 * * *'), 'zettarepl');
  if (plan === undefined || evening === undefined) throw new Error('not read');
  const fromMs = Date.parse('2026-03-01T12:00Z');
  expect(runsWithin(plan, UTC, fromMs, fromMs + 86_400_000, 3)).toHaveLength(3);
  const ms = nextRun(plan, UTC, fromMs, (each) => runsAt(evening, UTC, each));
  expect(new Date(ms ?? 0).toISOString()).toBe('2026-03-01T20:00:00.000Z');
  expect(nextRun(plan, UTC, fromMs, () => false)).toBeNull();
});

test.each([
  ['* * * * *', 'every minute'],
  ['*/10 * * * *', 'every 10 min'],
  ['*/7 * * * *', 'cron */7 * * * *'],
  ['00 * * * *', 'hourly'],
  ['15 * * * *', 'hourly :15'],
  ['0 * * * * [00:00-23:59]', 'hourly'],
  ['0 * * * 1-5 [09:00-17:59]', 'Mon-Fri hourly 09:00-17:59'],
  ['0 */6 * * *', 'every 6 h'],
  ['30 */6 * * *', 'every 6 h :30'],
  ['0 */5 * * *', 'cron 0 */5 * * *'],
  ['30 2 * * *', 'daily 02:30'],
  ['30 2,14 * * *', 'daily 02:30,14:30'],
  ['0 0 * * 7', 'Sun 00:00'],
  ['0 3 * * mon-fri', 'Mon-Fri 03:00'],
  ['0 3 * * 0,6', 'Sat,Sun 03:00'],
  ['0 3 * * 1,3,5', 'Mon,Wed,Fri 03:00'],
  ['0 3 * * *', 'daily 03:00'],
  ['0 3 1 * *', 'monthly on day 1 03:00'],
  ['0 3 1,15 * *', 'monthly on day 1,15 03:00'],
  ['0 3 1 1,7 *', 'Jan,Jul 1 03:00'],
  ['0 3 13 * 5', 'cron 0 3 13 * 5'],
  ['0 3 * 1 1', 'cron 0 3 * 1 1'],
  ['0,30 3 * * *', 'cron 0,30 3 * * *'],
  ['never at all', 'cron never at all  '],
])('%s is said as %s', (text, words) => {
  expect(scheduleText(fields(text))).toBe(words);
});
