/**
 * One field of a row: what a reader sees in the text, and the same fact as data. Made by the functions below, so that
 * every text passes through the same neutralising step and every quantity carries its unit in its key.
 */
import { NOTHING } from './table.ts';
import { formatInstant, isoInstant } from './time.ts';
import { formatBytes, formatNumber, formatPercent } from './units.ts';
import { CELL_LENGTH, safeCell } from './untrusted.ts';

/** One field of one row, both ways. */
export interface Cell {
  readonly text: string;
  /** Undefined when there is nothing to say. */
  readonly fact: unknown;
}

/** How one field of a `Row` is shown. */
export interface Field<Row> {
  /** What `fields` and the table's header call it. */
  readonly name: string;
  /** Key of the fact in structured content, with its unit where it has one. */
  readonly key: string;
  readonly cell: (row: Row) => Cell;
}

type Get<Row, Value> = (row: Row) => Value | null | undefined;

const EMPTY: Cell = { text: NOTHING, fact: undefined };

/** A text from the NAS: neutralised and cut to `maxLength` characters. */
export function textField<Row>(name: string, get: Get<Row, string>, maxLength = CELL_LENGTH): Field<Row> {
  return {
    name,
    key: name,
    cell: (row) => {
      const value = get(row);
      if (!value) return EMPTY;
      const text = safeCell(value, maxLength);
      return { text, fact: text };
    },
  };
}

/** Several texts in one cell. */
export function textsField<Row>(
  name: string,
  get: Get<Row, readonly string[]>,
  maxLength = CELL_LENGTH,
): Field<Row> {
  return {
    name,
    key: name,
    cell: (row) => {
      const texts = (get(row) ?? []).map((text) => safeCell(text, maxLength));
      return { text: safeCell(texts.join(', '), maxLength) || NOTHING, fact: texts.slice(0, 20) };
    },
  };
}

/** A size; `used` becomes `usedBytes` in the data. */
export function bytesField<Row>(name: string, get: Get<Row, number>): Field<Row> {
  return quantityField(name, `${name}Bytes`, get, formatBytes);
}

/** A share of a hundred; `frag` becomes `fragPercent` in the data, and so does `frag%`. */
export function percentField<Row>(name: string, get: Get<Row, number>): Field<Row> {
  return valueField(name, `${name.replace('%', '')}Percent`, get, formatPercent, (percent) =>
    Number(percent.toFixed(1)),
  );
}

/** A plain number. */
export function numberField<Row>(name: string, get: Get<Row, number>): Field<Row> {
  return quantityField(name, name, get, formatNumber);
}

/** A number with its own way of being shown and its own key in the data. */
export function quantityField<Row>(
  name: string,
  key: string,
  get: Get<Row, number>,
  format: (value: number) => string,
): Field<Row> {
  return valueField(name, key, get, format, (value) => value);
}

/** An instant, in milliseconds since the epoch; ISO 8601 in the data. */
export function timeField<Row>(name: string, get: Get<Row, number>): Field<Row> {
  return valueField(name, name, get, formatInstant, isoInstant);
}

/** Yes or no. */
export function flagField<Row>(name: string, get: Get<Row, boolean>): Field<Row> {
  return valueField(
    name,
    name,
    get,
    (flag) => (flag ? 'yes' : 'no'),
    (flag) => flag,
  );
}

/** A row's cells as data: the facts under their keys; what is missing is left out. */
export function rowData(fields: readonly Field<never>[], cells: readonly Cell[]): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (let index = 0; index < fields.length; index += 1) {
    const fact = cells[index]?.fact;
    const key = fields[index]?.key;
    if (fact !== undefined && key !== undefined) data[key] = fact;
  }
  return data;
}

function valueField<Row, Value>(
  name: string,
  key: string,
  get: Get<Row, Value>,
  format: (value: Value) => string,
  factOf: (value: Value) => unknown,
): Field<Row> {
  return {
    name,
    key,
    cell: (row) => {
      const value = get(row);
      return value === null || value === undefined ? EMPTY : { text: format(value), fact: factOf(value) };
    },
  };
}
