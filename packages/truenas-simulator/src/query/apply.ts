/** Query filters and options with the semantics of TrueNAS (PROTOCOL section 9). */
import { checkFilters, checkOptions } from './check.ts';
import { compileFilters } from './condition.ts';
import { failed } from './error.ts';
import { firstRows, MAX_FIRST_ROWS, parseOrder, sortRows } from './order.ts';
import { compileSelect, isCovered } from './select.ts';

/** What a query may ask for besides its filters. */
export interface QueryOptions {
  /** Keys to keep (`a`, `a.b`), or `[path, new name]`. */
  readonly select?: readonly (string | readonly [path: string, name: string])[];
  /** `name`, `-name`, `nulls_first:name`, `nulls_last:-name`; the last entry is the primary key. */
  readonly order_by?: readonly string[];
  /** Answer the number of matches. */
  readonly count?: boolean;
  /** Answer the first match itself; none is an error. */
  readonly get?: boolean;
  readonly offset?: number;
  /** 0: all. */
  readonly limit?: number;
}

/**
 * Runs a query over rows, exactly as a TrueNAS does: filters and select, then count, order, get, offset, limit.
 * Dates are `Date` objects, in rows as in filters. Rows are not changed; unselected ones are answered as they are.
 *
 * ```ts
 * applyQuery(pools, [['status', '!=', 'ONLINE']], { select: ['name', 'status'], order_by: ['name'] });
 * ```
 *
 * @throws QueryError with the NAS's exception class; `MatchNotFound` when `get` finds nothing
 */
export function applyQuery<Row extends object>(
  rows: Iterable<Row>,
  filters: readonly unknown[] = [],
  options: QueryOptions = {},
): Row[] | Row | number {
  checkFilters(filters);
  const { select = [], order_by: orderBy = [], offset = 0, limit = 0 } = options;
  checkOptions(options);
  const condition = filters.length === 0 ? null : compileFilters(filters);
  const isGet = options.get === true;
  const project = select.length === 0 ? null : (compileSelect(select) as (row: unknown) => Row);

  if (isGet && orderBy.length === 0 && (condition !== null || options.count !== true)) {
    for (const row of rows) {
      if (condition === null || condition.matches(row)) return project === null ? row : project(row);
    }
    throw matchNotFound();
  }
  if (options.count === true) return countMatches(rows, condition?.matches ?? null, project);

  const isSliced = offset >= 0 && limit > 0;
  const wanted = isGet ? 1 : isSliced ? offset + limit : null;
  const keys = parseOrder(orderBy);
  const canProjectLate = project === null || keys.every((key) => isCovered(key.path, select));
  let matched: Row[];
  if (keys.length > 0 && canProjectLate && wanted !== null && wanted <= MAX_FIRST_ROWS) {
    matched = firstRows(rows, condition?.matches ?? (() => true), keys, wanted);
  } else {
    matched = collectMatches(rows, condition, keys.length === 0 ? wanted : null);
    if (project !== null && !canProjectLate) matched = matched.map(project);
    if (keys.length > 0) matched = sortRows(matched, keys);
  }
  if (isGet) {
    const [first] = matched;
    if (first === undefined) throw matchNotFound();
    return project !== null && canProjectLate ? project(first) : first;
  }
  if (offset !== 0) matched = matched.slice(offset);
  if (limit !== 0) matched = matched.slice(0, limit);
  return project !== null && canProjectLate ? matched.map(project) : matched;
}

function matchNotFound(): Error {
  return failed('', 'MatchNotFound');
}

function countMatches(
  rows: Iterable<object>,
  matches: ((row: unknown) => boolean) | null,
  project: ((row: unknown) => unknown) | null,
): number {
  if (matches === null && project === null && Array.isArray(rows)) return rows.length;
  let count = 0;
  for (const row of rows) {
    if (matches !== null && !matches(row)) continue;
    project?.(row);
    count++;
  }
  return count;
}

/** Keeps at most `wanted` matches; goes on looking where a later row could still be an error. */
function collectMatches<Row extends object>(
  rows: Iterable<Row>,
  condition: { readonly matches: (row: unknown) => boolean; readonly isSafe: boolean } | null,
  wanted: number | null,
): Row[] {
  if (condition === null && wanted === null) return Array.isArray(rows) ? (rows as Row[]) : [...rows];
  const matched: Row[] = [];
  for (const row of rows) {
    if (wanted !== null && matched.length >= wanted) {
      if (condition === null || condition.isSafe) break;
      condition.matches(row);
    } else if (condition === null || condition.matches(row)) {
      matched.push(row);
    }
  }
  return matched;
}
