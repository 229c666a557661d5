/** State before and after, as lines that a person reads. Derived from the targets: a tool cannot word it otherwise. */
import { safeCell } from '../output/untrusted.ts';
import { plural } from '../output/units.ts';
import type { Change, State, Target } from './change.ts';
import { entryLines, entryLists } from './entry-lists.ts';
import { fieldName, valueText } from './field-text.ts';
import { isSame } from './state.ts';

/** One line for each field that changes, and one for each thing that comes or goes. What only has to stay has none. */
export function diffLines({ targets, calls }: Pick<Change, 'targets' | 'calls'>): string[] {
  const lines: string[] = [];
  for (let index = 0; index < targets.length; ) {
    const alike = namedByCalls(targets.slice(index), calls);
    const [first] = alike;
    if (first !== undefined && alike.length >= LEAST_ALIKE) {
      lines.push(`${plural(alike.length, kindOf(first))}, each named above: exist -> gone`);
      index += alike.length;
      continue;
    }
    const target = targets[index];
    if (target !== undefined) lines.push(...targetLines(target));
    index += 1;
  }
  return lines;
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

function targetLines(target: Target): string[] {
  const { name, before, after, identity, read, renewed = [] } = target;
  const title = safeCell(name);
  if (read.isList === true) return listLines(title, before, after);
  if (before === 'absent' && after === 'absent') return [];
  if (after === 'unforetold') return [`${title}: what becomes of it is not foretold`];
  if (after === 'absent') return [`${title}: exists -> gone`];
  if (before === 'absent') {
    const shown = after === 'present' ? '' : newFields(after).join(', ');
    return [`${title}: does not exist -> exists${shown === '' ? '' : ` (${shown})`}`];
  }
  const others = renewed.map((path) => `${title}: ${renewedText(path, before[path])}`);
  return after === 'present' ? others : [...fieldLines(title, before, after, identity), ...others];
}

/** Of a list, how many there are. */
function listLines(title: string, before: Target['before'], after: Target['after']): string[] {
  const was = countOf(before);
  const will = countOf(after);
  return was === will ? [] : [`${title}: ${was} -> ${will}`];
}

function countOf(state: Target['after']): number {
  const rows = typeof state === 'string' ? [] : state['rows'];
  return Array.isArray(rows) ? rows.length : 0;
}

/** What nobody can foretell: shown as it is now only where that says something to a person. */
function renewedText(path: string, value: unknown): string {
  const isPlain =
    typeof value === 'number' || (typeof value === 'string' && value.length <= 60 && !OPAQUE.test(value));
  return isPlain
    ? `${fieldName(path)} ${valueText(value, path)} -> another one`
    : `${fieldName(path)} renewed`;
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

function fieldLines(title: string, before: State, after: State, identity: readonly string[]): string[] {
  const { lists, rest } = entryLists(after);
  return [
    ...Object.entries(rest)
      .filter(([path, value]) => !identity.includes(path) || !isSame(value, before[path]))
      .flatMap(([path, value]) => fieldLine(path, value, before, after)),
    ...lists.flatMap(({ path }) => entryLines(path, before, after)),
  ].map((line) => `${title}: ${line}`);
}

function fieldLine(path: string, value: unknown, before: State, after: State): string[] {
  const name = fieldName(path);
  // What is written to meanwhile is not compared with a state before.
  if (!Object.hasOwn(before, path)) return [`${name} becomes ${valueText(value, path)}`];
  // Where a value of ZFS comes from stands beside the value.
  const source = path.replace(/\.value$/u, '.source');
  if (path.endsWith('.source') && Object.hasOwn(after, path.replace(/\.source$/u, '.value'))) return [];
  const origin = (state: State): string =>
    source === path || typeof state[source] !== 'string' ? '' : ` (${state[source].toLowerCase()})`;
  const was = `${valueText(before[path], path)}${origin(before)}`;
  const will = `${valueText(value, path)}${origin(after)}`;
  if (was !== will) return [`${name} ${was} -> ${will}`];
  return isEmpty(value) ? [] : [`${name} stays ${was}`];
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined;
}
