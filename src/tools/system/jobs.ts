/** Fields and texts of jobs. A job's `result` is never read: it is large and can hold secrets. */
import { formatDuration } from '../../output/time.ts';
import { formatPercent } from '../../output/units.ts';
import { safeText } from '../../output/untrusted.ts';
import { field, isObject, type RowOf } from '../support/rows.ts';

/** States of a job. */
export const JOB_STATES = ['WAITING', 'RUNNING', 'SUCCESS', 'FAILED', 'ABORTED'] as const;

/** The parts of a job that a list shows. */
export const jobRow = {
  id: field.number,
  method: field.text,
  arguments: field.unknown,
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

/**
 * The arguments of a job in one line, `tank, START`; undefined for none. They came through the redactor, as every answer
 * does; here they are made harmless and short.
 */
export function argumentsText(value: unknown, maxLength: number): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (!Array.isArray(value)) return 'could not be read';
  const text = value.map((item) => argumentText(item, 0)).join(', ');
  if (text === '') return undefined;
  return text.length > maxLength ? `${safeText(text.slice(0, maxLength - 3))}...` : safeText(text);
}

const MAX_DEPTH = 4;
/** Items of a list, keys of an object: the rest is cut anyway. */
const MAX_ITEMS = 20;
const MAX_TEXT = 200;

function argumentText(value: unknown, depth: number): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'string') return value.slice(0, MAX_TEXT);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '-' : value.toISOString();
  if (typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  if (depth >= MAX_DEPTH) return '...';
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => argumentText(item, depth + 1));
    return `[${items.join(', ')}${value.length > MAX_ITEMS ? ', ...' : ''}]`;
  }
  if (!isObject(value)) return '-';
  const entries = Object.entries(value).slice(0, MAX_ITEMS);
  return `{${entries.map(([key, item]) => `${key}: ${argumentText(item, depth + 1)}`).join(', ')}}`;
}
