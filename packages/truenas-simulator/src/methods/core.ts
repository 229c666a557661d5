/** `core.*`: the connection itself, jobs, events, introspection. */
import { z } from 'zod';
import { CallError, ERRNO, PlainError, ValidationErrors } from '../errors/exceptions.ts';
import { isJobVisible } from '../jobs/job-access.ts';
import type { JobRow } from '../jobs/job-table.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { anyObject, text } from '../schema/schema.ts';
import { withoutSecrets } from '../schema/secrets.ts';
import { describeFailure } from '../errors/failure.ts';
import { describeMethods, describeServices, resultSecrets, TARGETS } from '../calls/introspection.ts';

const PING: SimMethod = {
  name: 'core.ping',
  description: 'Answers "pong".',
  returns: z.string(),
  run: () => 'pong',
};

const CONNECTION: readonly SimMethod[] = [
  { ...PING, releases: ['25.04'], auth: 'login' },
  { ...PING, releases: ['25.10', '27.0'], auth: 'none' },
  {
    name: 'core.set_options',
    description: 'Switches of this connection.',
    auth: 'none',
    params: (release) => [['options', sessionOptions(release)]],
    run: setOptions,
  },
  {
    name: 'core.subscribe',
    description: 'Starts notifications about an event; answers the id of the subscription.',
    auth: 'login',
    params: [['event', text()]],
    returns: z.string(),
    run: ({ internals, session }, event: string) => internals.subscribe(session, event),
  },
  {
    name: 'core.unsubscribe',
    description: 'Ends a subscription.',
    auth: 'login',
    params: [['id_', text()]],
    returns: z.null(),
    run({ internals, session }, id: string) {
      internals.unsubscribe(session, id);
      return null;
    },
  },
];

const INTROSPECTION: readonly SimMethod[] = (['25.04', '25.10'] as const).flatMap((since) => {
  const releases: readonly SimRelease[] = since === '25.04' ? ['25.04'] : ['25.10', '27.0'];
  const access =
    since === '25.04' ? ({ auth: 'none', isPrivate: true } as const) : ({ auth: 'login' } as const);
  return [
    {
      name: 'core.get_services',
      description: 'Namespaces and their kind.',
      releases,
      ...access,
      params: [['target', TARGETS]],
      returns: anyObject(),
      run: describeServices,
    },
    {
      name: 'core.get_methods',
      description: 'The methods the caller may call, with their schemas and roles.',
      releases,
      ...access,
      params: [
        ['service', text().nullable().default(null)],
        ['target', TARGETS],
      ],
      returns: anyObject(),
      run: describeMethods,
    },
  ] satisfies SimMethod[];
});

const JOBS: readonly SimMethod[] = [
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
      findJob(context, id);
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
    job: {
      lock: (args) => `bulk:${String(args[0])}`,
      description: (args) => (typeof args[2] === 'string' ? args[2] : ''),
    },
    returns: z.array(
      z.strictObject({ job_id: z.int().nullable(), error: z.string().nullable(), result: z.unknown() }),
    ),
    run: runBulk,
  },
];

/** `core.*`. */
export const CORE_METHODS: readonly SimMethod[] = [...CONNECTION, ...INTROSPECTION, ...JOBS];

const OPTIONS_2504 = z.looseObject({ py_exceptions: z.boolean().optional() });
const OPTIONS_2510 = z.looseObject({
  legacy_jobs: z.boolean().optional(),
  private_methods: z.boolean().optional(),
  py_exceptions: z.boolean().optional(),
});

function sessionOptions(release: SimRelease): z.ZodType {
  return isAtLeast(release, '25.10') ? OPTIONS_2510 : OPTIONS_2504;
}

function setOptions(
  { session, release }: MethodContext,
  wanted: { legacy_jobs?: boolean; private_methods?: boolean; py_exceptions?: boolean },
): unknown {
  const { options } = session;
  options.pyExceptions = wanted.py_exceptions ?? options.pyExceptions;
  if (!isAtLeast(release, '25.10')) return null;
  options.legacyJobs = wanted.legacy_jobs ?? options.legacyJobs;
  options.privateMethods = wanted.private_methods ?? options.privateMethods;
  return {
    legacy_jobs: options.legacyJobs,
    private_methods: options.privateMethods,
    py_exceptions: options.pyExceptions,
  };
}

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

/** @throws ValidationErrors ENOENT, CallError EPERM */
function findJob(context: MethodContext, id: number): JobRow {
  const row = context.jobs.get(id);
  if (row === undefined) throw new ValidationErrors().add('id', `Job ${id} does not exist`, ERRNO.ENOENT);
  if (!isJobVisible(context, context.session, row)) throw new CallError('Not authorized', ERRNO.EPERM);
  return row;
}

async function waitForJob(context: MethodContext, id: number): Promise<unknown> {
  findJob(context, id);
  const row = await context.jobs.finished(id);
  if (row?.state === 'SUCCESS') return row.result;
  const failure = context.jobs.failure(id);
  if (failure instanceof Error) throw failure;
  throw new PlainError(row?.error ?? 'Job was aborted', 'RuntimeError');
}

async function runBulk(context: MethodContext, name: string, items: unknown[][]): Promise<unknown> {
  const { internals, session, job } = context;
  const method = internals.methods.get(name);
  if (method === undefined) throw new CallError(`Method '${name}' not found`, ERRNO.ENOMETHOD);
  if (!internals.mayCall(session, method)) throw new CallError('Not authorized', ERRNO.EPERM);
  const results: unknown[] = [];
  for (const params of items) {
    job?.progress((100 * results.length) / items.length, '', null);
    try {
      const { jobId, result } = await internals.callAndWait(session, name, params);
      results.push({ job_id: jobId, error: null, result });
    } catch (error) {
      results.push({ job_id: null, error: describeFailure(error).reason, result: null });
    }
  }
  return results;
}
