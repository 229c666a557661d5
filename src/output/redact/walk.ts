/**
 * Goes through a value and makes a copy without secrets, or gives back the very same value when it holds none. What is
 * secret is decided by the place, the name of the key, and what redact.ts says of a text.
 */
import type { PathRules } from './secret-paths.ts';
import { REDACTED } from './shapes.ts';
import { namesSecret } from './secret-names.ts';

/** What is known of a key, wherever it stands. */
export interface Key {
  /** The key itself, freed of secrets. */
  readonly clean: string;
  readonly isSecretName: boolean;
  /** False when no rule about places ends in this key. */
  readonly mayBePlace: boolean;
  /** It holds the value in `{ name: 'DB_PASSWORD', value: 'x' }` and its like. */
  readonly isPairValue: boolean;
}

/** What a walk goes by. */
export interface Walk {
  readonly text: (text: string) => string;
  readonly key: (key: string) => Key;
  /** The keys that lead to the value at hand. */
  readonly path: string[];
  readonly rules: PathRules;
  readonly isAnswer: boolean;
  /** A walk from the beginning by the rules of another method. */
  readonly under: (method: string) => Walk;
}

// No answer of a NAS is nested this deep; a cycle is.
const MAX_DEPTH = 100;

/** The value without secrets. */
export function cleaned(value: unknown, walk: Walk, depth: number): unknown {
  if (typeof value === 'string')
    return looksLikeJson(value) ? cleanedJson(value, walk, depth) : walk.text(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth > MAX_DEPTH) return REDACTED;
  if (Array.isArray(value)) return cleanedList(value, walk, depth);
  if (value instanceof Error) return walk.text(`${value.name}: ${value.message}`);
  if (!isPlain(value) || hasOwnJson(value)) return cleanedInstance(value, walk, depth);
  return cleanedFields(value as Fields, walk, depth);
}

type Fields = Readonly<Record<string, unknown>>;

// Plain loops from here on, and no closures: they run for every field of every answer.

function cleanedFields(fields: Fields, walk: Walk, depth: number): unknown {
  const isPair = namesSecretPair(fields);
  const called = walk.isAnswer ? calledMethod(fields) : undefined;
  let copy: Copy | undefined;
  // What comes here has no fields but its own.
  for (const key in fields) {
    const item = fields[key];
    const facts = walk.key(key);
    const clean =
      isPair && facts.isPairValue
        ? hidden(item, walk, false, depth + 1)
        : called !== undefined && CALL_PARTS.has(key)
          ? cleanedCall(item, walk.under(called), depth)
          : cleanedField(key, item, facts, walk, depth);
    copy = copied(copy, fields, key, item, facts.clean, clean);
  }
  return copy === undefined ? fields : Object.fromEntries(copy);
}

/** The arguments and the result of another method: of a job, of an entry of the audit trail. */
const CALL_PARTS = new Set(['arguments', 'params', 'result']);

function cleanedCall(item: unknown, inner: Walk, depth: number): unknown {
  return inner.rules.isWhole ? hidden(item, inner, true, depth + 1) : cleaned(item, inner, depth + 1);
}

function cleanedField(key: string, item: unknown, facts: Key, walk: Walk, depth: number): unknown {
  walk.path.push(key);
  const verdict = facts.mayBePlace ? walk.rules.verdict(walk.path) : undefined;
  const clean =
    verdict === 'secret'
      ? hidden(item, walk, walk.isAnswer, depth + 1, DISCRIMINATED.has(key))
      : verdict === undefined && facts.isSecretName
        ? hidden(item, walk, false, depth + 1)
        : cleaned(item, walk, depth + 1);
  walk.path.pop();
  return clean;
}

function cleanedList(list: readonly unknown[], walk: Walk, depth: number): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index];
    const clean =
      isAfterOption(list, index) || (index === 2 && isFilterOnSecret(list))
        ? hidden(item, walk, false, depth + 1)
        : cleaned(item, walk, depth + 1);
    if (clean === item) continue;
    copy ??= [...list];
    copy[index] = clean;
  }
  return copy ?? list;
}

type Copy = [key: string, value: unknown][];

/** The copy of an object so far, begun with the first field that differs. */
function copied(
  copy: Copy | undefined,
  fields: Fields,
  key: string,
  item: unknown,
  cleanKey: string,
  clean: unknown,
): Copy | undefined {
  if (copy === undefined) {
    if (clean === item && cleanKey === key) return undefined;
    copy = Object.entries(fields).slice(0, Object.keys(fields).indexOf(key));
  }
  copy.push([cleanKey, clean]);
  return copy;
}

