/** What tasks have in common that cron runs as a job: cloud syncs, cloud backups and rsync tasks. */
import { field } from '../../support/rows.ts';
import { joined, type KindRow } from '../kind.ts';
import { earlierSuccess, lastJob, lastRuns, runOfJob, stateText } from './last-run.ts';
import { nextBySchedule, SCHEDULE, scheduleWords, ZONE_NOTE } from './schedule-columns.ts';

/** The fields of a task that cron runs as a job. */
export const JOB_TASK = {
  id: field.number,
  enabled: field.flag,
  locked: field.flag,
  schedule: SCHEDULE,
  job: lastJob,
  earlier: joined<number | null>(),
};
type JobTask = KindRow<typeof JOB_TASK>;

const lastOf = ({ job }: Pick<JobTask, 'job'>) => runOfJob(job);

/** Columns of a task that cron runs as a job. */
export const JOB_TASK_COLUMNS = {
  schedule: { type: 'text', value: ({ schedule }: JobTask) => scheduleWords(schedule) },
  enabled: { type: 'flag', from: 'enabled', isAlwaysThere: true },
  state: { type: 'text', value: (row: JobTask) => (row.id === null ? null : stateText(lastOf(row))) },
  last_success: { type: 'time', value: (row: JobTask) => lastOf(row)?.successMs ?? row.earlier },
  next_run: { type: 'time', sort: 'asc', value: (row: JobTask) => nextBySchedule(row, 'cron') },
  error: { type: 'text', value: (row: JobTask) => lastOf(row)?.error, maxLength: 80 },
  last_run: { type: 'time', value: (row: JobTask) => lastOf(row)?.startedMs, isOnDemand: true },
  locked: { type: 'flag', from: 'locked', isOnDemand: true },
} as const;

/** Joins of a task that runs as a job of this method. */
export function jobTaskJoins(method: string) {
  return [ZONE_NOTE, earlierSuccess<JobTask>(method, lastOf)];
}

/** Details of a task that runs as a job of this method. */
export function jobTaskDetails(method: string) {
  return lastRuns<JobTask>(method, lastOf);
}

/** The fields that say where in a cloud it is. */
export const CLOUD_PLACE = {
  attributes: field.object({ bucket: field.text, folder: field.text }),
};

/** `nas-example/photos`: bucket and folder; null where the NAS does not say. */
export function cloudPlace({
  attributes,
}: {
  readonly attributes: ReturnType<typeof CLOUD_PLACE.attributes>;
}) {
  if (attributes === null) return null;
  const parts = [attributes.bucket, attributes.folder?.replace(/^\/+/u, '') ?? null];
  return parts.filter((part) => part !== null && part !== '').join('/') || null;
}
