/** Parameters judged by the NAS's own schema before anything is sent; problems in words a caller can act on. */
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { didYouMean, nearNames } from '../output/near-names.ts';
import { safeCell } from '../output/untrusted.ts';
import type { ApiMethod } from '../truenas/catalog/index.ts';

const validators = new WeakMap<ApiMethod, ValidateFunction | undefined>();

/**
 * The faults of `params`, one line each, naming the parameter's path, the rule and what is allowed; empty when
 * the schema accepts them. A schema that cannot be compiled judges nothing: the NAS will.
 */
export async function paramProblems(method: ApiMethod, params: readonly unknown[]): Promise<string[]> {
  const names = method.accepts.map(({ name }) => name);
  if (params.length > names.length) {
    return [`takes ${countText(names)}, but got ${params.length}`];
  }
  const least = method.accepts.findLastIndex(({ isRequired }) => isRequired) + 1;
  if (params.length < least) {
    const missing = names.slice(params.length, least).map((name) => JSON.stringify(name));
    return [`lacks ${missing.join(', ')}; it takes ${countText(names)}`];
  }
  const validate = await validatorOf(method);
  if (validate === undefined || validate(params)) return [];
  return explain(validate.errors ?? [], names);
}

function countText(names: readonly string[]): string {
  return names.length === 0 ? 'no parameters' : `${names.length}: [${names.join(', ')}]`;
}

/** The validator is loaded with the first call that needs it. */
async function validatorOf(method: ApiMethod): Promise<ValidateFunction | undefined> {
  if (validators.has(method)) return validators.get(method);
  const { compileList } = await import('./schema-validator.ts');
  const validate = compileList(method.accepts.map(({ schema }) => schema));
  validators.set(method, validate);
  return validate;
}

const MAX_LINES = 6;

function explain(errors: readonly ErrorObject[], names: readonly string[]): string[] {
  const lines = withoutNoise(errors).map((error) => `${placeOf(error, names)} ${ruleOf(error)}`);
  return [...new Set(lines)].slice(0, MAX_LINES);
}

/**
 * A union reports the failures of all its alternatives. Only those of the alternative that was most likely meant are
 * kept: the one that got furthest before it failed.
 */
function withoutNoise(errors: readonly ErrorObject[]): ErrorObject[] {
  let kept = [...errors];
  const unions = errors
    .filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
    .toSorted((a, b) => b.schemaPath.length - a.schemaPath.length);
  for (const union of unions) {
    const inside = kept.filter((error) => error !== union && isBelow(error, union));
    const best = bestBranch(inside, union);
    if (best.length === 0) continue;
    const dropped = new Set<ErrorObject>([union, ...inside].filter((error) => !best.includes(error)));
    // If no alternative fits at all, one line with what is allowed says more than every alternative's own.
    const isFlat = best.every(
      (error) => error.instancePath === union.instancePath && error.keyword === 'type',
    );
    kept = isFlat
      ? kept.filter((error) => error === union || !inside.includes(error))
      : kept.filter((error) => !dropped.has(error));
  }
  return kept;
}

function isBelow(error: ErrorObject, union: ErrorObject): boolean {
  return (
    error.schemaPath.startsWith(`${union.schemaPath}/`) && error.instancePath.startsWith(union.instancePath)
  );
}

function bestBranch(inside: readonly ErrorObject[], union: ErrorObject): ErrorObject[] {
  const branches = new Map<string, ErrorObject[]>();
  for (const error of inside) {
    const branch = error.schemaPath.slice(union.schemaPath.length + 1).split('/')[0] ?? '';
    branches.set(branch, [...(branches.get(branch) ?? []), error]);
  }
  // A wrong tag or type at the top rules an alternative out; so do many failures.
  const cost = (branch: readonly ErrorObject[]): number =>
    branch.reduce((sum, error) => {
      const isOut = error.instancePath === union.instancePath && error.keyword === 'type';
      return sum + 1 + (isOut ? 100 : 0) + (error.keyword === 'const' ? 50 : 0);
    }, 0);
  return [...branches.values()].toSorted((a, b) => cost(a) - cost(b))[0] ?? [];
}

/** `"data.options.name"`, `"filters[0]"`. */
function placeOf(error: ErrorObject, names: readonly string[]): string {
  const [index = '', ...steps] = error.instancePath.split('/').slice(1).map(unescaped);
  const extra = error.keyword === 'additionalProperties' ? [String(error.params['additionalProperty'])] : [];
  const missing = error.keyword === 'required' ? [String(error.params['missingProperty'])] : [];
  const path = [...steps, ...extra, ...missing].map((step) =>
    /^\d+$/.test(step) ? `[${step}]` : `.${step}`,
  );
  return JSON.stringify(safeCell(`${names[Number(index)] ?? 'params'}${path.join('')}`, 120));
}

function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function ruleOf(error: ErrorObject): string {
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties': {
      const properties = (error.parentSchema as { properties?: object } | undefined)?.properties ?? {};
      const known = Object.keys(properties);
      const hint = didYouMean(nearNames(String(params['additionalProperty']), known));
      return `is not known here; ${hint ?? `known: ${known.slice(0, 25).join(', ')}`}`;
    }
    case 'enum':
      return `must be one of ${valuesText(params['allowedValues'])}`;
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`;
    case 'type':
      return `must be ${String(params['type'])}, not ${kindOf(error.data)}`;
    case 'anyOf':
    case 'oneOf':
      return `must be ${unionText(error)}, not ${kindOf(error.data)}`;
    case 'pattern':
      return `must match ${String(params['pattern'])}`;
    default:
      return safeCell(error.message ?? 'is not accepted', 160);
  }
}

function unionText(error: ErrorObject): string {
  const branches = Array.isArray(error.schema) ? (error.schema as Record<string, unknown>[]) : [];
  const kinds = branches.map((branch) =>
    Array.isArray(branch['enum']) ? valuesText(branch['enum']) : typeName(branch['type']),
  );
  return [...new Set(kinds)].join(' or ') || 'one of its alternatives';
}

function typeName(type: unknown): string {
  if (Array.isArray(type)) return type.join(' or ');
  return typeof type === 'string' ? type : 'another value';
}

function valuesText(values: unknown): string {
  const list = Array.isArray(values) ? values : [];
  const shown = list.slice(0, 25).map((value) => JSON.stringify(value));
  return `${shown.join(', ')}${list.length > 25 ? `, … (${list.length} in all)` : ''}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
