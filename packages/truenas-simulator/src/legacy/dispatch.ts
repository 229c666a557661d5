/** From a method's name and arguments to its result, as the older releases go about it. */
import type { Caller, Dispatcher } from '../calls/dispatch.ts';
import { jobCredentials } from '../calls/dispatch.ts';
import type { Internals } from '../calls/internals.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { runTwisted, type Twist, twistedArguments } from '../control/twists.ts';
import { CallError, ERRNO } from '../errors/exceptions.ts';
import type { JobHandle } from '../jobs/job-table.ts';
import { applyQuery, type QueryOptions } from '../query/apply.ts';
import { MAX_LIMIT } from '../query/check.ts';
import { querySql } from '../query/sql.ts';
import { sqlTable } from '../query/sql-tables.ts';
import { isCore, type LegacyRelease } from '../releases.ts';
import { returnsOf } from '../schema/arguments.ts';
import { type SecretPath, secretPaths, withoutSecrets } from '../schema/secrets.ts';
import type { Core } from '../server/core.ts';
import type { SimSession } from '../session/session-state.ts';
import { toJson } from '../wire/codec.ts';
import { mayCallByKey } from './access.ts';
import { type ArgumentCheck, argumentCheck, legacyParams } from './arguments.ts';
import type { CoreOptions } from './core-filters.ts';
import { queryCore } from './core-query.ts';
import { coreTable } from './core-tables.ts';
import { dialectOf } from './dialect.ts';
import { legacyNotAuthenticated, legacyNotAuthorized } from './errors.ts';
import { findLegacyMethod } from './lookup.ts';
import { rolesOf2410 } from './roles.ts';

/** A method with what is derived from it once. */
interface Prepared {
  readonly method: SimMethod;
  readonly paramCount: number;
  readonly check: ArgumentCheck;
  readonly grantedBy: readonly string[];
  readonly secretResult: readonly SecretPath[];
}

const preparedByRelease = new Map<LegacyRelease, WeakMap<SimMethod, Prepared>>();

function prepare(legacy: LegacyRelease, method: SimMethod): Prepared {
  const known = preparedByRelease.get(legacy) ?? new WeakMap<SimMethod, Prepared>();
  preparedByRelease.set(legacy, known);
  let prepared = known.get(method);
  if (prepared === undefined) {
    const returns = isCore(legacy) ? undefined : returnsOf(method, '25.04');
    prepared = {
      method,
      paramCount: legacyParams(legacy, method).length,
      check: argumentCheck(legacy, method),
      grantedBy: isCore(legacy) ? [] : rolesOf2410(method),
      secretResult: returns === undefined ? [] : secretPaths(returns, 'output'),
    };
    known.set(method, prepared);
  }
  return prepared;
}

