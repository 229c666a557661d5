import * as z from 'zod';
import { type DatasetSpace, judgeSpace } from '../../findings/space.ts';
import { InputProblem } from '../../output/problem.ts';
import { parseMoment } from '../../output/time.ts';
import { formatBytes, formatPercent, plural } from '../../output/units.ts';
import { safeCell, safeJson } from '../../output/untrusted.ts';
import type { Columns } from '../define-list.ts';
import { defineTool } from '../define.ts';
import { clockOf } from '../support/clock.ts';
import { optionalName, reportPageInputs } from '../support/inputs.ts';
import { factsOutput } from '../support/outputs.ts';
import { reportAnswer } from '../support/report.ts';
import { unknownPool } from './find.ts';
import { OLD_SNAPSHOT_READS, type OldSnapshotFacts, readOldSnapshots } from './old-snapshots.ts';
import { MAX_SPACE_DATASETS, type PoolSizes, readSpace, type SpaceFacts } from './space-facts.ts';

const PAGE_ROWS = 12;
const OLDER_THAN = '30d';

interface Row extends DatasetSpace {
  readonly ownBytes: number | null;
  readonly sumBytes: number;
}

const COLUMNS: Columns<Row> = {
  dataset: { type: 'text', maxLength: 100, isKey: true },
  own: { type: 'bytes', value: ({ ownBytes }) => ownBytes },
  snapshots: { type: 'bytes', value: ({ snapshotBytes }) => snapshotBytes },
  reserved: {
    type: 'bytes',
    value: (row) => row.unusedReservationBytes + row.unusedRefreservationBytes || undefined,
  },
  old_snapshots: { type: 'number', value: ({ old }) => old?.count },
  old_free_at_least: { type: 'bytes', value: ({ old }) => old?.leastBytes },
};

/** Where the space is and what gives it back, largest first. */
export const spaceReport = defineTool({
  name: 'space_report',
  toolset: 'storage',
  title: 'Space report',
  words:
    'full pool disk usage what uses space deleted files still full free up snapshots reservation refreservation',
  description:
    'Where the space of pools is: data, snapshots, reservations; what deleting old snapshots frees.',
  input: z.strictObject({
    pool: z.string().optional(),
    older_than: z.string().max(60).optional().describe(`default ${OLDER_THAN}`),
    ...reportPageInputs,
  }),
  output: factsOutput,
  carriesFreeText: true,
  view: 'space',
  uses: ['pool.dataset.query', 'pool.query', 'system.info', ...OLD_SNAPSHOT_READS],
  mayLack: [
    'pool.query',
    'system.info',
    'pool.snapshot.query',
    'pool.snapshottask.query',
    'replication.query',
  ].map((method) => ({ method })),
  examples: [
    { args: {}, why: 'all pools' },
    { args: { pool: 'tank', older_than: '1w', limit: 3 }, why: 'one pool' },
    { args: { pool: 'tnk' }, why: 'a mistyped pool' },
  ],
  async run(nas, input, context) {
    const pool = optionalName(input.pool);
    const clock = await clockOf(nas, context.now());
    const olderThan = input.older_than ?? OLDER_THAN;
    const beforeMs = parseMoment(olderThan, clock.nowMs);
    if (beforeMs === undefined)
      throw new InputProblem('older_than', 'is neither a span nor a date', 'e.g. "30d" or "2026-03-01"');
    const space = await readSpace(nas, pool);
    if (!space.isFound && pool !== undefined) throw await unknownPool(nas, 'pool', pool);
    const pools = space.pools.map(({ name }) => name);
    const old = await readOldSnapshots(nas, { pool, pools, beforeMs, olderThan });
    const rows = rowsOf(space, old);
    const facts = space.pools.map((each) => ({ ...each, pool: safeCell(each.name, 60) }));
    return reportAnswer({
      tool: 'space_report',
      release: await nas.release(),
      args: input,
      headline: headlineOf(space.pools),
      findings: judgeSpace(facts, rows),
      unjudged: [...space.gaps, ...old.gaps, ...(clock.isGuessed ? ['how old snapshots are'] : [])],
      lines: [
        ...clock.notes,
        ...space.pools.map((each) => poolLine(each, space)),
        freedLine(space, old, olderThan),
        ...youngerLine(space, old, input),
        'Own data also counts what the API does not tell apart: deleted files that a program still has open, recycle bins of shares, block clones.',
      ],
      table: { noun: 'datasets', columns: COLUMNS, rows },
      pageRows: PAGE_ROWS,
      budgetTokens: context.budgetTokens,
      viewData: context.showsViews === true ? drawnSpace(rows) : undefined,
    });
  },
});

