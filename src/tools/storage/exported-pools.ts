/** Disks that hold a pool which is exported: in no imported pool, and yet anything but free. */
import type { ReadClient } from '../../truenas/client.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import { field, rowsOf } from '../support/rows.ts';

const DISK = { name: field.text, exported_zpool: field.text };

/** The NAS looks at the labels of every disk, and wakes those that sleep: what it is asked for in passing must not hold up the rest. */
const LIMIT_MS = 15_000;

/** The exported pool by disk. Undefined when it could not be read. Calls `disk.details`, which counts such disks among the used ones. */
export async function exportedPools(
  nas: ReadClient,
): Promise<ReadonlyMap<string | null, string> | undefined> {
  try {
    const answer = await nas.call('disk.details', [], { timeoutMs: LIMIT_MS });
    const groups = answer !== null && typeof answer === 'object' ? Object.values(answer) : [];
    return new Map(
      groups
        .flatMap((group) => rowsOf(group, DISK))
        .flatMap(({ name, exported_zpool: pool }): [string | null, string][] =>
          pool === null ? [] : [[name, pool]],
        ),
    );
  } catch (error) {
    if (!isTrueNasError(error) || error.kind === 'aborted') throw error;
    return undefined;
  }
}
