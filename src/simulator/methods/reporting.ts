/** `reporting.*`: graphs over time, and the live measurements. */
import { z } from 'zod';
import { CallError, ERRNO, PlainError, ValidationErrors } from '../errors.ts';
import type { EventSourceContext, SimEventDefinition } from '../events.ts';
import type { MethodContext, SimMethod, SimParams } from '../method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { model, text } from '../schema.ts';
import {
  arcSizeAt,
  availableMemoryAt,
  busynessAt,
  coreNames,
  coreUsageAt,
  cpuTemperatureAt,
  diskRatesAt,
  GRAPHS,
  type Graph,
  interfaceRatesAt,
} from '../world/metrics.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../world/units.ts';
import type { World } from '../world/world.ts';
import { type ApiRow, SINCE_25_10 } from './common.ts';
import { memoized } from './crud.ts';

const roles = ['REPORTING_READ'];
const MOST_POINTS = 2999;
const UNITS = {
  HOUR: HOUR_MS,
  DAY: DAY_MS,
  WEEK: 7 * DAY_MS,
  MONTH: 30 * DAY_MS,
  YEAR: 365 * DAY_MS,
} as const;

const GRAPH_NAMES = [
  ...['cpu', 'cputemp', 'disk', 'interface', 'load', 'processes', 'memory', 'uptime', 'arcsize', 'disktemp'],
  ...['upscharge', 'upsruntime', 'upsvoltage', 'upscurrent', 'upsfrequency', 'upsload', 'upstemperature'],
];
const OLD_GRAPH_NAMES = [...GRAPH_NAMES, 'arcactualrate', 'arcrate', 'arcresult'];

interface Query {
  readonly unit: keyof typeof UNITS | null;
  readonly page: number;
  readonly aggregate: boolean;
  /** Seconds since the epoch. */
  readonly start: number | null;
  readonly end: number | null;
}

const query = model('ReportingQuery', {
  unit: z.enum(['HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR']).nullable().default(null),
  page: z.int().min(1).default(1),
  aggregate: z.boolean().default(true),
  start: z.int().positive().nullable().default(null),
  end: z.int().positive().nullable().default(null),
}).prefault({});

const dataParams = memoized((release: SimRelease): SimParams => {
  const names = isAtLeast(release, '26.0') ? GRAPH_NAMES : OLD_GRAPH_NAMES;
  const graph = model('GraphIdentifier', {
    name: z.enum(names),
    identifier: text({ min: 1 }).nullable().default(null),
  });
  return [
    ['graphs', z.array(graph).min(1)],
    ['query', query],
  ];
});

export const REPORTING_METHODS: readonly SimMethod[] = [
  ...['', 'netdata_'].flatMap((prefix): SimMethod[] => [
    {
      name: `reporting.${prefix}graphs`,
      description: 'The graphs there are, and the disks or interfaces they can be asked for.',
      roles,
      filterable: true,
      run: ({ world }: MethodContext) => GRAPHS.map((graph) => graphRow(world, graph)),
    },
    {
      name: `reporting.${prefix}get_data`,
      description: 'Points of several graphs over a range of time, with least, mean and greatest values.',
      roles,
      params: dataParams,
      run: ({ world }: MethodContext, graphs: { name: string; identifier: string | null }[], asked: Query) =>
        graphs.flatMap(({ name, identifier }) => series(world, name, identifier, asked)),
    },
    {
      name: `reporting.${prefix}graph`,
      description: 'Points of one graph, for each of its disks or interfaces.',
      roles,
      params: [
        ['str', text({ min: 1 })],
        ['query', query],
      ],
      run({ world }: MethodContext, name: string, asked: Query) {
        const identifiers = graphNamed(name)?.identifiers?.(world) ?? [null];
        return identifiers.flatMap((identifier) => series(world, name, identifier, asked));
      },
    },
  ]),
  {
    name: 'reporting.config',
    description: 'How long measurements are kept.',
    roles,
    run: () => ({ id: 1, tier0_days: 7, tier1_days: 30, tier1_update_interval: 300 }),
  },
];

