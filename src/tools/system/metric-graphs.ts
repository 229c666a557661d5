/** Which graphs of a NAS a question is about, by what `reporting.netdata_graphs` lists. */
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { field, rowsOf } from '../support/rows.ts';
import { inUnitOf, type Metric, METRIC_KINDS, type MetricKind } from './metric-kinds.ts';

/** A graph to ask for, as `reporting.netdata_get_data` takes it. */
export interface Graph {
  readonly name: string;
  /** What it is drawn for. */
  readonly identifier?: string;
}

/** The graphs of a question. */
export interface Chosen {
  readonly kind: MetricKind;
  readonly graphs: readonly Graph[];
  /** What is measured and could not be told by name, in words. */
  readonly gaps: readonly string[];
}

/**
 * The graphs of a metric: of the disks or interfaces that are named, else of all.
 * @throws InputProblem for a name that nothing measured has, and for a metric that this NAS does not measure
 */
export async function graphsFor(
  nas: ReadClient,
  metric: Metric,
  names: readonly string[] | undefined,
): Promise<Chosen> {
  const kind = METRIC_KINDS[metric];
  if (!kind.hasIdentifiers) {
    if (names !== undefined)
      throw new InputProblem('name', 'is only for disk, network, disk_temperature and pool', 'leave it out');
    return { kind, graphs: [{ name: String(kind.graph) }], gaps: [] };
  }
  const row = await rowFor(nas, metric, kind);
  const { graph, identifiers } = row;
  const known = (identifiers ?? []).filter((item) => typeof item === 'string').toSorted();
  const oddCount = (identifiers?.length ?? 0) - known.length;
  const gaps = [
    ...(identifiers === null ? ['the names of what is measured could not be read'] : []),
    ...(oddCount > 0 ? [`${plural(oddCount, 'name')} of what is measured could not be read`] : []),
  ];
  const chosen = names === undefined ? known : named(names, known, gaps);
  const graphs = chosen.map((identifier) => ({ name: graph, identifier }));
  return { kind: inUnitOf(kind, row.unit), graphs, gaps };
}

/** `sda` of `sda | Type: HDD | Model: … | Serial: …`, as TrueNAS calls a disk; safe to show. */
export function shortName(identifier: string): string {
  return safeCell((identifier.split(' | ')[0] ?? identifier).trim(), 40);
}

const GRAPH = { name: field.text, identifiers: field.items, vertical_label: field.text };

async function rowFor(
  nas: ReadClient,
  metric: Metric,
  { graph }: MetricKind,
): Promise<{ graph: string; identifiers: readonly unknown[] | null; unit: string | null }> {
  const select = Object.keys(GRAPH);
  const filters = typeof graph === 'string' ? ([['name', '=', graph]] as const) : [];
  const rows = rowsOf(await nas.call('reporting.netdata_graphs', query({ filters, select })), GRAPH);
  // Asked for by its name, the only row is the graph, whatever its name reads like.
  const row =
    typeof graph === 'string' ? rows[0] : rows.find(({ name }) => name !== null && graph.test(name));
  if (row !== undefined) {
    const name = typeof graph === 'string' ? graph : (row.name ?? '');
    return { graph: name, identifiers: row.identifiers, unit: row.vertical_label };
  }
  const unread = rows.filter(({ name }) => name === null).length;
  const others = rows.flatMap(({ name }) => (name === null ? [] : [safeCell(name, 30)]));
  throw new InputProblem(
    'metric',
    `${JSON.stringify(metric)} is not measured over time by this NAS${unread > 0 ? ` (${plural(unread, 'graph')} could not be read)` : ''}`,
    metric === 'pool'
      ? 'list_pools shows what is used now'
      : `it has ${others.slice(0, 20).join(', ') || 'other graphs'}`,
  );
}

/** @throws InputProblem for a name that none has */
function named(names: readonly string[], known: readonly string[], gaps: readonly string[]): string[] {
  const chosen = names.flatMap((name) => {
    const found = known.filter((identifier) => isNamed(identifier, name));
    if (found.length > 0) return found;
    const short = known.map(shortName);
    const right = didYouMean(nearNames(name, short)) ?? `there is ${short.slice(0, 12).join(', ') || '-'}`;
    const unread = gaps.length > 0 ? ` (${gaps.join('; ')})` : '';
    throw new InputProblem(
      'name',
      `names nothing that is measured: ${JSON.stringify(safeCell(name))}${unread}`,
      right,
    );
  });
  return [...new Set(chosen)];
}

/** A disk also goes by its path and its serial number, all in any case. */
function isNamed(identifier: string, name: string): boolean {
  const wanted = name
    .trim()
    .replace(/^\/dev\//u, '')
    .toLowerCase();
  const [short = '', ...facts] = identifier.toLowerCase().split(' | ');
  return wanted !== '' && (short.trim() === wanted || facts.includes(`serial: ${wanted}`));
}
