/**
 * Reasons not to call a disk free. The NAS has three sources for the pool of a disk, which do not always agree, and a disk
 * that somebody wipes because one of them was silent is lost: each is read on its own, and any of them is enough.
 */
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient, WireValue } from '../../truenas/client.ts';
import { gapText, type Part, readPart, valueOr } from '../support/part.ts';
import { field, isObject, objectOf, rowsOf } from '../support/rows.ts';
import { type PoolLayouts, poolsWith, readPoolLayouts } from './pool-layouts.ts';

/** Names of disks, and the pool that one source names for each. */
export type PoolByDisk = ReadonlyMap<string, string>;

/** The pool of a disk by `disk.query`: null when it is in none, undefined when the NAS does not tell. */
export type PoolClaim = string | null | undefined;

/** Reads the `pool` of a row of `disk.query`. */
export function poolClaim(value: unknown): PoolClaim {
  return value === null ? null : (field.text(value) ?? undefined);
}

/** All disks that something speaks for. */
export interface DiskClaims {
  /** The layout of the imported pools: `pool.query`. */
  readonly topology: Part<PoolLayouts>;
  /** What the labels on the disks say: `disk.details`. */
  readonly labels: Part<DiskLabels>;
}

/** What the NAS found on the disks. */
export interface DiskLabels {
  readonly imported: PoolByDisk;
  /** A pool that is exported: in no imported pool, and yet anything but free. */
  readonly exported: PoolByDisk;
  /** Other names of what has the same serial: one disk seen over two paths, or two that tell one serial. */
  readonly twins: ReadonlyMap<string, readonly string[]>;
  /** Disks of which the NAS does not tell whether a pool is on them. */
  readonly unread: ReadonlySet<string>;
}

/** All that can be said of disks with one serial number. */
export const SAME_SERIAL = 'one disk seen twice, or two that tell one serial';

/** Reads what speaks for each disk. Calls `disk.details` and `pool.query`. */
export async function readDiskClaims(nas: ReadClient): Promise<DiskClaims> {
  const [labels, topology] = await Promise.all([
    readPart(nas, readDiskLabels),
    readPart(nas, (limited) => readPoolLayouts(limited)),
  ]);
  return { labels, topology };
}

/** Why the layouts do not prove that a disk is in no pool: `the layout of amber could not be read`. */
export function layoutGap({ topology }: Pick<DiskClaims, 'topology'>): string | undefined {
  const gap = gapText(topology);
  if (gap !== undefined) return `the layout of the pools ${gap}`;
  const unread = valueOr(topology, undefined)?.unread ?? [];
  if (unread.length === 0) return undefined;
  return `the layout of ${unread
    .slice(0, 3)
    .map((pool) => safeCell(pool, 60))
    .join(', ')} could not be read`;
}

/** The imported pool a disk belongs to by any source but `disk.query`, and which source that is. */
export function claimedPool(
  { topology, labels }: DiskClaims,
  disk: string,
): { pool: string; source: string } | undefined {
  const layouts = valueOr(topology, undefined);
  const byTopology = layouts && poolsWith(layouts, disk)[0];
  if (byTopology !== undefined) return { pool: byTopology, source: 'its topology' };
  const byLabel = valueOr(labels, undefined)?.imported.get(disk);
  return byLabel === undefined ? undefined : { pool: byLabel, source: 'disk.details' };
}

/** All disks that belong to an imported pool by any source but `disk.query`. */
export function claimedDisks({ topology, labels }: DiskClaims): string[] {
  const byTopology = valueOr(topology, undefined)?.all.flatMap(({ layout }) =>
    layout.flatMap(({ disk }) => disk ?? []),
  );
  const byLabel = valueOr(labels, undefined)?.imported.keys() ?? [];
  return [...new Set([...(byTopology ?? []), ...byLabel])];
}

const DETAIL = {
  name: field.text,
  imported_zpool: poolClaim,
  exported_zpool: poolClaim,
  duplicate_serial: field.unknown,
};

/** No device is called longer, and names are sent back to the NAS. */
const MAX_NAME_LENGTH = 64;

/** The NAS looks at the labels of every disk, and wakes those that sleep: what it is asked for in passing must not hold up the rest. */
const LIMIT_MS = 15_000;

/** Reads what is on the disks. Calls `disk.details`. */
export async function readDiskLabels(nas: ReadClient): Promise<DiskLabels> {
  const answer = await nas.call('disk.details', [], { timeoutMs: LIMIT_MS });
  const { used, unused } = objectOf(answer, { used: field.unknown, unused: field.unknown });
  const disks = [used, unused].flatMap((group) => rowsOf(group as WireValue, DETAIL));
  const imported = new Map<string, string>();
  const exported = new Map<string, string>();
  const twins = new Map<string, string[]>();
  const unread = new Set<string>();
  for (const disk of disks) {
    if (disk.name === null || disk.name.length > MAX_NAME_LENGTH) continue;
    if (disk.imported_zpool) imported.set(disk.name, disk.imported_zpool);
    if (disk.exported_zpool) exported.set(disk.name, disk.exported_zpool);
    if (disk.imported_zpool === undefined || disk.exported_zpool === undefined) unread.add(disk.name);
    const others = namesIn(disk.duplicate_serial);
    if (others.length > 0) twins.set(disk.name, others);
  }
  return { imported, exported, twins, unread };
}

/** Some releases give names, some whole rows. */
function namesIn(duplicates: unknown): string[] {
  return (field.items(duplicates) ?? []).flatMap(
    (item) => field.text(isObject(item) ? item['name'] : item) ?? [],
  );
}