export const REPORTING_EVENTS: readonly SimEventDefinition[] = [
  {
    name: 'reporting.realtime',
    description: 'Load of processors, memory, disks and interfaces, every few seconds.',
    releases: SINCE_25_10,
    roles,
    args: model('RealtimeArgs', { interval: z.int().min(2).default(2) }).prefault({}),
    start(context: EventSourceContext, args: { interval: number }) {
      const send = (): void => context.emit(measure(context.world, context.now()));
      send();
      const timer = setInterval(send, args.interval * SECOND_MS);
      return () => clearInterval(timer);
    },
  },
];

function graphNamed(name: string): Graph | undefined {
  return GRAPHS.find((graph) => graph.name === name);
}

function unknownGraph(release: SimRelease, name: string): Error {
  return isAtLeast(release, '26.0')
    ? new CallError(`Graph ${name} not found`, ERRNO.ENOENT)
    : new PlainError(`'${name}'`, 'KeyError');
}

function graphRow(world: World, graph: Graph): ApiRow {
  return {
    name: graph.name,
    title: graph.title,
    vertical_label: graph.unit,
    identifiers: graph.identifiers?.(world) ?? null,
  };
}

/**
 * Points of one graph; at most 2,999, none before the system booted. A graph that is asked for a disk or interface
 * that is not there is left out without a word; one that nothing measures (there is no UPS) has no points.
 */
function series(world: World, name: string, identifier: string | null, asked: Query): ApiRow[] {
  const graph = graphNamed(name);
  if (graph === undefined && !name.startsWith('ups')) throw unknownGraph(world.release, name);
  const known = graph?.identifiers?.(world);
  if (known !== undefined && (identifier === null || !known.includes(identifier))) {
    return [];
  }
  const { startMs, endMs } = rangeOf(asked, world.now());
  const stepMs = Math.max(SECOND_MS, Math.ceil((endMs - startMs) / MOST_POINTS / SECOND_MS) * SECOND_MS);
  const legend = graph?.legend(world) ?? [];
  const data: number[][] = [];
  if (graph !== undefined) {
    const firstMs = Math.max(startMs, world.system.bootedMs);
    for (let ms = Math.ceil(firstMs / stepMs) * stepMs; ms <= endMs; ms += stepMs) {
      data.push([ms / SECOND_MS, ...graph.sample(world, identifier, ms)]);
    }
  }
  const row = {
    name,
    identifier: identifier ?? name,
    legend: ['time', ...legend],
    data,
    aggregations: aggregations(world.release, legend, data, asked.aggregate),
    start: startMs / SECOND_MS,
    end: endMs / SECOND_MS,
  };
  return [row];
}

/** A unit and a page of it reach that many units back from now; else explicit bounds; one hour when nothing is said. */
function rangeOf({ unit, page, start, end }: Query, nowMs: number): { startMs: number; endMs: number } {
  const now = Math.floor(nowMs / SECOND_MS) * SECOND_MS;
  if (unit !== null && (start !== null || end !== null)) {
    throw new ValidationErrors().add('reporting_query', 'start/end may not be given together with unit');
  }
  if (unit !== null) return { startMs: now - page * UNITS[unit], endMs: now };
  const endMs = end === null ? now : Math.min(now, end * SECOND_MS);
  const startMs = start === null ? endMs - HOUR_MS : start * SECOND_MS;
  if (startMs >= endMs) throw new CallError('Start must lie before end', ERRNO.EINVALIDRRDTIMESTAMP);
  return { startMs, endMs };
}

function aggregations(
  release: SimRelease,
  legend: readonly string[],
  data: readonly (readonly number[])[],
  isWanted: boolean,
): ApiRow | null {
  if (!isWanted && isAtLeast(release, '26.0')) return null;
  const min: Record<string, number> = {};
  const mean: Record<string, number> = {};
  const max: Record<string, number> = {};
  if (isWanted && data.length > 0) {
    legend.forEach((name, index) => {
      let [least, sum, most] = [Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY];
      for (const row of data) {
        const value = row[index + 1] ?? 0;
        least = Math.min(least, value);
        most = Math.max(most, value);
        sum += value;
      }
      min[name] = least;
      mean[name] = sum / data.length;
      max[name] = most;
    });
  }
  return { min, mean, max };
}

