import * as z from 'zod';
import type { ReadClient } from '../../truenas/client.ts';
import type { Filter } from '../../truenas/query.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { type Columns, defineList, type NamedColumn } from '../define-list.ts';
import { equals, escapePattern, nameFilter, optionalName } from '../support/inputs.ts';
import { counted, factsOf, pageQuery } from '../support/list-reading.ts';
import { readPart } from '../support/part.ts';
import { field } from '../support/rows.ts';
import {
  countDatasets,
  datasetListExtra,
  ENCRYPTION_PROPERTIES,
  listFilters,
  MAX_QUERY_ROWS,
} from './dataset-query.ts';
import { mustExist } from './find.ts';

/** `needs` are ZFS properties that the NAS must read; of a path such as `used.parsed` it is the first part. */
const COLUMNS: Columns = {
  name: { type: 'text', from: 'id', isKey: true, sort: 'asc' },
  type: { type: 'text', from: 'type', read: (type) => (type === 'VOLUME' ? 'zvol' : 'fs') },
  used: { type: 'bytes', from: 'used.parsed', sort: 'desc' },
  available: { type: 'bytes', from: 'available.parsed', sort: 'desc' },
  usedbydataset: { type: 'bytes', from: 'usedbydataset.parsed', sort: 'desc', isOnDemand: true },
  usedbysnapshots: { type: 'bytes', from: 'usedbysnapshots.parsed', sort: 'desc', isOnDemand: true },
  usedbyrefreservation: { type: 'bytes', from: 'usedbyrefreservation.parsed', isOnDemand: true },
  refreservation: { type: 'bytes', from: 'refreservation.parsed', read: quota, isOnDemand: true },
  volsize: { type: 'bytes', from: 'volsize.parsed', isOnDemand: true },
  quota: { type: 'bytes', from: 'quota.parsed', read: quota },
  refquota: { type: 'bytes', from: 'refquota.parsed', read: quota, isOnDemand: true },
  compression: { type: 'text', from: 'compression.value', isOnDemand: true },
  ratio: { type: 'text', from: 'compressratio.value', isOnDemand: true },
  recordsize: { type: 'text', from: 'recordsize.value', isOnDemand: true },
  deduplication: { type: 'text', from: 'deduplication.value', needs: ['dedup'], isOnDemand: true },
  sync: { type: 'text', from: 'sync.value', isOnDemand: true },
  comments: { type: 'text', from: 'user_properties.comments.value', needs: [], isOnDemand: true },
  encrypted: { type: 'flag', from: 'encrypted', needs: ENCRYPTION_PROPERTIES, isOnDemand: true },
  locked: { type: 'flag', from: 'locked', needs: ENCRYPTION_PROPERTIES },
  mountpoint: { type: 'text', from: 'mountpoint', needs: ['mountpoint'], isOnDemand: true },
  created: { type: 'time', from: 'creation.parsed', sort: 'desc', isOnDemand: true },
};

/**
 * Datasets and zvols. How to ask for them, and how to count them, differs by release: see dataset-query.ts. They are never
 * sorted with `nulls_last:`: a NAS takes every nested field for null there, and would not sort at all.
 */
export const listDatasets = defineList({
  name: 'list_datasets',
  toolset: 'storage',
  title: 'List datasets',
  words: 'filesystem zvol volume space biggest quota encrypted full',
  description: 'Datasets and zvols with their space; filter, sort (e.g. sort=used for the biggest), page.',
  noun: 'datasets',
  filters: {
    pool: z.string().optional(),
    parent: z.string().optional().describe('only below this dataset, e.g. tank/media'),
    recursive: z.boolean().optional().describe('false: only direct children of parent (or root datasets)'),
    name: z.string().optional().describe('part of the path, or a pattern with *'),
    type: z.enum(['FILESYSTEM', 'VOLUME']).optional(),
    locked: z.boolean().optional(),
    encrypted: z.boolean().optional(),
  },
  columns: COLUMNS,
  sortedBy: 'name',
  showsSort: true,
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
    {
      args: {
        pool: 'tank',
        limit: 2,
        fields: ['usedbydataset', 'recordsize', 'deduplication', 'sync', 'comments'],
      },
      why: 'how space is used and stored, with comments',
    },
    { args: { sort: 'usedbysnapshots' }, why: 'what snapshots hold' },
    { args: { recursive: false, name: 'tank' }, why: 'root datasets only' },
    { args: { parent: 'tank/hom' }, why: 'a mistyped parent' },
    { args: { pool: 'tnk' }, why: 'a mistyped pool' },
  ],
  async read(nas, question) {
    const { input, page } = question;
    const columns = await columnsOf(nas, question.columns);
    const isWithComments = columns.some(({ name }) => name === 'comments');
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
    const filtered = input.locked === undefined && input.encrypted === undefined ? [] : ENCRYPTION_PROPERTIES;
    const properties = await datasetListExtra(nas, [...columns.flatMap(propertiesOf), ...filtered]);
    const extra = isWithComments ? { ...properties, retrieve_user_props: true } : properties;
    const [result, count] = await Promise.all([
      nas.call(
        'pool.dataset.query',
        pageQuery({ ...question, columns }, { filters: listFilters(filters), extra }),
      ),
      filters.length === 0 ? readPart(nas, (limited) => countDatasets(limited, filters, [])) : undefined,
    ]);
    const rows = factsOf(result, columns);
    if (count !== undefined && 'gap' in count) return counted(rows, count, question);
    const isLast = rows.length < page.limit && (rows.length > 0 || page.offset === 0);
    const total =
      count?.value ?? (isLast ? page.offset + rows.length : await countDatasets(nas, filters, filtered));
    if (total === 0) {
      await mustExist(nas, 'dataset', 'parent', parent || undefined);
      await mustExist(nas, 'pool', 'pool', pool);
    }
    return { rows, total, isAtLeast: total >= MAX_QUERY_ROWS && filters.length > 0 };
  },
});

/** The comments are among the user properties from 25.10 on, and beside them before. */
async function columnsOf(nas: ReadClient, columns: readonly NamedColumn[]): Promise<readonly NamedColumn[]> {
  if (!columns.some(({ name }) => name === 'comments')) return columns;
  if (isAtLeast(await nas.release(), '25.10')) return columns;
  return columns.map((column) =>
    column.name === 'comments' ? { ...column, from: 'comments.value' } : column,
  );
}

/** A quota of 0 is no quota. */
function quota(value: unknown): number | null {
  return field.integer(value) || null;
}

function propertiesOf({ from, needs }: Columns[string]): readonly string[] {
  if (needs !== undefined) return needs;
  const [property = '', ...rest] = from?.split('.') ?? [];
  return rest.length > 0 ? [property] : [];
}

function below(parent: string | undefined, isRecursive: boolean): Filter[] {
  if (parent === undefined || parent === '') return isRecursive ? [] : [['id', '~', '[^/]+$']];
  return isRecursive ? [['id', '^', `${parent}/`]] : [['id', '~', `${escapePattern(parent)}/[^/]+$`]];
}
