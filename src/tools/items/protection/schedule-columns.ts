/** When tasks run: their schedule in words, and the next run by the clock of the NAS. */
import type { NasTime } from '../../support/clock.ts';
import { field } from '../../support/rows.ts';
import {
  type CronFields,
  nextRun,
  type Plan,
  planOf,
  type ScheduleReader,
} from '../../support/schedule-times.ts';
import { scheduleText } from '../../support/schedule-text.ts';
import type { Join } from '../kind.ts';

/** A schedule of the NAS; null for a task that has none. */
export const SCHEDULE = field.nullable({
  minute: field.text,
  hour: field.text,
  dom: field.text,
  month: field.text,
  dow: field.text,
  begin: field.text,
  end: field.text,
});
export type Schedule = ReturnType<typeof SCHEDULE>;

/** The fields of a schedule of which all is known. */
export function cronFields(schedule: Schedule): CronFields | null {
  if (schedule === null) return null;
  const { minute, hour, dom, month, dow, begin, end } = schedule;
  if (minute === null || hour === null || dom === null || month === null || dow === null) return null;
  return { minute, hour, dom, month, dow, begin, end };
}

/** The schedule in words; null for one that is not there or not known. */
export function scheduleWords(schedule: Schedule): string | null {
  const fields = cronFields(schedule);
  return fields === null ? null : scheduleText(fields);
}

/** What can be said of the runs of a schedule; undefined where it is not there or cannot be read. */
export function planFor(schedule: Schedule, reader: ScheduleReader): Plan | undefined {
  const fields = cronFields(schedule);
  return fields === null ? undefined : planOf(fields, reader);
}

/** A row of a task that runs by a schedule. */
interface Scheduled {
  readonly schedule: Schedule;
  readonly enabled: boolean | null;
  /** Its dataset is locked: cron leaves it out. */
  readonly locked?: boolean | null;
  readonly time: NasTime;
}

/** The next run by the schedule; null for a task that does not run, or where schedule or time zone are not known. */
export function nextBySchedule(row: Scheduled, reader: ScheduleReader, notBeforeMs = 0): number | null {
  const plan = planFor(row.schedule, reader);
  const { zone, nowMs } = row.time;
  if (row.enabled !== true || row.locked === true || plan === undefined || zone === undefined) return null;
  return nextRun(plan, zone, Math.max(nowMs, notBeforeMs));
}

/** Says by which clock schedules are meant, or why no next run is known. Calls nothing. */
export const ZONE_NOTE: Join<unknown> = {
  columns: ['schedule', 'next_run'],
  uses: [],
  read: async (_nas, _rows, { zone }) => ({
    add: () => ({}),
    notes: [
      zone === undefined
        ? '(next runs are not known, as the time zone of the NAS is not)'
        : `(schedules are in the time zone of the NAS, ${zone.name})`,
    ],
  }),
};
