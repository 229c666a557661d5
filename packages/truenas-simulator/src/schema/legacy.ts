/**
 * The older validator of 25.04: it reads numbers from text, fills defaults, and has texts of its own (PROTOCOL
 * section 13). It works on the same schemas as the newer one.
 */
import type * as z from 'zod';
import type { SimParams } from '../calls/method.ts';
import { CallError, ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import { pythonText } from '../errors/python.ts';
import { bounds, choices, type Definition, definition, type Schema } from './definition.ts';
import { complaintsOf } from './issues.ts';

/**
 * Checks the arguments and fills defaults; the answer has one value per parameter.
 * @throws ValidationErrors with one entry per complaint; CallError when there are too many arguments
 */
export function checkLegacyArguments(params: SimParams, args: readonly unknown[]): unknown[] {
  if (args.length > params.length) {
    throw new CallError(`Too many arguments (expected ${params.length}, found ${args.length})`, ERRNO.EFAULT);
  }
  const problems = new ValidationErrors();
  const values = params.map(([name, schema], index) => {
    const shown = LEGACY_NAMES[name] ?? name;
    const cleaned = clean(describe(schema), index < args.length ? args[index] : MISSING);
    const found = cleaned.problems.length > 0 ? cleaned.problems : judge(schema, cleaned.value);
    for (const { path, message } of found) problems.add([shown, ...path].join('.'), message);
    return cleaned.value;
  });
  problems.check();
  return params.map(([, schema], index) => {
    const parsed = schema.safeParse(values[index]);
    return parsed.success ? parsed.data : values[index];
  });
}

/** Parameters that this validator calls otherwise. */
const LEGACY_NAMES: Readonly<Record<string, string>> = {
  filters: 'query-filters',
  options: 'query-options',
};

const MISSING = Symbol('missing');

interface Problem {
  readonly path: readonly string[];
  readonly message: string;
}

interface Cleaned {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

function good(value: unknown): Cleaned {
  return { value, problems: [] };
}

function bad(message: string): Cleaned {
  return { value: undefined, problems: [{ path: [], message }] };
}

/** A schema as this validator sees it. */
interface Attribute {
  readonly core: Schema;
  readonly isNullable: boolean;
  readonly isOptional: boolean;
  readonly hasDefault: boolean;
  readonly fallback: unknown;
}

function describe(schema: Schema): Attribute {
  const { type, innerType, in: input, defaultValue } = definition(schema);
  if (type === 'pipe' && input !== undefined) return describe(input);
  if (innerType === undefined) {
    return { core: schema, isNullable: false, isOptional: false, hasDefault: false, fallback: undefined };
  }
  const inner = describe(innerType);
  if (type === 'nullable') return { ...inner, isNullable: true };
  if (type === 'optional') return { ...inner, isOptional: true };
  if (type === 'default' || type === 'prefault')
    return { ...inner, hasDefault: true, fallback: defaultValue };
  return inner;
}

function clean(attribute: Attribute, given: unknown): Cleaned {
  let value = given;
  if (value === MISSING) {
    const kind = definition(attribute.core).type;
    if (attribute.hasDefault) value = attribute.fallback;
    else if (kind === 'object' || kind === 'record') value = {};
    else if (kind === 'array') value = [];
    else return bad('attribute required');
  } else if (value === null && !attribute.isNullable && !takesNull(attribute.core)) {
    return bad('null not allowed');
  }
  if (value === null) return good(value);
  return cleanByType(attribute.core, value);
}

function takesNull(core: Schema): boolean {
  const { type, options = [] } = definition(core);
  return type === 'unknown' || type === 'any' || type === 'null' || options.some((each) => takesNull(each));
}

function cleanByType(core: Schema, value: unknown): Cleaned {
  const def = definition(core);
  switch (def.type) {
    case 'string':
      return cleanText(core, value);
    case 'enum':
    case 'literal':
      return choices(core).includes(value) ? good(value) : bad(`Invalid choice: ${pythonText(value)}`);
    case 'number':
      return def.format === undefined ? cleanFraction(value) : cleanInteger(value);
    case 'boolean':
      return typeof value === 'boolean' ? good(value) : bad('Not a boolean');
    case 'array':
      return cleanList(def, value);
    case 'object':
      return cleanObject(def, value);
    case 'record':
      return isObject(value) ? good(value) : bad('A dict was expected');
    case 'union':
      return cleanUnion(def, value);
    default:
      return good(value);
  }
}

function cleanText(core: Schema, value: unknown): Cleaned {
  const text = typeof value === 'number' || typeof value === 'bigint' ? pythonText(value) : value;
  if (typeof text !== 'string') return bad('Not a string');
  const { minimum = 0 } = bounds(core);
  return minimum > 0 && text.trim() === '' ? bad('Empty value not allowed') : good(text);
}

function cleanInteger(value: unknown): Cleaned {
  if (typeof value === 'bigint' || Number.isInteger(value)) return good(value);
  const isNumeric = typeof value === 'string' && /^\s*[-+]?\d+(_\d+)*\s*$/.test(value);
  return isNumeric ? good(Number(value.replaceAll('_', ''))) : bad('Not an integer');
}

function cleanFraction(value: unknown): Cleaned {
  if (typeof value === 'number') return good(value);
  const isNumeric = typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value));
  return isNumeric ? good(Number(value)) : bad('Not a floating point number');
}

