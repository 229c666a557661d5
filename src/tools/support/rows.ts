/**
 * Rows of a NAS, parsed at the border: only the keys a tool uses, each of which may be missing, null or of another
 * type on some release. Such a value becomes null and is shown as `-`; it never makes a tool fail. Texts are made harmless
 * here, so that nothing further in can forget it.
 */
import { z } from 'zod';
import { safeText } from '../../output/untrusted.ts';
import type { WireValue } from '../../truenas/client.ts';

/** How the values made here are read, by their schema. */
const readers = new WeakMap<object, (value: unknown) => unknown>();

/** A schema that takes anything and makes the best of it. */
function reading<Value>(read: (value: unknown) => Value) {
  const schema = z.transform(read);
  readers.set(schema, read);
  return schema;
}

/**
 * Value parsers for a row's schema; all give null for whatever does not fit, also for a key that is missing. Plain
 * transforms, because a schema that fails and is caught costs ten times as much, and rows lack keys all the time.
 */
export const wire = {
  /** One line without anything invisible in it: see output/untrusted.ts. */
  text: reading((value) => (typeof value === 'string' ? safeText(value) : null)),
  number: reading((value) => (typeof value === 'number' && Number.isFinite(value) ? value : null)),
  flag: reading((value) => (typeof value === 'boolean' ? value : null)),
  texts: reading((value) => (isTextList(value) ? value.map(safeText) : null)),
  /** A text as it came: for logs, which have lines, and for what is sent back. Never shown as it is. */
  rawText: reading((value) => (typeof value === 'string' ? value : null)),
  rawTexts: reading((value) => (isTextList(value) ? value : null)),
  /** Milliseconds since the epoch, from a date, an ISO text or seconds. */
  time: reading(toMilliseconds),
  /** A whole number that some releases send as text. */
  integer: reading(toInteger),
} as const;

/** A nested object of a row; null when it is missing. */
export function wireObject<Shape extends z.ZodRawShape>(shape: Shape) {
  const read = rowReader(z.object(shape));
  return reading((value) => (isObject(value) ? read(value) : null));
}

/** A list of objects in a row; items that are none are dropped. */
export function wireList<Shape extends z.ZodRawShape>(shape: Shape) {
  const read = rowReader(z.object(shape));
  return reading((value) => (Array.isArray(value) ? value.filter(isObject).map(read) : []));
}

type Read<Shape extends z.ZodRawShape> = (row: Record<string, unknown>) => z.output<z.ZodObject<Shape>>;

const rowReaders = new WeakMap<object, Read<z.ZodRawShape>>();

/**
 * What `row.parse` does with an object, field by field: rows are what a NAS sends most of, and the ways of zod cost a
 * result object and a closure for each field of each row.
 */
function rowReader<Shape extends z.ZodRawShape>(row: z.ZodObject<Shape>): Read<Shape> {
  let known = rowReaders.get(row);
  if (known === undefined) {
    const fields = Object.entries(row.shape).map(([key, schema]) => {
      const read = readers.get(schema) ?? ((value: unknown) => (schema as z.ZodType).parse(value));
      return { key, read };
    });
    known = (value) => {
      const result: Record<string, unknown> = {};
      for (const field of fields) result[field.key] = field.read(value[field.key]);
      return result;
    };
    rowReaders.set(row, known);
  }
  return known as Read<Shape>;
}

/** A ZFS property as TrueNAS sends it; `parsed` is the exact value. */
export const zfsNumber = wireObject({ parsed: wire.integer });
export const zfsText = wireObject({ value: wire.text, source: wire.text });

/** The rows of a query's result. */
export function rowsOf<Shape extends z.ZodRawShape>(
  value: WireValue,
  row: z.ZodObject<Shape>,
): z.output<z.ZodObject<Shape>>[] {
  const rows: z.output<z.ZodObject<Shape>>[] = [];
  if (!Array.isArray(value)) return rows;
  const read = rowReader(row);
  for (const item of value as unknown[]) if (isObject(item)) rows.push(read(item));
  return rows;
}

/** One object of the NAS. */
export function objectOf<Shape extends z.ZodRawShape>(
  value: WireValue,
  row: z.ZodObject<Shape>,
): z.output<z.ZodObject<Shape>> {
  return rowReader(row)(isObject(value) ? value : {});
}

/** The result of a query with `count`. */
export function countOf(value: WireValue): number {
  return typeof value === 'number' ? value : 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
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
