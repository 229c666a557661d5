/** How an exception looks on the wire: the error object, its reason and its trace (PROTOCOL section 2). */
import {
  CallError,
  ERRNO,
  errorName,
  PlainError,
  type ValidationEntry,
  ValidationErrors,
} from './exceptions.ts';

/** An exception taken apart, for error objects and for job rows. */
export interface Failure {
  readonly className: string;
  readonly errno: number;
  readonly reason: string;
  readonly repr: string;
  readonly traceback: string;
  readonly extra: unknown;
  /** As `exc_info` of a job. */
  readonly info: {
    readonly repr: string;
    readonly type: string;
    readonly errno: number | null;
    readonly extra: unknown;
  };
}

/** Takes any thrown value apart. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof ValidationErrors) {
    const reason = validationReason(error.entries);
    const repr = `ValidationErrors(${JSON.stringify(error.entries)})`;
    return fail('ValidationErrors', ERRNO.EINVAL, reason, repr, error.entries, 'VALIDATION', null);
  }
  if (error instanceof CallError) {
    const reason = `[${errorName(error.errno)}] ${error.message}`;
    const repr = `CallError(${JSON.stringify(error.message)}, ${error.errno})`;
    return fail('CallError', error.errno, reason, repr, error.extra, 'CallError', error.errno);
  }
  const className = error instanceof PlainError ? error.className : classOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const repr = `${className}(${message === '' ? '' : JSON.stringify(message)})`;
  return fail(className, ERRNO.EINVAL, message === '' ? repr : message, repr, null, className, null);
}

/** One `[ERRNAME] attribute: message` line per entry, each ended by a newline. */
export function validationReason(entries: readonly ValidationEntry[]): string {
  return entries
    .map(([attribute, message, errno]) => `[${errorName(errno)}] ${attribute ?? 'ALL'}: ${message}\n`)
    .join('');
}

function classOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function fail(
  className: string,
  errno: number,
  reason: string,
  repr: string,
  extra: unknown,
  type: string,
  infoErrno: number | null,
): Failure {
  const traceback = [
    'Traceback (most recent call last):',
    '  File "/usr/lib/python3/dist-packages/middlewared/main.py", line 1, in _call',
    `middlewared.service_exception.${className}: ${reason}`,
    '',
  ].join('\n');
  return { className, errno, reason, repr, traceback, extra, info: { repr, type, errno: infoErrno, extra } };
}
