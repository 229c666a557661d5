/**
 * Rows of a NAS, parsed at the border: only the keys a tool uses, each of which may be missing, null or of another
 * type on some release. Such a value becomes null and is shown as `-`; it never makes a tool fail. Texts are made harmless
 * here, so that nothing further in can forget it.
 */
import { z } from 'zod';
import { safeText } from '../output/untrusted.ts';
import type { WireValue } from '../truenas/client.ts';

/**
 * Value parsers for a row's schema; all give null for whatever does not fit, also for a key that is missing. Plain
 * transforms, because a schema that fails and is caught costs ten times as much, and rows lack keys all the time.
 */
export const wire = {
  /** One line without anything invisible in it: see output/untrusted.ts. */
  text: z.transform((value: unknown) => (typeof value === 'string' ? safeText(value) : null)),
  number: z.transform((value: unknown) =>
    typeof value === 'number' && Number.isFinite(value) ? value : null,
  ),
  flag: z.transform((value: unknown) => (typeof value === 'boolean' ? value : null)),
  texts: z.transform((value: unknown) => (isTextList(value) ? value.map(safeText) : null)),
  /** A text as it came: for logs, which have lines, and for what is sent back. Never shown as it is. */
  rawText: z.transform((value: unknown) => (typeof value === 'string' ? value : null)),
  rawTexts: z.transform((value: unknown) => (isTextList(value) ? value : null)),
  /** Milliseconds since the epoch, from a date, an ISO text or seconds. */
  time: z.transform(toMilliseconds),
  /** A whole number that some releases send as text. */
  integer: z.transform(toInteger),
} as const;

/** A nested object of a row; null when it is missing. */
export function wireObject<Shape extends z.ZodRawShape>(shape: Shape) {
  const schema = z.object(shape);
  return z.transform((value: unknown) => (isObject(value) ? schema.parse(value) : null));
}

/** A list of objects in a row; items that are none are dropped. */
export function wireList<Shape extends z.ZodRawShape>(shape: Shape) {
  const item = z.object(shape);
  return z.transform((value: unknown) =>
    Array.isArray(value) ? value.filter(isObject).map((row) => item.parse(row)) : [],
  );
}

/** A ZFS property as TrueNAS sends it; `parsed` is the exact value. */
export const zfsNumber = wireObject({ parsed: wire.integer });
export const zfsText = wireObject({ value: wire.text, source: wire.text });

/** The rows of a query's result. */
export function rowsOf<Shape extends z.ZodRawShape>(
  value: WireValue,
  row: z.ZodObject<Shape>,
): z.output<z.ZodObject<Shape>>[] {
  return Array.isArray(value) ? value.filter(isObject).map((item) => row.parse(item)) : [];
}

/** One object of the NAS. */
export function objectOf<Shape extends z.ZodRawShape>(
  value: WireValue,
  row: z.ZodObject<Shape>,
): z.output<z.ZodObject<Shape>> {
  return row.parse(isObject(value) ? value : {});
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
