/** State before and after, as lines that a person reads. Derived from the targets: a tool cannot word it otherwise. */
import { safeCell, safeJson } from '../output/untrusted.ts';
import type { Change, State, Target } from './change.ts';
import { isSame } from './state.ts';

/** One line for each field that changes, and one for each thing that comes or goes. */
export function diffLines({ targets }: Pick<Change, 'targets'>): string[] {
  return targets.flatMap(targetLines);
}

function targetLines(target: Target): string[] {
  const { name, before, after, identity, read, renewed = [] } = target;
  const title = safeCell(name);
  if (read.isList === true) return listLines(title, before, after);
  if (before === 'absent' && after === 'absent') return [];
  if (after === 'unforetold') return [`${title}: what becomes of it is not foretold`];
  if (after === 'absent') return [`${title}: exists -> gone`];
  if (before === 'absent') {
    const fields = after === 'present' ? [] : Object.entries(after);
    const shown = fields.map(([path, value]) => `${path} ${valueText(value)}`).join(', ');
    return [`${title}: does not exist -> exists${shown === '' ? '' : ` (${shown})`}`];
  }
  const others = renewed.map(
    (path) => `${title}: ${safeCell(path)} ${valueText(before[path])} -> another one`,
  );
  if (after === 'present') return others.length > 0 ? others : [`${title}: stays`];
  return [...fieldLines(title, before, after, identity), ...others];
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

function fieldLines(title: string, before: State, after: State, identity: readonly string[]): string[] {
  return Object.entries(after)
    .filter(([path, value]) => !identity.includes(path) || !isSame(value, before[path]))
    .map(([path, value]) => {
      // What is written to meanwhile is not compared with a state before.
      if (!Object.hasOwn(before, path)) return `${title}: ${safeCell(path)} becomes ${valueText(value)}`;
      const was = valueText(before[path]);
      return isSame(before[path], value)
        ? `${title}: ${safeCell(path)} stays ${was}`
        : `${title}: ${safeCell(path)} ${was} -> ${valueText(value)}`;
    });
}

/** A value of the NAS or of the input in a few words. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'string') return value === '' ? '""' : safeCell(value, 160);
  return safeCell(safeJson(value), 200);
}
