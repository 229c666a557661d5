/**
 * The special encodings that travel inside JSON (PROTOCOL section 3), both ways.
 *
 * Decoded: `{"$date": ms}` → Date; `$set` → array (its order means nothing); `$time`, dates and interface addresses → their
 * text. An integer whose digits a number cannot hold (a pool's guid, say) → its decimal text: digits are never lost.
 * Encoded: Date → `$date`, Set → `$set`, bigint → an integer; an object that already has the encoded form
 * (`{ $time: '12:00:00' }`) goes out as it is. There is no escape, so a plain object that happens to have exactly such a
 * key cannot be told from an encoded value.
 */
import type { WireValue } from '../client.ts';
import { TrueNasError } from '../errors.ts';
import { parseJson } from './json-text.ts';

const MAX_DATE_MS = 8.64e15;

/** A message of the NAS, with the special encodings decoded in place. @throws SyntaxError */
export function decodeMessage(text: string): unknown {
  const message = parseJson(text);
  // Most answers hold no special value; looking at the text is far cheaper than walking a giant result.
  return text.includes('"$') ? decode(message) : message;
}

/**
 * JSON text of call parameters. Trailing `undefined` is left out, so that the NAS's defaults apply.
 * @throws TrueNasError `validation` for a value that JSON cannot carry (NaN, a function, an invalid date).
 */
export function encodeParams(params: readonly unknown[]): string {
  // Most calls hold nothing that needs encoding; a look at them costs less than a copy.
  if (isPlainJson(params, 0)) return JSON.stringify(params);
  let { length } = params;
  while (length > 0 && params[length - 1] === undefined) length -= 1;
  const encoded: string[] = [];
  for (let index = 0; index < length; index += 1) encoded.push(encode(params[index], `params[${index}]`, 0));
  return `[${encoded.join(',')}]`;
}

/** Decodes one parsed JSON value in place and returns it (or what it stands for). */
export function decode(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const item: unknown = value[index];
      if (item !== null && typeof item === 'object') value[index] = decode(item);
    }
    return value;
  }
  const object = value as Record<string, unknown>;
  const special = decodeSpecial(object);
  if (special !== undefined) return special;
  // Objects of JSON.parse inherit no enumerable keys.
  for (const key in object) {
    const item = object[key];
    if (item === null || typeof item !== 'object') continue;
    const decoded = decode(item);
    if (decoded !== item) setOwn(object, key, decoded);
  }
  return object;
}

function decodeSpecial(object: Record<string, unknown>): unknown {
  let first: string | undefined;
  let count = 0;
  for (const key in object) {
    count += 1;
    if (count === 1) {
      if (!key.startsWith('$')) return undefined;
      first = key;
    }
    if (count > 2) return undefined;
  }
  if (first === undefined) return undefined;
  if (count === 2) {
    return object.$type === 'date' && typeof object.$value === 'string' ? object.$value : undefined;
  }
  const inner = object[first];
  switch (first) {
    case '$date':
      return typeof inner === 'number' && Math.abs(inner) <= MAX_DATE_MS ? new Date(inner) : undefined;
    case '$set':
      return Array.isArray(inner) ? decode(inner) : undefined;
    case '$time':
    case '$ipv4_interface':
    case '$ipv6_interface':
      return typeof inner === 'string' ? inner : undefined;
    default:
      return undefined;
  }
}

/** True for what JSON.stringify writes as {@link encode} would. */
function isPlainJson(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      if (value === null) return true;
      if (depth > 50) return false;
      if (Array.isArray(value)) {
        for (let index = 0; index < value.length; index += 1) {
          if (!isPlainJson(value[index], depth + 1)) return false;
        }
        return true;
      }
      if (Object.getPrototypeOf(value) !== Object.prototype || 'toJSON' in value) return false;
      for (const key in value) {
        if (!isPlainJson((value as Record<string, unknown>)[key], depth + 1)) return false;
      }
      return true;
    default:
      return false;
  }
}

/** The JSON text of a value. */
function encode(value: unknown, path: string, depth: number): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw unencodable(path, String(value));
      return JSON.stringify(value);
    case 'bigint':
      return String(value);
    case 'undefined':
      return 'null';
    case 'object':
      return value === null ? 'null' : encodeObject(value, path, depth);
    default:
      throw unencodable(path, `a ${typeof value}`);
  }
}

function encodeObject(value: object, path: string, depth: number): string {
  if (depth > 100) throw unencodable(path, 'nesting deeper than 100 levels');
  if (value instanceof Date) {
    const ms = value.getTime();
    if (Number.isNaN(ms)) throw unencodable(path, 'an invalid date');
    return `{"$date":${ms}}`;
  }
  if (value instanceof Set) return `{"$set":${encodeList([...value], path, depth)}}`;
  if (Array.isArray(value)) return encodeList(value, path, depth);
  const members: string[] = [];
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined)
      members.push(`${JSON.stringify(key)}:${encode(item, `${path}.${key}`, depth + 1)}`);
  }
  return `{${members.join(',')}}`;
}

function encodeList(list: readonly unknown[], path: string, depth: number): string {
  return `[${list.map((item, index) => encode(item, `${path}[${index}]`, depth + 1)).join(',')}]`;
}

function unencodable(path: string, what: string): TrueNasError {
  return new TrueNasError('validation', {
    summary: `A TrueNAS call cannot carry ${what} (at ${path}).`,
    nextStep: 'Pass finite numbers, strings, booleans, null, dates, lists and plain objects.',
    fields: [{ path, message: `cannot be sent as JSON: ${what}` }],
  });
}

function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
}

/** The decoded value under its type; the one place where parsed JSON becomes a WireValue. */
export function asWireValue(value: unknown): WireValue {
  return value as WireValue;
}
