/** What happens when snapshots are taken, kept, cloned, renamed, gone back to and destroyed. */
import { ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { type Dataset, isLocked } from '../world/datasets.ts';
import { keepGuid, type Snapshot, snapshotId, txgAt } from '../world/snapshots.ts';
import { pad2 } from '../world/units.ts';
import { announce, type ApiRow, refuse } from './common.ts';
import { clonesOf, found, keepersOf, newerThan, remove, sameNamed } from './snapshot-find.ts';
import { CREATED_VIEW, snapshotRow } from './snapshot-row.ts';

/** Validated arguments. */
export interface CreateData {
  readonly dataset: string;
  readonly recursive: boolean;
  readonly exclude: readonly string[];
  readonly name?: string;
  readonly naming_schema?: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Validated arguments. */
export interface UpdateData {
  readonly user_properties_update: readonly { key: string; value: string; remove?: boolean }[];
  readonly user_properties_remove?: readonly string[];
}

/** Validated arguments. */
export interface RollbackOptions {
  readonly recursive: boolean;
  readonly recursive_clones: boolean;
  readonly recursive_rollback: boolean;
}

/** Takes snapshots, for a periodic task if there is one, and answers the first. */
export function createSnapshot(
  context: MethodContext,
  namespace: string,
  data: CreateData,
  taskId: number | null = null,
): ApiRow {
  const { world } = context;
  const problems = new ValidationErrors();
  if (data.name === undefined && data.naming_schema === undefined) {
    problems.add('snapshot_create.naming_schema', 'You must specify either name or naming schema');
  }
  const root = world.datasets.get(data.dataset);
  if (root === undefined)
    problems.add('snapshot_create.dataset', `Dataset ${data.dataset} does not exist`, ERRNO.ENOENT);
  if (data.exclude.length > 0 && !data.recursive) {
    problems.add('snapshot_create.exclude', 'Only allowed for recursive snapshots');
  }
  const name = data.name ?? formatTime(data.naming_schema ?? '', context.now());
  if (!/^[\w.:\- ]+$/.test(name)) problems.add('snapshot_create.name', 'Invalid snapshot name');
  problems.check();
  if (root === undefined) throw new Error('a dataset that passed the checks is missing');

  const isLeftOut = (id: string): boolean =>
    data.exclude.some((each) => id === each || id.startsWith(`${each}/`));
  const targets = data.recursive ? [...world.datasets.walk(root)].filter(({ id }) => !isLeftOut(id)) : [root];
  for (const { id, snapshots } of targets) {
    if (snapshots.some((each) => each.name === name)) {
      refuse(`Failed to snapshot ${id}@${name}: dataset already exists`, ERRNO.EEXIST);
    }
  }
  const txg = world.datasets.newTxg(
    Math.max(txgAt(context.now()), ...targets.map(lastTxg).map((last) => last + 1)),
  );
  const taken = targets.map((dataset) =>
    take(dataset, { name, txg, createdMs: context.now(), taskId }, data.properties),
  );
  const [first] = taken;
  if (first === undefined) refuse(`Every dataset below ${data.dataset} is excluded`, ERRNO.EINVAL);
  for (const snapshot of taken)
    announce(context, namespace, 'added', snapshotId(snapshot), snapshotRow(snapshot, CREATED_VIEW));
  return snapshotRow(first, CREATED_VIEW);
}

function lastTxg({ snapshots }: Dataset): number {
  return snapshots.at(-1)?.txg ?? 0;
}

function take(
  dataset: Dataset,
  made: Pick<Snapshot, 'name' | 'txg' | 'createdMs' | 'taskId'>,
  properties: CreateData['properties'],
): Snapshot {
  const own = Object.entries(properties).map(([key, value]): [string, string] => [key, String(value)]);
  const snapshot: Snapshot = {
    ...{ dataset, ...made, usedBytes: 0, referencedBytes: dataset.dataBytes, holds: null },
    userProperties: own.length === 0 ? null : new Map(own),
  };
  dataset.snapshots.push(snapshot);
  return snapshot;
}

/** Destroys snapshots that nothing keeps. */
export function destroySnapshot(
  context: MethodContext,
  namespace: string,
  id: string,
  options: { defer: boolean; recursive: boolean },
): boolean {
  const { world } = context;
  const snapshot = found(world, id);
  const targets = options.recursive ? sameNamed(world, snapshot) : [snapshot];
  const keepers = keepersOf(world);
  for (const each of options.defer ? [] : targets) {
    const { holds, clones } = keepers(each);
    const failure = `Failed to delete snapshot: cannot destroy '${snapshotId(each)}'`;
    if (holds.length > 0) refuse(`${failure}: it is held (${holds.join(', ')})`, ERRNO.EBUSY);
    if (clones.length > 0) refuse(`${failure}: it has dependent clones: ${clones.join(', ')}`);
  }
  // Only now, so that one that is kept leaves them all.
  remove(
    targets.filter((each) => {
      const { holds, clones } = keepers(each);
      return holds.length === 0 && clones.length === 0;
    }),
  );
  world.datasets.touch();
  context.events.publish({
    collection: `${namespace}.query`,
    msg: 'removed',
    id,
    extra: { recursive: options.recursive },
  });
  return true;
}

/** Sets and removes user properties; on 27.0 the NAS answers as if it did, and leaves all as it was. */
export function updateSnapshot(
  context: MethodContext,
  namespace: string,
  id: string,
  data: UpdateData,
): ApiRow {
  const snapshot = found(context.world, id);
  if (isAtLeast(context.release, '27.0')) return snapshotRow(snapshot, CREATED_VIEW);
  const properties = new Map(snapshot.userProperties ?? []);
  for (const { key, value, remove: isGone } of data.user_properties_update) {
    if (isGone === true) properties.delete(key);
    else properties.set(key, value);
  }
  for (const key of data.user_properties_remove ?? []) properties.delete(key);
  snapshot.userProperties = properties.size === 0 ? null : properties;
  const row = snapshotRow(snapshot, CREATED_VIEW);
  announce(context, namespace, 'changed', id, row);
  return row;
}

/** Takes datasets back, later snapshots go. */
export function rollBack(
  context: MethodContext,
  namespace: string,
  id: string,
  options: RollbackOptions,
): null {
  const { world } = context;
  const snapshot = found(world, id);
  const { dataset } = snapshot;
  if (isLocked(dataset)) refuse(`cannot rollback to '${id}': ${dataset.id} is locked`, ERRNO.EACCES);
  const all = options.recursive_rollback ? sameNamed(world, snapshot) : [snapshot];
  for (const each of all) {
    const newer = newerThan(each);
    if (newer.length > 0 && !options.recursive && !options.recursive_clones) {
      refuse(
        `cannot rollback to '${snapshotId(each)}': more recent snapshots or bookmarks exist ` +
          `(${newer.slice(0, 3).map(snapshotId).join(', ')}); use recursive to destroy them`,
      );
    }
    const held = newer.find(({ holds }) => holds !== null && holds.size > 0);
    if (held !== undefined) refuse(`cannot rollback to '${id}': ${snapshotId(held)} is held`, ERRNO.EBUSY);
    const clones = newer.flatMap((later) => clonesOf(world, snapshotId(later)));
    if (clones.length > 0 && !options.recursive_clones) {
      refuse(`cannot rollback to '${id}': clones of later snapshots exist: ${clones.join(', ')}`);
    }
    for (const cloned of clones) world.datasets.remove(cloned);
    remove(newer);
    for (const later of newer) {
      context.events.publish({ collection: `${namespace}.query`, msg: 'removed', id: snapshotId(later) });
    }
    each.dataset.dataBytes = each.referencedBytes;
    each.dataset.snapshotBytes -= each.usedBytes;
    each.usedBytes = 0;
  }
  world.datasets.touch();
  return null;
}

/** Sets or lifts the hold that the NAS itself uses. */
export function setHold(
  { world }: MethodContext,
  id: string,
  { recursive }: { recursive: boolean },
  isHeld: boolean,
): null {
  const snapshot = found(world, id);
  for (const each of recursive ? sameNamed(world, snapshot) : [snapshot]) {
    const holds = new Set(each.holds ?? []);
    if (isHeld) holds.add('truenas');
    else holds.delete('truenas');
    each.holds = holds.size === 0 ? null : holds;
  }
  return null;
}

/** Renames a snapshot on its dataset. */
export function renameSnapshot(
  context: MethodContext,
  id: string,
  options: { new_name: string; force: boolean; recursive?: boolean },
): null {
  const { world } = context;
  const snapshot = found(world, id);
  const all = options.recursive === true ? sameNamed(world, snapshot) : [snapshot];
  const problems = new ValidationErrors();
  const [dataset, name = ''] = options.new_name.split('@');
  if (!options.force) {
    problems.add(
      'pool.snapshot.rename.force',
      'No safety checks are performed when renaming ZFS resources; this may break existing usages. ' +
        'If you understand the risks, please set force and proceed.',
    );
  }
  if (dataset !== snapshot.dataset.id || name === '') {
    problems.add(
      'pool.snapshot.rename.new_name',
      'Old and new snapshot must be part of the same ZFS dataset',
    );
  } else if (all.some((each) => each.dataset.snapshots.some((other) => other.name === name))) {
    problems.add('pool.snapshot.rename.new_name', `${options.new_name} already exists`, ERRNO.EEXIST);
  }
  problems.check();
  for (const each of all) giveName(context, each, name);
  return null;
}

/** Renames one snapshot; what was cloned from it names it as its origin from then on. */
export function giveName(context: MethodContext, snapshot: Snapshot, name: string): void {
  const before = snapshotId(snapshot);
  keepGuid(snapshot);
  snapshot.name = name;
  const after = snapshotId(snapshot);
  for (const each of context.world.datasets.walk()) if (each.origin === before) each.origin = after;
  context.events.publish({ collection: 'pool.snapshot.query', msg: 'removed', id: before });
  announce(context, 'pool.snapshot', 'added', after, snapshotRow(snapshot, CREATED_VIEW));
}

/** A name after `%Y-%m-%d_%H-%M` and the like. */
export function formatTime(schema: string, ms: number): string {
  const date = new Date(ms);
  const parts: Readonly<Record<string, string>> = {
    Y: String(date.getUTCFullYear()),
    m: pad2(date.getUTCMonth() + 1),
    d: pad2(date.getUTCDate()),
    H: pad2(date.getUTCHours()),
    M: pad2(date.getUTCMinutes()),
    S: pad2(date.getUTCSeconds()),
  };
  return schema.replaceAll(/%([YmdHMS])/g, (_, letter: string) => parts[letter] ?? letter);
}
