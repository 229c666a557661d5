/** `order_by`: every entry sorts the whole list again, stably, so that the last entry is the primary key. */
import { failed } from './error.ts';
import { isObject, splitPath, valueAt } from './path.ts';
import { compare, isNumeric, typeName } from './values.ts';

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

/**
 * The first `wanted` rows in order (all when null).
 * @throws QueryError (TypeError) when values of a key have no order among each other
 */
export function sortRows<Row>(rows: readonly Row[], keys: readonly OrderKey[], wanted: number | null): Row[] {
  if (keys.length === 0) return [...rows];
  const comparators = keys.map((key) => columnComparator(rows, key)).reverse();
  const inOrder = (left: number, right: number): number => {
    for (const comparator of comparators) {
      const result = comparator(left, right);
      if (result !== 0) return result;
    }
    return left - right;
  };
  const indexes =
    wanted !== null && wanted <= TOP_LIMIT && wanted * 8 < rows.length
      ? smallest(rows.length, wanted, inOrder)
      : Array.from(rows, (_, index) => index).sort(inOrder);
  return indexes.map((index) => rows[index] as Row);
}

const TOP_LIMIT = 512;

type Comparator = (left: number, right: number) => number;

/** Keeps the `wanted` first of `count` in a small sorted list instead of sorting all. */
function smallest(count: number, wanted: number, inOrder: Comparator): number[] {
  const kept: number[] = [];
  for (let index = 0; index < count; index++) {
    const last = kept.at(-1);
    if (kept.length === wanted && (last === undefined || inOrder(index, last) > 0)) continue;
    let low = 0;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (inOrder(kept[middle] as number, index) <= 0) low = middle + 1;
      else high = middle;
    }
    kept.splice(low, 0, index);
    if (kept.length > wanted) kept.pop();
  }
  return kept;
}

function columnComparator(rows: readonly unknown[], key: OrderKey): Comparator {
  const isNull = key.nulls === null ? null : rows.map((row) => isTopLevelNull(row, key.path));
  const values = rows.map((row, index) => (isNull?.[index] === true ? null : valueAt(row, key.parts)));
  const present = isNull === null ? values : values.filter((_, index) => isNull[index] !== true);
  const byValue = comparatorFor(present);
  const sign = key.isDescending ? -1 : 1;
  const nullSign = key.nulls === 'first' ? -1 : 1;
  return (left, right) => {
    if (isNull !== null && (isNull[left] || isNull[right])) {
      if (isNull[left] === isNull[right]) return 0;
      return isNull[left] === true ? nullSign : -nullSign;
    }
    return sign * byValue(values[left], values[right]);
  };
}

/** Only the key as written counts here, dots included: a nested field is always null to `nulls_first:` and `nulls_last:`. */
function isTopLevelNull(row: unknown, path: string): boolean {
  return !isObject(row) || row[path] === null || row[path] === undefined;
}

const SURROGATES = /[\ud800-\udfff]/;

/** A comparator for one column; one pass makes sure that all values have an order. */
function comparatorFor(values: readonly unknown[]): (left: unknown, right: unknown) => number {
  if (values.length < 2) return () => 0;
  if (values.every((value) => typeof value === 'string')) {
    if (values.some((value) => SURROGATES.test(value))) return compare;
    return (left, right) => {
      if (left === right) return 0;
      return (left as string) < (right as string) ? -1 : 1;
    };
  }
  if (values.every(isNumeric)) return (left, right) => Number(left) - Number(right);
  if (values.every((value) => value instanceof Date)) {
    return (left, right) => (left as Date).getTime() - (right as Date).getTime();
  }
  if (values.every((value) => Array.isArray(value))) return compare;
  const [first] = values;
  const other = values.find((value) => typeName(value) !== typeName(first)) ?? first;
  throw failed(`'<' not supported between instances of '${typeName(other)}' and '${typeName(first)}'`);
}
