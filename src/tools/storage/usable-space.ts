/** The space that pools can still store, from their root datasets: a pool's own numbers count the parity of RAIDZ and the reserve of ZFS. */
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { type Part, readPart } from '../support/part.ts';
import { field, rowsOf, zfsNumber } from '../support/rows.ts';
import { ROOT_DATASETS_EXTRA } from './dataset-query.ts';

const ROOT = { id: field.text, available: zfsNumber };
const QUERY = query({ select: ['id', 'available.parsed'], extra: ROOT_DATASETS_EXTRA });

/** Bytes by pool; of a pool that is not imported there are none. Calls `pool.dataset.query`. */
export function usableSpace(nas: ReadClient): Promise<Part<ReadonlyMap<string | null, number>>> {
  return readPart(nas, async (limited) => {
    const bytesByPool = new Map<string | null, number>();
    for (const { id, available } of rowsOf(await limited.call('pool.dataset.query', QUERY), ROOT)) {
      const bytes = available?.parsed ?? undefined;
      if (bytes !== undefined) bytesByPool.set(id, bytes);
    }
    return bytesByPool;
  });
}
