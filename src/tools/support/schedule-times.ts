/**
 * The times at which a schedule of TrueNAS runs. Two programs read schedules, and they differ: zettarepl, for snapshots and
 * replications, and the cron of the system, for everything else.
 */
import type { TimeZone } from '../../output/time-zone.ts';

/** A schedule in the fields of the NAS. */
export interface CronFields {
  readonly minute: string;
  readonly hour: string;
  readonly dom: string;
  readonly month: string;
  readonly dow: string;
  /** The part of the day in which it may run, `09:00` to `17:59`, both included; a window may lie over midnight. */
  readonly begin?: string | null;
  readonly end?: string | null;
}

/**
 * Who reads it. `cron` skips nothing and repeats nothing when clocks are changed, unless it runs by every minute or hour; it
 * takes a day that fits both rules when one of them begins with a star. `zettarepl` looks at the clock on the wall each minute,
 * and takes a day that fits either rule, unless one of them allows every day.
 */
export type ScheduleReader = 'cron' | 'zettarepl';

/** A schedule that can be read. */
export interface Plan {
  readonly reader: ScheduleReader;
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly doms: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly dows: ReadonlySet<number>;
  /** A day must fit `doms` and `dows`; else one of them is enough. */
  readonly needsBothDays: boolean;
  /** Runs by every minute or hour: what the clock on the wall leaves out is left out, and what it repeats is repeated. */
  readonly isByWall: boolean;
  /** Minutes of the day. */
  readonly begin: number;
  readonly end: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A 29th of February on a certain weekday comes once in 28 years, or in 40 over the end of a century. */
const MAX_DAYS = 41 * 366;

/** Reads a schedule; undefined for one that this program cannot read. */
export function planOf(fields: CronFields, reader: ScheduleReader): Plan | undefined {
  const minutes = valuesOf(fields.minute, 0, 59);
  const hours = valuesOf(fields.hour, 0, 23);
  const doms = valuesOf(fields.dom, 1, 31);
  const months = valuesOf(fields.month, 1, 12, MONTHS);
  const dows = valuesOf(fields.dow, 0, 7, WEEKDAYS);
  const begin = minuteOfDay(fields.begin ?? '00:00');
  const end = minuteOfDay(fields.end ?? '23:59');
  if (minutes === undefined || hours === undefined || doms === undefined) return undefined;
  if (months === undefined || dows === undefined || begin === undefined || end === undefined)
    return undefined;
  const weekdays = new Set(dows.map((day) => day % 7));
  const hasStar = (text: string): boolean => text.trim().startsWith('*');
  return {
    ...{ reader, minutes, hours, doms: new Set(doms), months: new Set(months), dows: weekdays, begin, end },
    needsBothDays:
      reader === 'cron'
        ? hasStar(fields.dom) || hasStar(fields.dow)
        : doms.length === 31 || weekdays.size === 7,
    isByWall: reader === 'zettarepl' || hasStar(fields.minute) || hasStar(fields.hour),
  };
}

/**
 * The first run after `fromMs`, in milliseconds.
 * @param isAlso further conditions, e.g. that another schedule allows that minute
 * @returns null when there is none
 */
export function nextRun(
  plan: Plan,
  zone: TimeZone,
  fromMs: number,
  isAlso: (ms: number) => boolean = () => true,
): number | null {
  if (!(Math.abs(fromMs) < LAST_MS)) return null;
  for (const ms of runsAfter(plan, zone, fromMs, isAlso)) return ms;
  return null;
}

/** The year 10000: dates past it have another form, and soon none. */
const LAST_MS = 253_402_300_800_000;

/** The runs after `fromMs` and up to `toMs`, at most `max`. */
export function runsWithin(
  plan: Plan,
  zone: TimeZone,
  fromMs: number,
  toMs: number,
  max: number,
): readonly number[] {
  const runs: number[] = [];
  for (const ms of runsAfter(plan, zone, fromMs)) {
    if (ms > toMs || runs.length >= max) break;
    runs.push(ms);
  }
  return runs;
}

/** True when the schedule runs in the minute of this instant, by the clock on the wall. */
export function runsAt(plan: Plan, zone: TimeZone, ms: number): boolean {
  const wallMs = ms + zone.offsetMs(ms);
  const ofDay = Math.floor((wallMs - startOfDay(wallMs)) / MINUTE_MS);
  return (
    isDayOf(plan, startOfDay(wallMs)) &&
    plan.hours.includes(Math.floor(ofDay / 60)) &&
    plan.minutes.includes(ofDay % 60) &&
    isInWindow(plan, ofDay)
  );
}

/** Instants that `isAlso` leaves out, before it is believed that none will do. */
const MAX_LEFT_OUT = 100_000;

function* runsAfter(
  plan: Plan,
  zone: TimeZone,
  fromMs: number,
  isAlso: (ms: number) => boolean = () => true,
): Generator<number> {
  // A clock that was put back repeats the end of the day before.
  const firstDay = startOfDay(fromMs + zone.offsetMs(fromMs)) - DAY_MS;
  let leftOut = 0;
  let lastMs = fromMs;
  for (let count = 0; count < MAX_DAYS; count += 1) {
    const dayMs = firstDay + count * DAY_MS;
    if (!isDayOf(plan, dayMs)) continue;
    for (const ms of runsOfDay(plan, zone, dayMs)) {
      if (ms <= lastMs) continue;
      lastMs = ms;
      if (isAlso(ms)) yield ms;
      else leftOut += 1;
      if (leftOut > MAX_LEFT_OUT) return;
    }
  }
}

/** The instants of one day on the wall, in order. */
function runsOfDay(plan: Plan, zone: TimeZone, dayMs: number): number[] {
  const before = zone.offsetMs(dayMs - DAY_MS);
  const after = zone.offsetMs(dayMs + 2 * DAY_MS);
  const runs = plan.hours.flatMap((hour) =>
    plan.minutes.flatMap((minute) => {
      if (!isInWindow(plan, hour * 60 + minute)) return [];
      const wallMs = dayMs + hour * HOUR_MS + minute * MINUTE_MS;
      return before === after ? [wallMs - before] : instantsOf(plan, zone, wallMs, before, after);
    }),
  );
  return before === after ? runs : runs.toSorted((a, b) => a - b);
}

/** The instants at which clocks show this time near a day on which they are changed. */
function instantsOf(plan: Plan, zone: TimeZone, wallMs: number, before: number, after: number): number[] {
  const shown = [...new Set([wallMs - before, wallMs - after])]
    .filter((ms) => ms + zone.offsetMs(ms) === wallMs)
    .toSorted((a, b) => a - b);
  if (plan.isByWall) return shown;
  // Cron makes up for what was left out as soon as the clocks were changed, and repeats nothing.
  return shown.length > 0 ? shown.slice(0, 1) : [changeBetween(zone, wallMs - after, wallMs - before)];
}

/** The first minute after the clocks were changed, which lies between two instants. */
function changeBetween(zone: TimeZone, earlyMs: number, lateMs: number): number {
  let [low, high] = [Math.min(earlyMs, lateMs), Math.max(earlyMs, lateMs)];
  const offset = zone.offsetMs(low);
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
    if (zone.offsetMs(middle) === offset) low = middle;
    else high = middle;
  }
  return high;
}

