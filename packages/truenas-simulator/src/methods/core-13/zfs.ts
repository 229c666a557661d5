/** `zfs.*` on FreeBSD: snapshots with their fast path, and the unpublished views of datasets and pools. */
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { type CoreOptions, filterCoreList } from '../../legacy/core-filters.ts';
import { snapshotId } from '../../world/snapshots.ts';
import type { World } from '../../world/world.ts';
import { allocatedBytes, scanRow } from '../pool-row.ts';
import type { ApiRow } from '../common.ts';
import { baseRows, without } from '../legacy/base.ts';
import { coreVdev } from './topology.ts';
import { formatSize } from '../../world/units.ts';
import type { Pool } from '../../world/pools.ts';
import { poolState } from '../../world/pools.ts';
import { topologyRow } from '../pool-row.ts';

export const ZFS_METHODS: readonly SimMethod[] = [
  {
    name: 'zfs.snapshot.query',
    description: 'Lists snapshots.',
    filterable: true,
    answersQuery: true,
    run: querySnapshots,
  },
  {
    name: 'zfs.dataset.query',
    description: 'Lists datasets with all their properties.',
    isPrivate: true,
    filterable: true,
    run: (context: MethodContext, _filters: unknown, { extra = {} }: CoreOptions) =>
      datasetRows(context, extra),
  },
  {
    name: 'zfs.pool.query',
    description: 'Lists pools with all their properties.',
    isPrivate: true,
    filterable: true,
    run: ({ world }: MethodContext) =>
      [...world.pools.all, world.pools.boot].map((pool) => zfsPool(world, pool)),
  },
  {
    name: 'pool.dataset.userprop.query',
    description: 'Lists user properties of datasets.',
    filterable: true,
    run: (context: MethodContext) =>
      baseRows(context, 'pool.dataset.query').map(({ id, user_properties: properties }) => ({
        id,
        properties: properties ?? {},
      })),
  },
];

/** Names alone are read without the rest; a snapshot of a root dataset then counts as of a pool named like itself. */
function querySnapshots(context: MethodContext, filters: readonly unknown[], options: CoreOptions): unknown {
  if (!isFast(filters, options)) {
    const rows = baseRows(context, 'zfs.snapshot.query', { holds: true });
    return filterCoreList(
      rows.map((row) => without(row, 'retention createtxg')),
      filters,
      options,
    );
  }
  const rows: ApiRow[] = [];
  for (const dataset of context.world.datasets.walk()) {
    for (const snapshot of dataset.snapshots) {
      const name = snapshotId(snapshot);
      rows.push({ name, pool: name.split('/')[0] });
    }
  }
  return filterCoreList(rows, filters, options);
}

function isFast(filters: readonly unknown[], { select = [], count }: CoreOptions): boolean {
  const isNameAlone = select.length === 1 && select[0] === 'name';
  if (!isNameAlone && count !== true) return false;
  return filters.every(
    (filter) =>
      Array.isArray(filter) && filter.length === 3 && (filter[0] === 'name' || filter[0] === 'pool'),
  );
}

/** What is no property of ZFS. */
const OUTSIDE = new Set([
  ...['id', 'type', 'name', 'pool', 'encrypted', 'encryption_root', 'key_loaded', 'locked', 'mountpoint'],
  ...['children', 'user_properties', 'snapshots', 'snapshot_count'],
]);
/** Properties that the API calls otherwise. */
const ZFS_NAMES: Readonly<Record<string, string>> = {
  deduplication: 'dedup',
  key_format: 'keyformat',
  encryption_algorithm: 'encryption',
  special_small_block_size: 'special_small_blocks',
};

function datasetRows(context: MethodContext, extra: Readonly<Record<string, unknown>>): ApiRow[] {
  const { flat, properties, user_properties: withUser } = extra;
  const rows = baseRows(
    context,
    'pool.dataset.query',
    flat === true || flat === undefined ? {} : { flat: false },
  );
  const only = Array.isArray(properties) ? new Set(properties) : null;
  return rows.map((row) => zfsDataset(row, only, withUser === true));
}

