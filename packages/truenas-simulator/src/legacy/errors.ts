/** The error object of the older protocol: one form for Linux, a shorter one for FreeBSD. */
import {
  CallError,
  ERRNO,
  errorName,
  InstanceNotFound,
  PlainError,
  ValidationError,
  type ValidationEntry,
  ValidationErrors,
} from '../errors/exceptions.ts';
import { describeFailure, type Failure } from '../errors/failure.ts';
import { pythonRepr } from '../errors/python.ts';
import { ProtocolError } from '../wire/wire-error.ts';
import type { LegacyDialect } from './dialect.ts';
import { EAGAIN, freebsdErrno } from './errno.ts';
import { MethodNotFoundError } from './lookup.ts';

/** What the connection itself refuses: without a trace, and without the number's name in the text. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly errno: number;

  constructor(message: string, errno: number) {
    super(message);
    this.errno = errno;
  }
}

/** Arguments that do not fit, as FreeBSD releases tell it: the first complaint, and the innermost name. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';

  constructor(field: string, message: string) {
    super(`[${field}] ${message}`);
  }
}

/** An exception as the wire and the job table of this release tell it. */
export interface LegacyFailure {
  readonly errno: number;
  readonly type: 'VALIDATION' | null;
  /** As the wire has it, and as jobs keep it. */
  readonly reason: string;
  readonly text: string;
  readonly className: string;
  readonly repr: string;
  readonly traceback: string;
  readonly extra: unknown;
}

/** Takes any thrown value apart. */
export function legacyFailure(error: unknown, { family }: LegacyDialect): LegacyFailure {
  const isFreebsd = family === 'core';
  const number = (errno: number): number => (isFreebsd ? freebsdErrno(errno) : errno);
  const failure = described(error);
  const { repr, traceback } = failure;
  const base = { repr, traceback, className: failure.className, type: null, extra: failure.extra };
  if (error instanceof ValidationErrors || error instanceof ValidationError) {
    const entries = error instanceof ValidationErrors ? error.entries : [error.entry];
    return {
      ...base,
      className: isFreebsd && error instanceof InstanceNotFound ? 'ValidationError' : failure.className,
      errno: number(error instanceof ValidationErrors ? EAGAIN : error.entry[2]),
      type: 'VALIDATION',
      reason: failure.reason,
      text: failure.reason,
      extra: entries.map(([field, message, errno]): ValidationEntry => [field, message, number(errno)]),
    };
  }
  const reason = isFreebsd ? failure.text : failure.reason;
  return { ...base, errno: number(failure.errno), reason, text: failure.text };
}

/** The `error` of a frame. */
export function legacyError(thrown: unknown, dialect: LegacyDialect): Record<string, unknown> {
  const error = asRefusal(thrown);
  const isFreebsd = dialect.family === 'core';
  if (error instanceof Refusal) {
    const errno = isFreebsd ? freebsdErrno(error.errno) : error.errno;
    return {
      error: errno,
      ...(isFreebsd ? {} : { errname: errorName(error.errno) }),
      ...{ type: null, reason: error.message, trace: null, extra: null },
    };
  }
  const { errno, type, reason, className, repr, traceback, extra } = legacyFailure(error, dialect);
  return {
    error: errno,
    ...(isFreebsd ? {} : { errname: nameOf(errno) }),
    type,
    reason,
    trace: {
      class: className,
      frames: [frameOf(repr, isFreebsd)],
      formatted: traceback,
      ...(isFreebsd ? {} : { repr }),
    },
    extra,
  };
}

/** Newer releases raise an exception where it is the connection that refuses here. */
function asRefusal(error: unknown): unknown {
  if (!(error instanceof CallError)) return error;
  const isRefusal =
    error.errno === ERRNO.ENOTAUTHENTICATED ||
    (error.errno === ERRNO.EACCES && error.message === 'Not authorized');
  return isRefusal ? new Refusal(error.message, error.errno) : error;
}

function nameOf(errno: number): string {
  return errno === EAGAIN ? 'EAGAIN' : errorName(errno);
}

/** Not signed in. */
export function legacyNotAuthenticated({ family }: LegacyDialect): Refusal {
  return new Refusal('Not authenticated', family === 'core' ? 13 : 207);
}

/** Signed in, without the permission. */
export function legacyNotAuthorized(): Refusal {
  return new Refusal('Not authorized', 13);
}

function described(error: unknown): Failure {
  if (error instanceof SchemaError) {
    const failure = describeFailure(new PlainError(error.message, 'Error'));
    return { ...failure, repr: `<Error ${error.message}>` };
  }
  if (error instanceof ProtocolError) return describeFailure(new CallError(error.message));
  if (error instanceof MethodNotFoundError) {
    return { ...describeFailure(error), className: 'MethodNotFoundError', repr: error.repr };
  }
  const failure = describeFailure(error);
  // The number that an error has by itself is not printed.
  if (error instanceof CallError && error.errno === ERRNO.EFAULT) {
    return { ...failure, repr: `CallError(${pythonRepr(error.message)})` };
  }
  // A missing key is printed as the key itself, not as text about it.
  const isKey = error instanceof PlainError && error.className === 'KeyError';
  return isKey ? { ...failure, repr: `KeyError(${error.message})` } : failure;
}

function frameOf(line: string, isFreebsd: boolean): Record<string, unknown> {
  const root = isFreebsd ? '/usr/local/lib/python3.11/site-packages' : '/usr/lib/python3/dist-packages';
  return {
    filename: `${root}/middlewared/main.py`,
    lineno: 1,
    method: 'call_method',
    line: `raise ${line}`,
    argspec: ['self', 'message', 'serviceobj', 'methodobj'],
    locals: {},
  };
}
