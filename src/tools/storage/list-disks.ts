import { z } from 'zod';
import { bytesField, type Field, numberField, quantityField, textField } from '../../output/fields.ts';
import { listAnswer } from '../../output/list.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { defineTool } from '../define.ts';
import {
  chooseFields,
  equals,
  fieldsInput,
  nameFilter,
  optionalName,
  orderInput,
  pageInputs,
  pageOf,
  sortRows,
} from '../support/inputs.ts';
import { safeCell } from '../../output/untrusted.ts';
import { listOutput } from '../support/outputs.ts';
import { gapText } from '../support/part.ts';
import { countOf, field, type RowOf, rowsOf } from '../support/rows.ts';
import { formatCelsius, readTemperatures } from './disk-temperatures.ts';
import { exportedPools } from './exported-pools.ts';
import { notFound } from './find.ts';

const DISK = {
  name: field.text,
  size: field.integer,
  type: field.text,
  model: field.text,
  serial: field.text,
  pool: field.text,
  bus: field.text,
  rotationrate: field.number,
  description: field.text,
};
type Disk = RowOf<typeof DISK> & { readonly celsius?: number | undefined };

const FIELDS: readonly Field<Disk>[] = [
  textField('name', (disk) => disk.name),
  bytesField('size', (disk) => disk.size),
  textField('type', (disk) => disk.type),
  textField('model', (disk) => disk.model, 40),
  textField('serial', (disk) => disk.serial, 40),
  textField('pool', (disk) => disk.pool),
  quantityField('temp', 'celsius', (disk) => disk.celsius, formatCelsius),
  textField('bus', (disk) => disk.bus),
  numberField('rpm', (disk) => disk.rotationrate),
  textField('description', (disk) => disk.description),
];
const KEYS: Readonly<Record<string, string>> = { rpm: 'rotationrate' };

/** Disks read at once; a NAS has fewer. */
const MAX_DISKS = 2000;

