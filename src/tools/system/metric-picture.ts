/** The curves of an answer about measurements, with the figures of its text. */
import type { Drawable } from '../../output/picture/picture.ts';
import { formatShort, formatZoned, type TimeZone } from '../../output/time-zone.ts';
import { safeCell } from '../../output/untrusted.ts';
import { valueOr } from '../support/part.ts';
import { unreadOf, worstFirst } from './metric-answer.ts';
import type { Metric, MetricKind } from './metric-kinds.ts';
import type { GraphRead } from './metric-reading.ts';
import { IMAGE_PARTS, type Period } from './metric-series.ts';

/** What the text is made of as well. */
interface Measurements {
  readonly metric: Metric;
  readonly kind: MetricKind;
  readonly period: Period;
  readonly zone: TimeZone | undefined;
  readonly graphs: readonly GraphRead[];
}

/** A chart of the series, worst first. */
export function metricPicture({ metric, kind, period, zone, graphs }: Measurements): Drawable {
  const { fromMs, toMs } = period;
  const known = graphs.flatMap(({ summary }) => valueOr(summary, undefined) ?? []);
  const partMs = (toMs - fromMs) / IMAGE_PARTS;
  const gaps = new Map(
    known.flatMap(({ series, stepMs = 0 }) => series.map((each) => [each, 2.5 * Math.max(stepMs, partMs)])),
  );
  const hasDay = toMs - fromMs > DAY_MS;
  const moment = (ms: number): string => formatShort(ms, zone, hasDay);
  return {
    picture: {
      kind: 'chart',
      title: `${metric}, ${formatZoned(fromMs, zone)} to ${formatZoned(toMs, zone)}${zone === undefined ? '' : ` ${safeCell(zone.name, 40)}`}`,
      ...{ fromMs, toMs, isBinary: kind.unit.startsWith('bytes') },
      curves: worstFirst(known, kind).map((series) => ({
        name: safeCell(series.name, 60) || metric,
        figures: `min ${kind.format(series.min.value)}, mean ${kind.format(series.mean)}, max ${kind.format(series.max.value)} at ${moment(series.max.ms)}, last ${kind.format(series.last.value)}`,
        points: series.curve,
        gapMs: gaps.get(series) ?? partMs,
      })),
      notes: unreadOf(graphs),
    },
    words: { value: (value) => kind.format(value), moment },
  };
}

const DAY_MS = 86_400_000;
