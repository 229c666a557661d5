/** A pool as changes of it and of its disks touch it. */
import type { Thing } from '../support/targets.ts';
import { query } from '../../truenas/query.ts';

/**
 * The pool by its name, told from another by its guid. It is tied to no dataset: a change of a whole pool is never inside a
 * scope, and protecting a dataset must not keep its disks from being replaced.
 */
export function poolThing(pool: string): Thing {
  return {
    name: `pool ${pool}`,
    read: { method: 'pool.query', params: query({ filters: [['name', '=', pool]] }) },
    identity: ['guid'],
  };
}
