import { z } from 'zod';
import { nearNames, didYouMean } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { NOTHING, tableLines } from '../../output/table.ts';
import { formatDuration, formatInstant, isoInstant, parseMoment, parseSpan } from '../../output/time.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { defineTool } from '../define.ts';
import { field, rowsOf } from '../support/rows.ts';
import { METRIC_KINDS, METRICS, type MetricKind } from './metric-kinds.ts';
import { graphRow, type SeriesSummary, shortName, summarise, TREND_PARTS } from './metric-series.ts';

/** Disks or interfaces of one answer: each is a series of thousands of points that the NAS sends whole. */
const MAX_IDENTIFIERS = 4;
const DEFAULT_RANGE_MS = 3_600_000;

/** Measurements over time, summarised. The NAS has no way to send less than the whole series; nothing of it is passed on. */
export const getMetrics = defineTool({
  name: 'get_metrics',
  toolset: 'system',
  title: 'Get metrics',
  description: 'Measurements over a time range as min, mean, max, last and a six-part trend.',
  input: z.strictObject({
    metric: z.enum(METRICS),
    name: z.string().optional().describe('disk or interface, for disk, network, disk_temperature'),
    range: z.string().optional().describe('e.g. 1h (default), 24h, 7d'),
    from: z.string().optional().describe('ISO date, instead of range'),
    to: z.string().optional(),
  }),
  output: z.looseObject({
    metric: z.string(),
    unit: z.string(),
    from: z.string(),
    to: z.string(),
    series: z.array(z.looseObject({})),
  }),
  uses: ['reporting.netdata_get_data', 'reporting.netdata_graphs'],
  examples: [
    { args: { metric: 'cpu' }, why: 'one series of the whole NAS' },
    { args: { metric: 'memory', range: '24h' }, why: 'a range' },
    { args: { metric: 'arc' }, why: 'a size' },
    { args: { metric: 'disk', name: 'sda', range: '2h' }, why: 'one disk' },
    { args: { metric: 'disk' }, why: 'several disks, the rest counted' },
    { args: { metric: 'network' }, why: 'rates in bits' },
    { args: { metric: 'cpu_temperature' }, why: 'a zero that means nothing' },
    { args: { metric: 'disk_temperature', from: '2h', to: '1h' }, why: 'two moments' },
  ],
  async run(nas, input, context) {
    const kind = METRIC_KINDS[input.metric];
    const { fromMs, toMs } = rangeOf(input, context.now());
    const { graphs, left } = await graphsFor(nas, kind, input.name);
    const period = { start: Math.floor(fromMs / 1000), end: Math.floor(toMs / 1000), aggregate: true };
    // One call for each: together they would be a frame of megabytes.
    const answers = await Promise.all(
      graphs.map((graph) => nas.call('reporting.netdata_get_data', [[graph], period])),
    );
    const series = answers.flatMap((answer) =>
      rowsOf(answer, graphRow).flatMap((row) => summarise(row, kind, fromMs, toMs)),
    );

    const part = formatDuration((toMs - fromMs) / TREND_PARTS);
    const [header = '', ...lines] = tableLines(
      ['series', 'min', 'mean', 'max', 'last', `means of ${part} each`],
      series.map((summary) => [
        safeCell(summary.name, 60),
        kind.format(summary.min),
        kind.format(summary.mean),
        kind.format(summary.max),
        kind.format(summary.last),
        summary.trend.map((value) => (value === undefined ? NOTHING : kind.format(value))).join(' | '),
      ]),
    );
    const notes =
      left.length > 0
        ? [
            `(${left.length} more, ask with name: ${left.slice(0, 10).join(', ')}${left.length > 10 ? ', …' : ''})`,
          ]
        : [];
    const text = [
      `${input.metric}, ${formatInstant(fromMs)} to ${formatInstant(toMs)}`,
      ...(series.length === 0 ? ['No measurements in this range.'] : [header, ...lines]),
      ...notes,
    ].join('\n');
    return {
      text,
      data: {
        metric: input.metric,
        unit: kind.unit,
        from: isoInstant(fromMs),
        to: isoInstant(toMs),
        series: series.map(rounded),
        ...(notes.length > 0 ? { notes } : {}),
      },
    };
  },
});

