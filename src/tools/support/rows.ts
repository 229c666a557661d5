/**
 * Rows of a NAS, parsed at the border: only the fields a tool uses, each of which may be missing, null or of another
 * type on some release. Such a value becomes null and is shown as `-`; it never makes a tool fail. A whole answer of another
 * form is an error: no rows must never be read as "there are none". Texts are made harmless here, so that nothing further in
 * can forget it.
 *
 * Readers are plain functions, not zod schemas: zod compiles each object schema when it reads its first row, 0.4 ms of
 * processor time each, which was most of a tool's first answer. After thousands of rows both are equally fast.
 */
import { safeText } from '../../output/untrusted.ts';
import type { WireValue } from '../../truenas/client.ts';
import { TrueNasError } from '../../truenas/errors.ts';

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
  number: (value: unknown) => (isNumber(value) ? value : longInteger(value)),
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
  nullable: nullableReader,
  list: listReader,
  objects: objectsReader,
} as const;

/** A nested object; null when it is missing. */
function objectReader<Shape extends Fields>(shape: Shape): Reader<RowOf<Shape> | null> {
  const read = rowReader(shape);
  return (value) => (isObject(value) ? read(value) : null);
}

/**
 * A nested object that may lawfully be null, where null means "none yet". One that is missing or of another form gives an
 * object of which nothing is known, so that "unknown" is never read as "none".
 */
function nullableReader<Shape extends Fields>(shape: Shape): Reader<RowOf<Shape> | null> {
  const read = rowReader(shape);
  return (value) => (value === null ? null : read(isObject(value) ? value : {}));
}

/** A list of objects; items that are none are dropped. */
function listReader<Shape extends Fields>(shape: Shape): Reader<RowOf<Shape>[]> {
  const read = rowReader(shape);
  return (value) => (Array.isArray(value) ? value.filter(isObject).map(read) : []);
}

/** As {@link listReader}; null when it is no list or one item is no object: a shorter list would say what is not so. */
function objectsReader<Shape extends Fields>(shape: Shape): Reader<RowOf<Shape>[] | null> {
  const read = rowReader(shape);
  return (value) => (isListOf(value, isObject) ? value.map(read) : null);
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

/**
 * The rows of a query's result. A row that is no object is a row of which nothing is known.
 * @throws TrueNasError (`odd-answer`) when it is no list
 */
export function rowsOf<Shape extends Fields>(value: WireValue, shape: Shape): RowOf<Shape>[] {
  return rawRowsOf(value).map(rowReader(shape));
}

/** As {@link rowsOf}, unread. */
export function rawRowsOf(value: WireValue): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw oddAnswer(value, 'a list');
  return value.map((row) => (isObject(row) ? row : {}));
}

/**
 * One object of the NAS.
 * @throws TrueNasError (`odd-answer`) when it is none
 */
export function objectOf<Shape extends Fields>(value: WireValue, shape: Shape): RowOf<Shape> {
  if (!isObject(value)) throw oddAnswer(value, 'an object');
  return rowReader(shape)(value);
}

/**
 * An object whose keys nobody knows beforehand.
 * @throws TrueNasError (`odd-answer`) when it is none
 */
export function recordOf(value: WireValue): Record<string, unknown> {
  if (!isObject(value)) throw oddAnswer(value, 'an object');
  return value;
}

/** Names of the fields that are there, and of another type than the one that is read. */
export function oddFields(row: unknown, shape: Fields): string[] {
  if (!isObject(row)) return Object.keys(shape);
  return Object.entries(shape).flatMap(([name, read]) => {
    const value = row[name];
    return value !== undefined && value !== null && read(value) === null ? [name] : [];
  });
}

/** The error of an answer in another form than the `expected` one. */
export function oddAnswer(value: unknown, expected: string): TrueNasError {
  return new TrueNasError('odd-answer', {
    summary: `The NAS answered in an unknown form: ${formOf(value)} instead of ${expected}.`,
    nextStep: 'Nothing is known of what was asked. Look it up in the TrueNAS web interface.',
  });
}

/** Names the form of a value for a person. */
function formOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value === 'string' ? 'text' : typeof value}`;
}

/** The result of a query with `count`. @throws TrueNasError (`odd-answer`) when it is no number: unknown is not none */
export function knownCountOf(value: WireValue): number {
  if (!isNumber(value)) throw oddAnswer(value, 'a number');
  return value;
}

/** True for an object with keys of its own, as rows and their parts are. */
export function isObject(value: unknown): value is Record<string, unknown> {
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

/** The nearest number to an integer whose digits no number holds: a size beyond 9 PB, which the client gives as text. */
function longInteger(value: unknown): number | null {
  return typeof value === 'string' && /^-?\d{16,}$/u.test(value) ? Number(value) : null;
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
