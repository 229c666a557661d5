/** Snapshots older than some moment, and what deleting them would free: a lower bound, as one cannot ask a NAS for the sum. */
import { plural } from '../../output/units.ts';
import type { OldSnapshots } from '../../findings/space.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { equals } from '../support/inputs.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { field, knownCountOf, rawRowsOf, rowsOf } from '../support/rows.ts';
import { datasetListExtra } from './dataset-query.ts';
import { readReplicationBases } from './replication-bases.ts';
import { readSnapshot, type SnapshotFacts } from './snapshot-facts.ts';
import { readSnapshotTasks, taskOf } from './snapshot-tasks.ts';

/** Snapshots that are looked at, those that alone hold most first. */
const MAX_SNAPSHOTS = 450;
/** Up to 25.10 a NAS reads all properties of all its snapshots for this question: with more than so many it is not asked. */
const MAX_READ_WHOLE = 20_000;
/** Datasets in which bases of replications are looked for: it takes a question for each. */
const MAX_DATASETS = 3;
/** Snapshots of one dataset among which its base is looked for, the newest first. */
const MAX_OF_DATASET = 450;
/** `delete_snapshots` takes so many at once. */
const MAX_DELETED = 100;

/** What was found out about old snapshots. */
export interface OldSnapshotFacts {
  /** By the dataset, as the NAS writes it: those that may be deleted. */
  readonly byDataset: ReadonlyMap<string, OldSnapshots>;
  /** There are more than were looked at, each of which holds less. */
  readonly isCut: boolean;
  /** Old ones that have to stay, e.g. `3 held`. */
  readonly kept: readonly string[];
  /** Why nothing, or not all, is known; safe text. */
  readonly gaps: readonly string[];
}

/** Methods that {@link readOldSnapshots} calls besides `pool.dataset.query`. */
export const OLD_SNAPSHOT_READS = [
  'pool.snapshot.query',
  'pool.snapshottask.query',
  'replication.query',
] as const;

/** @param olderThan as a person wrote it, for the call that deletes them */
export async function readOldSnapshots(
  nas: ReadClient,
  {
    pool,
    pools,
    beforeMs,
    olderThan,
  }: {
    readonly pool: string | undefined;
    readonly pools: readonly string[];
    readonly beforeMs: number;
    readonly olderThan: string;
  },
): Promise<OldSnapshotFacts> {
  const part = await readPart(nas, (limited) => readRows(limited, pool, beforeMs));
  const read = valueOr(part, undefined);
  if (read === undefined || 'why' in read)
    return {
      byDataset: new Map(),
      isCut: true,
      kept: [],
      gaps: [`old snapshots ${read?.why ?? gapText(part)}`],
    };
  const ofPools = read.rows.filter(({ dataset }) => pools.includes(dataset.split('/')[0] ?? ''));
  const undated = ofPools.filter(({ createdMs }) => createdMs === undefined).length;
  const old = ofPools.filter(({ createdMs }) => createdMs !== undefined && createdMs < beforeMs);
  const [origins, tasks, bases] = await Promise.all([
    readPart(nas, (limited) => readOrigins(limited, pool)),
    readSnapshotTasks(nas),
    readReplicationBases(nas, largestOf(old), newestOf),
  ]);
  const isBase = new Set(bases.bases.map(({ snapshot }) => snapshot));
  const isCloned = new Set(valueOr(origins, []));
  const whyKept = (snapshot: SnapshotFacts): string | undefined => {
    if (snapshot.holds === undefined) return 'perhaps held';
    if (snapshot.holds.length > 0) return 'held';
    if (isCloned.has(snapshot.name)) return 'with clones';
    return isBase.has(snapshot.name) ? 'a base of replication' : undefined;
  };
  const kept = new Map<string, number>();
  const byDataset = new Map<string, SnapshotFacts[]>();
  for (const snapshot of old) {
    const why = whyKept(snapshot);
    if (why !== undefined) kept.set(why, (kept.get(why) ?? 0) + 1);
    else byDataset.set(snapshot.dataset, [...(byDataset.get(snapshot.dataset) ?? []), snapshot]);
  }
  const isAutomatic = (snapshot: SnapshotFacts): boolean =>
    taskOf(snapshot, valueOr(tasks, [])) !== undefined;
  const unsized = old.filter(({ usedBytes }) => usedBytes === undefined).length;
  return {
    byDataset: new Map(
      [...byDataset].map(([dataset, snapshots]) => [
        dataset,
        {
          count: snapshots.length,
          leastBytes: snapshots.reduce((sum, { usedBytes }) => sum + (usedBytes ?? 0), 0),
          deletion: {
            dataset,
            older_than: momentFor(snapshots, olderThan),
            ...(snapshots.some(isAutomatic) ? { automatic: true } : {}),
          },
        },
      ]),
    ),
    isCut: read.rows.length >= MAX_SNAPSHOTS,
    kept: [...kept].map(([why, count]) => `${count} ${why}`),
    gaps: [
      ...(undated === 0 ? [] : [`the age of ${plural(undated, 'snapshot')}`]),
      ...(unsized === 0 ? [] : [`what ${plural(unsized, 'snapshot')} hold`]),
      ...(gapText(origins) === undefined ? [] : [`which snapshots have clones ${gapText(origins)}`]),
      ...(gapText(tasks) === undefined ? [] : [`which snapshots are automatic ${gapText(tasks)}`]),
      ...(bases.gap === undefined ? [] : [`which snapshots replications go on from ${bases.gap}`]),
      ...(bases.unclear.length === 0
        ? []
        : [`what the replication ${bases.unclear.slice(0, 3).join(', ')} sent last`]),
    ],
  };
}

