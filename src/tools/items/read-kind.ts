/** Reads rows of a kind: as much as possible is filtered, sorted and paged on the NAS; joins follow for the page alone. */
import { formatCount } from '../../output/units.ts';
import { InputProblem } from '../../output/problem.ts';
import type { WireValue, ReadClient } from '../../truenas/client.ts';
import { type Filter, type QueryParts, query, type Selection } from '../../truenas/query.ts';
import type { Facts, ListRows, NamedColumn, Question } from '../define-list.ts';
import type { ToolContext } from '../define.ts';
import { type NasTime, timeOf } from '../support/clock.ts';
import { matchesName, nameFilter } from '../support/inputs.ts';
import {
  allHold,
  counted,
  filteredHere,
  isSortedHere,
  MAX_SORTED_HERE,
  pageHere,
  READERS,
} from '../support/list-reading.ts';
import { gapText, type Part, readPart } from '../support/part.ts';
import { isObject, knownCountOf, rawRowsOf } from '../support/rows.ts';
import { type Condition, conditionsOf } from './column-filters.ts';
import {
  type Join,
  type Kind,
  NOT_READ,
  type QuerySource,
  type Source,
  type WholeRows,
  type WholeSource,
} from './kind.ts';

type Raw = Readonly<Record<string, unknown>>;
/** A row with everything that columns look at. */
export type ReadRow = Record<string, unknown>;
type AnyColumn = Kind['columns'][string] & { readonly name: string };

/** What narrows the rows. */
export interface Narrowing {
  readonly name?: string | undefined;
  readonly of?: string | undefined;
  readonly filter?: readonly string[] | undefined;
}

/** The kind's columns with their names. */
export function columnsOf(kind: Kind): AnyColumn[] {
  return Object.entries(kind.columns).map(([name, column]) => ({ ...column, name }) as AnyColumn);
}

/**
 * The same columns over rows that hold every value under its column's name; only those that the NAS can sort by keep the path
 * of their value.
 */
export function shownColumns(kind: Kind): NamedColumn<Facts>[] {
  return columnsOf(kind).map(({ value: _value, from, isAlwaysThere, ...column }) => ({
    ...column,
    ...(isAlwaysThere === true && from !== undefined ? { from } : {}),
  })) as NamedColumn<Facts>[];
}

/**
 * The first source that the NAS has.
 * @throws InputProblem when its release has none
 */
export async function sourceOf(nas: ReadClient, { sources, name, noun, instead }: Kind): Promise<Source> {
  for (const source of sources) if (await nas.has(methodsOf(source)[0])) return source;
  const release = await nas.release();
  const methods = sources.map((source) => methodsOf(source)[0]).join(', ');
  throw new InputProblem(
    'kind',
    `TrueNAS ${release.family} has no ${noun} (it lacks ${methods})`,
    instead ?? `"${name}" exists on other releases`,
  );
}

function methodsOf(source: Source): readonly [string, ...string[]] {
  return 'method' in source ? [source.method] : source.uses;
}

/** A page of a kind, as define-list.ts wants it: rows hold each value under its column's name. */
export async function readRows(
  nas: ReadClient,
  kind: Kind,
  question: Question<Narrowing>,
  context: ToolContext,
): Promise<ListRows<Facts>> {
  const columns = columnsOf(kind);
  const [source, time] = await Promise.all([sourceOf(nas, kind), clockFor(nas, kind, context)]);
  const { filter = [], name } = question.input;
  const conditions = conditionsOf(filter, columns as never, time.nowMs);
  const shown = columns.filter(
    (column) =>
      question.columns.some((each) => each.name === column.name) ||
      question.sort?.column.name === column.name ||
      conditions.some((condition) => condition.column === column.name),
  );
  const isUsual = kind.usually !== undefined && !asksFor(kind.usually.unless, name, conditions);
  const asked = { kind, question, conditions, shown, time, isUsual };
  const found = 'method' in source ? await queried(nas, source, asked) : await readWhole(nas, source, asked);
  const notes = [
    ...(conditions.length > 0 ? [`filter: ${conditions.map(({ text }) => text).join(' and ')}`] : []),
    ...(isUsual && kind.usually !== undefined ? [kind.usually.note] : []),
    ...(found.notes ?? []),
    ...(found.total === 0 ? ((await kind.whenEmpty?.notes(nas)) ?? []) : []),
    ...time.notes,
  ];
  return { ...found, notes };
}

