/**
 * How the largest datasets of pools grew. No release up to 28 keeps a history of usage in its graphs: what a kept snapshot
 * refers to is what its dataset held then. Up to 25.10 a question for more than names reads all properties of all snapshots of
 * the system, so names are read, and a few of them spread over time one by one.
 */
import { type Growth, growthOf, type Sample } from '../../findings/capacity.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { gapText, readPart } from '../support/part.ts';
import { field, oddAnswer, type RowOf, rowsOf, zfsNumber } from '../support/rows.ts';
import { datasetListExtra, listFilters } from './dataset-query.ts';

/** Datasets looked at in all pools together, those with most data of their own first. */
const MAX_DATASETS = 12;
/** And at least so many of each pool. */
const LEAST_DATASETS = 3;
/** Snapshots of one dataset that are read. */
const MAX_SAMPLES = 6;
/** Names of one dataset that are read, from either end. */
const MAX_NAMES = 150;

/** Methods that {@link readGrowth} calls. */
export const GROWTH_USES = ['pool.dataset.query', 'pool.snapshot.query'] as const;

/** A dataset, and how it grew. */
export interface DatasetGrowth {
  /** As the NAS writes it. */
  readonly pool: string;
  /** Null where it is not told. */
  readonly id: string | null;
  readonly ownBytes: number | null;
  /** Absent where it is not known; `why` says so then. */
  readonly growth?: Growth | undefined;
  readonly samples: number;
  /** Why its growth is not known, in words. */
  readonly why?: string | undefined;
  /** It could not be read, rather than there being too little. */
  readonly isGap?: boolean | undefined;
}

const DATASET = { id: field.rawText, usedbydataset: zfsNumber, usedbyrefreservation: zfsNumber };
const SNAPSHOT = {
  properties: field.object({
    creation: field.object({ parsed: field.time }),
    referenced: field.object({ parsed: field.integer }),
  }),
};

/** What was read of pools. */
export interface GrowthFacts {
  readonly datasets: readonly DatasetGrowth[];
  /** Pools whose datasets could not be read, with the reason. */
  readonly gaps: ReadonlyMap<string, string>;
}

/** Reads the largest datasets of these pools, and how each grew; what cannot be read is told with it. */
export async function readGrowth(
  nas: ReadClient,
  pools: readonly string[],
  nowMs: number,
): Promise<GrowthFacts> {
  const most = Math.max(LEAST_DATASETS, Math.floor(MAX_DATASETS / Math.max(1, pools.length)));
  const extra = await datasetListExtra(nas, ['usedbydataset', 'usedbyrefreservation']);
  const largest = await Promise.all(
    pools.map(async (pool) => ({
      pool,
      part: await readPart(nas, (limited) => largestOf(limited, pool, most, extra)),
    })),
  );
  const read = largest.flatMap(({ pool, part }) =>
    ('value' in part ? part.value : []).map((row) => growthOfRow(nas, pool, row, nowMs)),
  );
  return {
    datasets: await Promise.all(read),
    gaps: new Map(largest.flatMap(({ pool, part }) => ('gap' in part ? [[pool, gapText(part) ?? '']] : []))),
  };
}

async function largestOf(
  nas: ReadClient,
  pool: string,
  most: number,
  extra: Readonly<Record<string, unknown>>,
): Promise<RowOf<typeof DATASET>[]> {
  const parameters = query({
    filters: listFilters([['pool', '=', pool]]),
    select: ['id', 'usedbydataset.parsed', 'usedbyrefreservation.parsed'],
    orderBy: ['-usedbydataset.parsed'],
    limit: most,
    extra,
  });
  return rowsOf(await nas.call('pool.dataset.query', parameters), DATASET);
}

async function growthOfRow(
  nas: ReadClient,
  pool: string,
  { id, usedbydataset: own, usedbyrefreservation: reserved }: RowOf<typeof DATASET>,
  nowMs: number,
): Promise<DatasetGrowth> {
  const known = { pool, id, ownBytes: plausible(own?.parsed), samples: 0 };
  const reservedBytes = plausible(reserved?.parsed);
  if (id === null || known.ownBytes === null || reservedBytes === null)
    return { ...known, why: 'its name, size or reservation is not told', isGap: true };
  // What is written into a reservation was counted before.
  if (reservedBytes > 0) return { ...known, growth: NOT_GROWING, why: 'its space is reserved' };
  return { ...known, ...(await growthFrom(nas, id, { ms: nowMs, bytes: known.ownBytes })) };
}

