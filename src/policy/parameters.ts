/**
 * Parameters are closed by default: a generic call may pass on query filters, query options, the id of `get_instance`, what
 * the NAS would take anyway, and the reviewed parameters. What a later release adds is refused until somebody has looked at it.
 */
import { isQueryOptions, queryPlaces, type QueryPlaces } from '../truenas/catalog/query-places.ts';
import type { ApiMethod, JsonSchema } from '../truenas/catalog/index.ts';
import { reviewedExtra } from './reviewed-extra.ts';
import { reviewedParameter } from './reviewed-parameters.ts';
import { isNested, type Options } from './survey.ts';
import { objectId, type ValueRule } from './value-rules.ts';

/** The first parameter that may not be passed on, as a sentence that names it; `undefined` when all may. */
export function parameterProblem(method: ApiMethod, params: readonly unknown[]): string | undefined {
  const places = queryPlaces(method);
  for (const [index, value] of params.entries()) {
    const parameter = method.accepts[index];
    if (parameter === undefined) return `it takes ${method.accepts.length} parameters`;
    const problem = valueProblem(method, { index, places }, parameter, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

interface Place {
  readonly index: number;
  readonly places: QueryPlaces | undefined;
}

function valueProblem(
  method: ApiMethod,
  { index, places }: Place,
  { name, schema }: ApiMethod['accepts'][number],
  value: unknown,
): string | undefined {
  if (isDefault(schema, value)) return undefined;
  if (isQueryOptions(schema)) return optionsProblem(method, schema, value);
  const rule = ruleFor(method.name, index, name);
  if (places?.within !== undefined && index === places.options)
    return withinProblem(method, places.within, { name, schema, rule }, value);
  if (index === places?.filters) return undefined;
  return rule === undefined ? notReviewed(name) : rule.problem(value, name);
}

function ruleFor(method: string, index: number, parameter: string): ValueRule | undefined {
  if (index === 0 && method.endsWith('.get_instance')) return objectId;
  return reviewedParameter(method, parameter);
}

/** An object that holds the query's filters and options beside other fields. */
function withinProblem(
  method: ApiMethod,
  within: NonNullable<QueryPlaces['within']>,
  { name, schema, rule }: { name: string; schema: JsonSchema; rule: ValueRule | undefined },
  value: unknown,
): string | undefined {
  // The schema refuses what is no object.
  if (!isRecord(value)) return undefined;
  const { [within.filters]: _filters, [within.options]: options, ...rest } = value;
  const problem = optionsProblem(method, propertyOf(schema, within.options), options);
  if (problem !== undefined) return problem;
  const others = Object.entries(rest).filter(([key, inner]) => !isDefault(propertyOf(schema, key), inner));
  if (others.length === 0) return undefined;
  return rule === undefined ? notReviewed(name) : rule.problem(Object.fromEntries(others), name);
}

const QUERY_OPTIONS = new Set(['select', 'order_by', 'limit', 'offset', 'count', 'get', 'extra']);

function optionsProblem(method: ApiMethod, schema: JsonSchema, value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    if (isDefault(propertyOf(schema, name), inner)) continue;
    if (!QUERY_OPTIONS.has(name)) return notReviewed(`options.${name}`);
    const problem = name === 'extra' ? extraProblem(method.name, inner) : undefined;
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** A method reads any name it likes from `extra`, and the schema of most methods does not tell which. */
function extraProblem(method: string, extra: unknown): string | undefined {
  if (!isRecord(extra)) return undefined;
  for (const [name, value] of Object.entries(extra)) {
    const rule = reviewedExtra(method, name);
    const problem =
      rule === undefined
        ? notReviewed(`options.extra.${name}`)
        : rule.problem(value, `options.extra.${name}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function notReviewed(name: string): string {
  return `nobody has reviewed yet what "${name}" may do`;
}

/** The NAS takes its default also when nothing is given. */
function isDefault(schema: JsonSchema, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return Object.hasOwn(schema, 'default') && isEqual(schema['default'], value);
}

function isEqual(a: unknown, b: unknown): boolean {
  if (!isNested(a) || !isNested(b)) return a === b;
  const keys = Object.keys(a);
  if (Array.isArray(a) !== Array.isArray(b) || keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isEqual((a as Options)[key], (b as Options)[key]));
}

function propertyOf(schema: JsonSchema, name: string): JsonSchema {
  const { properties } = schema;
  if (!isRecord(properties) || !Object.hasOwn(properties, name)) return {};
  const property = properties[name];
  return isRecord(property) ? property : {};
}

function isRecord(value: unknown): value is Options {
  return isNested(value) && !Array.isArray(value);
}
