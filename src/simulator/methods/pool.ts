/** `pool.*`: the pools themselves and their scrubs. */
import type { SimMethod } from '../method.ts';
import { type Options, readable } from './common.ts';
import { poolRow } from './pool-row.ts';

export const POOL_METHODS: readonly SimMethod[] = [
  ...readable({
    namespace: 'pool',
    entity: 'Pool',
    what: 'pools',
    roles: ['POOL_READ'],
    sortable: ['id', 'name', 'guid'],
    rows: ({ world }, _filters, options: Options) =>
      world.pools.all.map((pool) => ({
        ...poolRow(world, pool),
        ...(options.extra?.is_upgraded === true ? { is_upgraded: pool.isUpgraded } : {}),
      })),
  }),
];
