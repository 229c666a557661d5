/** Filters and options of a list as FreeBSD releases evaluate them. */
import { compileFilters } from '../query/condition.ts';
import { isOperator } from '../query/check.ts';
import { failed, QueryError } from '../query/error.ts';
import { follow, isObject, splitPath } from '../query/path.ts';
import { compare } from '../query/values.ts';
import { pythonText, pythonType } from '../errors/python.ts';

/** Validated query-options of these releases. */
export interface CoreOptions {
  readonly select?: readonly unknown[];
  readonly order_by?: readonly unknown[];
  readonly count?: boolean;
  readonly get?: boolean;
  readonly offset?: number;
  readonly limit?: number;
  readonly force_sql_filters?: boolean;
  readonly extra?: Readonly<Record<string, unknown>>;
}

/**
 * Runs a query over rows in memory: filters, then select, count, order and limits. With filters `get` answers the first
 * match in the rows' own order.
 * @throws QueryError for what cannot be evaluated; nothing is noticed while there are no rows
 */
export function filterCoreList(
  rows: readonly object[],
  filters: readonly unknown[],
  options: CoreOptions,
): unknown {
  const { select = [], order_by: orderBy = [], count, get, offset = 0, limit = 0 } = options;
  let shown: object[] = [];
  for (const row of rows) {
    if (!filters.every((filter) => matches(row, filter))) continue;
    const entry = select.length === 0 ? row : selectTopLevel(row, select);
    if (get === true && filters.length > 0) return entry;
    shown.push(entry);
  }
  if (count === true) return shown.length;
  for (const key of orderBy) shown = sortedBy(shown, String(key));
  if (get === true) {
    const [first] = shown;
    if (first === undefined) throw failed('', 'MatchNotFound');
    return first;
  }
  const rest = offset > 0 ? shown.slice(offset) : shown;
  return limit > 0 ? rest.slice(0, limit) : rest;
}

/** Keys of the row itself; what is not one is left out without a word. @throws QueryError for a list among them */
export function selectTopLevel(row: object, select: readonly unknown[]): Record<string, unknown> {
  const from = row as Record<string, unknown>;
  const out: Record<string, unknown> = {};
  for (const name of select) {
    if (Array.isArray(name) || isObject(name)) throw failed(`unhashable type: '${pythonType(name)}'`);
    const key = String(name);
    if (Object.hasOwn(from, key)) out[key] = from[key];
  }
  return out;
}

function matches(row: object, filter: unknown): boolean {
  if (!Array.isArray(filter)) throw badFilter(filter);
  if (filter.length === 2) {
    const [operator, branches] = filter as [unknown, unknown];
    if (operator !== 'OR' || !Array.isArray(branches)) throw badOperation(operator);
    return branches.some((branch) => {
      if (!Array.isArray(branch) || branch.length !== 3) throw badFilter(branch);
      return matches(row, branch);
    });
  }
  if (filter.length !== 3) throw badFilter(filter);
  const [name, operator, operand] = filter as [unknown, unknown, unknown];
  const value = fieldOf(row, String(name));
  if (typeof operator !== 'string' || !isOperator(operator)) throw badOperation(operator);
  return compileFilters([['value', operator, operand]]).matches({ value });
}

/** What is not there counts as null. */
function fieldOf(row: object, name: string): unknown {
  const parts = splitPath(name);
  if (parts.includes('*')) throw failed('*: must be array index', 'ValueError');
  const { value } = follow(row, parts);
  return value === undefined ? null : value;
}

function badFilter(filter: unknown): QueryError {
  return new QueryError(`Invalid filter ${pythonText(filter)}`, 'ValueError', 'evaluation');
}

function badOperation(operator: unknown): QueryError {
  return new QueryError(`Invalid operation: ${pythonText(operator)}`, 'ValueError', 'evaluation');
}

/** Sorted anew for each key, so that the last one is the primary. @throws QueryError for a key that a row lacks */
function sortedBy(rows: readonly object[], key: string): object[] {
  const isDescending = key.startsWith('-');
  const name = isDescending ? key.slice(1) : key;
  const read = (row: object): unknown => {
    if (!Object.hasOwn(row, name)) throw failed(`'${name}'`, 'KeyError');
    return (row as Record<string, unknown>)[name];
  };
  const keyed = rows.map((row) => [read(row), row] as const);
  const sorted = keyed.sort(([left], [right]) =>
    isDescending ? compare(right, left) : compare(left, right),
  );
  return sorted.map(([, row]) => row);
}
