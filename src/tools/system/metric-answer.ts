/** Text and data of measurements: worst series first, with the times of the extremes, and what is not known. */
import { DEFAULT_BUDGET_TOKENS, estimateTokens, linesThatFit } from '../../output/budget.ts';
import { NOTHING, tableLines } from '../../output/table.ts';
import { exactDuration, isoInstant } from '../../output/time.ts';
import { formatShort, formatZoned, type TimeZone } from '../../output/time-zone.ts';
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import { gapText, valueOr } from '../support/part.ts';
import type { Metric, MetricKind } from './metric-kinds.ts';
import type { GraphRead } from './metric-reading.ts';
import {
  CURVE_PARTS,
  type GraphSummary,
  type Period,
  type SeriesSummary,
  TREND_PARTS,
  trendOf,
} from './metric-series.ts';

/** The parts of an answer. */
interface Answer {
  readonly metric: Metric;
  readonly kind: MetricKind;
  readonly period: Period;
  readonly zone: TimeZone | undefined;
  readonly graphs: readonly GraphRead[];
  /** Series shown at most. */
  readonly most: number;
  /** What is measured and could not be told by name, in words that are safe to show. */
  readonly gaps: readonly string[];
  /** Lines about clock and time zone, already safe. */
  readonly notes: readonly string[];
  readonly budgetTokens: number | undefined;
  /** A view draws the series: their curves go along. */
  readonly hasView: boolean;
}

/** What is shown, in words and as data. */
export function metricAnswer(answer: Answer) {
  const { metric, kind, period, zone, graphs, most, budgetTokens } = answer;
  const known = graphs.flatMap(({ summary }) => valueOr(summary, undefined) ?? []);
  const ranked = worstFirst(known, kind);
  const steps = known.flatMap(({ stepMs }) => stepMs ?? []).toSorted((a, b) => a - b);
  const partCount = partsFor(period, steps.at(-1));
  const partMs = (period.toMs - period.fromMs) / partCount;
  const hasDay = period.toMs - period.fromMs > DAY_MS;
  const at = (ms: number): string => formatShort(ms, zone, hasDay);
  const [header = '', ...lines] = tableLines(
    ['series', 'min', 'min at', 'mean', 'max', 'max at', 'last', `means of ${exactDuration(partMs)} each`],
    ranked.map((series) => [
      safeCell(series.name, 60) || metric,
      kind.format(series.min.value),
      at(series.min.ms),
      kind.format(series.mean),
      kind.format(series.max.value),
      at(series.max.ms),
      kind.format(series.last.value),
      trendOf(series, partCount)
        .map((value) => (value === undefined ? NOTHING : kind.format(value)))
        .join(' | '),
    ]),
  );
  const unread = unreadOf(graphs);
  const isNothing = ranked.length + answer.gaps.length === 0 && known.length === graphs.length;
  const about = [
    ...(isNothing ? ['No measurements in this range.'] : []),
    ...answer.gaps,
    ...unread,
    ...coverage(known, period, at),
    ...answer.notes,
  ];
  const shown = shownOf(lines.slice(0, most), budgetTokens, [header, ...about]);
  const notes = [...(shown < ranked.length ? [restOf(ranked.slice(shown), kind)] : []), ...about];
  const step = stepText(steps);
  const place = zone === undefined ? '' : ` ${safeCell(zone.name, 40)}`;
  const title = [
    metric,
    `${formatZoned(period.fromMs, zone)} to ${formatZoned(period.toMs, zone)}${place}`,
    ...(step === undefined ? [] : [`a value each ${step}`]),
  ].join(', ');
  const text = [title, ...(shown > 0 ? [header, ...lines.slice(0, shown)] : []), ...notes].join('\n');
  return {
    text,
    data: {
      metric,
      unit: kind.unit,
      from: isoInstant(period.fromMs),
      to: isoInstant(period.toMs),
      ...(zone === undefined ? {} : { timezone: zone.name }),
      trendSeconds: Number((partMs / 1000).toFixed(1)),
      series: ranked.slice(0, shown).map((series) => rounded(series, partCount)),
      ...(notes.length > 0 ? { notes } : {}),
    },
    ...(answer.hasView
      ? { viewData: { curves: curvesOf(ranked.slice(0, shown), period, steps.at(-1)) } }
      : {}),
  };
}

const DAY_MS = 86_400_000;

/** Graphs by their worst series; the series of one stay together. */
export function worstFirst(graphs: readonly GraphSummary[], kind: MetricKind): SeriesSummary[] {
  const badness = ({ min, max }: SeriesSummary): number => (kind.isWorstLow ? -min.value : max.value);
  return graphs
    .map(({ series }) => series.toSorted((a, b) => badness(b) - badness(a)))
    .toSorted(([a], [b]) => (b === undefined ? 0 : badness(b)) - (a === undefined ? 0 : badness(a)))
    .flat();
}

/** As many parts as the NAS has values for, of those that divide {@link TREND_PARTS}. */
function partsFor({ fromMs, toMs }: Period, stepMs: number | undefined): number {
  const values = stepMs === undefined ? TREND_PARTS : (toMs - fromMs) / stepMs;
  return [TREND_PARTS, 3, 2].find((parts) => parts <= values) ?? 1;
}

