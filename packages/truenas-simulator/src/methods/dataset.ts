/** `pool.dataset.*` that only look. */
import { doesNotExist } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { text } from '../schema/schema.ts';
import { idParams, type Options } from './common.ts';
import { queryDatasets } from './dataset-query.ts';

export const DATASET_METHODS: readonly SimMethod[] = [
  {
    name: 'pool.dataset.query',
    description: 'Lists filesystems and zvols.',
    roles: ['DATASET_READ'],
    filterable: true,
    answersQuery: true,
    run: queryDatasets,
  },
  {
    name: 'pool.dataset.get_instance',
    description: 'One filesystem or zvol, by its id.',
    roles: ['DATASET_READ'],
    params: idParams(text(), true),
    run: getDataset,
  },
];

function getDataset(context: MethodContext, id: string, options: Options): unknown {
  const rows = queryDatasets(context, [['id', '=', id]], { ...options, get: false, count: false });
  const [row] = rows as unknown[];
  if (row === undefined) throw doesNotExist('PoolDataset', id);
  return row;
}
