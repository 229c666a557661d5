/** A page of a kind's rows: the NAS filters, sorts and pages as much as it can; joins follow for the page alone. */
import { formatCount } from '../../output/units.ts';
import type { ReadClient } from '../../truenas/client.ts';
import type { Filter, QueryParts } from '../../truenas/query.ts';
import type { Facts, ListRows, Question } from '../define-list.ts';
import type { ToolContext } from '../define.ts';
import type { NasTime } from '../support/clock.ts';
import { matchesName, nameFilter } from '../support/inputs.ts';
import {
  allHold,
  counted,
  filteredHere,
  isSortedHere,
  MAX_SORTED_HERE,
  pageHere,
} from '../support/list-reading.ts';
import { gapText, type Part, readPart } from '../support/part.ts';
import { knownCountOf, rawRowsOf } from '../support/rows.ts';
import { type Condition, conditionsOf } from './column-filters.ts';
import { type AnyColumn, columnsOf, type JoinedRows, type Raw, valuesOf, withJoins } from './kind-rows.ts';
import { clockFor, paramsFor, selectionOf, sourceOf, wholeRows } from './kind-source.ts';
import type { Kind, QuerySource, WholeSource } from './kind.ts';

/** Arguments that narrow the rows. */
export interface Narrowing {
  readonly name?: string | undefined;
  readonly of?: string | undefined;
  readonly filter?: readonly string[] | undefined;
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
  // Rows that are sorted here are read unsorted: beyond the bound, the first ones in the NAS's order.
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

/** Notes on the thing that the rows belong to, or why it could not be read. */
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
