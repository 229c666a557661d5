/** A pool of a forecast: its sizes now, its growth, and the parts of both that are not known. */
import { coveredPercentOf, LEAST_COVERED_PERCENT, type PoolGrowth, sumOf } from '../../findings/capacity.ts';
import { formatPercent, percentOf, plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { field, rowsOf, zfsNumber } from '../support/rows.ts';
import { type DatasetGrowth, type GrowthFacts, plausible } from './capacity-facts.ts';

/** A pool as it is now; sizes that are not known are null. */
interface Pool {
  /** As the NAS writes it; empty where it is not told. */
  readonly name: string;
  readonly usedBytes: number | null;
  readonly wholeBytes: number | null;
}

const ROOT = { id: field.rawText, used: zfsNumber, available: zfsNumber };

/** Root datasets of all pools, or of the one named: sizes that the NAS does not tell are null. */
export async function readPools(nas: ReadClient, name: string | undefined): Promise<Pool[]> {
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

/** Used percent, for sorting: a pool whose sizes are not known comes first. */
export function share({ usedBytes, wholeBytes }: Pool): number {
  return percentOf(usedBytes, wholeBytes) ?? 101;
}

/** The pool as a finding on space takes it. */
export function spaceOf({ name, usedBytes, wholeBytes }: Pool) {
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

/** Growth of the pool by its datasets; undefined where its sizes or all of their histories are not known. */
export function growthOfPool(pool: Pool, datasets: readonly DatasetGrowth[]): PoolGrowth | undefined {
  const { name, usedBytes, wholeBytes } = pool;
  if (usedBytes === null || wholeBytes === null) return undefined;
  const told = within(pool, datasets).filter(({ growth }) => growth !== undefined);
  const bytes = told.reduce((sum, { ownBytes }) => sum + (ownBytes ?? 0), 0);
  const coveredPercent = coveredPercentOf(bytes, usedBytes);
  if (told.length === 0) return undefined;
  const growth = sumOf(told.flatMap(({ growth: each }) => each ?? []));
  return { pool: safeCell(name, 60), usedBytes, wholeBytes, growth, coveredPercent };
}

/** Parts of a pool that could not be read: all of it, its size, or snapshots of its datasets. */
export function unreadOf(pool: Pool, { datasets, gaps }: GrowthFacts): string[] {
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

/** Says that too little of the pool has a history to tell when it is full. */
export function untoldOf(
  pool: Pool,
  { datasets, gaps }: GrowthFacts,
  grown: readonly PoolGrowth[],
): string[] {
  const name = safeCell(pool.name, 60);
  const told = grown.find((each) => each.pool === name);
  // How much unread snapshots would tell is not known: unreadOf names them.
  if (told === undefined && within(pool, datasets).some(({ isGap }) => isGap)) return [];
  const covered = told?.coveredPercent ?? 0;
  if (gaps.has(pool.name) || pool.usedBytes === null || pool.wholeBytes === null) return [];
  return covered >= LEAST_COVERED_PERCENT
    ? []
    : [
        `when ${name} is full (snapshots that go back a week tell of ${formatPercent(covered)} of what it uses, less than half)`,
      ];
}
