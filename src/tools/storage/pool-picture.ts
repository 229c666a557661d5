/** The map of a pool, with the states and errors of its text. */
import type { Drawable, PoolPicture } from '../../output/picture/picture.ts';
import { safeCell } from '../../output/untrusted.ts';
import { describeErrors, isTroubled, type LayoutEntry } from './topology.ts';

interface Pool {
  readonly name: string | null;
  readonly status: string | null;
  readonly size: number | null;
  readonly allocated: number | null;
}

/** A map of the layout. @param space in the words of the text */
export function poolPicture(
  { name, status, size, allocated }: Pool,
  layout: readonly LayoutEntry[],
  space: string,
): Drawable {
  const usedShare = size === null || allocated === null || size <= 0 ? undefined : allocated / size;
  return {
    picture: {
      kind: 'pool',
      title: `pool ${safeCell(name ?? '-')}`,
      status: status ?? 'UNKNOWN',
      ...{ space, usedShare, vdevs: vdevsOf(layout), notes: [] },
    },
    // A map has no axes.
    words: { value: String, moment: String },
  };
}

/** Rows of boxes: the members of a vdev; a vdev that is one disk, like a spare, stands in the row of its class. */
function vdevsOf(layout: readonly LayoutEntry[]): PoolPicture['vdevs'] {
  type Row = {
    vdevClass: string;
    name: string;
    status: string;
    disks: PoolPicture['vdevs'][number]['disks'];
  };
  const rows: Row[] = [];
  for (const entry of layout) {
    const { vdevClass, depth, name, status } = entry;
    const isSingle = depth === 0 && !entry.hasMembers;
    const last = rows.at(-1);
    if (depth === 0 && !isSingle) rows.push({ vdevClass, name, status, disks: [] });
    else if (isSingle && (last === undefined || last.name !== '' || last.vdevClass !== vdevClass))
      rows.push({ vdevClass, name: '', status, disks: [] });
    // A pair within a vdev (a spare, a replacement) is told by its members.
    if (depth === 0 && !isSingle) continue;
    if (entry.hasMembers) continue;
    const row = rows.at(-1);
    if (row !== undefined) row.disks = [...row.disks, diskOf(entry)];
  }
  return rows;
}

function diskOf(entry: LayoutEntry) {
  return {
    name: entry.name,
    status: entry.status,
    errors: isTroubled(entry) ? (describeErrors(entry) ?? '') : '',
  };
}
