/** The place of a disk in a pool: its vdev, and what else is in it. */
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { valueOr } from '../support/part.ts';
import { rowsOf } from '../support/rows.ts';
import { bootPoolNamed } from './boot-pool.ts';
import { type LayoutEntry, layoutOf, poolTopology } from './topology.ts';

/** Where a disk is. */
export interface DiskPlace {
  readonly entry: LayoutEntry;
  readonly vdev: LayoutEntry;
  /** What the vdev is made of, itself left out. */
  readonly members: readonly LayoutEntry[];
}

const POOL = { topology: poolTopology };

/** The place; undefined when the layout of the pool does not name the disk. Calls `pool.query`, for the boot pool `boot.get_state`. */
export async function placeOf(nas: ReadClient, pool: string, disk: string): Promise<DiskPlace | undefined> {
  const parameters = query({ filters: [['name', '=', pool]], select: ['topology'] });
  const rows = rowsOf(await nas.call('pool.query', parameters), POOL);
  const [row] = rows.length > 0 ? rows : valueOr(await bootPoolNamed(nas, pool, POOL), []);
  for (const [vdev, ...members] of vdevsOf(layoutOf(row?.topology ?? null))) {
    const entry = vdev && [vdev, ...members].find((each) => each.disk === disk);
    if (vdev !== undefined && entry !== undefined) return { entry, vdev, members };
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
