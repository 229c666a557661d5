import { z } from 'zod';
import { bytesField, type Field, flagField, textField, timeField } from '../../output/fields.ts';
import { listAnswer } from '../../output/list.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { defineTool } from '../define.ts';
import {
  chooseFields,
  equals,
  escapePattern,
  fieldsInput,
  nameFilter,
  optionalName,
  orderInput,
  pageInputs,
  pageOf,
} from '../support/inputs.ts';
import { listOutput } from '../support/outputs.ts';
import { field, type RowOf, rowsOf, zfsNumber, zfsText } from '../support/rows.ts';
import {
  countDatasets,
  datasetListExtra,
  ENCRYPTION_PROPERTIES,
  listFilters,
  MAX_QUERY_ROWS,
} from './dataset-query.ts';
import { mustExist } from './find.ts';

const DATASET = {
  id: field.text,
  type: field.text,
  locked: field.flag,
  encrypted: field.flag,
  mountpoint: field.text,
  used: zfsNumber,
  available: zfsNumber,
  usedbysnapshots: zfsNumber,
  quota: zfsNumber,
  refquota: zfsNumber,
  compression: zfsText,
  compressratio: zfsText,
  creation: field.object({ parsed: field.time }),
};
type Dataset = RowOf<typeof DATASET>;

/** A field, the ZFS properties a NAS must read for it, and where they are in its row. */
interface Column {
  readonly field: Field<Dataset>;
  readonly properties: readonly string[];
  readonly select: readonly string[];
}

const COLUMNS: readonly Column[] = [
  { field: textField('name', (row) => row.id), properties: [], select: ['id'] },
  {
    field: textField('type', (row) => (row.type === 'VOLUME' ? 'zvol' : 'fs')),
    properties: [],
    select: ['type'],
  },
  { field: bytesField('used', (row) => row.used?.parsed), properties: ['used'], select: ['used.parsed'] },
  {
    field: bytesField('available', (row) => row.available?.parsed),
    properties: ['available'],
    select: ['available.parsed'],
  },
  {
    field: bytesField('usedbysnapshots', (row) => row.usedbysnapshots?.parsed),
    properties: ['usedbysnapshots'],
    select: ['usedbysnapshots.parsed'],
  },
  // A quota of 0 is no quota.
  {
    field: bytesField('quota', (row) => row.quota?.parsed || null),
    properties: ['quota'],
    select: ['quota.parsed'],
  },
  {
    field: bytesField('refquota', (row) => row.refquota?.parsed || null),
    properties: ['refquota'],
    select: ['refquota.parsed'],
  },
  {
    field: textField('compression', (row) => row.compression?.value),
    properties: ['compression'],
    select: ['compression.value'],
  },
  {
    field: textField('ratio', (row) => row.compressratio?.value),
    properties: ['compressratio'],
    select: ['compressratio.value'],
  },
  {
    field: flagField('encrypted', (row) => row.encrypted),
    properties: ENCRYPTION_PROPERTIES,
    select: ['encrypted'],
  },
  { field: flagField('locked', (row) => row.locked), properties: ENCRYPTION_PROPERTIES, select: ['locked'] },
  {
    field: textField('mountpoint', (row) => row.mountpoint),
    properties: ['mountpoint'],
    select: ['mountpoint'],
  },
  {
    field: timeField('created', (row) => row.creation?.parsed),
    properties: ['creation'],
    select: ['creation.parsed'],
  },
];

const NAMES = [
  'name',
  'type',
  'used',
  'available',
  'usedbysnapshots',
  'quota',
  'refquota',
  'compression',
  'ratio',
  'encrypted',
  'locked',
  'mountpoint',
  'created',
] as const;
const SORTS = ['name', 'used', 'available', 'usedbysnapshots', 'created'] as const;

