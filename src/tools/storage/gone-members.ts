/** Members of a pool that have no name of a disk: which disk each is, by the GUID that ZFS and the NAS's records of disks share. */
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { type Part, readPart, valueOr } from '../support/part.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';
import { identityText, type LayoutEntry } from './topology.ts';

const DISK = {
  name: field.text,
  model: field.text,
  serial: field.text,
  zfs_guid: field.text,
  expiretime: field.unknown,
};

/**
 * The layout with the names, models and serials that could be told; the part has the gap where the records were not read.
 * Calls `disk.query` where there is such a member.
 */
export async function namedByGuid(
  nas: ReadClient,
  layout: readonly LayoutEntry[],
): Promise<{ readonly layout: readonly LayoutEntry[]; readonly read: Part<unknown> }> {
  const guids = layout.flatMap(({ isNameless, guid }) => (isNameless && guid !== undefined ? [guid] : []));
  if (guids.length === 0) return { layout, read: { value: [] } };
  const parameters = query({
    filters: [['zfs_guid', 'in', guids]],
    select: Object.keys(DISK),
    // A disk that was pulled stays in the records for a week.
    extra: { include_expired: true },
  });
  const read = await readPart(nas, async (limited) =>
    rowsOf(await limited.call('disk.query', parameters), DISK),
  );
  const disks = new Map(valueOr(read, []).map((disk) => [disk.zfs_guid, disk]));
  return { layout: layout.map((entry) => named(entry, disks.get(entry.guid ?? null))), read };
}

function named(entry: LayoutEntry, disk: RowOf<typeof DISK> | undefined): LayoutEntry {
  if (!entry.isNameless || disk === undefined) return entry;
  const identity = disk.serial === null ? undefined : identityText(disk);
  const isThere = (disk.expiretime ?? null) === null && disk.name !== null;
  if (!isThere || disk.name === null) return { ...entry, identity };
  const name = safeCell(disk.name, 60);
  return { ...entry, name, disk: name, identity, isNameless: false };
}
