/**
 * One value of a row, both ways: what a reader sees, and the same fact as data. Every text passes through the same
 * neutralising step here, and every quantity carries its unit in its key.
 */
import { NOTHING } from './table.ts';
import { formatInstant, isoInstant } from './time.ts';
import { formatBytes, formatNumber, formatPercent } from './units.ts';
import { CELL_LENGTH, safeCell } from './untrusted.ts';

/** The values of columns, by the name of their type. */
export interface Values {
  text: string;
  texts: readonly string[];
  number: number;
  bytes: number;
  /** Of a hundred. */
  percent: number;
  /** Milliseconds since the epoch; ISO 8601 as data. */
  time: number;
  flag: boolean;
}
export type ValueType = keyof Values;

/** How the values of a column are shown. */
export interface Look {
  readonly type: ValueType;
  /** Longest text, in characters. */
  readonly maxLength?: number;
  /** In place of the usual way of writing a number. */
  readonly format?: (value: number) => string;
  /** Key of the fact in structured content, where it is not the name with the unit of its type. */
  readonly key?: string;
}

/** One value, both ways. */
export interface Cell {
  readonly text: string;
  /** Undefined when there is nothing to say. */
  readonly fact: unknown;
}

/** How a value is shown; `-` and no fact when it is missing or not of the column's type. */
export function cellOf(value: unknown, look: Look): Cell {
  return CELLS[look.type](value, look) ?? EMPTY;
}

/** Key of a column's fact: `used` is `usedBytes`, and both `frag` and `frag%` are `fragPercent`. */
export function factKey(name: string, { type, key }: Look): string {
  if (key !== undefined) return key;
  if (type === 'bytes') return `${name}Bytes`;
  return type === 'percent' ? `${name.replace('%', '')}Percent` : name;
}

const EMPTY: Cell = { text: NOTHING, fact: undefined };

type Show = (value: unknown, look: Look) => Cell | undefined;

const CELLS: Readonly<Record<ValueType, Show>> = {
  text(value, { maxLength = CELL_LENGTH }) {
    if (typeof value !== 'string' || value === '') return undefined;
    const text = safeCell(value, maxLength);
    return { text, fact: text };
  },
  texts(value, { maxLength = CELL_LENGTH }) {
    if (!Array.isArray(value)) return undefined;
    const texts = value.map((text) => safeCell(String(text), maxLength));
    return { text: safeCell(texts.join(', '), maxLength) || NOTHING, fact: texts.slice(0, MAX_TEXTS) };
  },
  number: quantity(formatNumber),
  bytes: quantity(formatBytes),
  percent: quantity(formatPercent, (percent) => Number(percent.toFixed(1))),
  time: quantity(formatInstant, isoInstant),
  flag: (flag) => (typeof flag === 'boolean' ? { text: flag ? 'yes' : 'no', fact: flag } : undefined),
};

/** Texts of one cell that are kept as data. */
const MAX_TEXTS = 20;

function quantity(
  usual: (value: number) => string,
  factOf: (value: number) => unknown = (value) => value,
): Show {
  return (value, { format = usual }) =>
    typeof value === 'number' ? { text: format(value), fact: factOf(value) } : undefined;
}
