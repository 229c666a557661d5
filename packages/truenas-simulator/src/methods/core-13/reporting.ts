/** `reporting.*` on FreeBSD: round-robin databases, whose rows have no time of their own. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { CallError, ERRNO } from '../../errors/exceptions.ts';
import { model, text } from '../../schema/schema.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../world/units.ts';
import type { World } from '../../world/world.ts';
import type { ApiRow } from '../common.ts';
import { CORE_GRAPHS, type CoreGraph } from './graphs.ts';

const UNITS = {
  HOUR: HOUR_MS,
  DAY: DAY_MS,
  WEEK: 7 * DAY_MS,
  MONTH: 30 * DAY_MS,
  YEAR: 365 * DAY_MS,
} as const;
/** Points are as far apart as their database keeps them; the longer the range, the coarser. */
const STEPS: readonly (readonly [rangeMs: number, stepSeconds: number])[] = [
  [2 * HOUR_MS, 10],
  [2 * DAY_MS, 120],
  [8 * DAY_MS, 840],
  [40 * DAY_MS, 3600],
  [Number.POSITIVE_INFINITY, 43_200],
];

interface Query {
  readonly unit?: keyof typeof UNITS | null;
  readonly page: number;
  readonly start?: string | null;
  readonly end?: string | null;
  readonly aggregate: boolean;
}

const query = model('reporting_query', {
  unit: z.enum(['HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR']).nullable().optional(),
  page: z.int().min(0).default(0),
  start: text().nullable().optional(),
  end: text().nullable().optional(),
  aggregate: z.boolean().default(true),
}).prefault({});

export const REPORTING_METHODS: readonly SimMethod[] = [
  {
    name: 'reporting.graphs',
    description: 'The graphs there are, and what they can be asked for.',
    filterable: true,
    run: ({ world }: MethodContext) =>
      CORE_GRAPHS.map(({ name, title, label, identifiers }) => ({
        ...{ name, title, vertical_label: label, identifiers: identifiers?.(world) ?? null },
      })),
  },
  {
    name: 'reporting.get_data',
    description: 'Points of graphs over a range of time.',
    params: [
      [
        'graphs',
        z.array(model('graph', { name: text(), identifier: text().nullable().default(null) })).min(1),
      ],
      ['reporting_query', query],
    ],
    run: ({ world }: MethodContext, graphs: { name: string; identifier: string | null }[], asked: Query) =>
      graphs.map(({ name, identifier }) => series(world, name, identifier, asked)),
  },
];

function series(world: World, name: string, identifier: string | null, asked: Query): ApiRow {
  const graph = CORE_GRAPHS.find((each) => each.name === name);
  if (graph === undefined) throw new CallError(`Graph "${name}" not found.`, ERRNO.ENOENT);
  const known = graph.identifiers?.(world) ?? null;
  if (known !== null && (identifier === null || !known.includes(identifier))) {
    throw new CallError(`Identifier "${String(identifier)}" not found.`, ERRNO.ENOENT);
  }
  const { startS, endS } = rangeOf(asked, Math.floor(world.now() / SECOND_MS));
  const stepS = STEPS.find(([rangeMs]) => (endS - startS) * SECOND_MS <= rangeMs)?.[1] ?? 10;
  const start = Math.floor(startS / stepS) * stepS;
  const end = Math.floor(endS / stepS) * stepS;
  const legend = graph.legend(world);
  const data: (number | null)[][] = [];
  for (let at = start; at <= end; at += stepS)
    data.push(pointAt(world, graph, identifier, at, legend.length));
  return {
    ...{ name, identifier, data, start, end, step: stepS, legend },
    aggregations: asked.aggregate ? aggregations(legend, data) : { min: [], mean: [], max: [] },
  };
}

/** What was not measured is null: before the first measurement, and the step that is not over yet. */
function pointAt(
  world: World,
  graph: CoreGraph,
  identifier: string | null,
  second: number,
  width: number,
): (number | null)[] {
  const ms = second * SECOND_MS;
  const isMeasured = ms >= world.measuredSinceMs && ms + 10 * SECOND_MS < world.now();
  return isMeasured ? graph.sample(world, identifier, ms) : Array.from({ length: width }, () => null);
}

function rangeOf(
  { unit = null, page, start = null, end = null }: Query,
  nowS: number,
): { startS: number; endS: number } {
  if (unit !== null) {
    const unitS = UNITS[unit] / SECOND_MS;
    return { startS: nowS - (page + 1) * unitS, endS: nowS - page * unitS };
  }
  const endS = timeOf(end ?? 'now', nowS, nowS);
  const startS = timeOf(start ?? 'end-1h', nowS, endS);
  if (startS >= endS) throw badTime('start', start ?? '');
  return { startS, endS };
}

const SPANS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** Seconds since the epoch, `now`, or so much before now or the end. */
function timeOf(given: string, nowS: number, endS: number): number {
  if (/^\d+$/.test(given)) return Number(given);
  const [, base, count, span] = /^(now|end)(?:-(\d+)\s*([smhdwy])\w*)?$/.exec(given) ?? [];
  if (base === undefined) throw badTime('time', given);
  const before = count === undefined ? 0 : Number(count) * (SPANS[span ?? 's'] ?? 1);
  return (base === 'now' ? nowS : endS) - before;
}

function badTime(what: string, given: string): CallError {
  return new CallError(`Invalid ${what}: ${given}`, ERRNO.EINVALIDRRDTIMESTAMP);
}

function aggregations(legend: readonly string[], data: readonly (readonly (number | null)[])[]): ApiRow {
  const columns = legend.map((_, index) =>
    data.flatMap((row) => (row[index] === null || row[index] === undefined ? [] : [row[index]])),
  );
  const each = (of: (values: readonly number[]) => number): (number | null)[] =>
    columns.map((values) => (values.length === 0 ? null : of(values)));
  return {
    min: each((values) => values.reduce((least, value) => Math.min(least, value))),
    mean: each((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    max: each((values) => values.reduce((most, value) => Math.max(most, value))),
  };
}
