import * as z from 'zod';
import { InputProblem } from '../../output/problem.ts';
import { factLines } from '../../output/table.ts';
import { formatAge, formatInstant, isoInstant } from '../../output/time.ts';
import { cutMiddle, quoted, safeCell, safeLines } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { defineTool } from '../define.ts';
import { factsOutput } from '../support/outputs.ts';
import { timeOf } from '../support/clock.ts';
import { valueOr } from '../support/part.ts';
import { field, isObject, objectOf, type RowOf, rowsOf } from '../support/rows.ts';
import { type JobSight, readJobSight } from './job-sight.ts';
import { argumentsText, durationText, jobRow, progressText } from './jobs.ts';
import { isTaskRun, readTaskJobs, TASK_JOB_USES } from './task-jobs.ts';

const JOB = {
  ...jobRow,
  abortable: field.flag,
  logs_excerpt: field.rawText,
  exc_info: field.object({
    type: field.text,
    errno: field.number,
    repr: field.rawText,
    extra: field.unknown,
  }),
  credentials: field.unknown,
};
type Job = RowOf<typeof JOB>;

/** Longest error text and log excerpt shown, in characters. */
const ERROR_LENGTH = 1500;
const LOG_LENGTH = 3000;
/** Longest text of the arguments shown, in characters. */
const ABOUT_LENGTH = 300;

/** One job: how far it is, or why it failed. */
export const getJob = defineTool({
  name: 'get_job',
  toolset: 'system',
  title: 'Get job',
  words: 'why failed log progress error of a task',
  description: 'One job: its arguments, state, progress, error and the end of its log.',
  input: z.strictObject({ id: z.number().int().min(0) }),
  output: factsOutput,
  carriesFreeText: true,
  uses: ['core.get_jobs', 'auth.me', 'system.info', ...TASK_JOB_USES],
  mayLack: [{ method: 'system.info' }],
  examples: [
    { args: { id: 1 }, why: 'a job of the simulated NAS' },
    { args: { id: 999_999 }, why: 'a job that is not there' },
  ],
  async run(nas, input, context) {
    const parameters = query({ filters: [['id', '=', input.id]], select: Object.keys(JOB), limit: 1 });
    const [result, { nowMs, notes }] = await Promise.all([
      nas.call('core.get_jobs', parameters),
      timeOf(nas, context.now()),
    ]);
    const { job, task, gaps } = await withTask(nas, rowsOf(result, JOB)[0], input.id);

    const failure =
      job.state === 'FAILED' || job.state === 'ABORTED' ? (job.error ?? job.exc_info?.repr) : null;
    const error = failure ? cutMiddle(safeLines(failure.trim()), ERROR_LENGTH) : undefined;
    const fields = fieldErrors(job.exc_info?.extra);
    const log = job.logs_excerpt ? cutMiddle(safeLines(job.logs_excerpt.trim()), LOG_LENGTH) : undefined;
    const progress = progressText(job);
    const state = safeCell(job.state ?? 'UNKNOWN', 20);
    const description = job.description ? safeCell(job.description, 200) : undefined;
    const errorType = job.exc_info?.type ? safeCell(job.exc_info.type, 60) : undefined;
    const took = durationText(job, nowMs);
    const args = argumentsText(job.arguments, ABOUT_LENGTH);
    const startedBy = starterOf(job.credentials);
    const text = [
      `job ${input.id} ${safeCell(job.method ?? '-')}: ${state}`,
      ...factLines([
        ['description', description],
        ['runs', task],
        ['arguments', args],
        ['started by', startedBy],
        ['progress', progress && safeCell(progress, 200)],
        [
          'started',
          job.time_started === null
            ? undefined
            : `${formatInstant(job.time_started)} (${formatAge(job.time_started, nowMs)})`,
        ],
        ['finished', job.time_finished === null ? undefined : formatInstant(job.time_finished)],
        ['took', took],
        ['error type', errorType],
      ]),
      ...(error === undefined
        ? []
        : error.includes('\n')
          ? ['error:', ...quoted(error)]
          : [`error: ${error}`]),
      ...fields.map((field) => `- ${field}`),
      ...(log === undefined
        ? []
        : [`log excerpt, ${job.logs_excerpt?.length ?? 0} characters:`, ...quoted(log)]),
      ...notes,
      ...gaps,
    ].join('\n');
    return {
      text,
      data: {
        id: input.id,
        method: safeCell(job.method ?? '-'),
        state,
        description,
        runs: task,
        arguments: args,
        startedBy,
        percent: job.progress?.percent ?? undefined,
        progress: progress && safeCell(progress, 200),
        started: job.time_started === null ? undefined : isoInstant(job.time_started),
        finished: job.time_finished === null ? undefined : isoInstant(job.time_finished),
        took,
        errorType,
        error,
        fields: fields.length > 0 ? fields : undefined,
        log,
      },
    };
  },
});

