import { z } from 'zod';
import { InputProblem } from '../../output/problem.ts';
import { parseMoment } from '../../output/time.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { type Columns, defineList } from '../define-list.ts';
import { nameFilter } from '../support/inputs.ts';
import { counted, pageQuery, readCount } from '../support/list-reading.ts';
import { field, rowsOf } from '../support/rows.ts';
import { durationText, type Job, JOB_STATES, jobRow, progressText } from './jobs.ts';

const COLUMNS: Columns<Job & { took: string | undefined }> = {
  id: { type: 'number', from: 'id', isKey: true, sort: 'desc' },
  method: { type: 'text', from: 'method', sort: 'asc' },
  state: { type: 'text', from: 'state', sort: 'asc' },
  progress: { type: 'text', value: progressText, maxLength: 60 },
  started: { type: 'time', value: (job) => job.time_started },
  took: { type: 'text' },
  error: { type: 'text', maxLength: 120 },
  description: { type: 'text', maxLength: 100, isOnDemand: true },
};

/** Jobs, newest first. A key without full administration sees its own jobs only, and the NAS does not say so: we do. */
export const listJobs = defineList({
  name: 'list_jobs',
  toolset: 'system',
  title: 'List jobs',
  description: 'Recent and running jobs, newest first, with progress and errors.',
  noun: 'jobs',
  filters: {
    states: z.array(z.enum(JOB_STATES)).min(1).optional(),
    method: z.string().optional().describe('part of the API method, or a pattern with *'),
    since: z.string().optional().describe('started after: 24h, 7d or an ISO date'),
  },
  columns: COLUMNS,
  sortedBy: 'id',
  carriesFreeText: true,
  uses: ['core.get_jobs'],
  examples: [
    { args: {}, why: 'what ran lately' },
    {
      args: { states: ['FAILED', 'RUNNING'], method: 'repl*', since: '7d' },
      why: 'a period, which takes a call of its own',
    },
    { args: { method: 'pool', limit: 1 }, why: "a part of a method's name, paged" },
    { args: { sort: 'method' }, why: 'alike ones newest first' },
    { args: { sort: 'state', order: 'desc' }, why: 'descending text' },
    { args: { sort: 'id', order: 'asc' }, why: 'oldest first' },
  ],
  async read(nas, question, context) {
    const { states, method, since } = question.input;
    const nowMs = context.now();
    const base: Filter[] = [
      ...(states === undefined ? [] : ([['state', 'in', states]] as const)),
      ...nameFilter('method', method, '', 'method'),
    ];
    const filters = [...base, ...(await startedSince(nas, base, since, nowMs))];
    const [result, count] = await Promise.all([
      nas.call('core.get_jobs', pageQuery(question, { filters, select: Object.keys(jobRow) })),
      readCount(nas, 'core.get_jobs', { filters }),
    ]);
    const rows = rowsOf(result, jobRow).map((job) => ({ ...job, took: durationText(job, nowMs) }));
    const found = counted(rows, count, question);
    return {
      ...found,
      notes: [
        ...(found.notes ?? []),
        '(those that this key may see: without full administration only its own)',
      ],
    };
  },
});

const TIMES = { id: field.number, time_started: field.time };
/** Jobs that a NAS keeps; more ids than that are never asked for. */
const MAX_JOBS = 1000;

/**
 * A NAS cannot compare a job's times with a date that is sent to it (its own carry no zone). So the oldest id that
 * belongs to the period is found first, from ids and times alone, and the period becomes a filter on the id.
 */
async function startedSince(
  nas: ReadClient,
  base: readonly Filter[],
  since: string | undefined,
  nowMs: number,
): Promise<Filter[]> {
  if (since === undefined) return [];
  const sinceMs = parseMoment(since, nowMs);
  if (sinceMs === undefined) {
    throw new InputProblem('since', 'is neither a span nor a date', 'e.g. "24h", "7d" or "2026-03-01"');
  }
  const parameters = query({
    filters: base,
    select: ['id', 'time_started'],
    orderBy: ['-id'],
    limit: MAX_JOBS,
  });
  const rows = rowsOf(await nas.call('core.get_jobs', parameters), TIMES);
  const ids = rows.flatMap((job) =>
    job.id !== null && (job.time_started ?? nowMs) >= sinceMs ? [job.id] : [],
  );
  return [['id', '>=', ids.length === 0 ? Number.MAX_SAFE_INTEGER : Math.min(...ids)]];
}
