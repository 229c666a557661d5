/** `order_by`: every entry sorts the whole list again, stably, so that the last entry is the primary key. */
import { pythonType } from '../errors/python.ts';
import { failed } from './error.ts';
import { isObject, splitPath, valueAt } from './path.ts';
import { compare, isNumeric } from './values.ts';

const NULLS_FIRST = 'nulls_first:';
const NULLS_LAST = 'nulls_last:';

/** One entry of `order_by`, taken apart. */
export interface OrderKey {
  readonly path: string;
  readonly parts: readonly string[];
  readonly isDescending: boolean;
  readonly nulls: 'first' | 'last' | null;
}

/** Takes `order_by` apart. */
export function parseOrder(orderBy: readonly string[]): OrderKey[] {
  return orderBy.map((entry) => {
    const nulls = entry.startsWith(NULLS_FIRST) ? 'first' : entry.startsWith(NULLS_LAST) ? 'last' : null;
    const bare = nulls === null ? entry : entry.slice(entry.indexOf(':') + 1);
    const isDescending = bare.startsWith('-');
    const path = isDescending ? bare.slice(1) : bare;
    return { path, parts: splitPath(path), isDescending, nulls };
  });
}

/** All rows in order. @throws QueryError (TypeError) when values of a key have no order among each other */
export function sortRows<Row>(rows: readonly Row[], keys: readonly OrderKey[]): Row[] {
  const columns = openColumns(keys);
  const values = columns.map((column) => rows.map((row) => column.read(row)));
  for (const column of columns) column.finish();
  const indexes = Array.from(rows, (_, index) => index).sort((left, right) => {
    for (let at = 0; at < columns.length; at++) {
      const result = (columns[at] as Column).order(values[at]?.[left], values[at]?.[right]);
      if (result !== 0) return result;
    }
    return left - right;
  });
  return indexes.map((index) => rows[index] as Row);
}

/** The most rows that `firstRows` is meant for. */
export const MAX_FIRST_ROWS = 512;

/**
 * The first `wanted` of the matching rows in order, without keeping the others: rows may be made on the fly.
 * @throws QueryError as filtering and sorting all of them would
 */
export function firstRows<Row>(
  rows: Iterable<Row>,
  matches: (row: Row) => boolean,
  keys: readonly OrderKey[],
  wanted: number,
): Row[] {
  const columns = openColumns(keys);
  const kept: { readonly row: Row; readonly values: readonly unknown[] }[] = [];
  const isBefore = (values: readonly unknown[], other: readonly unknown[]): boolean => {
    for (let at = 0; at < columns.length; at++) {
      const result = (columns[at] as Column).order(values[at], other[at]);
      if (result !== 0) return result < 0;
    }
    return false;
  };
  for (const row of rows) {
    if (!matches(row)) continue;
    const values = columns.map((column) => column.read(row));
    const last = kept.at(-1);
    if (kept.length >= wanted && last !== undefined && !isBefore(values, last.values)) continue;
    let low = 0;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(values, kept[middle]?.values ?? [])) high = middle;
      else low = middle + 1;
    }
    kept.splice(low, 0, { row, values });
    if (kept.length > wanted) kept.pop();
  }
  for (const column of columns) column.finish();
  return kept.map(({ row }) => row);
}

/** One sort key over the rows read so far. */
interface Column {
  /** The value to sort a row by; keeps track of whether all values have an order. */
  read(row: unknown): unknown;
  order(left: unknown, right: unknown): number;
  /** @throws QueryError (TypeError) when values read had no order, as comparing them would */
  finish(): void;
}

/** Stands for a null that a prefix puts first or last. */
const PLACED_NULL = Symbol('null');

type Kind = 'text' | 'number' | 'date' | 'list' | 'none';

/** The primary key, which is the last one, first. */
function openColumns(keys: readonly OrderKey[]): Column[] {
  return keys.map(openColumn).reverse();
}

function openColumn(key: OrderKey): Column {
  const sign = key.isDescending ? -1 : 1;
  const nullSign = key.nulls === 'first' ? -1 : 1;
  let count = 0;
  let kind: Kind | null = null;
  let sample: unknown;
  let stranger: { readonly value: unknown } | null = null;
  return {
    read(row) {
      if (key.nulls !== null && isTopLevelNull(row, key.path)) return PLACED_NULL;
      const value = valueAt(row, key.parts);
      const valueKind = kindOf(value);
      count += 1;
      if (kind === null) {
        kind = valueKind;
        sample = value;
      }
      if (valueKind !== kind || valueKind === 'none') stranger ??= { value };
      return value;
    },
    order(left, right) {
      if (left === right) return 0;
      if (left === PLACED_NULL) return nullSign;
      if (right === PLACED_NULL) return -nullSign;
      return stranger === null ? sign * compare(left, right) : 0;
    },
    finish() {
      if (stranger === null || count < 2) return;
      const { value } = stranger;
      const text = `'<' not supported between instances of '${pythonType(value)}' and '${pythonType(sample)}'`;
      throw failed(text);
    },
  };
}

function kindOf(value: unknown): Kind {
  if (typeof value === 'string') return 'text';
  if (isNumeric(value)) return 'number';
  if (value instanceof Date) return 'date';
  return Array.isArray(value) ? 'list' : 'none';
}

/** Only the key as written counts here, dots included: a nested field is always null to `nulls_first:` and `nulls_last:`. */
function isTopLevelNull(row: unknown, path: string): boolean {
  return !isObject(row) || row[path] === null || row[path] === undefined;
}