/** Datasets that a view draws, largest first; the rest is summed. */
const MAX_DRAWN = 200;

/** Every dataset with what fills it, in bytes; null where it is not known. */
function drawnSpace(rows: readonly Row[]): Record<string, unknown> {
  return {
    datasets: rows.slice(0, MAX_DRAWN).map((row) => ({
      name: row.dataset,
      own: row.ownBytes,
      snapshots: row.snapshotBytes,
      reserved: row.unusedReservationBytes + row.unusedRefreservationBytes,
    })),
    more: Math.max(0, rows.length - MAX_DRAWN),
    moreBytes: rows.slice(MAX_DRAWN).reduce((sum, { sumBytes }) => sum + sumBytes, 0),
  };
}

function rowsOf({ datasets }: SpaceFacts, { byDataset }: OldSnapshotFacts): Row[] {
  return datasets
    .map((sizes) => ({
      ...sizes,
      dataset: safeCell(sizes.id, 100),
      pool: safeCell(sizes.id.split('/')[0] ?? '', 60),
      old: byDataset.get(sizes.id),
      sumBytes:
        (sizes.ownBytes ?? 0) +
        (sizes.snapshotBytes ?? 0) +
        sizes.unusedReservationBytes +
        sizes.unusedRefreservationBytes,
    }))
    .toSorted((a, b) => b.sumBytes - a.sumBytes || (a.dataset < b.dataset ? -1 : 1));
}

function headlineOf(pools: readonly PoolSizes[]): string {
  if (pools.length === 0) return 'no imported pool';
  return pools
    .toSorted((a, b) => (b.usedPercent ?? 101) - (a.usedPercent ?? 101))
    .slice(0, 6)
    .map(({ name, usedPercent, availableBytes }) => {
      const left = availableBytes === null ? 'space left unknown' : `${formatBytes(availableBytes)} left`;
      const full = usedPercent === null ? 'how full is unknown' : `${formatPercent(usedPercent)} full`;
      return `${safeCell(name, 60)} ${full}, ${left}`;
    })
    .join('; ');
}

/** `tank: 14.5 TiB = own data 12 TiB + snapshots 1.6 TiB + …; compression 1.34x`. */
function poolLine(pool: PoolSizes, { datasets, isCut }: SpaceFacts): string {
  const within = datasets.filter(({ id }) => id === pool.name || id.startsWith(`${pool.name}/`));
  const sum = (of: (each: (typeof within)[number]) => number | null): number =>
    within.reduce((total, each) => total + (of(each) ?? 0), 0);
  const own = sum(({ ownBytes }) => ownBytes);
  const snapshots = sum(({ snapshotBytes }) => snapshotBytes);
  const reserved = sum((each) => each.unusedReservationBytes + each.unusedRefreservationBytes);
  const rest = pool.usedBytes === null ? 0 : Math.max(0, pool.usedBytes - own - snapshots - reserved);
  const parts = [
    `own data ${knownText(
      own,
      within.map(({ ownBytes }) => ownBytes),
    )}`,
    `snapshots ${knownText(
      snapshots,
      within.map(({ snapshotBytes }) => snapshotBytes),
    )}`,
    ...(reserved > 0 ? [`reserved and unused ${formatBytes(reserved)}`] : []),
    ...(rest > 0 ? [`${isCut ? 'smaller datasets and ' : ''}what the API hides ${formatBytes(rest)}`] : []),
  ];
  const deduplicated = within.filter(({ isDeduplicated }) => isDeduplicated).length;
  const notes = [
    `compression ${pool.compressRatio === null ? 'unknown' : `${pool.compressRatio.replace(/x$/iu, '')}x`}`,
    ...dedupNotes(deduplicated, pool.dedupTableBytes),
    ...(within.some(({ isDeduplicated }) => isDeduplicated === null)
      ? ['deduplication of some unknown']
      : []),
  ];
  const used = pool.usedBytes === null ? 'used unknown' : `${formatBytes(pool.usedBytes)} used`;
  return `${safeCell(pool.name, 60)}: ${used}: ${parts.join(' + ')}; ${notes.join('; ')}`;
}

