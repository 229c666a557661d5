/** From a method's name and arguments to its result: authorisation, validation, jobs, queries, secrets. */
import { type AuditedCall, auditedCall } from '../audit/entries.ts';
import { checkArguments, paramsOf, returnsOf } from '../schema/arguments.ts';
import { CallError, ERRNO } from '../errors/exceptions.ts';
import { METHOD_NOT_FOUND } from '../wire/framing.ts';
import { runTwisted, type Twist, twistedArguments } from '../control/twists.ts';
import type { Internals } from './internals.ts';
import type { JobCredentials, JobHandle } from '../jobs/job-table.ts';
import type { MethodContext, SimMethod, SimParams } from './method.ts';
import { applyQuery, type QueryOptions } from '../query/apply.ts';
import { querySql } from '../query/sql.ts';
import { sqlTable } from '../query/sql-tables.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { grantingRoles } from '../auth/granting.ts';
import { type SecretPath, secretPaths, withoutSecrets } from '../schema/secrets.ts';
import type { Core } from '../server/core.ts';
import type { SimSession } from '../session/session-state.ts';
import { toJson } from '../wire/codec.ts';
import { checkLegacyArguments } from '../schema/legacy.ts';
import { isLegacyMethod } from '../schema/legacy-methods.ts';
import { isPrivateName } from './private-names.ts';
import { refuseUnknown } from './versioned.ts';
import { notAuthenticated, notAuthorized, ProtocolError } from '../wire/wire-error.ts';

/** What one call carries besides its method and arguments. */
export interface Caller {
  readonly session: SimSession;
  /** JSON-RPC id, for a job's `message_ids`. */
  readonly requestId?: unknown;
  /** A fault that a test ordered for this call. */
  readonly twist?: Twist | undefined;
}

/** Executes calls against one boot of the NAS. */
export interface Dispatcher {
  /**
   * Lets a call in, and answers what executes it. Methods that need no waiting answer at once, not with a promise.
   * @throws CallError, ProtocolError; the execution throws ValidationErrors as well
   */
  admit(caller: Caller, name: string, params: readonly unknown[]): () => unknown;
  /** True when the caller may call the method. */
  mayCall(session: SimSession, method: SimMethod): boolean;
  /** Starts a job method and answers the job's id. @throws CallError, ProtocolError */
  startJob(session: SimSession, name: string, params: readonly unknown[]): number;
  /** Executes a method, waits for its job if it is one, and answers both. */
  callAndWait(
    session: SimSession,
    name: string,
    params: readonly unknown[],
  ): Promise<{ jobId: number | null; result: unknown }>;
}

/** A method with what is derived from it once. */
interface Prepared {
  readonly method: SimMethod;
  readonly params: SimParams;
  /** Checks arguments and fills defaults. @throws ValidationErrors, CallError */
  readonly check: (args: readonly unknown[]) => unknown[];
  /** Roles that grant it, expanded upward. */
  readonly grantedBy: readonly string[];
  readonly secretResult: readonly SecretPath[];
  readonly secretArguments: readonly (readonly SecretPath[])[];
}

const preparedByRelease = new Map<SimRelease, Map<string, Prepared>>();

function prepare(release: SimRelease, method: SimMethod): Prepared {
  let known = preparedByRelease.get(release);
  if (known === undefined) {
    known = new Map();
    preparedByRelease.set(release, known);
  }
  let prepared = known.get(method.name);
  if (prepared === undefined || prepared.method !== method) {
    const params = paramsOf(method, release);
    const returns = returnsOf(method, release);
    prepared = {
      method,
      params,
      check:
        release === '25.04' && isLegacyMethod(method.name)
          ? (args) => checkLegacyArguments(params, args)
          : (args) => checkArguments(params, args, release),
      grantedBy: grantingRoles(release, method),
      secretResult: returns === undefined ? [] : secretPaths(returns, 'output'),
      secretArguments: params.map(([, schema]) => secretPaths(schema, 'input')),
    };
    known.set(method.name, prepared);
  }
  return prepared;
}

