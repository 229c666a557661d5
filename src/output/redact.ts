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
  const judged = new WeakMap<PathRules, Map<string, Key>>();

  /** What is known of a key under some rules: keys are few, and come again and again. */
  const keysUnder = (rules: PathRules): ((key: string) => Key) => {
    let keys = judged.get(rules);
    if (keys === undefined) {
      keys = new Map();
      judged.set(rules, keys);
    }
    const known = keys;
    return (key) => {
      let facts = known.get(key);
      if (facts === undefined) {
        facts = judgeKey(key, text, rules);
        if (known.size > 2000) known.clear();
        known.set(key, facts);
      }
      return facts;
    };
  };
  const walkUnder = (rules: PathRules, isAnswer: boolean): Walk => ({
    text,
    key: keysUnder(rules),
    path: [],
    rules,
    isAnswer,
    under: (method) => walkUnder(pathRules(method), isAnswer),
  });

  return {
    text,
    value: <Value>(input: Value, origin?: Origin): Value => {
      const walk = walkUnder(pathRules(origin?.method), origin !== undefined);
      return (walk.rules.isWhole ? hidden(input, walk, true, 0) : cleaned(input, walk, 0)) as Value;
    },
  };
}

/** What is known of a key, wherever it stands. */
interface Key {
  /** The key itself, freed of secrets. */
  readonly clean: string;
  readonly isSecretName: boolean;
  /** False when no rule about places ends in this key. */
  readonly mayBePlace: boolean;
  /** It holds the value in `{ name: 'DB_PASSWORD', value: 'x' }` and its like. */
  readonly isPairValue: boolean;
}

function judgeKey(key: string, text: (text: string) => string, rules: PathRules): Key {
  return {
    clean: text(key),
    isSecretName: namesSecret(key),
    mayBePlace: rules.mayEndIn(key),
    isPairValue: PAIR_VALUES.has(key),
  };
}

interface Walk {
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

function cleaned(value: unknown, walk: Walk, depth: number): unknown {
  if (typeof value === 'string')
    return looksLikeJson(value) ? cleanedJson(value, walk, depth) : walk.text(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth > MAX_DEPTH) return REDACTED;
  if (Array.isArray(value)) {
    return changedList(value, (item, index) =>
      isAfterOption(value, index) ? hidden(item, walk, false, depth + 1) : cleaned(item, walk, depth + 1),
    );
  }
  if (value instanceof Error) return walk.text(`${value.name}: ${value.message}`);
  if (!isPlain(value) || hasOwnJson(value)) return cleanedInstance(value, walk, depth);
  const isPair = namesSecretPair(value);
  const called = walk.isAnswer ? calledMethod(value) : undefined;
  return changedObject(value, walk, (key, item, facts) => {
    if (isPair && facts.isPairValue) return hidden(item, walk, false, depth + 1);
    // The arguments and the result of another method: a job, an entry of the audit trail.
    if (called !== undefined && (key === 'arguments' || key === 'params' || key === 'result')) {
      const inner = walk.under(called);
      return inner.rules.isWhole ? hidden(item, inner, true, depth + 1) : cleaned(item, inner, depth + 1);
    }
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
  return changedObject(value, walk, (key, item) =>
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

/** True for `{ name: 'DB_PASSWORD', value: 'x' }` and its like: what holds the value is secret. */
function namesSecretPair(object: object): boolean {
  const fields = object as Record<string, unknown>;
  for (const nameKey of PAIR_NAMES) {
    const name = fields[nameKey];
    if (typeof name === 'string' && namesSecret(name)) return true;
  }
  return false;
}

const PAIR_VALUES = new Set(['value', 'val', 'content', 'default']);
const PAIR_NAMES = ['name', 'key', 'var', 'variable', 'env', 'option'];

/** True for the second of `['--password', 'x']` in a list of arguments. */
function isAfterOption(list: readonly unknown[], index: number): boolean {
  const before = list[index - 1];
  return (
    typeof before === 'string' && before.startsWith('-') && /^--?[\w-]+$/u.test(before) && namesSecret(before)
  );
}

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
  walk: Walk,
  map: (key: string, item: unknown, facts: Key) => unknown,
): unknown {
  const fields = object as Readonly<Record<string, unknown>>;
  let copy: [string, unknown][] | undefined;
  let before = 0;
  // Plain loops: this runs for every field of every answer. What comes here has no fields but its own.
  for (const key in fields) {
    const item = fields[key];
    const facts = walk.key(key);
    const clean = map(key, item, facts);
    if (copy === undefined && (clean !== item || facts.clean !== key)) {
      copy = Object.entries(object).slice(0, before);
    }
    copy?.push([facts.clean, clean]);
    before += 1;
  }
  return copy === undefined ? object : Object.fromEntries(copy);
}

function changedList(
  list: readonly unknown[],
  map: (item: unknown, index: number) => unknown,
): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index];
    const clean = map(item, index);
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
