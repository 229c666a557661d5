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
      const isAsOften = next !== undefined && last !== undefined && next >= last;
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

/** A measure of how often a schedule comes up; `undefined` when it is written in another way than numbers. */
function runsOf(schedule: unknown): number | undefined {
  if (!isRecord(schedule)) return undefined;
  let runs = hoursOpen(schedule['begin'], schedule['end']);
  for (const [name, first, last, missing] of SPANS) {
    const count = valuesOf(schedule[name] ?? missing, first, last);
    if (count === undefined || runs === undefined) return undefined;
    runs *= count;
  }
  return runs;
}

/** How many values a field of a schedule takes: `*`, `*\/5`, `1,2`, `8-17`. */
function valuesOf(field: unknown, first: number, last: number): number | undefined {
  if (typeof field !== 'string') return undefined;
  const taken = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
    if (match === null) return undefined;
    const [, from, to, step] = match;
    const low = from === undefined ? first : Number(from);
    const high = to === undefined ? (from === undefined ? last : low) : Number(to);
    const by = step === undefined ? 1 : Number(step);
    if (by === 0) return undefined;
    // Sunday may be written 0 or 7.
    for (let value = low; value <= high && value <= last; value += by)
      taken.add(last === 7 ? value % 7 : value);
  }
  return taken.size;
}

/** Hours of the day between `begin` and `end`, `HH:MM`. */
function hoursOpen(begin: unknown, end: unknown): number | undefined {
  const from = minutesOf(begin ?? '00:00');
  const to = minutesOf(end ?? '23:59');
  if (from === undefined || to === undefined) return undefined;
  return (to >= from ? to - from : 1440 - from + to) / 60;
}

function minutesOf(text: unknown): number | undefined {
  const match = typeof text === 'string' ? /^(\d{1,2}):(\d{2})(?::\d{2})?$/.exec(text) : null;
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}