function rangeOf(
  input: { range?: string | undefined; from?: string | undefined; to?: string | undefined },
  nowMs: number,
): { fromMs: number; toMs: number } {
  const toMs = input.to === undefined ? nowMs : momentOf('to', input.to, nowMs);
  if (input.from !== undefined && input.range !== undefined) {
    throw new InputProblem('range', 'and from exclude each other', 'give one of them');
  }
  const spanMs = input.range === undefined ? DEFAULT_RANGE_MS : parseSpan(input.range);
  if (spanMs === undefined || spanMs < 60_000) {
    throw new InputProblem('range', 'is not a span of at least a minute', 'e.g. "1h", "24h" or "7d"');
  }
  const fromMs = input.from === undefined ? toMs - spanMs : momentOf('from', input.from, nowMs);
  if (fromMs >= nowMs) throw new InputProblem('from', 'is not in the past', 'e.g. "2h" for two hours ago');
  if (toMs - fromMs < 60_000)
    throw new InputProblem(
      'from',
      'must be at least a minute before to',
      'e.g. from "2026-03-01T00:00Z" to "2026-03-02T00:00Z"',
    );
  return { fromMs, toMs };
}

function momentOf(argument: string, text: string, nowMs: number): number {
  const ms = parseMoment(text, nowMs);
  if (ms === undefined)
    throw new InputProblem(argument, 'is not a date', 'e.g. "2026-03-01T12:00Z", or "2h" for two hours ago');
  return ms;
}

const GRAPH = { identifiers: field.rawTexts };

/** The graphs to fetch, and the names of those that were left. */
async function graphsFor(
  nas: ReadClient,
  kind: MetricKind,
  name: string | undefined,
): Promise<{ graphs: { name: string; identifier?: string }[]; left: string[] }> {
  if (!kind.hasIdentifiers) {
    if (name !== undefined)
      throw new InputProblem('name', 'is only for disk, network and disk_temperature', 'leave it out');
    return { graphs: [{ name: kind.graph }], left: [] };
  }
  const parameters = query({ filters: [['name', '=', kind.graph]], select: ['identifiers'] });
  const rows = rowsOf(await nas.call('reporting.netdata_graphs', parameters), GRAPH);
  const identifiers = rows.flatMap((row) => row.identifiers ?? []).toSorted();
  const wanted =
    name === undefined ? identifiers : identifiers.filter((identifier) => shortName(identifier) === name);
  if (wanted.length === 0 && name !== undefined) {
    const names = identifiers.map((identifier) => safeCell(shortName(identifier), 40));
    const right = didYouMean(nearNames(name, names)) ?? `there is ${names.slice(0, 12).join(', ') || 'none'}`;
    throw new InputProblem(
      'name',
      `names nothing that is measured: ${JSON.stringify(safeCell(name))}`,
      right,
    );
  }
  return {
    graphs: wanted.slice(0, MAX_IDENTIFIERS).map((identifier) => ({ name: kind.graph, identifier })),
    left: wanted.slice(MAX_IDENTIFIERS).map((identifier) => safeCell(shortName(identifier), 40)),
  };
}

function rounded(summary: SeriesSummary): Record<string, unknown> {
  const round = (value: number): number => Number(value.toPrecision(4));
  const { name, min, mean, max, last, trend } = summary;
  return {
    name: safeCell(name, 60),
    min: round(min),
    mean: round(mean),
    max: round(max),
    last: round(last),
    trend: trend.map((value) => (value === undefined ? null : round(value))),
  };
}
