/** From a JSON-RPC error object (PROTOCOL section 2) to a {@link TrueNasError}. */
import { TrueNasError, type TrueNasErrorKind } from '../errors.ts';
import type { Log } from '../log.ts';
import { type ErrorFacts, wordingOf } from './reply-wording.ts';

/** The call that an error reply answers, and its log. */
export interface ReplyErrorContext {
  readonly method: string;
  readonly log: Log;
  /** Takes our own credential out of a text. */
  readonly scrub: (text: string) => string;
}

const TOO_MANY_CALLS = -32000;
const METHOD_CALL_ERROR = -32001;
const UNPARSEABLE_REQUEST = -32700;
const INVALID_REQUEST = -32600;
/** The NAS ran a method, and could not write its result as JSON. */
const UNSENDABLE_RESULT = -32603;

const MAX_NAS_TEXT_CHARS = 4000;
const ERRNO_EPERM = 1;
const ERRNO_ENOENT = 2;
const ERRNO_EACCES = 13;
const ERRNO_EBUSY = 16;
const ERRNO_ENOMETHOD = 201;
const ERRNO_ENOTAUTHENTICATED = 207;

/** Makes the error for a reply's `error` member; its trace goes to the debug log. */
export function errorFromReply(error: unknown, context: ReplyErrorContext): TrueNasError {
  const { method } = context;
  const facts = readFacts(error, context);
  const kind = kindOf(facts);
  const isMissing = kind === 'not-found' && facts.fields !== undefined;
  // get_instance reports a missing object as a validation error without a place, which tells nothing of the arguments.
  const isPlaceless = isMissing && facts.fields[0]?.path === '';
  const { summary, nextStep } = wordingOf(kind, facts, method, isSessionText(facts.errno, facts.text));
  return new TrueNasError(kind, {
    summary,
    nextStep,
    method,
    nasText: facts.text,
    errname: isMissing ? 'ENOENT' : facts.errname,
    errno: isMissing ? ERRNO_ENOENT : facts.errno,
    fields: isPlaceless ? undefined : facts.fields,
    lacksRole: facts.errno === ERRNO_EACCES && NO_ROLE.test(facts.text ?? ''),
  });
}

/** The dispatcher's words for an account without a role for the method; what a method itself refuses is worded otherwise. */
const NO_ROLE = /^(?:\[EACCES\] )?Not authorized$/u;

/** True when the NAS says that this connection's session no longer counts, so that signing in again may help. */
export function isSessionGone(error: TrueNasError): boolean {
  return isSessionText(error.errno, error.nasText);
}

function isSessionText(errno: number | undefined, text: string | undefined): boolean {
  return (
    errno === ERRNO_ENOTAUTHENTICATED ||
    (errno === ERRNO_EACCES && text?.includes('Session is expired') === true)
  );
}

/** True when the NAS's dispatcher refused the call, before running it, for being the 21st at once. */
export function isTooManyCalls(error: TrueNasError): boolean {
  return error.kind === 'busy' && error.errno === undefined;
}

/** True for the reply of a NAS that ran a method and then could not write its result as JSON. */
export function isUnsendableResult(error: unknown): boolean {
  return asRecord(error).code === UNSENDABLE_RESULT;
}

/** True when the NAS could make nothing of a request, and so ran nothing. */
export function isUnreadRequest(error: unknown): boolean {
  const { code } = asRecord(error);
  return code === UNPARSEABLE_REQUEST || code === INVALID_REQUEST;
}

function kindOf({ code, errno, text, fields, fieldErrnos, column }: ErrorFacts): TrueNasErrorKind {
  if (code === TOO_MANY_CALLS) return 'busy';
  if (code === -32601 || errno === ERRNO_ENOMETHOD) return 'method-missing';
  if (code === UNPARSEABLE_REQUEST || code === INVALID_REQUEST || code === UNSENDABLE_RESULT)
    return 'protocol';
  if (code === -32602 && fieldErrnos.length === 1 && fieldErrnos[0] === ERRNO_ENOENT) return 'not-found';
  if (code === -32602) return 'validation';
  if (errno === ERRNO_ENOTAUTHENTICATED || errno === ERRNO_EACCES || errno === ERRNO_EPERM)
    return 'not-authorized';
  if (errno === ERRNO_ENOENT || text?.includes('MatchNotFound()')) return 'not-found';
  if (errno === ERRNO_EBUSY && text?.includes('Rate Limit Exceeded')) return 'busy';
  return fields === undefined && column === undefined ? 'call' : 'validation';
}

/** A query names a column it lacks by a KeyError of Python, whose text is the bare name in quotes. */
function unknownColumn(text: string | undefined, exception: unknown, method: string): string | undefined {
  const isQuery = /\.query$/u.test(method) && (exception === undefined || exception === 'KeyError');
  return isQuery ? /^'([^'\n]{1,80})'$/u.exec(text ?? '')?.[1] : undefined;
}

function readFacts(error: unknown, { method, log, scrub }: ReplyErrorContext): ErrorFacts {
  const outer = asRecord(error);
  const data = asRecord(outer.data);
  const code = typeof outer.code === 'number' ? outer.code : 0;
  const reason = textOf(data.reason) ?? textOf(outer.message);
  const triples = readTriples(data.extra, scrub);
  const trace = asRecord(data.trace);
  if (typeof trace.formatted === 'string') {
    log.debug('trace from the NAS', { method, trace: scrub(placesOf(trace.formatted)) });
  }
  const text = reason === undefined ? undefined : cut(scrub(reason.trim()));
  return {
    code,
    isUnsendable: code === UNSENDABLE_RESULT,
    column: code === METHOD_CALL_ERROR ? unknownColumn(text, trace.class, method) : undefined,
    errno: typeof data.error === 'number' ? data.error : undefined,
    errname: textOf(data.errname),
    text,
    fields: triples?.map(({ path, message }) => ({ path, message })),
    fieldErrnos: triples?.map(({ errno }) => errno) ?? [],
  };
}

/** The lines of a trace that name files: the others quote arguments and local variables. */
function placesOf(trace: string): string {
  const places = trace.match(/^ *File "[^"\n]*", line \d+(?:, in [^\n]*)?$/gmu) ?? [];
  return places.map((place) => place.trim()).join('; ');
}

/** Validation details travel as `[attribute, message, errno]` triples; anything else in `extra` is left alone. */
export function readTriples(
  extra: unknown,
  scrub: (text: string) => string,
): { path: string; message: string; errno: number }[] | undefined {
  if (!Array.isArray(extra) || extra.length === 0) return undefined;
  const triples: { path: string; message: string; errno: number }[] = [];
  for (const item of extra as unknown[]) {
    if (!Array.isArray(item) || item.length < 2 || typeof item[1] !== 'string') return undefined;
    const [path, message, errno] = item as unknown[];
    triples.push({
      path: typeof path === 'string' ? path : '',
      message: cut(scrub(String(message))),
      errno: typeof errno === 'number' ? errno : 22,
    });
  }
  return triples;
}

/** Cuts between words: half a secret would not be recognised as one. */
function cut(text: string): string {
  if (text.length <= MAX_NAS_TEXT_CHARS) return text;
  const start = text.slice(0, MAX_NAS_TEXT_CHARS);
  const end = Math.max(start.lastIndexOf(' '), start.lastIndexOf('\n'));
  return `${start.slice(0, Math.max(end, 0))}…`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}
