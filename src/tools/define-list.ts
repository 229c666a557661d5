/**
 * A list tool is one table of columns and a way to read rows. Everything else follows from the table: the arguments
 * `fields`, `sort` and `order`, what is selected and sorted on the NAS, the answer's header, facts, notes and next call, what
 * a narrow key may lack, and the documentation.
 */
import * as z from 'zod';
import { cellOf, factKey, type Look, type Values, type ValueType } from '../output/cells.ts';
import { activeFilters } from '../output/active-filters.ts';
import { listAnswer } from '../output/list.ts';

import type { ReadClient } from '../truenas/client.ts';
import { defineTool, type Lack, type ReadTool, type ToolContext } from './define.ts';
import { fieldsInput, orderInput, type Page, pageInputs, pageOf } from './support/inputs.ts';
import { listOutput } from './support/outputs.ts';
import type { Reader } from './support/rows.ts';

type SortOrder = 'asc' | 'desc';

/** Rows that hold what their columns show, under the columns' names: see support/list-reading.ts. */
export type Facts = Readonly<Record<string, Values[ValueType] | null | undefined>>;

/** One column; its name is its key in the table of columns. */
export type Column<Row = Facts> = { [Type in ValueType]: ColumnOf<Row, Type> }[ValueType];

interface ColumnOf<Row, Type extends ValueType> extends Look {
  readonly type: Type;
  /** Its value in a row, where that is not the row's property of the same name. */
  readonly value?: (row: Row) => Values[Type] | null | undefined;
  /** Path of its value in the NAS's own row, e.g. `used.parsed`: the NAS then selects it and sorts by it. */
  readonly from?: string;
  /** How the value at `from` is read, where the type alone does not say it. */
  readonly read?: Reader<Values[Type] | null>;
  /** ZFS properties and the like that the NAS must read for this column; the tool's `read` sends them. */
  readonly needs?: readonly string[];
  /** Shown in every answer, first. */
  readonly isKey?: true;
  /** Shown only when it is asked for. */
  readonly isOnDemand?: true;
  /** Makes the column sortable, with the direction when none is asked for. The NAS sorts when the column has `from`, else this program. */
  readonly sort?: SortOrder;
  /** The value to sort by here, where it is not the one that is shown. */
  readonly sortBy?: (row: Row) => string | number | null;
  /** A line above every table that has the column. */
  readonly note?: string;
  /** Methods or fields that a NAS may keep from a narrow key: the column is then empty, and the answer says so. */
  readonly mayLack?: readonly Lack[];
}

/** A table of columns, in the order shown. */
export type Columns<Row = Facts> = Readonly<Record<string, Column<Row>>>;
/** A column that knows its name. */
export type NamedColumn<Row = Facts> = Column<Row> & { readonly name: string };

/** A list tool, and its table for those that describe or check it. */
export interface ListTool extends ReadTool {
  readonly columns: readonly Pick<NamedColumn, 'name' | 'isKey' | 'isOnDemand' | 'sort'>[];
}

/** A call of a list tool, as its `read` needs it. */
export interface Question<Input = unknown, Row = Facts> {
  /** The tool's own arguments. */
  readonly input: Input;
  /** The columns to show. */
  readonly columns: readonly NamedColumn<Row>[];
  /** By which column and which way; undefined: in the order of `read`. */
  readonly sort: { readonly column: NamedColumn<Row>; readonly order: SortOrder } | undefined;
  /** The same for the NAS, as far as it can: a tie is broken by what the list is usually sorted by. The last entry counts most. */
  readonly orderBy: readonly string[];
  readonly page: Page;
}

/** The answer of `read`. */
export interface ListRows<Row> {
  /** The rows of the page. */
  readonly rows: readonly Row[];
  /** Rows of all pages. */
  readonly total: number;
  /** True when there are at least `total` rows, but the NAS was not asked for all. */
  readonly isAtLeast?: boolean;
  /** Of some rows it is not known whether they belong here. */
  readonly isUnsure?: boolean;
  /** Lines above the table, already safe. */
  readonly notes?: readonly string[];
  /** Why columns are empty, by name: `could not be read (…)`; undefined for one that was read. See support/part.ts. */
  readonly unread?: Readonly<Record<string, string | undefined>>;
  /** Columns on demand that say something here, and are shown when nobody chose columns. */
  readonly worthShowing?: readonly string[];
}

/** The parts of a list tool. */
interface ListParts<Filters extends z.ZodRawShape, Row>
  extends Omit<ReadTool, 'kind' | 'access' | 'input' | 'output' | 'run'> {
  /** Its rows, in the plural: `datasets`. */
  readonly noun: string;
  /** Its own arguments, which come before those that all lists have. */
  readonly filters: Filters;
  readonly columns: Columns<Row>;
  /** The column it is sorted by when none is asked for; without one, rows come in the order of `read`. */
  readonly sortedBy?: string;
  /** True when the column that is sorted by is always shown, after the keys. */
  readonly showsSort?: true;
  read(
    this: void,
    nas: ReadClient,
    question: Question<z.output<z.ZodObject<Filters>>, Row>,
    context: ToolContext,
  ): Promise<ListRows<Row>>;
}

