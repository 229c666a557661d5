/** Queries whose rows come from the NAS's database (PROTOCOL section 13): it knows its columns only. */
import { applyQuery, type QueryOptions } from './apply.ts';
import { failed, QueryError } from './error.ts';
import { type OrderKey, parseOrder } from './order.ts';
import { isObject } from './path.ts';
import { isColumn, type SqlTable } from './sql-tables.ts';
import { compareText, isEqual } from './values.ts';

/**
 * Runs a query over the rows of a table. Where code adds to the rows the database only sorts, and the usual filters
 * follow; else it does all the work itself, and its first sort key is the primary one.
 * @throws QueryError (KeyError) for a sort key, or a filter that the database runs, on what is no column
 */
export function querySql(
  table: SqlTable,
  rows: Iterable<object>,
  filters: readonly unknown[],
  options: QueryOptions & { readonly force_sql_filters?: boolean },
): unknown {
  const isThroughout = table.isSqlThroughout || options.force_sql_filters === true;
  const keys = parseOrder(options.order_by ?? []);
  if (!isThroughout) {
    for (const { path } of keys) columnOf(table, path);
    return applyQuery(rows, filters, options);
  }
  const condition = all(table, filters);
  const { count, get, limit = 0, offset = 0, select = [] } = options;
  const matched = [...rows].filter((row) => condition(row));
  if (count === true) return matched.length;
  for (const { path } of keys) columnOf(table, path);
  matched.sort((left, right) => compareBy(table, keys, left, right));
  const end = limit > 0 ? offset + limit : undefined;
  const shown = applyQuery(matched.slice(offset, end), [], { select });
  if (get !== true) return shown;
  const [first] = shown as object[];
  if (first === undefined) throw failed('', 'MatchNotFound');
  return first;
}

/** The column's name in a row. @throws QueryError (KeyError) */
function columnOf(table: SqlTable, name: string): string {
  if (!isColumn(table, name)) throw failed(`'${name}'`, 'KeyError');
  const bare = name.startsWith(table.prefix) ? name.slice(table.prefix.length) : name;
  return table.columns.has(bare) ? bare : bare.slice(0, -'_id'.length);
}

type Condition = (row: object) => boolean;

function all(table: SqlTable, filters: readonly unknown[]): Condition {
  const conditions = filters.map((filter) => compile(table, filter));
  return (row) => conditions.every((condition) => condition(row));
}

function compile(table: SqlTable, filter: unknown): Condition {
  const [name, second, operand] = filter as [string, unknown, unknown];
  if ((filter as unknown[]).length === 2) {
    const branches = (second as unknown[]).map((branch) => compile(table, branch));
    return (row) => branches.some((condition) => condition(row));
  }
  const operator = String(second);
  const [head = '', ...rest] = name.split(/\.|__/);
  const column = columnOf(table, head);
  const test = OPERATORS[operator];
  if (test === undefined) throw new QueryError(`Invalid operation: ${operator}`, 'ValueError', 'evaluation');
  return (row) => {
    let value = (row as Record<string, unknown>)[column];
    for (const part of rest) value = isObject(value) ? value[part] : null;
    return test(value ?? null, operand);
  };
}

/** What the database can compare; null is neither more nor less than anything. */
const OPERATORS: Readonly<Record<string, (value: unknown, operand: unknown) => boolean>> = {
  '=': isEqual,
  '!=': (value, operand) => (operand === null ? value !== null : value !== null && !isEqual(value, operand)),
  '>': (value, operand) => ordered(value, operand, (order) => order > 0),
  '>=': (value, operand) => ordered(value, operand, (order) => order >= 0),
  '<': (value, operand) => ordered(value, operand, (order) => order < 0),
  '<=': (value, operand) => ordered(value, operand, (order) => order <= 0),
  '~': (value, operand) => typeof value === 'string' && new RegExp(String(operand), 'iu').test(value),
  in: (value, operand) => listOf(operand).some((item) => isEqual(value, item)),
  nin: (value, operand) => value !== null && !listOf(operand).some((item) => isEqual(value, item)),
  '^': (value, operand) => textOf(value).startsWith(String(operand).toLowerCase()),
  $: (value, operand) => textOf(value).endsWith(String(operand).toLowerCase()),
};

function listOf(operand: unknown): readonly unknown[] {
  if (Array.isArray(operand)) return operand;
  return typeof operand === 'string' ? Array.from(operand) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}

function ordered(left: unknown, right: unknown, test: (order: number) => boolean): boolean {
  return left !== null && right !== null && test(compareStored(left, right));
}

/** Numbers before text, as the database sorts. */
function compareStored(left: unknown, right: unknown): number {
  const [leftRank, rightRank] = [rankOf(left), rankOf(right)];
  if (leftRank !== rightRank) return leftRank - rightRank;
  if (leftRank === 0) return 0;
  if (leftRank === 1) return Number(left) - Number(right);
  return compareText(storedText(left), storedText(right));
}

function rankOf(value: unknown): number {
  if (value === null || value === undefined) return 0;
  return typeof value === 'string' || typeof value === 'object' ? 2 : 1;
}

function storedText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function compareBy(table: SqlTable, keys: readonly OrderKey[], left: object, right: object): number {
  for (const { path, isDescending, nulls } of keys) {
    const column = columnOf(table, path);
    const [a, b] = [left, right].map((row) => (row as Record<string, unknown>)[column] ?? null);
    if ((a === null) !== (b === null) && nulls !== null) return (a === null) === (nulls === 'first') ? -1 : 1;
    const order = compareStored(a, b);
    if (order !== 0) return isDescending ? -order : order;
  }
  return 0;
}
