/** What a generic call makes: how it is read once it is there, and what of it can be foretold. */
import type { ReadableClient } from '../../access/readable-client.ts';
import { resultOf, type State, type StateRead } from '../../changes/change.ts';
import { readRow } from '../../changes/state.ts';
import { safeCell } from '../../output/untrusted.ts';
import { core, isSchema, itemsOf, propertiesOf } from './schema-walk.ts';
import { isScalar, labelOf } from './thing-names.ts';
import { isSecret, readByField, readById, readMethod } from './thing-reads.ts';
import type { TouchedThing } from './touched-thing.ts';
import type { WrittenMethod } from './written-method.ts';

/** @param data the fields that it gets */
export async function newThing(
  nas: ReadableClient,
  method: WrittenMethod,
  service: string,
  data: Readonly<Record<string, unknown>>,
): Promise<TouchedThing> {
  const label = labelOf(data);
  const name = `new ${service}${label === undefined ? '' : ` ${safeCell(label, 120)}`}`;
  const returns = method.described?.returns ?? {};
  const shape = propertiesOf(core(returns));
  const isNumber = core(returns)['type'] === 'integer';
  const idOf = shape.some((each) => each.name === 'id') || shape.length === 0 ? 'id' : 'name';
  const read = await readById(nas, method, service, isNumber ? resultOf(0) : resultOf(0, idOf));
  const shown = shape.length > 0 ? shape : await shapeOf(nas, method, service);
  const promised = Object.entries(data).filter(([field, value]) => {
    const schema = shown.find((each) => each.name === field)?.schema;
    return (
      schema !== undefined &&
      isScalar(value) &&
      value !== null &&
      isScalarType(core(schema)) &&
      !isSecret(service, field)
    );
  });
  const unseen = Object.keys(data).filter((field) => !promised.some(([each]) => each === field));
  const after: State | 'present' = promised.length === 0 ? 'present' : Object.fromEntries(promised);
  const readLost = read === undefined ? undefined : await readByName(nas, method, service, data, shown);
  return {
    ...{ deed: 'makes', name, read, row: undefined, identity: ['id'], before: 'absent', after, unseen },
    ...(readLost === undefined ? {} : { readLost }),
  };
}

/** Fields whose value is one thing's alone, where nothing has it yet. */
const NAMES = ['name', 'title', 'username', 'group'];

/** The read of what has the name of a new thing; undefined where something has it already, or nobody can tell. */
async function readByName(
  nas: ReadableClient,
  method: WrittenMethod,
  service: string,
  data: Readonly<Record<string, unknown>>,
  shown: readonly { readonly name: string }[],
): Promise<StateRead | undefined> {
  const field = NAMES.find((each) => typeof data[each] === 'string' && data[each] !== '');
  if (field === undefined) return undefined;
  const read = await readByField(nas, method, service, [field, data[field]]);
  if (read === undefined || (await readRow(nas, read)) !== undefined) return undefined;
  // A field that rows have not would find nothing, and prove nothing.
  const isShown = shown.some(({ name }) => name === field) || (await hasField(nas, read, field));
  return isShown ? read : undefined;
}

/** True when another row of the same query has the field. */
async function hasField(nas: ReadableClient, { method, params }: StateRead, field: string): Promise<boolean> {
  const options = isSchema(params[1]) ? params[1] : {};
  const rows = await nas.call(method, [[], { ...options, limit: 1 }]);
  const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
  return isSchema(row) && Object.hasOwn(row, field);
}

/** The fields of a row, as the query of the service publishes them. */
async function shapeOf(nas: ReadableClient, method: WrittenMethod, service: string) {
  const found = await readMethod(nas, method, `${service}.get_instance`);
  const query = found ?? (await readMethod(nas, method, `${service}.query`));
  if (query === undefined) return [];
  return propertiesOf(core(itemsOf(query.returns) ?? query.returns));
}

function isScalarType(schema: Readonly<Record<string, unknown>>): boolean {
  return ['string', 'number', 'integer', 'boolean'].includes(String(schema['type']));
}
