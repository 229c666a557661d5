/** What a generic change is about: how it is read, its state before, and what of it can be foretold. */
import type { ReadableClient } from '../../access/readable-client.ts';
import type { Afterwards, State, StateRead } from '../../changes/change.ts';
import { isPlaceholder } from '../../changes/secrets.ts';
import { hiddenValue } from '../../changes/gates.ts';
import { readRow, stateOf } from '../../changes/state.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { pathNamesSecret } from '../../policy/secret-fields.ts';
import { serviceOf } from '../../truenas/catalog/index.ts';
import { isSchema } from './schema-walk.ts';
import { newThing } from './new-thing.ts';
import { identityOf, isScalar, LABELS, labelOf } from './thing-names.ts';
import { readById, readConfig } from './thing-reads.ts';
import type { WrittenMethod } from './written-method.ts';

/** What a call does to its thing. */
export type Deed = 'makes' | 'changes' | 'deletes' | 'acts';

/** The thing, before and after. */
export interface TouchedThing {
  readonly deed: Deed;
  /** `cronjob 3`, `smb settings`. */
  readonly name: string;
  /** How it is read; undefined when nothing shows it. */
  readonly read: StateRead | undefined;
  /** How it is looked for while no answer names it; present where nothing of its name is there yet. */
  readonly readLost?: StateRead | undefined;
  readonly row: Readonly<Record<string, unknown>> | undefined;
  readonly identity: readonly string[];
  readonly before: State | 'absent';
  readonly after: Afterwards;
  /** Values of the row that the call does not name. */
  readonly watched?: State;
  /** Fields that are sent, and that a look afterwards cannot compare. */
  readonly unseen: readonly string[];
}

/** @throws InputProblem when what it is about is not there; TrueNasError when it cannot be read */
export async function touchedThing(
  nas: ReadableClient,
  method: WrittenMethod,
  params: readonly unknown[],
): Promise<TouchedThing> {
  const service = serviceOf(method.name);
  const verb = method.name.slice(service.length + 1);
  const [first, second] = params;
  const isId = typeof first === 'string' || typeof first === 'number';
  if (verb === 'create' && isSchema(first)) return newThing(nas, method, service, first);
  if (verb === 'update' && isSchema(first) && params.length === 1)
    return changedThing(nas, method, { name: `${service} settings`, id: undefined, data: first });
  const label = isId ? String(first) : labelOf(first);
  const name = label === undefined ? service : `${service} ${safeCell(label, 120)}`;
  if (verb === 'update' && isId && isSchema(second))
    return changedThing(nas, method, { name, id: first, data: second });
  const nothing = { name, row: undefined, identity: [], before: 'absent', unseen: [] } as const;
  const read = isId ? await readById(nas, method, service, first) : undefined;
  const deed = verb === 'delete' ? 'deletes' : 'acts';
  if (read === undefined) return { ...nothing, deed, read, after: 'absent' };
  const row = await readRow(nas, read);
  if (row === undefined) {
    if (deed === 'deletes') throw absent(name);
    // The first argument of an action need not be the id of a row.
    return { ...nothing, deed, read: undefined, after: 'absent' };
  }
  const identity = identityOf(row);
  const labels = deed === 'deletes' ? LABELS.filter((path) => isScalar(row[path])) : [];
  const before = stateOf(row, [...identity, ...labels]);
  return {
    deed,
    name,
    read,
    row,
    identity,
    before,
    after: deed === 'deletes' ? 'absent' : 'unforetold',
    ...(deed === 'deletes' ? {} : { watched: watchedOf(row, [...identity, ...labels]) }),
    unseen: [],
  };
}

async function changedThing(
  nas: ReadableClient,
  method: WrittenMethod,
  {
    name,
    id,
    data,
  }: {
    readonly name: string;
    readonly id: string | number | undefined;
    readonly data: Readonly<Record<string, unknown>>;
  },
): Promise<TouchedThing> {
  const service = serviceOf(method.name);
  const read =
    id === undefined ? await readConfig(nas, method, service) : await readById(nas, method, service, id);
  if (read === undefined)
    return {
      deed: 'changes',
      name,
      read,
      row: undefined,
      identity: [],
      before: 'absent',
      after: 'absent',
      unseen: Object.keys(data),
    };
  const row = await readRow(nas, read);
  if (row === undefined) throw absent(name);
  const leaves = Object.entries(data).flatMap(([field, value]) => leavesOf(field, value, row));
  const seen = leaves.filter(({ path }) => path !== undefined);
  const after = Object.fromEntries(seen.map(({ path = '', value }) => [path, value]));
  const unseen = [...new Set(leaves.filter(({ path }) => path === undefined).map(({ field }) => field))];
  const identity = id === undefined ? [] : identityOf(row);
  // What cannot be compared afterwards was judged as it was before, and has to stay so until it is sent.
  const objects = Object.keys(data).filter((field) => isSchema(row[field]) && !isProperty(row[field]));
  const judged = [...new Set([...unseen, ...objects])].filter(
    (field) => Object.hasOwn(row, field) && hiddenValue(row[field]) === undefined,
  );
  const before = stateOf(row, new Set([...identity, ...Object.keys(after), ...judged]));
  const watched = {
    ...watchedOf(row, [...identity, ...Object.keys(data)]),
    ...Object.fromEntries(objects.flatMap((field) => keysLeftOut(field, data[field], row[field]))),
  };
  return { deed: 'changes', name, read, row, identity, before, after, watched, unseen };
}