/** Makes the dispatcher of one boot of an older release. @throws Error for a newer one */
export function createLegacyDispatcher(core: Core, internals: () => Internals): Dispatcher {
  const { legacy, release } = core;
  if (legacy === null) throw new Error('not an older release');
  const dialect = dialectOf(legacy);

  function contextOf(session: SimSession, job?: JobHandle): MethodContext {
    const { world, accounts, jobs, events, now } = core;
    const context = { release, world, accounts, jobs, events, now, session, internals: internals() };
    return { ...context, about: () => undefined, ...(job === undefined ? {} : { job }) };
  }

  function mayCall(session: SimSession, method: SimMethod): boolean {
    const { auth = 'role' } = method;
    if (auth === 'none') return true;
    if (session.credential === null) return false;
    if (isCore(dialectRelease)) return true;
    if (session.credential.type === 'API_KEY') return mayCallByKey(session, method.name);
    if (auth === 'login' || session.isFullAdmin) return true;
    return session.hasRole(...prepare(dialectRelease, method).grantedBy);
  }
  const dialectRelease: LegacyRelease = legacy;

  function authorize(session: SimSession, method: SimMethod): void {
    if (method.auth === 'none') return;
    if (session.credential === null) throw legacyNotAuthenticated(dialect);
    if (!mayCall(session, method)) throw legacyNotAuthorized();
  }

  function execute(
    prepared: Prepared,
    session: SimSession,
    params: readonly unknown[],
    { job, twist }: { readonly job?: JobHandle; readonly twist?: Twist | undefined } = {},
  ): unknown {
    const { method } = prepared;
    const checked = prepared.check(params);
    const args = twist?.kind === 'half' ? prepared.check(twistedArguments(params, twist)) : checked;
    const context = contextOf(session, job);
    const work = (): unknown => method.run(context, ...(givenTo(method, args) as never[]));
    const result = twist === undefined ? work() : runTwisted(twist, core.jobs, job, work);
    const finish = (value: unknown): unknown => finishResult(prepared, session, args, value);
    return result instanceof Promise ? result.then(finish) : finish(result);
  }

  /** Where the dispatcher filters, methods need not know what for; on FreeBSD they are given no filters at all. */
  function givenTo(method: SimMethod, args: readonly unknown[]): readonly unknown[] {
    if (method.filterable !== true) return args;
    const [filters, options] = args.slice(-2) as [readonly unknown[], QueryOptions];
    const own = args.slice(0, -2);
    if (isCore(dialectRelease)) {
      if (method.answersQuery === true) return args;
      return [...own, [], { extra: (options as CoreOptions).extra ?? {} }];
    }
    return [...own, filters, withinLimit(options)];
  }

  function finishResult(
    { method, secretResult }: Prepared,
    session: SimSession,
    args: readonly unknown[],
    value: unknown,
  ): unknown {
    let result: unknown = value === undefined ? null : value;
    if (method.filterable === true) {
      const [filters, options] = args.slice(-2) as [readonly unknown[], QueryOptions & CoreOptions];
      if (isCore(dialectRelease)) {
        if (method.answersQuery === true) return result;
        const table = coreTable(method.name);
        return queryCore(dialectRelease, table, [...(value as Iterable<object>)], filters, options);
      }
      if (method.answersQuery !== true) {
        const table = sqlTable(method.name, release);
        const rows = value as Iterable<object>;
        const asked = withinLimit(options);
        result =
          table === undefined ? applyQuery(rows, filters, asked) : querySql(table, rows, filters, asked);
      }
      const { limit = 0 } = options;
      if (limit > MAX_LIMIT && Array.isArray(result)) result = result.slice(0, limit);
    }
    if (secretResult.length === 0 || seesSecrets(session, method)) return result;
    const isList = method.filterable === true && Array.isArray(result);
    return isList
      ? (result as unknown[]).map((row) => withoutSecrets(row, secretResult))
      : withoutSecrets(result, secretResult);
  }

  /** Nothing is hidden from keys. */
  function seesSecrets(session: SimSession, { secretRoles = [] }: SimMethod): boolean {
    return (
      isCore(dialectRelease) ||
      session.credential?.type === 'API_KEY' ||
      session.isFullAdmin ||
      session.hasRole(...secretRoles)
    );
  }

  function launch(prepared: Prepared, { session, twist }: Caller, params: readonly unknown[]): number {
    const { method, check } = prepared;
    return core.jobs.start({
      method: method.name,
      args: params,
      rawArgs: argumentsOrRaw(check, params),
      options: method.job ?? {},
      credentials: () => jobCredentials(session),
      isFullAdmin: session.isFullAdmin,
      run: (job) => execute(prepared, session, params, { job, twist }),
    });
  }

  async function jobResult(id: number): Promise<unknown> {
    const row = await core.jobs.finished(id);
    if (row === undefined) throw new CallError('Job vanished', ERRNO.EFAULT);
    if (row.state === 'SUCCESS') return row.result;
    if (row.error === null || row.error === '') return null;
    throw core.jobs.failure(id) ?? new CallError(row.error, ERRNO.EFAULT);
  }

  function find(name: string): Prepared {
    return prepare(dialectRelease, findLegacyMethod(core.methods, name));
  }

  return {
    mayCall,
    admit(caller, name, params) {
      const prepared = find(name);
      const { session, twist } = caller;
      authorize(session, prepared.method);
      return prepared.method.job === undefined
        ? () => execute(prepared, session, params, { twist })
        : () => launch(prepared, caller, params);
    },
    startJob(session, name, params) {
      const prepared = find(name);
      authorize(session, prepared.method);
      return launch(prepared, { session }, params);
    },
    async callAndWait(session, name, params) {
      const prepared = find(name);
      authorize(session, prepared.method);
      if (prepared.method.job === undefined) {
        return { jobId: null, result: await execute(prepared, session, params) };
      }
      const jobId = launch(prepared, { session }, params);
      return { jobId, result: await jobResult(jobId) };
    },
  };
}

/** Any limit is taken there; one beyond what newer releases take is applied afterwards. */
function withinLimit(options: QueryOptions): QueryOptions {
  return (options.limit ?? 0) > MAX_LIMIT ? { ...options, limit: 0 } : options;
}

/** Lock and description functions see arguments with defaults; bad ones fail later, in the job. */
function argumentsOrRaw(check: ArgumentCheck, args: readonly unknown[]): readonly unknown[] {
  try {
    return check(args);
  } catch {
    return args.map((arg) => (arg !== null && typeof arg === 'object' ? toJson(arg) : arg));
  }
}
