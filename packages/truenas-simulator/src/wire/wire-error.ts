/** JSON-RPC error objects with the NAS's error object in `data`. */
import { CallError, ERRNO, errorName, ValidationError, ValidationErrors } from '../errors/exceptions.ts';
import { describeFailure } from '../errors/failure.ts';
import { CALL_ERROR, INVALID_PARAMS } from './framing.ts';
import { PATTERN_ERROR } from '../query/pattern.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';

/** The `error` member of a reply. */
export interface WireError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** An error that is not about a call's execution, e.g. an unknown method. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Turns anything thrown by a call into the reply's error. */
export function wireError(error: unknown, release: SimRelease, hasPyExceptions: boolean): WireError {
  if (error instanceof ProtocolError) return { code: error.code, message: error.message };
  const isValidation = error instanceof ValidationErrors || error instanceof ValidationError;
  return {
    code: isValidation ? INVALID_PARAMS : CALL_ERROR,
    message: isValidation ? 'Invalid params' : 'Method call error',
    data: errorObject(error, release, hasPyExceptions),
  };
}

/** The NAS's own error object, as `error.data` and in `notify_unsubscribed` carry it. */
export function errorObject(
  error: unknown,
  release: SimRelease,
  hasPyExceptions: boolean,
): Record<string, unknown> {
  const failure = describeFailure(error);
  const isRenamed = failure.className === PATTERN_ERROR && isAtLeast(release, '27.0');
  const trace: Record<string, unknown> = {
    class: isRenamed ? 'PatternError' : failure.className,
    formatted: failure.traceback,
    repr: failure.repr,
  };
  if (!isAtLeast(release, '27.0')) trace.frames = [frame(failure.repr)];
  const object: Record<string, unknown> = {
    error: failure.errno,
    errname: errorName(failure.errno),
    reason: failure.reason,
    trace,
    extra: failure.extra,
  };
  if (hasPyExceptions) object.py_exception = pickledException(failure.reason);
  return object;
}

/** The exception as a Python client unpickles it: `Exception(text)` in pickle's oldest, textual protocol. */
function pickledException(text: string): string {
  const escaped = text.replace(/[^\x20-\x5b\x5d-\x7e]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return Buffer.from(`cbuiltins\nException\n(V${escaped}\ntR.`).toString('base64');
}

function frame(line: string): Record<string, unknown> {
  return {
    filename: '/usr/lib/python3/dist-packages/middlewared/main.py',
    lineno: 1,
    method: '_call',
    line: `raise ${line}`,
    argspec: ['self', 'name'],
    locals: {},
  };
}

/** Not signed in. */
export function notAuthenticated(): CallError {
  return new CallError('Not authenticated', ERRNO.ENOTAUTHENTICATED);
}

/** Signed in, without the permission. */
export function notAuthorized(): CallError {
  return new CallError('Not authorized', ERRNO.EACCES);
}
