/** What beside a value in an object or a list tells that the value is a secret. */
import { namesSecret } from './secret-names.ts';

/** True for `{ name: 'DB_PASSWORD', value: 'x' }` and its like: what holds the value is secret. */
export function namesSecretPair(object: object): boolean {
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
