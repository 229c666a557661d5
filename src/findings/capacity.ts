/** How fast pools fill, and when: judged by what kept snapshots say their datasets held. */
import { percentOf } from '../output/units.ts';
import type { Finding, FindingKind } from './finding.ts';

/** What a dataset held at a moment. */
export interface Sample {
  /** Milliseconds since the epoch. */
  readonly ms: number;
  readonly bytes: number;
}

/** Bytes a day: likely, and what it may be as well. */
export interface Growth {
  readonly perDay: number;
  readonly least: number;
  readonly most: number;
  /** From the oldest sample until now. */
  readonly spanMs: number;
}

/** A pool whose future is asked for. */
export interface PoolGrowth {
  /** Safe text. */
  readonly pool: string;
  readonly usedBytes: number;
  /** What can be stored: used and available. */
  readonly wholeBytes: number;
  /** The sum over its datasets of which it is known. */
  readonly growth: Growth;
  /** Of what is used, how much lies in datasets whose growth is known. */
  readonly coveredPercent: number;
}

const DAY_MS = 86_400_000;

/** Less history or fewer samples are no trend. */
export const LEAST_SPAN_MS = 7 * DAY_MS;
export const LEAST_SAMPLES = 3;
/** Of a pool of which less is known nothing is said. */
export const LEAST_COVERED_PERCENT = 50;
/** Beyond this no date is told. */
export const MOST_YEARS = 5;

/**
 * The trend of samples; undefined where they are too few or too young. The median of the slopes between samples that lie at
 * least a quarter of the history apart (Theil and Sen): one large copy or deletion does not bend it. A tenth of the slopes
 * lies below the range, a tenth above.
 */
export function growthOf(samples: readonly Sample[], now: Sample): Growth | undefined {
  const sorted = [...samples.filter(({ ms }) => ms < now.ms), now].toSorted((a, b) => a.ms - b.ms);
  const [first] = sorted;
  if (first === undefined || sorted.length <= LEAST_SAMPLES) return undefined;
  const spanMs = now.ms - first.ms;
  if (spanMs < LEAST_SPAN_MS) return undefined;
  const slopes = sorted
    .flatMap((from, index) =>
      sorted
        .slice(index + 1)
        .filter(({ ms }) => ms - from.ms >= spanMs / 4)
        .map(({ ms, bytes }) => ((bytes - from.bytes) / (ms - from.ms)) * DAY_MS),
    )
    .toSorted((a, b) => a - b);
  return { perDay: quantile(slopes, 0.5), least: quantile(slopes, 0.1), most: quantile(slopes, 0.9), spanMs };
}