/** Null for a size that no pool has. */
export function plausible(bytes: number | null | undefined): number | null {
  return bytes === null || bytes === undefined || bytes < 0 || bytes > MOST_BYTES ? null : bytes;
}

/** ZFS counts bytes in 64 bits. */
const MOST_BYTES = 2 ** 64;

const NOT_GROWING: Growth = { perDay: 0, least: 0, most: 0, spanMs: 0 };

type Read = Pick<DatasetGrowth, 'growth' | 'samples' | 'why' | 'isGap'>;

async function growthFrom(nas: ReadClient, dataset: string, now: Sample): Promise<Read> {
  const part = await readPart(nas, (limited) => namesOf(limited, dataset));
  if (!('value' in part)) return { samples: 0, why: `snapshots ${gapText(part)}`, isGap: true };
  if (part.value.length === 0) return { samples: 0, why: 'without snapshots' };
  const read = await Promise.all(
    spreadNames(part.value).map((name) => readPart(nas, (limited) => sampleOf(limited, name))),
  );
  const samples = read.flatMap((each) => ('value' in each && each.value !== undefined ? [each.value] : []));
  const failed = read.find((each) => 'gap' in each);
  const lost = read.length - samples.length;
  const why = failed === undefined ? 'do not tell time or size' : (gapText(failed) ?? '');
  const gap = lost === 0 ? undefined : `${lost} of ${read.length} snapshots ${why}`;
  const growth = growthOf(samples, now);
  const told = { samples: samples.length, isGap: lost > 0 };
  return growth === undefined
    ? { ...told, why: gap ?? 'its snapshots are too few or too young' }
    : { ...told, growth, why: gap };
}

/** The names of its first and of its last snapshots, by name. */
async function namesOf(nas: ReadClient, dataset: string): Promise<string[]> {
  const ends = await Promise.all(
    ['name', '-name'].map(async (order) => {
      const parameters = query({
        filters: [['dataset', '=', dataset]],
        select: ['name'],
        orderBy: [order],
        limit: MAX_NAMES,
      });
      const rows = rowsOf(await nas.call('pool.snapshot.query', parameters), { name: field.rawText });
      if (rows.some(({ name }) => name === null)) throw oddAnswer(rows, 'names of snapshots');
      return rows;
    }),
  );
  return [...new Set(ends.flat().flatMap(({ name }) => name ?? []))].toSorted();
}

/**
 * A few names, spread over each form of names (`auto-2026-03-01_12-00`), within which names sort by time. The forms with
 * most names come first, and each gives its oldest and newest.
 */
export function spreadNames(names: readonly string[], most: number = MAX_SAMPLES): string[] {
  const forms = new Map<string, string[]>();
  for (const name of names.toSorted()) {
    const form = name.replaceAll(/\d/gu, '0');
    forms.set(form, [...(forms.get(form) ?? []), name]);
  }
  const groups = [...forms.values()].toSorted((a, b) => b.length - a.length).slice(0, 3);
  const chosen = groups.flatMap((group, index) => {
    const share = index === 0 ? most - Math.min(most - 2, 2 * (groups.length - 1)) : 2;
    return evenly(group, share);
  });
  return [...new Set(chosen)].slice(0, most);
}

/** `count` of them, the first and the last among them. */
function evenly(names: readonly string[], count: number): string[] {
  if (names.length <= count) return [...names];
  const step = (names.length - 1) / Math.max(1, count - 1);
  return Array.from({ length: count }, (_, index) => names[Math.round(index * step)] ?? '');
}

/** Undefined where the snapshot does not say both. */
async function sampleOf(nas: ReadClient, name: string): Promise<Sample | undefined> {
  const one = query({
    filters: [['id', '=', name]],
    select: ['properties'],
    limit: 1,
    extra: { properties: ['creation', 'referenced'] },
  });
  const [row] = rowsOf(await nas.call('pool.snapshot.query', one), SNAPSHOT);
  const ms = row?.properties?.creation?.parsed ?? null;
  const bytes = plausible(row?.properties?.referenced?.parsed);
  return ms === null || bytes === null ? undefined : { ms, bytes };
}
