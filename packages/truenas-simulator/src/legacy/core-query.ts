/** Queries of FreeBSD releases: a table is read by its database first, and what it answered is filtered then. */
import type { LegacyRelease } from '../releases.ts';
import { failed } from '../query/error.ts';
import { parseOrder } from '../query/order.ts';
import { querySql } from '../query/sql.ts';
import { isColumn, type SqlTable } from '../query/sql-tables.ts';
import { type CoreOptions, filterCoreList, selectTopLevel } from './core-filters.ts';

/**
 * Runs a query. Of a table the database sorts and selects, before anything is filtered: a filter on what is not selected
 * finds nothing. 13.0 also cuts to `limit` there.
 */
export function queryCore(
  release: LegacyRelease,
  table: SqlTable | undefined,
  rows: readonly object[],
  filters: readonly unknown[],
  options: CoreOptions,
): unknown {
  if (table === undefined) return filterCoreList(rows, filters, options);
  const { select = [] } = options;
  const order = (options.order_by ?? []).map(String);
  if (table.isSqlThroughout || options.force_sql_filters === true) {
    const found = querySql({ ...table, isSqlThroughout: true }, rows, filters, {
      ...{ order_by: order, count: options.count === true, get: options.get === true },
      ...{ offset: options.offset ?? 0, limit: options.limit ?? 0 },
    });
    if (select.length === 0 || typeof found === 'number') return found;
    return Array.isArray(found)
      ? (found as object[]).map((row) => selectTopLevel(row, select))
      : selectTopLevel(found as object, select);
  }
  for (const { path } of parseOrder(order)) {
    if (!isColumn(table, path)) throw failed(`'${path}'`, 'KeyError');
  }
  let stored = sortedByDatabase(table, rows, order);
  const { offset = 0, limit = 0 } = options;
  if (release === 'core-13.0') {
    if (offset > 0) stored = stored.slice(offset);
    if (limit > 0) stored = stored.slice(0, limit);
  }
  if (select.length > 0) stored = stored.map((row) => selectTopLevel(row, select));
  return filterCoreList(stored, filters, options);
}

function sortedByDatabase(
  table: SqlTable,
  rows: readonly object[],
  order: readonly string[],
): readonly object[] {
  if (order.length === 0) return rows;
  return querySql({ ...table, isSqlThroughout: true }, rows, [], { order_by: order }) as readonly object[];
}
