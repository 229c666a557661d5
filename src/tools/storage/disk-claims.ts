/**
 * Reasons not to call a disk free. The NAS has three sources for the pool of a disk, which do not always agree, and a disk
 * that somebody wipes because one of them was silent is lost: each is read on its own, and any of them is enough.
 */
import type { ReadClient, WireValue } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { type Part, readPart, valueOr } from '../support/part.ts';
import { field, isObject, objectOf, rowsOf } from '../support/rows.ts';
import { layoutOf, poolTopology } from './topology.ts';

/** Names of disks, and the pool that one source names for each. */
export type PoolByDisk = ReadonlyMap<string, string>;

/** All disks that something speaks for. */
export interface DiskClaims {
  /** The layout of the imported pools: `pool.query`. */
  readonly topology: Part<PoolByDisk>;
  /** What the labels on the disks say: `disk.details`. */
  readonly labels: Part<DiskLabels>;
}

/** What the NAS found on the disks. */
interface DiskLabels {
  readonly imported: PoolByDisk;
  /** A pool that is exported: in no imported pool, and yet anything but free. */
  readonly exported: PoolByDisk;
  /** Other names of what has the same serial: one disk seen over two paths, or two that tell one serial. */
  readonly twins: ReadonlyMap<string, readonly string[]>;
}

/** All that can be said of disks with one serial number. */
export const SAME_SERIAL = 'one disk seen twice, or two that tell one serial';

/** Reads what speaks for each disk. Calls `disk.details` and `pool.query`. */
export async function readDiskClaims(nas: ReadClient): Promise<DiskClaims> {
  const [labels, topology] = await Promise.all([
    readPart(nas, readLabels),
    readPart(nas, (limited) => readTopologies(limited)),
  ]);
  return { labels, topology };
}

/** The imported pool a disk belongs to by any source but `disk.query`, and which source that is. */
export function claimedPool(
  { topology, labels }: DiskClaims,
  disk: string,
): { pool: string; source: string } | undefined {
  const byTopology = valueOr(topology, undefined)?.get(disk);
  if (byTopology !== undefined) return { pool: byTopology, source: 'its topology' };
  const byLabel = valueOr(labels, undefined)?.imported.get(disk);
  return byLabel === undefined ? undefined : { pool: byLabel, source: 'disk.details' };
}

/** All disks that belong to an imported pool by any source but `disk.query`. */
export function claimedDisks({ topology, labels }: DiskClaims): string[] {
  const byTopology = valueOr(topology, undefined)?.keys() ?? [];
  const byLabel = valueOr(labels, undefined)?.imported.keys() ?? [];
  return [...new Set([...byTopology, ...byLabel])];
}

const DETAIL = {
  name: field.text,
  imported_zpool: field.text,
  exported_zpool: field.text,
  duplicate_serial: field.unknown,
};

/** The NAS looks at the labels of every disk, and wakes those that sleep: what it is asked for in passing must not hold up the rest. */
const LIMIT_MS = 15_000;

async function readLabels(nas: ReadClient): Promise<DiskLabels> {
  const answer = await nas.call('disk.details', [], { timeoutMs: LIMIT_MS });
  const { used, unused } = objectOf(answer, { used: field.unknown, unused: field.unknown });
  const disks = [used, unused].flatMap((group) => rowsOf(group as WireValue, DETAIL));
  const imported = new Map<string, string>();
  const exported = new Map<string, string>();
  const twins = new Map<string, string[]>();
  for (const disk of disks) {
    if (disk.name === null) continue;
    if (disk.imported_zpool) imported.set(disk.name, disk.imported_zpool);
    if (disk.exported_zpool) exported.set(disk.name, disk.exported_zpool);
    const others = namesIn(disk.duplicate_serial);
    if (others.length > 0) twins.set(disk.name, others);
  }
  return { imported, exported, twins };
}

/** Some releases give names, some whole rows. */
function namesIn(duplicates: unknown): string[] {
  return (field.items(duplicates) ?? []).flatMap(
    (item) => field.text(isObject(item) ? item['name'] : item) ?? [],
  );
}

const POOL = { name: field.text, topology: poolTopology };

async function readTopologies(nas: ReadClient): Promise<PoolByDisk> {
  const pools = rowsOf(await nas.call('pool.query', query({ select: Object.keys(POOL) })), POOL);
  const members = new Map<string, string>();
  for (const pool of pools) {
    for (const { disk } of layoutOf(pool.topology)) {
      if (disk !== undefined && pool.name !== null) members.set(disk, pool.name);
    }
  }
  return members;
}
