/** How many more of its disks a vdev can lose before its pool is lost. */
import type { LayoutEntry } from './topology.ts';

/** Disks of parity by the type of a vdev; a mirror has one fewer than its members. */
const PARITY: Readonly<Record<string, number>> = {
  DISK: 0,
  FILE: 0,
  RAIDZ1: 1,
  RAIDZ: 1,
  RAIDZ2: 2,
  RAIDZ3: 3,
};

/** What is counted below a vdev: its members, not what stands in for one of them. */
const MEMBER_DEPTH = 1;

/**
 * Disks that the vdev can lose on top of those that are out of service; below 0 when too many already are. A member that is
 * being replaced counts as out of service, as its data is not whole yet.
 * undefined: the type is none whose parity is known here, as dRAID with its distributed spares.
 */
export function failuresSurvived(vdev: LayoutEntry, entries: readonly LayoutEntry[]): number | undefined {
  const members = entries.filter(({ depth }) => depth === MEMBER_DEPTH);
  const parity = vdev.type === 'MIRROR' ? members.length - 1 : PARITY[vdev.type];
  if (parity === undefined) return undefined;
  const counted = members.length > 0 ? members : [vdev];
  return parity - counted.filter(({ status }) => status !== 'ONLINE').length;
}

/** Classes whose vdevs hold nothing that a pool loses with them. */
const WITHOUT_DATA = new Set(['cache', 'spare']);

/**
 * `survives 1 more failed disk`, for a person who is about to pull one; undefined for a spare and a cache, which hold nothing
 * that could be lost.
 */
export function redundancyText(vdev: LayoutEntry, entries: readonly LayoutEntry[]): string | undefined {
  if (WITHOUT_DATA.has(vdev.vdevClass)) return undefined;
  const more = failuresSurvived(vdev, entries);
  if (more === undefined)
    return `how many failures ${vdev.name} survives is not known for its type ${vdev.type}`;
  if (more > 0) return `${vdev.name} survives ${more} more failed ${more === 1 ? 'disk' : 'disks'}`;
  return more === 0
    ? `${vdev.name} survives NO further failed disk`
    : `${vdev.name} has lost more disks than it can`;
}
