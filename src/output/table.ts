/** Rows as an aligned text table: the cheapest form a model reads without mistakes, and a person too. */

import { safeRow } from './untrusted.ts';

/** What stands in for a value that is missing, null or not to be read. */
export const NOTHING = '-';

/** Lines of a table: the header first. `cells` must already be safe text without line breaks. */
export function tableLines(header: readonly string[], cells: readonly (readonly string[])[]): string[] {
  // An empty cell shows as NOTHING, under an empty title too.
  const widths = header.map((title) => Math.max(title.length, NOTHING.length));
  for (const row of cells) {
    for (let column = 0; column < widths.length; column += 1) {
      const { length } = row[column] ?? '';
      if (length > (widths[column] ?? 0)) widths[column] = length;
    }
  }
  const lines = [lineOf(header, widths)];
  for (const row of cells) lines.push(lineOf(row, widths));
  return lines;
}

/** Added up piece by piece: every answer is made of such lines, and a list of padded cells is garbage at once. */
function lineOf(row: readonly string[], widths: readonly number[]): string {
  let line = '';
  for (const [column, width] of widths.entries()) {
    const cell = row[column] || NOTHING;
    line += cell;
    if (column < widths.length - 1) line += gap(width - cell.length + 2);
  }
  return safeRow(line.trimEnd());
}

function gap(width: number): string {
  GAPS[width] ??= ' '.repeat(width);
  return GAPS[width];
}

const GAPS: string[] = [];

/** `key: value` lines; entries whose value is undefined or empty are left out. */
export function factLines(facts: readonly (readonly [name: string, value: string | undefined])[]): string[] {
  return facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [`${name}: ${value}`]));
}
