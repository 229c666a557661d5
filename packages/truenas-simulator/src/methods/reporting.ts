/** `reporting.*`: graphs over time. */
import * as z from 'zod';
import { CallError, ERRNO, PlainError, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod, SimParams } from '../calls/method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { model, text } from '../schema/schema.ts';
import { GRAPHS, type Graph } from '../world/metrics.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../world/units.ts';
import type { World } from '../world/world.ts';
import type { ApiRow } from './common.ts';
import { configService, settingsOf } from './config-service.ts';
import { type Data, memoized, required } from './crud.ts';

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

/** A range of time, as validated. */
export interface ReportingQuery {
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
  const names = isAtLeast(release, '27.0') ? GRAPH_NAMES : OLD_GRAPH_NAMES;
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
      run: (
        { world }: MethodContext,
        graphs: { name: string; identifier: string | null }[],
        asked: ReportingQuery,
      ) => graphs.flatMap(({ name, identifier }) => series(world, name, identifier, asked)),
    },
    {
      name: `reporting.${prefix}graph`,
      description: 'Points of one graph, for each of its disks or interfaces.',
      roles,
      params: [
        ['str', text({ min: 1 })],
        ['query', query],
      ],
      run({ world }: MethodContext, name: string, asked: ReportingQuery) {
        const identifiers = graphNamed(name)?.identifiers?.(world) ?? [null];
        return identifiers.flatMap((identifier) => series(world, name, identifier, asked));
      },
    },
  ]),
  ...configService({
    namespace: 'reporting',
    entity: 'Reporting',
    model: () => 'ReportingUpdateArgs',
    roles,
    writeRoles: ['REPORTING_WRITE'],
    param: 'reporting_update',
    mayBeEmpty: (release) => isAtLeast(release, '27.0'),
    fields: {
      tier0_days: required(z.int().min(1)),
      tier1_days: required(z.int().min(1)),
      tier1_update_interval: required(z.int().min(1)),
    },
    // What is kept longer from now on does not bring back what is gone.
    check({ world }, { old }) {
      world.measuredSinceMs = firstMeasuredMs(world, old);
      return undefined;
    },
  }),
];

function graphNamed(name: string): Graph | undefined {
  return GRAPHS.find((graph) => graph.name === name);
}

function unknownGraph(release: SimRelease, name: string): Error {
  return isAtLeast(release, '27.0')
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
 * Points of one graph; at most 2,999, none older than measurements are kept; they outlive a boot. A graph that is asked for a disk or interface
 * that is not there is left out without a word; one that nothing measures (there is no UPS) has no points.
 */
export function series(
  world: World,
  name: string,
  identifier: string | null,
  asked: ReportingQuery,
  graphs: readonly Graph[] = GRAPHS,
): ApiRow[] {
  const graph = graphs.find((each) => each.name === name);
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
    const firstMs = Math.max(startMs, firstMeasuredMs(world, settingsOf(world, 'reporting')));
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

/** The oldest moment of which there are measurements, under these settings. */
function firstMeasuredMs(world: World, { tier0_days: fine, tier1_days: coarse }: Data): number {
  const days = Math.max(Number(fine), Number(coarse));
  return Math.max(world.measuredSinceMs, world.now() - days * DAY_MS);
}

/** A unit and a page of it reach that many units back from now; else explicit bounds; one hour when nothing is said. */
function rangeOf(
  { unit, page, start, end }: ReportingQuery,
  nowMs: number,
): { startMs: number; endMs: number } {
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
  if (!isWanted && isAtLeast(release, '27.0')) return null;
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
