/** Facts of one dataset that changes go by. */
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { datasetListExtra } from './dataset-query.ts';
import { field, oddAnswer, type RowOf, rowsOf, zfsNumber, zfsText } from '../support/rows.ts';
import { unknownDataset } from './find.ts';

const FACTS = {
  id: field.rawText,
  type: field.text,
  mountpoint: field.text,
  encrypted: field.flag,
  encryption_root: field.rawText,
  locked: field.flag,
  key_format: zfsText,
  origin: field.object({ value: field.rawText, rawvalue: field.rawText }),
  used: zfsNumber,
  usedbydataset: zfsNumber,
  usedbysnapshots: zfsNumber,
  available: zfsNumber,
  volsize: zfsNumber,
  volblocksize: field.object({ parsed: field.integer, value: field.text }),
  readonly: zfsText,
  sync: zfsText,
};

/** What is known of a dataset; a value of another form is null. */
export type DatasetFacts = RowOf<typeof FACTS>;

/** The facts of a dataset; undefined when there is none. Calls `pool.dataset.query`. */
export async function findDataset(nas: ReadClient, dataset: string): Promise<DatasetFacts | undefined> {
  const answer = await nas.call(
    'pool.dataset.query',
    query({ filters: [['id', '=', dataset]], extra: { retrieve_children: false } }),
  );
  return rowsOf(answer, FACTS)[0];
}

/** As {@link findDataset}. @throws InputProblem with near names when there is none */
export async function datasetFacts(
  nas: ReadClient,
  dataset: string,
  argument = 'dataset',
): Promise<DatasetFacts> {
  const facts = await findDataset(nas, dataset);
  if (facts === undefined) throw await unknownDataset(nas, argument, dataset);
  return facts;
}

/** The snapshot that a clone came from; undefined for what is no clone. */
export function originOf({ origin }: DatasetFacts): string | undefined {
  const text = origin?.rawvalue ?? origin?.value ?? '';
  return text === '' || text === 'none' ? undefined : text;
}

/** Names of all datasets below, sorted. Calls `pool.dataset.query`. */
export async function namesBelow(nas: ReadClient, dataset: string): Promise<string[]> {
  const answer = await nas.call(
    'pool.dataset.query',
    query({
      filters: [['id', '^', `${dataset}/`]],
      select: ['id'],
      orderBy: ['id'],
      extra: await datasetListExtra(nas, []),
    }),
  );
  return rowsOf(answer, { id: field.rawText }).map(({ id }) => {
    if (id === null) throw oddAnswer(id, 'a name');
    return id;
  });
}

/** True on releases that can rename datasets. */
export async function hasRename(nas: ReadClient): Promise<boolean> {
  return isAtLeast(await nas.release(), '25.10');
}
