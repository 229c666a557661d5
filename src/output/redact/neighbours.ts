/** What beside a value in an object or a list tells that the value is a secret. */
import type { Fields } from './copies.ts';
import { isSecretUnder, namesSecret, verdictOn } from './secret-names.ts';
import { PAIR_NAMES, PAIR_VALUES } from './shapes/pairs.ts';
import type { Walk } from './walk-state.ts';

/** The name in `{ name: 'DB_PASSWORD', value: 'x' }` and its like, when it may be a secret's. */
export function pairedName(fields: Fields, walk: Walk): string | null {
  for (const key in fields) {
    if (!walk.key(key).isPairName) continue;
    const name = fields[key];
    if (typeof name === 'string' && verdictOn(name) !== 'harmless') return name;
  }
  return null;
}

/** True when a key holds the name of a pair. */
export function isPairName(key: string): boolean {
  return PAIR_NAME_KEY.test(key);
}

/** True when a key holds the value of a pair. */
export function isPairValue(key: string): boolean {
  return PAIR_VALUE_KEY.test(key);
}

const PAIR_NAME_KEY = new RegExp(`^(?:${PAIR_NAMES})$`, 'iu');
const PAIR_VALUE_KEY = new RegExp(`^(?:${PAIR_VALUES})$`, 'iu');

/** True for the second of `['DB_PASSWORD', 'x']`, as headers and variables are listed; not in a list of names. */
export function isSecondOfPair(list: readonly unknown[], index: number): boolean {
  if (index !== 1 || list.length !== 2) return false;
  const [name, value] = list;
  return (
    typeof name === 'string' &&
    typeof value === 'string' &&
    !FIELD_NAME.test(value) &&
    isSecretUnder(name, value)
  );
}

const FIELD_NAME = /^[a-z]+(?:_[a-z]+)*$/u;

/** True for the second of `['--password', 'x']` in a list of arguments. */
export function isAfterOption(list: readonly unknown[], index: number): boolean {
  const before = list[index - 1];
  return (
    typeof before === 'string' && before.startsWith('-') && /^--?[\w-]+$/u.test(before) && namesSecret(before)
  );
}

/** True for `['password', '=', 'x']`: a guess may be right. */
export function isFilterOnSecret(list: readonly unknown[]): boolean {
  const [field, operator] = list;
  if (list.length !== 3 || typeof field !== 'string' || typeof operator !== 'string') return false;
  return OPERATOR.test(operator) && namesSecret(field);
}

const OPERATOR = /^C?(?:!?[=^$]|[<>]=?|~|r?n?in)$/u;

/** The method whose arguments or result an object holds: a job, an entry of the audit trail. */
export function calledMethod(object: object): string | undefined {
  const { method } = object as { method?: unknown };
  return typeof method === 'string' && METHOD_NAME.test(method) ? method : undefined;
}

const METHOD_NAME = /^[a-z][\w]*(?:\.\w+)+$/u;
