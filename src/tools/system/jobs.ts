/** Fields and texts of jobs. A job's `result` and `arguments` are never read: they are large and can hold secrets. */
import { formatDuration } from '../../output/time.ts';
import { formatPercent } from '../../output/units.ts';
import { field, type RowOf } from '../support/rows.ts';

/** States of a job. */
export const JOB_STATES = ['WAITING', 'RUNNING', 'SUCCESS', 'FAILED', 'ABORTED'] as const;

/** The parts of a job that a list shows. */
export const jobRow = {
  id: field.number,
  method: field.text,
  description: field.text,
  state: field.text,
  progress: field.object({ percent: field.number, description: field.text }),
  error: field.rawText,
  time_started: field.time,
  time_finished: field.time,
};
export type Job = RowOf<typeof jobRow>;

/** `42 % copying`, for a job that runs. */
export function progressText(job: Pick<Job, 'progress' | 'state'>): string | undefined {
  if (job.progress === null || job.state === 'SUCCESS') return undefined;
  const { percent, description } = job.progress;
  const words = [percent === null ? undefined : formatPercent(percent), description ?? undefined];
  return words.filter(Boolean).join(' ') || undefined;
}

/** `12 min`; of a job that runs, so far. */
export function durationText(
  job: Pick<Job, 'time_started' | 'time_finished'>,
  nowMs: number,
): string | undefined {
  if (job.time_started === null) return undefined;
  return formatDuration(Math.max(0, (job.time_finished ?? nowMs) - job.time_started));
}
