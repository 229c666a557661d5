/**
 * Filters of queries, judged as TrueNAS 25.04 and later judge them (PROTOCOL section 9): CORE counts an absent key as null,
 * knows no alternatives of several filters and no operators without case.
 */
import type { WireValue } from '../../client.ts';
import { TrueNasError } from '../../errors.ts';
import { type Row, topLevel, valuesAt } from './paths.ts';

/** Tells whether a row is wanted. */
export type Test = (row: Row) => boolean;

/** Filters that were understood. */
export interface ParsedFilters {
  /** All filters but comparisons that the NAS has judged by. */
  readonly testWithout: (judged: ReadonlySet<ParsedComparison>) => Test;
  /** Keys of a row that the filters look at. */
  readonly keys: readonly string[];
  /** Comparisons that all must hold, and that are not within alternatives. */
  readonly comparisons: readonly ParsedComparison[];
}

/** One comparison. */
export interface ParsedComparison {
  readonly path: string;
  readonly operator: string;
  readonly value: WireValue;
}

/** Levels of alternatives within alternatives. */
const MAX_DEPTH = 4;

/** Reads the filters of a query of `method`. @throws TrueNasError `validation` for what is no filter */
export function parseFilters(filters: WireValue | undefined, method: string): ParsedFilters {
  if (filters === undefined || filters === null)
    return { testWithout: () => () => true, keys: [], comparisons: [] };
  if (!Array.isArray(filters)) throw invalid(method, 'Not a list');
  const comparisons: ParsedComparison[] = [];
  const keys = new Set<string>();
  const tests = filters.map((filter) => {
    const parsed = parseFilter(filter, method, keys, 0);
    if ('path' in parsed) comparisons.push(parsed);
    return { parsed, test: testOf(parsed, method) };
  });
  return {
    testWithout(judged) {
      const left = tests.filter(({ parsed }) => !('path' in parsed && judged.has(parsed)));
      return (row) => left.every(({ test }) => test(row));
    },
    keys: [...keys],
    comparisons,
  };
}

/** What things are found by: never null. */
const IDENTITIES = new Set([
  ...['id', 'name', 'identifier', 'username', 'group', 'guid', 'uid', 'gid'],
  ...['desc', 'description', 'comment', 'destination', 'realm'],
]);

/**
 * True for a row of which nobody can tell whether it is wanted, as what is compared cannot be read in it. A key that no row
 * has is no such: the NAS does not have it then.
 */
export function isUndecided(
  row: Row,
  comparisons: readonly ParsedComparison[],
  known: ReadonlySet<string>,
): boolean {
  return comparisons.some(({ path, value }) => {
    const key = topLevel(path);
    if (!Object.hasOwn(row, key)) return known.has(key) && !Object.hasOwn(row, path);
    const [found = null] = valuesAt(row, path);
    if (found === null) return IDENTITIES.has(path);
    const sample = Array.isArray(value) ? value[0] : value;
    const isPlain = ['string', 'number', 'boolean'].includes(typeof sample);
    return isPlain && !path.includes('*') && typeof found !== typeof sample && !isSearched(found, path);
  });
}

/** A list may be searched for a value, and a date be compared with a number. */
function isSearched(found: WireValue, path: string): boolean {
  return Array.isArray(found) || found instanceof Date || path.endsWith('.$date');
}

type Parsed = ParsedComparison | { readonly alternatives: readonly (readonly Parsed[])[] };

function parseFilter(filter: WireValue, method: string, keys: Set<string>, depth: number): Parsed {
  if (!Array.isArray(filter) || depth > MAX_DEPTH)
    throw invalid(method, `Invalid filter ${JSON.stringify(filter)}`);
  const [path, operator, value] = filter;
  if (filter.length === 2 && path === 'OR' && Array.isArray(operator)) {
    const alternatives = operator.map((branch) => parseBranch(branch, method, keys, depth + 1));
    return { alternatives };
  }
  if (filter.length !== 3 || typeof path !== 'string' || typeof operator !== 'string' || value === undefined)
    throw invalid(method, `Invalid filter ${JSON.stringify(filter)}`);
  keys.add(topLevel(path));
  return { path, operator, value };
}

/** One filter, or a list of filters that must all hold. */
function parseBranch(branch: WireValue, method: string, keys: Set<string>, depth: number): Parsed[] {
  if (Array.isArray(branch) && branch.every((item) => Array.isArray(item)))
    return branch.map((filter) => parseFilter(filter, method, keys, depth));
  return [parseFilter(branch, method, keys, depth)];
}

