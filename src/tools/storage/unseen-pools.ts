/** Pools that the NAS knows and whose datasets it does not show. */
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { field, rowsOf } from '../support/rows.ts';

/**
 * Names of the pools that the NAS knows, imported or not, by `pool.query`; null where it is not told.
 * @throws TrueNasError when they cannot be read
 */
export async function readNames(nas: ReadClient, name: string | undefined): Promise<(string | null)[]> {
  const filters = name === undefined ? [] : [['name', '=', name] as const];
  const rows = await nas.call('pool.query', query({ filters, select: ['name'] }));
  return rowsOf(rows, { name: field.rawText }).map((pool) => pool.name);
}

/** What is not told of pools that are not imported: they have no datasets, and would be missing in silence. Safe text. */
export function unseenOf(
  pools: readonly { readonly name: string }[],
  names: readonly (string | null)[],
): string[] {
  const seen = new Set(pools.map(({ name }) => name));
  if (seen.has('')) return [];
  return names.flatMap((name) => {
    if (name === null) return ['whether a pool without a name is among these'];
    return seen.has(name)
      ? []
      : [`how full ${safeCell(name, 60)} is: none of its datasets is seen; get_pool tells its state`];
  });
}
