import * as z from 'zod';
import {
  coveredPercentOf,
  crossingOf,
  type Growth,
  judgeCapacity,
  LEAST_COVERED_PERCENT,
  MOST_YEARS,
  type PoolGrowth,
  roundedDay,
  sumOf,
  surenessOf,
} from '../../findings/capacity.ts';
import { judgeSpace } from '../../findings/space.ts';
import { formatDuration } from '../../output/time.ts';
import { formatBytes, formatPercent, percentOf, plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import type { Columns } from '../define-list.ts';
import { defineTool } from '../define.ts';
import { clockOf } from '../support/clock.ts';
import { optionalName } from '../support/inputs.ts';
import { factsOutput } from '../support/outputs.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { reportAnswer } from '../support/report.ts';
import { field, rowsOf, zfsNumber } from '../support/rows.ts';
import {
  type DatasetGrowth,
  GROWTH_USES,
  type GrowthFacts,
  plausible,
  readGrowth,
} from './capacity-facts.ts';
import { unknownPool } from './find.ts';
import { readNames, unseenOf } from './unseen-pools.ts';

/** Pools looked at when none is named, the fullest first. */
const MAX_POOLS = 4;

/** Less is what a parent of other datasets holds. */
const EMPTY_BYTES = 1 << 20;

/** A pool as it is now; sizes that are not known are null. */
interface Pool {
  /** As the NAS writes it; empty where it is not told. */
  readonly name: string;
  readonly usedBytes: number | null;
  readonly wholeBytes: number | null;
}

interface Row extends DatasetGrowth {
  readonly dataset: string;
}

const COLUMNS: Columns<Row> = {
  dataset: { type: 'text', maxLength: 100, isKey: true },
  own: { type: 'bytes', value: ({ ownBytes }) => ownBytes },
  month: { type: 'text', key: 'growthPerMonth', value: ({ growth }) => growth && signedMonth(growth.perDay) },
  range: {
    type: 'text',
    value: ({ growth }) => (growth === undefined || growth.spanMs === 0 ? undefined : rangeText(growth)),
  },
  history: {
    type: 'text',
    value: ({ growth }) => (growth && growth.spanMs > 0 ? formatDuration(growth.spanMs) : undefined),
  },
  note: { type: 'text', value: ({ why }) => why },
};

/** When pools are full, and what fills them. */
export const capacityForecast = defineTool({
  name: 'capacity_forecast',
  toolset: 'storage',
  title: 'Capacity forecast',
  words:
    'when full how long will space last growth trend months until pool is full forecast fills up capacity planning',
  description: 'When pools reach 80, 90 and 100 %, with the range, how sure, and which dataset drives it.',
  input: z.strictObject({ pool: z.string().optional() }),
  output: factsOutput,
  view: 'report',
  carriesFreeText: true,
  uses: [...GROWTH_USES, 'pool.query', 'system.info'],
  mayLack: [{ method: 'system.info' }, { method: 'pool.snapshot.query' }, { method: 'pool.query' }],
  examples: [
    { args: {}, why: 'all pools' },
    { args: { pool: 'tank' }, why: 'one pool' },
    { args: { pool: 'tnk' }, why: 'a mistyped pool' },
  ],
  async run(nas, input, context) {
    const name = optionalName(input.pool);
    const [clock, pools, names] = await Promise.all([
      clockOf(nas, context.now()),
      readPools(nas, name),
      readPart(nas, (limited) => readNames(limited, name)),
    ]);
    const unseen = unseenOf(pools, valueOr(names, []));
    if (pools.length === 0 && unseen.length === 0 && name !== undefined)
      throw await unknownPool(nas, 'pool', name);
    const named = pools.filter((pool) => pool.name !== '');
    const looked = named.toSorted((a, b) => share(b) - share(a)).slice(0, MAX_POOLS);
    const facts = await readGrowth(
      nas,
      looked.map((pool) => pool.name),
      clock.nowMs,
    );
    const grown = looked.flatMap((pool) => growthOfPool(pool, facts.datasets) ?? []);
    const isKnown = ({ coveredPercent }: PoolGrowth): boolean => coveredPercent >= LEAST_COVERED_PERCENT;
    const known = grown.filter(isKnown);
    const { nowMs } = clock;
    return reportAnswer({
      tool: 'capacity_forecast',
      release: await nas.release(),
      args: input,
      headline: headlineOf(looked.length + unseen.length, known, nowMs),
      findings: [...judgeSpace(looked.map(spaceOf), []), ...judgeCapacity(known, nowMs)],
      unjudged: [
        ...(named.length < pools.length
          ? [`the names of ${plural(pools.length - named.length, 'pool')}`]
          : []),
        ...looked.flatMap((pool) => unreadOf(pool, facts)),
        ...unseen,
        ...('gap' in names ? [`whether there are more pools ${gapText(names)}`] : []),
        ...(clock.isGuessed ? ['the clock of the NAS, so dates are by the one here'] : []),
      ],
      untold: looked.flatMap((pool) => untoldOf(pool, facts, grown)),
      lines: [
        ...clock.notes,
        ...known.map((pool) => poolLine(pool, nowMs)),
        ...grown.filter((pool) => !isKnown(pool)).flatMap((pool) => partLine(pool, nowMs)),
        ...(named.length > looked.length
          ? [`(${plural(named.length - looked.length, 'less full pool')} not looked at: name one)`]
          : []),
        'By what kept snapshots say their datasets held, as no history of usage is read: what snapshots hold themselves counts as it is now, smaller datasets count as not growing, and large copies or deletions to come are in no history.',
      ],
      ...(facts.datasets.length === 0 ? {} : { table: tableOf(facts.datasets) }),
      budgetTokens: context.budgetTokens,
    });
  },
});

const ROOT = { id: field.rawText, used: zfsNumber, available: zfsNumber };

async function readPools(nas: ReadClient, name: string | undefined): Promise<Pool[]> {
  const parameters = query({
    filters: name === undefined ? [] : [['id', '=', name]],
    select: ['id', 'used.parsed', 'available.parsed'],
    extra: {
      flat: true,
      retrieve_children: false,
      properties: ['used', 'available'],
      retrieve_user_props: false,
    },
  });
  return rowsOf(await nas.call('pool.dataset.query', parameters), ROOT).map(({ id, used, available }) => {
    const usedBytes = plausible(used?.parsed);
    const left = plausible(available?.parsed);
    const wholeBytes = usedBytes === null || left === null ? null : usedBytes + left;
    return { name: id ?? name ?? '', usedBytes, wholeBytes };
  });
}

function share({ usedBytes, wholeBytes }: Pool): number {
  return percentOf(usedBytes, wholeBytes) ?? 101;
}

function spaceOf({ name, usedBytes, wholeBytes }: Pool) {
  return {
    pool: safeCell(name, 60),
    usedPercent: percentOf(usedBytes, wholeBytes) ?? null,
    availableBytes: usedBytes === null || wholeBytes === null ? null : wholeBytes - usedBytes,
    freeingBytes: null,
  };
}

function within(pool: Pool, datasets: readonly DatasetGrowth[]): DatasetGrowth[] {
  return datasets.filter((each) => each.pool === pool.name);
}

function growthOfPool(pool: Pool, datasets: readonly DatasetGrowth[]): PoolGrowth | undefined {
  const { name, usedBytes, wholeBytes } = pool;
  if (usedBytes === null || wholeBytes === null) return undefined;
  const told = within(pool, datasets).filter(({ growth }) => growth !== undefined);
  const bytes = told.reduce((sum, { ownBytes }) => sum + (ownBytes ?? 0), 0);
  const coveredPercent = coveredPercentOf(bytes, usedBytes);
  if (told.length === 0) return undefined;
  const growth = sumOf(told.flatMap(({ growth: each }) => each ?? []));
  return { pool: safeCell(name, 60), usedBytes, wholeBytes, growth, coveredPercent };
}

/** What could not be read of a pool: all of it, its size, or snapshots of its datasets. */
function unreadOf(pool: Pool, { datasets, gaps }: GrowthFacts): string[] {
  const name = safeCell(pool.name, 60);
  const gap = gaps.get(pool.name);
  if (gap !== undefined) return [`when ${name} is full, as its datasets ${gap}`];
  if (pool.usedBytes === null || pool.wholeBytes === null) return [`how full ${name} is`];
  const unread = within(pool, datasets).filter(({ isGap }) => isGap);
  const reasons = [...new Set(unread.map(({ why }) => why ?? 'unknown'))].slice(0, 2);
  return unread.length === 0
    ? []
    : [`all of the growth of ${name}: of ${plural(unread.length, 'dataset')} ${reasons.join('; ')}`];
}

/** A pool of which too little has a history. */
function untoldOf(pool: Pool, { datasets, gaps }: GrowthFacts, grown: readonly PoolGrowth[]): string[] {
  const name = safeCell(pool.name, 60);
  const told = grown.find((each) => each.pool === name);
  // Of snapshots that could not be read nobody knows how much they tell.
  if (told === undefined && within(pool, datasets).some(({ isGap }) => isGap)) return [];
  const covered = told?.coveredPercent ?? 0;
  if (gaps.has(pool.name) || pool.usedBytes === null || pool.wholeBytes === null) return [];
  return covered >= LEAST_COVERED_PERCENT
    ? []
    : [
        `when ${name} is full (snapshots that go back a week tell of ${formatPercent(covered)} of what it uses, less than half)`,
      ];
}

const PERCENTS = [80, 90, 100] as const;

/** `tank: 61 % of 24 TiB used; grows 60 GiB a month (20 to 90 GiB) by 58 d of 83 % of its data. 80 % about 2026-06-01 (…)`. */
function poolLine(pool: PoolGrowth, nowMs: number): string {
  const { usedBytes, wholeBytes, growth, coveredPercent } = pool;
  const dates = PERCENTS.map((percent) => {
    const crossing = crossingOf(pool, percent, nowMs);
    if (crossing.isPast) return `${percent} % is past`;
    const dayText = (ms: number): string => roundedDay(crossing, ms, nowMs);
    if (crossing.ms === undefined) {
      const soonest =
        crossing.earliestMs === undefined ? '' : `, at the earliest ${dayText(crossing.earliestMs)}`;
      return `${percent} % not within ${MOST_YEARS} years${soonest}`;
    }
    const earliest = crossing.earliestMs === undefined ? '?' : dayText(crossing.earliestMs);
    const latest = crossing.latestMs === undefined ? 'later or never' : dayText(crossing.latestMs);
    // Within one unit of what is known a range says nothing more.
    const range = earliest === latest ? '' : `${earliest} to ${latest}; `;
    return `${percent} % about ${dayText(crossing.ms)} (${range}${surenessOf(pool, crossing, nowMs)})`;
  });
  const used = `${formatPercent(percentOf(usedBytes, wholeBytes) ?? 0)} of ${formatBytes(wholeBytes)} used`;
  const basis = `by ${formatDuration(growth.spanMs)} of snapshots of ${formatPercent(coveredPercent)} of what it uses`;
  return `${pool.pool}: ${used}; ${signedMonth(growth.perDay)} a month (${rangeText(growth)}) ${basis}. ${dates.join('; ')}.`;
}

/** What is known of a pool whose growth as a whole is not. */
function partLine(pool: PoolGrowth, nowMs: number): string[] {
  const crossing = crossingOf(pool, 100, nowMs);
  const { ms } = crossing;
  if (pool.growth.perDay <= 0 || ms === undefined) return [];
  return [
    `${pool.pool}: the ${formatPercent(pool.coveredPercent)} of it whose growth is known makes ${signedMonth(pool.growth.perDay)} a month; that alone fills it about ${roundedDay(crossing, ms, nowMs)}, should the rest stay as it is.`,
  ];
}

function headlineOf(poolCount: number, known: readonly PoolGrowth[], nowMs: number): string {
  if (poolCount === 0) return 'no imported pool';
  if (known.length === 0) return `when ${plural(poolCount, 'pool')} will be full is not known`;
  const told = known.map((pool) => {
    const next = PERCENTS.find((percent) => !crossingOf(pool, percent, nowMs).isPast) ?? 100;
    const crossing = crossingOf(pool, next, nowMs);
    const { ms } = crossing;
    return `${pool.pool} ${next} % full ${ms === undefined ? `not within ${MOST_YEARS} years` : `about ${roundedDay(crossing, ms, nowMs)}`}`;
  });
  const rest = poolCount - known.length;
  return `${told.join('; ')}${rest === 0 ? '' : `; of ${plural(rest, 'more pool')} it is not known`}`;
}

/** Datasets that hold something, those that grow most first. */
function tableOf(datasets: readonly DatasetGrowth[]) {
  return {
    noun: 'datasets',
    columns: COLUMNS,
    rows: datasets
      .filter(({ ownBytes }) => ownBytes === null || ownBytes >= EMPTY_BYTES)
      .map((each) => ({ ...each, dataset: safeCell(each.id ?? '-', 100) }))
      .toSorted((a, b) => (b.growth?.perDay ?? -1) - (a.growth?.perDay ?? -1)),
  };
}

/** `+12 GiB`, of 30 days. */
function signedMonth(perDay: number): string {
  const bytes = Math.round(perDay * 30);
  return bytes === 0 ? '±0' : `${bytes < 0 ? '-' : '+'}${formatBytes(Math.abs(bytes))}`;
}

function rangeText({ least, most }: Growth): string {
  return `${signedMonth(least)} to ${signedMonth(most)}`;
}
