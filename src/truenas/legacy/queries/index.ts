/**
 * Queries on TrueNAS CORE (LEGACY section 5). CORE chooses fields before it filters, knows only top-level fields, cuts
 * before it filters (13.0) and sorts by the columns of its tables: so it is asked for whole rows of the keys that are
 * needed, and everything else is done here. What filters it is given can only leave out rows that are not wanted.
 */
import type { WireValue } from '../../client.ts';
import { TrueNasError } from '../../errors.ts';
import { isUndecided, type ParsedComparison, type ParsedFilters, parseFilters } from './filters.ts';
import { answerFrom, keysNeeded, type ParsedOptions, parseOptions } from './options.ts';
import { isRow, type Row } from './paths.ts';

/** Calls a method of the NAS by the name it has there. */
export type Ask = (method: string, params: readonly unknown[]) => Promise<WireValue>;

/** A query, as far as those who fetch its rows need to know it. */
export interface Wanted {
  readonly filters: ParsedFilters;
  readonly options: ParsedOptions;
  /** Keys of the rows that are needed; all of them when undefined. */
  readonly keys: readonly string[] | undefined;
  /** Takes what stands in the list and is no row: it is told behind the rows, and not left out. */
  readonly odd: WireValue[];
  /** Takes the filters that the NAS was given: it has judged by them. */
  readonly judged: Set<ParsedComparison>;
}

/** Fetches all rows that may be wanted, in the form that later releases have. */
export type RowSource = (ask: Ask, wanted: Wanted) => Promise<readonly Row[]>;

/** Answers a query of `method` from `source`. */
export async function answerQuery(
  method: string,
  params: readonly WireValue[],
  ask: Ask,
  source: RowSource,
): Promise<WireValue> {
  const filters = parseFilters(params[0], method);
  const options = parseOptions(params[1], method);
  const odd: WireValue[] = [];
  const judged = new Set<ParsedComparison>();
  const rows = await source(ask, { filters, options, keys: keysNeeded(filters, options), odd, judged });
  const left = filters.comparisons.filter((comparison) => !judged.has(comparison));
  const known = new Set(rows.flatMap((row) => Object.keys(row)));
  const decided = rows.filter((row) => {
    const isOpen = isUndecided(row, left, known);
    if (isOpen) odd.push(row);
    return !isOpen;
  });
  const answer = answerFrom(decided, { test: filters.testWithout(judged) }, options, method, odd.length);
  return Array.isArray(answer) ? [...answer, ...odd] : answer;
}

/** How the rows of a method are fetched. */
export interface PlainSource {
  readonly method: string;
  /** True for a list that CORE filters itself, row by row: it then sends only what may be wanted. */
  readonly filtersRows?: boolean;
  /** Options of the one method that CORE knows. */
  readonly extra?: readonly string[];
}

/** Fetches rows as they are; `keys` overrides what is needed. */
export async function fetchRows(
  ask: Ask,
  { method, filtersRows = false, extra = [] }: PlainSource,
  wanted: Wanted,
  keys = wanted.keys,
): Promise<Row[]> {
  const pushed = filtersRows ? pushedDown(wanted.filters) : [];
  for (const comparison of pushed) wanted.judged.add(comparison);
  const filters = pushed.map(({ path, operator, value }) => [path, operator, value]);
  // A filter on a field that is not selected finds nothing there.
  const select = keys === undefined ? [] : [...new Set([...keys, ...pushed.map(({ path }) => path)])];
  const kept = Object.fromEntries(
    Object.entries(wanted.options.extra).filter(([key]) => extra.includes(key)),
  );
  const options = {
    ...(select.length === 0 ? {} : { select }),
    ...(Object.keys(kept).length === 0 ? {} : { extra: kept }),
  };
  return rowsOf(await ask(method, [filters, options]), method, wanted.odd);
}

/**
 * The rows of an answer; `odd` takes what is none.
 * @throws TrueNasError `odd-answer` for one that is no list, or without `odd` no list of rows: it is not an empty one
 */
export function rowsOf(answer: WireValue, method: string, odd?: WireValue[]): Row[] {
  if (Array.isArray(answer)) {
    const rows = answer.filter(isRow);
    if (rows.length === answer.length) return rows;
    odd?.push(...answer.filter((row) => !isRow(row)));
    if (odd !== undefined) return rows;
  }
  throw new TrueNasError('odd-answer', {
    summary: `The NAS answered ${method} with something that is no list of rows.`,
    nextStep: 'Look at it in the web interface of the NAS, and report it.',
    method,
  });
}

const SAFE: ReadonlySet<string> = new Set(['=', 'in', '^', '$']);

/** Comparisons that mean the same on CORE: of a top-level field, with a value that is not null. */
function pushedDown({ comparisons }: ParsedFilters): ParsedComparison[] {
  return comparisons.filter(
    ({ path, operator, value }) => !path.includes('.') && SAFE.has(operator) && isPlain(value),
  );
}

function isPlain(value: WireValue): boolean {
  if (Array.isArray(value))
    return value.every((item) => typeof item === 'string' || typeof item === 'number');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
