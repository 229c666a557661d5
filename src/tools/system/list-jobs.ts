import * as z from 'zod';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { type Columns, defineList, type ListRows, type Question } from '../define-list.ts';
import { timeOf } from '../support/clock.ts';
import { counted, pageHere, pageQuery, readCount, sortRows } from '../support/list-reading.ts';
import { field, rowsOf } from '../support/rows.ts';
import { jobFilter } from './job-filters.ts';
import { readJobSight, sightNote } from './job-sight.ts';
import { argumentsText, durationText, type Job, JOB_STATES, jobRow, progressText } from './jobs.ts';
import { readTaskJobs, TASK_JOB_USES, type TaskJob } from './task-jobs.ts';

interface Row extends Job {
  readonly about: string | undefined;
  readonly took: string | undefined;
}

const COLUMNS: Columns<Row> = {
  id: { type: 'number', from: 'id', isKey: true, sort: 'desc' },
  method: { type: 'text', from: 'method', sort: 'asc' },
  about: { type: 'text', maxLength: 60 },
  state: { type: 'text', from: 'state', sort: 'asc' },
  progress: { type: 'text', value: progressText, maxLength: 60 },
  started: { type: 'time', value: (job) => job.time_started },
  took: { type: 'text' },
  error: { type: 'text', maxLength: 120 },
  description: { type: 'text', maxLength: 100, isOnDemand: true },
};

/** Jobs, newest first. A key without full administration is shown few, so the last runs of tasks come from their tasks. */
export const listJobs = defineList({
  name: 'list_jobs',
  toolset: 'system',
  title: 'List jobs',
  words: 'running task progress history failed what is the NAS doing',
  description: 'Recent and running jobs, newest first: what each is about, progress and errors.',
  noun: 'jobs',
  filters: {
    states: z.array(z.enum(JOB_STATES)).min(1).optional(),
    method: z.string().optional().describe('part of the API method, or a pattern with *'),
    since: z.string().optional().describe('started after: 24h, 7d or an ISO date'),
    until: z.string().optional().describe('started before'),
  },
  columns: COLUMNS,
  sortedBy: 'id',
  carriesFreeText: true,
  uses: ['core.get_jobs', 'auth.me', 'system.info', ...TASK_JOB_USES],
  mayLack: ['auth.me', 'system.info', ...TASK_JOB_USES].map((method) => ({ method })),
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
    const [time, sight, tasks] = await Promise.all([
      timeOf(nas, context.now()),
      readJobSight(nas),
      readTaskJobs(nas),
    ]);
    const filter = await jobFilter(nas, question.input, time.nowMs);
    const parts = { filters: filter.filters, select: Object.keys(jobRow) };
    const [result, count, hidden] = await Promise.all([
      nas.call('core.get_jobs', pageQuery(question, parts)),
      readCount(nas, 'core.get_jobs', parts),
      hiddenOf(nas, tasks.jobs.filter(filter.matches)),
    ]);
    const rowOf = (job: Job): Row => ({
      ...job,
      about: tasks.taskOf(job) ?? argumentsText(job.arguments, MAX_ABOUT),
      took: durationText(job, time.nowMs),
    });
    const found =
      hidden.length === 0
        ? counted(rowsOf(result, jobRow).map(rowOf), count, question)
        : await mergedPage(nas, question, parts, hidden, rowOf);
    return {
      ...found,
      notes: [
        ...(found.notes ?? []),
        ...time.notes,
        ...filter.notes,
        ...tasks.gaps,
        ...[sightNote(sight)].filter((note) => note !== undefined),
      ],
    };
  },
});

/** As much of a job's arguments as tells it from its like. */
const MAX_ABOUT = 60;
/** Jobs read to be merged here; a NAS keeps about 1,000. */
const MAX_MERGED = 5000;

/** Those that `core.get_jobs` does not show. */
async function hiddenOf(nas: ReadClient, jobs: readonly TaskJob[]): Promise<readonly TaskJob[]> {
  const ids = jobs.flatMap(({ id }) => id ?? []);
  if (ids.length === 0) return [];
  const parameters = query({ filters: [['id', 'in', ids]], select: ['id'] });
  const rows = rowsOf(await nas.call('core.get_jobs', parameters), { id: field.number });
  const seen = new Set(rows.map(({ id }) => id));
  return jobs.filter(({ id }) => id !== null && !seen.has(id));
}

/** A page of the jobs that the NAS lists together with those that only tasks tell of. */
async function mergedPage(
  nas: ReadClient,
  question: Question<unknown, Row>,
  parts: Parameters<typeof pageQuery>[1],
  hidden: readonly TaskJob[],
  rowOf: (job: Job) => Row,
): Promise<ListRows<Row>> {
  const whole = { ...question, page: { offset: 0, limit: MAX_MERGED } };
  const rows = rowsOf(await nas.call('core.get_jobs', pageQuery(whole, parts)), jobRow);
  // An id that could not be read a moment ago may be there now.
  const listed = new Set(rows.map(({ id }) => id));
  const others = hidden.filter(({ id }) => !listed.has(id));
  const newestFirst = sortRows([...rows, ...others], ({ id }) => id, 'desc');
  return {
    ...pageHere(question, newestFirst.map(rowOf)),
    isAtLeast: rows.length >= MAX_MERGED,
  };
}
