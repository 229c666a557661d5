/** What a call does, whatever its spelling: two that mean the same are one question to a person. */
import type { PlannedCall } from './change.ts';
import { replaceReferences } from './references.ts';
import { canonicalJson } from './state.ts';

/** A call without its words, its order and whatever it leaves as it is. */
export interface Meaning {
  /** Method, and what it is called for besides the fields. */
  readonly what: string;
  /** Value by field. */
  readonly fields: ReadonlyMap<string, string>;
  /** Each field is a change of its own, as of an update: more of them still hold these. */
  readonly isByField: boolean;
}

/** The meaning of a call. */
export function meaningOf({ method, params, before, idle = [] }: PlannedCall): Meaning {
  const meant = (REASON_FIRST.has(method) ? params.slice(1) : params).map((param) =>
    replaceReferences(param, ({ $result }) => $result.path),
  );
  const isUpdate = method.endsWith('.update');
  const isCreate = method.endsWith('.create');
  const at = isUpdate || isCreate ? meant.findIndex(isRecord) : -1;
  const data = meant[at];
  const others = meant.filter((_param, index) => index !== at).map(withoutOffOptions);
  while (others.length > 0 && isNothing(others.at(-1))) others.pop();
  const fields = isRecord(data) ? fieldsOf(data, isUpdate ? before : undefined, idle, isCreate) : [];
  return {
    what: canonicalJson([method, others.map(plain)]),
    fields: new Map(fields.map(([name, value]) => [name, canonicalJson(plain(value))])),
    isByField: isUpdate,
  };
}

/** True when `whole` does what `part` does. */
export function includes(whole: Meaning, part: Meaning): boolean {
  return (
    whole.what === part.what &&
    (part.isByField || whole.fields.size === part.fields.size) &&
    [...part.fields].every(([name, value]) => whole.fields.get(name) === value)
  );
}

/** Methods whose first parameter says why, and changes nothing. */
const REASON_FIRST: ReadonlySet<string> = new Set(['system.reboot', 'system.shutdown']);
/** Fields that describe a thing. */
const WORDS: ReadonlySet<string> = new Set(['reason', 'comment', 'comments', 'description']);

type Fields = readonly (readonly [name: string, value: unknown])[];

/** The fields that change something; all of them where none does. */
function fieldsOf(
  data: Readonly<Record<string, unknown>>,
  before: unknown,
  idle: readonly string[],
  isCreate: boolean,
): Fields {
  const row = isRecord(before) ? before : {};
  const all = Object.entries(data);
  const changing = all
    .filter(([name, value]) => !idle.includes(name) && !(isCreate && isNothing(value)))
    .filter(([name, value]) => !Object.hasOwn(row, name) || !isAsBefore(value, row[name]))
    .map(([name, value]) => [name, withoutIdle(value, row[name])] as const);
  // A change of the words alone is about them.
  return [changing.filter(([name]) => !WORDS.has(name)), changing, all].find((some) => some.length > 0) ?? [];
}

/** Of an object the keys that get another value. */
function withoutIdle(value: unknown, before: unknown): unknown {
  if (!isRecord(value) || !isRecord(before)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(
      ([key, item]) => !Object.hasOwn(before, key) || !isAsBefore(item, before[key]),
    ),
  );
}

function isAsBefore(value: unknown, before: unknown): boolean {
  const sent = canonicalJson(plain(value));
  if (isRecord(before) && Object.hasOwn(before, 'rawvalue')) {
    if (value === 'INHERIT') return before['source'] === 'INHERITED' || before['source'] === 'DEFAULT';
    // A NAS shows a size that is not set as none, and takes nothing or 0 for it.
    return [before['value'], before['rawvalue'], before['parsed']].some(
      (each) => canonicalJson(plain(each)) === sent || (isUnset(each) && isUnset(value)),
    );
  }
  return canonicalJson(plain(before)) === sent;
}

function isUnset(value: unknown): boolean {
  return value === null || value === 0 || value === '0' || value === 'none';
}

/** An option that is off does what one that is left out does. */
function withoutOffOptions(param: unknown): unknown {
  if (!isRecord(param)) return param;
  return Object.fromEntries(
    Object.entries(param).filter(([, value]) => value !== false && !isNothing(value)),
  );
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** The same for numbers and the digits of them, for lists in any order, and whatever words stand beside. */
function plain(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value.trim().replace(/\s+/gu, ' ');
  if (Array.isArray(value)) return [...new Set(value.map((item) => canonicalJson(plain(item))))].toSorted();
  if (!isRecord(value)) return value;
  const entries = Object.entries(value);
  const without = entries.filter(([key]) => !WORDS.has(key));
  return Object.fromEntries(
    (without.length > 0 ? without : entries).map(([key, item]) => [key, plain(item)]),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
