/** The smallest call that a method's schemas accept: required parts only, with values that look like a NAS's. */
import type { ApiParameter, JsonSchema } from '../../truenas/catalog/index.ts';
import { branchesOf, isSchema, propertiesOf } from './schema-walk.ts';

/** Parameters of a smallest call. */
export function exampleParams(accepts: readonly ApiParameter[]): unknown[] {
  const last = accepts.findLastIndex((parameter) => parameter.isRequired);
  return accepts.slice(0, last + 1).map(({ schema, name }) => exampleOf(schema, name));
}

/** A value that `schema` accepts; `name` hints at a likely one. */
export function exampleOf(schema: JsonSchema, name: string): unknown {
  if (Object.hasOwn(schema, 'const')) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'].find((value) => value !== null) ?? null;
  const branches = branchesOf(schema);
  if (branches.length > 0) return smallest(branches, name);
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'object':
      return objectExample(schema);
    case 'array':
      return listExample(schema, name);
    case 'integer':
      return numberExample(schema, 1);
    case 'number':
      return numberExample(schema, 1);
    case 'boolean':
      return schema['default'] === true;
    case 'null':
      return null;
    case 'string':
      return textExample(schema, name);
    default:
      return Object.hasOwn(schema, 'properties') ? objectExample(schema) : textExample(schema, name);
  }
}

/** Of the alternatives the one that needs least, null last: an example with null shows nothing. */
function smallest(branches: readonly JsonSchema[], name: string): unknown {
  const examples = branches.map((branch) => exampleOf(branch, name));
  const solid = examples.filter((example) => example !== null);
  return solid.toSorted((a, b) => partsOf(a) - partsOf(b))[0] ?? null;
}

function partsOf(value: unknown): number {
  if (value === null || typeof value !== 'object') return 1;
  return Object.values(value).reduce((sum: number, inner) => sum + partsOf(inner), 1);
}

function objectExample(schema: JsonSchema): Record<string, unknown> {
  const required = propertiesOf(schema).filter((property) => property.isRequired);
  const least = typeof schema['minProperties'] === 'number' ? schema['minProperties'] : 0;
  const shown = required.length >= least ? required : propertiesOf(schema).slice(0, least);
  return Object.fromEntries(
    shown.map((property) => [property.name, exampleOf(property.schema, property.name)]),
  );
}

function listExample(schema: JsonSchema, name: string): unknown[] {
  const positions = schema['prefixItems'];
  const least = typeof schema['minItems'] === 'number' ? schema['minItems'] : 0;
  if (Array.isArray(positions)) {
    return positions.map((inner) => exampleOf(isSchema(inner) ? inner : {}, name));
  }
  const items = isSchema(schema['items']) ? schema['items'] : {};
  return Array.from({ length: least }, () => exampleOf(items, name.replace(/s$/, '')));
}

function numberExample(schema: JsonSchema, preferred: number): number {
  const bound = (keyword: string): number | undefined =>
    typeof schema[keyword] === 'number' ? schema[keyword] : undefined;
  const low = bound('minimum') ?? (bound('exclusiveMinimum') ?? Number.NEGATIVE_INFINITY) + 1;
  const high = bound('maximum') ?? (bound('exclusiveMaximum') ?? Number.POSITIVE_INFINITY) - 1;
  if (typeof schema['default'] === 'number') return schema['default'];
  return Math.min(Math.max(preferred, low), high);
}

/** Likely texts by the end of a name, most telling first. */
const LIKELY: readonly (readonly [name: RegExp, text: string])[] = [
  [/mount.?path|^path$|_path$|_dir$|home/, '/mnt/tank/media'],
  [/dataset|^dst$|^src$|zvol/, 'tank/media'],
  [/pool/, 'tank'],
  [/mail/, 'admin@example.com'],
  [/host|server|address/, 'nas.example.com'],
  [/^ip|gateway/, '192.0.2.10'],
  [/ur[il]$/, 'https://example.com'],
  [/user/, 'alice'],
  [/group/, 'staff'],
  [/disk|^dev|label/, 'sda'],
  [/service/, 'ssh'],
  [/snap/, 'tank/media@daily'],
  [/date|time/, '2026-01-31T12:00:00Z'],
  [/.*/, 'example'],
];

/** Texts for patterns that none of the likely ones fits. */
const FOR_PATTERNS = [
  'example',
  'a:b',
  '0x1',
  '02:00:00:00:00:01',
  'naa.0123456789abcdef',
  '1',
  'A',
  '/mnt/tank/a',
];

function textExample(schema: JsonSchema, name: string): string {
  if (typeof schema['default'] === 'string' && fits(schema, schema['default'])) return schema['default'];
  const likely = LIKELY.filter(([pattern]) => pattern.test(name.toLowerCase())).map(([, text]) => text);
  const candidates = [...likely, ...FOR_PATTERNS];
  const found = candidates.find((text) => fits(schema, text));
  if (found !== undefined) return found;
  const least = typeof schema['minLength'] === 'number' ? schema['minLength'] : 0;
  const most = typeof schema['maxLength'] === 'number' ? schema['maxLength'] : 1024;
  return 'example'
    .repeat(Math.ceil(Math.min(least, 4096) / 7) + 1)
    .slice(0, Math.max(least, Math.min(7, most)));
}

function fits(schema: JsonSchema, text: string): boolean {
  const { minLength, maxLength, pattern } = schema;
  if (typeof minLength === 'number' && text.length < minLength) return false;
  if (typeof maxLength === 'number' && text.length > maxLength) return false;
  return typeof pattern !== 'string' || new RegExp(pattern, 'u').test(text);
}
