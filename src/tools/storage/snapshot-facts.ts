/** A snapshot's row as far as a change judges it. What the NAS does not tell is undefined, never none. */
import { safeCell } from '../../output/untrusted.ts';
import { field } from '../support/rows.ts';

/** What decides whether a snapshot may go. */
export interface SnapshotFacts {
  /** `tank/media@daily`. */
  readonly name: string;
  readonly dataset: string;
  /** What is behind the @. */
  readonly snapshotName: string;
  readonly createdMs: number | undefined;
  /** Place in the order of the pool: a later snapshot has a greater one. */
  readonly createTxg: number | undefined;
  /** What comes free if only this one goes, in bytes. */
  readonly usedBytes: number | undefined;
  /** What the dataset held then, in bytes. */
  readonly referencedBytes: number | undefined;
  /** Tags of its holds; undefined when the NAS does not tell. */
  readonly holds: readonly string[] | undefined;
  readonly clones: readonly string[];
}

/** Properties that {@link readSnapshot} reads; 27.0 tells only those that are asked for. */
export const SNAPSHOT_FACTS_EXTRA = {
  holds: true,
  properties: ['used', 'referenced', 'creation', 'createtxg', 'clones', 'userrefs'],
} as const;

/** Reads a row of `pool.snapshot.query`. @throws Error for a row without a name: nothing is deleted by such an answer */
export function readSnapshot(row: Readonly<Record<string, unknown>>): SnapshotFacts {
  const name = row['id'] ?? row['name'];
  if (typeof name !== 'string' || !name.includes('@')) throw new Error('a snapshot of the NAS has no name');
  const at = name.indexOf('@');
  const properties = recordOf(row['properties']);
  const number = (property: string): number | undefined =>
    field.integer(recordOf(properties[property])['parsed']) ?? undefined;
  return {
    name,
    dataset: name.slice(0, at),
    snapshotName: name.slice(at + 1),
    createdMs: field.time(recordOf(properties['creation'])['parsed']) ?? undefined,
    createTxg: field.integer(row['createtxg']) ?? number('createtxg'),
    usedBytes: number('used'),
    referencedBytes: number('referenced'),
    holds: holdsOf(row['holds'], number('userrefs')),
    clones: clonesOf(recordOf(properties['clones'])['rawvalue']),
  };
}

/** Newest first; those of which the NAS tells no place come last. */
export function newestFirst(snapshots: readonly SnapshotFacts[]): SnapshotFacts[] {
  return snapshots.toSorted(
    (a, b) => (b.createTxg ?? -1) - (a.createTxg ?? -1) || (b.createdMs ?? 0) - (a.createdMs ?? 0),
  );
}

/** The tag of holds that a NAS sets and lifts by its API. */
export const NAS_TAG = 'truenas';

/** Stands for holds of which a NAS tells how many there are, but not their names (27.0 names only its own). */
const UNNAMED_TAG = 'a tag that the NAS does not name';

function holdsOf(holds: unknown, count: number | undefined): string[] | undefined {
  if (typeof holds !== 'object' || holds === null) return count === 0 ? [] : undefined;
  const tags = Array.isArray(holds) ? holds.map(String) : Object.keys(holds);
  return (count ?? 0) > tags.length ? [...tags, UNNAMED_TAG] : tags;
}

function clonesOf(text: unknown): string[] {
  return typeof text === 'string' && text !== '' && text !== '-' ? text.split(',') : [];
}

/** `a, b and 3 more`, made safe to show. */
export function someOf(names: readonly string[], most = 3): string {
  const shown = names
    .slice(0, most)
    .map((each) => safeCell(each))
    .join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
