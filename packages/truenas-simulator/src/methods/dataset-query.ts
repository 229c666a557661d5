/**
 * `pool.dataset.query`, whose rules are its own and differ between releases. From 25.10 on: without a filter,
 * `retrieve_children: false` means the pools' root datasets; `count` counts what was walked, whatever the filters say;
 * ordering goes before select. On 25.04 a lone filter on ids goes straight to them, and `retrieve_children: false`
 * with any other filter looks at root datasets only.
 */
import type { MethodContext } from '../calls/method.ts';
import { applyQuery } from '../query/apply.ts';
import { isAtLeast } from '../releases.ts';
import { type Dataset, isInternal } from '../world/datasets.ts';
import type { World } from '../world/world.ts';
import { type ApiRow, type Options, wantedFields } from './common.ts';
import { datasetRow, datasetView } from './dataset-row.ts';

/** Runs the query: a list, one row or a number. */
export function queryDatasets(
  { world, release }: MethodContext,
  filters: readonly unknown[],
  options: Options,
): unknown {
  return isAtLeast(release, '25.10') ? query(world, filters, options) : oldQuery(world, filters, options);
}

function query(world: World, filters: readonly unknown[], options: Options): unknown {
  const { extra = {}, order_by: orderBy = [], select = [], get = false, offset = 0, limit = 0 } = options;
  const isUnfiltered = filters.length === 0;
  if (options.count === true) {
    const isRootsOnly = isUnfiltered && extra.retrieve_children === false;
    return isRootsOnly ? world.pools.all.length : countOf(visible(world));
  }
  const view = datasetView(world.release, extra, wantedFields(filters, options));
  if (isUnfiltered && (extra.retrieve_children === false || extra.flat === false)) {
    const rows = roots(world).map((root) => datasetRow(world, root, view));
    return projected(applyQuery(rows, [], { order_by: orderBy, get, offset, limit }), select);
  }
  const named = idsAlone(filters);
  const rows = rowsOf(world, named === null ? visible(world) : found(world, named), view);
  return projected(applyQuery(rows, filters, { order_by: orderBy, get, offset, limit }), select);
}

function oldQuery(world: World, filters: readonly unknown[], options: Options): unknown {
  const { extra = {} } = options;
  const named = idsAlone(filters);
  const view = datasetView(world.release, extra, wantedFields(filters, options));
  if (extra.flat === false && named === null) {
    return applyQuery(
      roots(world).map((root) => datasetRow(world, root, view)),
      filters,
      options,
    );
  }
  const datasets =
    named !== null ? found(world, named) : extra.retrieve_children === false ? roots(world) : visible(world);
  return applyQuery(rowsOf(world, datasets, view), filters, options);
}

function* rowsOf(
  world: World,
  datasets: Iterable<Dataset>,
  view: ReturnType<typeof datasetView>,
): Generator<ApiRow> {
  for (const dataset of datasets) yield datasetRow(world, dataset, view);
}

function projected(result: ApiRow[] | ApiRow | number, select: NonNullable<Options['select']>): unknown {
  if (select.length === 0 || typeof result === 'number') return result;
  if (Array.isArray(result)) return applyQuery(result, [], { select });
  return applyQuery([result], [], { select, get: true });
}

function* visible(world: World): Generator<Dataset> {
  for (const dataset of world.datasets.walk()) if (!isInternal(dataset.id)) yield dataset;
}

function roots(world: World): Dataset[] {
  return world.pools.all.flatMap(({ name }) => world.datasets.get(name) ?? []);
}

function found(world: World, ids: readonly string[]): Dataset[] {
  return ids.flatMap((id) => world.datasets.get(id) ?? []).filter(({ id }) => !isInternal(id));
}

function countOf(datasets: Iterable<Dataset>): number {
  let count = 0;
  for (const _ of datasets) count += 1;
  return count;
}

/** The ids that a single filter on id or name asks for. */
function idsAlone(filters: readonly unknown[]): string[] | null {
  const [only] = filters;
  if (filters.length !== 1 || !Array.isArray(only)) return null;
  const [name, operator, value] = only as readonly unknown[];
  if (name !== 'id' && name !== 'name') return null;
  if (operator === '=' && typeof value === 'string') return [value];
  return operator === 'in' && Array.isArray(value) ? value.map(String) : null;
}