/** Datasets and zvols. How to ask for them, and how to count them, differs by release: see dataset-query.ts. */
export const listDatasets = defineTool({
  name: 'list_datasets',
  toolset: 'storage',
  title: 'List datasets',
  description: 'Datasets and zvols with their space; filter, sort (e.g. sort=used for the biggest), page.',
  input: z.strictObject({
    pool: z.string().optional(),
    parent: z.string().optional().describe('only below this dataset, e.g. tank/media'),
    recursive: z.boolean().optional().describe('false: only direct children of parent (or root datasets)'),
    name: z.string().optional().describe('part of the path, or a pattern with *'),
    type: z.enum(['FILESYSTEM', 'VOLUME']).optional(),
    locked: z.boolean().optional(),
    encrypted: z.boolean().optional(),
    sort: z.enum(SORTS).optional(),
    order: orderInput,
    fields: fieldsInput(NAMES),
    ...pageInputs,
  }),
  output: listOutput,
  carriesFreeText: true,
  uses: ['pool.dataset.query'],
  examples: [
    { args: {}, why: 'the first page' },
    { args: { limit: 5, sort: 'used' }, why: 'the biggest' },
    { args: { pool: 'tank', limit: 3 }, why: 'one pool, paged' },
    {
      args: {
        parent: 'tank/home',
        recursive: false,
        fields: ['created', 'ratio', 'mountpoint', 'usedbysnapshots', 'refquota'],
      },
      why: 'direct children and columns on demand',
    },
    {
      args: {
        name: 'ho*',
        type: 'FILESYSTEM',
        locked: false,
        encrypted: false,
        sort: 'created',
        order: 'asc',
        limit: 1,
      },
      why: 'every filter',
    },
    { args: { sort: 'available' }, why: 'another size' },
    { args: { sort: 'usedbysnapshots' }, why: 'what snapshots hold' },
    { args: { recursive: false, name: 'tank' }, why: 'root datasets only' },
    { args: { parent: 'tank/hom' }, why: 'a mistyped parent' },
    { args: { pool: 'tnk' }, why: 'a mistyped pool' },
  ],
  async run(nas, input, context) {
    const page = pageOf('list_datasets', input);
    const sort = input.sort ?? 'name';
    const order = input.order ?? (sort === 'name' ? 'asc' : 'desc');
    const parent = optionalName(input.parent);
    const pool = optionalName(input.pool);
    const filters: Filter[] = [
      ...equals('pool', pool),
      ...below(parent, input.recursive ?? true),
      ...nameFilter('id', optionalName(input.name), '/'),
      ...equals('type', input.type),
      ...equals('locked', input.locked),
      ...equals('encrypted', input.encrypted),
    ];
    const fields = chooseFields(
      FIELDS,
      input.fields,
      ['type', 'used', 'available', 'quota', 'locked'],
      ['name', ...(sort === 'name' ? [] : [sort])],
    );
    const columns = COLUMNS.filter((column) => fields.includes(column.field));
    const filtered = input.locked === undefined && input.encrypted === undefined ? [] : ENCRYPTION_PROPERTIES;
    const properties = [...columns.flatMap((column) => column.properties), ...filtered];

    const [result, count] = await Promise.all([
      nas.call(
        'pool.dataset.query',
        query({
          filters: listFilters(filters),
          select: columns.flatMap((column) => column.select),
          orderBy: orderBy(sort, order),
          limit: page.limit,
          offset: page.offset,
          extra: await datasetListExtra(nas, properties),
        }),
      ),
      filters.length === 0 ? countDatasets(nas, filters, []) : undefined,
    ]);
    const rows = rowsOf(result, DATASET);
    const isLast = rows.length < page.limit && (rows.length > 0 || page.offset === 0);
    const total = count ?? (isLast ? page.offset + rows.length : await countDatasets(nas, filters, filtered));
    if (total === 0) {
      await mustExist(nas, 'dataset', 'parent', parent || undefined);
      await mustExist(nas, 'pool', 'pool', pool);
    }
    return listAnswer({
      tool: 'list_datasets',
      args: input,
      noun: 'datasets',
      fields,
      rows,
      offset: page.offset,
      total,
      isAtLeast: total >= MAX_QUERY_ROWS && filters.length > 0,
      budgetTokens: context.budgetTokens,
    });
  },
});

const FIELDS = COLUMNS.map((column) => column.field);

function below(parent: string | undefined, isRecursive: boolean): Filter[] {
  if (parent === undefined || parent === '') return isRecursive ? [] : [['id', '~', '[^/]+$']];
  return isRecursive ? [['id', '^', `${parent}/`]] : [['id', '~', `${escapePattern(parent)}/[^/]+$`]];
}

/**
 * The id breaks ties, so that pages never overlap; the last entry is the primary key. No `nulls_last:` here: a NAS takes
 * every nested field for null there, and would not sort at all.
 */
function orderBy(sort: (typeof SORTS)[number], order: 'asc' | 'desc'): string[] {
  const sign = order === 'desc' ? '-' : '';
  if (sort === 'name') return [`${sign}id`];
  return ['id', `${sign}${sort === 'created' ? 'creation' : sort}.parsed`];
}
