import { z } from 'zod';
import { bytesField, type Field, numberField, textField, timeField } from '../../output/fields.ts';
import { listAnswer } from '../../output/list.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { defineTool } from '../define.ts';
import {
  chooseFields,
  datasetName,
  equals,
  escapePattern,
  fieldsInput,
  nameFilter,
  orderInput,
  pageInputs,
  pageOf,
} from '../inputs.ts';
import { listOutput } from '../outputs.ts';
import { countOf, rowsOf, wire, wireObject, zfsNumber } from '../wire.ts';

const SNAPSHOT = z.object({
  name: wire.text,
  holds: z.record(z.string(), z.unknown()).nullable().catch(null),
  properties: wireObject({
    creation: wireObject({ parsed: wire.time }),
    used: zfsNumber,
    referenced: zfsNumber,
  }),
});
type Snapshot = z.output<typeof SNAPSHOT>;

const FIELDS: readonly Field<Snapshot>[] = [
  textField('name', (row) => row.name, 200),
  timeField('created', (row) => row.properties?.creation?.parsed),
  bytesField('used', (row) => row.properties?.used?.parsed),
  bytesField('referenced', (row) => row.properties?.referenced?.parsed),
  numberField('holds', (row) => (row.holds === null ? null : Object.keys(row.holds).length)),
];
/** The ZFS property behind a field. */
const PROPERTIES: Readonly<Record<string, string>> = {
  created: 'creation',
  used: 'used',
  referenced: 'referenced',
};

/**
 * Snapshots. A NAS has a fast path for names alone, and reads properties of *every* snapshot once one is asked for: so
 * by default there are only names, which mostly carry the time. Its `select` here knows top-level keys only.
 */
export const listSnapshots = defineTool({
  name: 'list_snapshots',
  toolset: 'storage',
  title: 'List snapshots',
  description:
    'Snapshots by name. Ask for fields created, used, referenced, holds only when needed: slow with many snapshots.',
  input: z.strictObject({
    dataset: z.string().optional().describe('e.g. tank/media'),
    recursive: z.boolean().optional().describe('also of datasets below it'),
    pool: z.string().optional(),
    name: z.string().optional().describe('part of dataset@snapshot, or a pattern with *'),
    sort: z.enum(['name', 'created', 'used', 'referenced']).optional(),
    order: orderInput,
    fields: fieldsInput(['name', 'created', 'used', 'referenced', 'holds']),
    ...pageInputs,
  }),
  output: listOutput,
  uses: ['pool.snapshot.query'],
  async run(nas, input, context) {
    const page = pageOf('list_snapshots', input);
    const sort = input.sort ?? 'name';
    const order = input.order ?? (sort === 'name' ? 'asc' : 'desc');
    const fields = chooseFields(FIELDS, input.fields, [], ['name', ...(sort === 'name' ? [] : [sort])]);
    const names = fields.map((field) => field.name);
    const properties = names.flatMap((name) => PROPERTIES[name] ?? []);
    const withHolds = names.includes('holds');
    const filters: Filter[] = [
      ...where(input.dataset, input.recursive ?? false, input.pool),
      ...nameFilter('name', input.name, '/@'),
    ];
    const [result, count] = await Promise.all([
      nas.call(
        'pool.snapshot.query',
        query({
          filters,
          select: ['name', ...(properties.length > 0 ? ['properties'] : []), ...(withHolds ? ['holds'] : [])],
          orderBy: orderBy(sort, order),
          limit: page.limit,
          offset: page.offset,
          extra: { properties, ...(withHolds ? { holds: true } : {}) },
        }),
        { signal: context.signal },
      ),
      nas.call('pool.snapshot.query', query({ filters, count: true }), { signal: context.signal }),
    ]);
    return listAnswer({
      tool: 'list_snapshots',
      args: input,
      noun: 'snapshots',
      fields,
      rows: rowsOf(result, SNAPSHOT),
      offset: page.offset,
      total: countOf(count),
      budgetTokens: context.budgetTokens,
    });
  },
});

/**
 * A dataset already says the pool. Never both: 26.0 answers with the snapshots of the one *and* of the other.
 * @throws InputProblem when they contradict each other.
 */
function where(dataset: string | undefined, isRecursive: boolean, pool: string | undefined): Filter[] {
  if (dataset === undefined) return equals('pool', pool);
  const name = datasetName(dataset);
  if (pool !== undefined && name.split('/')[0] !== pool) {
    throw new InputProblem(
      'pool',
      `is not the pool of ${safeCell(name)}`,
      'leave it out: the dataset says it',
    );
  }
  return isRecursive ? [['name', '~', `${escapePattern(name)}[@/]`]] : [['dataset', '=', name]];
}

/** Names break ties; the last entry is the primary key. `createtxg` is no substitute for the time: it travels as text. */
function orderBy(sort: string, order: 'asc' | 'desc'): string[] {
  const sign = order === 'desc' ? '-' : '';
  if (sort === 'name') return [`${sign}name`];
  return ['name', `${sign}properties.${PROPERTIES[sort] ?? sort}.parsed`];
}
