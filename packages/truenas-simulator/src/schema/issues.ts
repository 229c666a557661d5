/** Schema failures in the NAS's words: dotted paths and messages as its validator writes them (PROTOCOL section 2). */
import { z } from 'zod';
import type { ValidationErrors } from '../errors/exceptions.ts';
import { modelName } from './schema.ts';

type Schema = z.core.$ZodType;
type Issue = z.core.$ZodIssue;

/** Adds every issue of `schema` about `value` to `problems`, under the parameter's name. */
export function addIssues(
  problems: ValidationErrors,
  name: string,
  schema: Schema,
  value: unknown,
  issues: readonly Issue[],
): void {
  addAll({ problems, prefix: [name], root: schema, rootValue: value }, issues);
}

/** A schema with the value it judges, and where that value stands. */
interface Place {
  readonly problems: ValidationErrors;
  readonly prefix: readonly string[];
  readonly root: Schema;
  readonly rootValue: unknown;
}

function addAll(place: Place, issues: readonly Issue[]): void {
  const expandedUnions = new Set<string>();
  for (const issue of issues) addIssue(place, issue, expandedUnions);
}

function addIssue(place: Place, issue: Issue, expandedUnions: Set<string>): void {
  const { problems, prefix, root, rootValue } = place;
  if (issue.code === 'invalid_union' && isAboutTag(issue)) {
    addTagProblem(place, issue);
    return;
  }
  const { location, schema, value } = follow(root, rootValue, issue.path);
  const path = [...prefix, ...location];
  if (isPlainUnion(schema)) {
    const key = path.join('.');
    if (!expandedUnions.has(key)) expandUnion({ problems, prefix: path, root: schema, rootValue: value });
    expandedUnions.add(key);
  } else if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) problems.add([...path, key].join('.'), 'Extra inputs are not permitted');
  } else {
    problems.add(path.join('.'), message(issue, schema, value));
  }
}

/** The NAS complains about every branch of a union, not only the likeliest. */
function expandUnion({ problems, prefix, root, rootValue }: Place): void {
  for (const option of unionOptions(root)) {
    const parsed = z.core.safeParse(option, rootValue);
    const place = { problems, prefix: [...prefix, branchName(option)], root: option, rootValue };
    if (!parsed.success) addAll(place, parsed.error.issues);
  }
}

type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;

function isAboutTag(issue: UnionIssue): boolean {
  return discriminatorOf(issue) !== undefined && issue.errors.length === 0;
}

function discriminatorOf(issue: UnionIssue): string | undefined {
  return (issue as { discriminator?: string }).discriminator;
}

/** A discriminated union without a matching branch: no tag at all, or one nobody knows. */
function addTagProblem({ problems, prefix, root, rootValue }: Place, issue: UnionIssue): void {
  const discriminator = discriminatorOf(issue) ?? '';
  const at = issue.path.at(-1) === discriminator ? issue.path.slice(0, -1) : issue.path;
  const { location, schema, value } = follow(root, rootValue, at);
  const tag = (value as Record<string, unknown> | null | undefined)?.[discriminator];
  if (tag === undefined) {
    problems.add([...prefix, ...location, discriminator].join('.'), 'Field required');
    return;
  }
  const tags = unionOptions(schema).flatMap((option) => tagsOf(option, discriminator));
  const expected = tags.map((each) => `'${each}'`).join(', ');
  const shown = typeof tag === 'string' ? tag : JSON.stringify(tag);
  problems.add(
    [...prefix, ...location].join('.'),
    `Input tag '${shown}' found using '${discriminator}' does not match any of the expected tags: ${expected}`,
  );
}

/** Walks a path through a schema, at most to a plain union; crossing a discriminated union adds its tag. */
function follow(
  root: Schema,
  rootValue: unknown,
  path: readonly PropertyKey[],
): { location: string[]; schema: Schema; value: unknown } {
  const location: string[] = [];
  let schema = unwrap(root);
  let value = rootValue;
  for (const key of path) {
    if (isPlainUnion(schema)) return { location, schema, value };
    const crossed = crossUnion(schema, value);
    if (crossed !== null) {
      location.push(crossed.tag);
      schema = unwrap(crossed.option);
    }
    location.push(String(key));
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
    schema = unwrap(child(schema, key));
  }
  const crossed = crossUnion(schema, value);
  if (crossed !== null) return { location: [...location, crossed.tag], schema: crossed.option, value };
  return { location, schema, value };
}

function crossUnion(schema: Schema, value: unknown): { tag: string; option: Schema } | null {
  const { discriminator } = definition(schema);
  if (discriminator === undefined || value === null || typeof value !== 'object') return null;
  const tag = (value as Record<string, unknown>)[discriminator];
  if (typeof tag !== 'string') return null;
  const option = unionOptions(schema).find((each) => tagsOf(each, discriminator).includes(tag));
  return option === undefined ? null : { tag, option };
}

