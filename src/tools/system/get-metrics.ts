import * as z from 'zod';
import { defineTool } from '../define.ts';
import { timeOf } from '../support/clock.ts';
import { render } from '../support/inputs.ts';
import { metricAnswer } from './metric-answer.ts';
import { graphsFor } from './metric-graphs.ts';
import { METRICS } from './metric-kinds.ts';
import { metricPicture } from './metric-picture.ts';
import { periodOf } from './metric-range.ts';
import { readGraphs } from './metric-reading.ts';
import { IMAGE_PARTS } from './metric-series.ts';

/** Series shown when nobody named any. */
const MAX_SERIES = 12;

/** Measurements over time, summarised. The NAS has no way to send less than the whole series; nothing of it is passed on. */
export const getMetrics = defineTool({
  name: 'get_metrics',
  toolset: 'system',
  title: 'Get metrics',
  words:
    'graph chart performance load cpu memory ram network throughput traffic temperature history statistics slow busy',
  description:
    'Measurements over a time range: extremes with their times, mean, last and trend, worst first.',
  input: z.strictObject({
    metric: z.enum(METRICS),
    name: z.array(z.string()).min(1).optional().describe('disks, interfaces or pools'),
    range: z.string().optional().describe('e.g. 1h (default), 24h, 7d'),
    from: z.string().optional().describe('ISO date, instead of range'),
    to: z.string().optional(),
    render,
  }),
  output: z.looseObject({
    metric: z.string(),
    unit: z.string(),
    from: z.string(),
    to: z.string(),
    series: z.array(z.looseObject({})),
  }),
  view: 'metrics',
  uses: ['reporting.netdata_get_data', 'reporting.netdata_graphs', 'system.info'],
  mayLack: [{ method: 'system.info' }],
  examples: [
    { args: { metric: 'cpu' }, why: 'one series of the whole NAS' },
    { args: { metric: 'memory', range: '24h' }, why: 'a range' },
    { args: { metric: 'arc' }, why: 'a size' },
    { args: { metric: 'load' }, why: 'three series of one graph' },
    { args: { metric: 'disk', name: ['sda', 'sdb'], range: '2h' }, why: 'two disks' },
    { args: { metric: 'network' }, why: 'all interfaces, the busiest first' },
    { args: { metric: 'cpu_temperature' }, why: 'a zero that means nothing' },
    { args: { metric: 'disk_temperature', name: ['sda'], from: '2h', to: '1h' }, why: 'two moments' },
    { args: { metric: 'load', render: 'image' }, why: 'a picture beside the text' },
  ],
  async run(nas, input, context) {
    const { metric, name } = input;
    const time = await timeOf(nas, context.now());
    const period = periodOf(input, time.nowMs);
    const chosen = await graphsFor(nas, metric, name);
    const isDrawn = input.render === 'image';
    const graphs = await readGraphs(nas, chosen, period, isDrawn ? IMAGE_PARTS : 0);
    const measurements = { metric, kind: chosen.kind, period, zone: time.zone, graphs };
    const answer = metricAnswer({
      ...measurements,
      most: name === undefined ? MAX_SERIES : Number.POSITIVE_INFINITY,
      gaps: chosen.gaps,
      notes: [
        ...time.notes,
        ...(time.zone === undefined ? ['(the time zone of the NAS is not known: times are UTC)'] : []),
      ],
      budgetTokens: context.budgetTokens,
      hasView: context.showsViews === true,
    });
    return isDrawn ? { ...answer, drawable: metricPicture(measurements) } : answer;
  },
});
