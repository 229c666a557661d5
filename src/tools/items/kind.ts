/**
 * What a kind is: one sort of thing on the NAS (users, apps, certificates …) as data in one file. `list_items` and `get_item`
 * read every kind from it: which method answers, what is filtered and sorted there, which columns are shown, what is joined.
 */
import type { FilterValue, QueryParts } from '../../truenas/query.ts';
import type { ReadClient } from '../../truenas/client.ts';
import type { Column } from '../define-list.ts';
import type { Example, Lack } from '../define.ts';
import type { NasTime } from '../support/clock.ts';
import type { Fields, Reader, RowOf } from '../support/rows.ts';
import type { ToolsetName } from '../toolset.ts';

/** A row as the columns see it: the fields that the kind declares, what joins added, and the time on the NAS. */
export type KindRow<Shape extends Fields> = RowOf<Shape> & { readonly time: NasTime };

/** Declares a field of the row that no answer holds: a join adds it. Undefined where it was not read. */
export function joined<Value>(): Reader<Value | undefined> {
  return NOT_READ as Reader<Value | undefined>;
}

/** The one reader behind {@link joined}: such a field is never asked for. */
export const NOT_READ: Reader<unknown> = () => undefined;

/**
 * One column. With `from` the NAS selects, sorts and filters it; with `value` it is computed from the row. `needs` names the
 * fields of the row that `value` looks at and that are read only for it.
 */
export type KindColumn<Row> = Column<Row> & {
  /**
   * Every release sends `from`, and never null: the NAS may filter and sort by it. Without it rows are read whole and compared
   * here, as a NAS fails on null and drops rows without the field.
   */
  readonly isAlwaysThere?: true;
  /** Of a time: the form in which the NAS compares it; without one, rows are compared here. */
  readonly filterAs?: (ms: number) => FilterValue;
};

/** Rows by a query method: the NAS filters, sorts, pages and counts. */
export interface QuerySource extends Pick<QueryParts, 'filters' | 'extra'> {
  readonly method: string;
  /**
   * The call's parameters, where the method does not take filters and options alone as a query does.
   * @throws InputProblem when `of` is none of what it may be
   */
  readonly paramsOf?: (parts: QueryParts, of: string) => readonly unknown[];
  /** What is to be said of what the rows belong to, above them; each line already safe. */
  readonly about?: {
    readonly uses: readonly string[];
    readonly read: (nas: ReadClient, of: string) => Promise<readonly string[]>;
  };
}

/** Rows that are read whole, and filtered, sorted and paged here: settings, and methods that are no query. */
export interface WholeSource {
  /** Methods that it calls, by canonical name. A NAS without the first one does not have this source. */
  readonly uses: readonly [string, ...string[]];
  /**
   * Reads every row, as the NAS sends it.
   * @param of what the rows belong to, where the kind asks for it
   * @param isAsked false for the name of a row that nobody asks for: what only it needs is not read, and it may be left out
   */
  readonly read: (
    nas: ReadClient,
    of: string,
    isAsked: (name: string) => boolean,
  ) => Promise<readonly RawRow[] | WholeRows>;
}

/** A row as the NAS sends it. */
type RawRow = Record<string, unknown>;

/** Rows with what is to be said above them. */
export interface WholeRows {
  readonly rows: readonly RawRow[];
  /** Lines above the answer, already safe: what could not be read, and what holds for all rows. */
  readonly notes: readonly string[];
}

export type Source = QuerySource | WholeSource;

/** Facts from other methods, read once for all rows of a page, and only when one of its columns is asked for. */
export interface Join<Row> {
  readonly columns: readonly string[];
  readonly uses: readonly string[];
  /** A failure leaves its columns empty, and the answer says why. */
  readonly read: (nas: ReadClient, rows: readonly Row[], time: NasTime) => Promise<Joined<Row>>;
}

/** What a join found. */
export interface Joined<Row> {
  /** The fields that it adds to a row. */
  readonly add: (row: Row) => object;
  /** Lines above the answer, already safe. */
  readonly notes?: readonly string[];
}

/** More about one thing, for `get_item`: lines of text that are safe to show, and the same as data. */
export interface Detail<Row> {
  readonly title: string;
  readonly uses: readonly string[];
  /** Reads it; undefined when there is nothing to say. A failure is said in its place. */
  readonly read: (
    nas: ReadClient,
    row: Row,
    raw: Readonly<Record<string, unknown>>,
  ) => Promise<{ readonly lines: readonly string[]; readonly data: unknown } | undefined>;
}

