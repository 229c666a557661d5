/**
 * The errors between this program and a NAS, made to be read by a person: what happened (`summary`), what to do
 * (`nextStep`), and the NAS's own words (`nasText`). They never carry a credential or a stack trace of the NAS; traces go
 * to `log.debug` only.
 */
import { Problem, type ProblemParts } from './problem.ts';

/**
 * The sort of a failure.
 * - `unreachable`: no usable connection (DNS, refused, dropped, not a TrueNAS API). A write was not sent.
 * - `tls`: the certificate is not trusted.
 * - `signin`: the NAS did not accept the credential, or may not be asked again yet.
 * - `not-authorized`: signed in, but the account may not do this.
 * - `validation`: the arguments were refused; `fields` says which.
 * - `not-found`: the object asked for does not exist.
 * - `method-missing`: this release of TrueNAS has no such method.
 * - `busy`: the NAS (or the queue to it) takes no more calls now.
 * - `call`: the NAS ran the method and it failed.
 * - `timeout` and `aborted`: the wait ended; only for reads, or writes that were never sent.
 * - `too-large`: the message exceeds what the NAS or this program takes.
 * - `outcome-unknown`: a write was sent and no reply came; see {@link OutcomeUnknownError}.
 * - `protocol`: the peer broke the wire protocol.
 * - `odd-answer`: the NAS answered in a form that this program does not know.
 * - `closed`: this client was closed.
 */
export type TrueNasErrorKind =
  | 'unreachable'
  | 'tls'
  | 'signin'
  | 'not-authorized'
  | 'validation'
  | 'not-found'
  | 'method-missing'
  | 'busy'
  | 'call'
  | 'timeout'
  | 'aborted'
  | 'too-large'
  | 'outcome-unknown'
  | 'protocol'
  | 'odd-answer'
  | 'closed';

/** One argument that the NAS refused. */
export interface FieldProblem {
  /** Dotted path as the NAS gives it, e.g. `pool_create.name`; empty when the problem has no place. */
  readonly path: string;
  readonly message: string;
}

/** The parts of a {@link TrueNasError}. */
export interface TrueNasErrorParts extends ProblemParts {
  /** The method that was called, by the name that went over the wire. */
  readonly method?: string | undefined;
  /** The NAS's own text, cut to a sensible length and free of our credential. */
  readonly nasText?: string | undefined;
  /** Name of the error number, e.g. `ENOENT`, `EDATASETISLOCKED`. */
  readonly errname?: string | undefined;
  readonly errno?: number | undefined;
  readonly fields?: readonly FieldProblem[] | undefined;
  /** The entry that the allow list of an API key of TrueNAS 24.10 lacks for this call. */
  readonly missingEntry?: AllowListEntry | undefined;
  /** No role of the account grants the method; see {@link TrueNasError.lacksRole}. */
  readonly lacksRole?: boolean | undefined;
}

/** One entry of the allow list of an API key of TrueNAS 24.10; `SUBSCRIBE` is for events. */
export interface AllowListEntry {
  readonly method: 'CALL' | 'SUBSCRIBE';
  readonly resource: string;
}

/** The base of all errors that the client throws. */
export class TrueNasError extends Problem {
  readonly kind: TrueNasErrorKind;
  readonly method: string | undefined;
  readonly nasText: string | undefined;
  readonly errname: string | undefined;
  readonly errno: number | undefined;
  readonly fields: readonly FieldProblem[] | undefined;
  readonly missingEntry: AllowListEntry | undefined;
  /** The NAS refused before it ran anything, because no role of the account grants the method. */
  readonly lacksRole: boolean;

  constructor(kind: TrueNasErrorKind, parts: TrueNasErrorParts) {
    super(parts);
    this.name = 'TrueNasError';
    this.kind = kind;
    this.method = parts.method;
    this.nasText = parts.nasText;
    this.errname = parts.errname;
    this.errno = parts.errno;
    this.fields = parts.fields;
    this.missingEntry = parts.missingEntry;
    this.lacksRole = parts.lacksRole === true;
  }
}

/** Why a sign-in failed. */
export type SignInReason =
  | 'wrong-key'
  | 'wrong-password'
  | 'wrong-code'
  | 'unverified-nas'
  | 'full-admin'
  | 'own-key'
  | 'expired-or-revoked'
  | 'otp-required'
  | 'redirect'
  | 'denied'
  | 'rate-limited'
  | 'username-needed'
  | 'mechanism-refused'
  | 'downgrade'
  | 'server-unproven'
  | 'unusable-key'
  | 'unexpected-answer';

/** The NAS did not let us in, or must not be asked again yet. */
export class SignInError extends TrueNasError {
  readonly reason: SignInReason;

  constructor(reason: SignInReason, parts: TrueNasErrorParts) {
    super('signin', parts);
    this.name = 'SignInError';
    this.reason = reason;
  }
}

/**
 * A mutating call was sent, and the NAS's answer was lost (dropped connection, timeout, abort, unreadable reply):
 * it may or may not have been applied. Never repeat it blindly; read the state first.
 */
export class OutcomeUnknownError extends TrueNasError {
  constructor(method: string, why: string, parts: Partial<TrueNasErrorParts> = {}) {
    super('outcome-unknown', {
      summary: `${method} was sent, but ${why}: it may have been applied.`,
      nextStep: 'Read the current state before doing anything else; do not simply repeat the call.',
      method,
      ...parts,
    });
    this.name = 'OutcomeUnknownError';
  }
}

/** A call that starts a job: enough to find the job again; see jobs/find-lost-job.ts. */
export interface SentJob {
  /** By canonical name. */
  readonly method: string;
  readonly params: readonly unknown[];
  /** The id of the message; releases from 25.10 on record it with the job. */
  readonly messageId: string;
  /** On this computer's clock. */
  readonly sentAtMs: number;
}

/** A job was started, or may have been, and its end was not seen: it may still be running. */
export class JobLostError extends OutcomeUnknownError {
  readonly sent: SentJob;
  /** The job's number; undefined when the answer with it was lost. */
  readonly jobId: number | undefined;

  constructor(sent: SentJob, jobId: number | undefined, why: string, cause: unknown) {
    const nasText = cause instanceof TrueNasError ? cause.nasText : undefined;
    super(sent.method, why, { nasText, cause });
    this.name = 'JobLostError';
    this.sent = sent;
    this.jobId = jobId;
  }
}

/** True for a failure of the client, of one kind if `kind` is given. */
export function isTrueNasError(error: unknown, kind?: TrueNasErrorKind): error is TrueNasError {
  return error instanceof TrueNasError && (kind === undefined || error.kind === kind);
}

/** True for a fault of the way to the NAS that may pass by itself: it says nothing of what was asked for. */
export function isPassingFault(error: unknown): error is TrueNasError {
  return (
    isTrueNasError(error, 'unreachable') ||
    isTrueNasError(error, 'timeout') ||
    isTrueNasError(error, 'protocol') ||
    (error instanceof SignInError && error.reason === 'rate-limited')
  );
}
