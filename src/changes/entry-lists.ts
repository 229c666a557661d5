/**
 * Lists that are compared entry by entry, such as access lists: an entry that comes in between moves all others, so that
 * what is shown are the entries that come and go, and not the places.
 */
import { safeCell, safeJson } from '../output/untrusted.ts';
import type { State } from './change.ts';
import { fieldName } from './field-text.ts';

/** A list in a state whose paths go into its entries: `acl.0.tag`, `acl.0.id`, `acl.1.tag`. */
export interface EntryList {
  readonly path: string;
  /** Each entry in a few words, in their order. */
  readonly entries: readonly string[];
}

const ENTRY = /^([A-Za-z_]+)\.(\d+)\.(.+)$/u;

/** Takes a state apart: the lists that it goes into, and the fields besides. */
export function entryLists(state: State): { readonly lists: EntryList[]; readonly rest: State } {
  const names = new Set(Object.keys(state).flatMap((path) => ENTRY.exec(path)?.[1] ?? []));
  // One field of one entry, as of a disk in a topology, is a field.
  for (const name of names) if (pathsInto(state, name).length < 2) names.delete(name);
  const rest = Object.entries(state).filter(([path]) => !names.has(ENTRY.exec(path)?.[1] ?? ''));
  return {
    lists: [...names].map((path) => ({ path, entries: entriesOf(state, path) })),
    rest: Object.fromEntries(rest),
  };
}

/** The entries that come and go; that only their order changes, or that nothing does, is said. */
export function entryLines(path: string, before: State, after: State): string[] {
  const was = entriesOf(before, path);
  const will = entriesOf({ ...before, ...after }, path);
  const name = fieldName(path);
  const gone = without(was, will);
  const come = without(will, was);
  if (gone.length === 0 && come.length === 0)
    return was.join() === will.join() ? [] : [`${name}: the same entries in another order`];
  return [
    ...gone.map((entry) => `${name} loses ${entry}`),
    ...come.map((entry) => `${name} gets ${entry}`),
    ...(was.length > gone.length
      ? [`${name}: ${was.length - gone.length} of ${was.length} entries stay`]
      : []),
  ];
}

/** `from` without one of each of `others`. */
function without(from: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return from.filter((entry) => {
    const index = left.indexOf(entry);
    if (index < 0) return true;
    left.splice(index, 1);
    return false;
  });
}

function pathsInto(state: State, name: string): string[] {
  return Object.keys(state).filter((path) => ENTRY.exec(path)?.[1] === name);
}

/** Fields by entry; an entry of which every field is empty is none. */
function entriesOf(state: State, name: string): string[] {
  const entries = new Map<number, string[]>();
  for (const path of pathsInto(state, name)) {
    const [, , index, field = ''] = ENTRY.exec(path) ?? [];
    const text = fieldText(field, state[path]);
    if (text !== undefined) entries.set(Number(index), [...(entries.get(Number(index)) ?? []), text]);
  }
  return [...entries.entries()]
    .toSorted(([a], [b]) => a - b)
    .map(([, fields]) => safeCell(fields.toSorted(tagFirst).join(' '), 200));
}

/** What an entry is about comes first. */
function tagFirst(a: string, b: string): number {
  return Number(b.startsWith('tag ')) - Number(a.startsWith('tag ')) || (a < b ? -1 : 1);
}

/** `tag USER`; of switches those that are on: `perms READ,EXECUTE`. */
function fieldText(field: string, value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  // An id of -1 is that of an entry for nobody in particular, and an entry is for the thing itself unless it is a default.
  if ((field === 'id' && value === -1) || (field === 'default' && value === false)) return undefined;
  if (typeof value === 'string') return `${field} ${value}`;
  if (typeof value !== 'object') return `${field} ${safeJson(value)}`;
  const switches = Object.entries(value);
  const isSwitches = switches.length > 0 && switches.every(([, on]) => typeof on === 'boolean');
  if (!isSwitches) return `${field} ${safeJson(value)}`;
  const on = switches.flatMap(([key, isOn]) => (isOn === true ? [key] : []));
  return `${field} ${on.length === 0 ? 'nothing' : on.join(',')}`;
}
