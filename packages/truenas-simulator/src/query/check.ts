/** The shape of query-filters and query-options, checked before any row is looked at. */
import { invalid, QueryError } from './error.ts';

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

/** Checks the shape of filters. @throws QueryError (validation) */
export function checkFilters(filters: readonly unknown[], depth = 0): void {
  for (const filter of filters) checkFilter(filter, depth);
}

function checkFilter(filter: unknown, depth: number): void {
  if (!Array.isArray(filter)) throw invalid(`Invalid filter ${show(filter)}`);
  if (filter.length === 2) {
    checkOr(filter[0], filter[1], depth + 1);
    return;
  }
  if (filter.length !== 3) throw invalid(`Invalid filter ${show(filter)}`);
  const [name, operator, operand] = filter as [unknown, unknown, unknown];
  if (typeof name !== 'string' || typeof operator !== 'string') {
    throw invalid(`Invalid filter ${show(filter)}`);
  }
  if (operator === '') throw new QueryError('string index out of range', 'IndexError', 'validation');
  if (operator === 'C~') throw invalid('Invalid case-insensitive operation: ~');
  if (!isOperator(operator.startsWith('C') ? operator.slice(1) : operator)) {
    throw invalid(`Invalid operation: ${operator}`);
  }
  if (name.endsWith(DATE_SUFFIX)) parseIsoDate(operand);
}

function checkOr(operator: unknown, branches: unknown, depth: number): void {
  if (operator !== 'OR') throw invalid(`Invalid operation: ${show(operator)}`);
  if (depth > MAX_DEPTH) throw invalid('query-filters max recursion depth exceeded');
  if (!Array.isArray(branches) || branches.length === 0) {
    throw invalid('OR filter requires at least one branch.');
  }
  for (const branch of branches) {
    if (!Array.isArray(branch) || branch.length === 0) throw invalid(`Invalid filter ${show(branch)}`);
    checkFilters(Array.isArray(branch[0]) ? branch : [branch], depth);
  }
}

/** Checks `select`. @throws QueryError (validation) */
export function checkSelect(select: readonly unknown[]): void {
  for (const item of select) {
    if (typeof item === 'string') continue;
    if (!Array.isArray(item)) throw invalid('selector must be a string or an array');
    if (item.length !== 2) throw invalid(`${show(item)}: a renamed column takes two items`);
    if (!item.every((part) => typeof part === 'string')) {
      throw invalid(`${show(item)}: both parts of a renamed column must be strings`);
    }
  }
}

/** Checks `order_by`. @throws QueryError (validation) */
export function checkOrderBy(orderBy: readonly unknown[]): void {
  for (const item of orderBy) {
    if (typeof item !== 'string') throw invalid(`${show(item)}: parameter to order_by must be a string`);
  }
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
    throw invalid(`Invalid isoformat string: ${show(operand)}`);
  }
  const isNaive = match[1] === undefined;
  const date = new Date(isNaive && operand.length > 10 ? `${operand}Z` : operand);
  if (Number.isNaN(date.getTime())) throw invalid(`Invalid isoformat string: ${show(operand)}`);
  return { date, isNaive };
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
