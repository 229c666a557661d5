/** `core.*` about jobs, as the older releases have them. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { CallError, ERRNO, PlainError } from '../../errors/exceptions.ts';
import { dialectOf } from '../../legacy/dialect.ts';
import { legacyFailure } from '../../legacy/errors.ts';
import { jobView } from '../../legacy/jobs.ts';
import { findLegacyMethod } from '../../legacy/lookup.ts';
import { isJobVisible } from '../../jobs/job-access.ts';
import type { JobRow } from '../../jobs/job-table.ts';
import { isCore, type LegacyRelease } from '../../releases.ts';
import { model, text } from '../../schema/schema.ts';

/** The methods of a release. */
export function legacyJobMethods(legacy: LegacyRelease): readonly SimMethod[] {
  return [
    {
      name: 'core.get_jobs',
      description: 'Jobs the caller may see.',
      auth: 'login',
      filterable: true,
      run: (context: MethodContext) =>
        context.jobs
          .rows()
          .filter((row) => isSeen(context, legacy, row))
          .map((row) => jobView(legacy, row)),
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
      run(context: MethodContext, id: number) {
        findJob(context, legacy, id);
        context.jobs.abort(id);
        return null;
      },
    },
    {
      name: 'core.job_test',
      description: 'A job that sleeps, second by second.',
      isPrivate: true,
      params: [['core-job', model('core-job', { sleep: z.int().optional() }).prefault({})]],
      job: { isThread: true },
      async run({ job, internals }: MethodContext, { sleep }: { sleep?: number }) {
        if (sleep === undefined) return true;
        for (let second = 0; second < sleep; second++) {
          job?.progress((second / sleep) * 100);
          await internals.delay(1000, 1000);
        }
        job?.progress(100);
        return true;
      },
    },
    {
      name: 'core.bulk',
      description: 'Calls one method for each list of arguments, in order.',
      auth: 'login',
      params: [
        ['method', text()],
        ['params', z.array(z.unknown())],
        ['description', text().nullable().default(null)],
      ],
      job: { lock: (args) => `bulk:${String(args[0])}` },
      run: (context: MethodContext, method: string, items: readonly unknown[], description: string | null) =>
        runBulk(context, legacy, method, items, description),
    },
  ];
}

function isSeen({ session, jobs }: MethodContext, legacy: LegacyRelease, row: JobRow): boolean {
  return isCore(legacy) || session.credential?.type === 'API_KEY' || isJobVisible({ jobs }, session, row);
}

/** @throws PlainError whose text is the number itself */
function findJob(context: MethodContext, legacy: LegacyRelease, id: number): JobRow {
  const row = context.jobs.get(id);
  if (row === undefined || !isSeen(context, legacy, row)) throw new PlainError(String(id), 'KeyError');
  return row;
}

async function waitForJob({ jobs }: MethodContext, id: number): Promise<unknown> {
  if (jobs.get(id) === undefined) throw new PlainError(String(id), 'KeyError');
  const row = await jobs.finished(id);
  if (row === undefined || row.error === null || row.error === '') return row?.result ?? null;
  throw new CallError(row.error, ERRNO.EFAULT);
}

async function runBulk(
  { internals, session, job }: MethodContext,
  legacy: LegacyRelease,
  name: string,
  items: readonly unknown[],
  description: string | null,
): Promise<unknown> {
  const isFreebsd = isCore(legacy);
  // Looked up at once by one release, and anew for each item by the other.
  if (!isFreebsd) findLegacyMethod(internals.methods, name);
  const results: unknown[] = [];
  for (const [index, params] of items.entries()) {
    const what = description === null ? '' : `: ${description}`;
    job?.progress((100 * index) / items.length, `${index} / ${items.length}${what}`);
    try {
      const { jobId, result } = await internals.callAndWait(session, name, params as readonly unknown[]);
      results.push({ result, error: null, ...(isFreebsd || jobId === null ? {} : { job_id: jobId }) });
    } catch (error) {
      results.push({ result: null, error: legacyFailure(error, dialectOf(legacy)).reason });
    }
  }
  return results;
}
