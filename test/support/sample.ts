/** Small values that fit a JSON Schema of the contract; for test peers, not for judging anything. */
type Schema = Record<string, unknown>;

/** What every text inside a field that the contract marks as secret is, when asked for by `plant`. */
export interface Planting {
  readonly marker: string;
  /** Counts the fields that got it. */
  planted: number;
}

/** A value that fits `schema`; of the given JSON type where the schema allows several. */
export function sampleOf(schema: Schema, shape?: 'array' | 'object' | 'integer', plant?: Planting): unknown {
  const definitions = (schema['$defs'] ?? {}) as Record<string, Schema>;
  const branches = schema['anyOf'];
  if (shape !== undefined && Array.isArray(branches)) {
    const wanted = branches.find((branch: Schema) => resolved(branch, definitions)['type'] === shape);
    if (wanted !== undefined) return sample(wanted as Schema, definitions, 0, plant);
  }
  return sample(schema, definitions, 0, plant);
}

function resolved(schema: Schema, definitions: Record<string, Schema>): Schema {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return schema;
  return definitions[reference.slice('#/$defs/'.length)] ?? {};
}

function sample(
  given: Schema,
  definitions: Record<string, Schema>,
  depth: number,
  plant?: Planting,
  isSecret = false,
): unknown {
  const schema = resolved(given, definitions);
  const hides = isSecret || given['x-secret'] === true || schema['x-secret'] === true;
  if (
    hides &&
    plant !== undefined &&
    schema['type'] === undefined &&
    schema['anyOf'] === undefined &&
    schema['oneOf'] === undefined
  ) {
    plant.planted += 1;
    return { anything: plant.marker };
  }
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const branches = (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined;
  if (branches !== undefined) {
    const isNull = (branch: Schema): boolean => branch['type'] === 'null';
    const wanted = depth > 6 ? branches.find(isNull) : branches.find((branch) => !isNull(branch));
    return sample(wanted ?? branches[0] ?? {}, definitions, depth + 1, plant, hides);
  }
  switch (Array.isArray(schema['type']) ? schema['type'][0] : schema['type']) {
    case 'object': {
      const required = new Set(Array.isArray(schema['required']) ? (schema['required'] as string[]) : []);
      const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
      const shown = depth > 6 ? properties.filter(([name]) => required.has(name)) : properties;
      return Object.fromEntries(
        shown.map(([name, inner]) => [name, sample(inner, definitions, depth + 1, plant, hides)]),
      );
    }
    case 'array': {
      const positions = schema['prefixItems'] as Schema[] | undefined;
      if (positions !== undefined)
        return positions.map((inner) => sample(inner, definitions, depth + 1, plant, hides));
      if (depth > 6) return [];
      return [sample((schema['items'] ?? {}) as Schema, definitions, depth + 1, plant, hides)];
    }
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      if (hides && plant !== undefined) {
        plant.planted += 1;
        return plant.marker;
      }
      return 'x'.repeat(Math.max(1, typeof schema['minLength'] === 'number' ? schema['minLength'] : 0));
  }
}
