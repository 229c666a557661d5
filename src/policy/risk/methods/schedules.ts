/** Schedules of what protects data: running less often is a loss. */
import { higherRisk, loses } from '../finding.ts';
import { found, isRecord, isSame, NOTHING, odd, type Rule } from '../rule.ts';
import { plainSchedule, scheduleWithHours } from './support.ts';

/** A schedule; less often than before, or so that it cannot be told, loses a protection. */
export function frequencySchedule(reason: string, hasHours = false): Rule {
  const form = hasHours ? scheduleWithHours : plainSchedule;
  return {
    ...form,
    worst: 'destroys',
    judge(looked) {
      const { value, before } = looked;
      if (value === null) return before === NOTHING ? [] : found(looked, loses(reason));
      if (!isRecord(value)) return odd(looked, 'destroys');
      const shape = form.judge(looked).map((finding) => ({
        ...finding,
        risk: higherRisk(finding.risk, 'destroys'),
      }));
      if (isSame(value, before)) return shape;
      // What is left out may fall back to once a week, as of scrubs.
      const isWhole = SPANS.every(([name]) => value[name] !== undefined);
      const next = isWhole ? runsOf({ ...(isRecord(before) ? before : {}), ...value }) : undefined;
      const last = runsOf(before);
      const isAsOften = next !== undefined && last !== undefined && isNoLess(next, last);
      return isAsOften ? shape : [...shape, ...found(looked, loses(reason))];
    },
  };
}

const SPANS: readonly (readonly [name: string, first: number, last: number, missing: string])[] = [
  ['minute', 0, 59, '00'],
  ['hour', 0, 23, '*'],
  ['dom', 1, 31, '*'],
  ['month', 1, 12, '*'],
  ['dow', 1, 7, '*'],
];

/** When a schedule comes up: points of time in ascending order, and the length of what repeats. */
interface Points {
  readonly points: readonly number[];
  readonly cycle: number;
}

/** When something runs: days of 28 years, and minutes of such a day. */
interface Runs {
  readonly days: Points;
  readonly minutes: Points;
}

/**
 * True when it runs on as many days and as many times a day as before, and nowhere with a longer pause. Numbers alone do not
 * tell: every minute of the 31st of February is often, and never.
 */
function isNoLess(next: Runs, last: Runs): boolean {
  return ([next.days, next.minutes] as const).every((points, index) => {
    const before = index === 0 ? last.days : last.minutes;
    return points.points.length >= before.points.length && longestPause(points) <= longestPause(before);
  });
}

function longestPause({ points, cycle }: Points): number {
  const [first] = points;
  if (first === undefined) return Infinity;
  return Math.max(...points.map((point, index) => (points[index + 1] ?? first + cycle) - point));
}

/** When a schedule comes up; `undefined` when it is written in another way than numbers. */
function runsOf(schedule: unknown): Runs | undefined {
  if (!isRecord(schedule)) return undefined;
  const isOpen = openHours(schedule['begin'], schedule['end']);
  const [minute, hour, dom, month, dow] = SPANS.map(([name, first, last, missing]) =>
    valuesOf(schedule[name] ?? missing, first, last),
  );
  if (!minute || !hour || !dom || !month || !dow || isOpen === undefined) return undefined;
  const minutes = upTo(DAY).filter(
    (each) => hour.has(Math.floor(each / 60)) && minute.has(each % 60) && isOpen(each),
  );
  const days = calendar().flatMap((day, index) =>
    dom.has(day.dom) && month.has(day.month) && dow.has(day.dow) ? [index] : [],
  );
  return { days: { points: days, cycle: CYCLE }, minutes: { points: minutes, cycle: DAY } };
}

const DAY = 24 * 60;
/** After 28 years, in days, dates fall on the same days of the week again. */
const CYCLE = 10_227;

type Day = Readonly<Record<'dom' | 'month' | 'dow', number>>;
let calendarDays: readonly Day[] | undefined;

function calendar(): readonly Day[] {
  calendarDays ??= upTo(CYCLE).map((each) => {
    const date = new Date(Date.UTC(2024, 0, 1 + each));
    return { dom: date.getUTCDate(), month: date.getUTCMonth() + 1, dow: date.getUTCDay() };
  });
  return calendarDays;
}

function upTo(end: number): number[] {
  return Array.from({ length: end }, (_, index) => index);
}

/** The values that a field of a schedule takes: `*`, `*\/5`, `1,2`, `8-17`. */
function valuesOf(field: unknown, first: number, last: number): ReadonlySet<number> | undefined {
  if (typeof field !== 'string') return undefined;
  const taken = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
    if (match === null) return undefined;
    const [, from, to, step] = match;
    // Whether a step goes on from a single value is read in two ways.
    if (from !== undefined && to === undefined && step !== undefined) return undefined;
    const low = from === undefined ? first : Number(from);
    const high = to === undefined ? (from === undefined ? last : low) : Number(to);
    const by = step === undefined ? 1 : Number(step);
    if (by === 0) return undefined;
    // Sunday may be written 0 or 7.
    for (let value = low; value <= high && value <= last; value += by)
      taken.add(last === 7 ? value % 7 : value);
  }
  return taken;
}

/** Tells of a minute of the day whether it lies between `begin` and `end`, `HH:MM`, which may lie in the night between. */
function openHours(begin: unknown, end: unknown): ((minute: number) => boolean) | undefined {
  const from = minutesOf(begin ?? '00:00');
  const to = minutesOf(end ?? '23:59');
  if (from === undefined || to === undefined) return undefined;
  return (minute) => (to >= from ? minute >= from && minute <= to : minute >= from || minute <= to);
}

function minutesOf(text: unknown): number | undefined {
  const match = typeof text === 'string' ? /^(\d{1,2}):(\d{2})(?::\d{2})?$/.exec(text) : null;
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}