/** Makes the dispatcher of one boot. */
export function createDispatcher(core: Core, internals: () => Internals): Dispatcher {
  const { release } = core;

  function contextOf(session: SimSession, audit: AuditedCall | null, job?: JobHandle): MethodContext {
    const { world, accounts, jobs, events, now } = core;
    const about = (subject: string): void => audit?.about(subject);
    const context = { release, world, accounts, jobs, events, now, session, internals: internals(), about };
    return job === undefined ? context : { ...context, job };
  }

  function mayCall(session: SimSession, method: SimMethod): boolean {
    const auth = method.auth ?? 'role';
    if (auth === 'none') return true;
    if (session.credential === null) return false;
    return auth === 'login' || session.isFullAdmin || session.hasRole(...prepare(release, method).grantedBy);
  }

  function auditOf(prepared: Prepared, session: SimSession, params: readonly unknown[]): AuditedCall | null {
    const { name, audited, auditedSince } = prepared.method;
    if (audited === undefined || (auditedSince !== undefined && !isAtLeast(release, auditedSince)))
      return null;
    return auditedCall(core, session, name, audited, shownArguments(prepared, params));
  }

  function authorize(session: SimSession, method: SimMethod, audit: AuditedCall | null): void {
    if (method.auth === 'none') return;
    if (session.credential === null) {
      audit?.refused();
      throw notAuthenticated();
    }
    // What a login is enough for is let through before anybody looks whether the login still holds.
    if (method.auth === 'login') return;
    if (session.isExpired()) throw new CallError('Session is expired', ERRNO.EACCES);
    if (!mayCall(session, method)) {
      audit?.refused();
      throw notAuthorized();
    }
  }

  function execute(
    prepared: Prepared,
    session: SimSession,
    params: readonly unknown[],
    audit: AuditedCall | null,
    { job, twist }: { readonly job?: JobHandle; readonly twist?: Twist | undefined } = {},
  ): unknown {
    const { method } = prepared;
    const checked =
      prepared.params.length === 0 && params.length === 0 ? NO_ARGUMENTS : prepared.check(params);
    const context = contextOf(session, audit, job);
    // Without the fields that are left undone it may lack what a call needs: the NAS saw them when it checked.
    const args = twist?.kind === 'half' ? prepared.check(twistedArguments(params, twist)) : checked;
    const work = (): unknown => method.run(context, ...(args as never[]));
    const result = twist === undefined ? work() : runTwisted(twist, core.jobs, job, work);
    const finish = (value: unknown): unknown => finishResult(prepared, session, args, value);
    return result instanceof Promise ? result.then(finish) : finish(result);
  }

  function finishResult(
    { method, secretResult }: Prepared,
    session: SimSession,
    args: readonly unknown[],
    value: unknown,
  ): unknown {
    let result: unknown = value === undefined ? null : value;
    const isQuery = method.filterable === true;
    if (isQuery && method.answersQuery !== true) {
      const [filters, options] = args.slice(-2) as [readonly unknown[], QueryOptions];
      const table = sqlTable(method.name, release);
      const rows = value as Iterable<object>;
      result =
        table === undefined ? applyQuery(rows, filters, options) : querySql(table, rows, filters, options);
    }
    if (secretResult.length === 0 || session.isFullAdmin || session.hasRole(...(method.secretRoles ?? []))) {
      return result;
    }
    if (isQuery && Array.isArray(result)) return result.map((row) => withoutSecrets(row, secretResult));
    return withoutSecrets(result, secretResult);
  }

  /** Executes at once, and writes the outcome into the audit log. */
  function perform(
    prepared: Prepared,
    session: SimSession,
    params: readonly unknown[],
    audit: AuditedCall | null,
    twist?: Twist,
  ): unknown {
    if (audit === null) return execute(prepared, session, params, null, { twist });
    let result: unknown;
    try {
      result = execute(prepared, session, params, audit, { twist });
    } catch (error) {
      audit.ended(false);
      throw error;
    }
    if (result instanceof Promise) {
      result.then(
        () => audit.ended(true),
        () => audit.ended(false),
      );
    } else audit.ended(true);
    return result;
  }

  function launch(
    prepared: Prepared,
    caller: Caller,
    params: readonly unknown[],
    audit: AuditedCall | null,
  ): number {
    const { method } = prepared;
    const { session, requestId, twist } = caller;
    const id = core.jobs.start({
      method: method.name,
      args: shownArguments(prepared, params),
      rawArgs: argumentsOrRaw(prepared, params),
      options: method.job ?? {},
      credentials: () => jobCredentials(session),
      isFullAdmin: session.isFullAdmin,
      messageIds: requestId === undefined ? [] : [requestId],
      run: (job) => execute(prepared, session, params, audit, { job, twist }),
    });
    if (audit !== null) void core.jobs.finished(id).then((row) => audit.ended(row?.state === 'SUCCESS'));
    return id;
  }

  async function jobResult(id: number): Promise<unknown> {
    const row = await core.jobs.finished(id);
    if (row === undefined) throw new CallError('Job vanished', ERRNO.EFAULT);
    if (row.state === 'SUCCESS') return row.result;
    // An aborted job has no result, and neither has one that failed without a text.
    if (row.error === null || row.error === '') return null;
    throw core.jobs.failure(id) ?? new CallError(row.error, ERRNO.EFAULT);
  }

  function find(name: string, session: SimSession | null = null): SimMethod {
    const method = core.methods.get(name);
    if (session !== null && method === undefined && isPrivateName(name)) {
      if (session.credential === null) throw notAuthenticated();
      if (!session.isFullAdmin) throw notAuthorized();
    }
    if (method === undefined) throw new ProtocolError(METHOD_NOT_FOUND, 'Method does not exist');
    return method;
  }

  return {
    mayCall,
    admit(caller, name, params) {
      const { session, twist } = caller;
      const method = find(name, session);
      const prepared = prepare(release, method);
      const audit = auditOf(prepared, session, params);
      authorize(session, method, audit);
      if (session.apiVersion !== 'current') refuseUnknown(release, session.apiVersion, name);
      if (method.job === undefined) return () => perform(prepared, session, params, audit, twist);
      return () => {
        const id = launch(prepared, caller, params, audit);
        return session.options.legacyJobs ? id : jobResult(id);
      };
    },
    startJob(session, name, params) {
      const prepared = prepare(release, find(name));
      const audit = auditOf(prepared, session, params);
      authorize(session, prepared.method, audit);
      return launch(prepared, { session }, params, audit);
    },
    async callAndWait(session, name, params) {
      const method = find(name);
      const prepared = prepare(release, method);
      const audit = auditOf(prepared, session, params);
      authorize(session, method, audit);
      if (method.job === undefined) {
        return { jobId: null, result: await perform(prepared, session, params, audit) };
      }
      const jobId = launch(prepared, { session }, params, audit);
      return { jobId, result: await jobResult(jobId) };
    },
  };
}

const NO_ARGUMENTS: readonly unknown[] = [];

/** Arguments as jobs and the audit log show them: as given, or one for each parameter where they are wrong. */
function shownArguments({ secretArguments, params, check }: Prepared, args: readonly unknown[]): unknown[] {
  const shown = args.map((arg, index) => withoutSecrets(arg, secretArguments[index] ?? []));
  try {
    check(args);
    return shown;
  } catch {
    return Array.from({ length: Math.max(shown.length, params.length) }, (_, index) => shown[index] ?? null);
  }
}

/** Lock and description functions see arguments with defaults; bad ones fail later, in the job. */
function argumentsOrRaw({ check }: Prepared, args: readonly unknown[]): readonly unknown[] {
  try {
    return check(args);
  } catch {
    // As text where they are objects: not every object can be made one by whoever expects a name.
    return args.map((arg) => (arg !== null && typeof arg === 'object' ? toJson(arg) : arg));
  }
}

/** Who started a job, as its row says. */
export function jobCredentials(session: SimSession): JobCredentials | null {
  const { credential } = session;
  return credential === null ? null : { type: credential.type, data: credential.data };
}