/** Disks. Which pool a disk belongs to is told only on request (`extra.pools`); `order_by` knows columns of the table only. */
export const listDisks = defineTool({
  name: 'list_disks',
  toolset: 'storage',
  title: 'List disks',
  description:
    'Disks with model, serial, pool and temperature. Error counts of a disk are in get_disk and get_pool.',
  input: z.strictObject({
    pool: z.string().optional(),
    unused: z.boolean().optional().describe('true: only disks in no imported pool'),
    type: z.enum(['HDD', 'SSD']).optional(),
    name: z.string().optional().describe('part of the name, or a pattern with *'),
    sort: z.enum(['name', 'size', 'model', 'serial', 'temp']).optional(),
    order: orderInput,
    fields: fieldsInput([
      'name',
      'size',
      'type',
      'model',
      'serial',
      'pool',
      'temp',
      'bus',
      'rpm',
      'description',
    ]),
    ...pageInputs,
  }),
  output: listOutput,
  carriesFreeText: true,
  uses: ['disk.query', 'disk.temperatures', 'disk.details'],
  examples: [
    { args: {}, why: 'all disks' },
    { args: { pool: 'tank', type: 'HDD', sort: 'size' }, why: 'the disks of a pool' },
    {
      args: { unused: true, fields: ['bus', 'rpm', 'description'] },
      why: 'disks in no pool, which takes a look at their labels',
    },
    { args: { unused: false, name: 'sd*', sort: 'serial', order: 'desc' }, why: 'a pattern' },
    { args: { sort: 'model' }, why: 'an order of the NAS' },
    { args: { sort: 'temp', limit: 3 }, why: 'the hottest, sorted here' },
    { args: { pool: 'tnk' }, why: 'a mistyped pool' },
  ],
  async run(nas, input, context) {
    const page = pageOf('list_disks', input);
    const sort = input.sort ?? 'name';
    const order = input.order ?? (sort === 'size' || sort === 'temp' ? 'desc' : 'asc');
    const fields = chooseFields(
      FIELDS,
      input.fields,
      ['size', 'type', 'model', 'serial', 'pool', 'temp'],
      ['name', ...(sort === 'name' ? [] : [sort])],
    );
    const names = fields.map((field) => field.name);
    // Temperatures are not in the NAS's table: to sort by them all disks are read, and paged here.
    const isSortedHere = sort === 'temp';
    const extra = { pools: true };
    const pool = optionalName(input.pool);
    const filters: Filter[] = [
      ...nameFilter('name', input.name?.trim().replace(/^\/dev\//u, '')),
      ...equals('type', input.type),
      ...equals('pool', pool),
      ...(input.unused === undefined ? [] : ([['pool', input.unused ? '=' : '!=', null]] as const)),
    ];
    const [result, count] = await Promise.all([
      nas.call(
        'disk.query',
        query({
          filters,
          select: names.filter((name) => name !== 'temp').map((name) => KEYS[name] ?? name),
          orderBy: isSortedHere
            ? ['name']
            : [...(sort === 'name' ? [] : ['name']), `${order === 'desc' ? '-' : ''}${sort}`],
          ...(isSortedHere ? { limit: MAX_DISKS } : { limit: page.limit, offset: page.offset }),
          extra,
        }),
      ),
      nas.call('disk.query', query({ filters, count: true, extra })),
    ]);
    let rows: Disk[] = rowsOf(result, DISK);
    if (countOf(count) === 0 && pool !== undefined) await mustHaveDisks(nas, pool);
    const notes: string[] = [];
    if (names.includes('temp') && rows.length > 0) {
      try {
        const readings = await readTemperatures(
          nas,
          rows.flatMap((disk) => disk.name ?? []),
        );
        rows = rows.map((disk) => ({ ...disk, celsius: readings.get(disk.name ?? '') }));
      } catch (error) {
        if (!isTrueNasError(error) || error.kind === 'aborted') throw error;
        notes.push('temperatures could not be read');
      }
    }
    if (isSortedHere) {
      rows = sortRows(rows, (disk) => disk.celsius, order).slice(page.offset, page.offset + page.limit);
    }
    if (input.unused === true && rows.length > 0) notes.push(...(await exportedNotes(nas, rows)));
    return listAnswer({
      tool: 'list_disks',
      args: input,
      noun: 'disks',
      fields,
      rows,
      offset: page.offset,
      total: countOf(count),
      notes,
      budgetTokens: context.budgetTokens,
    });
  },
});

/** A disk of an exported pool looks unused, and wiping it destroys that pool. */
async function exportedNotes(nas: ReadClient, disks: readonly Disk[]): Promise<string[]> {
  const pools = await exportedPools(nas);
  if ('gap' in pools) return [`whether they hold an exported pool ${gapText(pools)}`];
  const held = new Map<string, string[]>();
  for (const { name } of disks) {
    const pool = pools.value.get(name);
    if (pool !== undefined) held.set(pool, [...(held.get(pool) ?? []), safeCell(name ?? '-', 20)]);
  }
  const texts = [...held].map(([pool, names]) => `${names.join(' ')} (${safeCell(pool, 60)})`);
  return texts.length === 0 ? [] : [`NOT FREE, they hold an exported pool: ${texts.join(', ')}`];
}

/**
 * An empty list must not hide a mistyped pool. Asks for the disks' own pools, which the boot pool is among.
 * @throws InputProblem when no disk is in a pool of this name.
 */
async function mustHaveDisks(nas: ReadClient, pool: string): Promise<void> {
  const parameters = query({ select: ['pool'], limit: MAX_DISKS, extra: { pools: true } });
  const rows = rowsOf(await nas.call('disk.query', parameters), { pool: DISK.pool });
  const pools = [...new Set(rows.flatMap((disk) => disk.pool ?? []))].toSorted();
  if (!pools.includes(pool)) throw notFound('pool', 'pool with disks', pool, pools);
}
