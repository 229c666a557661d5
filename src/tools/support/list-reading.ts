/** Ready-made ways for a list to read its rows: everything pushed down to one query method, or all rows sorted here. */
import type { Values, ValueType } from '../../output/cells.ts';
import type { ReadClient, WireValue } from '../../truenas/client.ts';
import { type QueryParts, query } from '../../truenas/query.ts';
import { type Facts, type ListRows, type NamedColumn, type Question, valueIn } from '../define-list.ts';
import { gapText, type Part, readPart } from './part.ts';
import { field, isObject, knownCountOf, rawRowsOf, type Reader } from './rows.ts';

/** Most rows that are read to be sorted here. */
export const MAX_SORTED_HERE = 2000;

/** A page by one query method: the NAS filters, sorts, selects and counts. */
export async function readPage(
  nas: ReadClient,
  method: string,
  question: Question,
  parts: QueryParts,
): Promise<ListRows<Facts>> {
  const [result, count] = await Promise.all([
    nas.call(method, pageQuery(question, parts)),
    readCount(nas, method, parts),
  ]);
  return counted(factsOf(result, question.columns), count, question);
}

/** How many rows of all pages there are. */
export function readCount(nas: ReadClient, method: string, parts: QueryParts): Promise<Part<number>> {
  return readPart(nas, async (limited) => knownCountOf(await limited.call(method, countQuery(parts))));
}

/**
 * Rows of a page with their number in all. Where that could not be read, a page that is not full is the last one; a full
 * one says that there are at least as many, never that there are none.
 */
export function counted<Row>(
  rows: readonly Row[],
  count: Part<number>,
  { page }: Pick<Question, 'page'>,
): ListRows<Row> {
  if ('value' in count) return { rows, total: count.value };
  const isLast = rows.length < page.limit && rows.length > 0;
  return {
    rows,
    total: page.offset + rows.length,
    isAtLeast: !isLast,
    notes: [`(the number of all ${gapText(count)})`],
  };
}

/** Parameters of the query that gives a page of what the columns need. */
export function pageQuery<Row>(
  { columns, orderBy, page }: Pick<Question<unknown, Row>, 'columns' | 'orderBy' | 'page'>,
  parts: QueryParts,
): ReturnType<typeof query> {
  const select = columns.flatMap(({ from }) => from ?? []);
  return query({ select, orderBy, ...page, ...parts });
}

/** Parameters of the query that counts all pages. */
export function countQuery({ filters, extra }: QueryParts): ReturnType<typeof query> {
  return query({ filters, extra, count: true });
}

/** True for a column that the NAS cannot sort by: then all rows are needed. */
export function isSortedHere({ sort }: Pick<Question, 'sort'>): boolean {
  return sort !== undefined && sort.column.from === undefined;
}

/** The same question for all rows, up to {@link MAX_SORTED_HERE}. */
export function forAllRows<Asked extends Question>(question: Asked): Asked {
  return { ...question, page: { offset: 0, limit: MAX_SORTED_HERE } };
}

/** A page of rows that were read whole, sorted as asked. */
export function pageHere<Row>(
  { sort, page }: Pick<Question<unknown, Row>, 'sort' | 'page'>,
  rows: readonly Row[],
): ListRows<Row> {
  const sorted = sort === undefined ? rows : sortRows(rows, compared(sort.column), sort.order);
  return { rows: sorted.slice(page.offset, page.offset + page.limit), total: rows.length };
}

/**
 * Rows that pass a filter here, and a note about rows of which it is not known whether they do.
 * @param passes undefined: not known, as a fact that it needs could not be read
 */
export function filteredHere<Row>(
  rows: readonly Row[],
  passes: (row: Row) => boolean | undefined,
): { rows: Row[]; notes: string[]; isUnsure: boolean } {
  const judged = rows.map((row) => ({ row, passes: passes(row) }));
  const unknown = judged.filter((each) => each.passes === undefined).length;
  return {
    rows: judged.filter((each) => each.passes === true).map(({ row }) => row),
    notes: unknown === 0 ? [] : [`(${unknown} more could not be read, and may belong here)`],
    isUnsure: unknown > 0,
  };
}

/** True when all conditions hold, false when one does not, undefined when that is not known: null stands for a fact that could not be read. */
export function allHold(conditions: readonly (boolean | null)[]): boolean | undefined {
  if (conditions.includes(false)) return false;
  return conditions.includes(null) ? undefined : true;
}

function compared<Row>(column: NamedColumn<Row>): (row: Row) => string | number | null {
  if (column.sortBy !== undefined) return column.sortBy;
  return (row) => {
    const value = valueIn(column, row);
    return typeof value === 'string' || typeof value === 'number' ? value : null;
  };
}

/** Sorts rows that had to be fetched whole; rows without a value come last either way. */
export function sortRows<Row>(
  rows: readonly Row[],
  value: (row: Row) => string | number | null | undefined,
  order: 'asc' | 'desc',
): Row[] {
  const sign = order === 'asc' ? 1 : -1;
  return rows.toSorted((rowA, rowB) => {
    const a = value(rowA) ?? undefined;
    const b = value(rowB) ?? undefined;
    if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
    return a === b ? 0 : (a < b ? -1 : 1) * sign;
  });
}

/**
 * Rows that hold what the columns take from a query's result, under the columns' names.
 * @throws TrueNasError (`odd-answer`) when it is no list
 */
export function factsOf<Row>(result: WireValue, columns: readonly NamedColumn<Row>[]): Facts[] {
  const readers = columns.flatMap(({ name, from, type, read = READERS[type] }) =>
    from === undefined ? [] : [{ name, steps: from.split('.'), read }],
  );
  return rawRowsOf(result).map((row) => {
    const facts: Record<string, Facts[string]> = {};
    for (const { name, steps, read } of readers) facts[name] = read(valueAt(row, steps));
    return facts;
  });
}

/** How the value of a column is read, by the column's type. */
export const READERS: { readonly [Type in ValueType]: Reader<Values[Type] | null> } = {
  text: field.text,
  texts: field.texts,
  number: field.number,
  bytes: field.integer,
  percent: field.integer,
  time: field.time,
  flag: field.flag,
};

function valueAt(row: Record<string, unknown>, steps: readonly string[]): unknown {
  let value: unknown = row;
  for (const step of steps) value = isObject(value) ? value[step] : undefined;
  return value;
}
