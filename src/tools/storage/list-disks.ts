import * as z from 'zod';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { type Columns, defineList, type Facts } from '../define-list.ts';
import { equals, nameFilter, optionalName } from '../support/inputs.ts';
import { forAllRows, isSortedHere, MAX_SORTED_HERE, pageHere, readPage } from '../support/list-reading.ts';
import { gapText, type Part, readPart, valueOr } from '../support/part.ts';
import { field, rowsOf } from '../support/rows.ts';
import { formatCelsius, readTemperatures } from './disk-temperatures.ts';
import { layoutGap, readDiskLabels } from './disk-claims.ts';
import { notFound } from './find.ts';
import { exportedNotes, misreadNotes, nameOf, notFree, twinNotes } from './free-disks.ts';
import { type PoolLayouts, poolsWith, readPoolLayouts, workingDisks } from './pool-layouts.ts';

/** In place of a pool that `disk.query` does not tell. */
const UNTOLD = 'not told';

const COLUMNS: Columns = {
  name: { type: 'text', from: 'name', isKey: true, sort: 'asc' },
  size: { type: 'bytes', from: 'size', sort: 'desc' },
  type: { type: 'text', from: 'type' },
  model: { type: 'text', from: 'model', maxLength: 40, sort: 'asc' },
  serial: { type: 'text', from: 'serial', maxLength: 40, sort: 'asc' },
  pool: { type: 'text', from: 'pool', read: (pool) => (pool === null ? null : (field.text(pool) ?? UNTOLD)) },
  // Not in the NAS's table: to sort by it all disks are read.
  temp: { type: 'number', key: 'celsius', format: formatCelsius, sort: 'desc' },
  bus: { type: 'text', from: 'bus', isOnDemand: true },
  rpm: { type: 'number', from: 'rotationrate', isOnDemand: true },
  description: { type: 'text', from: 'description', isOnDemand: true },
};

