/** Tells of a place in an answer, or of a path in a call, whether a secret is kept there. */
import { namesSecret } from './secret-names.ts';
import {
  DESCRIBED,
  HOLDING_SECRETS,
  HOLDING_SECRETS_ANYWHERE,
  SECRET_ANYWHERE,
  SECRET_PATHS,
  SHOWN_BELOW,
} from './secret-places.ts';

/** Finds secret places while an answer is walked. */
export interface PathRules {
  /** Everything is secret. */
  readonly isWhole: boolean;
  /** False when no place that matters ends in this key. */
  mayEndIn(key: string): boolean;
  /** What a place is, given the keys that lead to it, list positions left out. */
  verdict(keys: readonly string[]): 'secret' | 'described' | undefined;
}

/** The rules for the answers of a method; without one, those that hold anywhere. */
export function pathRules(method = ''): PathRules {
  let rules = known.get(method);
  if (rules === undefined) {
    rules = makeRules(method);
    if (known.size > 2000) known.clear();
    known.set(method, rules);
  }
  return rules;
}

/**
 * True when a dotted path, as in a filter, an order or a `select`, leads to or into a secret of the method's rows.
 * `forComparing` also counts texts that may hold one: comparing would tell it bit by bit.
 */
export function isSecretPath(method: string, path: string, { forComparing = false } = {}): boolean {
  // A JSON path may spell a step as ["name"], and a NAS reads `\.` as a dot inside a name.
  const keys = path.split(/[^A-Za-z0-9_-]+/u).filter((key) => key !== '' && !/^\d+$/u.test(key));
  const rules = pathRules(method);
  if (rules.isWhole || keys.some(namesSecret)) return true;
  const held = forComparing
    ? suffixes([...linesOf(HOLDING_SECRETS, method), ...HOLDING_SECRETS_ANYWHERE])
    : undefined;
  return keys.some((_key, index) => {
    const upTo = keys.slice(0, index + 1);
    return rules.verdict(upTo) === 'secret' || (held !== undefined && endsWithOne(held, upTo));
  });
}

/** The fields that are shown of the secret object to which these keys lead. */
export function shownBelow(keys: readonly string[]): ReadonlySet<string> | undefined {
  return SHOWN.find(({ place }) => endsWithOne(place, keys))?.fields;
}

const known = new Map<string, PathRules>();

function makeRules(method: string): PathRules {
  const lines = linesOf(SECRET_PATHS, method);
  const secret = suffixes([...lines, ...SECRET_ANYWHERE]);
  const described = suffixes(DESCRIBED);
  return {
    isWhole: lines.includes(''),
    mayEndIn: (key) => secret.has(key) || described.has(key),
    verdict(keys) {
      if (endsWithOne(secret, keys)) return 'secret';
      return endsWithOne(described, keys) ? 'described' : undefined;
    },
  };
}

/** Lines for the method itself and for its namespace. */
function linesOf(table: Readonly<Record<string, readonly string[]>>, method: string): readonly string[] {
  const namespace = method.slice(0, Math.max(0, method.lastIndexOf('.')));
  return [method, namespace].flatMap((name) => (Object.hasOwn(table, name) ? (table[name] ?? []) : []));
}

type Suffixes = ReadonlyMap<string, readonly (readonly string[])[]>;

function suffixes(paths: readonly string[]): Suffixes {
  const byLast = new Map<string, (readonly string[])[]>();
  for (const path of paths) {
    if (path === '') continue;
    const keys = path.split('.').reverse();
    const last = keys[0] ?? '';
    byLast.set(last, [...(byLast.get(last) ?? []), keys.slice(1)]);
  }
  return byLast;
}

function endsWithOne(paths: Suffixes, keys: readonly string[]): boolean {
  const before = paths.get(keys[keys.length - 1] ?? '');
  if (before === undefined) return false;
  return before.some((needed) => needed.every((key, index) => keys[keys.length - 2 - index] === key));
}

/** The longest places first: the most special one counts. */
const SHOWN = Object.entries(SHOWN_BELOW)
  .sort(([a], [b]) => b.length - a.length)
  .map(([path, fields]) => ({ place: suffixes([path]), fields: new Set(fields) }));
