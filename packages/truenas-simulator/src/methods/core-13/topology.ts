/** The tree of vdevs as FreeBSD shows it: partitions by GUID, swap first. */
import type { Pool } from '../../world/pools.ts';
import type { World } from '../../world/world.ts';
import type { ApiRow } from '../common.ts';

/** A topology with FreeBSD's paths. */
export function coreTopology(world: World, topology: ApiRow, pool: Pool): ApiRow {
  const isGeli = world.legacy?.core?.geliKeys.has(pool.name) ?? false;
  return Object.fromEntries(
    Object.entries(topology).map(([name, vdevs]) => [
      name,
      (vdevs as ApiRow[]).map((vdev) => coreVdev(vdev, isGeli)),
    ]),
  );
}

/** One vdev with all that is below. */
export function coreVdev(vdev: ApiRow, isGeli: boolean): ApiRow {
  const children = (vdev['children'] as ApiRow[]).map((child) => coreVdev(child, isGeli));
  if (vdev['type'] !== 'DISK') return { ...vdev, children };
  const disk = String(vdev['disk']);
  const path = `/dev/gptid/${String(vdev['name'])}${isGeli ? '.eli' : ''}`;
  const isHere = vdev['unavail_disk'] === null;
  return {
    ...vdev,
    children,
    name: path.slice('/dev/'.length),
    path,
    device: isHere ? `${disk}p2` : null,
    disk: isHere ? disk : null,
    unavail_disk: null,
  };
}
