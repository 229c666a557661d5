/** What a text frame of the older protocol means. */
import { ERRNO } from '../errors/exceptions.ts';
import { pythonText, pythonType } from '../errors/python.ts';
import { decodeValue, toJson } from '../wire/codec.ts';
import { isNestedTooDeep, type ParsedJson, parseJson } from '../wire/json.ts';
import type { Call } from '../wire/call-runner.ts';
import type { LegacyDialect } from './dialect.ts';
import { Refusal } from './errors.ts';

/** A frame's meaning. */
export type LegacyFrame =
  | { readonly kind: 'connect'; readonly isKnownVersion: boolean }
  | ({ readonly kind: 'call' } & Call)
  | { readonly kind: 'sub'; readonly id: unknown; readonly name: string }
  | { readonly kind: 'unsub'; readonly id: unknown }
  | { readonly kind: 'ping'; readonly id: unknown }
  /** Anything before `connect`. */
  | { readonly kind: 'too-early' }
  /** Of something unheard of; told to those who are not signed in, on one of the releases. */
  | { readonly kind: 'unknown'; readonly id: unknown }
  | { readonly kind: 'refused'; readonly id: unknown; readonly error: Refusal }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  /** The handler dies of it: no close frame. */
  | { readonly kind: 'cut' };

/** What the connection has been through. */
export interface FrameState {
  readonly isConnected: boolean;
  readonly isSignedIn: boolean;
}

const ANONYMOUS_LIMIT = 8192;
/** Methods whose messages may be longer than the limit. */
const LONG_METHODS = new Set<unknown>(['filesystem.file_receive']);
const LONG_LIMIT = 2_097_152;

/** Reads a frame. */
export function readLegacyFrame(text: string, state: FrameState, dialect: LegacyDialect): LegacyFrame {
  if (!state.isSignedIn && isLonger(text, ANONYMOUS_LIMIT)) {
    return close(1007, 'Anonymous connection max message length is 8 kB');
  }
  if (isNestedTooDeep(text)) return { kind: 'cut' };
  let parsed: ParsedJson;
  let message: unknown;
  try {
    parsed = parseJson(text, { namesTrailingComma: false });
    message = decodeValue(parsed.value);
  } catch (error) {
    return close(1007, error instanceof Error ? error.message : String(error));
  }
  if (!isObject(message)) {
    return dialect.family === 'core' ? close(1011, notAnObject(message)) : { kind: 'cut' };
  }
  const { messageLimit } = dialect;
  const limit = LONG_METHODS.has(message.method) ? LONG_LIMIT : messageLimit;
  if (messageLimit !== null && limit !== null && isLonger(text, limit)) {
    return close(1009, 'Max message length is 64 kB');
  }
  return readMessage(message, parsed, state, dialect);
}

function readMessage(
  message: Record<string, unknown>,
  { value, idToken }: ParsedJson,
  { isConnected }: FrameState,
  dialect: LegacyDialect,
): LegacyFrame {
  if (!('msg' in message)) return close(1011, "'msg'");
  const { msg, id } = message;
  if (msg === 'connect') return { kind: 'connect', isKnownVersion: message.version === '1' };
  if (!isConnected) return { kind: 'too-early' };
  switch (msg) {
    case 'ping':
      return { kind: 'ping', id };
    case 'sub':
    case 'unsub': {
      if (id === undefined) return close(1011, "'id'");
      if (msg === 'unsub') return { kind: 'unsub', id };
      if (message.name === undefined) return close(1011, "'name'");
      return { kind: 'sub', id, name: pythonText(message.name) };
    }
    case 'method':
      return readCall(message, value as Record<string, unknown>, idToken, dialect);
    default:
      return { kind: 'unknown', id };
  }
}

function readCall(
  { id, method, params }: Record<string, unknown>,
  sent: Record<string, unknown>,
  idToken: string | null,
  { family }: LegacyDialect,
): LegacyFrame {
  const refused = (reason: string): LegacyFrame => ({
    kind: 'refused',
    id,
    error: new Refusal(reason, ERRNO.EINVAL),
  });
  if (method === undefined) return refused("Message is malformed: 'method' is absent.");
  // Nothing in any form is an empty list.
  const isNothing = params === undefined || !params || (isObject(params) && Object.keys(params).length === 0);
  if (!isNothing && !Array.isArray(params) && (family === 'scale' || !isIterable(params))) {
    return refused('`params` must be a list.');
  }
  const listOf = (given: unknown): readonly unknown[] => (isNothing ? [] : itemsOf(given));
  return {
    kind: 'call',
    id,
    idText: idToken ?? (id === undefined ? 'null' : toJson(id)),
    method: pythonText(method),
    params: listOf(sent.params),
    args: listOf(params),
  };
}

/** What a loop over a value gets there: keys of an object, letters of a text. */
function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'string' ? Array.from(value) : Object.keys(value as object);
}

function isIterable(value: unknown): boolean {
  return typeof value === 'string' || isObject(value);
}

function close(code: number, reason: string): LegacyFrame {
  return { kind: 'close', code, reason };
}

function notAnObject(message: unknown): string {
  if (Array.isArray(message)) return 'list indices must be integers or slices, not str';
  if (typeof message === 'string') return "string indices must be integers, not 'str'";
  return `'${pythonType(message)}' object is not subscriptable`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  return !(value instanceof Date) && !(value instanceof Set);
}

/** Counts code points, as the NAS does, but only where it can matter. */
function isLonger(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  if (text.length > limit * 2) return true;
  return Array.from(text).length > limit;
}
