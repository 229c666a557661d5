/** Which jobs a list is asked for: as filters of the NAS, and for runs that only their tasks tell of. */
import { InputProblem } from '../../output/problem.ts';
import { parseMoment } from '../../output/time.ts';
import { plural } from '../../output/units.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { matchesName, nameFilter } from '../support/inputs.ts';
import { field, rowsOf } from '../support/rows.ts';
import type { Job } from './jobs.ts';

/** The arguments that choose jobs. */
export interface JobQuestion {
  readonly states?: readonly string[] | undefined;
  readonly method?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** A question as the NAS takes it, and as it is answered here. */
export interface JobFilter {
  readonly filters: readonly Filter[];
  readonly matches: (this: void, job: Job) => boolean;
  /** What could not be judged, safe to show. */
  readonly notes: readonly string[];
}

/** Jobs that are looked at to find those of a period; a NAS keeps about 1,000. */
const MAX_JOBS = 5000;

/**
 * The filter of a question.
 * @param nowMs the clock of the NAS
 * @throws InputProblem for a moment or pattern that cannot be read
 */
export async function jobFilter(nas: ReadClient, question: JobQuestion, nowMs: number): Promise<JobFilter> {
  const { states, method } = question;
  const sinceMs = momentOf('since', question.since, nowMs) ?? Number.NEGATIVE_INFINITY;
  const untilMs = momentOf('until', question.until, nowMs) ?? Number.POSITIVE_INFINITY;
  // One of which the start is not known may belong to the period.
  const isWithin = ({ time_started: ms }: Pick<Job, 'time_started'>): boolean =>
    ms === null || (ms >= sinceMs && ms <= untilMs);
  const base: Filter[] = [
    ...(states === undefined ? [] : ([['state', 'in', states]] as const)),
    ...nameFilter('method', method, '', 'method'),
  ];
  const isAnyTime = question.since === undefined && question.until === undefined;
  const { filters, notes } = isAnyTime ? NO_PERIOD : await periodFilter(nas, base, isWithin);
  return {
    filters: [...base, ...filters],
    notes,
    matches: (job) =>
      (states === undefined || (job.state !== null && states.includes(job.state))) &&
      matchesName(job.method ?? '', method) &&
      isWithin(job),
  };
}

const NO_PERIOD = { filters: [], notes: [] };

function momentOf(argument: string, text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseMoment(text, nowMs);
  if (ms === undefined)
    throw new InputProblem(argument, 'is neither a span nor a date', 'e.g. "24h", "7d" or "2026-03-01"');
  return ms;
}

const TIMES = { id: field.number, time_started: field.time };

/**
 * A NAS cannot compare a job's times with a date that is sent to it (its own carry no zone). So the ids that belong to the
 * period are found first, from ids and times alone, and the period becomes a filter on the id.
 */
async function periodFilter(
  nas: ReadClient,
  base: readonly Filter[],
  isWithin: (job: { time_started: number | null }) => boolean,
): Promise<{ filters: readonly Filter[]; notes: readonly string[] }> {
  const parameters = query({
    filters: base,
    select: Object.keys(TIMES),
    orderBy: ['-id'],
    limit: MAX_JOBS,
  });
  const rows = rowsOf(await nas.call('core.get_jobs', parameters), TIMES);
  const ids = rows.flatMap((job) => (job.id !== null && isWithin(job) ? [job.id] : []));
  const unread = rows.filter(({ id }) => id === null).length;
  return {
    filters: ids.length === 0 ? [['id', '<', 0]] : [['id', 'in', ids]],
    notes: unread === 0 ? [] : [`(${plural(unread, 'job')} could not be read)`],
  };
}
