/** Schema failures in the NAS's words: paths and messages as its validator writes them (PROTOCOL section 2). */
import * as z from 'zod';
import { pythonRepr, pythonText } from '../errors/python.ts';
import { bounds, choices, definition, type Schema } from './definition.ts';
import { enumNameOf, isOwnText, modelName } from './schema.ts';

type Issue = z.core.$ZodIssue;

/** One complaint: the parts of the path to what it is about, and the text. */
export interface Complaint {
  readonly path: readonly string[];
  readonly message: string;
}

/** What the NAS says of every issue of `schema` about `value`; paths begin with `prefix`. */
export function complaintsOf(
  prefix: readonly string[],
  schema: Schema,
  value: unknown,
  issues: readonly Issue[],
): Complaint[] {
  const complaints: Complaint[] = [];
  addAll({ complaints, prefix, root: schema, rootValue: value }, issues);
  return complaints;
}

/** A schema with the value it judges, and where that value stands. */
interface Place {
  readonly complaints: Complaint[];
  readonly prefix: readonly string[];
  readonly root: Schema;
  readonly rootValue: unknown;
}

function addAll(place: Place, issues: readonly Issue[]): void {
  const expandedUnions = new Set<string>();
  for (const issue of issues) addIssue(place, issue, expandedUnions);
}

function addIssue(place: Place, issue: Issue, expandedUnions: Set<string>): void {
  const { complaints, prefix, root, rootValue } = place;
  if (issue.code === 'invalid_union' && isAboutTag(issue)) {
    addTagProblem(place, issue);
    return;
  }
  const { location, schema, value } = follow(root, rootValue, issue.path);
  const path = [...prefix, ...location];
  if (isPlainUnion(schema)) {
    const key = path.join('.');
    if (!expandedUnions.has(key)) expandUnion({ complaints, prefix: path, root: schema, rootValue: value });
    expandedUnions.add(key);
  } else if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      complaints.push({ path: [...path, key], message: 'Extra inputs are not permitted' });
    }
  } else {
    complaints.push({ path, message: message(issue, schema, value) });
  }
}

/** The NAS complains about every branch of a union, not only the likeliest. */
function expandUnion({ complaints, prefix, root, rootValue }: Place): void {
  for (const option of unionOptions(root)) {
    const parsed = z.safeParse(option, rootValue);
    const place = { complaints, prefix: [...prefix, branchName(option)], root: option, rootValue };
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

/** A discriminated union without a matching branch: no object, no tag at all, or one nobody knows. */
function addTagProblem({ complaints, prefix, root, rootValue }: Place, issue: UnionIssue): void {
  const discriminator = discriminatorOf(issue) ?? '';
  const at = issue.path.at(-1) === discriminator ? issue.path.slice(0, -1) : issue.path;
  const { location, schema, value } = follow(root, rootValue, at);
  const path = [...prefix, ...location];
  const tag = (value as Record<string, unknown>)[discriminator];
  if (tag === undefined) {
    complaints.push({ path: [...path, discriminator], message: 'Field required' });
    return;
  }
  const expected = unionOptions(schema).flatMap((option) => tagsOf(option, discriminator));
  const tags = expected.map(({ shown }) => shown).join(', ');
  const found = `Input tag '${pythonText(tag)}' found using '${discriminator}'`;
  complaints.push({ path, message: `${found} does not match any of the expected tags: ${tags}` });
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
  const option = unionOptions(schema).find((each) =>
    tagsOf(each, discriminator).some(({ value: known }) => known === tag),
  );
  return option === undefined ? null : { tag, option };
}

function isPlainUnion(schema: Schema): boolean {
  const { options, discriminator } = definition(schema);
  return options !== undefined && discriminator === undefined;
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

/** A value of a literal, and how the NAS prints it. */
interface ShownValue {
  readonly value: unknown;
  readonly shown: string;
}

function tagsOf(option: Schema, discriminator: string): ShownValue[] {
  const tag = definition(unwrap(option)).shape?.[discriminator];
  return tag === undefined ? [] : literalValues(unwrap(tag));
}

function literalValues(schema: Schema): ShownValue[] {
  const enumName = enumNameOf(schema);
  return choices(schema).map((value) => ({
    value,
    shown:
      enumName === undefined ? pythonRepr(value) : `<${enumName}.${String(value)}: ${pythonRepr(value)}>`,
  }));
}

/** Names of types where they have no inner one. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  // Every text is limited in length.
  string: 'constrained-str',
  boolean: 'bool',
  null: 'none',
  date: 'datetime',
  unknown: 'any',
  any: 'any',
};

/** The part of a path that names a branch of a union. */
function branchName(option: Schema): string {
  const named = modelName(option) ?? modelName(unwrap(option));
  if (named !== undefined) return named;
  const def = definition(option);
  if (def.type === 'nullable' && def.innerType !== undefined) return `nullable[${branchName(def.innerType)}]`;
  const inner = unwrap(option);
  const { type, element, valueType } = definition(inner);
  if (type === 'literal' || type === 'enum') {
    return `literal[${literalValues(inner)
      .map(({ shown }) => shown)
      .join(',')}]`;
  }
  if (type === 'number')
    return `${hasBounds(inner) ? 'constrained-' : ''}${kindOf(inner) === 'int' ? 'int' : 'float'}`;
  if (type === 'array' && element !== undefined) return `list[${branchName(element)}]`;
  if (type === 'record' && valueType !== undefined) {
    const value = branchName(valueType);
    return value === 'any' ? 'dict[any,any]' : `dict[constrained-str,${value}]`;
  }
  return TYPE_NAMES[type] ?? type;
}

function hasBounds(schema: Schema): boolean {
  const { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = bounds(schema);
  return minimum > Number.MIN_SAFE_INTEGER || maximum < Number.MAX_SAFE_INTEGER;
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
      return (
        expectedObject(schema) ?? EXPECTED[kindOf(schema)] ?? EXPECTED[issue.expected] ?? 'Input is not valid'
      );
    case 'invalid_value':
      return value === undefined ? 'Field required' : `Input should be ${alternatives(schema, issue.values)}`;
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
      if (value === undefined) return 'Field required';
      return isOwnText(issue) ? issue.message : `Value error, ${issue.message}`;
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

/** A model is named, a union by tag says something else, a plain dictionary neither. */
function expectedObject(schema: Schema): string | null {
  if (definition(schema).discriminator !== undefined) {
    return 'Input should be a valid dictionary or object to extract fields from';
  }
  const name = modelName(schema);
  return name === undefined ? null : `Input should be a valid dictionary or instance of ${name}`;
}

function alternatives(schema: Schema, values: readonly unknown[]): string {
  const known = literalValues(schema);
  const shown = known.length > 0 ? known.map((each) => each.shown) : values.map(pythonRepr);
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1) ?? ''}`;
}