/** Longest value that is watched, as JSON: a longer one is a list of its own. */
const MAX_WATCHED = 400;

/** The fields of a row that a call does not name, as far as they can be told in a line. */
function watchedOf(row: Readonly<Record<string, unknown>>, named: readonly string[]): State {
  const fields = Object.entries(row).filter(
    ([path, value]) =>
      !named.includes(path) &&
      !path.includes('.') &&
      !pathNamesSecret(path) &&
      hiddenValue(value) === undefined &&
      (JSON.stringify(value) ?? '').length <= MAX_WATCHED,
  );
  return Object.fromEntries(fields);
}

/** What stands beside the keys that are sent of an object. */
function keysLeftOut(field: string, sent: unknown, before: unknown): [string, unknown][] {
  if (!isSchema(sent) || !isSchema(before) || hiddenValue(before) !== undefined) return [];
  return Object.entries(before)
    .filter(([key]) => !Object.hasOwn(sent, key) && !key.includes('.') && !pathNamesSecret(key))
    .map(([key, value]) => [`${field}.${key}`, value]);
}

interface Leaf {
  readonly field: string;
  /** Where the row shows it; undefined where it does not, or in another form. */
  readonly path: string | undefined;
  readonly value: unknown;
}

/** The values of a field as they will be found, down to what is sent. */
function leavesOf(field: string, value: unknown, row: Readonly<Record<string, unknown>>): Leaf[] {
  const unseen = [{ field, path: undefined, value }];
  const shown = shownIn(row, field);
  if (pathNamesSecret(field) || isPlaceholder(value) || shown === undefined) return unseen;
  const { value: before, path: place } = shown;
  if (hiddenValue(before) !== undefined || hasPlaceholder(value)) return unseen;
  if (isProperty(before)) {
    if (typeof value === 'number') return [{ field, path: `${place}.parsed`, value }];
    return typeof value === 'string' && value !== 'INHERIT'
      ? [{ field, path: `${place}.value`, value }]
      : unseen;
  }
  if (isSchema(value) && isSchema(before)) {
    const inner = Object.entries(value);
    if (inner.some(([key, each]) => !Object.hasOwn(before, key) || !isScalar(each) || key.includes('.')))
      return unseen;
    return inner.map(([key, each]) => ({ field, path: `${field}.${key}`, value: each }));
  }
  const isPlain = isScalar(value) || (Array.isArray(value) && value.every(isScalar));
  return isPlain && (isScalar(before) || Array.isArray(before)) ? [{ field, path: field, value }] : unseen;
}

function hasPlaceholder(value: unknown): boolean {
  if (isPlaceholder(value)) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(hasPlaceholder);
}

/** A field of a row, and where it stands: from 25.10 on the comments of a dataset are among its user properties. */
export function shownIn(
  row: Readonly<Record<string, unknown>>,
  field: string,
): { readonly path: string; readonly value: unknown } | undefined {
  if (Object.hasOwn(row, field)) return { path: field, value: row[field] };
  const user = row['user_properties'];
  if (field !== 'comments' || !isSchema(user)) return undefined;
  return { path: 'user_properties.comments', value: user['comments'] ?? NO_COMMENTS };
}

const NO_COMMENTS = { value: null, rawvalue: null, parsed: null, source: 'DEFAULT' };

/** A property of ZFS, as the NAS shows it. */
export function isProperty(value: unknown): value is Readonly<Record<string, unknown>> {
  return isSchema(value) && Object.hasOwn(value, 'rawvalue') && Object.hasOwn(value, 'parsed');
}

function absent(name: string): InputProblem {
  return new InputProblem(
    'params',
    `name ${name}, which does not exist`,
    'call_api_read with the query of the same service shows what there is',
  );
}