/** A validation error's list of `[attribute, message, errno]`, as lines. */
function fieldErrors(extra: unknown): string[] {
  if (!Array.isArray(extra)) return [];
  return extra.slice(0, 20).flatMap((item: unknown) => {
    if (!Array.isArray(item)) return [];
    const [attribute, message]: unknown[] = item;
    if (typeof message !== 'string') return [];
    return [`${typeof attribute === 'string' ? `${safeCell(attribute)}: ` : ''}${safeCell(message, 200)}`];
  });
}

/**
 * The job, and the task that it runs. Of a job that `core.get_jobs` hides from this key its task may tell.
 * @throws InputProblem when neither knows it
 */
async function withTask(
  nas: ReadClient,
  job: Job | undefined,
  id: number,
): Promise<{ job: Job; task: string | undefined; gaps: readonly string[] }> {
  if (job !== undefined && !isTaskRun(job.method)) return { job, task: undefined, gaps: [] };
  // Without the job every kind of task may be the one that tells of it.
  const tasks = await readTaskJobs(nas, job?.method ?? undefined);
  if (job !== undefined) {
    const task = tasks.taskOf(job);
    return { job, task, gaps: task === undefined ? tasks.gaps : [] };
  }
  const hidden = tasks.jobs.find((each) => each.id === id);
  if (hidden === undefined) throw await unknownJob(nas, id, tasks.gaps);
  return { job: objectOf(hidden.row, JOB), task: hidden.task, gaps: [] };
}

async function unknownJob(nas: ReadClient, id: number, gaps: readonly string[]): Promise<InputProblem> {
  const newest = query({ select: ['id'], orderBy: ['-id'], limit: 1 });
  const [result, sight] = await Promise.all([nas.call('core.get_jobs', newest), readJobSight(nas)]);
  const [last] = rowsOf(result, { id: field.number });
  const right = last?.id
    ? `the newest is ${last.id}; list_jobs shows them`
    : 'list_jobs shows those this key may see';
  return new InputProblem(
    'id',
    `names no job that this key may see: ${id} (${[whyUnknown(sight), ...gaps].join('; ')})`,
    right,
  );
}

/** A NAS says of a job that it hides, has forgotten or never had just the same: nothing. */
function whyUnknown(sight: JobSight): string {
  const forgotten = 'a restart of the NAS forgets old jobs';
  if (valueOr(sight, undefined) === 'all') return forgotten;
  return `${forgotten}; a key without full administration sees its own, and those only as long as the connection that started them lives`;
}

/** Null is left where the NAS started the job, and of a job whose connection has ended. */
function starterOf(credentials: unknown): string | undefined {
  if (credentials === undefined) return undefined;
  if (credentials === null) return 'the NAS itself, or a connection that has ended';
  const data = isObject(credentials) ? credentials['data'] : undefined;
  const name = isObject(data) ? data['username'] : undefined;
  return typeof name === 'string' ? safeCell(name, 60) : 'unknown';
}
