/** What a text frame is: a call, an error to answer, or a reason to close (PROTOCOL sections 2 and 13, in their order). */
import { decodeValue, toJson } from './codec.ts';
import { isNestedTooDeep, type JsonDialect, type ParsedJson, parseJson } from './json.ts';

/** A frame's meaning. */
export type Frame =
  | {
      readonly kind: 'call';
      readonly id: RequestId | undefined;
      /** The id as JSON, to be echoed. */
      readonly idText: string;
      readonly method: string;
      /** Parameters as they travelled. */
      readonly params: readonly unknown[];
      /** The same with special values decoded. */
      readonly args: readonly unknown[];
    }
  | { readonly kind: 'error'; readonly idText: string; readonly code: number; readonly message: string }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  /** The handler dies of it: no close frame. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'nothing' };

/** An id as it came; undefined (absent) makes a notification. */
export type RequestId = string | number | bigint | boolean | null;

const ANONYMOUS_LIMIT = 8192;
const MESSAGE_LIMIT = 65_536;
const HARD_LIMIT = 2_097_152;
/** Said at either limit after sign-in. */
const TOO_LONG = 'Max message length is 64 kB';
/** Methods whose messages may be longer than the limit. */
const LONG_METHODS = new Set<unknown>(['filesystem.file_receive', 'failover.datastore.sql']);

/** JSON-RPC error codes. */
export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;
export const TOO_MANY_CALLS = -32000;
export const CALL_ERROR = -32001;

/** Reads a frame. */
export function readFrame(text: string, isSignedIn: boolean, dialect: JsonDialect): Frame {
  if (!isSignedIn && isLonger(text, ANONYMOUS_LIMIT)) {
    return { kind: 'close', code: 1007, reason: 'Anonymous connection max message length is 8 kB' };
  }
  if (isLonger(text, HARD_LIMIT)) return { kind: 'close', code: 1009, reason: TOO_LONG };
  if (isNestedTooDeep(text)) return { kind: 'cut' };
  let parsed: ParsedJson;
  let message: unknown;
  try {
    parsed = parseJson(text, dialect);
    message = decodeValue(parsed.value);
  } catch (error) {
    return parseError(error instanceof Error ? error.message : String(error));
  }
  if (!isObject(message)) {
    const isBatch = Array.isArray(message);
    return parseError(isBatch ? 'Batch messages are not supported at this time' : 'Invalid Message Format');
  }
  if (isLonger(text, MESSAGE_LIMIT) && !LONG_METHODS.has(message.method)) {
    return { kind: 'close', code: 1009, reason: TOO_LONG };
  }
  return readMessage(message, parsed);
}

function parseError(message: string): Frame {
  return { kind: 'error', idText: 'null', code: PARSE_ERROR, message };
}

function readMessage(message: Record<string, unknown>, { value, idToken }: ParsedJson): Frame {
  const { id, method, params } = message;
  const idText = idToken ?? (id === undefined ? 'null' : toJson(id));
  const problem = problemOf(message, idToken);
  if (problem !== null) {
    if (!('id' in message)) return { kind: 'nothing' };
    return { kind: 'error', idText, code: INVALID_REQUEST, message: problem };
  }
  const sent = (value as Record<string, unknown>).params;
  return {
    kind: 'call',
    id: id as RequestId | undefined,
    idText,
    method: method as string,
    params: (sent as readonly unknown[] | undefined) ?? [],
    args: (params as readonly unknown[] | undefined) ?? [],
  };
}

/** The first rule that a message breaks, members in the order in which the NAS looks at them. */
function problemOf(message: Record<string, unknown>, idToken: string | null): string | null {
  if (!('jsonrpc' in message)) return "Missing 'jsonrpc' member";
  if (message.jsonrpc !== '2.0') {
    return "'jsonrpc' member must be of type string and must be exactly '2.0'";
  }
  if ('id' in message && !isId(message.id, idToken)) {
    return "'id' member must be of type null, string or number";
  }
  if (!('method' in message)) return "Missing 'method' member";
  if (typeof message.method !== 'string' || message.method === '') {
    return "'method' member must be of type string";
  }
  if ('params' in message && !Array.isArray(message.params)) return "'params' member must be of type array";
  return null;
}

/** `1.0` is a fraction to the NAS, and those are no ids. */
function isId(id: unknown, idToken: string | null): id is RequestId {
  if (id === null || typeof id === 'string' || typeof id === 'boolean' || typeof id === 'bigint') return true;
  return Number.isInteger(id) && (idToken === null || /^-?\d+$/.test(idToken));
}

/** A JSON object that is no special value. */
function isObject(message: unknown): message is Record<string, unknown> {
  if (message === null || typeof message !== 'object' || Array.isArray(message)) return false;
  return !(message instanceof Date) && !(message instanceof Set);
}

/** Counts code points, as the NAS does, but only where it can matter. */
function isLonger(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  if (text.length > limit * 2) return true;
  let count = 0;
  for (const _ of text) count += 1;
  return count > limit;
}
