/**
 * One field of a row: what a reader sees in the text, and the same fact as data. Made by the functions below, so that
 * every text passes through the same neutralising step and every quantity carries its unit in its key.
 */
import { NOTHING } from './table.ts';
import { formatInstant, isoInstant } from './time.ts';
import { formatBytes, formatNumber, formatPercent } from './units.ts';
import { CELL_LENGTH, safeCell } from './untrusted.ts';

/** How one field of a `Row` is shown. */
export interface Field<Row> {
  /** What `fields` and the table's header call it. */
  readonly name: string;
  readonly text: (row: Row) => string;
  /** Key of the fact in structured content, with its unit where it has one. */
  readonly key: string;
  readonly data: (row: Row) => unknown;
}

type Get<Row, Value> = (row: Row) => Value | null | undefined;

/** A text from the NAS: neutralised and cut to `maxLength` characters. */
export function textField<Row>(name: string, get: Get<Row, string>, maxLength = CELL_LENGTH): Field<Row> {
  const show = (row: Row): string | undefined => {
    const text = get(row);
    return text ? safeCell(text, maxLength) : undefined;
  };
  return { name, key: name, text: (row) => show(row) ?? NOTHING, data: show };
}

/** Several texts in one cell. */
export function textsField<Row>(
  name: string,
  get: Get<Row, readonly string[]>,
  maxLength = CELL_LENGTH,
): Field<Row> {
  const texts = (row: Row): string[] => (get(row) ?? []).map((text) => safeCell(text, maxLength));
  return {
    name,
    key: name,
    text: (row) => safeCell(texts(row).join(', '), maxLength) || NOTHING,
    data: (row) => texts(row).slice(0, 20),
  };
}

/** A size; `used` becomes `usedBytes` in the data. */
export function bytesField<Row>(name: string, get: Get<Row, number>): Field<Row> {
  return quantityField(name, `${name}Bytes`, get, formatBytes);
}

/** A share of a hundred; `used` becomes `usedPercent` in the data. */
export function percentField<Row>(name: string, get: Get<Row, number>): Field<Row> {
  const field = quantityField(name, `${name}Percent`, get, formatPercent);
  return { ...field, data: (row) => round(get(row), 1) };
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
  return {
    name,
    key,
    text: (row) => {
      const value = get(row);
      return value === null || value === undefined ? NOTHING : format(value);
    },
    data: (row) => get(row) ?? undefined,
  };
}

/** An instant, in milliseconds since the epoch; ISO 8601 in the data. */
export function timeField<Row>(name: string, get: Get<Row, number>): Field<Row> {
  return {
    name,
    key: name,
    text: (row) => mapPresent(get(row), formatInstant) ?? NOTHING,
    data: (row) => mapPresent(get(row), isoInstant),
  };
}

/** Yes or no. */
export function flagField<Row>(name: string, get: Get<Row, boolean>): Field<Row> {
  return {
    name,
    key: name,
    text: (row) => mapPresent(get(row), (flag) => (flag ? 'yes' : 'no')) ?? NOTHING,
    data: (row) => get(row) ?? undefined,
  };
}

/** A row as data: the fields' facts under their keys; what is missing is left out. */
export function rowData<Row>(row: Row, fields: readonly Field<Row>[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const fact = field.data(row);
      return fact === undefined ? [] : [[field.key, fact]];
    }),
  );
}

function mapPresent<Value, Result>(
  value: Value | null | undefined,
  map: (value: Value) => Result,
): Result | undefined {
  return value === null || value === undefined ? undefined : map(value);
}

function round(value: number | null | undefined, digits: number): number | undefined {
  return mapPresent(value, (number) => Number(number.toFixed(digits)));
}
