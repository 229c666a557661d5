/** `pool.snapshot.*` (25.10 and later) and `zfs.snapshot.*` (25.04): looking at snapshots. */
import type { MethodContext, SimMethod } from '../method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { text } from '../schema.ts';
import { isInternal } from '../world/datasets.ts';
import { type Snapshot, snapshotGuid, snapshotId } from '../world/snapshots.ts';
import { formatSize, wholeSeconds } from '../world/units.ts';
import type { World } from '../world/world.ts';
import {
  type ApiRow,
  ONLY_25_04,
  type Options,
  readable,
  SINCE_25_10,
  wantedMembers,
  wantedValue,
} from './common.ts';

export const SNAPSHOT_METHODS: readonly SimMethod[] = (['zfs.snapshot', 'pool.snapshot'] as const).flatMap(
  (namespace) =>
    readable({
      namespace,
      entity: 'ZFSSnapshot',
      what: 'snapshots',
      roles: ['SNAPSHOT_READ'],
      releases: namespace === 'zfs.snapshot' ? ONLY_25_04 : SINCE_25_10,
      id: text(),
      rows: querySnapshots,
    }),
);

/** Rows, built one at a time; what filters name by equality narrows the search to a dataset or pool. */
function* querySnapshots(
  { world, release }: MethodContext,
  filters: readonly unknown[],
  options: Options,
): Generator<ApiRow> {
  const { extra = {} } = options;
  const asked = Array.isArray(extra.properties) ? new Set(extra.properties.map(String)) : null;
  const touched = wantedMembers('properties', filters, options);
  const properties =
    asked === null ? touched : new Set([...asked].filter((name) => touched?.has(name) ?? true));
  const isFast = options.select?.length === 1 && options.select[0] === 'name';
  for (const snapshot of candidates(world, filters)) {
    yield snapshotRow(release, snapshot, {
      properties: isFast ? new Set() : properties,
      withHolds: extra.holds === true,
      retention: extra.retention === true ? retentionOf(world, snapshot) : undefined,
    });
  }
}

function* candidates(world: World, filters: readonly unknown[]): Generator<Snapshot> {
  const id = wantedValue(filters, 'id', 'name');
  const named = wantedValue(filters, 'dataset') ?? id?.split('@')[0];
  const pool = wantedValue(filters, 'pool');
  if (named !== undefined) {
    const snapshots = world.datasets.get(named)?.snapshots ?? [];
    yield* id === undefined ? snapshots : snapshots.filter((snapshot) => snapshotId(snapshot) === id);
    return;
  }
  const root = pool === undefined ? undefined : world.datasets.get(pool);
  if (pool !== undefined && root === undefined) return;
  for (const dataset of world.datasets.walk(root)) {
    if (dataset.snapshots.length > 0 && !isInternal(dataset.id)) yield* dataset.snapshots;
  }
}

/** Which optional parts a row has. */
interface SnapshotView {
  readonly properties: ReadonlySet<string> | null;
  readonly withHolds: boolean;
  /** Left out when undefined. */
  readonly retention: ApiRow | null | undefined;
}

/** The row as create answers it. */
export const CREATED_VIEW: SnapshotView = { properties: null, withHolds: false, retention: undefined };

/** A row of the snapshot queries; its properties are made when they are looked at. */
export function snapshotRow(release: SimRelease, snapshot: Snapshot, view: SnapshotView): ApiRow {
  const id = snapshotId(snapshot);
  const row: ApiRow = {
    id,
    get properties() {
      return propertiesOf(release, snapshot, view.properties);
    },
    pool: snapshot.dataset.pool,
    name: id,
    type: 'SNAPSHOT',
    snapshot_name: snapshot.name,
    dataset: snapshot.dataset.id,
    createtxg: String(snapshot.txg),
  };
  if (view.withHolds) {
    row.holds = Object.fromEntries([...(snapshot.holds ?? [])].map((tag) => [tag, snapshot.txg]));
  }
  if (view.retention !== undefined) row.retention = view.retention;
  return row;
}

function retentionOf(world: World, snapshot: Snapshot): ApiRow | null {
  void world;
  void snapshot;
  return null;
}

function propertiesOf(release: SimRelease, snapshot: Snapshot, only: ReadonlySet<string> | null): ApiRow {
  const { dataset, usedBytes, referencedBytes, createdMs } = snapshot;
  const properties: ApiRow = {};

  function put(name: string, rawvalue: string, value: string, parsed: unknown, source = 'NONE'): void {
    if (only !== null && !only.has(name)) return;
    properties[name] = { value, rawvalue, source, parsed };
  }

  const seconds = String(Math.floor(createdMs / 1000));
  put('name', snapshotId(snapshot), snapshotId(snapshot), snapshotId(snapshot));
  put(
    'objsetid',
    String(snapshot.txg % 100_000),
    String(snapshot.txg % 100_000),
    String(snapshot.txg % 100_000),
  );
  put('type', 'snapshot', 'snapshot', 'snapshot');
  put('creation', seconds, shortDate(createdMs), wholeSeconds(createdMs));
  put('used', String(usedBytes), formatSize(usedBytes), usedBytes);
  put('referenced', String(referencedBytes), formatSize(referencedBytes), referencedBytes);
  const ratio = dataset.compressRatio.toFixed(2);
  put('compressratio', ratio, `${ratio}x`, ratio);
  put('createtxg', String(snapshot.txg), String(snapshot.txg), String(snapshot.txg));
  put('guid', snapshotGuid(snapshot), snapshotGuid(snapshot), snapshotGuid(snapshot));
  put('defer_destroy', 'off', 'off', isAtLeast(release, '25.10') ? 'off' : false);
  put(
    'userrefs',
    String(snapshot.holds?.size ?? 0),
    String(snapshot.holds?.size ?? 0),
    snapshot.holds?.size ?? 0,
  );
  put('written', String(usedBytes), formatSize(usedBytes), usedBytes);
  put('logicalreferenced', String(referencedBytes), formatSize(referencedBytes), referencedBytes);
  if (dataset.type === 'VOLUME') {
    const volsize = dataset.local.get('volsize') ?? '0';
    put('volsize', volsize, formatSize(Number(volsize)), Number(volsize));
  }
  for (const [name, value] of snapshot.userProperties ?? []) put(name, value, value, value, 'LOCAL');
  return properties;
}

function shortDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}