function asksFor(
  names: readonly string[],
  name: string | undefined,
  conditions: readonly Condition[],
): boolean {
  return (name !== undefined && name !== '') || conditions.some(({ column }) => names.includes(column));
}

const NO_CLOCK: readonly string[] = [];

/** The clock of the NAS, where the kind looks at it; else ours, unnamed. */
export async function clockFor(nas: ReadClient, kind: Kind, context: ToolContext): Promise<NasTime> {
  return kind.usesClock === true ? timeOf(nas, context.now()) : { nowMs: context.now(), notes: NO_CLOCK };
}

interface Asked {
  readonly kind: Kind;
  readonly question: Question<Narrowing>;
  readonly conditions: readonly Condition[];
  /** Columns whose values are needed. */
  readonly shown: readonly AnyColumn[];
  readonly time: NasTime;
  /** Rows that are usually left out are left out. */
  readonly isUsual: boolean;
}

/** Rows by a query method. When something can only be compared or sorted here, all rows are read, up to a bound. */
async function queried(nas: ReadClient, source: QuerySource, asked: Asked): Promise<ListRows<Facts>> {
  const { kind, question, conditions, shown } = asked;
  const here = conditions.filter(({ sent }) => sent === undefined);
  const filters = [
    ...(source.filters ?? []),
    ...(asked.isUsual ? (kind.usually?.filters ?? []) : []),
    ...namedBy(kind, question.input.name),
    ...conditions.flatMap(({ sent }) => (sent === undefined ? [] : [sent])),
  ];
  const parts = { filters, extra: source.extra };
  const isWhole = here.length > 0 || isSortedHere(question);
  const page = isWhole ? { limit: MAX_SORTED_HERE } : question.page;
  // Where all are wanted and there are too many, the first in their order are read.
  const orderBy = isSortedHere(question) ? [] : question.orderBy;
  const { of } = question.input;
  const asks = { select: selectionOf(kind, shown), orderBy, ...page, ...parts };
  const [result, count, about] = await Promise.all([
    nas.call(source.method, paramsFor(source, asks, of)),
    isWhole ? undefined : countOf(nas, source, parts, of),
    aboutNotes(nas, source, of),
  ]);
  const raws = rawRowsOf(result);
  const found = await joinedRows(nas, raws, asked);
  const { rows, unread } = found;
  const said = [...about, ...found.notes];
  if (count !== undefined) {
    const page = counted(rows, count, question);
    return { ...page, unread, notes: [...(page.notes ?? []), ...said] };
  }
  const filtered = filteredHere(rows, (row) => allHold(here.map(({ column, holds }) => holds(row[column]))));
  const notes =
    raws.length < MAX_SORTED_HERE ? [] : [cutNote(raws.length, await countOf(nas, source, parts, of))];
  return {
    ...pageHere(question, filtered.rows),
    isUnsure: filtered.isUnsure,
    unread,
    notes: [...said, ...filtered.notes, ...notes],
  };
}

function countOf(
  nas: ReadClient,
  source: QuerySource,
  parts: QueryParts,
  of: string | undefined,
): Promise<Part<number>> {
  return readPart(nas, async (limited) =>
    knownCountOf(await limited.call(source.method, paramsFor(source, { ...parts, count: true }, of))),
  );
}

/** The call's parameters: filters and options, or what the source makes of them. */
export function paramsFor(
  { paramsOf }: QuerySource,
  parts: QueryParts,
  of: string | undefined,
): readonly unknown[] {
  return paramsOf === undefined ? query(parts) : paramsOf(parts, of ?? '');
}

/** What is said of what the rows belong to; why it could not be read. */
async function aboutNotes(
  nas: ReadClient,
  { about }: QuerySource,
  of: string | undefined,
): Promise<readonly string[]> {
  if (about === undefined) return [];
  const part = await readPart(nas, (limited) => about.read(limited, of ?? ''));
  return 'value' in part ? part.value : [`(more about it ${gapText(part)})`];
}

function cutNote(read: number, count: Part<number>): string {
  const all = 'value' in count ? `of ${formatCount(count.value)} ` : '';
  return `(only the first ${formatCount(read)} ${all}were looked at: narrow it by name, or by a column that the NAS compares)`;
}

function namedBy(kind: Kind, name: string | undefined): Filter[] {
  const from = kind.columns[kind.named]?.from;
  return from === undefined ? [] : nameFilter(from, name);
}

