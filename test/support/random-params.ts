/** Random values that fit a JSON Schema of the contract: optional fields come and go. */
type Schema = Readonly<Record<string, unknown>>;

/** Numbers from 0 to 1. */
export type Chance = () => number;

/** A random params array. */
export function randomParams(accepts: Schema, chance: Chance): readonly unknown[] {
  const items = Array.isArray(accepts['prefixItems']) ? (accepts['prefixItems'] as Schema[]) : [];
  const least = Number(accepts['minItems'] ?? 0);
  const count = least + Math.floor(chance() * (items.length - least + 1));
  return items.slice(0, count).map((item) => randomValue(item, accepts, chance, 0));
}

function randomValue(schema: Schema, root: Schema, chance: Chance, depth: number): unknown {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const definitions = root['$defs'] as Record<string, Schema> | undefined;
    return randomValue(definitions?.[reference.replace('#/$defs/', '')] ?? {}, root, chance, depth + 1);
  }
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return pick(schema['enum'], chance);
  const branches = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(branches))
    return randomValue(pick(branches as Schema[], chance) ?? {}, root, chance, depth + 1);
  const type = Array.isArray(schema['type']) ? pick(schema['type'] as string[], chance) : schema['type'];
  switch (type) {
    case 'object':
      return randomObject(schema, root, chance, depth);
    case 'array': {
      const items = (schema['items'] ?? {}) as Schema;
      const count = depth > 8 ? 0 : Math.floor(chance() * 3);
      return Array.from({ length: count }, () => randomValue(items, root, chance, depth + 1));
    }
    case 'boolean':
      return chance() < 0.5;
    case 'integer':
    case 'number':
      return Math.floor(chance() * 100) + Number(schema['minimum'] ?? 0);
    case 'null':
      return null;
    default:
      return pick(
        ['a', 'tank/a', '/mnt/tank/a', '755', 'INHERIT', '', 'org.example:a', 'x'.repeat(20)],
        chance,
      );
  }
}

function randomObject(schema: Schema, root: Schema, chance: Chance, depth: number): unknown {
  const required = new Set(Array.isArray(schema['required']) ? (schema['required'] as string[]) : []);
  const share = depth > 8 ? 0 : chance();
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  const taken = properties.filter(([name]) => required.has(name) || chance() < share);
  return Object.fromEntries(
    taken.map(([name, inner]) => [name, randomValue(inner, root, chance, depth + 1)]),
  );
}

function pick<Value>(values: readonly Value[], chance: Chance): Value | undefined {
  return values[Math.floor(chance() * values.length)];
}
