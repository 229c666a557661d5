/** How the thing of a generic change is read: by its id, by a name that it alone has, or as the settings of a service. */
import type { ReadableClient } from '../../access/readable-client.ts';
import type { StateRead } from '../../changes/change.ts';
import { pathNamesSecret, SECRET_COLUMNS } from '../../policy/secret-fields.ts';
import type { ApiMethod } from '../../truenas/catalog/index.ts';
import { namesIn } from '../../truenas/renames.ts';
import { withoutSubtree } from './dataset-call.ts';
import { core, itemsOf, propertiesOf } from './schema-walk.ts';
import type { WrittenMethod } from './written-method.ts';

/** The read of the settings of a service. */
export async function readConfig(
  nas: ReadableClient,
  method: WrittenMethod,
  service: string,
): Promise<StateRead | undefined> {
  const config = await readMethod(nas, method, `${service}.config`);
  return config === undefined ? undefined : { method: config.name, params: [] };
}

/** The read of one row by its id; by a query without its secrets where the row as a whole is never asked for. */
export async function readById(
  nas: ReadableClient,
  method: WrittenMethod,
  service: string,
  id: unknown,
): Promise<StateRead | undefined> {
  const probe = typeof id === 'object' ? 0 : id;
  const single = await readMethod(nas, method, `${service}.get_instance`, [probe]);
  if (single !== undefined)
    return {
      method: single.name,
      params: withoutSubtree({ ...single, name: `${service}.get_instance` }, [id]),
    };
  return readByField(nas, method, service, ['id', id]);
}

/** The read of the rows of which a field has this value. */
export async function readByField(
  nas: ReadableClient,
  method: WrittenMethod,
  service: string,
  [field, value]: readonly [field: string, value: unknown],
): Promise<StateRead | undefined> {
  const query = await readMethod(nas, method, `${service}.query`);
  if (query === undefined) return undefined;
  const columns = propertiesOf(core(itemsOf(query.returns) ?? {})).map(({ name }) => name);
  if (isSecret(service, field)) return undefined;
  const select = columns.filter((column) => !isSecret(service, column));
  const more = select.length < columns.length ? [{ select }] : [];
  const probe = typeof value === 'object' ? 0 : value;
  const refusal = await nas.refusal(query.name, [[[field, '=', probe]], ...more]);
  return refusal === undefined ? { method: query.name, params: [[[field, '=', value]], ...more] } : undefined;
}

/** True for a column that is a secret as a whole. */
export function isSecret(service: string, column: string): boolean {
  return pathNamesSecret(column) || (SECRET_COLUMNS[service] ?? []).includes(column);
}

/** A reading method by the name that this release has; undefined where it is not read. */
export async function readMethod(
  nas: ReadableClient,
  { release }: WrittenMethod,
  canonical: string,
  params?: readonly unknown[],
): Promise<ApiMethod | undefined> {
  for (const name of new Set(namesIn(release, canonical))) {
    const found = await nas.catalog.method(name);
    if (found === undefined) continue;
    const refusal = await nas.refusal(name, params ?? []);
    const isRefused = refusal !== undefined && (params !== undefined || refusal.kind !== 'denied-arguments');
    return isRefused ? undefined : found;
  }
  return undefined;
}
