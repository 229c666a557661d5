import * as z from 'zod';
import { type BackupFacts, type Cover, gapOfBackup, isEmpty, judgeBackups } from '../../findings/backup.ts';
import { formatAge, formatInstant } from '../../output/time.ts';
import { formatBytes, plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import type { Columns } from '../define-list.ts';
import { defineTool } from '../define.ts';
import { datasetListExtra, listFilters } from '../storage/dataset-query.ts';
import { mustExist } from '../storage/find.ts';
import { type NewestSnapshot, readNewestSnapshots } from '../storage/newest-snapshots.ts';
import { clockOf } from '../support/clock.ts';
import { optionalName, reportPageInputs, pageOf } from '../support/inputs.ts';
import { factsOutput } from '../support/outputs.ts';
import { reportAnswer } from '../support/report.ts';
import { field, rowsOf, zfsNumber } from '../support/rows.ts';
import { COVER_USES, type Covers, readCovers } from './backup-facts.ts';

/** Datasets looked at, those with most data of their own first; that there are more is said. */
const MAX_DATASETS = 1500;
const PAGE_ROWS = 15;

const DATASET = { id: field.rawText, usedbydataset: zfsNumber };

interface Row extends BackupFacts {
  /** As the NAS writes it. */
  readonly id: string;
  readonly newest?: string | undefined;
}

const COLUMNS: Columns<Row> = {
  dataset: { type: 'text', maxLength: 100, isKey: true },
  own: { type: 'bytes', value: ({ ownBytes }) => ownBytes },
  newest_snapshot: { type: 'text', value: ({ newest }) => newest },
  snapshots: { type: 'texts', value: (row) => coverTexts(row, ['snapshot']) },
  replica: { type: 'texts', value: (row) => coverTexts(row, ['replica']) },
  elsewhere: { type: 'texts', value: (row) => coverTexts(row, ['offsite', 'cloud', 'rsync']) },
  gap: { type: 'text', value: gapTextOf },
};

/** What has no backup. Coverage comes from the tasks; snapshots are read for the datasets of the page alone. */
export const backupCoverage = defineTool({
  name: 'backup_coverage',
  toolset: 'protection',
  title: 'Backup coverage',
  words: 'which datasets have no backup protected replicated off site copy snapshot task unprotected',
  description:
    'What has no backup: snapshots, replica and off-site copy of each dataset, last success, gaps first.',
  input: z.strictObject({
    dataset: z.string().optional().describe('it and all below'),
    ...reportPageInputs,
  }),
  output: factsOutput,
  carriesFreeText: true,
  view: 'backups',
  uses: ['pool.dataset.query', 'pool.snapshot.query', 'system.info', ...COVER_USES],
  mayLack: ['pool.snapshot.query', 'system.info', ...COVER_USES].map((method) => ({ method })),
  examples: [
    { args: {}, why: 'the whole NAS' },
    { args: { dataset: 'tank', limit: 2 }, why: 'a part of it' },
    { args: { dataset: 'tank/hom' }, why: 'a mistyped name' },
  ],
  async run(nas, input, context) {
    const root = optionalName(input.dataset);
    const clock = await clockOf(nas, context.now());
    const [datasets, covers] = await Promise.all([readDatasets(nas, root), readCovers(nas, clock.nowMs)]);
    if (datasets.length === 0 && root !== undefined) await mustExist(nas, 'dataset', 'dataset', root);
    const rows = datasets.map((dataset) => rowOf(dataset, covers)).toSorted(gapsFirst);
    const { offset, limit } = pageOf('backup_coverage', input, PAGE_ROWS);
    const page = rows.slice(offset, offset + limit).map(({ id }) => id);
    const newest = await readNewestSnapshots(nas, page);
    return reportAnswer({
      tool: 'backup_coverage',
      release: await nas.release(),
      args: input,
      headline: headlineOf(rows),
      findings: judgeBackups(rows),
      unjudged: [
        ...covers.gaps,
        ...unknownOf(rows),
        ...unreadSnapshots(newest),
        ...(clock.isGuessed ? ['how old the last runs are'] : []),
      ],
      lines: [
        ...clock.notes,
        ...(datasets.length < MAX_DATASETS
          ? []
          : [`(only the ${MAX_DATASETS} datasets with most data of their own were looked at)`]),
        'Not shown by the API, so not judged: boot pool, system dataset, ix-apps (data of apps without a host path).',
      ],
      table: {
        noun: 'datasets',
        columns: COLUMNS,
        rows: rows.map((row) => ({ ...row, newest: newestText(newest.get(row.id), clock.nowMs) })),
      },
      pageRows: PAGE_ROWS,
      budgetTokens: context.budgetTokens,
      viewData: context.showsViews === true ? drawnCovers(rows) : undefined,
    });
  },
});

function headlineOf(rows: readonly Row[]): string {
  const all = plural(rows.length, 'dataset');
  const unknown = rows.filter(({ isWhole }) => !isWhole).length;
  if (unknown === rows.length && unknown > 0)
    return `which of ${all} lack a copy outside the pool is not known`;
  const without = rows.filter((row) => gapOfBackup(row) !== undefined);
  const bytes = without.reduce((sum, { ownBytes }) => sum + (ownBytes ?? 0), 0);
  const isSizeless = without.every(({ ownBytes }) => ownBytes === null);
  const size =
    without.length > 0 ? ` (${isSizeless ? 'size unknown' : `${formatBytes(bytes)} of own data`})` : '';
  const rest = unknown === 0 ? '' : `; of ${unknown} it is not known`;
  return `${without.length} of ${all} without a copy outside the pool${size}${rest}`;
}

async function readDatasets(nas: ReadClient, root: string | undefined) {
  const below =
    root === undefined
      ? []
      : [
          [
            'OR',
            [
              ['id', '=', root],
              ['id', '^', `${root}/`],
            ],
          ] as const,
        ];
  const parameters = query({
    filters: listFilters(below),
    select: ['id', 'usedbydataset.parsed'],
    orderBy: ['-usedbydataset.parsed'],
    limit: MAX_DATASETS,
    extra: await datasetListExtra(nas, ['usedbydataset']),
  });
  return rowsOf(await nas.call('pool.dataset.query', parameters), DATASET);
}

/** Datasets that a view draws, gaps first. */
const MAX_DRAWN = 300;

/** Every dataset with the tasks that cover it, and how well each works. */
function drawnCovers(rows: readonly Row[]): Record<string, unknown> {
  return {
    datasets: rows.slice(0, MAX_DRAWN).map((row) => ({
      name: row.dataset,
      own: row.ownBytes,
      gap: gapTextOf(row) ?? null,
      covers: row.covers.map(({ kind, label, health }) => ({ kind, label: safeCell(label, 80), health })),
    })),
    more: Math.max(0, rows.length - MAX_DRAWN),
  };
}

function rowOf(
  { id, usedbydataset: own }: Awaited<ReturnType<typeof readDatasets>>[number],
  { tasks, isReplica, gaps }: Covers,
): Row {
  const name = id ?? '';
  const ownBytes = own?.parsed ?? null;
  return {
    id: name,
    dataset: safeCell(id ?? '-', 100),
    ownBytes,
    sizeText: ownBytes === null ? 'size unknown' : formatBytes(ownBytes),
    covers: tasks.filter((task) => task.covers(name) === true),
    isWhole: gaps.length === 0 && id !== null,
    isReplica: isReplica(name),
  };
}

/** Gaps first, the largest first; then the rest by name. */
function gapsFirst(a: Row, b: Row): number {
  const rank = (row: Row) => RANKS.indexOf(gapOfBackup(row)?.id ?? '');
  const order = (value: number) => (value < 0 ? RANKS.length : value);
  return (
    order(rank(a)) - order(rank(b)) ||
    (rank(a) < 0 ? 0 : (b.ownBytes ?? 0) - (a.ownBytes ?? 0)) ||
    (a.dataset < b.dataset ? -1 : 1)
  );
}

const RANKS = ['backup.none', 'backup.off', 'backup.same_pool'];

function gapTextOf(row: Row): string {
  if (row.isReplica) return 'is a copy itself';
  if (isEmpty(row)) return 'holds no data itself';
  if (!row.isWhole) return 'unknown';
  return gapOfBackup(row)?.what ?? 'none';
}

function newestText(newest: NewestSnapshot | undefined, nowMs: number): string | undefined {
  if (newest === undefined) return undefined;
  if (newest.state === 'known')
    return `${newest.isAtLeast ? 'at most ' : ''}${formatAge(newest.createdMs, nowMs)}`;
  return newest.state === 'none' ? 'none' : newest.why;
}

function coverTexts({ covers }: Row, kinds: readonly Cover['kind'][]): string[] {
  return covers.filter(({ kind }) => kinds.includes(kind)).map(coverText);
}

function coverText({ label, health, lastSuccessMs }: Cover): string {
  const last = lastSuccessMs === null ? '' : `, ok ${formatInstant(lastSuccessMs)}`;
  return health === 'works' ? `${label}${last}` : `${label}: ${HEALTH[health]}${last}`;
}

const HEALTH: Readonly<Record<Cover['health'], string>> = {
  works: 'works',
  failed: 'FAILED',
  'never-ran': 'has never run',
  'on-hold': 'ON HOLD',
  off: 'switched off',
  stale: 'no run for long',
  unknown: 'state unknown',
};

/** Why the newest snapshot of datasets of the page is not known, each reason once. */
function unreadSnapshots(newest: ReadonlyMap<string, NewestSnapshot>): string[] {
  const reasons = [...newest.values()].flatMap((each) => (each.state === 'unknown' ? [each.why] : []));
  return [...new Set(reasons)].map((why) => `newest snapshots ${why}`);
}

/** Datasets of which it is not known whether they hold data, or a task of theirs whether it works. */
function unknownOf(rows: readonly Row[]): string[] {
  const nameless = rows.filter(({ id }) => id === '').length;
  const sizes = rows.filter(({ ownBytes, isReplica }) => ownBytes === null && !isReplica).length;
  const tasks = new Set(
    rows.flatMap(({ covers }) =>
      covers.filter(({ health }) => health === 'unknown').map(({ label }) => label),
    ),
  );
  return [
    ...(nameless === 0 ? [] : [`name of ${plural(nameless, 'dataset')}`]),
    ...(sizes === 0 ? [] : [`size of ${plural(sizes, 'dataset')}`]),
    ...[...tasks].map((label) => `state of ${label}`),
  ];
}
