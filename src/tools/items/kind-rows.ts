/** Rows of a kind as values under the names of its columns, with what joins add. */
import type { ReadClient, WireValue } from '../../truenas/client.ts';
import type { Facts, NamedColumn } from '../define-list.ts';
import type { NasTime } from '../support/clock.ts';
import { READERS } from '../support/list-reading.ts';
import { gapText, readPart } from '../support/part.ts';
import { isObject } from '../support/rows.ts';
import type { Join, Kind } from './kind.ts';

/** A row as the NAS answered it. */
export type Raw = Readonly<Record<string, unknown>>;

/** The declared fields of a row, the clock, and what joins added. */
export type ReadRow = Record<string, unknown>;

/** A column of any kind, with its name. */
export type AnyColumn = Kind['columns'][string] & { readonly name: string };

/** The kind's columns with their names. */
export function columnsOf(kind: Kind): AnyColumn[] {
  return Object.entries(kind.columns).map(([name, column]) => ({ ...column, name }) as AnyColumn);
}

/**
 * The columns for rows that hold each value under its column's name. Only a column that the NAS can sort by keeps the path
 * of its value.
 */
export function shownColumns(kind: Kind): NamedColumn<Facts>[] {
  return columnsOf(kind).map(({ value: _value, from, isAlwaysThere, ...column }) => ({
    ...column,
    ...(isAlwaysThere === true && from !== undefined ? { from } : {}),
  })) as NamedColumn<Facts>[];
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

/** Rows, and what joins said of them. */
export interface JoinedRows<Row> {
  readonly rows: Row[];
  /** Why columns are empty, by name. */
  readonly unread: Readonly<Record<string, string | undefined>>;
  readonly notes: readonly string[];
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
