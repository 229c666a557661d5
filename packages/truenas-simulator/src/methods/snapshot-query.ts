/**
 * Queries for snapshots, whose rules are their own. All releases: `select` takes plain field names and drops others
 * silently, and ordering by unselected fields works. 25.x: with `select: ["name"]` or `count`, and filters on name,
 * pool and dataset only, the search is narrowed to the *last* pool or dataset named; all else reads everything with
 * all properties. 27.0: filters by `=` or `in` on id, name, pool and dataset are paths, whose union is listed.
 */
import { CallError, ERRNO, PlainError } from '../errors/exceptions.ts';
import type { MethodContext } from '../calls/method.ts';
import { applyQuery } from '../query/apply.ts';
import { isAtLeast } from '../releases.ts';
import { isInternal } from '../world/datasets.ts';
import { type Snapshot, snapshotId } from '../world/snapshots.ts';
import type { World } from '../world/world.ts';
import { type ApiRow, type Options, wantedMembers, wantedValue } from './common.ts';
import { retentionOf, type SnapshotView, snapshotRow } from './snapshot-row.ts';

type Filter = readonly [name: string, operator: string, value: unknown];
const PATH_FIELDS = ['id', 'name', 'pool', 'dataset'];

/** Runs the query: a list, one row or a number. */
export function querySnapshots(
  { world, release }: MethodContext,
  filters: readonly unknown[],
  options: Options,
): unknown {
  return isAtLeast(release, '27.0') ? query(world, filters, options) : oldQuery(world, filters, options);
}

function query(world: World, filters: readonly unknown[], options: Options): unknown {
  const { extra = {} } = options;
  if (extra.properties === null) throw new PlainError("'NoneType' object is not iterable", 'TypeError');
  const paths: string[] = [];
  const others: unknown[] = [];
  for (const filter of filters) {
    const wanted = pathsOf(filter);
    if (wanted === null) others.push(filter);
    else paths.push(...wanted);
  }
  const snapshots = paths.length === 0 ? everything(world, false) : unionOf(world, paths, filters);
  const asked = Array.isArray(extra.properties) ? extra.properties.map(String) : [];
  const view: SnapshotView = {
    properties: new Set(asked),
    isPlain: true,
    holds: extra.holds === true ? 'truenas' : 'empty',
    withRetention: extra.retention === true,
  };
  return selected(rowsOf(world, snapshots, view), others, options);
}

function oldQuery(world: World, filters: readonly unknown[], options: Options): unknown {
  const { extra = {}, select = [], count = false } = options;
  const isNameOnly = select.length === 1 && select[0] === 'name';
  const isFast = (isNameOnly || count) && filters.every(isNamed);
  if (isFast) {
    const rows = rowsOf(world, narrowed(world, filters), NAMES);
    return applyQuery(
      rows,
      filters.filter((filter) => (filter as Filter)[0] === 'name'),
      options,
    );
  }
  if (extra.retention === true && !hasLimit(filters, options)) {
    throw new CallError('Id or limit must be specified to retrieve retention information', ERRNO.EINVAL);
  }
  const asked =
    Array.isArray(extra.properties) && extra.properties.length > 0 ? extra.properties.map(String) : null;
  const isLight = asked?.every((name) => name === 'name' || name === 'createtxg') === true;
  const view: SnapshotView = {
    properties: isLight ? 'none' : narrowedProperties(asked, filters, options),
    isPlain: false,
    holds: extra.holds === true ? 'all' : 'absent',
    withRetention: extra.retention === true,
  };
  const id = loneId(filters);
  const snapshots = id === null ? within(world, filters) : snapshotsNamed(world, id);
  return selected(rowsOf(world, snapshots, view), filters, options);
}

const NAMES: SnapshotView = { properties: 'none', isPlain: false, holds: 'absent', withRetention: false };

/** Rows are made one at a time, and of their properties only those that anything looks at. */
function* rowsOf(world: World, snapshots: Iterable<Snapshot>, view: SnapshotView): Generator<ApiRow> {
  for (const snapshot of snapshots) {
    yield snapshotRow(snapshot, view, view.withRetention ? retentionOf(world, snapshot) : undefined);
  }
}

/** Filters, orders, cuts; then keeps the plain fields named by select. */
function selected(rows: Iterable<ApiRow>, filters: readonly unknown[], options: Options): unknown {
  const { select = [], ...rest } = options;
  const result = applyQuery(rows, filters, rest);
  if (typeof result === 'number' || select.length === 0) return result;
  const keep = (row: ApiRow): ApiRow => {
    const names = select.filter((item): item is string => typeof item === 'string' && item in row);
    return Object.fromEntries(names.map((name) => [name, row[name]]));
  };
  return Array.isArray(result) ? result.map(keep) : keep(result);
}