function isDayOf({ doms, months, dows, needsBothDays }: Plan, dayMs: number): boolean {
  const date = new Date(dayMs);
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const isDom = doms.has(date.getUTCDate());
  const isDow = dows.has(date.getUTCDay());
  return needsBothDays ? isDom && isDow : isDom || isDow;
}

/** As zettarepl has it: a window that ends when it begins is open all day. */
function isInWindow({ begin, end }: Plan, minute: number): boolean {
  return begin < end ? begin <= minute && minute <= end : minute >= begin || minute <= end;
}

function startOfDay(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}

function minuteOfDay(text: string): number | undefined {
  const match = /^(\d{1,2}):(\d{2})(?::\d{2})?$/u.exec(text);
  if (match === null) return undefined;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minutes < 24 * 60 ? minutes : undefined;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** The values of one field, sorted: `*`, `5`, `1-5`, `mon,fri`, each with a step. Undefined for anything else. */
function valuesOf(
  text: string,
  least: number,
  most: number,
  names: readonly string[] = [],
): number[] | undefined {
  const values = new Set<number>();
  const numberOf = (word: string): number => {
    const index = names.indexOf(word);
    return index < 0 ? Number(word) : index + least;
  };
  for (const part of text.trim().toLowerCase().split(',')) {
    const match = /^(?:\*|(\d{1,2}|[a-z]{3})(?:-(\d{1,2}|[a-z]{3}))?)(?:\/(\d{1,4}))?$/u.exec(part);
    if (match === null) return undefined;
    const [, first, last, step = '1'] = match;
    // One value with a step is read in different ways.
    if (first !== undefined && last === undefined && match[3] !== undefined) return undefined;
    const from = first === undefined ? least : numberOf(first);
    const to = first === undefined ? most : numberOf(last ?? first);
    if (!(from >= least && to <= most && from <= to && Number(step) > 0)) return undefined;
    for (let value = from; value <= to; value += Number(step)) values.add(value);
  }
  return [...values].toSorted((a, b) => a - b);
}
