/**
 * How to ask a NAS for datasets. `pool.dataset.query` has traps that differ by release, and this is the one place that
 * knows them.
 */
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { knownCountOf, rawRowsOf } from '../support/rows.ts';

/** Without these a NAS does not say whether a dataset is encrypted or locked (25.04 needs both). */
export const ENCRYPTION_PROPERTIES = ['encryption', 'keystatus'];

/** Most rows a NAS gives for one query. */
export const MAX_QUERY_ROWS = 10_000;

/**
 * `extra` of a query for many datasets, with {@link listFilters}. `retrieve_children` means opposite things: up to 25.04
 * only `true` walks below the root datasets; from 25.10 on `false` does (with a filter), while `true` builds a tree of
 * all children of all rows. The release tells: both take the same call, and an answer with root datasets alone may be all
 * that there is.
 */
export async function datasetListExtra(
  nas: ReadClient,
  properties: readonly string[],
): Promise<Record<string, unknown>> {
  const isOld = !isAtLeast(await nas.release(), '25.10');
  return {
    flat: true,
    retrieve_children: isOld,
    properties: [...new Set(properties)],
    retrieve_user_props: false,
  };
}

/** The filters, or one that every dataset passes: see {@link datasetListExtra}. */
export function listFilters(filters: readonly Filter[]): readonly Filter[] {
  return filters.length > 0 ? filters : [['id', '!=', '']];
}

/** `extra` that, without filters, gives the pools' root datasets and nothing else, on every release. */
export const ROOT_DATASETS_EXTRA = {
  flat: true,
  retrieve_children: false,
  properties: ['used', 'available'],
  retrieve_user_props: false,
};

/**
 * How many datasets match. `count` is right only without filters: 25.10 and 26.0 ignore them when they count. With
 * filters, the shortest possible row of each match is fetched and counted here (about 20 bytes a dataset, at most
 * {@link MAX_QUERY_ROWS}).
 */
export async function countDatasets(
  nas: ReadClient,
  filters: readonly Filter[],
  properties: readonly string[],
): Promise<number> {
  if (filters.length === 0) {
    const extra = { flat: true, properties: [], retrieve_user_props: false };
    return knownCountOf(await nas.call('pool.dataset.query', query({ count: true, extra })));
  }
  const extra = await datasetListExtra(nas, properties);
  const parameters = query({ filters, select: ['pool'], limit: MAX_QUERY_ROWS, extra });
  const result = await nas.call('pool.dataset.query', parameters);
  return rawRowsOf(result).length;
}
