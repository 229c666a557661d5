import { z } from 'zod';
import { bytesField, percentField, textField } from '../../output/fields.ts';
import { listAnswer } from '../../output/list.ts';
import { percentOf } from '../../output/units.ts';
import { query } from '../../truenas/query.ts';
import { defineTool } from '../define.ts';
import { gapText, valueOr } from '../support/part.ts';
import {
  chooseFields,
  equals,
  fieldsInput,
  nameFilter,
  orderInput,
  pageInputs,
  pageOf,
  sortRows,
} from '../support/inputs.ts';
import { listOutput } from '../support/outputs.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';
import { describeScan, poolProblems, poolRow } from './pool-state.ts';
import { usableSpace } from './usable-space.ts';

const POOL = { ...poolRow, fragmentation: field.integer };
/** `available` is of the root dataset: what can still be stored. The pool's own numbers count the parity of RAIDZ. */
type Pool = RowOf<typeof POOL> & { available?: number | null | undefined; problem?: string | undefined };

const SELECT = Object.keys(POOL);

const FIELDS = [
  textField<Pool>('name', (pool) => pool.name),
  textField<Pool>('status', (pool) => pool.status),
  bytesField<Pool>('size', (pool) => pool.size),
  bytesField<Pool>('used', (pool) => pool.allocated),
  bytesField<Pool>('free', (pool) => pool.free),
  bytesField<Pool>('available', (pool) => pool.available),
  percentField<Pool>('used%', (pool) => percentOf(pool.allocated, pool.size)),
  percentField<Pool>('frag', (pool) => pool.fragmentation),
  textField<Pool>('scan', (pool) => describeScan(pool.scan)),
  textField<Pool>('problem', (pool) => pool.problem),
];

const ALWAYS = ['name'];
const DEFAULT_FIELDS = ['status', 'size', 'used', 'used%', 'available', 'scan', 'problem'];

const RAW_FIELDS = new Set(['size', 'used', 'free', 'used%']);
const RAW_NOTE = '(size, used and free are raw, parity included; available is usable)';

const SORT_KEYS: Readonly<Record<string, (pool: Pool) => string | number | null>> = {
  name: (pool) => pool.name,
  size: (pool) => pool.size,
  used: (pool) => pool.allocated,
  'used%': (pool) => percentOf(pool.allocated, pool.size) ?? null,
  available: (pool) => pool.available ?? null,
};

/**
 * Every imported pool with its state and space. `pool.query` sorts in SQL where a column of its table is named, so it
 * can order by name only; pools are few, they are sorted here.
 */
export const listPools = defineTool({
  name: 'list_pools',
  toolset: 'storage',
  title: 'List pools',
  description:
    'ZFS pools: state, space, last scan. size, used and free are raw (parity counted), available is usable. get_pool shows vdevs and disks.',
  input: z.strictObject({
    name: z.string().optional().describe('part of the name, or a pattern with *'),
    status: z.enum(['ONLINE', 'DEGRADED', 'FAULTED', 'OFFLINE', 'UNAVAIL', 'REMOVED']).optional(),
    sort: z.enum(['name', 'size', 'used', 'used%', 'available']).optional(),
    order: orderInput,
    fields: fieldsInput([
      'name',
      'status',
      'size',
      'used',
      'free',
      'used%',
      'available',
      'frag',
      'scan',
      'problem',
    ]),
    ...pageInputs,
  }),
  output: listOutput,
  uses: ['pool.query', 'pool.dataset.query'],
  examples: [
    { args: {}, why: 'all pools' },
    {
      args: { name: 't*', status: 'ONLINE', sort: 'used', fields: ['used%'] },
      why: 'a pattern, a state, an order, columns',
    },
    { args: { name: 'ta' }, why: 'a part of a name' },
  ],
  async run(nas, input, context) {
    const page = pageOf('list_pools', input);
    const filters = [...nameFilter('name', input.name), ...equals('status', input.status)];
    const [result, usable] = await Promise.all([
      nas.call('pool.query', query({ filters, select: SELECT, orderBy: ['name'] })),
      usableSpace(nas),
    ]);
    const sort = input.sort ?? 'name';
    const order = input.order ?? (sort === 'name' ? 'asc' : 'desc');
    const pools: Pool[] = rowsOf(result, POOL);
    for (const pool of pools) {
      pool.available = valueOr(usable, undefined)?.get(pool.name);
      pool.problem = poolProblems(pool, context.now())[0];
    }
    const rows = sortRows(pools, SORT_KEYS[sort] ?? ((pool) => pool.name), order);
    const fields = chooseFields(FIELDS, input.fields, DEFAULT_FIELDS, ALWAYS);
    const shown = fields.map((field) => field.name);
    return listAnswer({
      tool: 'list_pools',
      args: input,
      noun: 'pools',
      fields,
      rows: rows.slice(page.offset, page.offset + page.limit),
      offset: page.offset,
      total: rows.length,
      notes: [
        ...(rows.length > 0 && shown.some((name) => RAW_FIELDS.has(name)) ? [RAW_NOTE] : []),
        ...('gap' in usable && shown.includes('available') ? [`available ${gapText(usable)}`] : []),
      ],
      budgetTokens: context.budgetTokens,
    });
  },
});
