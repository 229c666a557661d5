/** The places of a query's filters and options among the parameters of a method. */
import type { ApiMethod, JsonSchema } from './types.ts';

/** Positions in the params array; with `within`, inside the object at that position under these names. */
export interface QueryPlaces {
  readonly filters: number;
  readonly options: number;
  readonly within?: { readonly filters: string; readonly options: string };
}

/** The places, found by what query-options look like; `undefined` for a method that is no query. */
export function queryPlaces(method: ApiMethod): QueryPlaces | undefined {
  for (const [index, { schema }] of method.accepts.entries()) {
    const before = method.accepts[index - 1];
    if (isQueryOptions(schema) && before?.schema['type'] === 'array') {
      return { filters: index - 1, options: index };
    }
    const within = nestedPlaces(schema);
    if (within !== undefined) return { filters: index, options: index, within };
  }
  return undefined;
}

function nestedPlaces(schema: JsonSchema): QueryPlaces['within'] {
  const { properties } = schema;
  if (!isSchema(properties)) return undefined;
  const entries = Object.entries(properties);
  const options = entries.find(([, inner]) => isSchema(inner) && isQueryOptions(inner))?.[0];
  const filters = entries.find(([name]) => /^query[-_]filters$/.test(name))?.[0];
  return options === undefined || filters === undefined ? undefined : { filters, options };
}

/** True for the form of query options: every release's has these names, and nothing else has them together. */
export function isQueryOptions(schema: JsonSchema): boolean {
  const { properties } = schema;
  if (!isSchema(properties)) return false;
  return ['limit', 'offset', 'order_by', 'select', 'count'].every((name) => Object.hasOwn(properties, name));
}

function isSchema(value: unknown): value is JsonSchema {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
