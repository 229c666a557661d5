/**
 * Turns what `core.get_methods` of a NAS says into standard JSON Schema 2020-12 (PROTOCOL section 8): `items` as a
 * one-element list, `_attrs_order_`, `_name_`, `_required_` and `title` on every property. Nothing of it is trusted:
 * unknown keywords are dropped, depth and size are bounded, a pattern that JavaScript cannot read is left out.
 */
import type { ApiMethod, ApiParameter, JsonSchema } from './types.ts';

const MAX_DEPTH = 24;
const MAX_NODES = 6000;
const MAX_TEXT = 4000;
const MAX_PATTERN = 500;
const MAX_SEARCH_NAMES = 40;

/** One method of the reply of `core.get_methods`; `undefined` when the NAS sent something that is none. */
export function normaliseMethod(name: string, published: unknown): ApiMethod | undefined {
  if (!isRecord(published)) return undefined;
  const accepts = (Array.isArray(published['accepts']) ? published['accepts'] : []).map(parameter);
  const [returns] = Array.isArray(published['returns']) ? published['returns'] : [];
  const description = text(published['description'], MAX_TEXT);
  return {
    name,
    summary: firstSentence(text(published['cli_description'], MAX_TEXT) || description),
    description,
    roles: roleNames(published['roles']),
    needsNoRole: published['no_authz_required'] === true || published['no_auth_required'] === true,
    isJob: isMarked(published['job']),
    isFilterable: published['filterable'] === true,
    needsTransfer: isMarked(published['uploadable']) || isMarked(published['downloadable']),
    parameters: searchNames(accepts),
    accepts,
    returns: normaliseSchema(returns),
  };
}

/** A schema as the NAS sends it, in standard form; `{}` (anything) where it cannot be understood. */
export function normaliseSchema(published: unknown): JsonSchema {
  const budget = { nodes: MAX_NODES };
  return schemaOf(published, { definitions: {}, open: [], depth: 0, budget });
}

interface Walk {
  readonly definitions: Record<string, unknown>;
  /** References being inlined, against self-reference. */
  readonly open: readonly string[];
  readonly depth: number;
  readonly budget: { nodes: number };
}

/** Keywords copied as they are when their value has the right type. */
const PLAIN_KEYWORDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  type: (value) => typeof value === 'string' || Array.isArray(value),
  enum: Array.isArray,
  const: () => true,
  default: () => true,
  format: isString,
  minLength: isNumber,
  maxLength: isNumber,
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isNumber,
  exclusiveMaximum: isNumber,
  multipleOf: isNumber,
  minItems: isNumber,
  maxItems: isNumber,
  minProperties: isNumber,
  maxProperties: isNumber,
  uniqueItems: (value) => typeof value === 'boolean',
  pattern: isReadablePattern,
  discriminator: isRecord,
  'x-secret': (value) => value === true,
};

function schemaOf(published: unknown, walk: Walk): JsonSchema {
  walk.budget.nodes -= 1;
  if (!isRecord(published) || walk.depth > MAX_DEPTH || walk.budget.nodes < 0) return {};
  const definitions = isRecord(published['$defs']) ? published['$defs'] : walk.definitions;
  const inner: Walk = { ...walk, definitions, depth: walk.depth + 1 };

  const reference = published['$ref'];
  if (typeof reference === 'string') return referred(reference, published, inner);

  const out: [string, unknown][] = [];
  for (const [keyword, value] of Object.entries(published)) {
    const fits = Object.hasOwn(PLAIN_KEYWORDS, keyword) ? PLAIN_KEYWORDS[keyword] : undefined;
    if (fits !== undefined) {
      if (fits(value)) out.push([keyword, value]);
      continue;
    }
    const standard = compound(keyword, value, inner);
    if (standard !== undefined) out.push([keyword, standard]);
  }
  const required = requiredNames(published);
  if (required.length > 0) out.push(['required', required]);
  return Object.fromEntries(out);
}

