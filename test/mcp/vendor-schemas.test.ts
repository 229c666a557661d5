/**
 * What the functions of model vendors take: Anthropic, OpenAI (strict too), Gemini, and the grammars of llama.cpp. A client hands
 * our schemas on, and one that a vendor refuses takes every tool of the conversation with it.
 */
import { expect, it } from 'vitest';
import { derivedDefinitions } from '../../src/mcp/derived-definitions.ts';

interface Schema {
  readonly [key: string]: unknown;
}

const listed = (await derivedDefinitions()).filter(({ isUnlisted }) => isUnlisted !== true);

/** Parameters of API methods are any JSON: their types are listed, which every vendor but an old Gemini takes. */
const ANY_JSON = /^call_api_(?:read|write)\.(?:params|filters)\.\[\]: has several types$/u;

/** Every schema within a schema, with its path. */
function schemasIn(schema: Schema, path: string): [string, Schema][] {
  const inner = [
    ...Object.entries((schema['properties'] ?? {}) as Record<string, Schema>),
    ...(schema['items'] === undefined ? [] : [['[]', schema['items'] as Schema] as const]),
    ...((schema['anyOf'] ?? []) as Schema[]).map((each, index) => [`anyOf${index}`, each] as const),
  ];
  return [[path, schema], ...inner.flatMap(([name, each]) => schemasIn(each, `${path}.${name}`))];
}

it.each(listed.map(({ name, definition }) => [name, definition] as const))(
  '%s has a schema that every vendor takes',
  (name, { inputSchema }) => {
    expect(name).toMatch(/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/u);
    const problems = schemasIn(inputSchema, name).flatMap(([path, schema]) =>
      problemsOf(schema).map((each) => `${path}: ${each}`),
    );
    expect(problems.filter((problem) => !ANY_JSON.test(problem))).toEqual([]);
  },
);

/** What a vendor refuses in one schema. */
function problemsOf(schema: Schema): string[] {
  const { type, enum: values, properties, additionalProperties, items } = schema;
  const banned = ['$ref', '$defs', 'oneOf', 'allOf', 'not', 'patternProperties', 'nullable', 'const', 'if'];
  return [
    ...banned.filter((key) => key in schema).map((key) => `has ${key}`),
    ...(type === undefined && schema['anyOf'] === undefined ? ['has no type'] : []),
    ...(Array.isArray(type) ? ['has several types'] : []),
    ...(type === 'array' && items === undefined ? ['is a list of nothing in particular'] : []),
    ...(Array.isArray(values) && (type !== 'string' || values.some((value) => typeof value !== 'string'))
      ? ['lists values that are no texts']
      : []),
    ...(type === 'object' && properties !== undefined && additionalProperties !== false
      ? ['takes other properties']
      : []),
    ...Object.keys(properties ?? {})
      .filter((key) => !/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/u.test(key))
      .map((key) => `has a property ${key}`),
  ];
}
