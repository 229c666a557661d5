/** `pool.dataset.*` that only look. */
import type { MethodContext, SimMethod } from '../method.ts';
import { text } from '../schema.ts';
import { type Dataset, isInternal } from '../world/datasets.ts';
import { type ApiRow, type Options, readable, wantedFields, wantedValue } from './common.ts';
import { datasetRow, datasetView } from './dataset-row.ts';

export const DATASET_METHODS: readonly SimMethod[] = [
  ...readable({
    namespace: 'pool.dataset',
    entity: 'PoolDataset',
    what: 'filesystems and zvols',
    roles: ['DATASET_READ'],
    id: text(),
    rows: queryDatasets,
  }),
];

/** Rows of `pool.dataset.query`: flat or nested, with the properties that `extra` asks for. */
function* queryDatasets(
  { world }: MethodContext,
  filters: readonly unknown[],
  options: Options,
): Generator<ApiRow> {
  const view = datasetView(world.release, options.extra, wantedFields(filters, options));
  if (options.extra?.flat === false) {
    for (const { name } of world.pools.all) {
      const root = world.datasets.get(name);
      if (root !== undefined) yield datasetRow(world, root, view);
    }
    return;
  }
  for (const dataset of candidates(world.datasets, filters)) {
    if (!isInternal(dataset.id)) yield datasetRow(world, dataset, view);
  }
}

function* candidates(
  store: MethodContext['world']['datasets'],
  filters: readonly unknown[],
): Generator<Dataset> {
  const id = wantedValue(filters, 'id', 'name');
  const pool = wantedValue(filters, 'pool');
  const root = id === undefined ? (pool === undefined ? undefined : store.get(pool)) : store.get(id);
  if (id !== undefined) {
    if (root !== undefined) yield root;
  } else if (pool === undefined || root !== undefined) {
    yield* store.walk(root);
  }
}
