/** Raw series of a NAS, summarised: a series has up to 3,000 points, of which a reader needs a handful. */
import { safeCell } from '../../output/untrusted.ts';
import type { CurvePoint } from '../../output/picture/picture.ts';
import type { MetricKind } from './metric-kinds.ts';

/** A period, in milliseconds since the epoch. */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A measured value, and when it was measured. */
export interface Measured {
  readonly value: number;
  readonly ms: number;
}

/** A series in a few numbers, in the unit of its kind. */
export interface SeriesSummary {
  /** The disk or interface; empty where there is one graph for the system. */
  readonly label: string;
  /** `sda reads`, `cpu`. */
  readonly name: string;
  readonly min: Measured;
  readonly mean: number;
  readonly max: Measured;
  readonly first: Measured;
  readonly last: Measured;
  /** Sums and numbers of values in {@link CURVE_PARTS} equal parts of the period, oldest first. */
  readonly sums: readonly number[];
  readonly counts: readonly number[];
  /** The course of it, for a picture; empty where none is asked for. */
  readonly curve: readonly CurvePoint[];
}

/** What a graph says of a period. */
export interface GraphSummary {
  /** Series with at least one value. */
  readonly series: readonly SeriesSummary[];
  /** Time from one value to the next, in milliseconds; undefined with fewer than two. */
  readonly stepMs: number | undefined;
  /** Values, or times of values, that are none. */
  readonly oddCount: number;
}

/** Most parts of the period that a trend has. */
export const TREND_PARTS = 6;
/** Most parts that a curve has, which a view draws; a multiple of {@link TREND_PARTS}. */
export const CURVE_PARTS = 120;
/** Points of a curve in an image, which has extremes besides means: about one for every three pixels. */
export const IMAGE_PARTS = 240;

/**
 * Summarises a row of `reporting.netdata_get_data`; undefined for one of an unknown form.
 * @param label put before the names of its series: the disk or interface
 * @param curveParts points of each series' curve; 0 for none
 */
export function summarise(
  row: Readonly<Record<string, unknown>>,
  label: string,
  kind: MetricKind,
  period: Period,
  curveParts = 0,
): GraphSummary | undefined {
  const { legend, data } = row;
  if (!Array.isArray(legend) || !Array.isArray(data)) return undefined;
  const columns = chosenColumns(legend);
  const series = columns.map((column) =>
    emptySeries(label, nameOf(label, legend[column], column, kind), curveParts),
  );
  const times: number[] = [];
  let oddCount = 0;
  for (const point of data as readonly unknown[]) {
    const ms = timeOf(point);
    if (ms === undefined) {
      oddCount += 1;
      continue;
    }
    times.push(ms);
    for (const [index, column] of columns.entries()) {
      const raw = (point as unknown[])[column];
      // Null stands for a moment at which nothing was measured.
      if (raw === null || raw === undefined || (kind.zeroIsNothing && raw === 0)) continue;
      const value = typeof raw === 'number' ? kind.convert(raw) : Number.NaN;
      if (Number.isFinite(value)) series[index]?.add(value, ms, period);
      else oddCount += 1;
    }
  }
  return { series: series.flatMap((each) => each.summary() ?? []), stepMs: stepOf(times), oddCount };
}

/** Means of so many equal parts of the period; undefined where nothing was measured. `parts` divides {@link CURVE_PARTS}. */
export function trendOf({ sums, counts }: SeriesSummary, parts: number): (number | undefined)[] {
  const size = CURVE_PARTS / parts;
  const total = (values: readonly number[], part: number): number =>
    values.slice(part * size, (part + 1) * size).reduce((sum, value) => sum + value, 0);
  return Array.from({ length: parts }, (_, part) => {
    const count = total(counts, part);
    return count === 0 ? undefined : total(sums, part) / count;
  });
}

/** All columns but the first, which is the time; of a processor the total alone, not each of its cores. */
function chosenColumns(legend: readonly unknown[]): number[] {
  const total = legend.indexOf('cpu');
  if (total > 0) return [total];
  return legend.slice(1, MAX_COLUMNS + 1).map((_, index) => index + 1);
}

/** Cores of a processor, at most; a legend that is longer is none. */
const MAX_COLUMNS = 512;

function nameOf(label: string, title: unknown, column: number, kind: MetricKind): string {
  const own = typeof title === 'string' ? safeCell(title, 60) : `column ${column}`;
  return [label, kind.titles?.[own] ?? own].filter(Boolean).join(' ');
}

function timeOf(point: unknown): number | undefined {
  const seconds: unknown = Array.isArray(point) ? point[0] : undefined;
  return typeof seconds === 'number' && Math.abs(seconds) <= MAX_SECONDS ? seconds * 1000 : undefined;
}

/** The last moment that a date can be. */
const MAX_SECONDS = 8_640_000_000_000;

interface Series {
  add(value: number, ms: number, period: Period): void;
  summary(): SeriesSummary | undefined;
}

function emptySeries(label: string, name: string, curveParts: number): Series {
  let points = 0;
  let sum = 0;
  let min: Measured | undefined;
  let max: Measured | undefined;
  let first: Measured | undefined;
  let last: Measured | undefined;
  const sums = new Array<number>(CURVE_PARTS).fill(0);
  const counts = new Array<number>(CURVE_PARTS).fill(0);
  const curve = emptyCurve(curveParts);
  return {
    add(value, ms, { fromMs, toMs }) {
      points += 1;
      sum += value;
      if (min === undefined || value < min.value) min = { value, ms };
      if (max === undefined || value > max.value) max = { value, ms };
      if (first === undefined || ms < first.ms) first = { value, ms };
      if (last === undefined || ms >= last.ms) last = { value, ms };
      const share = (ms - fromMs) / Math.max(1, toMs - fromMs);
      const part = Math.min(CURVE_PARTS - 1, Math.max(0, Math.floor(share * CURVE_PARTS)));
      sums[part] = (sums[part] ?? 0) + value;
      counts[part] = (counts[part] ?? 0) + 1;
      curve.add(value, ms, share);
    },
    summary() {
      if (min === undefined || max === undefined || first === undefined || last === undefined)
        return undefined;
      return { label, name, min, mean: sum / points, max, first, last, sums, counts, curve: curve.points() };
    },
  };
}

/** Values by parts of the period: their mean and extremes, at the middle of the times at which they were measured. */
function emptyCurve(parts: number) {
  interface Part {
    count: number;
    sum: number;
    sumMs: number;
    low: number;
    high: number;
  }
  const known = new Map<number, Part>();
  return {
    add(value: number, ms: number, share: number): void {
      if (parts === 0) return;
      const index = Math.min(parts - 1, Math.max(0, Math.floor(share * parts)));
      const part = known.get(index);
      if (part === undefined) {
        known.set(index, { count: 1, sum: value, sumMs: ms, low: value, high: value });
        return;
      }
      part.count += 1;
      part.sum += value;
      part.sumMs += ms;
      part.low = Math.min(part.low, value);
      part.high = Math.max(part.high, value);
    },
    points: (): CurvePoint[] =>
      [...known]
        .toSorted(([a], [b]) => a - b)
        .map(([, { count, sum, sumMs, low, high }]) => ({ ms: sumMs / count, mean: sum / count, low, high })),
  };
}

/** The usual distance of two moments that follow each other. */
function stepOf(times: readonly number[]): number | undefined {
  const sorted = [...new Set(times)].toSorted((a, b) => a - b);
  const steps = sorted.slice(1).map((ms, index) => ms - (sorted[index] ?? ms));
  return steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)];
}
