/** Building blocks for parameter and result schemas, and their JSON Schema as `core.get_methods` prints it. */
import * as z from 'zod';

const DEFAULT_TEXT_CAP = 1024;

/** A string parameter; the NAS caps them at 1024 characters unless the field says otherwise. */
export function text(limits: { min?: number; max?: number } = {}): z.ZodString {
  const whole = z.string().refine((value) => !LONE_SURROGATE.test(value), {
    message: 'Input should be a valid string, unable to parse raw data as a unicode string',
    params: { [OWN_TEXT]: true },
    abort: true,
  });
  const capped = whole.max(limits.max ?? DEFAULT_TEXT_CAP);
  return limits.min === undefined ? capped : capped.min(limits.min);
}

const LONE_SURROGATE = /\p{Cs}/u;

/** A text of an enumeration that the NAS prints as a member of it, `<AuthMech.SCRAM: 'SCRAM'>`. */
export function member<const Value extends string>(enumName: string, value: Value): z.ZodLiteral<Value> {
  return z.literal(value).meta({ [ENUM]: enumName });
}

/** A strict object with the name that the NAS puts into error paths where a union is crossed. */
export function model<Shape extends z.ZodRawShape>(
  name: string,
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape).meta({ [MODEL]: name });
}

/** The same for an object that may have other keys. */
export function looseModel<Shape extends z.ZodRawShape>(
  name: string,
  shape: Shape,
): z.ZodObject<Shape, z.core.$loose> {
  return z.looseObject(shape).meta({ [MODEL]: name });
}

/** Names a schema that was made from a model. */
export function named<Schema extends z.ZodType>(name: string, schema: Schema): Schema {
  return schema.meta({ ...schema.meta(), [MODEL]: name });
}

/** Marks a part of a schema as secret: replaced by `********` for callers who may not see it, and in job arguments. */
export function secret<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.meta({ ...schema.meta(), [SECRET]: true });
}

/** A JSON object with any keys. */
export function anyObject(): z.ZodRecord<z.ZodString, z.ZodUnknown> {
  return z.record(z.string(), z.unknown());
}

const MODEL = 'x-model';
const ENUM = 'x-enum';
/** Marks an issue whose text is the NAS's own: no `Value error, ` goes before it. */
const OWN_TEXT = 'isOwnText';
/** Keyword that marks a secret part in JSON Schema. */
export const SECRET = 'x-secret';

/** The name given by `model`, if any. */
export function modelName(schema: z.core.$ZodType): string | undefined {
  const name = z.globalRegistry.get(schema)?.[MODEL];
  return typeof name === 'string' ? name : undefined;
}

/** The enumeration given by `member`, if any. */
export function enumNameOf(schema: z.core.$ZodType): string | undefined {
  const name = z.globalRegistry.get(schema)?.[ENUM];
  return typeof name === 'string' ? name : undefined;
}

/** True for an issue that carries the whole text. */
export function isOwnText(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'custom' && issue.params?.[OWN_TEXT] === true;
}

/** A JSON Schema node. */
export type JsonSchema = { [keyword: string]: unknown };

/** The standard JSON Schema of what the wire carries; dates are strings in `date-time` format, sets are arrays. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema: node }) {
      const { type } = zodSchema._zod.def;
      if (type === 'date') Object.assign(node, { type: 'string', format: 'date-time' });
      if (type === 'set') Object.assign(node, { type: 'array', uniqueItems: true });
      if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum;
      if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
      if (type === 'record') delete node.propertyNames;
      delete (node as JsonSchema)[MODEL];
      delete (node as JsonSchema)[ENUM];
    },
  });
  return rest;
}

/** A schema with the NAS's deviations: `items` in a list, key order, names and required marks written into the nodes. */
export function publishedSchema(name: string, schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const plain = jsonSchema(schema, io);
  return { ...deviate(plain), title: name, _name_: name, _required_: !('default' in plain) };
}

function deviate(node: JsonSchema): JsonSchema {
  const { [SECRET]: _, ...out }: JsonSchema = node;
  for (const keyword of ['anyOf', 'oneOf', 'allOf', 'prefixItems'] as const) {
    const branches = node[keyword];
    if (Array.isArray(branches)) out[keyword] = branches.map((branch: JsonSchema) => deviate(branch));
  }
  if (isNode(node.items)) out.items = [deviate(node.items)];
  if (isNode(node.properties)) {
    const required = new Set(Array.isArray(node.required) ? node.required : []);
    const properties = Object.entries(node.properties).map(([key, value]): [string, JsonSchema] => [
      key,
      {
        ...deviate(isNode(value) ? value : {}),
        title: key,
        _name_: key,
        _required_: required.has(key),
      },
    ]);
    out.properties = Object.fromEntries(properties);
    out._attrs_order_ = properties.map(([key]) => key);
  }
  return out;
}

/** True for a node of a JSON Schema. */
export function isNode(value: unknown): value is JsonSchema {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
