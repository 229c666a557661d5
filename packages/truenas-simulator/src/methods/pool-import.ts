/** `pool.import_find` and `pool.import_pool`: a pool that was exported comes back. */
import * as z from 'zod';
import { CallError, ERRNO } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { model, text } from '../schema/schema.ts';
import { importable } from '../world/exported-pools.ts';
import { poolState } from '../world/pools.ts';
import { refreshPoolAlerts } from './alert.ts';
import { announce, refuse } from './common.ts';
import { memoized } from './crud.ts';
import { poolRow } from './pool-row.ts';

/** Error number of libzfs: a pool of that name exists. */
const ZFS_EXISTS = 2008;

/** The scrub task that every pool gets. */
const SCRUB_TASK = {
  threshold: 35,
  description: '',
  schedule: { minute: '00', hour: '00', dom: '*', month: '*', dow: '7' },
  enabled: true,
};

interface Import {
  readonly guid: string;
  readonly name?: string | null;
}

export const POOL_IMPORT_METHODS: readonly SimMethod[] = [
  {
    name: 'pool.import_find',
    description: 'Pools on the disks that are here and not imported.',
    roles: ['POOL_READ'],
    job: {},
    run: ({ world }: MethodContext) =>
      importable(world.exported).map(({ pool }) => ({
        name: pool.name,
        guid: pool.guid,
        status: poolState(pool),
        hostname: world.system.hostname,
      })),
  },
  {
    name: 'pool.import_pool',
    description: 'Imports a pool by its guid; what its export has switched off is on again.',
    roles: ['POOL_WRITE'],
    params: memoized((release) => {
      if (!isAtLeast(release, '25.10')) {
        const enable = { enable_attachments: z.boolean().optional() };
        const old = model('PoolImportPoolArgs', { guid: text(), name: text().optional(), ...enable });
        return [['pool_import', old]];
      }
      const name = text(isAtLeast(release, '27.0') ? { min: 1 } : { min: 1, max: 50 });
      return [
        ['pool_import', model('PoolImportPoolArgs', { guid: text(), name: name.nullable().default(null) })],
      ];
    }),
    job: { lock: 'import_pool' },
    run: importPool,
  },
];

function importPool(context: MethodContext, { guid, name: newName }: Import): boolean {
  const { world } = context;
  if (world.pools.all.some((pool) => pool.guid === guid)) {
    throw new CallError(`Pool with guid: "${guid}" already imported`, ERRNO.EEXIST);
  }
  const isNamed = typeof newName === 'string' && newName !== '';
  if (isNamed && world.pools.byName(newName) !== undefined) {
    const reason = `Cannot import pool using new name: "${newName}" because a pool is already imported with that name`;
    throw new CallError(reason, ERRNO.EEXIST);
  }
  const found = importable(world.exported).find(({ pool }) => pool.guid === guid);
  if (found === undefined) throw new CallError(`Pool ${guid} not found.`, ERRNO.ENOENT);
  const name = isNamed ? newName : found.pool.name;
  if (world.pools.byName(name) !== undefined) {
    refuse(`Failed to import '${name}' pool: a pool with that name already exists`, ZFS_EXISTS);
  }

  world.exported.splice(world.exported.indexOf(found), 1);
  const pool = world.pools.takeBack(found.pool, name);
  world.datasets.restore(found.root);
  if (name !== found.pool.name) world.datasets.rename(found.root.id, name);
  // The NAS forgets the keys of what it exports.
  for (const { key, pool: owner } of world.datasets.walk()) {
    if (key !== null && owner === name) key.isLoaded = false;
  }
  world.tasks.scrubs.insert({ pool: pool.id, pool_name: name, ...SCRUB_TASK });
  for (const turnOn of found.revive) turnOn();
  announce(context, 'pool', 'added', pool.id, poolRow(world, pool));
  refreshPoolAlerts(context);
  return true;
}
