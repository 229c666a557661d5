/** Rows that belong to shares: LUNs of a target, namespaces of a subsystem. */
import type { Part } from '../support/part.ts';
import { UNKNOWN, unknownText } from './access.ts';
import type { ShareFacts } from './share.ts';

/** Rows by the share that they belong to. */
export interface OwnedRows<Row> {
  readonly byOwner: ReadonlyMap<number, readonly Row[]>;
  /** Rows whose owner could not be read: they may belong to any share. */
  readonly strayCount: number;
}

/** Groups rows; `ownerOf` gives null for an owner that could not be read. */
export function ownedRows<Row>(rows: readonly Row[], ownerOf: (row: Row) => number | null): OwnedRows<Row> {
  const byOwner = new Map<number, Row[]>();
  let strayCount = 0;
  for (const row of rows) {
    const owner = ownerOf(row);
    if (owner === null) {
      strayCount += 1;
      continue;
    }
    const known = byOwner.get(owner);
    if (known === undefined) byOwner.set(owner, [row]);
    else known.push(row);
  }
  return { byOwner, strayCount };
}

/** The rows of one share; undefined when it may have some, and nobody knows which. */
export function rowsOwnedBy<Row>(
  owner: number | null,
  rows: Part<OwnedRows<Row>>,
): readonly Row[] | undefined {
  if (!('value' in rows) || owner === null) return undefined;
  const own = rows.value.byOwner.get(owner);
  return own ?? (rows.value.strayCount > 0 ? undefined : []);
}

/** How many rows may belong to any share. */
export function strayCountOf(rows: Part<OwnedRows<unknown>>): number {
  return 'value' in rows ? rows.value.strayCount : 0;
}

/** `2 of the LUNs of iSCSI could not be read`; nothing when all were. */
export function strayGaps(title: string, name: string, rows: Part<OwnedRows<unknown>>): string[] {
  const count = strayCountOf(rows);
  return count > 0 ? [`${count} of the ${name} of ${title} could not be read`] : [];
}

/** A fact for each row of one share; that there is none, only when all could be read. */
export function ownedFacts<Row>(
  name: string,
  owner: number | null,
  rows: Part<OwnedRows<Row>>,
  fact: (row: Row) => ShareFacts[number],
): ShareFacts {
  const own = rowsOwnedBy(owner, rows);
  if (own === undefined)
    return [[name, 'gap' in rows ? unknownText(rows) : `${UNKNOWN}, some could not be read`]];
  if (own.length === 0) return [[name, 'none']];
  const count = strayCountOf(rows);
  return [
    ...own.map(fact),
    ...(count > 0 ? [[`further ${name}`, `${UNKNOWN}, ${count} could not be read`] as const] : []),
  ];
}
