/** Words of a forecast: its headline, and a line for each pool. */
import {
  crossingOf,
  type Growth,
  MOST_YEARS,
  type PoolGrowth,
  roundedDay,
  surenessOf,
} from '../../findings/capacity.ts';
import { formatDuration } from '../../output/time.ts';
import { formatBytes, formatPercent, percentOf, plural } from '../../output/units.ts';

/** @param known pools whose growth is known */
export function headlineOf(poolCount: number, known: readonly PoolGrowth[], nowMs: number): string {
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

const PERCENTS = [80, 90, 100] as const;

/** `tank: 61 % of 24 TiB used; grows 60 GiB a month (20 to 90 GiB) by 58 d of 83 % of its data. 80 % about 2026-06-01 (…)`. */
export function poolLine(pool: PoolGrowth, nowMs: number): string {
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
    // Dates are rounded: a range that rounds to one date says nothing more.
    const range = earliest === latest ? '' : `${earliest} to ${latest}; `;
    return `${percent} % about ${dayText(crossing.ms)} (${range}${surenessOf(pool, crossing, nowMs)})`;
  });
  const used = `${formatPercent(percentOf(usedBytes, wholeBytes) ?? 0)} of ${formatBytes(wholeBytes)} used`;
  const basis = `by ${formatDuration(growth.spanMs)} of snapshots of ${formatPercent(coveredPercent)} of what it uses`;
  return `${pool.pool}: ${used}; ${signedMonth(growth.perDay)} a month (${rangeText(growth)}) ${basis}. ${dates.join('; ')}.`;
}

/** A line for a pool of which the growth of a part alone is known. */
export function partLine(pool: PoolGrowth, nowMs: number): string[] {
  const crossing = crossingOf(pool, 100, nowMs);
  const { ms } = crossing;
  if (pool.growth.perDay <= 0 || ms === undefined) return [];
  return [
    `${pool.pool}: the ${formatPercent(pool.coveredPercent)} of it whose growth is known makes ${signedMonth(pool.growth.perDay)} a month; that alone fills it about ${roundedDay(crossing, ms, nowMs)}, should the rest stay as it is.`,
  ];
}

/** `+12 GiB`, of 30 days. */
export function signedMonth(perDay: number): string {
  const bytes = Math.round(perDay * 30);
  return bytes === 0 ? '±0' : `${bytes < 0 ? '-' : '+'}${formatBytes(Math.abs(bytes))}`;
}

/** `+1 GiB to +3 GiB`, of 30 days. */
export function rangeText({ least, most }: Growth): string {
  return `${signedMonth(least)} to ${signedMonth(most)}`;
}
