import * as z from 'zod';
import { InputProblem } from '../../output/problem.ts';
import { parseMoment } from '../../output/time.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import {
  type Columns,
  defineList,
  type Facts,
  type ListRows,
  type NamedColumn,
  type Question,
} from '../define-list.ts';
import { clockOf } from '../support/clock.ts';
import { equals, escapePattern, nameFilter, optionalName } from '../support/inputs.ts';
import { counted, factsOf, filteredHere, pageHere, pageQuery, readCount } from '../support/list-reading.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { field } from '../support/rows.ts';
import { mustExist } from './find.ts';

const CREATED = {
  type: 'time',
  from: 'properties.creation.parsed',
  sort: 'desc',
  isOnDemand: true,
} as const;

/** `createtxg` would be no substitute for the time: it travels as text, and sorts as text. */
const COLUMNS: Columns = {
  name: { type: 'text', from: 'name', maxLength: 200, isKey: true, sort: 'asc' },
  created: CREATED,
  used: { type: 'bytes', from: 'properties.used.parsed', sort: 'desc', isOnDemand: true },
  referenced: { type: 'bytes', from: 'properties.referenced.parsed', sort: 'desc', isOnDemand: true },
  holds: { type: 'number', from: 'holds', read: countKeys, isOnDemand: true },
};

/** Snapshots. Only names by default, which mostly carry the time: the rest is expensive. */
export const listSnapshots = defineList({
  name: 'list_snapshots',
  toolset: 'storage',
  title: 'List snapshots',
  words: 'restore point previous version old space',
  description:
    'Snapshots by name. Ask for fields created, used, referenced, holds only when needed: slow with many snapshots.',
  noun: 'snapshots',
  filters: {
    dataset: z.string().optional().describe('e.g. tank/media'),
    recursive: z.boolean().optional().describe('also of datasets below it'),
    pool: z.string().optional(),
    name: z.string().optional().describe('part of dataset@snapshot, or a pattern with *'),
    older_than: z.string().optional().describe('2w, yesterday or an ISO date'),
    newer_than: z.string().optional(),
  },
  columns: COLUMNS,
  sortedBy: 'name',
  showsSort: true,
  carriesFreeText: true,
  uses: ['pool.snapshot.query', 'pool.dataset.query', 'system.info'],
  mayLack: [{ method: 'pool.dataset.query' }, { method: 'system.info' }],
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
    { args: { dataset: 'tank/home', older_than: '2w', newer_than: '2025-01-01', limit: 3 }, why: 'by age' },
  ],
  async read(nas, question, context) {
    const { input } = question;
    const dataset = optionalName(input.dataset);
    const pool = optionalName(input.pool);
    const filters = [
      ...where(dataset, input.recursive ?? false, pool),
      ...nameFilter('name', optionalName(input.name), '/@'),
    ];
    const clock = isAged(input) ? await clockOf(nas, context.now()) : undefined;
    const found =
      clock === undefined
        ? await readFound(nas, question, filters)
        : await readOfAge(nas, question, filters, {
            before: momentOf('older_than', input.older_than, clock.nowMs),
            after: momentOf('newer_than', input.newer_than, clock.nowMs),
          });
    const none = found.total === 0 ? await explainNone(nas, dataset, pool) : [];
    return { ...found, notes: [...(clock?.notes ?? []), ...(found.notes ?? []), ...none] };
  },
});

function isAged({
  older_than,
  newer_than,
}: {
  older_than?: string | undefined;
  newer_than?: string | undefined;
}) {
  return older_than !== undefined || newer_than !== undefined;
}

