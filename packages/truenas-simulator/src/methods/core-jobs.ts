/** `core.*` about jobs: the table, waiting, ending, and many calls in one. */
import * as z from 'zod';
import { resultSecrets } from '../calls/introspection.ts';
import { findMethod } from '../calls/lookup.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { CallError, ERRNO, InstanceNotFound, PlainError } from '../errors/exceptions.ts';
import { describeFailure } from '../errors/failure.ts';
import { pythonText } from '../errors/python.ts';
import { isJobVisible, jobAccessProblem } from '../jobs/job-access.ts';
import type { JobRow } from '../jobs/job-table.ts';
import { text } from '../schema/schema.ts';
import { withoutSecrets } from '../schema/secrets.ts';

export const CORE_JOB_METHODS: readonly SimMethod[] = [
  {
    name: 'core.get_jobs',
    description: 'Jobs the caller may see.',
    auth: 'login',
    filterable: true,
    run: visibleJobs,
  },
  {
    name: 'core.job_wait',
    description: 'A job that ends when another has, with its result.',
    auth: 'login',
    params: [['id', z.int()]],
    job: {},
    run: waitForJob,
  },
  {
    name: 'core.job_abort',
    description: 'Asks a job to end.',
    auth: 'login',
    params: [['id', z.int()]],
    returns: z.null(),
    run(context: MethodContext, id: number) {
      findJob(context, id, 'abort');
      context.jobs.abort(id);
      return null;
    },
  },
  {
    name: 'core.bulk',
    description: 'Calls one method for each list of arguments, in order.',
    auth: 'login',
    params: [
      ['method', text()],
      ['params', z.array(z.array(z.unknown()))],
      ['description', text().nullable().default(null)],
    ],
    job: { lock: (args) => `bulk:${String(args[0])}` },
    returns: z.array(
      z.strictObject({ job_id: z.int().nullable(), error: z.string().nullable(), result: z.unknown() }),
    ),
    run: runBulk,
  },
];

function visibleJobs(
  context: MethodContext,
  _filters: unknown,
  { extra }: { extra?: { raw_result?: unknown } },
): JobRow[] {
  const { jobs, session } = context;
  const rows = jobs.rows().filter((row) => isJobVisible(context, session, row));
  if (extra?.raw_result === true) return rows;
  return rows.map((row) => {
    const secrets = row.result === null ? [] : resultSecrets(context, row.method);
    return secrets.length === 0 ? row : { ...row, result: withoutSecrets(row.result, secrets) };
  });
}

/** A job that the caller may see or end. @throws InstanceNotFound, CallError EPERM */
export function findJob(context: MethodContext, id: number, access: 'read' | 'abort'): JobRow {
  const row = context.jobs.get(id);
  if (row === undefined) throw new InstanceNotFound(`Job with id ${id} does not exist`);
  const problem = jobAccessProblem(context, context.session, row, access);
  if (problem !== null) throw new CallError(problem, ERRNO.EPERM);
  return row;
}

/** Ends as the other job does; of one that was aborted there is no result. */
async function waitForJob(context: MethodContext, id: number): Promise<unknown> {
  findJob(context, id, 'read');
  const row = await context.jobs.finished(id);
  if (row === undefined || row.error === null || row.error === '') return row?.result ?? null;
  const failure = context.jobs.failure(id);
  throw failure instanceof CallError ? failure : new CallError(row.error, ERRNO.EFAULT);
}

async function runBulk(
  context: MethodContext,
  name: string,
  items: unknown[][],
  description: string | null,
): Promise<unknown> {
  const { internals, session, job, jobs } = context;
  const method = findMethod(internals.methods, name);
  // What needs no role is in nobody's list of granted methods.
  const isGranted =
    session.isFullAdmin || ((method.auth ?? 'role') === 'role' && internals.mayCall(session, method));
  if (!isGranted) throw new CallError('Not authorized', ERRNO.EPERM);
  const results: unknown[] = [];
  for (const [index, params] of items.entries()) {
    const what = description === null ? '' : `: ${formatted(description, params)}`;
    job?.progress((100 * index) / items.length, `${index} / ${items.length}${what}`);
    try {
      const { jobId, result } = await internals.callAndWait(session, name, params);
      const row = jobId === null ? undefined : jobs.get(jobId);
      results.push({ job_id: jobId, error: row?.error ?? null, result });
    } catch (error) {
      results.push({ job_id: null, error: describeFailure(error).text, result: null });
    }
  }
  return results;
}

/** `{}` and `{0}` stand for arguments. @throws PlainError for one that is not there */
function formatted(description: string, params: readonly unknown[]): string {
  let next = 0;
  return description.replaceAll(/\{\{|\}\}|\{(\d*)\}/g, (whole, place: string | undefined) => {
    if (place === undefined) return whole.charAt(0);
    const index = place === '' ? next++ : Number(place);
    if (index >= params.length) {
      throw new PlainError(`Replacement index ${index} out of range for positional args tuple`, 'IndexError');
    }
    return pythonText(params[index]);
  });
}
