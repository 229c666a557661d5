/** `pool.snapshot.*` (25.10 and later) and `zfs.snapshot.*` (25.04): looking at snapshots. */
import type { MethodContext, SimMethod } from '../method.ts';
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
  { world }: MethodContext,
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
    yield snapshotRow(snapshot, {
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
export function snapshotRow(snapshot: Snapshot, view: SnapshotView): ApiRow {
  const id = snapshotId(snapshot);
  const row: ApiRow = {
    id,
    get properties() {
      return propertiesOf(snapshot, view.properties);
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

type Shown = readonly [rawvalue: string, value: string, parsed: unknown];

/** How each property of a snapshot is made; only those looked at are. */
const PROPERTY_MAKERS: Readonly<Record<string, (snapshot: Snapshot) => Shown>> = {
  name: (snapshot) => plain(snapshotId(snapshot)),
  objsetid: ({ txg }) => plain(String(txg % 100_000)),
  type: () => plain('snapshot'),
  creation: ({ createdMs }) => [
    String(Math.floor(createdMs / 1000)),
    shortDate(createdMs),
    wholeSeconds(createdMs),
  ],
  used: ({ usedBytes }) => size(usedBytes),
  referenced: ({ referencedBytes }) => size(referencedBytes),
  compressratio({ dataset }) {
    const ratio = dataset.compressRatio.toFixed(2);
    return [ratio, `${ratio}x`, ratio];
  },
  createtxg: ({ txg }) => plain(String(txg)),
  guid: (snapshot) => plain(snapshotGuid(snapshot)),
  defer_destroy: () => plain('off'),
  userrefs: ({ holds }) => [String(holds?.size ?? 0), String(holds?.size ?? 0), holds?.size ?? 0],
  written: ({ usedBytes }) => size(usedBytes),
  logicalreferenced: ({ referencedBytes }) => size(referencedBytes),
};

function propertiesOf(snapshot: Snapshot, only: ReadonlySet<string> | null): ApiRow {
  const properties: ApiRow = {};
  for (const name of only ?? Object.keys(PROPERTY_MAKERS)) {
    const shown = PROPERTY_MAKERS[name]?.(snapshot);
    if (shown !== undefined) properties[name] = propertyObject(shown, 'NONE');
  }
  if (snapshot.dataset.type === 'VOLUME' && (only?.has('volsize') ?? true)) {
    properties.volsize = propertyObject(size(Number(snapshot.dataset.local.get('volsize') ?? 0)), 'NONE');
  }
  for (const [name, value] of snapshot.userProperties ?? []) {
    if (only?.has(name) ?? true) properties[name] = propertyObject(plain(value), 'LOCAL');
  }
  return properties;
}

function propertyObject([rawvalue, value, parsed]: Shown, source: string): ApiRow {
  return { value, rawvalue, source, parsed };
}

function plain(text: string): Shown {
  return [text, text, text];
}

function size(bytes: number): Shown {
  return [String(bytes), formatSize(bytes), bytes];
}

function shortDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}
