/**
 * Takes arguments as they are meant: models send numbers and switches as text, numbers where a name is meant, one value where a list is wanted, any case,
 * and null or "" for an argument that they leave out. Anything that is not clear stays as it is, for the schema to refuse.
 */
import type * as z from 'zod';

/** Other words for the values of an argument, in lower case: `{ kind: { cifs: 'smb' } }`. */
export type Synonyms = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The arguments with every value that is clearly meant for its schema in the form that the schema takes. */
export function meantArguments(input: z.ZodObject, args: unknown, synonyms: Synonyms = {}): unknown {
  if (args === null || args === undefined) return {};
  if (!isRecord(args)) return args;
  const shape: Readonly<Record<string, z.core.$ZodType>> = input.shape;
  return Object.fromEntries(
    Object.entries(withDirection(shape, args)).flatMap(([name, value]) => {
      const schema = Object.hasOwn(shape, name) ? shape[name] : undefined;
      if (schema === undefined) return [[name, value]];
      if ((value === null || value === '') && isOptional(schema)) return [];
      return [[name, meantValue(schema, synonymOf(synonyms[name], value))]];
    }),
  );
}

/** `-used`, as many APIs say it, is `sort: used` with `order: desc`; `+used` is `asc`. An order beside it stands. */
function withDirection(
  shape: Readonly<Record<string, z.core.$ZodType>>,
  args: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { sort, order } = args;
  const match = typeof sort === 'string' ? /^([+-])\s*(.+)$/u.exec(sort) : null;
  if (match === null || shape['sort'] === undefined || shape['order'] === undefined) return args;
  if (order !== undefined && order !== null && order !== '') return args;
  return { ...args, sort: match[2], order: match[1] === '-' ? 'desc' : 'asc' };
}

function synonymOf(words: Synonyms[string] | undefined, value: unknown): unknown {
  if (words === undefined || typeof value !== 'string') return value;
  const said = value.trim().toLowerCase();
  return Object.hasOwn(words, said) ? words[said] : value;
}

function meantValue(schema: z.core.$ZodType, value: unknown): unknown {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
      return meantValue(def.innerType, value);
    case 'number':
      return meantNumber(value);
    case 'string':
      return typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
    case 'boolean':
      return meantSwitch(value);
    case 'enum':
      return meantWord(Object.values(def.entries), value);
    case 'array':
      return value === null ? value : meantList(value).map((item) => meantValue(def.element, item));
    default:
      return value;
  }
}

function meantNumber(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*-?\d{1,15}(?:\.\d+)?\s*$/u.test(value)) return value;
  return Number(value);
}

function meantSwitch(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const word = value.trim().toLowerCase();
  return word === 'true' || (word === 'false' ? false : value);
}

function meantWord(words: readonly unknown[], value: unknown): unknown {
  if (typeof value !== 'string' || words.includes(value)) return value;
  const said = value.trim().toLowerCase();
  const same = words.filter((word) => typeof word === 'string' && word.toLowerCase() === said);
  return same.length === 1 ? same[0] : value;
}

/** One value is a list of it; a list may also come as its JSON. */
function meantList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string' && /^\s*\[/u.test(value)) {
    try {
      const read: unknown = JSON.parse(value);
      if (Array.isArray(read)) return read;
    } catch {
      // A text that merely begins like a list.
    }
  }
  return [value];
}

function isOptional(schema: z.core.$ZodType): boolean {
  const { type } = (schema as z.core.$ZodTypes)._zod.def;
  return type === 'optional' || type === 'default';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && !Array.isArray(value);
}
