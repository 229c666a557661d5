/** Rows of one method as a part of an answer; a page that is full is said. */
import type { ReadClient } from '../../truenas/client.ts';
import { query, type QueryParts } from '../../truenas/query.ts';
import { gapText, type Part, readPart } from '../support/part.ts';
import { type Fields, type RowOf, rowsOf } from '../support/rows.ts';

/** Most rows that are looked at. */
const MAX_ROWS = 500;

export function readRows<Shape extends Fields>(
  nas: ReadClient,
  method: string,
  shape: Shape,
  parts: Pick<QueryParts, 'filters' | 'orderBy'> = {},
): Promise<Part<RowOf<Shape>[]>> {
  const parameters = query({ ...parts, select: Object.keys(shape), limit: MAX_ROWS });
  return readPart(nas, async (limited) => rowsOf(await limited.call(method, parameters), shape));
}

/** What could not be read, or not all of it, by its name. */
export function gapsOf(parts: Readonly<Record<string, Part<unknown>>>): string[] {
  return Object.entries(parts).flatMap(([what, part]) => {
    const why = gapText(part);
    if (why !== undefined) return [`${what} ${why}`];
    const isFull = 'value' in part && Array.isArray(part.value) && part.value.length >= MAX_ROWS;
    return isFull ? [`${what} beyond the first ${MAX_ROWS}`] : [];
  });
}