function isPlainUnion(schema: Schema): boolean {
  const { options, discriminator } = definition(schema);
  return options !== undefined && discriminator === undefined;
}

interface Definition {
  readonly type: string;
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly element?: Schema;
  readonly items?: readonly Schema[];
  readonly valueType?: Schema;
  readonly options?: readonly Schema[];
  readonly discriminator?: string;
  readonly values?: readonly unknown[];
  readonly format?: string;
}

function definition(schema: Schema): Definition {
  return schema._zod.def as unknown as Definition;
}

function unwrap(schema: Schema): Schema {
  const { type, innerType, in: input } = definition(schema);
  if (innerType !== undefined) return unwrap(innerType);
  return type === 'pipe' && input !== undefined ? unwrap(input) : schema;
}

function child(schema: Schema, key: PropertyKey): Schema {
  const def = definition(schema);
  return def.shape?.[String(key)] ?? def.items?.[Number(key)] ?? def.element ?? def.valueType ?? schema;
}

function unionOptions(schema: Schema): readonly Schema[] {
  return definition(schema).options ?? [];
}

function tagsOf(option: Schema, discriminator: string): string[] {
  const tag = definition(unwrap(option)).shape?.[discriminator];
  const values = tag === undefined ? [] : (definition(unwrap(tag)).values ?? []);
  return values.map(String);
}

const BRANCH_NAMES: Readonly<Record<string, string>> = {
  string: 'str',
  number: 'float',
  int: 'int',
  boolean: 'bool',
  array: 'list[any]',
  record: 'dict[str,any]',
  null: 'none',
  date: 'datetime',
};

function branchName(option: Schema): string {
  const inner = unwrap(option);
  const def = definition(inner);
  if (def.type === 'literal') return `literal[${quoted(def.values ?? [], ',')}]`;
  return modelName(option) ?? modelName(inner) ?? BRANCH_NAMES[kindOf(inner)] ?? def.type;
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'Input should be a valid string',
  int: 'Input should be a valid integer',
  number: 'Input should be a valid number',
  boolean: 'Input should be a valid boolean',
  array: 'Input should be a valid list',
  object: 'Input should be a valid dictionary',
  record: 'Input should be a valid dictionary',
  date: 'Input should be a valid datetime',
  null: 'Input should be None',
};

/** Type of a schema, integers told from numbers. */
function kindOf(schema: Schema): string {
  const { type, format } = definition(schema);
  return type === 'number' && format !== undefined ? 'int' : type;
}

function message(issue: Issue, schema: Schema, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      if (value === undefined) return 'Field required';
      return EXPECTED[kindOf(schema)] ?? EXPECTED[issue.expected] ?? 'Input is not valid';
    case 'invalid_value':
      return value === undefined ? 'Field required' : `Input should be ${quoted(issue.values, ', ', ' or ')}`;
    case 'too_small':
      return tooSmall(issue, value);
    case 'too_big':
      return tooBig(issue, value);
    case 'invalid_format': {
      const { pattern } = issue as { pattern?: string };
      return pattern === undefined ? 'Input is not valid' : `String should match pattern '${bare(pattern)}'`;
    }
    case 'not_multiple_of':
      return `Input should be a multiple of ${issue.divisor}`;
    case 'custom':
      return value === undefined ? 'Field required' : `Value error, ${issue.message}`;
    default:
      return 'Input is not valid';
  }
}

function tooSmall(issue: Extract<Issue, { code: 'too_small' }>, value: unknown): string {
  const { origin, minimum } = issue;
  if (origin === 'string') return `String should have at least ${minimum} ${plural(minimum, 'character')}`;
  if (origin === 'array') {
    const count = Array.isArray(value) ? value.length : 0;
    return `List should have at least ${minimum} ${plural(minimum, 'item')} after validation, not ${count}`;
  }
  return `Input should be greater than ${issue.inclusive === false ? '' : 'or equal to '}${minimum}`;
}

function tooBig(issue: Extract<Issue, { code: 'too_big' }>, value: unknown): string {
  const { origin, maximum } = issue;
  if (origin === 'string') return `String should have at most ${maximum} ${plural(maximum, 'character')}`;
  if (origin === 'array') {
    const count = Array.isArray(value) ? value.length : 0;
    return `List should have at most ${maximum} ${plural(maximum, 'item')} after validation, not ${count}`;
  }
  return `Input should be less than ${issue.inclusive === false ? '' : 'or equal to '}${maximum}`;
}

function plural(count: number | bigint, noun: string): string {
  return Number(count) === 1 ? noun : `${noun}s`;
}

function bare(pattern: string): string {
  return pattern.replace(/^\/|\/[a-z]*$/g, '');
}

function quoted(values: readonly unknown[], separator: string, last = separator): string {
  const shown = values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  return shown.length < 2
    ? shown.join('')
    : `${shown.slice(0, -1).join(separator)}${last}${shown.at(-1) ?? ''}`;
}
