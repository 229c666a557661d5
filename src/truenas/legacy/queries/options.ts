/** Options of queries: choosing, ordering and paging of rows, done here as TrueNAS 25.04 and later do them. */
import type { WireValue } from '../../client.ts';
import { TrueNasError } from '../../errors.ts';
import { invalid, order, type ParsedFilters, type Test } from './filters.ts';
import { isRow, type Row, topLevel, valuesAt } from './paths.ts';

/** A field of the answer, and the name it has there. */
interface Chosen {
  readonly path: string;
  readonly name: string | undefined;
}

/** Options that were understood. */
export interface ParsedOptions {
  readonly select: readonly Chosen[];
  readonly orderBy: readonly string[];
  readonly limit: number;
  readonly offset: number;
  readonly isCount: boolean;
  readonly isGet: boolean;
  readonly extra: Row;
}

/** Reads the options of a query of `method`. @throws TrueNasError `validation` */
export function parseOptions(options: WireValue | undefined, method: string): ParsedOptions {
  const given = options ?? {};
  if (!isRow(given)) throw invalid(method, 'query-options: Not an object');
  return {
    select: listOf(given.select).map((item) => chosenOf(item, method)),
    orderBy: listOf(given.order_by).filter((item) => typeof item === 'string'),
    limit: wholeNumber(given.limit),
    offset: wholeNumber(given.offset),
    isCount: given.count === true,
    isGet: given.get === true,
    extra: isRow(given.extra) ? given.extra : {},
  };
}

function listOf(value: WireValue | undefined): readonly WireValue[] {
  return Array.isArray(value) ? value : [];
}

function wholeNumber(value: WireValue | undefined): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : 0;
}

function chosenOf(item: WireValue, method: string): Chosen {
  if (typeof item === 'string') return { path: item, name: undefined };
  const [path, name] = listOf(item);
  if (typeof path !== 'string' || typeof name !== 'string')
    throw invalid(method, 'query-options.select: Not a name');
  return { path, name };
}

/** The keys of a row that a query needs; undefined for all of them. */
export function keysNeeded(
  filters: ParsedFilters,
  { select, orderBy, isCount }: ParsedOptions,
): readonly string[] | undefined {
  if (select.length === 0 && !isCount) return undefined;
  const shown = isCount ? [] : select.map(({ path }) => topLevel(path));
  return [...new Set([...shown, ...filters.keys, ...orderBy.map((field) => topLevel(bareField(field)))])];
}

/**
 * The answer that `rows` give to a query; `unread`: how many more there are that cannot be read.
 * @throws TrueNasError `not-found` for `get` without a match
 */
export function answerFrom(
  rows: readonly Row[],
  { test }: { readonly test: Test },
  options: ParsedOptions,
  method: string,
  unread = 0,
): WireValue {
  const found = rows.filter(test);
  if (options.isCount) return found.length + unread;
  const sorted = sortedBy(found, options.orderBy, method);
  if (options.isGet) {
    const [first] = sorted;
    if (first === undefined) throw unread === 0 ? noMatch(method) : unreadRows(method);
    return chosen(first, options.select);
  }
  const end = options.limit === 0 ? undefined : options.offset + options.limit;
  return sorted.slice(options.offset, end).map((row) => chosen(row, options.select));
}

const ORDER = /^(nulls_first:|nulls_last:)?(-)?(.*)$/su;

function bareField(text: string): string {
  return ORDER.exec(text)?.[3] ?? text;
}

/** Each entry sorts anew, so that the last one is the primary key. */
function sortedBy(rows: readonly Row[], orderBy: readonly string[], method: string): Row[] {
  return orderBy.reduce<Row[]>(
    (sorted, text) => {
      const [, nulls, minus, path = ''] = ORDER.exec(text) ?? [];
      const key = topLevel(path);
      if (sorted.length > 1 && !sorted.some((row) => Object.hasOwn(row, key) || Object.hasOwn(row, path)))
        throw invalid(method, `cannot sort by '${path}', which its rows lack`);
      const direction = minus === undefined ? 1 : -1;
      // Python puts no null anywhere, and CORE's SQL puts it first.
      const nullsAt = nulls === 'nulls_last:' ? 1 : nulls === 'nulls_first:' ? -1 : -direction;
      const keyed = sorted.map((row) => ({ row, value: valuesAt(row, path)[0] ?? null }));
      keyed.sort((a, b) => {
        if (a.value === null || b.value === null)
          return a.value === b.value ? 0 : a.value === null ? nullsAt : -nullsAt;
        const isOdd = kindOf(a.value) - kindOf(b.value);
        if (isOdd !== 0) return isOdd;
        return kindOf(a.value) === ODD ? 0 : direction * order(a.value, b.value, method);
      });
      return keyed.map(({ row }) => row);
    },
    [...rows],
  );
}

const ODD = 2;

/** Values that no order is between go behind the others: one odd value must not take the list along. */
function kindOf(value: WireValue): number {
  if (typeof value === 'string') return 1;
  return typeof value === 'number' || typeof value === 'boolean' || value instanceof Date ? 0 : ODD;
}

/** Dotted paths keep their nesting; an alias is the name in the answer. */
function chosen(row: Row, select: readonly Chosen[]): Row {
  if (select.length === 0) return row;
  const result: Row = {};
  for (const { path, name } of select) {
    const [value, ...more] = valuesAt(row, path);
    if (value === undefined) continue;
    const whole = path.includes('*') ? [value, ...more] : value;
    if (name !== undefined) put(result, [name], whole);
    else put(result, Object.hasOwn(row, path) ? [path] : path.split('.'), whole);
  }
  return result;
}

function put(target: Row, [key = '', ...rest]: readonly string[], value: WireValue): void {
  if (rest.length === 0) {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
    return;
  }
  const inner = Object.hasOwn(target, key) ? target[key] : undefined;
  const next: Row = isRow(inner) ? inner : {};
  if (next !== inner) put(target, [key], next);
  put(next, rest, value);
}

/** What is looked for may be among them. */
function unreadRows(method: string): TrueNasError {
  return new TrueNasError('odd-answer', {
    summary: `Nothing that can be read matches in the answer of ${method}, and some of its rows cannot be read.`,
    nextStep: 'Look at it in the web interface of the NAS, and report it.',
    method,
  });
}

function noMatch(method: string): TrueNasError {
  return new TrueNasError('not-found', {
    summary: `Not found by ${method}: nothing matches.`,
    nextStep: 'Check the name or id; list what exists first.',
    method,
    nasText: 'MatchNotFound()',
  });
}
