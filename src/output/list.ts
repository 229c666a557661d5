/** The answer of every list tool: a heading that counts, a table, what was cut, and the exact next call. */
import {
  DEFAULT_BUDGET_TOKENS,
  estimateJsonTokens,
  estimateTokens,
  mostTokens,
  pairsThatFit,
} from './budget.ts';
import { mostDataTokens } from './fit-data.ts';
import type { Cell } from './cells.ts';
import { type Arguments, nextCall } from './paging.ts';
import { tableLines } from './table.ts';
import { formatCount } from './units.ts';

/** The parts of a list answer. */
export interface ListParts {
  /** Name of the tool, for the next call. */
  readonly tool: string;
  /** The arguments as given, for the next call. */
  readonly args: Arguments;
  /** The rows, in the plural: `datasets`. */
  readonly noun: string;
  /** Columns: the name in `fields` and in the header, and the key of the facts. */
  readonly columns: readonly { readonly name: string; readonly key: string }[];
  /** The rows of this page, a cell for each column. */
  readonly rows: readonly (readonly Cell[])[];
  /** Rows before this page. */
  readonly offset: number;
  /** Rows of all pages. */
  readonly total: number;
  /** True when there are at least `total` rows, but the NAS was not asked for all. */
  readonly isAtLeast?: boolean;
  /** More rows may belong here: it could not be told. */
  readonly isUnsure?: boolean;
  /** What the rows were chosen by, as the end of the heading: ` with pool=tank`; already safe. */
  readonly filters?: string;
  /** Lines between the heading and the table, already safe. */
  readonly notes?: readonly string[];
  readonly budgetTokens?: number | undefined;
}

/** The data of a list answer. */
export interface ListData extends Record<string, unknown> {
  total: number;
  shown: number;
  rows: Record<string, unknown>[];
  /** What the text says between heading and table: some clients show their model the data alone. */
  notes?: string[];
  next?: string;
}

/** Text and data of a list answer, cut on a row's border when it would exceed the budget. */
export function listAnswer(parts: ListParts): { text: string; data: ListData } {
  const { columns, offset, total, notes = [] } = parts;
  const lines = tableLines(
    columns.map((column) => column.name),
    parts.rows.map((row) => row.map((cell) => cell.text)),
  );
  const header = lines.shift() ?? '';
  const facts = parts.rows.map((row) => factsByKey(row, columns));
  const room = (parts.budgetTokens ?? DEFAULT_BUDGET_TOKENS) - overhead(parts, header);
  const shown = fitsSurely(lines, facts, room)
    ? lines.length
    : pairsThatFit(
        lines,
        facts.map((row) => JSON.stringify(row)),
        room,
      );
  const end = offset + shown;
  const hasMore = end < total || (parts.isAtLeast === true && end === total);
  const next = hasMore && shown > 0 ? nextCall(parts.tool, parts.args, end) : undefined;
  const cut = shown < lines.length ? [`(cut after ${shown} rows to keep the answer small)`] : [];
  const text = [
    heading(parts, shown),
    ...notes,
    ...(shown > 0 ? [header, ...lines.slice(0, shown)] : []),
    ...cut,
    ...(next === undefined ? [] : [`next: ${next}`]),
  ].join('\n');
  const rows = facts.slice(0, shown);
  const said = [
    ...notes,
    ...cut,
    ...(parts.isAtLeast ? [`at least ${formatCount(total)} ${parts.noun} in all`] : []),
  ];
  return {
    text,
    data: {
      total,
      shown,
      rows,
      ...(said.length > 0 ? { notes: said } : {}),
      ...(next === undefined ? {} : { next }),
    },
  };
}

/** True when rows are so few and short that nothing has to be counted. */
function fitsSurely(lines: readonly string[], facts: readonly unknown[], room: number): boolean {
  let left = room;
  for (const [index, line] of lines.entries()) {
    left -= mostTokens(line) + 2;
    if (left > 0) left -= mostDataTokens(facts[index], left);
    if (left < 0) return false;
  }
  return true;
}

/** Tokens of all but the rows: notes and the next call stand in the text and in the data. */
function overhead({ tool, args, offset, rows, notes = [], filters = '' }: ListParts, header: string): number {
  const twice = [...notes, nextCall(tool, args, offset + rows.length)];
  return twice.reduce(
    (tokens, text) => tokens + estimateTokens(text) + estimateJsonTokens(JSON.stringify(text)),
    estimateTokens(header) + estimateTokens(filters) + FRAME_TOKENS,
  );
}

/** The heading, the line about the cut, the mark of untrusted text, and the keys of the data. */
const FRAME_TOKENS = 110;

/** A row's facts under their keys; what is missing is left out. */
function factsByKey(row: readonly Cell[], columns: ListParts['columns']): Record<string, unknown> {
  const facts: Record<string, unknown> = {};
  for (const [index, { key }] of columns.entries()) {
    const fact = row[index]?.fact;
    if (fact !== undefined) facts[key] = fact;
  }
  return facts;
}

function heading(
  parts: Pick<ListParts, 'noun' | 'offset' | 'total' | 'isAtLeast' | 'isUnsure' | 'filters'>,
  shown: number,
): string {
  const { noun, offset, total, isAtLeast, isUnsure, filters = '' } = parts;
  const all = `${isAtLeast ? 'at least ' : ''}${formatCount(total)}`;
  if (total === 0)
    return isUnsure === true ? `Which ${noun} fit could not be told${filters}.` : `No ${noun}${filters}.`;
  if (shown === 0) return `No more ${noun}${filters}: ${all} in all.`;
  if (shown === total) return `${all} ${total === 1 ? singular(noun) : noun}${filters}`;
  return `${noun} ${offset + 1}-${offset + shown} of ${all}${filters}`;
}

function singular(noun: string): string {
  return noun.endsWith('ies') ? `${noun.slice(0, -3)}y` : noun.replace(/s$/u, '');
}