/** What is no JSON of a NAS but may stand in the details of a log line; the very same object when there was no secret. */
function cleanedInstance(value: object, walk: Walk, depth: number): unknown {
  if (value instanceof Date) return value;
  const shown = hasOwnJson(value)
    ? value.toJSON()
    : value instanceof Map || value instanceof Set
      ? [...(value as Iterable<unknown>)]
      : { ...value };
  const clean = cleaned(shown, walk, depth + 1);
  return clean === shown ? value : clean;
}

/** True for what JSON shows in another way, such as a URL. */
function hasOwnJson(value: object): value is { toJSON(): unknown } {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function';
}

/** Objects whose `type` says what kind of secret they are. */
const DISCRIMINATED = new Set(['attributes', 'provider']);

/** Every text replaced, and with `withNumbers` every number and date; flags, nulls and empty texts still say what there is. */
export function hidden(
  value: unknown,
  walk: Walk,
  withNumbers: boolean,
  depth: number,
  keepsType = false,
): unknown {
  if (typeof value === 'string') return isWorthHiding(value) ? REDACTED : value;
  if (typeof value === 'number')
    return withNumbers || (walk.isAnswer && Math.abs(value) > LARGEST_ID) ? REDACTED : value;
  if (value === null || typeof value !== 'object') return value;
  if (depth > MAX_DEPTH) return REDACTED;
  if (Array.isArray(value)) {
    // Only what stands directly under a secret's name is taken for a number of it, not what is counted below.
    const clean = value.map((item) => hidden(item, walk, withNumbers, depth + 1));
    return clean.some((item, index) => item !== value[index]) ? clean : value;
  }
  if (value instanceof Date) return withNumbers ? REDACTED : value;
  if (!isPlain(value) || hasOwnJson(value)) return REDACTED;
  const fields = value as Fields;
  let copy: Copy | undefined;
  for (const key in fields) {
    const item = fields[key];
    const clean =
      keepsType && key === 'type' && typeof item === 'string'
        ? walk.text(item)
        : hidden(item, walk, withNumbers, depth + 1);
    copy = copied(copy, fields, key, item, walk.key(key).clean, clean);
  }
  return copy === undefined ? fields : Object.fromEntries(copy);
}

/** A number under a secret's name may be a secret itself; up to here it is more likely an id or a count. */
const LARGEST_ID = 9999;

function isWorthHiding(text: string): boolean {
  return text !== '' && !/^\*+$/u.test(text) && text !== REDACTED;
}

/** True for `{ name: 'DB_PASSWORD', value: 'x' }` and its like: what holds the value is secret. */
function namesSecretPair(object: object): boolean {
  const fields = object as Record<string, unknown>;
  for (const nameKey of PAIR_NAMES) {
    const name = fields[nameKey];
    if (typeof name === 'string' && namesSecret(name)) return true;
  }
  return false;
}

/** Keys of what a pair's name is about. */
export const PAIR_VALUES = new Set(['value', 'val', 'content', 'default']);
const PAIR_NAMES = ['name', 'key', 'var', 'variable', 'env', 'option'];

/** True for the second of `['--password', 'x']` in a list of arguments. */
function isAfterOption(list: readonly unknown[], index: number): boolean {
  const before = list[index - 1];
  return (
    typeof before === 'string' && before.startsWith('-') && /^--?[\w-]+$/u.test(before) && namesSecret(before)
  );
}

/** True for `['password', '=', 'x']`: a guess may be right. */
function isFilterOnSecret(list: readonly unknown[]): boolean {
  const [field, operator] = list;
  if (list.length !== 3 || typeof field !== 'string' || typeof operator !== 'string') return false;
  return OPERATOR.test(operator) && namesSecret(field);
}

const OPERATOR = /^C?(?:!?[=^$]|[<>]=?|~|r?n?in)$/u;

function calledMethod(object: object): string | undefined {
  const { method } = object as { method?: unknown };
  return typeof method === 'string' && METHOD_NAME.test(method) ? method : undefined;
}

const METHOD_NAME = /^[a-z][\w]*(?:\.\w+)+$/u;

function looksLikeJson(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first !== 123 && first !== 91) return false;
  return text.length >= 8 && text.length <= MAX_JSON_LENGTH;
}

const MAX_JSON_LENGTH = 1 << 20;

function cleanedJson(text: string, walk: Walk, depth: number): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return walk.text(text);
  }
  const clean = cleaned(parsed, walk, depth + 1);
  return walk.text(clean === parsed ? text : JSON.stringify(clean));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
