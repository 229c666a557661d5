/** A snapshot's row as far as a change judges it. What the NAS does not tell is undefined, never none. */
import { field } from '../support/rows.ts';

/** What decides whether a snapshot may go. */
export interface SnapshotFacts {
  readonly name: string;
  readonly dataset: string;
  readonly snapshotName: string;
  readonly createdMs: number | undefined;
  readonly usedBytes: number | undefined;
  /** Tags of its holds; undefined when the NAS does not tell. */
  readonly holds: readonly string[] | undefined;
  readonly clones: readonly string[];
}

/** Reads a row of `pool.snapshot.query`. @throws Error for a row without a name: nothing is deleted by such an answer */
export function readSnapshot(row: Readonly<Record<string, unknown>>): SnapshotFacts {
  const name = row['id'] ?? row['name'];
  if (typeof name !== 'string' || !name.includes('@')) throw new Error('a snapshot of the NAS has no name');
  const at = name.indexOf('@');
  const properties = recordOf(row['properties']);
  return {
    name,
    dataset: name.slice(0, at),
    snapshotName: name.slice(at + 1),
    createdMs: field.time(recordOf(properties['creation'])['parsed']) ?? undefined,
    usedBytes: field.integer(recordOf(properties['used'])['parsed']) ?? undefined,
    holds: holdsOf(row['holds']),
    clones: clonesOf(recordOf(properties['clones'])['rawvalue']),
  };
}

function holdsOf(holds: unknown): string[] | undefined {
  if (typeof holds !== 'object' || holds === null) return undefined;
  return Array.isArray(holds) ? holds.map(String) : Object.keys(holds);
}

function clonesOf(text: unknown): string[] {
  return typeof text === 'string' && text !== '' && text !== '-' ? text.split(',') : [];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
