/**
 * Takes secrets out of everything that leaves the process: answers of a NAS, results, errors, log lines. It goes by
 * where TrueNAS keeps secrets, by the name of a key, by the shape of a text, and by knowing our own credential.
 */
import { ownSecretScrubber } from './own-secrets.ts';
import { type PathRules, pathRules } from './secret-paths.ts';
import { REDACTED, withoutShapes } from './shapes.ts';
import { cleaned, hidden, type Key, PAIR_VALUES, type Walk } from './walk.ts';
import { namesSecret } from './secret-names.ts';
import { maySecretBeIn } from './suspicion.ts';

export { REDACTED } from './shapes.ts';
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
  const walks = { answers: new WeakMap<PathRules, Walk>(), others: new WeakMap<PathRules, Walk>() };

  /** A walk at its beginning; the last one by these rules, unless that is still under way. */
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
        // A walk that began inside another by the same rules shares its path, which was empty then.
        walk.path.length = 0;
        throw error;
      }
    },
  };
}

function judgeKey(key: string, text: (text: string) => string, rules: PathRules): Key {
  return {
    clean: text(key),
    isSecretName: namesSecret(key),
    mayBePlace: rules.mayEndIn(key),
    isPairValue: PAIR_VALUES.has(key),
  };
}
