/** Comparing values as the NAS's language does: strict about types, numbers and booleans being one kind. */
import { pythonType } from '../errors/python.ts';
import { failed } from './error.ts';

/** Equality: deep, with `0 = false` and `1 = true`, dates by their time. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (isNumeric(left)) return isNumeric(right) && isSameNumber(exact(left), exact(right));
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') return false;
  if (left instanceof Date) return right instanceof Date && left.getTime() === right.getTime();
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => isEqual(item, right[index]))
    );
  }
  if (left instanceof Set) return right instanceof Set && isEqual([...left], [...right]);
  if (Array.isArray(right) || right instanceof Date || right instanceof Set) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every(
      (key) =>
        key in right &&
        isEqual((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key]),
    )
  );
}

/**
 * Negative, zero or positive, as for a sort.
 * @throws QueryError (TypeError) when the two have no order
 */
export function compare(left: unknown, right: unknown, operator = '<'): number {
  if (isNumeric(left) && isNumeric(right)) return compareNumbers(exact(left), exact(right));
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  if (left instanceof Date && right instanceof Date) return left.getTime() - right.getTime();
  if (Array.isArray(left) && Array.isArray(right)) return compareLists(left, right, operator);
  throw failed(
    `'${operator}' not supported between instances of '${pythonType(left)}' and '${pythonType(right)}'`,
  );
}

function compareLists(left: readonly unknown[], right: readonly unknown[], operator: string): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    if (!isEqual(left[index], right[index])) return compare(left[index], right[index], operator);
  }
  return left.length - right.length;
}

const SURROGATES = /[\ud800-\udfff]/;

/** Order by code points, which differs from the order of UTF-16 units beyond the basic plane. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  if (!SURROGATES.test(left) && !SURROGATES.test(right)) return left < right ? -1 : 1;
  const leftPoints = Array.from(left, (char) => char.codePointAt(0) ?? 0);
  const rightPoints = Array.from(right, (char) => char.codePointAt(0) ?? 0);
  return compareLists(leftPoints, rightPoints, '<');
}

/** Numbers, long integers and booleans, which compare with each other. */
export function isNumeric(value: unknown): value is number | bigint | boolean {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
}

function exact(value: number | bigint | boolean): number | bigint {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** True for one number in both kinds; NaN is no number. */
function isSameNumber(left: number | bigint, right: number | bigint): boolean {
  return typeof left === typeof right ? left === right : left <= right && left >= right;
}

function compareNumbers(left: number | bigint, right: number | bigint): number {
  if (left < right) return -1;
  return left > right ? 1 : 0;
}

/** True when `container` holds `item`. @throws QueryError (TypeError) when it cannot hold anything */
export function contains(container: unknown, item: unknown): boolean {
  if (Array.isArray(container)) return container.some((each) => isEqual(each, item));
  if (typeof container === 'string') {
    if (typeof item !== 'string') {
      throw failed(`'in <string>' requires string as left operand, not ${pythonType(item)}`);
    }
    return container.includes(item);
  }
  if (container instanceof Set) return [...container].some((each) => isEqual(each, item));
  if (container !== null && typeof container === 'object' && !(container instanceof Date)) {
    return typeof item === 'string' && Object.hasOwn(container, item);
  }
  throw failed(`argument of type '${pythonType(container)}' is not iterable`);
}

/** Text without regard to case; lists of text item by item; null stays null. @throws QueryError otherwise */
export function casefold(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return foldText(value);
  if (Array.isArray(value)) return value.map(foldItem);
  throw failed(
    `<class '${pythonType(value)}'>: support for casefolding object type not implemented.`,
    'ValueError',
  );
}

function foldItem(item: unknown): string {
  if (typeof item === 'string') return foldText(item);
  throw failed(`'${pythonType(item)}' object has no attribute 'casefold'`, 'AttributeError');
}

const ASCII = /^[\x20-\x7e]*$/;

function foldText(value: string): string {
  if (ASCII.test(value)) return value.toLowerCase();
  return Array.from(value, (char) => (char === 'ı' ? char : char.toUpperCase().toLowerCase()))
    .join('')
    .replaceAll('ς', 'σ');
}
