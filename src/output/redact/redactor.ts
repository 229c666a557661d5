/**
 * Removes secrets from everything that leaves the process: answers of a NAS, results, errors, log lines. A secret is known
 * by its place in the API, the name of its key, the shape of its text, or as our own credential.
 */
import { isPairName, isPairValue } from './neighbours.ts';
import { hidden } from './hidden.ts';
import { ownSecretScrubber } from './own-secrets.ts';
import { verdictOn } from './secret-names.ts';
import { type PathRules, pathRules } from './secret-paths.ts';
import { withoutShapes } from './shapes/index.ts';
import { REDACTED } from './shapes/shape.ts';
import { maySecretBeIn } from './suspicion.ts';
import { cleaned } from './walk.ts';
import type { Key, Walk } from './walk-state.ts';

export { REDACTED } from './shapes/shape.ts';
export { namesSecret } from './secret-names.ts';

/** Source of a value. */
export interface Origin {
  /** The API method that answered it. */
  readonly method: string;
}

/** Removes secrets; made by {@link createRedactor}. */
export interface Redactor {
  /** The text without everything that has the shape of a secret. */
  text(text: string): string;
  /**
   * The value without secrets; the very same object when there was none. Secret numbers are replaced in an answer of a NAS
   * (`origin`) only: any other value must still fit its schema.
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

  /** Facts about a key under these rules, remembered: keys are few, and repeat. */
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
  const walks = { answers: new WeakMap<PathRules, Walk>(), others: new WeakMap<PathRules, Walk>() };

  /** A walk at its beginning: the last one by these rules, or a new one while that is under way. */
  const walkUnder = (rules: PathRules, isAnswer: boolean): Walk => {
    const known = isAnswer ? walks.answers : walks.others;
    let walk = known.get(rules);
    if (walk === undefined || walk.path.length > 0) {
      const under = (method: string) => walkUnder(pathRules(method), isAnswer);
      walk = { text, key: keysUnder(rules), path: [], rules, isAnswer, under };
      known.set(rules, walk);
    }
    return walk;
  };

  return {
    text,
    value: <Value>(input: Value, origin?: Origin): Value => {
      const walk = walkUnder(pathRules(origin?.method), origin !== undefined);
      try {
        return (walk.rules.isWhole ? hidden(input, walk, true, 0) : cleaned(input, walk, 0)) as Value;
      } catch (error) {
        // A walk that fails leaves keys in its path, and the next one by these rules starts with it.
        walk.path.length = 0;
        throw error;
      }
    },
  };
}

function judgeKey(key: string, text: (text: string) => string, rules: PathRules): Key {
  return {
    clean: text(key),
    verdict: verdictOn(key),
    mayBePlace: rules.mayEndIn(key),
    isPairName: isPairName(key),
    isPairValue: isPairValue(key),
  };
}
