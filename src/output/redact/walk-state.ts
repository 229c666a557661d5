/** What is known on the way through a value. */
import type { NameVerdict } from './secret-names.ts';
import type { PathRules } from './secret-paths.ts';

/** What is known of a key, wherever it stands. */
export interface Key {
  /** The key itself, freed of secrets. */
  readonly clean: string;
  readonly verdict: NameVerdict;
  /** False when no rule about places ends in this key. */
  readonly mayBePlace: boolean;
  /** It holds the name in `{ name: 'DB_PASSWORD', value: 'x' }` and its like. */
  readonly isPairName: boolean;
  /** It holds the value there. */
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

/** Deepest nesting that is looked into: no answer of a NAS is nested this deep, but a cycle is. */
export const MAX_DEPTH = 100;