function compound(keyword: string, value: unknown, inner: Walk): unknown {
  switch (keyword) {
    case 'description':
      return typeof value === 'string' ? text(value, 400) : undefined;
    case 'anyOf':
    case 'oneOf':
    case 'allOf':
      if (!Array.isArray(value) || value.length === 0) return undefined;
      return value.map((branch) => schemaOf(branch, inner));
    case 'prefixItems':
      return Array.isArray(value) ? value.map((position) => schemaOf(position, inner)) : undefined;
    case 'items':
      if (typeof value === 'boolean') return value;
      return schemaOf(Array.isArray(value) ? value[0] : value, inner);
    case 'additionalProperties':
      return typeof value === 'boolean' ? value : schemaOf(value, inner);
    case 'propertyNames':
    case 'not':
      return isRecord(value) ? schemaOf(value, inner) : undefined;
    case 'properties':
    case 'patternProperties':
      if (!isRecord(value)) return undefined;
      return Object.fromEntries(
        Object.entries(value)
          .filter(([name]) => keyword === 'properties' || isReadablePattern(name))
          .map(([name, property]) => [name, schemaOf(property, inner)]),
      );
    default:
      return undefined;
  }
}

/** The definition a leftover `$ref` points to; anything goes where it points to itself or nowhere. */
function referred(reference: string, published: Record<string, unknown>, inner: Walk): JsonSchema {
  const { $ref: _reference, $defs: _definitions, ...beside } = published;
  const name = reference.startsWith('#/$defs/') ? reference.slice('#/$defs/'.length) : undefined;
  const isKnown = name !== undefined && Object.hasOwn(inner.definitions, name) && !inner.open.includes(name);
  if (!isKnown) return schemaOf(beside, inner);
  const target = inner.definitions[name];
  return schemaOf(
    { ...(isRecord(target) ? target : {}), ...beside },
    { ...inner, open: [...inner.open, name] },
  );
}

/** `required` where the NAS sends it; older ones only mark each property. */
function requiredNames(published: Record<string, unknown>): string[] {
  const properties = published['properties'];
  if (!isRecord(properties)) return [];
  if (Array.isArray(published['required'])) {
    return published['required'].filter(
      (name): name is string => isString(name) && Object.hasOwn(properties, name),
    );
  }
  return Object.entries(properties)
    .filter(([, property]) => isRecord(property) && property['_required_'] === true)
    .map(([name]) => name);
}

function parameter(published: unknown, index: number): ApiParameter {
  const marked = isRecord(published) ? published : {};
  const name = [marked['_name_'], marked['title']].find(isString) ?? `arg${index + 1}`;
  const isRequired =
    typeof marked['_required_'] === 'boolean' ? marked['_required_'] : !Object.hasOwn(marked, 'default');
  return { name: text(name, 80), isRequired, schema: normaliseSchema(published) };
}

function searchNames(accepts: readonly ApiParameter[]): string[] {
  const names = new Set<string>();
  for (const { name } of accepts) names.add(name);
  for (const { schema } of accepts) {
    for (const shape of [schema, ...branchesOf(schema)]) {
      if (isRecord(shape['properties'])) for (const name of Object.keys(shape['properties'])) names.add(name);
    }
  }
  return [...names].slice(0, MAX_SEARCH_NAMES);
}

function branchesOf(schema: JsonSchema): JsonSchema[] {
  return [schema['anyOf'], schema['oneOf']].flatMap((branches) => (Array.isArray(branches) ? branches : []));
}

/** `undefined` when the NAS publishes none; an empty list, granting nobody, when it sent something else. */
function roleNames(published: unknown): readonly string[] | undefined {
  if (published === undefined) return undefined;
  return Array.isArray(published) ? published.filter(isRoleName) : [];
}

/** Roles are shown as they are, so what could be anything else than a name is none. */
function isRoleName(value: unknown): value is string {
  return isString(value) && /^[A-Z][A-Z0-9_]{0,63}$/.test(value);
}

function firstSentence(prose: string): string {
  const line = prose.replace(/\s+/g, ' ').trim();
  const end = line.search(/\.(\s|$)/);
  const sentence = end > 0 ? line.slice(0, end) : line;
  return sentence.length > 160 ? `${sentence.slice(0, 159)}…` : sentence;
}

function isReadablePattern(value: unknown): boolean {
  if (!isString(value) || value.length > MAX_PATTERN) return false;
  try {
    new RegExp(value, 'u');
    return true;
  } catch {
    return false;
  }
}

/** The NAS sends a mark as true, as a list of pipes, or as nothing; anything strange counts as marked. */
function isMarked(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== false;
}

function text(value: unknown, max: number): string {
  return isString(value) ? value.slice(0, max).trim() : '';
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
