/** State before and after, as a person reads it. Derived from the targets: a tool cannot word it otherwise. */
import { safeCell } from '../output/untrusted.ts';
import { plural } from '../output/units.ts';
import type { Change, State, Target } from './change.ts';
import { entryLines, entryLists } from './entry-lists.ts';
import { fieldName, valueText } from './field-text.ts';
import { isSame } from './state.ts';

/** One field that changes, or one thing that comes or goes; every text in it is made harmless. */
export interface DiffEntry {
  /** `dataset tank/photos`. */
  readonly thing: string;
  /** Absent where the thing itself comes, goes or is counted. */
  readonly field?: string;
  /** Absent where it is not compared. */
  readonly before?: string;
  readonly after?: string;
  /** Fields of a thing that is made. */
  readonly made?: readonly string[];
  /** In place of before and after, what becomes of it: `acl gets tag USER`. */
  readonly note?: string;
}

/** One line for each field that changes, and one for each thing that comes or goes. What only has to stay has none. */
export function diffLines(change: Pick<Change, 'targets' | 'calls'>): string[] {
  return diffEntries(change).map(lineOf);
}

/** The same as parts. */
export function diffEntries({ targets, calls }: Pick<Change, 'targets' | 'calls'>): DiffEntry[] {
  const found: DiffEntry[] = [];
  for (let index = 0; index < targets.length; ) {
    const alike = namedByCalls(targets.slice(index), calls);
    const [first] = alike;
    if (first !== undefined && alike.length >= LEAST_ALIKE) {
      const thing = `${plural(alike.length, kindOf(first))}, each named above`;
      found.push({ thing, before: 'exist', after: 'gone' });
      index += alike.length;
      continue;
    }
    const target = targets[index];
    if (target !== undefined) found.push(...ofTarget(target));
    index += 1;
  }
  return found;
}

function lineOf({ thing, field, before, after = '', made = [], note }: DiffEntry): string {
  if (note !== undefined) return `${thing}: ${note}`;
  const fields = made.length === 0 ? '' : ` (${made.join(', ')})`;
  const name = field === undefined ? '' : `${field} `;
  return before === undefined
    ? `${thing}: ${name}becomes ${after}`
    : `${thing}: ${name}${before} -> ${after}${fields}`;
}

/** So many things in a row that go away, each by a call that names it, are not named twice. */
const LEAST_ALIKE = 3;

/** The targets at the start that are of one kind, and go away by a call that ends with their name. */
function namedByCalls(targets: readonly Target[], calls: Change['calls']): Target[] {
  const end = targets.findIndex(
    (target) =>
      target.after !== 'absent' ||
      target.before === 'absent' ||
      target.read.isList === true ||
      kindOf(target) !== kindOf(targets[0]) ||
      calls[target.changedBy]?.purpose.endsWith(` ${target.name}`) !== true,
  );
  return targets.slice(0, end < 0 ? targets.length : end);
}

/** `snapshot` of `snapshot tank/media@before`. */
function kindOf(target: Target | undefined): string {
  return safeCell(target?.name.split(' ')[0] ?? '');
}

function ofTarget(target: Target): DiffEntry[] {
  const { name, before, after, identity, read, renewed = [] } = target;
  const thing = safeCell(name);
  if (read.isList === true) return ofList(thing, before, after);
  if (before === 'absent' && after === 'absent') return [];
  if (after === 'unforetold') return [{ thing, note: 'what becomes of it is not foretold' }];
  if (after === 'absent') return [{ thing, before: 'exists', after: 'gone' }];
  if (before === 'absent') {
    const made = after === 'present' ? [] : newFields(after);
    return [{ thing, before: 'does not exist', after: 'exists', made }];
  }
  const others = renewed.map((path) => ({ thing, ...ofRenewed(path, before[path]) }));
  return after === 'present' ? others : [...ofFields(thing, before, after, identity), ...others];
}

/** Of a list, how many there are. */
function ofList(thing: string, before: Target['before'], after: Target['after']): DiffEntry[] {
  const was = countOf(before);
  const will = countOf(after);
  return was === will ? [] : [{ thing, before: String(was), after: String(will) }];
}

function countOf(state: Target['after']): number {
  const rows = typeof state === 'string' ? [] : state['rows'];
  return Array.isArray(rows) ? rows.length : 0;
}

/** What nobody can foretell: shown as it is now only where that says something to a person. */
function ofRenewed(path: string, value: unknown): Omit<DiffEntry, 'thing'> {
  const isPlain =
    typeof value === 'number' || (typeof value === 'string' && value.length <= 60 && !OPAQUE.test(value));
  return isPlain
    ? { field: fieldName(path), before: valueText(value, path), after: 'another one' }
    : { note: `${fieldName(path)} renewed` };
}

/** Identifiers that nobody compares by eye. */
const OPAQUE = /^[0-9a-f]{8}-[0-9a-f-]{20,}$|^[0-9a-f]{24,}$/iu;

/** Fields of what is made; one that is only said to be empty says nothing. */
function newFields(after: State): string[] {
  const { lists, rest } = entryLists(withSchedules(after));
  return [
    ...Object.entries(rest)
      .filter(([path, value]) => !path.endsWith('.source') && !(value === null && /\.\d+$/u.test(path)))
      .map(([path, value]) => `${fieldName(path)} ${valueText(value, path)}`),
    ...lists.map(({ path, entries }) => `${fieldName(path)}: ${entries.join('; ')}`),
  ];
}

/** A schedule that is compared field by field is shown as one. */
function withSchedules(state: State): State {
  const fields = Object.entries(state).filter(([path]) => /^schedule\.\w+$/u.test(path));
  if (fields.length < 5) return state;
  const schedule = Object.fromEntries(fields.map(([path, value]) => [path.slice('schedule.'.length), value]));
  const others = Object.entries(state).filter(([path]) => !path.startsWith('schedule.'));
  return { ...Object.fromEntries(others), schedule };
}

function ofFields(thing: string, before: State, after: State, identity: readonly string[]): DiffEntry[] {
  const { lists, rest } = entryLists(after);
  return [
    ...Object.entries(rest)
      .filter(([path, value]) => !identity.includes(path) || !isSame(value, before[path]))
      .flatMap(([path, value]) => ofField(path, value, before, after)),
    ...lists.flatMap(({ path }) => entryLines(path, before, after).map((note) => ({ note }))),
  ].map((entry) => ({ thing, ...entry }));
}

function ofField(path: string, value: unknown, before: State, after: State): Omit<DiffEntry, 'thing'>[] {
  const field = fieldName(path);
  // What is written to meanwhile is not compared with a state before.
  if (!Object.hasOwn(before, path)) return [{ field, after: valueText(value, path) }];
  // Where a value of ZFS comes from stands beside the value.
  const source = path.replace(/\.value$/u, '.source');
  if (path.endsWith('.source') && Object.hasOwn(after, path.replace(/\.source$/u, '.value'))) return [];
  const origin = (state: State): string =>
    source === path || typeof state[source] !== 'string' ? '' : ` (${state[source].toLowerCase()})`;
  const was = `${valueText(before[path], path)}${origin(before)}`;
  const will = `${valueText(value, path)}${origin(after)}`;
  if (was !== will) return [{ field, before: was, after: will }];
  return isEmpty(value) ? [] : [{ note: `${field} stays ${was}` }];
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined;
}