function zfsDataset(row: ApiRow, only: ReadonlySet<unknown> | null, withUser: boolean): ApiRow {
  const properties: ApiRow = {};
  for (const [name, value] of Object.entries(row)) {
    const zfsName = ZFS_NAMES[name] ?? name;
    if (OUTSIDE.has(name) || (only !== null && !only.has(zfsName))) continue;
    properties[zfsName] = zfsValue(value as ApiRow | null);
  }
  if (withUser) Object.assign(properties, row['user_properties'] as ApiRow | undefined);
  const children = Array.isArray(row['children']) ? (row['children'] as ApiRow[]) : [];
  return {
    ...{ id: row['id'], name: row['name'], pool: row['pool'], type: row['type'], properties },
    children: children.map((child) => zfsDataset(child, only, withUser)),
    ...{ mountpoint: row['mountpoint'], encrypted: row['encrypted'] },
    ...{ encryption_root: row['encryption_root'], key_loaded: row['key_loaded'] },
  };
}

/** As ZFS writes it: words in small letters. */
function zfsValue(value: ApiRow | null): unknown {
  return value === null ? value : { ...value, value: value['rawvalue'] };
}

/** A pool as ZFS tells it, which is how the boot pool is shown. */
export function zfsPool(world: World, pool: Pool): ApiRow {
  const allocated = allocatedBytes(world, pool);
  const free = pool.rawBytes - allocated;
  const capacity = Math.round((100 * allocated) / pool.rawBytes);
  const state = poolState(pool);
  const groups = Object.fromEntries(
    Object.entries(topologyRow(world, pool)).map(([name, vdevs]) => [name, vdevs.map(zfsVdev)]),
  );
  const name = bootName(world, pool);
  return {
    ...{ id: name, name, guid: pool.guid, hostname: world.system.hostname, status: state },
    ...{ healthy: state === 'ONLINE', error_count: 0 },
    root_dataset: { id: name, name, pool: name, type: 'FILESYSTEM', properties: {}, children: [] },
    properties: {
      size: property(pool.rawBytes, formatSize(pool.rawBytes)),
      allocated: property(allocated, formatSize(allocated)),
      free: property(free, formatSize(free)),
      capacity: property(capacity, `${capacity}%`),
      fragmentation: property(pool.fragmentationPercent, `${pool.fragmentationPercent}%`),
      health: property(state, state),
      autotrim: property(pool.autotrim ? 'on' : 'off', pool.autotrim ? 'on' : 'off'),
    },
    features: FEATURES.map((feature) => ({
      ...{ name: feature, guid: `org.openzfs:${feature}`, description: '' },
      state: pool.isUpgraded || feature !== 'draid' ? 'ENABLED' : 'DISABLED',
    })),
    scan: pool.scan === null ? null : scanRow(pool.scan, allocated, world.now()),
    root_vdev: { name, type: 'root', guid: pool.guid, status: state, children: [] },
    groups,
    status_detail: null,
  };
}

const FEATURES = ['async_destroy', 'encryption', 'device_rebuild', 'zstd_compress', 'draid'];

function property(raw: number | string, value: string): ApiRow {
  return { value, rawvalue: String(raw), parsed: raw, source: 'NONE' };
}

/** The kind in small letters, and no disk. */
function zfsVdev(vdev: ApiRow): ApiRow {
  const { disk: _d, device: _e, unavail_disk: _u, children, type, ...rest } = coreVdev(vdev, false);
  return { ...rest, type: String(type).toLowerCase(), children: (children as ApiRow[]).map(again) };
}

/** A member that has its path already. */
function again(vdev: ApiRow): ApiRow {
  const { disk: _d, device: _e, unavail_disk: _u, children, type, ...rest } = vdev;
  return { ...rest, type: String(type).toLowerCase(), children: (children as ApiRow[]).map(again) };
}

/** Systems that came from FreeNAS kept the name. */
export function bootName(world: World, pool: Pool): string {
  return pool.isBoot && world.legacy?.release === 'core-13.0' ? 'freenas-boot' : pool.name;
}