/** Disks. Which pool a disk belongs to is told only on request (`extra.pools`); `order_by` knows columns of the table only. */
export const listDisks = defineList({
  name: 'list_disks',
  toolset: 'storage',
  title: 'List disks',
  words: 'drive hdd ssd nvme hot temperature serial unused spare',
  description:
    'Disks with model, serial, pool and temperature. Error counts of a disk are in get_disk and get_pool.',
  noun: 'disks',
  filters: {
    pool: z.string().optional(),
    unused: z.boolean().optional().describe('true: only disks in no imported pool'),
    type: z.enum(['HDD', 'SSD']).optional(),
    name: z.string().optional().describe('part of the name, or a pattern with *'),
  },
  columns: COLUMNS,
  sortedBy: 'name',
  showsSort: true,
  carriesFreeText: true,
  uses: ['disk.query', 'disk.temperatures', 'disk.details', 'pool.query'],
  mayLack: [{ method: 'disk.temperatures' }, { method: 'disk.details' }, { method: 'pool.query' }],
  examples: [
    { args: {}, why: 'all disks' },
    { args: { pool: 'tank', type: 'HDD', sort: 'size' }, why: 'the disks of a pool' },
    {
      args: { unused: true, fields: ['bus', 'rpm', 'description'] },
      why: 'disks in no pool, which takes a look at their labels',
    },
    { args: { unused: false, name: '*d*', sort: 'serial', order: 'desc' }, why: 'a pattern' },
    { args: { sort: 'model' }, why: 'an order of the NAS' },
    { args: { sort: 'temp', limit: 3 }, why: 'the hottest, sorted here' },
    { args: { pool: 'tnk' }, why: 'a mistyped pool' },
  ],
  async read(nas, question) {
    const { name, type, unused } = question.input;
    const pool = optionalName(question.input.pool);
    const filters: Filter[] = [
      ...nameFilter('name', name?.trim().replace(/^\/dev\//u, '')),
      ...equals('type', type),
      ...equals('pool', pool),
      ...(unused === undefined ? [] : ([['pool', unused ? '=' : '!=', null]] as const)),
    ];
    const shows = (column: string) => question.columns.some((each) => each.name === column);
    const isAboutPools = shows('pool') || pool !== undefined || unused !== undefined;
    const [layouts, labels] = await Promise.all([
      isAboutPools ? readPart(nas, readPoolLayouts) : undefined,
      unused === true ? readPart(nas, readDiskLabels) : undefined,
    ]);
    const claims = layouts && labels && { topology: layouts, labels };
    const inPools = claims === undefined ? [] : notFree(claims);
    const whole = isSortedHere(question) ? forAllRows(question) : question;
    const [found, misread] = await Promise.all([
      readPage(nas, 'disk.query', whole, {
        filters: inPools.length > 0 ? [...filters, ['name', 'nin', inPools]] : filters,
        extra: { pools: true },
      }),
      claims === undefined ? [] : misreadNotes(nas, claims, filters, inPools),
    ]);
    const isWhole = found.rows.length === found.total;
    const isFiltered =
      name !== undefined || type !== undefined || unused === true || question.page.offset > 0;
    const unlisted =
      layouts === undefined || isFiltered
        ? []
        : await unlistedNotes(nas, layouts, { rows: found.rows, isWhole, pool });
    if (found.total === 0 && pool !== undefined && unlisted.length === 0) await mustHaveDisks(nas, pool);
    const placed =
      layouts && shows('pool') ? withLayouts(layouts, found.rows) : { rows: found.rows, notes: [] };
    const measured = shows('temp')
      ? await withTemperatures(nas, placed.rows)
      : { rows: placed.rows, notes: [] };
    const rows = isSortedHere(question) ? pageHere(question, measured.rows).rows : measured.rows;
    const exported = claims === undefined ? [] : [...exportedNotes(claims, rows), ...twinNotes(claims, rows)];
    const notes = [
      ...(claims === undefined ? placed.notes : []),
      ...measured.notes,
      ...misread,
      ...unlisted,
      ...exported,
    ];
    return { ...found, rows, notes: [...(found.notes ?? []), ...notes] };
  },
});

/** The same disks; where the layouts disagree with `disk.query` about a pool, both are told. */
function withLayouts(
  layouts: Part<PoolLayouts>,
  disks: readonly Facts[],
): { rows: readonly Facts[]; notes: string[] } {
  const gap = layoutGap({ topology: layouts });
  const notes = gap === undefined || disks.length === 0 ? [] : [`(pool is by disk.query alone: ${gap})`];
  const known = valueOr(layouts, undefined);
  if (known === undefined) return { rows: disks, notes };
  return { rows: disks.map((disk) => ({ ...disk, pool: poolText(known, disk) })), notes };
}

function poolText(layouts: PoolLayouts, disk: Facts): string | null {
  const named = typeof disk['pool'] === 'string' ? disk['pool'] : null;
  const [name] = nameOf(disk);
  const holding = name === undefined ? [] : poolsWith(layouts, name);
  const [first] = holding;
  if (named !== null && holding.includes(named)) return named;
  if (first !== undefined)
    return named === null || named === UNTOLD
      ? `${first} (by its topology)`
      : `${first} (by its topology), ${named} (by disk.query)`;
  // The boot pool is none of the pools whose layouts are known here.
  const isDenied = layouts.all.some(({ pool }) => pool === named) && !layouts.unread.includes(named ?? '');
  return isDenied && name !== undefined ? `${named} (by disk.query, not its topology)` : named;
}

/** Disks named in a note. */
const MAX_NAMED = 20;

/** Members of pools that are on no page of the list: their row is missing, or says another pool. Calls `disk.query` where there are more pages. */
async function unlistedNotes(
  nas: ReadClient,
  layouts: Part<PoolLayouts>,
  list: { rows: readonly Facts[]; isWhole: boolean; pool: string | undefined },
): Promise<string[]> {
  const all = valueOr(layouts, undefined)?.all ?? [];
  const wanted = list.pool === undefined ? all : all.filter(({ pool }) => pool === list.pool);
  const shown = new Set(list.rows.flatMap(nameOf));
  const absent = workingDisks(wanted).filter(({ disk }) => !shown.has(disk));
  if (absent.length === 0) return [];
  const filters = [['name', 'in', absent.map(({ disk }) => disk)] as const, ...equals('pool', list.pool)];
  const parameters = query({ filters, select: ['name'], extra: { pools: true } });
  const listed = list.isWhole
    ? new Set<string>()
    : valueOr(
        await readPart(nas, async (limited) => {
          const rows = rowsOf(await limited.call('disk.query', parameters), { name: field.text });
          return new Set(rows.flatMap(({ name }) => name ?? []));
        }),
        undefined,
      );
  if (listed === undefined) return [];
  const missing = absent.filter(({ disk }) => !listed.has(disk));
  if (missing.length === 0) return [];
  const named = missing
    .slice(0, MAX_NAMED)
    .map(({ disk, pool }) => `${safeCell(disk, 40)} (${safeCell(pool, 60)})`);
  const more = missing.length > MAX_NAMED ? ', and more' : '';
  return [`missing here, though in a pool by its topology: ${named.join(', ')}${more}`];
}

/** The same disks with their temperatures; as they are, and a note, when those cannot be read. */
async function withTemperatures(
  nas: ReadClient,
  disks: readonly Facts[],
): Promise<{ rows: readonly Facts[]; notes: string[] }> {
  if (disks.length === 0) return { rows: disks, notes: [] };
  const part = await readPart(nas, (limited) => readTemperatures(limited, disks.flatMap(nameOf)));
  if ('gap' in part) return { rows: disks, notes: [`temperatures ${gapText(part)}`] };
  const { readings, implausible } = part.value;
  return {
    rows: disks.map((disk) => ({ ...disk, temp: readings.get(nameOf(disk)[0] ?? '') })),
    notes: [...implausible]
      .slice(0, MAX_IMPLAUSIBLE)
      .map(([name, said]) => `(temp of ${safeCell(name, 20)}: ${said})`),
  };
}

/** Disks whose sensors say nonsense, named in a note. */
const MAX_IMPLAUSIBLE = 5;

/**
 * An empty list must not hide a mistyped pool. Asks for the disks' own pools, which the boot pool is among.
 * @throws InputProblem when no disk is in a pool of this name.
 */
async function mustHaveDisks(nas: ReadClient, pool: string): Promise<void> {
  const parameters = query({ select: ['pool'], limit: MAX_SORTED_HERE, extra: { pools: true } });
  const rows = rowsOf(await nas.call('disk.query', parameters), { pool: field.text });
  const pools = [...new Set(rows.flatMap((disk) => disk.pool ?? []))].toSorted();
  if (!pools.includes(pool)) throw notFound('pool', 'pool with disks', pool, pools);
}