function narrowedProperties(
  asked: readonly string[] | null,
  filters: readonly unknown[],
  options: Options,
): ReadonlySet<string> | null {
  const touched = wantedMembers('properties', filters, options);
  if (asked === null) return touched;
  return new Set(asked.filter((name) => touched?.has(name) ?? true));
}

/** A plain filter on the dataset or pool spares looking elsewhere; every filter is still applied afterwards. */
function* within(world: World, filters: readonly unknown[]): Generator<Snapshot> {
  const datasetId = wantedValue(filters, 'dataset');
  const poolName = wantedValue(filters, 'pool');
  if (datasetId !== undefined) {
    yield* world.datasets.get(datasetId)?.snapshots ?? [];
    return;
  }
  if (poolName === undefined) {
    yield* everything(world, true);
    return;
  }
  const root = world.datasets.get(poolName);
  if (root !== undefined) for (const dataset of world.datasets.walk(root)) yield* dataset.snapshots;
}

function* everything(world: World, withInternal: boolean): Generator<Snapshot> {
  for (const dataset of world.datasets.walk()) {
    if (dataset.snapshots.length > 0 && (withInternal || !isInternal(dataset.id))) yield* dataset.snapshots;
  }
}

/** 25.x, names only: the last pool or dataset filter decides where to look. */
function* narrowed(world: World, filters: readonly unknown[]): Generator<Snapshot> {
  const last = (filters as readonly Filter[]).filter(([name]) => name !== 'name').at(-1);
  if (last === undefined) {
    yield* everything(world, true);
    return;
  }
  for (const id of [last[2]].flat()) {
    const dataset = world.datasets.get(String(id));
    if (dataset === undefined) continue;
    if (last[0] === 'dataset') yield* dataset.snapshots;
    else for (const each of world.datasets.walk(dataset)) yield* each.snapshots;
  }
}

function isNamed(filter: unknown): boolean {
  if (!isFilter(filter)) return false;
  const [name, operator] = filter;
  return (
    name === 'name' || ((name === 'pool' || name === 'dataset') && (operator === '=' || operator === 'in'))
  );
}

/** 27.0: what a top-level filter on a path field asks for; null for other filters. */
function pathsOf(filter: unknown): string[] | null {
  if (!isFilter(filter)) return null;
  const [name, operator, value] = filter;
  if (!PATH_FIELDS.includes(name) || (operator !== '=' && operator !== 'in')) return null;
  const paths = [value].flat().map(String);
  if (new Set(paths).size < paths.length) throw new CallError('Paths must be unique', ERRNO.EINVAL);
  return paths;
}

/** 27.0: the union of paths; one that does not exist empties it; a pool's goes down its tree. */
function* unionOf(world: World, paths: readonly string[], filters: readonly unknown[]): Generator<Snapshot> {
  const isMissing = (path: string): boolean =>
    path.includes('@') ? snapshotsNamed(world, path).length === 0 : world.datasets.get(path) === undefined;
  if (paths.some(isMissing)) return;
  const isRecursive = filters.some((filter) => Array.isArray(filter) && filter[0] === 'pool');
  for (const path of paths) {
    const dataset = world.datasets.get(path);
    if (dataset === undefined) yield* snapshotsNamed(world, path);
    else if (!isRecursive) yield* dataset.snapshots;
    else for (const each of world.datasets.walk(dataset)) yield* each.snapshots;
  }
}

function snapshotsNamed(world: World, id: string): Snapshot[] {
  const dataset = world.datasets.get(id.split('@')[0] ?? '');
  return dataset?.snapshots.filter((snapshot) => snapshotId(snapshot) === id) ?? [];
}

function loneId(filters: readonly unknown[]): string | null {
  const [only] = filters;
  if (filters.length !== 1 || !isFilter(only)) return null;
  const [name, operator, value] = only;
  return (name === 'id' || name === 'name') && operator === '=' && typeof value === 'string' ? value : null;
}

function hasLimit(filters: readonly unknown[], { limit = 0 }: Options): boolean {
  return limit > 0 || filters.some((filter) => Array.isArray(filter) && filter[0] === 'id');
}

function isFilter(value: unknown): value is Filter {
  return Array.isArray(value) && value.length === 3;
}
