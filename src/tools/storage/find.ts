/** Answers a name that does not exist with the names that are near; these are fetched only as far as needed. */
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { escapePattern } from '../support/inputs.ts';
import { field, rawRowsOf, rowsOf } from '../support/rows.ts';
import { datasetListExtra } from './dataset-query.ts';

/** The problem of a pool that does not exist. Calls `pool.query`. */
export async function unknownPool(nas: ReadClient, argument: string, name: string): Promise<InputProblem> {
  const names = await namesOf(nas, 'pool.query', 'name', { orderBy: ['name'] });
  return names.includes(name) ? notImported(argument, name) : notFound(argument, 'pool', name, names);
}

/** The problem of a pool that the NAS knows, and of which it shows no dataset. */
function notImported(argument: string, name: string): InputProblem {
  const pool = safeCell(name, 60);
  return new InputProblem(
    argument,
    `names a pool that the NAS knows and has not imported: ${JSON.stringify(pool)}`,
    `get_pool ${JSON.stringify({ pool })} tells its state`,
  );
}

/** The problem of a disk that does not exist. Calls `disk.query`. */
export async function unknownDisk(nas: ReadClient, argument: string, name: string): Promise<InputProblem> {
  const names = await namesOf(nas, 'disk.query', 'name', { orderBy: ['name'], limit: 2000 });
  return notFound(argument, 'disk', name, names);
}

/** Names looked at before giving up; a mistyped name is found among its siblings. */
const MAX_SIBLINGS = 500;

/**
 * The problem of a dataset that does not exist: near names among its siblings, else among datasets whose path contains
 * its last part, else among the children of the nearest ancestor that exists. Calls `pool.dataset.query`, at most three times.
 */
export async function unknownDataset(nas: ReadClient, argument: string, id: string): Promise<InputProblem> {
  const slash = id.lastIndexOf('/');
  const parent = slash < 0 ? '' : id.slice(0, slash);
  const siblings = await datasetIds(nas, [childrenOf(parent)]);
  const near = nearNames(id, siblings);
  if (near.length > 0) return notFound(argument, 'dataset', id, near);

  const base = id.slice(slash + 1);
  const alike = base.length < 3 ? [] : await datasetIds(nas, [['id', 'Crin', base]], 50);
  if (alike.length > 0) {
    return notFound(
      argument,
      'dataset',
      id,
      nearNames(id, alike).length > 0 ? alike : alike.slice(0, 3),
      true,
    );
  }
  const known = siblings.length > 0 ? siblings : await datasetIds(nas, [childrenOf('')]);
  return notFound(argument, 'dataset', id, known);
}

/**
 * Explains an empty list: that nothing is there is one thing, that the dataset or pool was mistyped another, and the first
 * would be believed. Calls `pool.dataset.query`.
 * @throws InputProblem when there is no such dataset, or no pool of that name is imported.
 */
export async function mustExist(
  nas: ReadClient,
  kind: 'dataset' | 'pool',
  argument: string,
  name: string | undefined,
): Promise<void> {
  if (name === undefined) return;
  const isPossible = kind === 'dataset' || !name.includes('/');
  if (isPossible && (await hasDataset(nas, name))) return;
  if (kind === 'dataset') throw await unknownDataset(nas, argument, name);
  throw notFound(argument, 'imported pool', name, await datasetIds(nas, [childrenOf('')]));
}

async function hasDataset(nas: ReadClient, id: string): Promise<boolean> {
  const extra = { flat: true, retrieve_children: false, properties: [], retrieve_user_props: false };
  const parts = { filters: [['id', '=', id]] as const, select: ['id'], limit: 1, extra };
  // Any row is the one that was asked for, whatever can be read of it.
  return rawRowsOf(await nas.call('pool.dataset.query', query(parts))).length > 0;
}

async function datasetIds(
  nas: ReadClient,
  filters: readonly Filter[],
  limit = MAX_SIBLINGS,
): Promise<string[]> {
  const extra = await datasetListExtra(nas, []);
  return namesOf(nas, 'pool.dataset.query', 'id', { filters, orderBy: ['id'], limit, extra });
}

function childrenOf(parent: string): Filter {
  return ['id', '~', parent === '' ? '[^/]+$' : `${escapePattern(parent)}/[^/]+$`];
}

async function namesOf(
  nas: ReadClient,
  method: string,
  key: string,
  parts: Parameters<typeof query>[0],
): Promise<string[]> {
  const rows = rowsOf(await nas.call(method, query({ ...parts, select: [key] })), { [key]: field.text });
  return rows.flatMap((row) => row[key] ?? []);
}

/** Names listed when none is near. */
const MAX_LISTED = 8;

/** An {@link InputProblem} that suggests near names, or lists the first of those that exist. */
export function notFound(
  argument: string,
  noun: string,
  wanted: string,
  names: readonly string[],
  areAllNear = false,
): InputProblem {
  const safe = names.map((name) => safeCell(name));
  const near = areAllNear ? safe.slice(0, 3) : nearNames(wanted, safe);
  const more = safe.length > MAX_LISTED ? `, … (${safe.length} in all)` : '';
  const listed = safe.length === 0 ? undefined : `there is ${safe.slice(0, MAX_LISTED).join(', ')}${more}`;
  return new InputProblem(
    argument,
    `names no ${noun}: ${JSON.stringify(safeCell(wanted))}`,
    didYouMean(near) ?? listed,
  );
}
