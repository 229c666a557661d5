import * as z from 'zod';
import { query } from '../../truenas/query.ts';
import { type Columns, defineList } from '../define-list.ts';
import { equals, nameFilter } from '../support/inputs.ts';
import { pageHere } from '../support/list-reading.ts';
import { clockOf } from '../support/clock.ts';
import { gapText, valueOr } from '../support/part.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';
import { describeScan, poolRow, usedPercent, worstProblem } from './pool-state.ts';
import { usableSpace } from './usable-space.ts';

/** Without the layout, which grows with the disks: a pool sums it up in its state, and get_pool and the overview judge it. */
const POOL = { ...poolRow, fragmentation: field.integer };
/** `available` is of the root dataset: what can still be stored. The pool's own numbers count the parity of RAIDZ. */
type Pool = RowOf<typeof POOL> & { available: number | undefined; problem: string | undefined };

const RAW = '(size, used and free are raw, parity included; available is usable)';

const COLUMNS: Columns<Pool> = {
  name: { type: 'text', isKey: true, sort: 'asc' },
  status: { type: 'text' },
  size: { type: 'bytes', sort: 'desc', note: RAW },
  used: { type: 'bytes', value: (pool) => pool.allocated, sort: 'desc', note: RAW },
  free: { type: 'bytes', isOnDemand: true, note: RAW },
  'used%': { type: 'percent', value: usedPercent, sort: 'desc', note: RAW },
  available: { type: 'bytes', sort: 'desc', mayLack: [{ method: 'pool.dataset.query' }] },
  frag: { type: 'percent', value: (pool) => pool.fragmentation, isOnDemand: true },
  scan: { type: 'text', value: (pool) => describeScan(pool.scan) },
  problem: { type: 'text' },
};

/**
 * Every imported pool with its state and space. `pool.query` sorts in SQL where a column of its table is named, so it
 * can order by name only; pools are few, they are sorted here.
 */
export const listPools = defineList({
  name: 'list_pools',
  toolset: 'storage',
  title: 'List pools',
  words: 'zpool capacity free full space volume raid degraded',
  description:
    'ZFS pools: state, space, last scan. size, used and free are raw (parity counted), available is usable. get_pool shows vdevs and disks.',
  noun: 'pools',
  filters: {
    name: z.string().optional().describe('part of the name, or a pattern with *'),
    status: z.enum(['ONLINE', 'DEGRADED', 'FAULTED', 'OFFLINE', 'UNAVAIL', 'REMOVED']).optional(),
  },
  columns: COLUMNS,
  sortedBy: 'name',
  uses: ['pool.query', 'pool.dataset.query', 'system.info'],
  mayLack: [{ method: 'system.info' }],
  examples: [
    { args: {}, why: 'all pools' },
    { args: { name: 't*', status: 'ONLINE', sort: 'used', fields: ['used%'] }, why: 'pattern, state, order' },
    { args: { name: 'ta' }, why: 'a part of a name' },
  ],
  async read(nas, question, context) {
    const { name, status } = question.input;
    const filters = [...nameFilter('name', name), ...equals('status', status)];
    const [result, usable, clock] = await Promise.all([
      nas.call('pool.query', query({ filters, select: Object.keys(POOL), orderBy: ['name'] })),
      usableSpace(nas),
      clockOf(nas, context.now()),
    ]);
    const bytesByPool = valueOr(usable, undefined);
    // The rows are completed, not copied: a copy costs the engine as much as reading the row.
    const pools = rowsOf(result, POOL).map((pool) =>
      Object.assign(pool, {
        available: bytesByPool?.get(pool.name),
        problem: worstProblem(pool, clock.nowMs),
      }),
    );
    return { ...pageHere(question, pools), notes: clock.notes, unread: { available: gapText(usable) } };
  },
});
