/** The shape of query-filters and query-options, checked before any row is looked at. */
import { pythonText, pythonType } from '../errors/python.ts';
import { failed, invalid, QueryError } from './error.ts';
import { isObject } from './path.ts';

/** Deepest nesting of `OR`. */
const MAX_DEPTH = 3;

/** Every operator without its `C` (casefold) prefix. */
export const OPERATORS = [
  '=',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  '~',
  'in',
  'nin',
  'rin',
  'rnin',
  '^',
  '!^',
  '$',
  '!$',
] as const;
/** An operator without its `C` prefix. */
export type Operator = (typeof OPERATORS)[number];

/** True for the name of an operator, without a `C` prefix. */
export function isOperator(name: string): name is Operator {
  return (OPERATORS as readonly string[]).includes(name);
}

/**
 * Checks the shape of filters, as far as the NAS does before it looks at a row.
 * @throws QueryError (validation), or of the evaluation phase where the check itself fails on what it is given
 */
export function checkFilters(filters: readonly unknown[], depth = 0): void {
  for (const filter of filters) checkFilter(filter, depth);
}

function checkFilter(filter: unknown, depth: number): void {
  const parts = partsOf(filter);
  if (parts.length === 2) {
    checkOr(parts[0], parts[1], depth + 1);
    return;
  }
  if (parts.length !== 3) throw invalid(`Invalid filter ${pythonText(filter)}`);
  const [name, operator, operand] = parts;
  const plain = plainOperator(operator);
  checkTimestamps(name, plain, operand);
}

/** Text has letters, an object has keys. */
function partsOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return Array.from(value);
  if (Array.isArray(value)) return value;
  if (value instanceof Set) return [...value];
  if (isObject(value)) return Object.keys(value);
  throw failed(`object of type '${pythonType(value)}' has no len()`);
}

/** The operator without its `C`. */
function plainOperator(operator: unknown): Operator {
  const first = itemOf(operator, 0);
  if (typeof operator !== 'string') throw failed(`unhashable type: '${pythonType(operator)}'`);
  const plain = first === 'C' ? operator.slice(1) : operator;
  if (plain === '~' && first === 'C') throw invalid(`Invalid case-insensitive operation: ${operator}`);
  if (!isOperator(plain)) throw invalid(`Invalid operation: ${operator}`);
  return plain;
}

/** One item of something that has items. */
function itemOf(value: unknown, index: number): unknown {
  if (typeof value === 'string') {
    const char = Array.from(value)[index];
    if (char === undefined) throw new QueryError('string index out of range', 'IndexError', 'validation');
    return char;
  }
  if (Array.isArray(value)) {
    if (index >= value.length) throw new QueryError('list index out of range', 'IndexError', 'validation');
    return value[index];
  }
  if (isObject(value)) throw failed(String(index), 'KeyError');
  throw failed(`'${pythonType(value)}' object is not subscriptable`);
}

function checkOr(operator: unknown, branches: unknown, depth: number): void {
  if (operator !== 'OR') throw invalid(`Invalid operation: ${pythonText(operator)}`);
  if (isFalsy(branches)) throw invalid('OR filter requires at least one branch.');
  if (typeof branches === 'number' || typeof branches === 'boolean' || typeof branches === 'bigint') {
    throw failed(`'${pythonType(branches)}' object is not iterable`);
  }
  for (const branch of partsOf(branches)) {
    const isList = Array.isArray(itemOf(branch, 0));
    if (depth > MAX_DEPTH) throw invalid('query-filters max recursion depth exceeded');
    checkFilters(isList ? partsOf(branch) : [branch], depth);
  }
}

function isFalsy(value: unknown): boolean {
  if (value === null || value === false || value === 0 || value === '') return true;
  return typeof value === 'object' && !(value instanceof Date) && partsOf(value).length === 0;
}

const TIMESTAMP_OPERATORS = new Set<Operator>(['=', '!=', '>', '>=', '<', '<=']);

function checkTimestamps(name: unknown, operator: Operator, operand: unknown): void {
  for (const side of [name, operand]) {
    if (typeof side !== 'string' || !side.endsWith(DATE_SUFFIX)) continue;
    if (!TIMESTAMP_OPERATORS.has(operator)) throw invalid(`${operator}: invalid timestamp operation.`);
    parseIsoDate(side === name ? operand : name);
  }
}

/** Checks `select`. @throws QueryError (validation) */
export function checkSelect(select: readonly unknown[]): void {
  for (const item of select) {
    if (typeof item === 'string') continue;
    if (!Array.isArray(item)) {
      throw invalid(
        `${pythonText(item)}: selectors must be either a parameter name as a string or a list containing two items ` +
          '[<parameter name>, <as name>] to emulate SELECT <parameter name> AS <as name>.',
      );
    }
    if (item.length !== 2) {
      throw invalid(
        `${pythonText(item)}: A select as list may only contain two parameters: the name of the parameter being ` +
          'selected, and the name to which to assign it in resulting data.',
      );
    }
    const wrong = item.findIndex((part) => typeof part !== 'string');
    if (wrong >= 0)
      throw invalid(`${pythonText(item)}: ${wrong === 0 ? 'first' : 'second'} item must be a string.`);
  }
}

/** Checks `order_by`. @throws QueryError (validation) */
export function checkOrderBy(orderBy: readonly unknown[]): void {
  for (const [index, item] of orderBy.entries()) {
    if (typeof item === 'string') continue;
    throw invalid(
      `${pythonText(orderBy)}: parameter at index ${index} [${pythonText(item)}] is not a string.`,
    );
  }
}

/** The most rows one query may ask for. */
export const MAX_LIMIT = 10_000;

/** Checks how options go together, then `select` and `order_by`. @throws QueryError (validation) */
export function checkOptions(options: {
  readonly get?: unknown;
  readonly limit?: unknown;
  readonly offset?: unknown;
  readonly select?: readonly unknown[] | undefined;
  readonly order_by?: readonly unknown[] | undefined;
}): void {
  const limit = Number(options.limit ?? 0);
  const isSingle = options.get === true;
  if (isSingle && (limit > 1 || Number(options.offset ?? 0) !== 0)) {
    throw invalid('Invalid options combination. `get` implies a single result.');
  }
  if (limit > MAX_LIMIT) throw invalid(`Options limit must be between 1 and ${MAX_LIMIT}`);
  checkSelect(options.select ?? []);
  checkOrderBy(options.order_by ?? []);
}

/** A field name may end so: its operand is then ISO 8601 text. */
export const DATE_SUFFIX = '.$date';

/** A date from ISO text, and whether the text named a time zone. */
export interface ParsedDate {
  readonly date: Date;
  readonly isNaive: boolean;
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Reads ISO 8601 text. @throws QueryError (validation) */
export function parseIsoDate(operand: unknown): ParsedDate {
  const match = typeof operand === 'string' ? ISO_DATE.exec(operand) : null;
  if (match === null || typeof operand !== 'string') {
    throw invalid(`${pythonText(operand)}: must be an ISO-8601 formatted timestamp string`);
  }
  const isNaive = match[1] === undefined;
  const date = new Date(isNaive && operand.length > 10 ? `${operand}Z` : operand);
  if (Number.isNaN(date.getTime()))
    throw invalid(`${operand}: must be an ISO-8601 formatted timestamp string`);
  return { date, isNaive };
}
