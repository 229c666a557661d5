/** Values that JSON lacks, as they travel (PROTOCOL section 3). */
import { randomUUID } from 'node:crypto';
import { pythonRepr, pythonType } from '../errors/python.ts';
import { checkInterface } from './ip-interface.ts';

/**
 * JSON as received → values: `{"$date": ms}` becomes a Date, `{"$set": […]}` a Set. Times of day, plain dates and
 * interface addresses are checked and stay as they travel.
 * @throws Error with the NAS's text (`Error parsing $date: …`) for one that cannot be read
 */
export function decodeValue(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return mapList(value, decodeValue);
  const object = mapObject(value as Record<string, unknown>, decodeValue);
  const keys = Object.keys(object);
  const [first = ''] = keys;
  const isPlainDate = keys.length === 2 && object.$type === 'date' && '$value' in object;
  const read = keys.length === 1 ? READERS.get(first) : isPlainDate ? readPlainDate : undefined;
  if (read === undefined) return object;
  try {
    const special = read(isPlainDate ? object.$value : object[first]);
    return special === undefined ? object : special;
  } catch (error) {
    const name = isPlainDate ? 'date' : first;
    throw new Error(`Error parsing ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Values → JSON to send. What needs no change is not copied. Dates lose their milliseconds, as the NAS sends them. */
export function encodeValue(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return mapList(value, encodeValue);
  if (value instanceof Date) return { $date: Math.floor(value.getTime() / 1000) * 1000 };
  if (value instanceof Set) return { $set: [...value].map(encodeValue) };
  return mapObject(value as Record<string, unknown>, encodeValue);
}

/** Values → JSON text to send; bigints become integers with all their digits. @throws TypeError for a circular value */
export function toJson(value: unknown): string {
  const encoded = encodeValue(value);
  try {
    return JSON.stringify(encoded);
  } catch {
    // A bigint, or a circle, which fails again.
    return JSON.stringify(encoded, markBigint).replaceAll(MARKED_BIGINT, '$1');
  }
}

const BIGINT_MARK = `${randomUUID()}:`;
const MARKED_BIGINT = new RegExp(`"${BIGINT_MARK}(-?\\d+)"`, 'g');

function markBigint(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${BIGINT_MARK}${value}` : value;
}

/** Reads the value of a one-key object; undefined: it stays as it travels. */
type Reader = (value: unknown) => unknown;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['$date', readDate],
  ['$time', readTime],
  ['$set', readSet],
  ['$ipv4_interface', (value) => checkInterface(value, 4)],
  ['$ipv6_interface', (value) => checkInterface(value, 6)],
]);

const MIN_YEAR = 1;
const MAX_YEAR = 9999;
const YEAR_S = 31_556_952;

function readDate(ms: unknown): Date {
  if (typeof ms !== 'number' && typeof ms !== 'boolean' && typeof ms !== 'bigint') {
    throw new Error(`unsupported operand type(s) for /: '${pythonType(ms)}' and 'int'`);
  }
  const number = Number(ms);
  if (Number.isNaN(number)) throw new Error('cannot convert float NaN to integer');
  if (!Number.isFinite(number)) throw new Error('cannot convert float infinity to integer');
  const seconds = number / 1000;
  if (Math.abs(seconds) >= 2 ** 63) throw new Error('timestamp out of range for platform time_t');
  const date = new Date(number);
  const isKnown = !Number.isNaN(date.getTime());
  const year = isKnown ? date.getUTCFullYear() : 1970 + Math.floor(seconds / YEAR_S);
  if (Math.abs(year) >= 2 ** 31) throw new Error('[Errno 75] Value too large for defined data type');
  if (year < MIN_YEAR || year > MAX_YEAR) throw new Error(`year ${year} is out of range`);
  return date;
}

const TIME_PARTS = [
  ['hour', 23],
  ['minute', 59],
  ['second', 59],
  ['microsecond', 999_999],
] as const;

function readTime(value: unknown): undefined {
  const parts = textOf(value).split(':').slice(0, TIME_PARTS.length).map(readInteger);
  for (const [index, part] of parts.entries()) {
    const [name, max] = TIME_PARTS[index] ?? ['', 0];
    if (part < 0 || part > max) throw new Error(`${name} must be in 0..${max}`);
  }
}

function readPlainDate(value: unknown): undefined {
  const [year, month, day, ...more] = textOf(value).split('-').map(readInteger);
  if (month === undefined) throw new Error("function missing required argument 'month' (pos 2)");
  if (day === undefined) throw new Error("function missing required argument 'day' (pos 3)");
  if (more.length > 0) throw new Error(`function takes at most 3 arguments (${3 + more.length} given)`);
  if (year === undefined || year < MIN_YEAR || year > MAX_YEAR) {
    throw new Error(`year ${String(year)} is out of range`);
  }
  if (month < 1 || month > 12) throw new Error('month must be in 1..12');
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  if (day < 1 || day > days) throw new Error('day is out of range for month');
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Error(`'${pythonType(value)}' object has no attribute 'split'`);
}

function readInteger(text: string): number {
  const bare = text.trim();
  if (/^[-+]?\d+(_\d+)*$/.test(bare)) return Number(bare.replaceAll('_', ''));
  throw new Error(`invalid literal for int() with base 10: ${pythonRepr(text)}`);
}

function readSet(value: unknown): Set<unknown> {
  const items = membersOf(value);
  for (const item of items) {
    if (item !== null && typeof item === 'object' && !(item instanceof Date)) {
      throw new Error(`unhashable type: '${pythonType(item)}'`);
    }
  }
  return new Set(items);
}

function membersOf(value: unknown): unknown[] {
  if (typeof value === 'string') return Array.from(value);
  if (Array.isArray(value) || value instanceof Set) return [...value];
  if (value !== null && typeof value === 'object' && !(value instanceof Date)) return Object.keys(value);
  throw new Error(`'${pythonType(value)}' object is not iterable`);
}

function mapList(list: unknown[], change: (value: unknown) => unknown): unknown[] {
  for (let index = 0; index < list.length; index++) {
    const before: unknown = list[index];
    const after = change(before);
    if (after !== before) return [...list.slice(0, index), after, ...list.slice(index + 1).map(change)];
  }
  return list;
}

function mapObject(
  object: Record<string, unknown>,
  change: (value: unknown) => unknown,
): Record<string, unknown> {
  let copy: Record<string, unknown> | null = null;
  for (const key in object) {
    const before = object[key];
    const after = change(before);
    if (after === before) continue;
    copy ??= { ...object };
    copy[key] = after;
  }
  return copy ?? object;
}
