/** What tasks have in common that cron runs as a job: cloud syncs, cloud backups and rsync tasks. */
import { field } from '../../support/rows.ts';
import { type Join, joined, type KindRow } from '../kind.ts';
import {
  earlierSuccess,
  lastJob,
  lastRuns,
  type LastRun,
  runOfJob,
  stateText,
  UNKNOWN_RUN,
} from './last-run.ts';
import { nextBySchedule, SCHEDULE, scheduleWords, ZONE_NOTE } from './schedule-columns.ts';

/** The fields of a task that cron runs as a job. */
export const JOB_TASK = {
  id: field.number,
  enabled: field.flag,
  locked: field.flag,
  schedule: SCHEDULE,
  job: lastJob,
  earlier: joined<number | null>(),
  isLeftOut: joined<boolean>(),
};
type JobTask = KindRow<typeof JOB_TASK>;

function lastOf({ job, isLeftOut }: Pick<JobTask, 'job' | 'isLeftOut'>): LastRun | null {
  if (job !== undefined) return runOfJob(job);
  return isLeftOut === true ? null : UNKNOWN_RUN;
}

/** 25.04 leaves the job out where a task has not run; other releases say null. */
const LEFT_OUT: Join<JobTask> = {
  columns: ['state'],
  uses: [],
  async read(nas) {
    const { family } = await nas.release();
    return { add: ({ id }) => ({ isLeftOut: family === '25.04' && id !== null }) };
  },
};

/** Columns of a task that cron runs as a job. */
export const JOB_TASK_COLUMNS = {
  schedule: { type: 'text', value: ({ schedule }: JobTask) => scheduleWords(schedule) },
  enabled: { type: 'flag', from: 'enabled', isAlwaysThere: true },
  state: { type: 'text', value: (row: JobTask) => stateText(lastOf(row)) },
  last_success: { type: 'time', value: (row: JobTask) => lastOf(row)?.successMs ?? row.earlier },
  next_run: { type: 'time', sort: 'asc', value: (row: JobTask) => nextBySchedule(row, 'cron') },
  error: { type: 'text', value: (row: JobTask) => lastOf(row)?.error, maxLength: 80 },
  last_run: { type: 'time', value: (row: JobTask) => lastOf(row)?.startedMs, isOnDemand: true },
  locked: { type: 'flag', from: 'locked', isOnDemand: true },
} as const;

/** Joins of a task that runs as a job of this method. */
export function jobTaskJoins(method: string) {
  return [ZONE_NOTE, LEFT_OUT, earlierSuccess<JobTask>(method, lastOf)];
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
