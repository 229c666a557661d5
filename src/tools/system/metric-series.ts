/** Raw series of a NAS, summarised: a series has up to 3,000 points, of which a reader needs a handful. */
import type { MetricKind } from './metric-kinds.ts';
import { field, type RowOf } from '../support/rows.ts';

/** One graph of `reporting.netdata_get_data`. `data` rows are `[seconds, value, …]` in the order of `legend`. */
export const graphRow = {
  name: field.text,
  identifier: field.rawText,
  legend: field.texts,
  data: field.items,
};

/** A series in a few numbers, in the unit of its kind. */
export interface SeriesSummary {
  /** `sda reads`, `cpu`. */
  readonly name: string;
  readonly points: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  readonly last: number;
  /** Means of equal parts of the range, oldest first; undefined where nothing was measured. */
  readonly trend: readonly (number | undefined)[];
}

/** Parts of the range that `trend` has. */
export const TREND_PARTS = 6;

/** Summaries of a graph's series; those without any measurement are left out. */
export function summarise(
  graph: RowOf<typeof graphRow>,
  kind: MetricKind,
  fromMs: number,
  toMs: number,
): SeriesSummary[] {
  const legend = graph.legend ?? [];
  const rows = (graph.data ?? []).flatMap((row): number[][] => (Array.isArray(row) ? [row as number[]] : []));
  const label = kind.hasIdentifiers && graph.identifier ? `${shortName(graph.identifier)} ` : '';
  return chosenColumns(legend).flatMap((column) => {
    const title = legend[column] ?? '';
    const summary = summariseColumn(rows, column, kind, fromMs, toMs);
    return summary === undefined
      ? []
      : [{ name: (label + (title === 'temperature_value' ? '' : title)).trim(), ...summary }];
  });
}

/** TrueNAS calls a disk `sda | Type: HDD | Model: … | Serial: …`. */
export function shortName(identifier: string): string {
  return (identifier.split(' | ')[0] ?? identifier).trim();
}

/** All columns but the time; of a processor the total alone, not each of its cores. */
function chosenColumns(legend: readonly string[]): number[] {
  const columns = legend.flatMap((title, index) => (title === 'time' ? [] : [index]));
  const total = columns.filter((index) => legend[index] === 'cpu');
  return total.length > 0 ? total : columns.slice(0, 8);
}

function summariseColumn(
  rows: readonly number[][],
  column: number,
  kind: MetricKind,
  fromMs: number,
  toMs: number,
): Omit<SeriesSummary, 'name'> | undefined {
  let points = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let last = 0;
  const sums = new Array<number>(TREND_PARTS).fill(0);
  const counts = new Array<number>(TREND_PARTS).fill(0);
  const partMs = Math.max(1, (toMs - fromMs) / TREND_PARTS);
  for (const row of rows) {
    const raw: unknown = row[column];
    const seconds: unknown = row[0];
    if (typeof raw !== 'number' || typeof seconds !== 'number' || (kind.zeroIsNothing && raw === 0)) continue;
    const value = kind.convert(raw);
    points += 1;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
    last = value;
    const part = Math.min(TREND_PARTS - 1, Math.max(0, Math.floor((seconds * 1000 - fromMs) / partMs)));
    sums[part] = (sums[part] ?? 0) + value;
    counts[part] = (counts[part] ?? 0) + 1;
  }
  if (points === 0) return undefined;
  const trend = sums.map((total, part) => (counts[part] ? total / (counts[part] ?? 1) : undefined));
  return { points, min, mean: sum / points, max, last, trend };
}
