/** Dotted paths into rows: `a.b`, `a\.b` for a key with a dot, `list.0.x`, `list.*.x`. */
import { failed } from './error.ts';

/** Splits a path at its unescaped dots. */
export function splitPath(path: string): readonly string[] {
  if (!path.includes('.')) return [path];
  const parts: string[] = [];
  let part = '';
  for (const piece of path.split('.')) {
    if (piece.endsWith('\\')) {
      part += `${piece.slice(0, -1)}.`;
    } else {
      parts.push(part + piece);
      part = '';
    }
  }
  if (part !== '') parts.push(part);
  return parts.at(-1) === '' && parts.length > 1 ? parts.slice(0, -1) : parts;
}

/** What a path leads to: a value (undefined: no such key), or a list whose items carry the rest of the path. */
export type Found =
  | { readonly value: unknown; readonly rest: null }
  | { readonly value: readonly unknown[]; readonly rest: number };

/**
 * Follows a path. Anything that is neither object nor list is passed through, so a null parent yields null.
 * `rest` is the index of the part after a `*`.
 * @throws QueryError (ValueError) for a list that is reached by neither index nor `*`
 */
export function follow(row: unknown, parts: readonly string[], from = 0): Found {
  let value = row;
  for (let index = from; index < parts.length; index++) {
    const part = parts[index] ?? '';
    if (Array.isArray(value)) {
      if (part === '*') return { value, rest: index + 1 };
      if (!/^\d+$/.test(part)) {
        throw failed(`${part}: must be array index or wildcard character`, 'ValueError');
      }
      const item: unknown = value[Number(part)];
      value = item === undefined ? null : item;
    } else if (isObject(value)) {
      value = Object.hasOwn(value, part) ? value[part] : undefined;
      if (value === undefined) return { value, rest: null };
    }
  }
  return { value, rest: null };
}

/** The value a path leads to for sorting; null when there is none. */
export function valueAt(row: unknown, parts: readonly string[]): unknown {
  const value = follow(row, parts).value;
  return value === undefined ? null : value;
}

/** True for a JSON object, not for dates, sets and lists. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return (
    value !== null &&
    typeof value === 'object' &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Set)
  );
}