/** Makes a list tool of its table. Its answer is described in output/list.ts. */
export function defineList<const Filters extends z.ZodRawShape, Row>(
  list: ListParts<Filters, Row>,
): ListTool {
  const { noun, filters, columns: table, sortedBy, showsSort, read, ...tool } = list;
  const columns = Object.entries(table).map(([name, column]) => ({ name, ...column }));
  const lacks = [...(tool.mayLack ?? []), ...columns.flatMap(({ mayLack }) => mayLack ?? [])];
  const readTool = defineTool({
    ...tool,
    ...(lacks.length > 0 ? { mayLack: lacks } : {}),
    input: inputOf(filters, columns),
    output: listOutput,
    run: (nas, input, context) =>
      answerList(
        { tool: tool.name, noun, columns, sortedBy, showsSort },
        input,
        (question: Question<z.output<z.ZodObject<Filters>>, Row>) => read(nas, question, context),
        context,
      ),
  });
  return { ...readTool, columns };
}

/** A table that can be asked. */
export interface ListTable<Row> extends Pick<ListParts<z.ZodRawShape, Row>, 'noun'> {
  readonly sortedBy?: string | undefined;
  readonly showsSort?: boolean | undefined;
  /** Name of the tool, for the next call. */
  readonly tool: string;
  readonly columns: readonly NamedColumn<Row>[];
}

/** Answers a call of a list: which columns, in what order, read by `read`. */
export async function answerList<Input, Row>(
  { tool, noun, columns, sortedBy, showsSort }: ListTable<Row>,
  input: Readonly<Record<string, unknown>>,
  read: (question: Question<Input, Row>) => Promise<ListRows<Row>>,
  context: ToolContext,
): Promise<ReturnType<typeof listAnswer>> {
  const choice = input as Choice;
  const sort = sortOf(columns, choice, sortedBy);
  const question = {
    input: input as Input,
    page: pageOf(tool, input),
    columns: chosenColumns(columns, choice.fields, showsSort ? sort?.column : undefined),
    sort,
    orderBy: orderOf(sort, sortOf(columns, {}, sortedBy)),
  };
  const found = await read(question);
  const shown =
    choice.fields === undefined
      ? withThese(columns, question.columns, found.worthShowing ?? [])
      : question.columns;
  return listAnswer({
    tool,
    args: input,
    noun,
    columns: shown.map((column) => ({ name: column.name, key: factKey(column.name, column) })),
    rows: found.rows.map((row) => shown.map((column) => cellOf(valueIn(column, row), column))),
    filters: activeFilters(input),
    offset: question.page.offset,
    total: found.total,
    isAtLeast: found.isAtLeast ?? false,
    isUnsure: found.isUnsure ?? false,
    notes: notesOf(shown, found),
    budgetTokens: context.budgetTokens,
  });
}

/** A column's value in a row. */
export function valueIn<Row>(column: NamedColumn<Row>, row: Row): unknown {
  return column.value === undefined ? (row as Record<string, unknown>)[column.name] : column.value(row);
}

/** The arguments that every list has, as they were given. */
interface Choice {
  readonly sort?: string | undefined;
  readonly order?: SortOrder | undefined;
  readonly fields?: readonly string[] | undefined;
}

function inputOf<Row>(filters: z.ZodRawShape, columns: readonly NamedColumn<Row>[]): z.ZodObject {
  const sortable = columns.filter(({ sort }) => sort !== undefined);
  return z.strictObject({
    ...filters,
    ...(sortable.length > 0
      ? { sort: z.enum(sortable.map(({ name }) => name)).optional(), order: orderInput }
      : {}),
    fields: fieldsInput(columns.map(({ name }) => name)),
    ...pageInputs,
  });
}

function sortOf<Row>(
  columns: readonly NamedColumn<Row>[],
  { sort, order }: Choice,
  usual: string | undefined,
): Question<unknown, Row>['sort'] {
  const column = columns.find(({ name }) => name === (sort ?? usual));
  return column && { column, order: order ?? column.sort ?? 'asc' };
}

type Sort = { readonly column: { readonly from?: string }; readonly order: SortOrder } | undefined;

function orderOf(sort: Sort, tie: Sort): string[] {
  const keys = [...(sort?.column.from === tie?.column.from ? [] : [tie]), sort];
  return keys.flatMap((key) =>
    key?.column.from === undefined ? [] : [`${key.order === 'desc' ? '-' : ''}${key.column.from}`],
  );
}

/** Keys come first, as a row without its name says nothing; then the columns asked for, in that order, or the usual ones. */
function chosenColumns<Row>(
  columns: readonly NamedColumn<Row>[],
  asked: readonly string[] | undefined,
  sorted: NamedColumn<Row> | undefined,
): NamedColumn<Row>[] {
  const keys = columns.filter(({ isKey }) => isKey);
  const rest =
    asked === undefined
      ? columns.filter(({ isOnDemand }) => !isOnDemand)
      : asked.flatMap((wanted) => columns.find(({ name }) => name === wanted) ?? []);
  return [...new Set([...keys, ...(sorted === undefined ? [] : [sorted]), ...rest])];
}

/** The usual columns and those that an answer makes worth showing, each at its place in the table. */
function withThese<Row>(
  all: readonly NamedColumn<Row>[],
  usual: readonly NamedColumn<Row>[],
  names: readonly string[],
): readonly NamedColumn<Row>[] {
  if (names.length === 0) return usual;
  return all.filter((column) => usual.includes(column) || names.includes(column.name));
}

function notesOf<Row>(shown: readonly NamedColumn<Row>[], found: ListRows<Row>): string[] {
  const notes = new Set<string>();
  if (found.total > 0) for (const { note } of shown) if (note !== undefined) notes.add(note);
  for (const note of found.notes ?? []) notes.add(note);
  for (const { name } of shown) {
    const why = found.unread?.[name];
    if (why !== undefined) notes.add(`${name} ${why}`);
  }
  return [...notes];
}
