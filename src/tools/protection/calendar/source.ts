/** One kind of scheduled task: how it is asked for, and the fields of a row that decide when it runs. */
import type { ScheduledTask } from '../../../findings/schedule.ts';
import type { TimeZone } from '../../../output/time-zone.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { query } from '../../../truenas/query.ts';
import type { lastJob, lastState } from '../../items/protection/last-run.ts';
import { planFor, type Schedule, SCHEDULE, scheduleWords } from '../../items/protection/schedule-columns.ts';
import { field, type Fields, type RowOf, rowsOf } from '../../support/rows.ts';
import type { Plan, ScheduleReader } from '../../support/schedule-times.ts';

/** Most tasks of one kind that are read. */
export const MAX_TASKS = 100;

/** A task as the calendar shows it. */
export interface CalendarTask extends ScheduledTask {
  /** Dataset, pool, path or disks; safe text. */
  readonly about: string;
  /** In words; null where it has none or it could not be read. */
  readonly schedule: string | null;
  /** `planned` runs by its schedule; all others do not, or nobody can tell. */
  readonly state: 'planned' | 'off' | 'on hold' | 'locked' | 'by hand' | 'unknown';
  readonly isRunning: boolean;
  /** A limit of its runs, e.g. the least days between scrubs. */
  readonly note?: string | undefined;
  /** A fact besides its schedule that could not be read. */
  readonly unknown?: string | undefined;
}

/** A task before its runs are worked out. */
export interface PlannedTask extends Omit<CalendarTask, 'runs' | 'isNever' | 'schedule'> {
  readonly schedule: string | null;
  /** Each of them starts it; null where one could not be read. */
  readonly plans: readonly Plan[] | null;
  readonly allows?: (zone: TimeZone, ms: number) => boolean;
  /** The last start, and the least time from one start to the next. */
  readonly spacing?: { readonly lastMs: number; readonly leastMs: number } | undefined;
}

/** One kind of task. */
export interface CalendarSource {
  readonly noun: string;
  readonly method: string;
  read(nas: ReadClient): Promise<PlannedTask[]>;
}

/** Fields that every kind but SMART tests has. */
export const COMMON = { id: field.number, enabled: field.flag, schedule: SCHEDULE };

/** A kind whose rows one query method answers. @param form makes a task of a row */
export function source<Shape extends Fields>(
  noun: string,
  method: string,
  shape: Shape,
  form: (row: RowOf<Shape>) => PlannedTask,
): CalendarSource {
  return {
    noun,
    method,
    async read(nas) {
      const parameters = query({ select: Object.keys(shape), orderBy: ['id'], limit: MAX_TASKS });
      return rowsOf(await nas.call(method, parameters), shape).map(form);
    },
  };
}

/** State and times of a task that its schedule alone starts. */
export function planned(
  { enabled, schedule }: { readonly enabled: boolean | null; readonly schedule: Schedule },
  reader: ScheduleReader,
): Pick<PlannedTask, 'state' | 'schedule' | 'plans'> {
  const plan = planFor(schedule, reader);
  return {
    state: enabled === false ? 'off' : enabled === null ? 'unknown' : 'planned',
    schedule: scheduleWords(schedule),
    plans: plan === undefined ? null : [plan],
  };
}

/** `cron job nightly`, or its number where it has no name. */
export function named(noun: string, id: number | null, name: string | null): Pick<PlannedTask, 'label'> {
  return { label: `${noun} ${safeCell(name || `#${id ?? '-'}`, 60)}` };
}

/** Safe text, a dash for none. */
export function cell(text: string | null): string {
  return safeCell(text || '-', 80);
}

/** Of a task whose state zettarepl tells: a gap where it could not be read. */
export function unknownState(state: ReturnType<typeof lastState>): string | undefined {
  return (state?.state ?? null) === null ? 'whether it is on hold' : undefined;
}

/** Whether its last job is under way, or waits for its turn. */
export function isRunning(job: ReturnType<typeof lastJob>): boolean {
  return job?.state === 'RUNNING' || job?.state === 'WAITING';
}

/** How long its last successful job took, in milliseconds. */
export function tookMs(job: ReturnType<typeof lastJob>): number | null {
  if (job?.state !== 'SUCCESS') return null;
  const { time_started: from, time_finished: to } = job;
  return from === null || to === null || to < from ? null : to - from;
}
