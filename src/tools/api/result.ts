/** Shows an answer of the NAS as text within a budget, and as data of the same size. */
import { estimateJsonTokens, estimateTokens, pairsThatFit } from '../../output/budget.ts';
import { tableLines } from '../../output/table.ts';
import { topOf } from './row-limit.ts';
import { cutMiddle, quoted, safeCell, safeLines, safeRow, safeText } from '../../output/untrusted.ts';

/** An answer in parts; the caller adds a heading and the next call. */
export interface Shown {
  readonly lines: readonly string[];
  /** The shown facts: rows of a list; of an object one row, its keys being paths. */
  readonly rows?: readonly Record<string, unknown>[];
  readonly value?: string;
  /** Rows, items or fields shown, and how many there are. */
  readonly shown: number;
  readonly total: number;
  /** Columns that are left out for want of room. */
  readonly hidden: readonly string[];
  /** The first value that is not shown whole: its row, and its column where there are several. */
  readonly cut?: { readonly row: number; readonly column?: string } | undefined;
}

/** Columns of a table whose columns nobody chose. */
const MAX_COLUMNS = 10;
/** Longest text of one field, in characters. */
const MAX_FIELD = 1500;
/** Longest item of a list that is no table, in characters. */
const MAX_ITEM = 400;
const MAX_CELL = 80;
/** Longest text of a cell as data: more than is shown, but not so much that the data outgrows the text by far. */
const MAX_DATUM = 200;

/** Shows any value that JSON can hold (and dates), already free of secrets; of an object the fields from `offset` on. */
export function show(value: unknown, budgetTokens: number, columns?: readonly string[], offset = 0): Shown {
  if (Array.isArray(value)) {
    const items = value as unknown[];
    const [only] = items;
    if (items.length === 1 && isPlainObject(only)) return showOneRow(only, budgetTokens, columns);
    if (items.length > 0 && items.every(isPlainObject)) return showRows(items, budgetTokens, columns);
    return showItems(items, budgetTokens);
  }
  if (isPlainObject(value)) return showObject(value, budgetTokens, columns, offset);
  const text = middleThatFits(scalarText(value), budgetTokens);
  const safe = safeLines(text);
  return {
    lines: safe.includes('\n') ? quoted(text) : [safeRow(safe)],
    value: safe,
    shown: 1,
    total: 1,
    hidden: [],
  };
}

type Row = Readonly<Record<string, unknown>>;

/** A row by itself is shown in full, a line for each field. */
function showOneRow(row: Row, budgetTokens: number, chosen: readonly string[] | undefined): Shown {
  const columns = chosen ?? columnsOf([row]);
  const { lines, cut, hidden } = showObject(
    Object.fromEntries(columns.map((name) => [name, valueAt(row, name)])),
    budgetTokens,
    undefined,
    0,
  );
  const data = Object.fromEntries(
    columns.filter((name) => !hidden.includes(topOf(name))).map((name) => [name, datum(valueAt(row, name))]),
  );
  return { lines, rows: [data], shown: 1, total: 1, hidden, cut };
}

function showRows(rows: readonly Row[], budgetTokens: number, chosen: readonly string[] | undefined): Shown {
  const filled = chosen ?? columnsOf(rows).filter((name) => rows.some((row) => !isEmpty(row[name])));
  const columns = chosen ?? filled.slice(0, MAX_COLUMNS);
  const [header = '', ...lines] = tableLines(
    columns.map((name) => safeCell(name)),
    rows.map((row) => columns.map((name) => cell(valueAt(row, name)))),
  );
  const facts = rows.map((row) =>
    Object.fromEntries(columns.map((name) => [name, datum(valueAt(row, name))])),
  );
  const shown = pairsThatFit(lines, facts.map(json), budgetTokens - estimateTokens(header));
  return {
    lines: [header, ...lines.slice(0, shown)],
    rows: facts.slice(0, shown),
    shown,
    total: rows.length,
    hidden: filled.filter((name) => !columns.includes(name)),
    cut: firstCut(rows.slice(0, shown), columns),
  };
}

function firstCut(rows: readonly Row[], columns: readonly string[]): Shown['cut'] {
  for (const [row, fields] of rows.entries()) {
    const column = columns.find((name) => cellText(valueAt(fields, name)).length > MAX_CELL);
    if (column !== undefined) return { row, column };
  }
  return undefined;
}

/**
 * The value at a dotted path; `undefined` where there is none. A key that itself has dots comes first. A number picks an
 * item of a list, any other step is taken in each item.
 */
export function valueAt(value: unknown, path: string): unknown {
  if (path === '') return value;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const [first = '', ...rest] = path.split('.');
    if (/^\d+$/u.test(first)) return valueAt(items[Number(first)], rest.join('.'));
    const found = items.map((item) => valueAt(item, path)).filter((inner) => inner !== undefined);
    return found.length === 0 ? undefined : found;
  }
  if (!isPlainObject(value)) return undefined;
  if (Object.hasOwn(value, path)) return value[path];
  const [first = '', ...rest] = path.split('.');
  return rest.length > 0 && Object.hasOwn(value, first) ? valueAt(value[first], rest.join('.')) : undefined;
}

/** Fields by which a row is known, and how it is. */
const TELLING = ['id', 'name', 'state', 'status', 'enabled', 'error'];