/** The series as a view draws them: means of equal parts of the period, null where nothing was measured. */
function curvesOf(
  series: readonly SeriesSummary[],
  { fromMs, toMs }: Period,
  stepMs: number | undefined,
): Record<string, unknown>[] {
  // Parts that are longer than the time between two values: an empty one is a gap then.
  const values = stepMs === undefined ? 1 : (toMs - fromMs) / (1.5 * stepMs);
  const parts = [CURVE_PARTS, 60, 40, 30, 24, 20, 15, 12, 10, 8, 6].find((count) => count <= values) ?? 1;
  return series.map((each) => ({
    name: safeCell(each.name, 60),
    means: trendOf(each, parts).map((value) => (value === undefined ? null : round(value))),
  }));
}

function stepText(steps: readonly number[]): string | undefined {
  const [least] = steps;
  const most = steps.at(-1);
  if (least === undefined || most === undefined) return undefined;
  return least === most ? exactDuration(least) : `${exactDuration(least)} to ${exactDuration(most)}`;
}

/** How many rows fit, beside all else and with data of about the same size. */
function shownOf(
  lines: readonly string[],
  budgetTokens: number | undefined,
  rest: readonly string[],
): number {
  const overhead = rest.reduce((tokens, line) => tokens + estimateTokens(line) + 1, 300);
  return lines.length === 0
    ? 0
    : linesThatFit(lines, ((budgetTokens ?? DEFAULT_BUDGET_TOKENS) - overhead) / 2);
}

/** Series that are not shown are no worse than those that are, and this says how bad they are. */
function restOf(rest: readonly SeriesSummary[], kind: MetricKind): string {
  const bound = kind.isWorstLow
    ? `at least ${kind.format(Math.min(...rest.map(({ min }) => min.value)))}`
    : `at most ${kind.format(Math.max(...rest.map(({ max }) => max.value)))}`;
  const labels = [...new Set(rest.map(({ label, name }) => safeCell(label || name, 60)))];
  const names = labels.slice(0, MAX_NAMES).join(', ');
  return `(${rest.length} more series, ${bound}: ${names}${labels.length > MAX_NAMES ? ', ...' : ''})`;
}

const MAX_NAMES = 24;
/** Lines about single series. */
const MAX_LINES = 6;

/** Says of which part of the period there are no values, where that is more than a gap between two. */
function coverage(
  graphs: readonly GraphSummary[],
  { fromMs, toMs }: Period,
  at: (ms: number) => string,
): string[] {
  const said = new Map<string, string[]>();
  for (const { series, stepMs = 0 } of graphs) {
    const tolerance = Math.max(2 * stepMs, 120_000);
    for (const { name, first, last } of series) {
      const isLate = first.ms - fromMs > tolerance;
      const isEarly = toMs - last.ms > tolerance;
      if (!isLate && !isEarly) continue;
      const span = [
        ...(isLate ? [`from ${at(first.ms)}`] : []),
        ...(isEarly ? [`until ${at(last.ms)}`] : []),
      ];
      const text = `measured ${span.join(' ')} only`;
      said.set(text, [...(said.get(text) ?? []), safeCell(name, 60)]);
    }
  }
  const all = graphs.reduce((sum, { series }) => sum + series.length, 0);
  return firstLines(
    [...said].map(([text, names]) =>
      names.length === all ? `(${text})` : `(${text}: ${names.slice(0, MAX_NAMES).join(', ')})`,
    ),
  );
}

/** What was not read, or not measured, in lines that are safe to show. */
export function unreadOf(graphs: readonly GraphRead[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { name, summary } of graphs) {
    const why = gapText(summary) ?? reasonOf(valueOr(summary, undefined));
    if (why !== undefined) byReason.set(why, [...(byReason.get(why) ?? []), name]);
  }
  const lines = [...byReason].map(([why, names]) => {
    const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
    // Our own words come first: a name could read like a line of ours.
    return `${why}: ${names.slice(0, MAX_NAMES).join(', ')}${more}`;
  });
  return firstLines(lines);
}

function reasonOf(summary: GraphSummary | undefined): string | undefined {
  if (summary === undefined) return undefined;
  if (summary.oddCount > 0) return `${plural(summary.oddCount, 'value')} could not be read`;
  return summary.series.length === 0 ? 'not measured in this period' : undefined;
}

function firstLines(lines: readonly string[]): string[] {
  const more = lines.length - MAX_LINES;
  return more > 0 ? [...lines.slice(0, MAX_LINES), `(and ${plural(more, 'line')} like these)`] : [...lines];
}

function rounded(series: SeriesSummary, partCount: number): Record<string, unknown> {
  const { name, min, mean, max, last } = series;
  return {
    name: safeCell(name, 60),
    min: round(min.value),
    minAt: isoInstant(min.ms),
    mean: round(mean),
    max: round(max.value),
    maxAt: isoInstant(max.ms),
    last: round(last.value),
    trend: trendOf(series, partCount).map((value) => (value === undefined ? null : round(value))),
  };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
