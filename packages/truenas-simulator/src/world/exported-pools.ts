/** Pools that were exported: what can be imported again, and what is switched on then. */
import type { Dataset } from './datasets.ts';
import { type Pool, poolState } from './pools.ts';

/** A pool that nothing uses. */
export interface ExportedPool {
  readonly pool: Pool;
  /** Its datasets, as they were. */
  readonly root: Dataset;
  /** Switches on again what the export switched off. */
  readonly revive: readonly (() => void)[];
}

/** Pools with enough of their disks left; one that another pool has taken, or that was wiped, is missing. */
export function importable(exported: readonly ExportedPool[]): ExportedPool[] {
  return exported.filter(({ pool }) => {
    for (const { members } of pool.vdevs) {
      for (const member of members) if (member.disk.exportedPool !== pool.name) member.state = 'UNAVAIL';
    }
    return poolState(pool) !== 'FAULTED';
  });
}
