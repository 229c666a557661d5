/** Filters as predicates: compiled once, run on every row. */
import { DATE_SUFFIX, isOperator, type Operator, parseIsoDate } from './check.ts';
import { pythonType } from '../errors/python.ts';
import { failed } from './error.ts';
import { follow, splitPath } from './path.ts';
import { compilePattern } from './pattern.ts';
import { casefold, compare, contains, isEqual } from './values.ts';

/** Tells whether a row matches. @throws QueryError (evaluation) */
export type Predicate = (row: unknown) => boolean;

/** Compiled filters. `isSafe`: no row can make them throw, so evaluation may stop early. */
export interface Condition {
  readonly matches: Predicate;
  readonly isSafe: boolean;
}

/** Compiles filters that `checkFilters` let through; several are ANDed in order. */
export function compileFilters(filters: readonly unknown[]): Condition {
  const conditions = filters.map(compileFilter);
  const [only] = conditions;
  if (only !== undefined && conditions.length === 1) return only;
  const predicates = conditions.map((condition) => condition.matches);
  return {
    matches: (row) => predicates.every((matches) => matches(row)),
    isSafe: conditions.every((condition) => condition.isSafe),
  };
}

function compileFilter(filter: unknown): Condition {
  const [name, second, operand] = filter as [unknown, unknown, unknown];
  if ((filter as unknown[]).length === 3) {
    return typeof name === 'string' && name !== ''
      ? compileComparison(name, String(second), operand)
      : compileNameless(name, String(second), operand);
  }
  const branches = (second as unknown[][]).map((branch) =>
    compileFilters(Array.isArray(branch[0]) ? branch : [branch]),
  );
  const predicates = branches.map((branch) => branch.matches);
  return {
    matches: (row) => predicates.some((matches) => matches(row)),
    isSafe: branches.every((branch) => branch.isSafe),
  };
}

function compileComparison(name: string, operator: string, operand: unknown): Condition {
  const isDate = name.endsWith(DATE_SUFFIX);
  const parts = splitPath(isDate ? name.slice(0, -DATE_SUFFIX.length) : name);
  const test = isDate ? dateTest(operator, operand) : valueTest(operator, operand);
  const [only] = parts;
  if (only !== undefined && parts.length === 1) {
    // Looking for the key itself costs time, and matters only where every object inherits such a name.
    const isInherited = only in Object.prototype;
    const matches: Predicate = (row) => {
      if (isInherited && !Object.hasOwn(row as object, only)) return false;
      const value = (row as Record<string, unknown>)[only];
      return value !== undefined && test(value);
    };
    return { matches, isSafe: isSafeOperator(operator, operand) && !isDate };
  }
  return { matches: (row) => testAt(row, parts, 0, test), isSafe: false };
}

/** An empty name means the row itself; a name that is no text fails on the first row. */
function compileNameless(name: unknown, operator: string, operand: unknown): Condition {
  if (name === '' || name === null || name === 0 || name === false) {
    return { matches: valueTest(operator, operand), isSafe: false };
  }
  return {
    matches: () => {
      throw failed(`'${pythonType(name)}' object has no attribute 'partition'`, 'AttributeError');
    },
    isSafe: false,
  };
}

function isSafeOperator(operator: string, operand: unknown): boolean {
  if (operator === '=' || operator === '!=') return true;
  return (operator === 'in' || operator === 'nin') && Array.isArray(operand);
}

/** Follows the path; after a `*` one matching item is enough. */
function testAt(row: unknown, parts: readonly string[], from: number, test: Predicate): boolean {
  const found = follow(row, parts, from);
  if (found.value === undefined) return false;
  const { rest } = found;
  if (rest === null) return test(found.value);
  return found.value.some((item) => testAt(item, parts, rest, test));
}

function dateTest(operator: string, operand: unknown): Predicate {
  const { date, isNaive } = parseIsoDate(operand);
  const test = valueTest(operator, date);
  if (!isNaive) return test;
  if (operator === '=' || operator === '!=') return () => operator === '!=';
  return () => {
    throw failed("can't compare offset-naive and offset-aware datetimes");
  };
}

function valueTest(operator: string, operand: unknown): Predicate {
  if (isOperator(operator)) return TESTS[operator](operand);
  const plain = operator.slice(1);
  if (!isOperator(plain)) return () => false;
  let test: Predicate | null = null;
  return (value) => {
    const folded = casefold(value);
    test ??= TESTS[plain](casefold(operand));
    return test(folded);
  };
}

const TESTS: Readonly<Record<Operator, (operand: unknown) => Predicate>> = {
  '=': equals,
  '!=': (operand) => not(equals(operand)),
  '>': (operand) => (value) => compare(value, operand, '>') > 0,
  '>=': (operand) => (value) => compare(value, operand, '>=') >= 0,
  '<': (operand) => (value) => compare(value, operand, '<') < 0,
  '<=': (operand) => (value) => compare(value, operand, '<=') <= 0,
  '~': matchesPattern,
  in: isIn,
  nin: (operand) => unlessNull(not(isIn(operand))),
  rin: (operand) => unlessNull((value) => contains(value, operand)),
  rnin: (operand) => unlessNull((value) => !contains(value, operand)),
  '^': (operand) => unlessNull((value) => starts(value, operand)),
  '!^': (operand) => unlessNull((value) => !starts(value, operand)),
  $: (operand) => unlessNull((value) => ends(value, operand)),
  '!$': (operand) => unlessNull((value) => !ends(value, operand)),
};

function equals(operand: unknown): Predicate {
  return typeof operand === 'string' ? (value) => value === operand : (value) => isEqual(value, operand);
}

function isIn(operand: unknown): Predicate {
  if (Array.isArray(operand) && operand.every((item) => typeof item === 'string')) {
    const set = new Set<unknown>(operand);
    return (value) => set.has(value);
  }
  return (value) => contains(operand, value);
}

function not(test: Predicate): Predicate {
  return (value) => !test(value);
}

function unlessNull(test: Predicate): Predicate {
  return (value) => value !== null && test(value);
}

function starts(value: unknown, operand: unknown): boolean {
  return textOf(value, 'startswith').startsWith(affix(operand, 'startswith'));
}

function ends(value: unknown, operand: unknown): boolean {
  return textOf(value, 'endswith').endsWith(affix(operand, 'endswith'));
}

function textOf(value: unknown, method: string): string {
  if (typeof value === 'string') return value;
  throw failed(`'${pythonType(value)}' object has no attribute '${method}'`, 'AttributeError');
}

function affix(operand: unknown, method: string): string {
  if (typeof operand === 'string') return operand;
  throw failed(`${method} first arg must be str or a tuple of str, not ${pythonType(operand)}`);
}

/** Matches at the start only; null counts as empty text. */
function matchesPattern(operand: unknown): Predicate {
  let pattern: RegExp | null = null;
  return (value) => {
    if (typeof operand !== 'string') throw failed('first argument must be string or compiled pattern');
    pattern ??= compilePattern(operand);
    const text = value === null || value === 0 || value === false ? '' : value;
    if (typeof text !== 'string') {
      throw failed(`expected string or bytes-like object, got '${pythonType(value)}'`);
    }
    pattern.lastIndex = 0;
    return pattern.test(text);
  };
}
