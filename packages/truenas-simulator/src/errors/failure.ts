/** How an exception looks on the wire: the error object, its reason and its trace (PROTOCOL section 2). */
import {
  CallError,
  ERRNO,
  errorName,
  InstanceNotFound,
  PlainError,
  ValidationError,
  type ValidationEntry,
  ValidationErrors,
} from './exceptions.ts';
import { pythonRepr, pythonText } from './python.ts';

/** An exception taken apart, for error objects and for job rows. */
export interface Failure {
  readonly className: string;
  readonly errno: number;
  readonly reason: string;
  /** The same, empty where the exception has no text; as jobs keep it. */
  readonly text: string;
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
    const { entries } = error;
    const reason = entries.map((entry) => `${validationReason(entry)}\n`).join('');
    const repr = `ValidationErrors([${entries.map(validationRepr).join(', ')}])`;
    return fail('ValidationErrors', ERRNO.EINVAL, reason, repr, entries, 'VALIDATION', null);
  }
  if (error instanceof ValidationError) {
    const { entry } = error;
    const isMissing = error instanceof InstanceNotFound;
    const repr = isMissing ? `InstanceNotFound(${pythonRepr(entry[1])})` : validationRepr(entry);
    const className = isMissing ? 'InstanceNotFound' : 'ValidationError';
    return fail(className, ERRNO.EINVAL, validationReason(entry), repr, [entry], 'VALIDATION', entry[2]);
  }
  if (error instanceof CallError) {
    const reason = `[${errorName(error.errno)}] ${error.message}`;
    const repr = `CallError(${pythonRepr(error.message)}, ${error.errno})`;
    return fail('CallError', error.errno, reason, repr, error.extra, 'CallError', error.errno);
  }
  const className = error instanceof PlainError ? error.className : classOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const repr = `${className}(${message === '' ? '' : pythonRepr(message)})`;
  const failure = fail(className, ERRNO.EINVAL, message === '' ? repr : message, repr, null, className, null);
  return { ...failure, text: message };
}

/** `[ERRNAME] attribute: message`. */
function validationReason([attribute, message, errno]: ValidationEntry): string {
  return `[${errorName(errno)}] ${pythonText(attribute)}: ${message}`;
}

function validationRepr([attribute, message, errno]: ValidationEntry): string {
  return `ValidationError(${pythonRepr(attribute)}, ${pythonRepr(message)}, ${errno})`;
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
  return {
    className,
    errno,
    reason,
    text: reason,
    repr,
    traceback,
    extra,
    info: { repr, type, errno: infoErrno, extra },
  };
}
