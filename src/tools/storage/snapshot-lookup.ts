/** Finds the snapshots that a change is about, with all that decides about them. */
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { datasetName } from '../support/inputs.ts';
import { field, rawRowsOf, rowsOf } from '../support/rows.ts';
import { datasetListExtra } from './dataset-query.ts';
import { unknownDataset } from './find.ts';
import { readSnapshot, SNAPSHOT_FACTS_EXTRA, type SnapshotFacts } from './snapshot-facts.ts';

/** Most snapshots that are looked through. */
const MAX_SEEN = 5_000;

/**
 * The full name of a snapshot from what people write.
 * @throws InputProblem for what is none
 */
export function snapshotName(argument: string, text: string): string {
  const [dataset = '', name = '', ...others] = text.trim().split('@');
  const full = `${datasetName(dataset)}@${name.trim()}`;
  if (others.length > 0 || !/^[^@]+@[^@/]+$/u.test(full))
    throw new InputProblem(argument, `${safeCell(text)} is no full name`, 'tank/media@name');
  return full;
}

/**
 * These snapshots, in this order and each once. One by one: up to 25.10 that is the only quick way to their details, and
 * 26.0 answers a list with nothing when one of them does not exist.
 * @throws InputProblem for one that does not exist, with near names
 */
export async function namedSnapshots(
  nas: ReadClient,
  argument: string,
  texts: readonly string[],
): Promise<SnapshotFacts[]> {
  const names = [...new Set(texts.map((text) => snapshotName(argument, text)))];
  return Promise.all(names.map((name) => namedSnapshot(nas, argument, name)));
}

/** One of them. Calls `pool.snapshot.query`, and `pool.dataset.query` for near names. @throws InputProblem */
export async function namedSnapshot(nas: ReadClient, argument: string, name: string): Promise<SnapshotFacts> {
  const answer = await nas.call(
    'pool.snapshot.query',
    query({ filters: [['id', '=', name]], limit: 1, extra: SNAPSHOT_FACTS_EXTRA }),
  );
  const [row] = rawRowsOf(answer);
  if (row === undefined) throw await unknownSnapshot(nas, argument, name);
  return readSnapshot(row);
}

/** All snapshots that pass the filters. @throws InputProblem when they are too many to look through */
export async function filteredSnapshots(
  nas: ReadClient,
  filters: readonly Filter[],
): Promise<SnapshotFacts[]> {
  const answer = await nas.call(
    'pool.snapshot.query',
    query({ filters, limit: MAX_SEEN, extra: SNAPSHOT_FACTS_EXTRA }),
  );
  const rows = rawRowsOf(answer);
  if (rows.length === MAX_SEEN)
    throw new InputProblem('dataset', `has more than ${MAX_SEEN} snapshots that fit`, 'Narrow it with name.');
  return rows.map(readSnapshot);
}

/** Names behind the @ of all snapshots of a dataset: cheap on every release. */
export async function snapshotNamesOf(nas: ReadClient, dataset: string): Promise<string[]> {
  const answer = await nas.call(
    'pool.snapshot.query',
    query({ filters: [['dataset', '=', dataset]], select: ['name'], limit: MAX_SEEN }),
  );
  return rowsOf(answer, { name: field.rawText }).flatMap(({ name }) =>
    name === null ? [] : name.slice(name.indexOf('@') + 1),
  );
}

/**
 * Clones of the snapshots of a dataset, by the full name of the snapshot: datasets name their origin on every release, while
 * snapshots name their clones on some only. Calls `pool.dataset.query`.
 */
export async function clonesBySnapshot(
  nas: ReadClient,
  dataset: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const answer = await nas.call(
    'pool.dataset.query',
    query({
      filters: [['origin.rawvalue', '^', `${dataset}@`]],
      select: ['id', 'origin'],
      extra: await datasetListExtra(nas, ['origin']),
    }),
  );
  const clones = new Map<string, string[]>();
  for (const { id, origin } of rowsOf(answer, {
    id: field.rawText,
    origin: field.object({ rawvalue: field.rawText }),
  })) {
    const snapshot = origin?.rawvalue;
    if (id !== null && snapshot) clones.set(snapshot, [...(clones.get(snapshot) ?? []), id]);
  }
  return clones;
}

async function unknownSnapshot(nas: ReadClient, argument: string, name: string): Promise<InputProblem> {
  const at = name.indexOf('@');
  const dataset = name.slice(0, at);
  const names = await snapshotNamesOf(nas, dataset);
  const near = nearNames(name.slice(at + 1), names).map((each) => `${dataset}@${safeCell(each)}`);
  if (names.length === 0) {
    const problem = await unknownOrEmpty(nas, argument, dataset);
    if (problem !== undefined) return problem;
  }
  return new InputProblem(
    argument,
    `names no snapshot: ${safeCell(name)}`,
    didYouMean(near) ?? (names.length === 0 ? `${safeCell(dataset)} has none` : 'list_snapshots shows them.'),
  );
}

/** The problem of a dataset that does not exist; undefined for one that merely has no snapshots. */
async function unknownOrEmpty(
  nas: ReadClient,
  argument: string,
  dataset: string,
): Promise<InputProblem | undefined> {
  const extra = { flat: true, retrieve_children: false, properties: [], retrieve_user_props: false };
  const parts = { filters: [['id', '=', dataset]] as const, select: ['id'], limit: 1, extra };
  const rows = rawRowsOf(await nas.call('pool.dataset.query', query(parts)));
  return rows.length > 0 ? undefined : unknownDataset(nas, argument, dataset);
}
