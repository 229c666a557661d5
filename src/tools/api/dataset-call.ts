/**
 * Datasets come with the whole tree below them unless that is left out: on a NAS with 10,000 of them that is one answer of
 * tens of megabytes, whichever method is asked.
 */
import type { ApiMethod } from '../../truenas/catalog/index.ts';
import { isSchema } from './schema-walk.ts';

/** The query for datasets. */
export const DATASETS = 'pool.dataset.query';

/** Fields that a row of {@link DATASETS} has on every release, for a NAS that does not publish the form of its answers. */
const KNOWN_FIELDS = (
  'id type name pool mountpoint encrypted encryption_root key_loaded locked comments deduplication compression readonly ' +
  'sync quota refquota reservation refreservation recordsize volsize used available origin creation'
).split(' ');

/** Of the fields that rows have, those about the dataset itself. */
export function ownFields(published: readonly string[]): string[] {
  const own = published.filter((name) => name !== 'children' && name !== 'user_properties');
  return own.length > 0 ? own : KNOWN_FIELDS;
}

/** The params of `pool.dataset.get_instance` without the tree below the dataset; those of other methods as they are. */
export function withoutSubtree(method: ApiMethod, params: readonly unknown[]): readonly unknown[] {
  if (method.name !== 'pool.dataset.get_instance' || params.length === 0) return params;
  const [id, given, ...rest] = params;
  // The schema refuses options that are no object.
  if (given !== undefined && !isSchema(given)) return params;
  const extra = isSchema(given?.['extra']) ? given['extra'] : {};
  return [id, { ...given, extra: { ...extra, retrieve_children: false } }, ...rest];
}
