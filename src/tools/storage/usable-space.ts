/** What pools can still store: of their root datasets, as a pool's own numbers count the parity of RAIDZ and what ZFS keeps back. */
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { ifAllowed } from '../support/if-allowed.ts';
import { field, rowsOf, zfsNumber } from '../support/rows.ts';
import { ROOT_DATASETS_EXTRA } from './dataset-query.ts';

const ROOT = { id: field.text, available: zfsNumber };
const QUERY = query({ select: ['id', 'available.parsed'], extra: ROOT_DATASETS_EXTRA });

/** Bytes by pool; of a pool that is not imported there are none. Undefined when this key may not read datasets. Calls `pool.dataset.query`. */
export async function usableSpace(nas: ReadClient): Promise<ReadonlyMap<string | null, number> | undefined> {
  return ifAllowed(async () => {
    const bytesByPool = new Map<string | null, number>();
    for (const { id, available } of rowsOf(await nas.call('pool.dataset.query', QUERY), ROOT)) {
      const bytes = available?.parsed ?? undefined;
      if (bytes !== undefined) bytesByPool.set(id, bytes);
    }
    return bytesByPool;
  });
}
