/**
 * Arguments made from the contract's `accepts` schemas, right ones and slightly wrong ones, and the contract's verdict on
 * them: to hold the simulator's own parameter schemas against. Values are as on the wire (`{"$date": ms}`).
 */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { checkArguments, paramsOf } from '../../src/schema/arguments.ts';
import { decodeValue } from '../../src/wire/codec.ts';
import { ValidationErrors } from '../../src/errors/exceptions.ts';
import { QueryError } from '../../src/query/error.ts';
import type { SimMethod } from '../../src/calls/method.ts';
import type { SimRelease } from '../../src/releases.ts';
import { loadContract } from '../support/contract.ts';

type Node = Record<string, unknown>;
type Wire = fc.Arbitrary<unknown>;

/** Values that each break some type. */
const ODD_VALUES: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 7, '', 'odd', '\u0000', [], [null], ['odd'], {}, { odd: 1 }],
  99_999_999,
];

/** Parameters that the contract accepts, by its schema. */
export function validParams(release: SimRelease, method: string): fc.Arbitrary<unknown[]> {
  const { schema, definitions, isLegacy } = wireSchema(release, method);
  const items = (schema.prefixItems ?? []) as Node[];
  const fewest = isLegacy ? items.length : ((schema.minItems as number | undefined) ?? 0);
  const context: Context = { definitions, isComplete: isLegacy, depth: 0 };
  return fc
    .tuple(
      fc.integer({ min: fewest, max: items.length }),
      ...items.map((item) => arbitraryValue(item, context)),
    )
    .map(([count, ...values]) => values.slice(0, count));
}

/** Parameters with one thing changed somewhere; mostly wrong, sometimes still right. */
export function mutatedParams(release: SimRelease, method: string): fc.Arbitrary<unknown[]> {
  const { isLegacy } = wireSchema(release, method);
  return fc
    .tuple(validParams(release, method), fc.nat(), fc.nat(), fc.constantFrom(...ODD_VALUES))
    .map(([params, where, how, odd]) => mutate(params, where, isLegacy ? (how % 2) * 2 : how % 4, odd));
}

/**
 * Where simulator and contract differ about these parameters, in words; null when they agree. Complaints of code rather
 * than of schema (`Value error, …`, as query filters have them) do not count: the contract does not know such rules.
 */
