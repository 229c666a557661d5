/** What may take the place of a disk: how large it has to be, and which free disks are. */
import { formatExactBytes } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { field, rowsOf } from '../support/rows.ts';
import { claimedPool, type DiskClaims, layoutGap, readDiskClaims } from './disk-claims.ts';
import type { DiskPlace } from './disk-place.ts';

const DISK = { name: field.text, size: field.integer, type: field.text };
type Disk = { name: string | null; size: number | null; type: string | null };

/** Free disks that are named. */
const MAX_NAMED = 3;

/** The size that a replacement has at least. */
interface NeededSize {
  readonly bytes: number;
  /** Sizes of members that could not be read: one of them may be smaller. */
  readonly unknown: number;
}

/**
 * ZFS takes a disk that is no smaller than the smallest of the vdev. undefined: no size of a member is known.
 * Calls `disk.query`.
 */
export async function smallestReplacement(
  nas: ReadClient,
  { vdev, members }: DiskPlace,
): Promise<NeededSize | undefined> {
  const names = [...new Set([vdev, ...members].flatMap(({ disk }) => disk ?? []))];
  const parameters = query({
    filters: [['name', 'in', names]],
    select: ['name', 'size'],
    limit: names.length,
  });
  const sizes = rowsOf(await nas.call('disk.query', parameters), DISK).flatMap(({ size }) => size || []);
  if (sizes.length === 0) return undefined;
  return { bytes: Math.min(...sizes), unknown: Math.max(0, names.length - sizes.length) };
}

/** `sdn (4 TB = …, SSD)`: free disks that are large enough, the smallest first. Calls `disk.query`, `disk.details`, `pool.query`. */
export async function fittingDisks(nas: ReadClient, bytes: number): Promise<string> {
  const parameters = query({
    filters: [
      ['pool', '=', null],
      ['size', '>=', bytes],
    ],
    select: Object.keys(DISK),
    orderBy: ['size'],
    extra: { pools: true },
  });
  const [result, claims] = await Promise.all([nas.call('disk.query', parameters), readDiskClaims(nas)]);
  const unknown = gapText(claims.labels);
  if (unknown !== undefined) return `which free disk fits ${unknown}`;
  const layout = layoutGap(claims);
  if (layout !== undefined) return `which disk is free is not known: ${layout}`;
  const large = rowsOf(result, DISK);
  const free = large.filter((disk) => isFree(claims, disk));
  const unread = large.filter((disk) => isUnread(claims, disk));
  if (free.length === 0)
    return unread.length === 0
      ? 'no free disk in this NAS is large enough'
      : `whether ${unread.slice(0, MAX_NAMED).map(diskText).join(', ')} is free is not known`;
  const named = free.slice(0, MAX_NAMED).map(diskText);
  const more = free.length > MAX_NAMED ? ` and ${free.length - MAX_NAMED} more` : '';
  return `free and large enough: ${named.join(', ')}${more}`;
}

function isFree(claims: DiskClaims, { name }: Disk): boolean {
  if (name === null || claimedPool(claims, name) !== undefined) return false;
  const labels = valueOr(claims.labels, undefined);
  return (
    labels !== undefined && !labels.exported.has(name) && !labels.twins.has(name) && !labels.unread.has(name)
  );
}

/** True for a disk of which the NAS does not tell whether a pool is on it. */
function isUnread({ labels }: DiskClaims, { name }: Disk): boolean {
  return name === null || valueOr(labels, undefined)?.unread.has(name) === true;
}

function diskText({ name, size, type }: Disk): string {
  const parts = [
    size === null ? undefined : formatExactBytes(size),
    type === null ? undefined : safeCell(type, 10),
  ];
  return `${safeCell(name ?? '-', 20)} (${parts.filter(Boolean).join(', ')})`;
}

/** One line about replacing a disk; which free disk fits is looked up only when something is wrong with it. */
export async function replacementText(
  nas: ReadClient,
  place: DiskPlace,
  { sizeBytes, isTroubled }: { sizeBytes: number | null; isTroubled: boolean },
): Promise<string> {
  const part = await readPart(nas, (limited) => smallestReplacement(limited, place));
  const gap = gapText(part);
  if (gap !== undefined) return `the size it needs ${gap}`;
  const needed = valueOr(part, undefined);
  if (needed === undefined) return 'the size it needs is not known';
  const { bytes, unknown } = needed;
  const size = bytes === sizeBytes ? 'as large as this one' : formatExactBytes(bytes);
  const doubt = unknown === 0 ? '' : ` (the sizes of ${unknown} more are not known)`;
  const need = `at least ${size}, as the smallest of ${place.vdev.name}${doubt}`;
  if (!isTroubled) return need;
  const fitting = await readPart(nas, (limited) => fittingDisks(limited, bytes));
  return `${need}; ${'gap' in fitting ? `which free disk fits ${gapText(fitting)}` : fitting.value}`;
}