/** Rows that are left out unless somebody asks for them. */
interface Usual extends Pick<QueryParts, 'filters'> {
  /** They are shown when one of these columns is filtered by, or a name is asked for. */
  readonly unless: readonly string[];
  /** Says that they are left out, and how to see them. */
  readonly note: string;
}

/** Why there may be no rows, where the NAS shows none although there are some: read only when there are none. */
export interface WhenEmpty {
  readonly uses: readonly string[];
  /** Lines above the answer, already safe. */
  readonly notes: (nas: ReadClient) => Promise<readonly string[]>;
}

interface KindParts<Shape extends Fields> {
  /** A singular noun, as in `kind: "api_key"`. */
  readonly name: string;
  readonly toolset: ToolsetName;
  /** Its plural for headings: `API keys`. */
  readonly noun: string;
  /** What people learn from it, in one line; for search_api and the documentation. */
  readonly about: string;
  /** Other words that people use for it; taken for its name too. */
  readonly words?: readonly string[];
  /** The first that the NAS has is read. */
  readonly sources: readonly [Source, ...Source[]];
  /** What takes its place where the NAS has none of the sources; one sentence or two. */
  readonly instead?: string;
  /** The fields that `value` of columns, joins and details look at. */
  readonly row: Shape;
  readonly columns: Readonly<Record<string, KindColumn<KindRow<Shape>>>>;
  /** The column that people call it by. */
  readonly named: string;
  /** Columns that tell it from others of its name, e.g. `id`; get_item takes them too. */
  readonly ids?: readonly string[];
  readonly sortedBy?: string;
  readonly usually?: Usual;
  readonly whenEmpty?: WhenEmpty;
  readonly joins?: readonly Join<KindRow<Shape>>[];
  readonly details?: readonly Detail<KindRow<Shape>>[];
  /** True when its columns or joins look at the clock of the NAS. */
  readonly usesClock?: true;
  /** What `of` must be, where rows belong to something: `a path such as /mnt/tank/media`. */
  readonly of?: string;
  /** There is one of it: get_item needs no id. */
  readonly isSingle?: true;
  /**
   * The whole row of the NAS holds keys or passwords, and is refused without `select`: get_item asks for the columns, the fields
   * of `row` and these.
   */
  readonly alsoSelects?: readonly string[];
  /** Fields of the NAS's row that get_item leaves out, besides those in columns. */
  readonly hides?: readonly string[];
  /** True when the NAS asks hosts on the internet for it. */
  readonly reachesOutside?: true;
  /** Change tools that work on it. */
  readonly changedBy?: readonly string[];
  readonly mayLack?: readonly Lack[];
  /** Arguments of list_items besides the kind; the first is what people ask most. */
  readonly examples: readonly [Example, ...Example[]];
  /** Arguments of get_item besides the kind. */
  readonly getExamples?: readonly Example[];
}

/** A kind, its own types forgotten: each is checked where it is defined. */
export interface Kind extends KindParts<Fields> {
  /** Every method that listing it may call; the same array each time, so that a client is confined once. */
  readonly listUses: readonly string[];
  /** The same for getting one. */
  readonly getUses: readonly string[];
}

/** Checks a kind's parts against each other at compile time and completes it. */
export function defineKind<const Shape extends Fields>(kind: KindParts<Shape>): Kind {
  const listUses = [
    ...kind.sources.flatMap((source) =>
      'method' in source ? [source.method, ...(source.about?.uses ?? [])] : source.uses,
    ),
    ...(kind.joins ?? []).flatMap((join) => join.uses),
    ...(kind.usesClock === true ? ['system.info'] : []),
  ];
  const ofLists = kind.sources.flatMap((source) => ('about' in source ? (source.about?.uses ?? []) : []));
  const getUses = [
    ...listUses.filter((method) => !ofLists.includes(method)),
    ...(kind.details ?? []).flatMap((detail) => detail.uses),
  ];
  return {
    // Functions of a row are handed exactly the rows that this very kind's fields and joins make.
    ...(kind as KindParts<Fields>),
    listUses: [...new Set([...listUses, ...(kind.whenEmpty?.uses ?? [])])],
    getUses: [...new Set(getUses)],
  };
}
