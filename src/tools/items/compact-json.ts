/** Data of the NAS on one line, for what has no column: safe text, without the members that say nothing. */
import { NOTHING } from '../../output/table.ts';
import { safeCell, safeJson } from '../../output/untrusted.ts';
import { isObject } from '../support/rows.ts';

/** At most `maxLength` characters. Members that are null are left out: what a NAS does not tell is not shown as a value. */
export function compactJson(value: unknown, maxLength: number): string {
  return safeCell(safeJson(withoutNulls(value)), maxLength);
}

function withoutNulls(value: unknown): unknown {
  // A place in a list is kept: what comes after it would move.
  if (Array.isArray(value))
    return value.map((item: unknown) => (item === null ? NOTHING : withoutNulls(item)));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (inner === null ? [] : [[name, withoutNulls(inner)]])),
  );
}
