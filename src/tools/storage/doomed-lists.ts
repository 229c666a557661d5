/** The full lists of what goes with a dataset, as targets: what came since they were shown keeps it from being deleted. */
import type { Target } from '../../changes/change.ts';
import { readRow } from '../../changes/state.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { anyOf, type Filter, query } from '../../truenas/query.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { listThing, type Thing } from '../support/targets.ts';
import { datasetListExtra } from './dataset-query.ts';
import type { Uses } from './dataset-uses.ts';

/** The snapshots of a dataset and of all below it. */
export function treeSnapshotFilters(dataset: string): readonly Filter[] {
  return [anyOf(['dataset', '=', dataset], ['dataset', '^', `${dataset}/`])];
}

/**
 * Datasets below, snapshots, uses and processes, read again before call number `last`, which deletes the dataset.
 * Calls `pool.dataset.query`, `pool.snapshot.query` and `pool.dataset.attachments`.
 */
export async function listTargets(
  nas: ReadClient,
  dataset: string,
  { attachments }: Uses,
  last: number,
): Promise<Target[]> {
  const isOld = !isAtLeast(await nas.release(), '25.10');
  const children = listThing(
    `datasets below ${dataset}`,
    dataset,
    'pool.dataset.query',
    query({
      filters: [['id', '^', `${dataset}/`]],
      select: ['id'],
      orderBy: ['id'],
      extra: await datasetListExtra(nas, []),
    }),
  );
  const snapshots = listThing(
    `snapshots of ${dataset}`,
    dataset,
    'pool.snapshot.query',
    query({
      filters: treeSnapshotFilters(dataset),
      // 25.04 tells no createtxg; a snapshot made again under its name has another time.
      select: isOld ? ['id', 'properties.creation.rawvalue'] : ['id', 'createtxg'],
      orderBy: ['id'],
      ...(isOld ? { extra: { properties: ['creation'] } } : {}),
    }),
  );
  const attached = listThing(`uses of ${dataset}`, dataset, 'pool.dataset.attachments', [dataset]);
  const wereAttached = 'value' in attachments && attachments.value.length > 0;
  const nothing = { rows: [] };
  const left: Target = {
    ...attached,
    name: `uses of ${dataset} when it goes`,
    changedBy: last,
    checkedFrom: last,
    before: nothing,
    after: 'absent',
  };
  const open: Target = {
    ...listThing(`processes in ${dataset} when it goes`, dataset, 'pool.dataset.processes', [dataset]),
    changedBy: last,
    checkedFrom: last,
    before: nothing,
    after: 'absent',
  };
  return [
    await listTarget(nas, children, last, nothing),
    await listTarget(nas, snapshots, last, nothing),
    ...(wereAttached ? [await listTarget(nas, attached, 0, 'absent')] : []),
    left,
    open,
  ];
}

async function listTarget(
  nas: ReadClient,
  thing: Thing,
  changedBy: number,
  after: Target['after'],
): Promise<Target> {
  const row = await readRow(nas, thing.read);
  return { ...thing, changedBy, before: { rows: row?.['rows'] ?? [] }, after };
}