/** The growth of all together; its history is the shortest that counts, by bytes a day. */
export function sumOf(all: readonly Growth[]): Growth {
  const sum = (of: (growth: Growth) => number): number => all.reduce((total, each) => total + of(each), 0);
  const [main] = all.toSorted((a, b) => Math.abs(b.perDay) - Math.abs(a.perDay));
  return {
    perDay: sum(({ perDay }) => perDay),
    least: sum(({ least }) => least),
    most: sum(({ most }) => most),
    spanMs: main?.spanMs ?? 0,
  };
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

/** When a pool is so full; undefined for a moment that is more than five years ahead, or never comes. */
export interface Crossing {
  readonly isPast: boolean;
  readonly ms: number | undefined;
  readonly earliestMs: number | undefined;
  readonly latestMs: number | undefined;
}

/**
 * When `pool` is `percent` full, if it goes on as it did. The range holds what the history does not tell: the slopes that it
 * has, that the part of the pool without a history may grow alike, and that a date far ahead of a short history is a guess.
 */
export function crossingOf(
  { usedBytes, wholeBytes, growth, coveredPercent }: PoolGrowth,
  percent: number,
  nowMs: number,
): Crossing {
  const left = (wholeBytes * percent) / 100 - usedBytes;
  if (left <= 0) return { isPast: true, ms: nowMs, earliestMs: nowMs, latestMs: nowMs };
  const at = (perDay: number): number | undefined => {
    const days = perDay > 0 ? left / perDay : Number.POSITIVE_INFINITY;
    return days <= MOST_YEARS * 365 ? nowMs + days * DAY_MS : undefined;
  };
  const { perDay, least, most, spanMs } = growth;
  const daysAhead = perDay > 0 ? left / perDay : Number.POSITIVE_INFINITY;
  const doubt = Math.min(MOST_DOUBT, LEAST_DOUBT * Math.max(1, (daysAhead * DAY_MS) / spanMs));
  const whole = 100 / Math.max(1, Math.min(100, coveredPercent));
  const margin = Math.abs(perDay) * doubt;
  const ms = at(perDay);
  const latestMs = at(Math.min(least, perDay - margin));
  return { isPast: false, ms, earliestMs: at(Math.max(most, perDay + margin) * whole), latestMs };
}

/** Of a trend that is as long as the date lies ahead, a tenth may be chance; of one that is far shorter, half of it. */
const LEAST_DOUBT = 0.1;
const MOST_DOUBT = 0.5;

/** A moment no more exactly than its range is narrow: a day within three weeks, a month within two years, else a year. */
export function roundedDay({ earliestMs, latestMs }: Crossing, ms: number, nowMs: number): string {
  const text = new Date(ms).toISOString();
  const days = ((latestMs ?? nowMs + MOST_YEARS * 365 * DAY_MS) - (earliestMs ?? nowMs)) / DAY_MS;
  return text.slice(0, days <= 21 ? 10 : days <= 730 ? 7 : 4);
}

/** `fair` for a date that is no farther ahead than the history goes back twice, and of nearly all of the pool; else `rough`. */
export function surenessOf(pool: PoolGrowth, crossing: Crossing, nowMs: number): 'fair' | 'rough' {
  const ahead = (crossing.ms ?? Number.POSITIVE_INFINITY) - nowMs;
  return pool.coveredPercent >= 80 && pool.growth.spanMs >= 30 * DAY_MS && ahead <= 2 * pool.growth.spanMs
    ? 'fair'
    : 'rough';
}

const FULL_SOON: FindingKind = {
  id: 'capacity.full_soon',
  level: 'WARNING',
  what: 'full within 90 days if it goes on so',
  means: 'More disks take time to buy, and a full pool takes neither data nor snapshots.',
  certainty: 'likely',
  seeAlso: 'space_report, for what can be freed',
};
const FILLING_SOON: FindingKind = {
  id: 'capacity.filling_soon',
  level: 'NOTE',
  what: '80 % full within 180 days if it goes on so',
  means: 'Above 80 % a pool becomes slower; there is time to plan.',
  certainty: 'likely',
  seeAlso: 'space_report, for what can be freed',
};

/** Every kind of finding here. */
export const CAPACITY_KINDS: readonly FindingKind[] = [FULL_SOON, FILLING_SOON];

/** Findings about pools whose growth is known. */
export function judgeCapacity(pools: readonly PoolGrowth[], nowMs: number): Finding[] {
  return pools.flatMap((pool): Finding[] => {
    const within = (percent: number, days: number): string | undefined => {
      const crossing = crossingOf(pool, percent, nowMs);
      const { ms, isPast } = crossing;
      const isWithin = !isPast && ms !== undefined && ms - nowMs <= days * DAY_MS;
      return isWithin ? roundedDay(crossing, ms, nowMs) : undefined;
    };
    const full = within(100, 90);
    if (full !== undefined) return [{ kind: FULL_SOON, about: pool.pool, evidence: `about ${full}` }];
    const filling = within(80, 180);
    return filling === undefined
      ? []
      : [{ kind: FILLING_SOON, about: pool.pool, evidence: `about ${filling}` }];
  });
}

/** How much of what a pool uses lies in these bytes. */
export function coveredPercentOf(bytes: number, usedBytes: number): number {
  return Math.min(100, percentOf(bytes, usedBytes) ?? 0);
}