/** A time span, each end in milliseconds since the epoch. */
interface Span {
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** ZFS's own text of the moment: seconds, of ten digits until the year 2286, so that texts compare as numbers do. */
function ageFilters({ before, after }: Span): Filter[] {
  const field = 'properties.creation.rawvalue';
  const seconds = (ms: number) => String(Math.floor(ms / 1000));
  return [
    ...(before === undefined ? [] : [[field, '<', seconds(before)] as const]),
    ...(after === undefined ? [] : [[field, '>', seconds(after)] as const]),
  ];
}

async function readFound(
  nas: ReadClient,
  question: Question,
  filters: readonly Filter[],
): Promise<ListRows<Facts>> {
  const gaps: string[] = [];
  const [rows, count] = await Promise.all([
    question.sort?.column.name === 'name'
      ? readByName(nas, question, filters, gaps)
      : readWhole(nas, question, filters),
    readCount(nas, 'pool.snapshot.query', { filters }),
  ]);
  const found = counted(rows, count, question);
  return gaps.length === 0 ? found : { ...found, notes: [...(found.notes ?? []), unreadNote(gaps)] };
}

/** What is shown of these are their names alone. */
function unreadNote(gaps: readonly string[]): string {
  return `(more than the names of ${gaps.length} ${gaps[0] ?? ''})`;
}

function countKeys(value: unknown): number | null {
  const record = field.record(value);
  return record === null ? null : Object.keys(record).length;
}

/** `select` and `extra` for these columns. `select` knows top-level keys only. */
function wanted(columns: readonly NamedColumn[]) {
  const paths = columns.flatMap(({ from = '' }) => [from.split('.')]);
  const properties = paths.flatMap(([first, property = '']) => (first === 'properties' ? [property] : []));
  const select = [...new Set(paths.flatMap(([first]) => first ?? []))];
  return { select, extra: { properties, ...(select.includes('holds') ? { holds: true } : {}) } };
}

async function readWhole(nas: ReadClient, question: Question, filters: readonly Filter[]): Promise<Facts[]> {
  const parameters = pageQuery(question, { filters, ...wanted(question.columns) });
  return factsOf(await nas.call('pool.snapshot.query', parameters), question.columns);
}

/** Most snapshots whose age is looked at. */
const MAX_AGED = 1_500;

/** The moment that an argument means. @throws InputProblem when it means none */
function momentOf(argument: string, text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseMoment(text, nowMs);
  if (ms !== undefined) return ms;
  throw new InputProblem(argument, 'is neither a span nor a date', 'e.g. "2w", "yesterday" or "2026-03-01"');
}

/**
 * Snapshots made within a time. The NAS compares, and each is compared here again: a release that does not filter by age
 * finds all or none of them.
 */
async function readOfAge(
  nas: ReadClient,
  question: Question,
  filters: readonly Filter[],
  span: Span,
): Promise<ListRows<Facts>> {
  const created: NamedColumn = { name: 'created', ...CREATED };
  const columns = [...question.columns.filter(({ name }) => name !== 'created'), created];
  const all = { columns, orderBy: ['name'], page: { offset: 0, limit: MAX_AGED } };
  const ask = async (asked: readonly Filter[]) => {
    const parameters = pageQuery(all, { filters: asked, ...wanted(columns) });
    return factsOf(await nas.call('pool.snapshot.query', parameters), columns);
  };
  const filtered = await ask([...filters, ...ageFilters(span)]);
  const read = filtered.length > 0 ? filtered : await ask(filters);
  const { rows, notes, isUnsure } = filteredHere(read, ({ created: ms }) => {
    if (typeof ms !== 'number') return undefined;
    return (span.before === undefined || ms < span.before) && (span.after === undefined || ms > span.after);
  });
  const isCut = read.length >= MAX_AGED;
  return {
    ...pageHere(question, rows),
    isAtLeast: isCut,
    isUnsure,
    notes: [...notes, ...(isCut ? [`(only the first ${MAX_AGED} snapshots by name were looked at)`] : [])],
  };
}

/** Details of so many snapshots are asked for one by one. */
const MAX_SINGLE_READS = 100;

/**
 * Names first, then the details of those alone. Up to 25.10 a query for more than names reads all properties of all
 * snapshots of the system, whatever its filters and limit, unless its only filter is one name. `gaps` takes why details are not read. The release tells, as the
 * answers are the same: only how long a NAS with 100,000 snapshots takes for them differs.
 */
async function readByName(
  nas: ReadClient,
  question: Question,
  filters: readonly Filter[],
  gaps: string[],
): Promise<Facts[]> {
  const { columns, page } = question;
  if (columns.length > 1 && isAtLeast(await nas.release(), '26.0')) return readWhole(nas, question, filters);
  const limit = columns.length > 1 ? Math.min(page.limit, MAX_SINGLE_READS) : page.limit;
  const parameters = pageQuery(
    { ...question, page: { ...page, limit } },
    { filters, select: ['name'], extra: {} },
  );
  const named = factsOf(await nas.call('pool.snapshot.query', parameters), columns);
  if (columns.length === 1) return named;
  return Promise.all(
    named.map(async (snapshot) => {
      const one = query({ filters: equals('name', snapshot['name']), ...wanted(columns) });
      const detail = await readPart(nas, async (limited) =>
        factsOf(await limited.call('pool.snapshot.query', one), columns),
      );
      const why = gapText(detail);
      if (why !== undefined) gaps.push(why);
      // Destroyed in between, or not readable: its name is still known, and the rest is shown as unknown.
      return valueOr(detail, [])[0] ?? snapshot;
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