/** What `reporting.realtime` sends. */
function measure(world: World, ms: number): ApiRow {
  const cores = coreNames(world);
  const busy = busynessAt(world, ms);
  const rates = world.disks.all.map(({ name }) => diskRatesAt(world, name, ms));
  const reads = rates.reduce((sum, [read]) => sum + read, 0);
  const writes = rates.reduce((sum, [, write]) => sum + write, 0);
  const core = (name: string): ApiRow => ({
    usage: coreUsageAt(world, name, ms),
    temp: cpuTemperatureAt(world, name, ms),
  });
  const usages = cores.map((name) => coreUsageAt(world, name, ms));
  const total = usages.reduce((sum, usage) => sum + usage, 0) / Math.max(1, usages.length);
  return {
    cpu: {
      cpu: { usage: total, temp: cpuTemperatureAt(world, 'cpu', ms) },
      ...Object.fromEntries(cores.map((name) => [name, core(name)])),
    },
    disks: {
      busy: Math.min(100, busy * 120),
      read_bytes: reads,
      write_bytes: writes,
      read_ops: reads / 65_536,
      write_ops: writes / 32_768,
    },
    interfaces: Object.fromEntries(
      world.system.interfaces.map(({ name, isUp, speedMbit }) => {
        const [received, sent] = interfaceRatesAt(world, name, ms);
        const state = isUp ? 'LINK_STATE_UP' : 'LINK_STATE_DOWN';
        return [
          name,
          {
            link_state: state,
            speed: isUp ? speedMbit : null,
            received_bytes_rate: received,
            sent_bytes_rate: sent,
          },
        ];
      }),
    ),
    memory: {
      arc_size: arcSizeAt(world, ms),
      arc_free_memory: Math.round(availableMemoryAt(world, ms) * 0.5),
      arc_available_memory: Math.round(availableMemoryAt(world, ms) * 0.4),
      physical_memory_total: world.system.memoryBytes,
      physical_memory_available: availableMemoryAt(world, ms),
    },
    zfs: zfsRates(busy, ms),
    pools: Object.fromEntries(
      world.pools.all.map((pool) => {
        const root = world.datasets.get(pool.name);
        const used = root === undefined ? 0 : world.datasets.usedBytes(root);
        return [pool.name, { available: pool.usableBytes - used, used, total: pool.usableBytes }];
      }),
    ),
  };
}

function zfsRates(busy: number, ms: number): Record<string, number> {
  const data = Math.round(9000 * busy);
  const metadata = Math.round(2500 * busy);
  const hit = 93 + Math.round((ms / MINUTE_MS) % 4);
  const split = (kind: string, total: number): Record<string, number> => ({
    [`demand_${kind}_accesses_per_second`]: total,
    [`demand_${kind}_hits_per_second`]: Math.round((total * hit) / 100),
    [`demand_${kind}_io_hits_per_second`]: Math.round(total / 100),
    [`demand_${kind}_misses_per_second`]: Math.round((total * (99 - hit)) / 100),
    [`demand_${kind}_hit_percentage`]: hit,
    [`demand_${kind}_io_hit_percentage`]: 1,
    [`demand_${kind}_miss_percentage`]: 99 - hit,
  });
  return {
    demand_accesses_per_second: data + metadata,
    ...split('data', data),
    ...split('metadata', metadata),
    l2arc_hits_per_second: Math.round(data / 60),
    l2arc_misses_per_second: Math.round(data / 40),
    total_l2arc_accesses_per_second: Math.round(data / 60) + Math.round(data / 40),
    l2arc_access_hit_percentage: 40,
    l2arc_miss_percentage: 60,
    bytes_read_per_second_from_the_l2arc: data * 900,
    bytes_written_per_second_to_the_l2arc: data * 300,
  };
}