export function disagreement(
  release: SimRelease,
  method: SimMethod,
  params: readonly unknown[],
): string | null {
  const validate = wireValidator(release, method.name);
  const isAccepted = validate(params);
  let refusal: string | null = null;
  try {
    checkArguments(paramsOf(method, release), decodeValue(params) as unknown[], release);
  } catch (error) {
    if (error instanceof QueryError) return null;
    if (!(error instanceof ValidationErrors)) throw error;
    const bySchema = error.entries.filter(([, message]) => !message.startsWith('Value error,'));
    if (bySchema.length === 0) return null;
    refusal = JSON.stringify(error.entries);
  }
  if (isAccepted && refusal !== null) {
    return `the contract takes ${JSON.stringify(params)}, the simulator refuses it: ${refusal}`;
  }
  if (!isAccepted && refusal === null) {
    const problems = (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message ?? ''}`);
    return `the simulator takes ${JSON.stringify(params)}, the contract refuses it: ${problems.join('; ')}`;
  }
  return null;
}

interface WireSchema {
  readonly schema: Node;
  readonly definitions: Readonly<Record<string, Node>>;
  /** Its `required` is not reliable: everything is filled in, nothing left out. */
  readonly isLegacy: boolean;
}

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
const schemas = new Map<string, WireSchema>();
const validators = new Map<string, ValidateFunction>();

function wireSchema(release: SimRelease, method: string): WireSchema {
  const key = `${release} ${method}`;
  let known = schemas.get(key);
  if (known === undefined) {
    const contract = loadContract(release).methods[method];
    if (contract === undefined) throw new Error(`the contract of ${release} has no method ${method}`);
    const schema = withWireDates(contract.accepts) as Node;
    const definitions = (schema.$defs ?? {}) as Record<string, Node>;
    known = { schema, definitions, isLegacy: contract.legacy_schema === true };
    schemas.set(key, known);
  }
  return known;
}

function wireValidator(release: SimRelease, method: string): ValidateFunction {
  const key = `${release} ${method}`;
  let validate = validators.get(key);
  if (validate === undefined) {
    validate = ajv.compile(wireSchema(release, method).schema);
    validators.set(key, validate);
  }
  return validate;
}

/** Datetimes travel as objects, which the contract's schemas do not say. */
function withWireDates(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withWireDates);
  if (node === null || typeof node !== 'object') return node;
  if ((node as Node).format === 'date-time') {
    const properties = { $date: { type: 'integer', minimum: 0, maximum: 4_102_444_800_000 } };
    return { type: 'object', properties, required: ['$date'], additionalProperties: false };
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withWireDates(value)]));
}

interface Context {
  readonly definitions: Readonly<Record<string, Node>>;
  readonly isComplete: boolean;
  readonly depth: number;
}

function arbitraryValue(node: Node, context: Context): Wire {
  if (typeof node.$ref === 'string') {
    const name = node.$ref.replace('#/$defs/', '');
    return arbitraryValue(context.definitions[name] ?? {}, { ...context, depth: context.depth + 1 });
  }
  if ('const' in node) return fc.constant(node.const);
  if (Array.isArray(node.enum)) return fc.constantFrom(...(node.enum as unknown[]));
  const branches = (node.anyOf ?? node.oneOf) as Node[] | undefined;
  if (branches !== undefined) return fc.oneof(...branches.map((branch) => arbitraryValue(branch, context)));
  const types = Array.isArray(node.type) ? (node.type as string[]) : [node.type as string | undefined];
  return fc.oneof(...types.map((type) => valueOfType(type, node, context)));
}

function valueOfType(type: string | undefined, node: Node, context: Context): Wire {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.integer(numberRange(node));
    case 'string':
      return textOf(node);
    case 'array':
      return listOf(node, context);
    case 'object':
      return objectOf(node, context);
    default:
      return fc.constantFrom<unknown>('anything', 3, true, null);
  }
}

function numberRange(node: Node): { min: number; max: number } {
  const low = (node.minimum ?? plus(node.exclusiveMinimum, 1) ?? -5) as number;
  const high = (node.maximum ?? plus(node.exclusiveMaximum, -1) ?? Math.max(low, 0) + 5000) as number;
  return { min: Math.ceil(low), max: Math.floor(high) };
}

function plus(value: unknown, by: number): number | undefined {
  return typeof value === 'number' ? value + by : undefined;
}

function textOf(node: Node): fc.Arbitrary<string> {
  const least = (node.minLength as number | undefined) ?? 0;
  if (typeof node.pattern === 'string') {
    const pattern = new RegExp(node.pattern);
    const most = (node.maxLength as number | undefined) ?? Number.POSITIVE_INFINITY;
    // Fitted rather than filtered by length: a filter that hardly anything passes goes on for ever.
    return fc
      .stringMatching(pattern)
      .map((value) => fitted(value, least, most))
      .filter((value) => pattern.test(value));
  }
  const most = Math.min((node.maxLength as number | undefined) ?? 12, 40);
  return fc.string({ minLength: least, maxLength: Math.max(least, most) });
}

/** The text, repeated until it is long enough and cut where it is too long. */
function fitted(text: string, least: number, most: number): string {
  const times = text === '' ? 1 : Math.ceil(least / text.length);
  return text.repeat(Math.max(1, times)).slice(0, most);
}

const DEEPEST = 6;

function listOf(node: Node, context: Context): Wire {
  const least = (node.minItems as number | undefined) ?? 0;
  if (context.depth > DEEPEST && least === 0) return fc.constant([]);
  const items = node.items as Node | undefined;
  if (items === undefined || Object.keys(items).length === 0) return fc.constant([]);
  const most = Math.min((node.maxItems as number | undefined) ?? least + 2, least + 2);
  const limits = { minLength: least, maxLength: most };
  const item = arbitraryValue(items, context);
  return node.uniqueItems === true
    ? fc.uniqueArray(item, { ...limits, selector: (value) => JSON.stringify(value) })
    : fc.array(item, limits);
}

function objectOf(node: Node, context: Context): Wire {
  const properties = Object.entries((node.properties ?? {}) as Record<string, Node>);
  if (properties.length === 0) {
    return node.additionalProperties === false ? fc.constant({}) : fc.constantFrom({}, { some: 'thing' });
  }
  const required = new Set((node.required as string[] | undefined) ?? []);
  const inner = { ...context, depth: context.depth + 1 };
  const model = Object.fromEntries(properties.map(([key, value]) => [key, arbitraryValue(value, inner)]));
  const requiredKeys = properties
    .map(([key]) => key)
    .filter((key) => context.isComplete || required.has(key));
  return fc.record(model, { requiredKeys, noNullPrototype: true });
}

/** Replaces (0), removes (1), adds to (2) or empties (3) the part that `where` points at. */
function mutate(params: readonly unknown[], where: number, how: number, odd: unknown): unknown[] {
  const copy = structuredClone(params) as unknown[];
  const places = placesIn(copy);
  const place = places[where % places.length];
  if (place === undefined) return [...copy, odd];
  const { parent, key } = place;
  const value = (parent as Record<string, unknown>)[key];
  if (how === 1 && Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (how === 1) delete (parent as Record<string, unknown>)[key];
  else if (how === 2 && isPlainObject(value)) value.unknown_key = odd;
  else if (how === 2) copy.push(odd);
  else (parent as Record<string, unknown>)[key] = how === 3 ? emptied(value) : odd;
  return copy;
}

interface Place {
  readonly parent: object;
  readonly key: string;
}

/** Every part of the parameters; the inside of dates is left alone. */
function placesIn(value: unknown): Place[] {
  if (value === null || typeof value !== 'object' || '$date' in value) return [];
  return Object.entries(value).flatMap(([key, inner]) => [{ parent: value, key }, ...placesIn(inner)]);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function emptied(value: unknown): unknown {
  if (typeof value === 'string') return '';
  if (typeof value === 'number') return -value - 1;
  if (Array.isArray(value)) return [];
  return {};
}
