import { z } from 'zod';
import { InputProblem } from '../../output/problem.ts';
import { factLines } from '../../output/table.ts';
import { formatAge, formatInstant, isoInstant } from '../../output/time.ts';
import { cutMiddle, quoted, safeCell, safeLines } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { defineTool } from '../define.ts';
import { factsOutput } from '../support/outputs.ts';
import { field, rowsOf } from '../support/rows.ts';
import { durationText, jobRow, progressText } from './jobs.ts';

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
};

/** Longest error text and log excerpt shown, in characters. */
const ERROR_LENGTH = 1500;
const LOG_LENGTH = 3000;

/** One job: how far it is, or why it failed. */
export const getJob = defineTool({
  name: 'get_job',
  toolset: 'system',
  title: 'Get job',
  description: 'One job: state, progress, error and the end of its log.',
  input: z.strictObject({ id: z.number().int().min(0) }),
  output: factsOutput,
  carriesFreeText: true,
  uses: ['core.get_jobs'],
  examples: [
    { args: { id: 1 }, why: 'a job of the simulated NAS' },
    { args: { id: 999_999 }, why: 'a job that is not there' },
  ],
  async run(nas, input, context) {
    const nowMs = context.now();
    const result = await nas.call(
      'core.get_jobs',
      query({ filters: [['id', '=', input.id]], select: Object.keys(JOB), limit: 1 }),
    );
    const [job] = rowsOf(result, JOB);
    if (job === undefined) throw await unknownJob(nas, input.id);

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
    const text = [
      `job ${input.id} ${safeCell(job.method ?? '-')}: ${state}`,
      ...factLines([
        ['description', description],
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
    ].join('\n');
    return {
      text,
      data: {
        id: input.id,
        method: safeCell(job.method ?? '-'),
        state,
        description,
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

async function unknownJob(nas: ReadClient, id: number): Promise<InputProblem> {
  const result = await nas.call('core.get_jobs', query({ select: ['id'], orderBy: ['-id'], limit: 1 }));
  const [last] = rowsOf(result, { id: field.number });
  const right = last?.id
    ? `the newest is ${last.id}; list_jobs shows them`
    : 'list_jobs shows those this key may see';
  return new InputProblem(
    'id',
    `names no job that this key may see: ${id} (a restart of the NAS forgets old jobs)`,
    right,
  );
}
