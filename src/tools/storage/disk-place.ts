/** The pool and vdev of a disk, by all that the NAS says of it: three sources that do not always agree. */
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { gapText, type Part, readPart, UNKNOWN_FORM, valueOr } from '../support/part.ts';
import { field } from '../support/rows.ts';
import { bootPoolNamed } from './boot-pool.ts';
import { type DiskLabels, type PoolClaim, readDiskLabels } from './disk-claims.ts';
import { type PoolLayout, type PoolLayouts, poolsWith } from './pool-layouts.ts';
import { type LayoutEntry, layoutOf, poolTopology } from './topology.ts';

/** The place of a disk in a layout. */
export interface DiskPlace {
  readonly pool: string;
  readonly entry: LayoutEntry;
  readonly vdev: LayoutEntry;
  /** Everything that the vdev is made of, itself left out. */
  readonly members: readonly LayoutEntry[];
  /** Other pools that have the disk as a spare. */
  readonly alsoSpareOf: readonly string[];
}

/** Everything that says where a disk is. */
export interface Membership {
  readonly named: PoolClaim;
  /** By the layouts of the pools; no place when none of them names the disk. */
  readonly place: Part<DiskPlace | undefined>;
  /** By the labels on the disks; read only when no other source has a pool. */
  readonly labels: Part<DiskLabels> | undefined;
  /** Why it is not known whether other pools have the disk too: `could not be read (…)`. */
  readonly layoutsGap: string | undefined;
}

/** Finds a disk by its name. Calls `boot.get_state` and `disk.details` where the layouts do not name it. */
export async function findMembership(
  nas: ReadClient,
  name: string,
  named: PoolClaim,
  layouts: Part<PoolLayouts>,
): Promise<Membership> {
  const place = await findPlace(nas, name, named, layouts);
  const isKnown = typeof named === 'string' || valueOr(place, undefined) !== undefined;
  const labels = isKnown ? undefined : await readPart(nas, readDiskLabels);
  return { named, place, labels, layoutsGap: gapText(layouts) };
}

async function findPlace(
  nas: ReadClient,
  name: string,
  named: PoolClaim,
  layouts: Part<PoolLayouts>,
): Promise<Part<DiskPlace | undefined>> {
  const known = valueOr(layouts, undefined);
  const [pool, ...alsoSpareOf] = known === undefined ? [] : poolsWith(known, name);
  const layout = known?.all.find((each) => each.pool === pool);
  if (layout !== undefined) return { value: placeIn(layout, name, alsoSpareOf) };
  if (typeof named === 'string' && known?.all.some((each) => each.pool === named))
    return { value: undefined };
  const boot = await bootLayout(nas, named ?? 'boot-pool');
  if ('gap' in boot) return boot;
  const place = boot.value && placeIn(boot.value, name, []);
  return place === undefined && 'gap' in layouts ? layouts : { value: place };
}

const BOOT = { name: field.text, topology: poolTopology };

async function bootLayout(nas: ReadClient, pool: string): Promise<Part<PoolLayout | undefined>> {
  const part = await bootPoolNamed(nas, pool, BOOT);
  if ('gap' in part) return part;
  const [boot] = part.value;
  if (boot?.topology === null) return UNKNOWN_FORM;
  return { value: boot && { pool: boot.name ?? pool, layout: layoutOf(boot.topology) } };
}

/** The place of a disk in one pool. A disk that is in use there stands among the spares too. */
export function placeIn(
  { pool, layout }: PoolLayout,
  disk: string,
  alsoSpareOf: readonly string[],
): DiskPlace | undefined {
  for (const [vdev, ...members] of vdevsOf(layout)) {
    const entry = vdev && [vdev, ...members].find((each) => each.disk === disk);
    if (vdev !== undefined && entry !== undefined) return { pool, entry, vdev, members, alsoSpareOf };
  }
  return undefined;
}

/** The lines of each vdev, itself first. */
function vdevsOf(layout: readonly LayoutEntry[]): LayoutEntry[][] {
  const vdevs: LayoutEntry[][] = [];
  for (const entry of layout) {
    if (entry.depth === 0) vdevs.push([entry]);
    else vdevs.at(-1)?.push(entry);
  }
  return vdevs;
}

/** The pool of a disk in words, with every source that says otherwise. */
export function membershipText(membership: Membership, name: string): string {
  const { named, place, labels, layoutsGap } = membership;
  const found = valueOr(place, undefined);
  if (found !== undefined)
    return `${placeText(named, found)}${layoutsGap === undefined ? '' : `; the layout of other pools ${layoutsGap}`}`;
  const gap = gapText(place);
  if (typeof named === 'string') {
    const pool = safeCell(named, 80);
    return gap === undefined ? `${pool}, whose layout does not name this disk` : pool;
  }
  const label = labels && valueOr(labels, undefined)?.imported.get(name);
  if (label !== undefined) return `${safeCell(label)} by disk.details${denied(named)}`;
  const byQuery = named === null ? 'none by disk.query' : 'not told by disk.query';
  if (gap !== undefined) return `${byQuery}; the layout of the pools ${gap}`;
  const isUnread = labels && valueOr(labels, undefined)?.unread.has(name);
  const labelGap = labels && (gapText(labels) ?? (isUnread === true ? 'could not be read' : undefined));
  const imported = named === null ? 'none imported' : 'not told by disk.query, in no layout';
  if (labelGap !== undefined) return `${imported}; whether it holds an exported pool ${labelGap}`;
  const exported = labels && valueOr(labels, undefined)?.exported.get(name);
  if (exported !== undefined) return `${imported}; NOT FREE, holds the exported pool ${safeCell(exported)}`;
  return named === null ? 'none' : 'not known: disk.query does not tell it';
}

function placeText(named: PoolClaim, { pool, entry, vdev, alsoSpareOf }: DiskPlace): string {
  const spare = alsoSpareOf.map((other) => `, a spare of ${safeCell(other, 60)} too`).join('');
  if (named === null) return `${safeCell(pool)} by its topology${denied(named)}${spare}`;
  const where = `${safeCell(pool, 80)} (${entry.vdevClass} vdev ${vdev.name})${spare}`;
  if (named === undefined) return `${where} by its topology`;
  if (named === pool || alsoSpareOf.includes(named)) return where;
  return `${where} by its topology, but ${safeCell(named, 80)} by disk.query: they differ`;
}

function denied(named: PoolClaim): string {
  return named === null ? ', though disk.query names no pool: NOT FREE' : '';
}
