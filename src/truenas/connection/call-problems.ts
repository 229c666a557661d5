/** The errors of a call that was not sent, or got no answer. */
import { OutcomeUnknownError, TrueNasError } from '../errors.ts';

/** The error for a call whose caller stopped waiting, or whose time was up; nothing was changed. */
export function stopped(kind: 'timeout' | 'aborted', method: string, summary: string): TrueNasError {
  return new TrueNasError(kind, {
    summary,
    nextStep:
      kind === 'timeout'
        ? 'Try again, ask for less at once, or raise TRUENAS_TIMEOUT; the NAS may be busy.'
        : 'Call again if the answer is still wanted.',
    method,
  });
}

/** The error for a write that was sent and not answered. */
export function unknownOutcome(method: string, why: string, cause?: TrueNasError): OutcomeUnknownError {
  return new OutcomeUnknownError(method, why, { nasText: cause?.nasText, cause });
}

/** The error for a read that was lost with its connection and is not repeated. */
export function lostForGood(method: string, cause: TrueNasError, isBound: boolean): TrueNasError {
  // A connection given up over another call's message says nothing of this call: its caller may repeat it.
  const isJustLost = isBound && (cause.kind === 'protocol' || cause.kind === 'timeout');
  return new TrueNasError(isJustLost ? 'unreachable' : cause.kind, {
    summary: `${method} got no answer: ${cause.summary}`,
    nextStep: cause.nextStep,
    method,
    nasText: cause.nasText,
    cause,
  });
}

/** The error for a call that never left this program. */
export function notSent(method: string, cause: TrueNasError | undefined): TrueNasError {
  if (cause?.kind === 'signin' || cause?.kind === 'tls') return cause;
  const why = cause === undefined ? '' : ` ${cause.summary}`;
  return new TrueNasError(cause?.kind === 'closed' ? 'closed' : 'unreachable', {
    summary: `${method} was not sent; nothing was changed.${why}`,
    nextStep: cause?.nextStep ?? 'Call again.',
    method,
    nasText: cause?.nasText,
    cause,
  });
}

/** The error for everything that is asked of a closed connection. */
export function closedProblem(): TrueNasError {
  return new TrueNasError('closed', {
    summary: 'This program is ending, and has closed its connection to the NAS.',
    nextStep: 'Start it again.',
  });
}
