/** Reads the state of what a change touches, and compares it. */
import type { CallOptions, ReadClient } from '../truenas/client.ts';
import { TrueNasError } from '../truenas/errors.ts';
import type { Afterwards, State, StateRead, Target } from './change.ts';

/** The value at a dotted path; undefined where there is none. A key that contains dots is found as it stands. */
export function valueAt(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const record = new Map(Object.entries(value));
  if (record.has(path)) return record.get(path);
  const dot = path.indexOf('.');
  return dot < 0 ? undefined : valueAt(record.get(path.slice(0, dot)), path.slice(dot + 1));
}

/**
 * The row that a read shows; undefined when there is none.
 * @throws TrueNasError as the NAS answers, `odd-answer` for what is neither an object nor a list of at most one.
 */
export async function readRow(
  nas: Pick<ReadClient, 'call'>,
  { method, params, where, absentText, isList }: StateRead,
  options?: CallOptions,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  let answer: unknown;
  try {
    answer = await nas.call(method, params, options);
  } catch (error) {
    // get_instance and its like fail for what does not exist; a list is empty then.
    if (error instanceof TrueNasError && saysAbsent(error, absentText)) return undefined;
    throw error;
  }
  if (isList === true && Array.isArray(answer)) return { rows: answer };
  if (where !== undefined && Array.isArray(answer))
    answer = answer.filter((each) => isSame(valueAt(each, where[0]), where[1]));
  if (Array.isArray(answer) && answer.length === 0) return undefined;
  const row: unknown = Array.isArray(answer) && answer.length === 1 ? answer[0] : answer;
  if (typeof row !== 'object' || row === null || Array.isArray(row) || row instanceof Date) {
    throw new TrueNasError('odd-answer', {
      summary: `The NAS answered ${method} in a form that this program does not know.`,
      nextStep:
        'Nothing is changed on the grounds of such an answer; look at the thing in the web interface.',
      method,
    });
  }
  return { ...row };
}

function saysAbsent({ kind, nasText }: TrueNasError, absentText: string | undefined): boolean {
  return kind === 'not-found' || (absentText !== undefined && nasText?.includes(absentText) === true);
}

/** The values at these paths. An absent value is null: a later reading must find it absent, too. */
export function stateOf(row: Readonly<Record<string, unknown>>, paths: Iterable<string>): State {
  return Object.fromEntries([...paths].map((path) => [path, valueAt(row, path) ?? null]));
}

/** Reads the same paths that a state was made of. */
export async function readState(
  nas: Pick<ReadClient, 'call'>,
  read: StateRead,
  paths: Iterable<string>,
  options?: CallOptions,
): Promise<State | 'absent'> {
  const row = await readRow(nas, read, options);
  return row === undefined ? 'absent' : stateOf(row, paths);
}

/** Every path that a target names. */
export function pathsOf({
  identity,
  before,
  after,
  watched = {},
  written = [],
  heldAlone = [],
  renewed = [],
}: Target): Set<string> {
  const states = [before, after, watched].filter((state) => typeof state !== 'string');
  return new Set([
    ...identity,
    ...states.flatMap((state) => Object.keys(state)),
    ...written,
    ...heldAlone,
    ...renewed,
  ]);
}

/** True for the same data, whatever the order of keys. */
export function isSame(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** JSON with sorted keys: equal for equal data, and fit to be hashed. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** One value that is not what it was expected to be. */
export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/** What differs in the paths that `expected` names. Existence itself has the path ''. */
export function differences(expected: Afterwards, found: State | 'absent'): readonly Difference[] {
  if (expected === 'unforetold') return [];
  if (expected === 'absent') return found === 'absent' ? [] : [{ path: '', expected, found: 'present' }];
  if (found === 'absent') return [{ path: '', expected: 'present', found }];
  if (expected === 'present') return [];
  return Object.entries(expected)
    .filter(([path, value]) => !isSame(value, found[path]))
    .map(([path, value]) => ({ path, expected: value, found: found[path] }));
}

/** Values that a target says will be others, and that are the same as before. */
export function staleValues(
  { before, renewed = [] }: Target,
  found: State | 'absent',
): readonly Difference[] {
  if (before === 'absent' || found === 'absent') return [];
  return renewed
    .filter((path) => isSame(before[path] ?? null, found[path] ?? null))
    .map((path) => ({ path, expected: 'another one', found: found[path] }));
}
