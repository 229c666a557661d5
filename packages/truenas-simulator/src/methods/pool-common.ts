/** What the `pool.*` files share: finding a pool, telling of its state and scans. */
import { doesNotExist } from '../errors/exceptions.ts';
import type { MethodContext } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import type { Pool } from '../world/pools.ts';
import { refreshPoolAlerts } from './alert.ts';
import { announce } from './common.ts';
import { poolRow } from './pool-row.ts';

/** The pool with this id. @throws ValidationErrors ENOENT */
export function poolById(world: MethodContext['world'], id: number): Pool {
  const pool = world.pools.byId(id);
  if (pool === undefined) throw doesNotExist('Pool', id);
  return pool;
}

/** Tells subscribers how the scan of a pool stands. */
export function announceScan(context: MethodContext, pool: Pool): void {
  const { scan } = poolRow(context.world, pool);
  const collection = isAtLeast(context.release, '27.0') ? 'pool.scan' : 'zfs.pool.scan';
  context.events.publish({ collection, msg: 'changed', fields: { name: pool.name, scan } });
}

/** Tells subscribers that a pool looks different now, and of the alerts that come and go with it. */
export function announcePool(context: MethodContext, pool: Pool): void {
  announce(context, 'pool', 'changed', pool.id, poolRow(context.world, pool));
  refreshPoolAlerts(context);
}
