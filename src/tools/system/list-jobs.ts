import { z } from 'zod';
import { type Field, numberField, textField, timeField } from '../../output/fields.ts';
import { listAnswer } from '../../output/list.ts';
import { InputProblem } from '../../output/problem.ts';
import { parseMoment } from '../../output/time.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { defineTool } from '../define.ts';
import { chooseFields, fieldsInput, nameFilter, orderInput, pageInputs, pageOf } from '../support/inputs.ts';
import { listOutput } from '../support/outputs.ts';
import { countOf, field, rowsOf } from '../support/rows.ts';
import { durationText, type Job, JOB_SELECT, JOB_STATES, jobRow, progressText } from './jobs.ts';

const TIMES = { id: field.number, time_started: field.time };

/** Jobs, newest first. A key without full administration sees its own jobs only, and the NAS does not say so: we do. */
export const listJobs = defineTool({
  name: 'list_jobs',
  toolset: 'system',
  title: 'List jobs',
  description: 'Recent and running jobs, newest first, with progress and errors.',
  input: z.strictObject({
    states: z.array(z.enum(JOB_STATES)).min(1).optional(),
    method: z.string().optional().describe('part of the API method, or a pattern with *'),
    since: z.string().optional().describe('started after: 24h, 7d or an ISO date'),
    sort: z.enum(['id', 'method', 'state']).optional(),
    order: orderInput,
    fields: fieldsInput(['id', 'method', 'state', 'progress', 'started', 'took', 'error', 'description']),
    ...pageInputs,
  }),
  output: listOutput,
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
  async run(nas, input, context) {
    const page = pageOf('list_jobs', input);
    const nowMs = context.now();
    const sort = input.sort ?? 'id';
    const order = input.order ?? (sort === 'id' ? 'desc' : 'asc');
    const sortKey = `${order === 'desc' ? '-' : ''}${sort}`;
    // Newest first among those that are alike; the last entry is the primary key.
    const orderBy = sort === 'id' ? [sortKey] : ['-id', sortKey];
    const base: Filter[] = [
      ...(input.states === undefined ? [] : ([['state', 'in', input.states]] as const)),
      ...nameFilter('method', input.method, '', 'method'),
    ];
    const filters = [...base, ...(await startedSince(nas, base, input.since, nowMs))];
    const [result, count] = await Promise.all([
      nas.call(
        'core.get_jobs',
        query({ filters, select: JOB_SELECT, orderBy, limit: page.limit, offset: page.offset }),
      ),
      nas.call('core.get_jobs', query({ filters, count: true })),
    ]);
    const total = countOf(count);
    return listAnswer({
      tool: 'list_jobs',
      args: input,
      noun: 'jobs',
      fields: chooseFields(
        fieldsAt(nowMs),
        input.fields,
        ['method', 'state', 'progress', 'started', 'took', 'error'],
        ['id'],
      ),
      rows: rowsOf(result, jobRow),
      offset: page.offset,
      total,
      notes: ['(those that this key may see: without full administration only its own)'],
      budgetTokens: context.budgetTokens,
    });
  },
});

function fieldsAt(nowMs: number): readonly Field<Job>[] {
  return [
    numberField('id', (job) => job.id),
    textField('method', (job) => job.method),
    textField('state', (job) => job.state),
    textField('progress', progressText, 60),
    timeField('started', (job) => job.time_started),
    textField('took', (job) => durationText(job, nowMs)),
    textField('error', (job) => job.error, 120),
    textField('description', (job) => job.description, 100),
  ];
}

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