/** A sum of sizes none of which is known is no zero. */
function knownText(bytes: number, sizes: readonly (number | null)[]): string {
  const isUnknown = sizes.length > 0 && sizes.every((size) => size === null);
  return isUnknown ? 'unknown' : formatBytes(bytes);
}

/** Nothing where nothing is deduplicated. */
function dedupNotes(datasets: number, tableBytes: number | null): string[] {
  if (datasets === 0 && (tableBytes ?? 0) === 0) return [];
  const on = datasets === 0 ? '' : ` on in ${plural(datasets, 'dataset')}`;
  const table = tableBytes === null ? 'unknown' : formatBytes(tableBytes);
  return [`deduplication${on}, table ${table}, its ratio is not told by the API`];
}

/** What comes free when all old snapshots go: at least what each alone holds, at most what all of their datasets' do. */
function freedLine({ datasets, isCut }: SpaceFacts, old: OldSnapshotFacts, olderThan: string): string {
  const older = `snapshots older than ${safeCell(olderThan, 60)}`;
  const all = [...old.byDataset.values()];
  const count = all.reduce((sum, each) => sum + each.count, 0);
  const least = all.reduce((sum, { leastBytes }) => sum + leastBytes, 0);
  const concerned = old.isCut ? datasets : datasets.filter(({ id }) => old.byDataset.has(id));
  const most = concerned.reduce((sum, { snapshotBytes }) => sum + (snapshotBytes ?? 0), 0);
  const isOpen = old.isCut && isCut;
  const kept = old.kept.length === 0 ? '' : ` (left out: ${old.kept.join(', ')})`;
  if (count === 0 && !old.isCut) return `No ${older}${kept === '' ? '' : ` to delete${kept}`}.`;
  const atLeast = old.isCut ? 'at least ' : '';
  const sizes = concerned.map(({ snapshotBytes }) => snapshotBytes);
  const upper = `at most ${knownText(most, sizes)}${isOpen ? ` in the ${MAX_SPACE_DATASETS} largest datasets` : ''}`;
  if (count === 0) return `What deleting ${older} frees is not known: ${upper}.`;
  return `Deleting ${older} (${atLeast}${count}) frees at least ${formatBytes(least)}, ${upper}${kept}.`;
}

/** Snapshots that are not old hold most: what is deleted today stays in them. */
function youngerLine(
  { datasets }: SpaceFacts,
  { byDataset, isCut }: OldSnapshotFacts,
  input: Readonly<Record<string, unknown>>,
): string[] {
  const younger = datasets.filter(({ id }) => !byDataset.has(id));
  const bytes = younger.reduce((sum, { snapshotBytes }) => sum + (snapshotBytes ?? 0), 0);
  if (isCut || bytes < 1 << 30) return [];
  const [largest] = younger.toSorted((a, b) => (b.snapshotBytes ?? 0) - (a.snapshotBytes ?? 0));
  const next =
    input['older_than'] === undefined
      ? ` Sooner: space_report ${safeJson({ ...input, cursor: undefined, older_than: '3d' })}`
      : '';
  return [
    `Datasets with younger snapshots alone: these hold ${formatBytes(bytes)}, most in ${safeCell(largest?.id ?? '-', 100)}, until their tasks let them go.${next}`,
  ];
}
