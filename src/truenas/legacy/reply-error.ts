/**
 * Errors of the older protocol (LEGACY section 2). They are brought into the form that JSON-RPC gives the same error, so
 * that one piece of code words both; only the advice differs where keys have allow lists instead of roles.
 */
import { errorFromReply } from '../connection/reply-error.ts';
import { TrueNasError } from '../errors.ts';
import type { Log } from '../log.ts';
import { legacyName, type LegacyNas } from './dialect.ts';
import { freebsdErrno } from './errno.ts';

/** The frame that an error answers. */
export interface LegacyErrorContext {
  readonly method: string;
  /** The verb that an allow list of 24.10 has for it. */
  readonly verb: 'CALL' | 'SUBSCRIBE';
  readonly nas: LegacyNas;
  readonly log: Log;
  /** Takes our own credential out of a text. */
  readonly scrub: (text: string) => string;
}

const METHOD_CALL_ERROR = -32001;
const TOO_MANY_CALLS = -32000;
const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;

const ERRNO_EACCES = 13;
const ERRNO_ETOOMANYREFS = 109;
const ERRNO_ENOMETHOD = 201;
const ERRNO_ENOTAUTHENTICATED = 207;

/** The error for an `error` object of a frame. */
export function legacyError(error: unknown, context: LegacyErrorContext): TrueNasError {
  const problem = errorFromReply(asJsonRpc(error, context), context);
  if (problem.kind !== 'not-authorized' || problem.errno !== ERRNO_EACCES) return problem;
  const isOfDispatcher = (asRecord(error).trace ?? null) === null;
  return notAllowed(problem, isOfDispatcher, context);
}

/** An error object as JSON-RPC would carry it. */
export function asJsonRpc(
  error: unknown,
  { method, nas }: Pick<LegacyErrorContext, 'method' | 'nas'>,
): Record<string, unknown> {
  const data = translated(asRecord(error), nas);
  const code = codeOf(data, method);
  // JSON-RPC has codes instead of numbers for what the dispatcher refuses before it runs anything.
  const isRefused = code === METHOD_NOT_FOUND || code === TOO_MANY_CALLS;
  return { code, message: '', data: isRefused ? { ...data, error: undefined, errname: undefined } : data };
}

/** The `data` with errno and errname of Linux, and the one refused field of CORE as a list. */
function translated(error: Record<string, unknown>, nas: LegacyNas): Record<string, unknown> {
  const reason = textOf(error.reason);
  const trace = asRecord(error.trace);
  if (reason === '' && trace.class === 'MatchNotFound') return { ...error, reason: 'MatchNotFound()' };
  if (nas.product !== 'CORE') return error;
  if (isNotAuthenticated(error))
    return { ...error, error: ERRNO_ENOTAUTHENTICATED, errname: 'ENOTAUTHENTICATED' };
  const known = typeof error.error === 'number' ? freebsdErrno(error.error) : undefined;
  const named = /^\[(E[A-Z0-9]+)\]/u.exec(reason)?.[1];
  const field = trace.class === 'Error' ? /^\[([\w.-]+)\] ([\s\S]+)$/u.exec(reason) : null;
  return {
    ...error,
    error: known?.errno ?? error.error,
    errname: named ?? known?.name,
    ...(field === null ? {} : { type: 'VALIDATION', extra: [[field[1], field[2], 22]] }),
  };
}

/** CORE's dispatcher says so with the number for a missing right, and without a trace. */
function isNotAuthenticated({ error, reason, trace }: Record<string, unknown>): boolean {
  return error === ERRNO_EACCES && (trace ?? null) === null && reason === 'Not authenticated';
}

function codeOf(data: Record<string, unknown>, method: string): number {
  if (data.error === ERRNO_ENOMETHOD && isAbout(textOf(data.reason), method)) return METHOD_NOT_FOUND;
  if (data.error === ERRNO_ETOOMANYREFS && (data.trace ?? null) === null) return TOO_MANY_CALLS;
  return data.type === 'VALIDATION' ? INVALID_PARAMS : METHOD_CALL_ERROR;
}

/** True when the method that the NAS does not know is the one that was called, and none that it calls itself. */
function isAbout(reason: string, method: string): boolean {
  const dot = method.lastIndexOf('.');
  const service = method.slice(0, Math.max(dot, 0));
  return (
    reason.includes(`'${method.slice(dot + 1)}' not found in '${service}'`) ||
    reason.includes(`Service '${service}' not found`)
  );
}

/**
 * An API key of 24.10 has no roles: its allow list decides, and the dispatcher says so without a trace. What a method itself
 * refuses is no matter of the key, and on CORE every key may call everything.
 */
function notAllowed(
  problem: TrueNasError,
  isOfDispatcher: boolean,
  { method, verb, nas }: LegacyErrorContext,
): TrueNasError {
  const { summary, nasText, errname, errno, cause } = problem;
  const may = verb === 'CALL' ? 'may not call' : 'may not listen to';
  const isMissing = nas.product !== 'CORE' && isOfDispatcher;
  const missingEntry = isMissing ? { method: verb, resource: resourceOf(method) } : undefined;
  const nextStep =
    missingEntry === undefined
      ? `The API key of ${legacyName(nas)} may call it: the method itself refused, so read what it says.`
      : `Add ${JSON.stringify(missingEntry)} to the allow list of this API key; keys of ${legacyName(nas)} belong to no user and have no roles.`;
  return new TrueNasError('not-authorized', {
    summary: summary.replace(
      /^The account may not call (\S+?)(:|$)/u,
      missingEntry === undefined ? '$1 was refused$2' : `The API key ${may} $1$2`,
    ),
    nextStep,
    method,
    nasText,
    errname,
    errno,
    missingEntry,
    cause,
  });
}

/** A source of events is named with its argument, which differs from time to time: `*` stands for any, and for none. */
function resourceOf(method: string): string {
  return method.replace(/:[\s\S]*$/u, '*');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
