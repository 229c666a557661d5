/** Secret parts of arguments and results: where a schema has them, and values without them. */
import type * as z from 'zod';
import { isNode, type JsonSchema, jsonSchema, SECRET } from './schema.ts';

/** Where secrets sit in a value: keys, `*` for each item or value. */
export type SecretPath = readonly string[];

/** Paths of the parts marked by `secret`. */
export function secretPaths(schema: z.ZodType, io: 'input' | 'output'): readonly SecretPath[] {
  const paths: SecretPath[] = [];
  collect(jsonSchema(schema, io), [], paths);
  return paths;
}

function collect(node: JsonSchema, path: SecretPath, paths: SecretPath[]): void {
  if (node[SECRET] === true) {
    paths.push(path);
    return;
  }
  for (const keyword of ['anyOf', 'oneOf', 'allOf'] as const) {
    const branches = node[keyword];
    if (Array.isArray(branches)) for (const branch of branches) collect(branch as JsonSchema, path, paths);
  }
  if (isNode(node.items)) collect(node.items, [...path, '*'], paths);
  if (isNode(node.additionalProperties)) collect(node.additionalProperties, [...path, '*'], paths);
  if (isNode(node.properties)) {
    for (const [key, value] of Object.entries(node.properties)) {
      if (isNode(value)) collect(value, [...path, key], paths);
    }
  }
}

/** What stands where a secret was. */
export const REDACTED = '********';

/** A copy with the secrets at `paths` replaced; the value itself when there are none. Null and absent stay so. */
export function withoutSecrets(value: unknown, paths: readonly SecretPath[]): unknown {
  return paths.reduce((result, path) => replaceAt(result, path, 0), value);
}

function replaceAt(value: unknown, path: SecretPath, at: number): unknown {
  if (value === null || value === undefined) return value;
  const key = path[at];
  if (key === undefined) return REDACTED;
  if (typeof value !== 'object' || value instanceof Date || value instanceof Set) return value;
  if (Array.isArray(value)) return key === '*' ? value.map((item) => replaceAt(item, path, at + 1)) : value;
  const object = value as Record<string, unknown>;
  if (key !== '*') return key in object ? { ...object, [key]: replaceAt(object[key], path, at + 1) } : value;
  return Object.fromEntries(
    Object.entries(object).map(([name, inner]) => [name, replaceAt(inner, path, at + 1)]),
  );
}
