/** Dotted paths into rows: `used.parsed`, `children.0.name`, `groups.*.portal`. */
import type { WireValue } from '../../client.ts';

/** A row of an answer. */
export type Row = { [key: string]: WireValue };

/** True for an object of the NAS. */
export function isRow(value: unknown): value is Row {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
}

/**
 * The values at a path: none where a key is absent, several below a `*`. A key may hold dots itself (`org.freenas:x`), so a
 * whole remainder that is a key comes first.
 */
export function valuesAt(value: WireValue | undefined, path: string): WireValue[] {
  if (value === undefined || value === null) return [];
  if (path === '') return [value];
  if (value instanceof Date) return path === '$date' ? [value.getTime()] : [];
  if (typeof value !== 'object') return [];
  if (!Array.isArray(value) && Object.hasOwn(value, path)) return [value[path] ?? null];
  const dot = path.indexOf('.');
  const first = dot < 0 ? path : path.slice(0, dot);
  const rest = dot < 0 ? '' : path.slice(dot + 1);
  const inner = Array.isArray(value)
    ? itemsAt(value, first)
    : Object.hasOwn(value, first)
      ? [value[first] ?? null]
      : [];
  return rest === '' ? inner : inner.flatMap((item) => valuesAt(item, rest));
}

function itemsAt(list: readonly WireValue[], index: string): WireValue[] {
  if (index === '*') return [...list];
  const item = /^\d+$/u.test(index) ? list[Number(index)] : undefined;
  return item === undefined ? [] : [item];
}

/** The key of a row that a path begins with. */
export function topLevel(path: string): string {
  const dot = path.indexOf('.');
  return dot < 0 ? path : path.slice(0, dot);
}