/** Fields of the row that every `value` may look at, and the paths of the columns. */
export function selectionOf(kind: Kind, shown: readonly AnyColumn[]): Selection[] {
  const onlyNeeded = new Set(columnsOf(kind).flatMap(({ needs }) => needs ?? []));
  const needed = new Set(shown.flatMap(({ needs }) => needs ?? []));
  const fields = Object.entries(kind.row).flatMap(([name, reader]) =>
    reader === NOT_READ || (onlyNeeded.has(name) && !needed.has(name)) ? [] : [name],
  );
  const paths = shown.flatMap(({ from }) => from ?? []);
  return [...new Set([...fields, ...paths.filter((path) => !fields.includes(path.split('.')[0] ?? ''))])];
}

async function readWhole(nas: ReadClient, source: WholeSource, asked: Asked): Promise<ListRows<Facts>> {
  const { kind, question, conditions } = asked;
  const { name, of } = question.input;
  const isAsked = (text: string): boolean => name === undefined || name === '' || matchesName(text, name);
  const whole = await wholeRows(nas, source, of, isAsked);
  const { rows, unread, notes: said } = await joinedRows(nas, whole.rows, asked);
  const notes = [...whole.notes, ...said];
  const filtered = filteredHere(rows, (row) =>
    allHold([
      isAsked(String(row[kind.named] ?? '')),
      ...conditions.map(({ column, holds }) => holds(row[column])),
    ]),
  );
  return {
    ...pageHere(question, filtered.rows),
    isUnsure: filtered.isUnsure,
    unread,
    notes: [...notes, ...filtered.notes],
  };
}

/** Every row of a source that is read whole. */
export async function wholeRows(
  nas: ReadClient,
  source: WholeSource,
  of: string | undefined,
  isAsked: (name: string) => boolean = () => true,
): Promise<WholeRows> {
  const found = await source.read(nas, of ?? '', isAsked);
  return 'rows' in found ? found : { rows: found, notes: [] };
}

/** Rows with all values, and why columns are empty. */
async function joinedRows(
  nas: ReadClient,
  raws: readonly Raw[],
  { kind, shown, time }: Pick<Asked, 'kind' | 'shown' | 'time'>,
): Promise<JoinedRows<Facts>> {
  const wanted = new Set(shown.map(({ name }) => name));
  const joins = (kind.joins ?? []).filter(({ columns }) => columns.some((name) => wanted.has(name)));
  const { rows, ...rest } = await withJoins(nas, kind, raws, joins, time);
  return { ...rest, rows: rows.map((row, index) => valuesOf(shown, row, raws[index] ?? {})) };
}

/** Rows with what joins added. */
interface JoinedRows<Row> {
  readonly rows: Row[];
  /** Why columns are empty, by name. */
  readonly unread: Readonly<Record<string, string | undefined>>;
  readonly notes: readonly string[];
}

/** The declared fields of rows, and what these joins add to them; each failing join leaves its columns empty. */
export async function withJoins(
  nas: ReadClient,
  kind: Kind,
  raws: readonly Raw[],
  joins: readonly Join<never>[],
  time: NasTime,
): Promise<JoinedRows<ReadRow>> {
  const rows = raws.map((raw): ReadRow => {
    const row: ReadRow = { time };
    for (const [name, read] of Object.entries(kind.row)) row[name] = read(raw[name]);
    return row;
  });
  const unread: Record<string, string | undefined> = {};
  const notes: string[] = [];
  if (rows.length === 0) return { rows, unread, notes };
  await Promise.all(
    joins.map(async (join) => {
      const part = await readPart(nas, (limited) => join.read(limited, rows as never, time));
      const why = gapText(part);
      if (why !== undefined) for (const name of join.columns) unread[name] = why;
      if (!('value' in part)) return;
      for (const row of rows) Object.assign(row, part.value.add(row as never));
      notes.push(...(part.value.notes ?? []));
    }),
  );
  return { rows, unread, notes };
}

/** The values of these columns in a row. */
export function valuesOf(columns: readonly AnyColumn[], row: ReadRow, raw: Raw): Facts {
  const facts: Record<string, Facts[string]> = {};
  for (const { name, type, from = name, read, value } of columns) {
    const found = value === undefined ? (read ?? READERS[type])(valueAt(raw, from)) : value(row as never);
    facts[name] = found as Facts[string];
  }
  return facts;
}

function valueAt(raw: Raw, path: string): WireValue {
  let value: unknown = raw;
  for (const step of path.split('.')) value = isObject(value) ? value[step] : undefined;
  return value as WireValue;
}