function cleanList({ element }: Definition, value: unknown): Cleaned {
  if (!Array.isArray(value)) return bad('Not a list');
  if (element === undefined) return good(value);
  const items: unknown[] = [];
  for (const [index, item] of value.entries()) {
    const cleaned = clean(describe(element), item);
    if (cleaned.problems.length > 0) {
      return bad(`Item#${index} is not valid per list types: ${lines(cleaned.problems)}`);
    }
    items.push(cleaned.value);
  }
  return good(items);
}

/** Given keys first, in their order, then what is missing. */
function cleanObject({ shape = {}, catchall }: Definition, value: unknown): Cleaned {
  if (!isObject(value)) return bad('A dict was expected');
  const isOpen = catchall !== undefined && definition(catchall).type !== 'never';
  const problems: Problem[] = [];
  const out: Record<string, unknown> = {};
  const take = (key: string, schema: Schema, given: unknown): void => {
    const cleaned = clean(describe(schema), given);
    problems.push(...cleaned.problems.map(({ path, message }) => ({ path: [key, ...path], message })));
    out[key] = cleaned.value;
  };
  for (const [key, inner] of Object.entries(value)) {
    const schema = shape[key];
    if (schema !== undefined) take(key, schema, inner);
    else if (isOpen) out[key] = inner;
    else problems.push({ path: [key], message: 'Field was not expected' });
  }
  for (const [key, schema] of Object.entries(shape)) {
    const { hasDefault, isOptional } = describe(schema);
    if (!(key in value) && (hasDefault || !isOptional)) take(key, schema, MISSING);
  }
  return { value: out, problems };
}

function cleanUnion({ options = [] }: Definition, value: unknown): Cleaned {
  const problems: Problem[] = [];
  for (const option of options) {
    const cleaned = clean(describe(option), value);
    if (cleaned.problems.length === 0) return cleaned;
    problems.push(...cleaned.problems);
  }
  return bad(`Result does not match specified schema: ${lines(problems)}`);
}

function lines(problems: readonly Problem[]): string {
  return problems.map(({ path, message }) => `[EINVAL] ${path.join('.')}: ${message}\n`).join('');
}

/** Lengths, ranges and rules of code, which come after all types are right. */
function judge(schema: z.ZodType, value: unknown): Problem[] {
  const parsed = schema.safeParse(typeof value === 'bigint' ? Number(value) : value);
  if (parsed.success) return [];
  return complaintsOf([], schema, value, parsed.error.issues).map(({ path, message }) => ({
    path,
    message: message
      .replace(/^Value error, /, '')
      .replace(
        /^String should have at most (\d+) characters?$/,
        'The value may not be longer than $1 characters',
      )
      .replace(/^Input should be (greater|less) than or equal to (.*)$/, 'Should be $1 than or equal to $2'),
  }));
}

function isObject(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  return !(value instanceof Date) && !(value instanceof Set);
}
