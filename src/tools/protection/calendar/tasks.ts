/** Everything that a NAS runs by a schedule, each with its runs in a window. */
import type { TimeZone } from '../../../output/time-zone.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { gapText, readPart } from '../../support/part.ts';
import { nextRun, runsWithin } from '../../support/schedule-times.ts';
import { type CalendarTask, MAX_TASKS, type PlannedTask } from './source.ts';
import { CALENDAR_SOURCES } from './sources.ts';
import type { Window } from './window.ts';

/** Runs of one task that are counted; one that runs each minute has more in a month. */
export const MAX_RUNS = 2000;

/** What was read. */
export interface Calendar {
  readonly tasks: readonly CalendarTask[];
  /** Kinds that could not be read, and schedules that could not; safe text. */
  readonly gaps: readonly string[];
  /** Kinds of which there are more than were looked at. */
  readonly cut: readonly string[];
}

/** Methods that {@link readCalendar} calls. */
export const CALENDAR_USES: readonly string[] = [
  ...CALENDAR_SOURCES.map(({ method }) => method),
  'pool.query',
];

/** Reads every kind as a part of its own; kinds that the release lacks are left out. */
export async function readCalendar(
  nas: ReadClient,
  window: Window,
  zone: TimeZone | undefined,
): Promise<Calendar> {
  const read = await Promise.all(
    CALENDAR_SOURCES.map(async (each) => {
      if (!(await nas.has(each.method))) return { each, tasks: [], gap: undefined };
      const part = await readPart(nas, (limited) => each.read(limited));
      return { each, tasks: 'value' in part ? part.value : [], gap: gapText(part) };
    }),
  );
  const tasks = read.flatMap(({ tasks: found }) => found.map((task) => withRuns(task, window, zone)));
  const unclear = tasks.filter(
    ({ state, runs }) => state === 'unknown' || (state === 'planned' && runs === null),
  );
  return {
    tasks,
    gaps: [
      ...read.flatMap(({ each, gap }) => (gap === undefined ? [] : [`${each.noun}s ${gap}`])),
      ...(zone === undefined ? [] : firstFew(unclear, ({ label }) => `when ${label} runs (not readable)`)),
      ...firstFew(
        tasks.filter(({ unknown }) => unknown !== undefined),
        ({ label, unknown = '' }) => `of ${label} ${unknown}`,
      ),
    ],
    cut: read.flatMap(({ each, tasks: found }) => (found.length >= MAX_TASKS ? [`${each.noun}s`] : [])),
  };
}

const MAX_GAPS = 4;

function firstFew(tasks: readonly CalendarTask[], text: (task: CalendarTask) => string): string[] {
  const rest = tasks.length - MAX_GAPS;
  return [...tasks.slice(0, MAX_GAPS).map(text), ...(rest > 0 ? [`the same of ${rest} more`] : [])];
}

function withRuns(task: PlannedTask, window: Window, zone: TimeZone | undefined): CalendarTask {
  const { plans, allows, spacing, ...rest } = task;
  if (task.state !== 'planned') return { ...rest, runs: [], isNever: false };
  if (plans === null || zone === undefined) return { ...rest, runs: null, isNever: false };
  // The minute at which the window begins belongs to it.
  const fromMs = window.fromMs - 1;
  const all = plans.flatMap((plan) => runsWithin(plan, zone, fromMs, window.toMs, MAX_RUNS));
  const allowed = [...new Set(all)]
    .filter((ms) => allows === undefined || allows(zone, ms))
    .toSorted((a, b) => a - b)
    .slice(0, MAX_RUNS);
  const isNever = all.length === 0 && plans.every((plan) => nextRun(plan, zone, fromMs) === null);
  return { ...rest, runs: spacing === undefined ? allowed : spaced(allowed, spacing), isNever };
}

/** Runs that come long enough after the one before. */
function spaced(
  runs: readonly number[],
  { lastMs, leastMs }: { readonly lastMs: number; readonly leastMs: number },
): number[] {
  let before = lastMs;
  return runs.filter((ms) => {
    if (ms < before + leastMs) return false;
    before = ms;
    return true;
  });
}
