/** Disks that hold a pool which is exported: in no imported pool, and yet anything but free. */
import type { ReadClient, WireValue } from '../../truenas/client.ts';
import { type Part, readPart } from '../support/part.ts';
import { field, objectOf, rowsOf } from '../support/rows.ts';

const DISK = { name: field.text, exported_zpool: field.text };

/** The NAS looks at the labels of every disk, and wakes those that sleep: what it is asked for in passing must not hold up the rest. */
const LIMIT_MS = 15_000;

/** The exported pool by disk. Calls `disk.details`, which counts such disks among the used ones. */
export function exportedPools(nas: ReadClient): Promise<Part<ReadonlyMap<string | null, string>>> {
  return readPart(nas, async (limited) => {
    const answer = await limited.call('disk.details', [], { timeoutMs: LIMIT_MS });
    const { used, unused } = objectOf(answer, { used: field.unknown, unused: field.unknown });
    const disks = [used, unused].flatMap((group) => rowsOf(group as WireValue, DISK));
    return new Map(
      disks.flatMap(({ name, exported_zpool: pool }): [string | null, string][] =>
        pool === null ? [] : [[name, pool]],
      ),
    );
  });
}
