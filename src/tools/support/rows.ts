/**
 * Rows of a NAS, parsed at the border: only the fields a tool uses, each of which may be missing, null or of another
 * type on some release. Such a value becomes null and is shown as `-`; it never makes a tool fail. Texts are made harmless
 * here, so that nothing further in can forget it.
 *
 * Readers are plain functions, not zod schemas: zod compiles each object schema when it reads its first row, 0.4 ms of
 * processor time each, which was most of a tool's first answer. After thousands of rows both are equally fast.
 */
import { safeText } from '../../output/untrusted.ts';
import type { WireValue } from '../../truenas/client.ts';

/** Takes anything, and gives null for what does not fit. */
export type Reader<Value> = (value: unknown) => Value;
/** The fields of a row that a tool uses, and how each is read. */
export type Fields = Readonly<Record<string, Reader<unknown>>>;
/** A row as it was read. */
export type RowOf<Shape extends Fields> = { -readonly [Name in keyof Shape]: ReturnType<Shape[Name]> };

/** Readers of one field; all give null for whatever does not fit, also for a key that is missing. */
export const field = {
  /** One line without anything invisible in it: see output/untrusted.ts. */
  text: (value: unknown) => (isText(value) ? safeText(value) : null),
  number: (value: unknown) => (isNumber(value) ? value : null),
  flag: (value: unknown) => (typeof value === 'boolean' ? value : null),
  numbers: (value: unknown) => (isListOf(value, isNumber) ? value : null),
  texts: (value: unknown) => (isListOf(value, isText) ? value.map((text) => safeText(text)) : null),
  /** A text as it came: for logs, which have lines, and for what is sent back. Never shown as it is. */
  rawText: (value: unknown) => (isText(value) ? value : null),
  rawTexts: (value: unknown) => (isListOf(value, isText) ? value : null),
  /** Milliseconds since the epoch, from a date, an ISO text or seconds. */
  time: toMilliseconds,
  /** A whole number that some releases send as text. */
  integer: toInteger,
  /** A list of anything. */
  items: (value: unknown): unknown[] | null => (Array.isArray(value) ? value : null),
  /** An object whose keys nobody knows beforehand. */
  record: (value: unknown) => (isObject(value) ? value : null),
  /** For what is looked at closely where it is used. */
  unknown: (value: unknown) => value,
  object: objectReader,
  list: listReader,
} as const;

/** A nested object; null when it is missing. */
function objectReader<Shape extends Fields>(shape: Shape): Reader<RowOf<Shape> | null> {
  const read = rowReader(shape);
  return (value) => (isObject(value) ? read(value) : null);
}

/** A list of objects; items that are none are dropped. */
function listReader<Shape extends Fields>(shape: Shape): Reader<RowOf<Shape>[]> {
  const read = rowReader(shape);
  return (value) => (Array.isArray(value) ? value.filter(isObject).map(read) : []);
}

function rowReader<Shape extends Fields>(shape: Shape): (row: Record<string, unknown>) => RowOf<Shape> {
  const fields = Object.entries(shape);
  return (row) => {
    const result: Record<string, unknown> = {};
    for (const [name, read] of fields) result[name] = read(row[name]);
    return result as RowOf<Shape>;
  };
}

/** A ZFS property as TrueNAS sends it; `parsed` is the exact value. */
export const zfsNumber = field.object({ parsed: field.integer });
export const zfsText = field.object({ value: field.text, source: field.text });

/** The rows of a query's result. */
export function rowsOf<Shape extends Fields>(value: WireValue, shape: Shape): RowOf<Shape>[] {
  return listReader(shape)(value);
}

/** One object of the NAS. */
export function objectOf<Shape extends Fields>(value: WireValue, shape: Shape): RowOf<Shape> {
  return rowReader(shape)(isObject(value) ? value : {});
}

/** The result of a query with `count`. */
export function countOf(value: WireValue): number {
  return typeof value === 'number' ? value : 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
}

function isListOf<Item>(value: unknown, isItem: (item: unknown) => item is Item): value is Item[] {
  return Array.isArray(value) && value.every(isItem);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function toInteger(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' && /^-?\d+(?:\.\d+)?$/u.test(value) ? Number(value) : null;
}

function toMilliseconds(value: unknown): number | null {
  if (value instanceof Date) return validOrNull(value.getTime());
  if (typeof value === 'string')
    return /^\d+$/u.test(value) ? Number(value) * 1000 : validOrNull(Date.parse(value));
  if (typeof value === 'number') return validOrNull(value * 1000);
  return isObject(value) && typeof value['$date'] === 'number' ? validOrNull(value['$date']) : null;
}

function validOrNull(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}
