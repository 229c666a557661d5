import { z } from 'zod';
import { bytesField, type Field, numberField, textField, timeField } from '../../output/fields.ts';
import { listAnswer } from '../../output/list.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { defineTool } from '../define.ts';
import { gapText, readPart } from '../support/part.ts';
import {
  chooseFields,
  equals,
  escapePattern,
  fieldsInput,
  nameFilter,
  optionalName,
  orderInput,
  type Page,
  pageInputs,
  pageOf,
} from '../support/inputs.ts';
import { listOutput } from '../support/outputs.ts';
import { countOf, field, type RowOf, rowsOf, zfsNumber } from '../support/rows.ts';
import { mustExist } from './find.ts';

const SNAPSHOT = {
  name: field.text,
  holds: field.record,
  properties: field.object({
    creation: field.object({ parsed: field.time }),
    used: zfsNumber,
    referenced: zfsNumber,
  }),
};
type Snapshot = RowOf<typeof SNAPSHOT>;

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

/** Snapshots. Only names by default, which mostly carry the time: the rest is expensive. `select` knows top-level keys only. */
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
  carriesFreeText: true,
  uses: ['pool.snapshot.query', 'pool.dataset.query'],
  examples: [
    { args: {}, why: 'names alone, which is cheap' },
    { args: { dataset: 'tank/home', sort: 'created' }, why: 'newest first' },
    {
      args: {
        dataset: 'tank/home',
        recursive: true,
        name: 'auto-*',
        fields: ['created', 'used', 'referenced', 'holds'],
      },
      why: 'details, read one by one up to 25.10',
    },
    { args: { pool: 'tank', sort: 'used', limit: 2 }, why: 'the biggest of a pool' },
    { args: { name: 'weekly', sort: 'referenced', order: 'asc' }, why: 'a part of a name' },
    { args: { dataset: 'tank/hom' }, why: 'a mistyped dataset' },
    { args: { pool: 'tnk' }, why: 'a mistyped pool' },
  ],
  async run(nas, input, context) {
    const page = pageOf('list_snapshots', input);
    const sort = input.sort ?? 'name';
    const order = input.order ?? (sort === 'name' ? 'asc' : 'desc');
    const dataset = optionalName(input.dataset);
    const pool = optionalName(input.pool);
    const fields = chooseFields(FIELDS, input.fields, [], ['name', ...(sort === 'name' ? [] : [sort])]);
    const names = fields.map((field) => field.name);
    const properties = names.flatMap((name) => PROPERTIES[name] ?? []);
    const withHolds = names.includes('holds');
    const filters: Filter[] = [
      ...where(dataset, input.recursive ?? false, pool),
      ...nameFilter('name', optionalName(input.name), '/@'),
    ];
    const wanted: Wanted = {
      filters,
      orderBy: orderBy(sort, order),
      page,
      select: ['name', ...(properties.length > 0 ? ['properties'] : []), ...(withHolds ? ['holds'] : [])],
      extra: { properties, ...(withHolds ? { holds: true } : {}) },
    };
    const [rows, count] = await Promise.all([
      sort === 'name' ? readByName(nas, wanted) : read(nas, wanted),
      nas.call('pool.snapshot.query', query({ filters, count: true })),
    ]);
    const total = countOf(count);
    const notes = total === 0 ? await explainNone(nas, dataset, pool) : [];
    return listAnswer({
      tool: 'list_snapshots',
      args: input,
      noun: 'snapshots',
      fields,
      rows,
      offset: page.offset,
      total,
      notes,
      budgetTokens: context.budgetTokens,
    });
  },
});

/** What is asked of the NAS. */
interface Wanted {
  readonly filters: readonly Filter[];
  readonly orderBy: readonly string[];
  readonly page: Page;
  readonly select: readonly string[];
  readonly extra: Readonly<Record<string, unknown>>;
}

async function read(nas: ReadClient, { page, ...wanted }: Wanted): Promise<Snapshot[]> {
  const parameters = query({ ...wanted, limit: page.limit, offset: page.offset });
  return rowsOf(await nas.call('pool.snapshot.query', parameters), SNAPSHOT);
}

/** Details of so many snapshots are asked for one by one. */
const MAX_SINGLE_READS = 100;

/**
 * Names first, then the details of those alone. Up to 25.10 a query for more than names reads all properties of all
 * snapshots of the system, whatever its filters and limit, unless its only filter is one name.
 */
async function readByName(nas: ReadClient, wanted: Wanted): Promise<Snapshot[]> {
  if (wanted.select.length === 1) return read(nas, { ...wanted, extra: {} });
  if (isAtLeast(await nas.release(), '26.0')) return read(nas, wanted);
  const limit = Math.min(wanted.page.limit, MAX_SINGLE_READS);
  const named = await read(nas, { ...wanted, page: { ...wanted.page, limit }, select: ['name'], extra: {} });
  return Promise.all(
    named.map(async (snapshot) => {
      const filters: Filter[] = [['name', '=', snapshot.name]];
      const parameters = query({ filters, select: wanted.select, extra: wanted.extra });
      const [detail] = rowsOf(await nas.call('pool.snapshot.query', parameters), SNAPSHOT);
      // Destroyed in between: its name is still what was there.
      return detail ?? snapshot;
    }),
  );
}

/**
 * A dataset already says the pool. Never both: 26.0 answers with the snapshots of the one *and* of the other.
 * @throws InputProblem when they contradict each other.
 */
function where(dataset: string | undefined, isRecursive: boolean, pool: string | undefined): Filter[] {
  if (dataset === undefined) return equals('pool', pool);
  if (pool !== undefined && dataset.split('/')[0] !== pool) {
    throw new InputProblem(
      'pool',
      `is not the pool of ${safeCell(dataset)}`,
      'leave it out: the dataset says it',
    );
  }
  return isRecursive ? [['name', '~', `${escapePattern(dataset)}[@/]`]] : [['dataset', '=', dataset]];
}

/** A dataset without snapshots has no backup to go back to; one that does not exist was mistyped. */
async function explainNone(
  nas: ReadClient,
  dataset: string | undefined,
  pool: string | undefined,
): Promise<string[]> {
  const checked = await readPart(nas, async (limited) => {
    await mustExist(limited, 'dataset', 'dataset', dataset);
    await mustExist(limited, 'pool', 'pool', dataset === undefined ? pool : undefined);
  });
  return 'gap' in checked ? [`(whether it exists ${gapText(checked)})`] : [];
}

/** Names break ties; the last entry is the primary key. `createtxg` is no substitute for the time: it travels as text. */
function orderBy(sort: string, order: 'asc' | 'desc'): string[] {
  const sign = order === 'desc' ? '-' : '';
  if (sort === 'name') return [`${sign}name`];
  return ['name', `${sign}properties.${PROPERTIES[sort] ?? sort}.parsed`];
}
