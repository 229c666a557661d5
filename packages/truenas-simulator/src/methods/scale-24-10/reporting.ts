/** `reporting.*` of 24.10: other graphs, memory in mebibytes, disks by their bare names. */
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import * as z from 'zod';
import { model, text } from '../../schema/schema.ts';
import {
  arcSizeAt,
  availableMemoryAt,
  coreNames,
  coreUsageAt,
  type Graph,
  GRAPHS,
} from '../../world/metrics.ts';
import { MIB } from '../../world/units.ts';
import type { World } from '../../world/world.ts';
import type { ApiRow } from '../common.ts';
import { baseMethod } from '../legacy/base.ts';
import { series, type ReportingQuery } from '../reporting.ts';

const NAMES = [
  ...['cpu', 'cputemp', 'disk', 'disktemp', 'interface', 'load', 'memory', 'processes', 'uptime'],
  ...['arcactualrate', 'arcrate', 'arcsize', 'arcresult', 'upscharge', 'upsruntime', 'upsvoltage'],
  ...['upscurrent', 'upsfrequency', 'upsload', 'upstemperature'],
] as const;

/** Graphs that are drawn otherwise. */
const OWN: readonly Graph[] = [
  {
    ...{ name: 'cpu', title: 'CPU Usage', unit: '%CPU', identifiers: null },
    legend: () => ['system', 'user', 'idle', 'softirq', 'nice', 'iowait'],
    sample(world, _, ms) {
      const usages = coreNames(world).map((name) => coreUsageAt(world, name, ms));
      const used = usages.reduce((sum, usage) => sum + usage, 0) / Math.max(1, usages.length);
      return [used * 0.36, used * 0.58, 100 - used, used * 0.02, 0, used * 0.04].map(round);
    },
  },
  {
    ...{ name: 'memory', title: 'Physical memory utilization', unit: 'Mebibytes', identifiers: null },
    legend: () => ['free', 'used', 'cached', 'buffers'],
    sample(world, _, ms) {
      const total = world.system.memoryBytes;
      const free = availableMemoryAt(world, ms);
      const used = Math.min(total - free, arcSizeAt(world, ms));
      const rest = total - free - used;
      return [free, used, rest * 0.9, rest * 0.1].map((bytes) => round(bytes / MIB));
    },
  },
  {
    ...{ name: 'arcsize', title: 'ZFS ARC Size', unit: 'Mebibytes', identifiers: null },
    legend: () => ['arc_size'],
    sample: (world, _, ms) => [round(arcSizeAt(world, ms) / MIB)],
  },
  ...['disk', 'disktemp'].flatMap((name) => {
    const graph = GRAPHS.find((each) => each.name === name);
    return graph === undefined ? [] : [{ ...graph, identifiers: diskNames }];
  }),
];

const SHOWN: readonly Graph[] = GRAPHS.map((graph) => OWN.find(({ name }) => name === graph.name) ?? graph);

const query = model('reporting_query', {
  unit: z.enum(['HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR']).nullable().default(null),
  page: z.int().min(1).default(1),
  aggregate: z.boolean().default(true),
  start: z.int().positive().nullable().default(null),
  end: z.int().positive().nullable().default(null),
}).prefault({});

export const REPORTING_METHODS: readonly SimMethod[] = ['', 'netdata_'].flatMap((prefix): SimMethod[] => [
  {
    ...baseMethod(`reporting.${prefix}graphs`),
    run: ({ world }: MethodContext) => SHOWN.map((graph) => graphRow(world, graph)),
  },
  {
    ...baseMethod(`reporting.${prefix}get_data`),
    params: [
      [
        'graphs',
        z
          .array(
            model('graph', { name: z.enum(NAMES), identifier: text({ min: 1 }).nullable().default(null) }),
          )
          .min(1),
      ],
      ['reporting_query', query],
    ],
    run: (
      { world }: MethodContext,
      graphs: { name: string; identifier: string | null }[],
      asked: ReportingQuery,
    ) => graphs.flatMap(({ name, identifier }) => series(world, name, identifier, asked, SHOWN)),
  },
  {
    ...baseMethod(`reporting.${prefix}graph`),
    run({ world }: MethodContext, name: string, asked: ReportingQuery) {
      const identifiers = SHOWN.find((graph) => graph.name === name)?.identifiers?.(world) ?? [null];
      return identifiers.flatMap((identifier) => series(world, name, identifier, asked, SHOWN));
    },
  },
]);

function graphRow(world: World, { name, title, unit, identifiers }: Graph): ApiRow {
  return { name, title, vertical_label: unit, identifiers: identifiers?.(world) ?? null };
}

function diskNames(world: World): string[] {
  return world.disks.all.map(({ name }) => name);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
