/** Rows as an aligned text table: the cheapest form a model reads without mistakes, and a person too. */

import { safeRow } from './untrusted.ts';

/** What stands in for a value that is missing, null or not to be read. */
export const NOTHING = '-';

/** Lines of a table: the header first. `cells` must already be safe text without line breaks. */
export function tableLines(header: readonly string[], cells: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, column) =>
    cells.reduce((width, row) => Math.max(width, (row[column] ?? '').length), title.length),
  );
  return [header, ...cells].map((row) =>
    safeRow(
      widths
        .map((width, column) => (row[column] || NOTHING).padEnd(width))
        .join('  ')
        .trimEnd(),
    ),
  );
}

/** `key: value` lines; entries whose value is undefined or empty are left out. */
export function factLines(facts: readonly (readonly [name: string, value: string | undefined])[]): string[] {
  return facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [`${name}: ${value}`]));
}