/** Keys of all rows, the most telling first. */
function columnsOf(rows: readonly Row[]): string[] {
  const names = new Set([...TELLING, ...rows.flatMap((row) => Object.keys(row))]);
  return [...names].filter((name) => rows.some((row) => Object.hasOwn(row, name)));
}

function showItems(items: readonly unknown[], budgetTokens: number): Shown {
  // An item by itself is shown as far as there is room.
  const max = items.length === 1 ? middleThatFits(cellText(items[0]), budgetTokens).length : MAX_ITEM;
  const lines = items.map((item) => safeRow(cell(item, max)));
  const facts = items.map((item) => ({ value: datum(item, max) }));
  const shown = pairsThatFit(lines, facts.map(json), budgetTokens);
  const cutRow = items.slice(0, shown).findIndex((item) => cellText(item).length > max);
  return {
    lines: lines.slice(0, shown),
    rows: facts.slice(0, shown),
    shown,
    total: items.length,
    hidden: [],
    cut: cutRow < 0 ? undefined : { row: cutRow },
  };
}

function showObject(
  object: Row,
  budgetTokens: number,
  chosen: readonly string[] | undefined,
  offset: number,
): Shown {
  const whole = [...flattened(object, '', 0)].filter(
    ([path]) =>
      chosen === undefined || chosen.some((wanted) => path === wanted || path.startsWith(`${wanted}.`)),
  );
  const all = whole.map(([path, text]) => {
    // A field by itself is shown as far as there is room.
    const shown = whole.length === 1 ? middleThatFits(text, budgetTokens) : cutMiddle(text, MAX_FIELD);
    const name = safeCell(path, 160);
    return { path, name, line: fieldLines(name, shown), fact: safeLines(shown), isCut: shown !== text };
  });
  const fields = all.slice(offset);
  const lines = fields.map(({ line }) => line);
  const facts = fields.map(({ name, fact }) => json({ [name]: fact }));
  const shown = pairsThatFit(lines, facts, budgetTokens);
  const cutField = whole.length > 1 ? fields.slice(0, shown).find(({ isCut }) => isCut) : undefined;
  return {
    lines: lines.slice(0, shown),
    rows: [Object.fromEntries(fields.slice(0, shown).map(({ name, fact }) => [name, fact]))],
    shown,
    total: all.length,
    hidden: [...new Set(fields.slice(shown).map(({ path }) => topOf(path)))],
    cut: cutField === undefined ? undefined : { row: 0, column: cutField.path },
  };
}

/** `text` without so much of its middle that text and data have room for it. */
function middleThatFits(text: string, budgetTokens: number): string {
  let max = budgetTokens * 3;
  for (;;) {
    const start = cutMiddle(text, max);
    const safe = safeLines(start);
    const tokens = estimateTokens(safe) + estimateJsonTokens(json(safe));
    if (tokens <= budgetTokens || max < 50) return start;
    max = Math.floor((Math.min(max, text.length) * 0.95 * budgetTokens) / tokens);
  }
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

/** `name: text`; what has more than one line stands below its name, with bars. */
function fieldLines(name: string, text: string): string {
  return /[\r\n]/u.test(text)
    ? [`${name}:`, ...quoted(text)].join('\n')
    : safeRow(`${name}: ${safeLines(text)}`);
}

const MAX_DEPTH = 6;

/** `a.b: text` for every leaf; lists of plain values stay together. */
function* flattened(object: Row, prefix: string, depth: number): Generator<[path: string, text: string]> {
  for (const [key, value] of Object.entries(object)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const property = propertyValue(value);
    if (property !== undefined) yield [path, scalarText(property)];
    else if (isPlainObject(value) && Object.keys(value).length > 0 && depth < MAX_DEPTH) {
      yield* flattened(value, path, depth + 1);
    } else if (Array.isArray(value) && value.some(isPlainObject) && depth < MAX_DEPTH) {
      for (const [index, item] of value.entries()) {
        if (isPlainObject(item)) yield* flattened(item, `${path}.${index}`, depth + 1);
        else yield [`${path}.${index}`, scalarText(item)];
      }
    } else yield [path, scalarText(value)];
  }
}

function cell(value: unknown, max = MAX_CELL): string {
  if (isEmpty(value)) return '-';
  const text = cellText(value);
  const size = text.length > 4 * max ? ` (${text.length} characters)` : '';
  return `${safeCell(text, max)}${size}`;
}

function cellText(value: unknown): string {
  return propertyValue(value) ?? scalarText(value);
}

/** As data: what a cell shows, without its width. */
function datum(value: unknown, max = MAX_DATUM): unknown {
  const property = propertyValue(value);
  if (property !== undefined) return datum(property, max);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  return value === undefined ? null : cutMiddle(safeText(scalarText(value)), max);
}

function scalarText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return value.map(scalarText).join(', ');
  return JSON.stringify(value);
}

/** The value of a ZFS property, which TrueNAS sends in four forms at once. */
function propertyValue(value: unknown): string | undefined {
  if (!isPlainObject(value) || !Object.hasOwn(value, 'rawvalue') || !Object.hasOwn(value, 'value'))
    return undefined;
  return value['value'] === null ? scalarText(value['rawvalue']) : scalarText(value['value']);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isPlainObject(value) && Object.keys(value).length === 0;
}

function isPlainObject(value: unknown): value is Row {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
}
