/** The layouts of all imported pools, to find which disk is where. */
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { field, rowsOf } from '../support/rows.ts';
import {
  disksInUse,
  isInService,
  isWithoutMembers,
  type LayoutEntry,
  layoutOf,
  poolTopology,
} from './topology.ts';

/** The layout of one pool. */
export interface PoolLayout {
  readonly pool: string;
  readonly layout: readonly LayoutEntry[];
}

/** What `pool.query` says of all layouts. */
export interface PoolLayouts {
  readonly all: readonly PoolLayout[];
  /** Pools of which the layout, or a part of it, could not be read: any disk may be in them. */
  readonly unread: readonly string[];
}

const POOL = { name: field.text, status: field.text, topology: poolTopology };

/** Reads the layouts. Calls `pool.query`. */
export async function readPoolLayouts(nas: ReadClient): Promise<PoolLayouts> {
  const rows = rowsOf(await nas.call('pool.query', query({ select: Object.keys(POOL) })), POOL);
  const all: PoolLayout[] = [];
  const unread: string[] = [];
  for (const { name, status, topology } of rows) {
    const layout = layoutOf(topology, disksInUse(rows, name));
    if (name !== null) all.push({ pool: name, layout });
    // A pool that is not imported has no layout, and no disk of this NAS.
    const isMissing = topology === null && (status === 'ONLINE' || status === 'DEGRADED' || status === null);
    const isPartial = layout.some((entry) => entry.disk === '-' || isWithoutMembers(entry));
    if (name === null || isMissing || isPartial) unread.push(name ?? '-');
  }
  return { all, unread };
}

/** Pools whose layout names the disk; the one that uses it comes before those that have it as a spare. */
export function poolsWith({ all }: PoolLayouts, disk: string): string[] {
  const isUsed = ({ layout }: PoolLayout) =>
    layout.some((entry) => entry.disk === disk && entry.vdevClass !== 'spare');
  const holding = all.filter(({ layout }) => layout.some((entry) => entry.disk === disk));
  return [...holding.filter(isUsed), ...holding.filter((each) => !isUsed(each))].map(({ pool }) => pool);
}

/** Disks that work in these pools. */
export function workingDisks(layouts: readonly PoolLayout[]): { disk: string; pool: string }[] {
  const pools = new Map<string, string>();
  for (const { pool, layout } of layouts)
    for (const entry of layout)
      if (entry.disk !== undefined && isInService(entry) && !pools.has(entry.disk))
        pools.set(entry.disk, pool);
  return [...pools].map(([disk, pool]) => ({ disk, pool }));
}
