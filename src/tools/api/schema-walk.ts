/** Small questions about a JSON Schema, as describe_api and its example ask them. */
import type { JsonSchema } from '../../truenas/catalog/index.ts';

/** The alternatives of a union; empty for anything else. */
export function branchesOf(schema: JsonSchema): JsonSchema[] {
  for (const keyword of ['oneOf', 'anyOf']) {
    const branches = schema[keyword];
    if (Array.isArray(branches)) return branches.filter(isSchema);
  }
  return [];
}

/** The alternatives without null. */
export function solidBranches(schema: JsonSchema): JsonSchema[] {
  return branchesOf(schema).filter((branch) => branch['type'] !== 'null');
}

/** True when null is among the allowed values. */
export function allowsNull(schema: JsonSchema): boolean {
  const { type } = schema;
  if (type === 'null' || (Array.isArray(type) && type.includes('null'))) return true;
  return branchesOf(schema).some(allowsNull);
}

/** The only alternative beside null, or the schema itself: what a reader means by "the type". */
export function core(schema: JsonSchema): JsonSchema {
  const solid = solidBranches(schema);
  const [only] = solid;
  return solid.length === 1 && only !== undefined ? core(only) : schema;
}

/** Properties of an object schema, required ones first. */
export function propertiesOf(
  schema: JsonSchema,
): { name: string; schema: JsonSchema; isRequired: boolean }[] {
  const properties = schema['properties'];
  if (!isSchema(properties)) return [];
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  return Object.entries(properties)
    .map(([name, inner]) => ({ name, schema: isSchema(inner) ? inner : {}, isRequired: required.has(name) }))
    .toSorted((a, b) => Number(b.isRequired) - Number(a.isRequired));
}

/** Schema of a list's items, if it is a list. */
export function itemsOf(schema: JsonSchema): JsonSchema | undefined {
  if (schema['type'] !== 'array') return undefined;
  return isSchema(schema['items']) ? schema['items'] : {};
}

/** The name of a branch of a union: the constant that tells it apart from the others, else its position from 1. */
export function branchName(branch: JsonSchema, index: number, union: JsonSchema): string {
  const discriminator = union['discriminator'];
  const named = isSchema(discriminator) ? discriminator['propertyName'] : undefined;
  const others = solidBranches(union).filter((other) => other !== branch);
  const tags = propertiesOf(branch)
    .filter(({ name }) => (typeof named === 'string' ? name === named : true))
    .filter(({ name, schema }) => isTagOf(name, schema, others))
    .map(({ schema }) => constants(schema));
  // An enum may tell two branches apart as well, but a single constant is what its author meant to.
  const [value] = tags.find((values) => values.length === 1) ?? tags[0] ?? [];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : `#${index + 1}`;
}

/** True when the property begins with another constant in each of the other branches that have it. */
function isTagOf(name: string, schema: JsonSchema, others: readonly JsonSchema[]): boolean {
  const [value] = constants(schema);
  if (value === undefined) return false;
  return others.every((other) => {
    const same = propertiesOf(other).find((property) => property.name === name);
    return same === undefined || constants(same.schema)[0] !== value;
  });
}

/** The values that a constant or an enum allows. */
export function constants(schema: JsonSchema): unknown[] {
  if (Object.hasOwn(schema, 'const')) return [schema['const']];
  return Array.isArray(schema['enum']) ? schema['enum'] : [];
}

export function isSchema(value: unknown): value is JsonSchema {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
