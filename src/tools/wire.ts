/**
 * Rows of a NAS, parsed at the border: only the keys a tool uses, each of which may be missing, null or of another
 * type on some release. Such a value becomes null and is shown as `-`; it never makes a tool fail. Texts are made harmless
 * here, so that nothing further in can forget it.
 */
import { z } from 'zod';
import { safeText } from '../output/untrusted.ts';
import type { WireValue } from '../truenas/client.ts';

/** Value parsers for a row's schema; all give null for whatever does not fit, also for a key that is missing. */
export const wire = {
  /** One line without anything invisible in it: see output/untrusted.ts. */
  text: z.string().transform(safeText).nullable().catch(null),
  number: z.number().nullable().catch(null),
  flag: z.boolean().nullable().catch(null),
  texts: z.array(z.string().transform(safeText)).nullable().catch(null),
  /** A text as it came: for logs, which have lines, and for what is sent back. Never shown as it is. */
  rawText: z.string().nullable().catch(null),
  rawTexts: z.array(z.string()).nullable().catch(null),
  /** Milliseconds since the epoch, from a date, an ISO text or seconds. */
  time: z.unknown().optional().transform(toMilliseconds),
  /** A whole number that some releases send as text. */
  integer: z.unknown().optional().transform(toInteger),
} as const;

/** A nested object of a row; null when it is missing. */
export function wireObject<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodCatch<z.ZodNullable<z.ZodObject<Shape>>> {
  return z.object(shape).nullable().catch(null);
}

/** A list of objects in a row; items that are none are dropped. */
export function wireList<Shape extends z.ZodRawShape>(shape: Shape) {
  const item = z.object(shape);
  return z
    .unknown()
    .optional()
    .transform((value) => (Array.isArray(value) ? value.filter(isObject).map((row) => item.parse(row)) : []));
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
