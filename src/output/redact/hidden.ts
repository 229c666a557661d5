/** Replaces everything in a value that is a secret as a whole. */
import { type Copy, copied, type Fields, hasOwnJson, isPlain } from './copies.ts';
import { REDACTED } from './shapes/shape.ts';
import { MAX_DEPTH, type Walk } from './walk-state.ts';

/**
 * Every text replaced, and with `withNumbers` every number and date; flags, nulls and empty texts still say what there is.
 * Fields that `shown` names stay; a number in place of such an object is its id, and stays with `id`.
 */
export function hidden(
  value: unknown,
  walk: Walk,
  withNumbers: boolean,
  depth: number,
  shown: ReadonlySet<string> = NOTHING,
): unknown {
  if (typeof value === 'string') return isWorthHiding(value) ? REDACTED : value;
  if (typeof value === 'number' && shown.has('id')) return value;
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
    const clean = shown.has(key) ? plain(item, walk) : hidden(item, walk, withNumbers, depth + 1);
    copy = copied(copy, fields, key, item, walk.key(key).clean, clean);
  }
  return copy === undefined ? fields : Object.fromEntries(copy);
}

const NOTHING: ReadonlySet<string> = new Set();

/** A field that is shown of a secret object, freed of what looks like a secret; an object in it is none of those meant. */
function plain(value: unknown, walk: Walk): unknown {
  if (typeof value === 'string') return walk.text(value);
  if (Array.isArray(value)) return value.map((item) => plain(item, walk));
  const isObject = typeof value === 'object' && value !== null && !(value instanceof Date);
  return isObject ? REDACTED : value;
}

/** A number under a secret's name may be a secret itself; up to here it is more likely an id or a count. */
const LARGEST_ID = 9999;

function isWorthHiding(text: string): boolean {
  return text !== '' && !/^\*+$/u.test(text) && text !== REDACTED;
}
