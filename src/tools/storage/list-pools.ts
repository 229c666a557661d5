import { z } from 'zod';
import { bytesField, percentField, textField } from '../../output/fields.ts';
import { listAnswer } from '../../output/list.ts';
import { percentOf } from '../../output/units.ts';
import { query } from '../../truenas/query.ts';
import { defineTool } from '../define.ts';
import {
  chooseFields,
  equals,
  fieldsInput,
  nameFilter,
  orderInput,
  pageInputs,
  pageOf,
  sortRows,
} from '../inputs.ts';
import { listOutput } from '../outputs.ts';
import { rowsOf, wire } from '../wire.ts';
import { describeScan, poolProblems, poolScan } from './pool-state.ts';

const POOL = z.object({
  name: wire.text,
  status: wire.text,
  healthy: wire.flag,
  warning: wire.flag,
  status_detail: wire.text,
  size: wire.number,
  allocated: wire.number,
  free: wire.number,
  fragmentation: wire.integer,
  scan: poolScan,
});
type Pool = z.output<typeof POOL>;

const FIELDS = [
  textField<Pool>('name', (pool) => pool.name),
  textField<Pool>('status', (pool) => pool.status),
  bytesField<Pool>('size', (pool) => pool.size),
  bytesField<Pool>('used', (pool) => pool.allocated),
  bytesField<Pool>('free', (pool) => pool.free),
  percentField<Pool>('used%', (pool) => percentOf(pool.allocated, pool.size)),
  percentField<Pool>('frag', (pool) => pool.fragmentation),
  textField<Pool>('scan', (pool) => describeScan(pool.scan)),
  textField<Pool>('problem', (pool) => poolProblems(pool)[0]),
];

const SORT_KEYS: Readonly<Record<string, (pool: Pool) => string | number | null>> = {
  name: (pool) => pool.name,
  size: (pool) => pool.size,
  used: (pool) => pool.allocated,
  free: (pool) => pool.free,
};

/**
 * Every imported pool with its state and space. `pool.query` sorts in SQL where a column of its table is named, so it
 * can order by name only; pools are few, they are sorted here.
 */
export const listPools = defineTool({
  name: 'list_pools',
  toolset: 'storage',
  title: 'List pools',
  description: 'ZFS pools: state, size, used, free, last scan. get_pool shows one with its vdevs and disks.',
  input: z.strictObject({
    name: z.string().optional().describe('part of the name, or a pattern with *'),
    status: z.enum(['ONLINE', 'DEGRADED', 'FAULTED', 'OFFLINE', 'UNAVAIL', 'REMOVED']).optional(),
    sort: z.enum(['name', 'size', 'used', 'free']).optional(),
    order: orderInput,
    fields: fieldsInput(['name', 'status', 'size', 'used', 'free', 'used%', 'frag', 'scan', 'problem']),
    ...pageInputs,
  }),
  output: listOutput,
  uses: ['pool.query'],
  async run(nas, input, context) {
    const page = pageOf('list_pools', input);
    const result = await nas.call(
      'pool.query',
      query({
        filters: [...nameFilter('name', input.name), ...equals('status', input.status)],
        select: SELECT,
        orderBy: ['name'],
      }),
      { signal: context.signal },
    );
    const sort = input.sort ?? 'name';
    const order = input.order ?? (sort === 'name' ? 'asc' : 'desc');
    const rows = sortRows(rowsOf(result, POOL), SORT_KEYS[sort] ?? ((pool) => pool.name), order);
    return listAnswer({
      tool: 'list_pools',
      args: input,
      noun: 'pools',
      fields: chooseFields(
        FIELDS,
        input.fields,
        ['name', 'status', 'size', 'used', 'free', 'used%', 'scan', 'problem'],
        ['name'],
      ),
      rows: rows.slice(page.offset, page.offset + page.limit),
      offset: page.offset,
      total: rows.length,
      budgetTokens: context.budgetTokens,
    });
  },
});

const SELECT = [
  'name',
  'status',
  'healthy',
  'warning',
  'status_detail',
  'size',
  'allocated',
  'free',
  'fragmentation',
  'scan.function',
  'scan.state',
  'scan.percentage',
  'scan.errors',
  'scan.end_time',
];
