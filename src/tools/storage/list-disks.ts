import { z } from 'zod';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { type Columns, defineList, type Facts } from '../define-list.ts';
import { equals, nameFilter, optionalName } from '../support/inputs.ts';
import { forAllRows, isSortedHere, MAX_SORTED_HERE, pageHere, readPage } from '../support/list-reading.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { field, rowsOf } from '../support/rows.ts';
import { formatCelsius, readTemperatures } from './disk-temperatures.ts';
import { claimedDisks, claimedPool, type DiskClaims, readDiskClaims, SAME_SERIAL } from './disk-claims.ts';
import { notFound } from './find.ts';

const COLUMNS: Columns = {
  name: { type: 'text', from: 'name', isKey: true, sort: 'asc' },
  size: { type: 'bytes', from: 'size', sort: 'desc' },
  type: { type: 'text', from: 'type' },
  model: { type: 'text', from: 'model', maxLength: 40, sort: 'asc' },
  serial: { type: 'text', from: 'serial', maxLength: 40, sort: 'asc' },
  pool: { type: 'text', from: 'pool' },
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
  async read(nas, question) {
    const { name, type, unused } = question.input;
    const pool = optionalName(question.input.pool);
    const filters: Filter[] = [
      ...nameFilter('name', name?.trim().replace(/^\/dev\//u, '')),
      ...equals('type', type),
      ...equals('pool', pool),
      ...(unused === undefined ? [] : ([['pool', unused ? '=' : '!=', null]] as const)),
    ];
    const claims = unused === true ? await readDiskClaims(nas) : undefined;
    const inPools = claims === undefined ? [] : notFree(claims);
    const whole = isSortedHere(question) ? forAllRows(question) : question;
    const [found, misread] = await Promise.all([
      readPage(nas, 'disk.query', whole, {
        filters: inPools.length > 0 ? [...filters, ['name', 'nin', inPools]] : filters,
        extra: { pools: true },
      }),
      claims === undefined ? [] : misreadNotes(nas, claims, filters, inPools),
    ]);
    if (found.total === 0 && pool !== undefined) await mustHaveDisks(nas, pool);
    const wantsTemperatures = question.columns.some((column) => column.name === 'temp');
    const measured = wantsTemperatures
      ? await withTemperatures(nas, found.rows)
      : { rows: found.rows, notes: [] };
    const rows = isSortedHere(question) ? pageHere(question, measured.rows).rows : measured.rows;
    const exported = claims === undefined ? [] : [...exportedNotes(claims, rows), ...twinNotes(claims, rows)];
    return { ...found, rows, notes: [...(found.notes ?? []), ...measured.notes, ...misread, ...exported] };
  },
});

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

function nameOf({ name }: Facts): string[] {
  return typeof name === 'string' ? [name] : [];
}

/** Disks that are in an imported pool whatever `disk.query` says, or are seen a second time under the name of one that is. */
function notFree(claims: DiskClaims): string[] {
  const members = new Set(claimedDisks(claims));
  const twins = [...(valueOr(claims.labels, undefined)?.twins ?? [])].flatMap(([name, others]) =>
    others.some((other) => members.has(other)) ? [name] : [],
  );
  return [...members, ...twins];
}

/** Disks for which `disk.query` names no pool though they are in one: why they are not among the unused. */
async function misreadNotes(
  nas: ReadClient,
  claims: DiskClaims,
  filters: readonly Filter[],
  names: readonly string[],
): Promise<string[]> {
  const gap = gapText(claims.topology);
  const unknown = gap === undefined ? [] : [`the layout of the pools ${gap}: a member may be among these`];
  if (names.length === 0) return unknown;
  const parameters = query({
    filters: [...filters, ['name', 'in', names]],
    select: ['name'],
    orderBy: ['name'],
    limit: MAX_NAMED + 1,
    extra: { pools: true },
  });
  const rows = rowsOf(await nas.call('disk.query', parameters), { name: field.text });
  const more = rows.length > MAX_NAMED ? ', and more' : '';
  const texts = rows
    .slice(0, MAX_NAMED)
    .flatMap(({ name }) => (name === null ? [] : `${safeCell(name, 20)} ${whyNot(claims, name)}`));
  return texts.length === 0 ? unknown : [...unknown, `NOT FREE, and left out: ${texts.join(', ')}${more}`];
}

/** Disks named in a note. */
const MAX_NAMED = 20;

function whyNot(claims: DiskClaims, name: string): string {
  const claim = claimedPool(claims, name);
  const twins = valueOr(claims.labels, undefined)?.twins.get(name) ?? [];
  const reasons = [
    ...(claim === undefined ? [] : [`pool ${safeCell(claim.pool, 60)} by ${claim.source}`]),
    ...twins.slice(0, 2).map((twin) => `has the serial of ${withPool(claims, twin)}`),
  ];
  return `(${reasons.join('; ')}${twins.length === 0 ? '' : `: ${SAME_SERIAL}`})`;
}

function withPool(claims: DiskClaims, name: string): string {
  const claim = claimedPool(claims, name);
  return `${safeCell(name, 20)}${claim === undefined ? '' : ` in pool ${safeCell(claim.pool, 60)}`}`;
}

/** A disk of an exported pool looks unused, and wiping it destroys that pool. */
function exportedNotes({ labels }: DiskClaims, disks: readonly Facts[]): string[] {
  if ('gap' in labels) return [`whether they hold an exported pool ${gapText(labels)}`];
  const held = new Map<string, string[]>();
  for (const name of disks.flatMap(nameOf)) {
    const pool = labels.value.exported.get(name);
    if (pool !== undefined) held.set(pool, [...(held.get(pool) ?? []), safeCell(name, 20)]);
  }
  const texts = [...held].map(([pool, names]) => `${names.join(' ')} (${safeCell(pool, 60)})`);
  return texts.length === 0 ? [] : [`NOT FREE, they hold an exported pool: ${texts.join(', ')}`];
}

/** Two free disks of one serial may be one disk: a pool of both would lose its data with it. */
function twinNotes({ labels }: DiskClaims, disks: readonly Facts[]): string[] {
  const twins = valueOr(labels, undefined)?.twins;
  const groups = disks.flatMap(nameOf).flatMap((name) => {
    const others = twins?.get(name) ?? [];
    return others.length === 0 ? [] : [[name, ...others].toSorted().slice(0, MAX_NAMED).join(' = ')];
  });
  return [...new Set(groups)]
    .slice(0, MAX_NAMED)
    .map((group) => `${safeCell(group, 100)} by serial: ${SAME_SERIAL}`);
}

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
