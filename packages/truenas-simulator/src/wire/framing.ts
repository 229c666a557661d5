/** What a text frame is: a call, an error to answer, or a reason to close (PROTOCOL section 2, in its order). */

/** A frame's meaning. */
export type Frame =
  | {
      readonly kind: 'call';
      readonly id: RequestId | undefined;
      /** The id as JSON, to be echoed. */
      readonly idText: string;
      readonly method: string;
      readonly params: readonly unknown[];
    }
  | { readonly kind: 'error'; readonly idText: string; readonly code: number; readonly message: string }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  | { readonly kind: 'nothing' };

/** An id as it came; undefined (absent) makes a notification. */
export type RequestId = string | number | boolean | null;

const ANONYMOUS_LIMIT = 8192;
const MESSAGE_LIMIT = 65_536;
const HARD_LIMIT = 2_097_152;
/** Said at either limit after sign-in. */
const TOO_LONG = 'Max message length is 64 kB';
/** Methods whose messages may be longer than the limit. */
const LONG_METHODS = new Set(['filesystem.file_receive', 'failover.datastore.sql']);

/** JSON-RPC error codes. */
export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;
export const TOO_MANY_CALLS = -32000;
export const CALL_ERROR = -32001;

/** Reads a frame. */
export function readFrame(text: string, isSignedIn: boolean): Frame {
  if (!isSignedIn && isLonger(text, ANONYMOUS_LIMIT)) {
    return { kind: 'close', code: 1007, reason: 'Anonymous connection max message length is 8 kB' };
  }
  if (isLonger(text, HARD_LIMIT)) {
    return { kind: 'close', code: 1009, reason: TOO_LONG };
  }
  let message: unknown;
  let problem: string | null = null;
  try {
    message = JSON.parse(text);
  } catch (error) {
    problem = error instanceof Error ? error.message : 'Not JSON';
  }
  if (isLonger(text, MESSAGE_LIMIT) && !LONG_METHODS.has(methodOf(message))) {
    return { kind: 'close', code: 1009, reason: TOO_LONG };
  }
  if (problem !== null) return { kind: 'error', idText: 'null', code: PARSE_ERROR, message: problem };
  if (message === null || typeof message !== 'object' || Array.isArray(message)) {
    return { kind: 'error', idText: 'null', code: PARSE_ERROR, message: 'Invalid Message Format' };
  }
  return readMessage(message as Record<string, unknown>, text);
}

function readMessage(message: Record<string, unknown>, text: string): Frame {
  const { id, method, params } = message;
  const problem = problemOf(message, text);
  if (problem !== null) {
    if (id === undefined) return { kind: 'nothing' };
    return { kind: 'error', idText: idTextOf(id, text), code: INVALID_REQUEST, message: problem };
  }
  return {
    kind: 'call',
    id: id as RequestId | undefined,
    idText: idTextOf(id, text),
    method: method as string,
    params: (params as readonly unknown[] | undefined) ?? [],
  };
}

function problemOf({ jsonrpc, id, method, params }: Record<string, unknown>, text: string): string | null {
  if (jsonrpc !== '2.0') return "'jsonrpc' member must be '2.0'";
  if (id !== undefined && !isId(id)) return "'id' member must be of type null, string or number";
  if (typeof id === 'number' && hasFloatId(text)) return "'id' member must be of type null, string or number";
  if (typeof method !== 'string' || method === '') return "'method' member must be a non-empty string";
  if (params !== undefined && !Array.isArray(params)) return "'params' member must be of type array";
  return null;
}

function isId(id: unknown): id is RequestId {
  return id === null || typeof id === 'string' || typeof id === 'boolean' || Number.isInteger(id);
}

const INTEGER_ID = /"id"\s*:\s*(-?\d+)/g;

/** The id to echo. Integers keep all their digits, as with the NAS, where JSON.parse rounds those beyond 2^53. */
function idTextOf(id: unknown, text: string): string {
  if (Number.isInteger(id) && !Number.isSafeInteger(id)) {
    const found = [...text.matchAll(INTEGER_ID)].findLast((match) => depthAt(text, match.index) === 1);
    if (found?.[1] !== undefined) return found[1];
  }
  return JSON.stringify(id) ?? 'null';
}

const FLOAT_ID = /"id"\s*:\s*-?\d+[.eE]/g;

/** `1.0` is a float to the NAS, and JSON.parse cannot tell; only an id at the top level counts. */
function hasFloatId(text: string): boolean {
  for (const match of text.matchAll(FLOAT_ID)) {
    if (depthAt(text, match.index) === 1) return true;
  }
  return false;
}

/** How many objects and lists are open at a position that is not inside a string. */
function depthAt(text: string, end: number): number {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < end; at++) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '"') isInString = !isInString;
    else if (!isInString && (char === '{' || char === '[')) depth += 1;
    else if (!isInString && (char === '}' || char === ']')) depth -= 1;
  }
  return isInString ? 0 : depth;
}

function methodOf(message: unknown): string {
  const method = (message as { method?: unknown } | null | undefined)?.method;
  return typeof method === 'string' ? method : '';
}

/** Counts code points, as the NAS does, but only where it can matter. */
function isLonger(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  if (text.length > limit * 2) return true;
  let count = 0;
  for (const _ of text) count += 1;
  return count > limit;
}
