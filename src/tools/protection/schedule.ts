/** When a task runs, and how long its snapshots stay, as people write it. */
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';

/** A schedule in the fields of the NAS. */
export interface Schedule {
  readonly minute: string;
  readonly hour: string;
  readonly dom: string;
  readonly month: string;
  readonly dow: string;
}

const EVERY: Readonly<Record<string, Schedule>> = {
  hourly: { minute: '0', hour: '*', dom: '*', month: '*', dow: '*' },
  daily: { minute: '0', hour: '0', dom: '*', month: '*', dow: '*' },
  weekly: { minute: '0', hour: '0', dom: '*', month: '*', dow: '7' },
  monthly: { minute: '0', hour: '0', dom: '1', month: '*', dow: '*' },
  yearly: { minute: '0', hour: '0', dom: '1', month: '1', dow: '*' },
};

/**
 * `hourly`, `daily`, `daily 02:30`, `weekly`, `monthly`, or the five fields of cron.
 * @throws InputProblem for anything else
 */
export function scheduleOf(text: string): Schedule {
  const words = text.trim().toLowerCase().split(/\s+/u);
  const [word = '', ...rest] = words;
  const base = EVERY[word.replace(/^@/u, '')];
  if (base !== undefined) return { ...base, ...timeOf(rest, text, word) };
  const [minute, hour, dom, month, dow, ...more] = words;
  const isCron = words.every((field) => /^[\d*,/a-z-]+$/u.test(field));
  if (dow === undefined || more.length > 0 || !isCron) throw unreadable(text);
  return { minute: minute ?? '', hour: hour ?? '', dom: dom ?? '', month: month ?? '', dow };
}

function timeOf(words: readonly string[], text: string, base: string): Partial<Schedule> {
  const time = words.filter((word) => word !== 'at').join(' ');
  if (time === '') return {};
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/u.exec(time);
  if (match === null || base === 'hourly') throw unreadable(text);
  return { hour: String(Number(match[1])), minute: String(Number(match[2])) };
}

function unreadable(text: string): InputProblem {
  return new InputProblem(
    'schedule',
    `cannot be read: ${safeCell(text, 60)}`,
    '"hourly", "daily 02:30", "weekly", "monthly", or cron such as "0 */6 * * *"',
  );
}

/** The five fields in a row. */
export function cronText({ minute, hour, dom, month, dow }: Schedule): string {
  return [minute, hour, dom, month, dow].join(' ');
}

/** How long a snapshot is kept. */
export interface Lifetime {
  readonly lifetime_value: number;
  readonly lifetime_unit: 'HOUR' | 'DAY' | 'WEEK' | 'MONTH' | 'YEAR';
}

/**
 * `24h`, `30d`, `2w`, `6 months`, `1y`. A bare `m` could be minutes, and is refused.
 * @throws InputProblem for anything else
 */
export function lifetimeOf(text: string): Lifetime {
  const match = /^(\d{1,5})\s*(h|hours?|d|days?|w|weeks?|mo|months?|y|years?)$/u.exec(
    text.trim().toLowerCase(),
  );
  const value = Number(match?.[1]);
  if (match === null || value === 0)
    throw new InputProblem('keep', `cannot be read: ${safeCell(text, 60)}`, '"24h", "30d", "2w", "6 months"');
  const letter = match[2]?.charAt(0) ?? '';
  const unit = UNITS[letter];
  if (unit === undefined) throw new InputProblem('keep', 'has no unit');
  return { lifetime_value: value, lifetime_unit: unit };
}

const UNITS: Readonly<Record<string, Lifetime['lifetime_unit']>> = {
  h: 'HOUR',
  d: 'DAY',
  w: 'WEEK',
  m: 'MONTH',
  y: 'YEAR',
};

/** `2 weeks`. */
export function lifetimeText(value: unknown, unit: unknown): string {
  if (typeof value !== 'number' || typeof unit !== 'string') return 'an unknown time';
  return `${String(value)} ${unit.toLowerCase()}${value === 1 ? '' : 's'}`;
}

const HOURS: Readonly<Record<Lifetime['lifetime_unit'], number>> = {
  HOUR: 1,
  DAY: 24,
  WEEK: 168,
  MONTH: 730,
  YEAR: 8_760,
};

/** About how many snapshots of one dataset there are at a time; undefined where the schedule is written in another way. */
export function snapshotsKept(
  schedule: Schedule,
  { lifetime_value: value, lifetime_unit: unit }: Lifetime,
): number | undefined {
  const counts = [
    timesOf(schedule.minute, 60),
    timesOf(schedule.hour, 24),
    timesOf(schedule.dom, 30.4),
    timesOf(schedule.month, 12),
    timesOf(schedule.dow, 7),
  ];
  let perYear = 365;
  for (const [index, count] of counts.entries()) {
    if (count === undefined) return undefined;
    perYear *= index < 2 ? count : count / ([30.4, 12, 7][index - 2] ?? 1);
  }
  return Math.max(1, Math.round((perYear * value * HOURS[unit]) / 8_760));
}

/** How many values a field of cron takes, of `all`. */
function timesOf(field: string, all: number): number | undefined {
  let times = 0;
  for (const part of field.split(',')) {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/u.exec(part);
    if (match === null) return undefined;
    const [, from, to, step] = match;
    const span = from === undefined ? all : to === undefined ? 1 : Number(to) - Number(from) + 1;
    if (span <= 0 || step === '0') return undefined;
    times += step === undefined ? span : Math.ceil(span / Number(step));
  }
  return times;
}