/** The moment before which at most as many lie as are deleted at once. */
function momentFor(snapshots: readonly SnapshotFacts[], olderThan: string): string {
  if (snapshots.length <= MAX_DELETED) return olderThan;
  const times = snapshots.flatMap(({ createdMs }) => createdMs ?? []).toSorted((a, b) => a - b);
  const ms = times[MAX_DELETED];
  return ms === undefined ? olderThan : new Date(ms).toISOString();
}

/** Datasets whose old snapshots hold most. */
function largestOf(old: readonly SnapshotFacts[]): string[] {
  const bytes = new Map<string, number>();
  for (const { dataset, usedBytes } of old) bytes.set(dataset, (bytes.get(dataset) ?? 0) + (usedBytes ?? 0));
  return [...bytes]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MAX_DATASETS)
    .map(([dataset]) => dataset);
}

/** The old snapshots; a release that does not filter by age gives none, and is then asked for all. */
async function readRows(nas: ReadClient, pool: string | undefined, beforeMs: number) {
  const ofPool = equals('pool', pool);
  if (!isAtLeast(await nas.release(), '26.0')) {
    const count = knownCountOf(await nas.call('pool.snapshot.query', query({ count: true })));
    if (count > MAX_READ_WHOLE)
      return {
        why: `were not read: this release reads all ${count} snapshots to tell; name a dataset in list_snapshots`,
      };
  }
  const ask = async (filters: readonly Filter[]): Promise<SnapshotFacts[]> => {
    const parameters = query({
      filters,
      select: ['name', 'holds', 'properties'],
      orderBy: ['-properties.used.parsed'],
      limit: MAX_SNAPSHOTS,
      extra: { holds: true, properties: ['used', 'creation', 'userrefs'] },
    });
    return rawRowsOf(await nas.call('pool.snapshot.query', parameters)).flatMap(readable);
  };
  // ZFS's own text of the moment: seconds of ten digits, which compare as numbers do.
  const aged = ['properties.creation.rawvalue', '<', String(Math.floor(beforeMs / 1000))] as const;
  const filtered = await ask([...ofPool, aged]);
  return { rows: filtered.length > 0 ? filtered : await ask(ofPool) };
}

function readable(row: Readonly<Record<string, unknown>>): SnapshotFacts[] {
  const name = row['name'];
  return typeof name === 'string' && name.includes('@') ? [readSnapshot(row)] : [];
}

/** The newest snapshots of a dataset, with what orders them alone. */
async function newestOf(nas: ReadClient, dataset: string): Promise<SnapshotFacts[]> {
  const parameters = query({
    filters: [['dataset', '=', dataset]],
    select: ['name', 'createtxg', 'properties'],
    orderBy: ['-properties.creation.parsed'],
    limit: MAX_OF_DATASET,
    extra: { properties: ['creation'] },
  });
  return rawRowsOf(await nas.call('pool.snapshot.query', parameters)).flatMap(readable);
}

/** Full names of snapshots that datasets were cloned from. */
async function readOrigins(nas: ReadClient, pool: string | undefined): Promise<string[]> {
  const parameters = query({
    filters: [...equals('pool', pool), ['origin.rawvalue', '~', '.+@']],
    select: ['origin.rawvalue'],
    limit: 2000,
    extra: await datasetListExtra(nas, ['origin']),
  });
  const row = { origin: field.object({ rawvalue: field.rawText }) };
  return rowsOf(await nas.call('pool.dataset.query', parameters), row).flatMap(
    ({ origin }) => origin?.rawvalue ?? [],
  );
}
