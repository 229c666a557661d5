/**
 * Goes through a value and makes a copy without secrets, or gives back the very same value when it holds none. The place,
 * the name of the key, its neighbours and the shape of a text decide what is secret.
 */
import { cleanedArguments } from './argument-lists.ts';
import { type Copy, copied, type Fields, hasOwnJson, isPlain } from './copies.ts';
import { hidden } from './hidden.ts';
import { calledMethod, isAfterOption, isFilterOnSecret, isSecondOfPair, pairedName } from './neighbours.ts';
import { type NameVerdict, verdictOn } from './secret-names.ts';
import { shownBelow } from './secret-paths.ts';
import { isHarmlessUnder, mayBeSecretUnder } from './secret-values.ts';
import { REDACTED } from './shapes/shape.ts';
import { type Key, MAX_DEPTH, type Walk } from './walk-state.ts';

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

// Plain loops from here on, and no closures: they run for every field of every answer.

function cleanedFields(fields: Fields, walk: Walk, depth: number): unknown {
  const called = walk.isAnswer ? calledMethod(fields) : undefined;
  let copy: Copy | undefined;
  let paired: string | null | undefined;
  // What comes here has no fields but its own.
  for (const key in fields) {
    const item = fields[key];
    const facts = walk.key(key);
    if (facts.isPairValue) paired ??= pairedName(fields, walk);
    const clean =
      facts.isPairValue && typeof paired === 'string' && item !== paired
        ? cleanedUnder(paired, verdictOn(paired), item, walk, depth)
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
      ? hidden(item, walk, walk.isAnswer, depth + 1, shownBelow(walk.path))
      : cleanedUnder(key, verdict === undefined ? facts.verdict : 'harmless', item, walk, depth);
  walk.path.pop();
  return clean;
}

/** A value that stands under a name, which its verdict is about. */
function cleanedUnder(name: string, verdict: NameVerdict, item: unknown, walk: Walk, depth: number): unknown {
  if (verdict === 'harmless') return cleaned(item, walk, depth + 1);
  if (verdict === 'secret') {
    const isHarmless = typeof item === 'string' && isHarmlessUnder(name, item);
    return isHarmless ? cleaned(item, walk, depth + 1) : hidden(item, walk, false, depth + 1);
  }
  if (typeof item === 'string' && mayBeSecretUnder(name, item)) return hidden(item, walk, false, depth + 1);
  if (!Array.isArray(item)) return cleaned(item, walk, depth + 1);
  const list = item.map((each) =>
    typeof each === 'string' && mayBeSecretUnder(name, each) ? REDACTED : each,
  );
  return cleanedList(list.some((each, index) => each !== item[index]) ? list : item, walk, depth + 1);
}

function cleanedList(given: readonly unknown[], walk: Walk, depth: number): readonly unknown[] {
  const list = cleanedArguments(given);
  let copy: unknown[] | undefined = list === given ? undefined : [...list];
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index];
    const clean =
      isAfterOption(list, index) || isSecondOfPair(list, index) || (index === 2 && isFilterOnSecret(list))
        ? hidden(item, walk, false, depth + 1)
        : cleaned(item, walk, depth + 1);
    if (clean === item) continue;
    copy ??= [...list];
    copy[index] = clean;
  }
  return copy ?? list;
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
