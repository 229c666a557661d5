/** `pool.export`: a pool goes, its disks free or wiped, and what used it is switched off or removed. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model } from '../schema/schema.ts';
import { attachmentsOf } from '../world/attachments.ts';
import type { Pool } from '../world/pools.ts';
import { refreshPoolAlerts } from './alert.ts';
import { announce } from './common.ts';
import { poolById } from './pool-common.ts';
import { moveSystemDataset, stopApps, stopMachines } from './pool-users.ts';

const flag = z.boolean().default(false);

interface Options {
  readonly cascade: boolean;
  readonly destroy: boolean;
}

export const POOL_EXPORT_METHODS: readonly SimMethod[] = [
  {
    name: 'pool.export',
    audited: 'Pool Export',
    description: 'Disconnects a pool, or destroys it; what used it is switched off, or removed with cascade.',
    roles: ['POOL_WRITE'],
    params: [
      ['id', z.int()],
      ['options', model('PoolExport', { cascade: flag, restart_services: flag, destroy: flag }).prefault({})],
    ],
    job: { lock: 'pool_export' },
    run: exportPool,
  },
];

function exportPool(context: MethodContext, id: number, options: Options): null {
  const { world, job } = context;
  const pool = poolById(world, id);
  const root = world.datasets.get(pool.name);
  job?.progress(0, `${options.cascade ? 'Deleting' : 'Disabling'} pool attachments`);
  const revive = [stopMachines(context, pool), stopApps(context, pool, options.cascade)];
  for (const attachment of root === undefined ? [] : attachmentsOf(world, root)) {
    if (options.cascade) attachment.drop();
    else revive.push(attachment.disable());
  }
  for (const task of world.tasks.scrubs.rows()) if (task.pool === id) world.tasks.scrubs.remove(task.id);
  job?.progress(40, 'Reconfiguring system dataset');
  moveSystemDataset(context, pool);
  job?.progress(80, options.destroy ? 'Destroying pool' : 'Exporting pool');
  for (const gone of world.datasets.remove(pool.name)) announce(context, 'pool.dataset', 'removed', gone.id);
  world.pools.remove(pool, options.destroy);
  if (!options.destroy && root !== undefined) {
    world.exported.push({ pool, root, revive: options.cascade ? [] : revive });
  }
  forgetAlerts(context, pool);
  announce(context, 'pool', 'removed', id);
  return null;
}

/** What was wrong with a pool that is gone is wrong no more. */
function forgetAlerts(context: MethodContext, { name }: Pool): void {
  const { alerts } = context.world;
  for (const alert of [...alerts]) {
    const about = (alert.args as { volume?: string } | null)?.volume ?? alert.args;
    if (about !== name) continue;
    alerts.splice(alerts.indexOf(alert), 1);
    context.events.publish({ collection: 'alert.list', msg: 'removed', id: alert.uuid });
  }
  refreshPoolAlerts(context);
}
