/**
 * Takes secrets out of everything that leaves the process: answers of a NAS, results, errors, log lines. It goes by
 * where TrueNAS keeps secrets, by the name of a key, by the shape of a text, and by knowing our own credential.
 */
import { ownSecretScrubber } from './redact-own.ts';
import { type PathRules, pathRules } from './redact-paths.ts';
import { REDACTED, withoutShapes } from './redact-shapes.ts';
import { namesSecret } from './secret-names.ts';
import { maySecretBeIn } from './suspicion.ts';

export { REDACTED } from './redact-shapes.ts';
export { namesSecret } from './secret-names.ts';

/** Where a value comes from. */
export interface Origin {
  /** The API method that answered it. */
  readonly method: string;
}

/** Removes secrets; made by {@link createRedactor}. */
export interface Redactor {
  /** The text without anything that has the shape of a secret. */
  text(text: string): string;
  /**
   * The value without secrets; the very same object when there was none. Of an answer of a NAS (`origin`) also numbers
   * are replaced where they are secret; of anything else only texts, so that it still fits its schema.
   */
  value<Value>(value: Value, origin?: Origin): Value;
}

/** Builds a redactor; `ownSecrets` are texts that must never appear, such as the API key in use. */
export function createRedactor({ ownSecrets }: { readonly ownSecrets: readonly string[] }): Redactor {
  const own = ownSecretScrubber(ownSecrets, REDACTED);
  const text = (input: string): string => {
    const clean = own.isConspicuous ? input : own.text(input);
    if (!maySecretBeIn(clean)) return clean;
    return withoutShapes(own.isConspicuous ? own.text(clean) : clean);
  };
  const keys = new Map<string, string>();

  /** Keys are few and come again and again. */
  const keyText = (key: string): string => {
    let clean = keys.get(key);
    if (clean === undefined) {
      clean = text(key);
      if (keys.size > 2000) keys.clear();
      keys.set(key, clean);
    }
    return clean;
  };

  const walk: Walk = { text, keyText, path: [], rules: pathRules(), isAnswer: false };
  return {
    text,
    value: <Value>(input: Value, origin?: Origin): Value => {
      const own: Walk = {
        ...walk,
        path: [],
        rules: pathRules(origin?.method),
        isAnswer: origin !== undefined,
      };
      return (own.rules.isWhole ? hidden(input, own, true, 0) : cleaned(input, own, 0)) as Value;
    },
  };
}

interface Walk {
  readonly text: (text: string) => string;
  readonly keyText: (key: string) => string;
  /** The keys that lead to the value at hand. */
  readonly path: string[];
  readonly rules: PathRules;
  readonly isAnswer: boolean;
}

// No answer of a NAS is nested this deep; a cycle is.
const MAX_DEPTH = 100;

function cleaned(value: unknown, walk: Walk, depth: number): unknown {
  if (typeof value === 'string')
    return looksLikeJson(value) ? cleanedJson(value, walk, depth) : walk.text(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth > MAX_DEPTH) return REDACTED;
  if (Array.isArray(value)) return changedList(value, (item) => cleaned(item, walk, depth + 1));
  if (value instanceof Error) return walk.text(`${value.name}: ${value.message}`);
  if (!isPlain(value) || hasOwnJson(value)) return cleanedInstance(value, walk, depth);
  const pair = secretPair(value);
  const called = walk.isAnswer ? calledMethod(value) : undefined;
  return changedObject(value, walk.keyText, (key, item) => {
    if (key === pair) return hidden(item, walk, false, depth + 1);
    // The arguments and the result of another method: a job, an entry of the audit trail.
    const isCall = called !== undefined && (key === 'arguments' || key === 'params' || key === 'result');
    if (isCall) {
      const rules = pathRules(called);
      const inner: Walk = { ...walk, path: [], rules };
      return rules.isWhole ? hidden(item, inner, true, depth + 1) : cleaned(item, inner, depth + 1);
    }
    walk.path.push(key);
    const verdict = walk.rules.verdict(walk.path);
    const clean =
      verdict === 'secret'
        ? hidden(item, walk, walk.isAnswer, depth + 1, DISCRIMINATED.has(key))
        : verdict === undefined && namesSecret(key)
          ? hidden(item, walk, false, depth + 1)
          : cleaned(item, walk, depth + 1);
    walk.path.pop();
    return clean;
  });
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
function hidden(value: unknown, walk: Walk, withNumbers: boolean, depth: number, keepsType = false): unknown {
  if (typeof value === 'string') return isWorthHiding(value) ? REDACTED : value;
  if (typeof value === 'number')
    return withNumbers || (walk.isAnswer && Math.abs(value) > LARGEST_ID) ? REDACTED : value;
  if (value === null || typeof value !== 'object') return value;
  if (depth > MAX_DEPTH) return REDACTED;
  if (Array.isArray(value)) {
    // Only what stands directly under a secret's name is taken for a number of it, not what is counted below.
    return changedList(value, (item) => hidden(item, walk, withNumbers, depth + 1));
  }
  if (value instanceof Date) return withNumbers ? REDACTED : value;
  if (!isPlain(value) || hasOwnJson(value)) return REDACTED;
  return changedObject(value, walk.keyText, (key, item) =>
    keepsType && key === 'type' && typeof item === 'string'
      ? walk.text(item)
      : hidden(item, walk, withNumbers, depth + 1),
  );
}

/** A number under a secret's name may be a secret itself; up to here it is more likely an id or a count. */
const LARGEST_ID = 9999;

function isWorthHiding(text: string): boolean {
  return text !== '' && !/^\*+$/u.test(text) && text !== REDACTED;
}

/** Key of the value in `{ name: 'DB_PASSWORD', value: 'x' }` and its like. */
function secretPair(object: object): string | undefined {
  const fields = object as Record<string, unknown>;
  for (const valueKey of PAIR_VALUES) {
    if (!Object.hasOwn(fields, valueKey)) continue;
    for (const nameKey of PAIR_NAMES) {
      const name = Object.hasOwn(fields, nameKey) ? fields[nameKey] : undefined;
      if (typeof name === 'string' && namesSecret(name)) return valueKey;
    }
  }
  return undefined;
}

const PAIR_VALUES = ['value', 'val', 'content', 'default'];
const PAIR_NAMES = ['name', 'key', 'var', 'variable', 'env', 'option'];

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

function changedObject(
  object: object,
  keyText: (key: string) => string,
  map: (key: string, item: unknown) => unknown,
): unknown {
  const fields = object as Readonly<Record<string, unknown>>;
  let copy: [string, unknown][] | undefined;
  // Plain loops: this runs for every field of every answer.
  for (const key of Object.keys(object)) {
    const item = fields[key];
    const cleanKey = keyText(key);
    const clean = map(key, item);
    if (copy === undefined) {
      if (clean === item && cleanKey === key) continue;
      copy = Object.entries(object).slice(0, Object.keys(object).indexOf(key));
    }
    copy.push([cleanKey, clean]);
  }
  return copy === undefined ? object : Object.fromEntries(copy);
}

function changedList(list: readonly unknown[], map: (item: unknown) => unknown): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index];
    const clean = map(item);
    if (clean === item) continue;
    copy ??= [...list];
    copy[index] = clean;
  }
  return copy ?? list;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