function testOf(parsed: Parsed, method: string): Test {
  if ('alternatives' in parsed) {
    const branches = parsed.alternatives.map((branch) => branch.map((filter) => testOf(filter, method)));
    return (row) => branches.some((tests) => tests.every((test) => test(row)));
  }
  const { path, operator, value } = parsed;
  const compare = comparator(operator, value, method);
  return (row) => valuesAt(row, path).some((found) => compare(found));
}

function comparator(operator: string, value: WireValue, method: string): (found: WireValue) => boolean {
  const isFolded = operator.startsWith('C');
  const name = isFolded ? operator.slice(1) : operator;
  const make = COMPARATORS[name];
  if (make === undefined || (isFolded && name === '~'))
    throw invalid(method, `Invalid operation: ${operator}`);
  const compare = make(isFolded ? folded(value) : value, method);
  return isFolded ? (found) => compare(folded(found)) : compare;
}

const COMPARATORS: Readonly<
  Record<string, (value: WireValue, method: string) => (found: WireValue) => boolean>
> = {
  '=': (value) => (found) => isEqual(found, value),
  '!=': (value) => (found) => !isEqual(found, value),
  '>': (value, method) => (found) => order(found, value, method) > 0,
  '>=': (value, method) => (found) => order(found, value, method) >= 0,
  '<': (value, method) => (found) => order(found, value, method) < 0,
  '<=': (value, method) => (found) => order(found, value, method) <= 0,
  '~': (value, method) => matching(value, method),
  in: (value) => (found) => contains(value, found),
  nin: (value) => (found) => !contains(value, found),
  rin: (value) => (found) => found !== null && contains(found, value),
  rnin: (value) => (found) => found !== null && !contains(found, value),
  '^': (value) => (found) => typeof found === 'string' && found.startsWith(textOf(value)),
  '!^': (value) => (found) => typeof found === 'string' && !found.startsWith(textOf(value)),
  $: (value) => (found) => typeof found === 'string' && found.endsWith(textOf(value)),
  '!$': (value) => (found) => typeof found === 'string' && !found.endsWith(textOf(value)),
};

function textOf(value: WireValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** At the start only, as `re.match` of Python. */
function matching(value: WireValue, method: string): (found: WireValue) => boolean {
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^(?:${textOf(value)})`, 'su');
  } catch {
    throw invalid(method, `Invalid pattern: ${textOf(value).slice(0, 100)}`);
  }
  return (found) => typeof found === 'string' && pattern.test(found);
}

function folded(value: WireValue): WireValue {
  if (typeof value === 'string') return value.toLowerCase();
  return Array.isArray(value) ? value.map((item) => folded(item)) : value;
}

function contains(list: WireValue, item: WireValue): boolean {
  if (Array.isArray(list)) return list.some((each) => isEqual(each, item));
  if (typeof list === 'string') return typeof item === 'string' && list.includes(item);
  return list !== null && typeof list === 'object' && typeof item === 'string' && Object.hasOwn(list, item);
}

function isEqual(a: WireValue, b: WireValue): boolean {
  if (a instanceof Date || b instanceof Date) return instant(a) === instant(b);
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  return JSON.stringify(a) === JSON.stringify(b);
}

function instant(value: WireValue): WireValue {
  return value instanceof Date ? value.getTime() : value;
}

/** Below, above or equal. @throws TrueNasError for what no order is between, as on a NAS */
export function order(a: WireValue, b: WireValue, method: string): number {
  const [left, right] = [instant(a), instant(b)];
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  if (isNumeric(left) && isNumeric(right)) return Number(left) - Number(right);
  throw invalid(method, `values of the kinds ${kindOf(left)} and ${kindOf(right)} cannot be compared`);
}

function isNumeric(value: WireValue): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function kindOf(value: WireValue): string {
  return value === null ? 'nothing' : Array.isArray(value) ? 'list' : typeof value;
}

/** The error for a question that cannot be asked like this. */
export function invalid(method: string, text: string): TrueNasError {
  return new TrueNasError('validation', {
    summary: `The arguments of ${method} are refused: ${text}`,
    nextStep: 'Correct the filters or options and call again; nothing was changed.',
    method,
    nasText: text,
  });
}
