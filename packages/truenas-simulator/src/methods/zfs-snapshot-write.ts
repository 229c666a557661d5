/** `zfs.resource.snapshot.*` (27.0) that change snapshots, without the older layers around them. */
import * as z from 'zod';
import { CallError, ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model, text } from '../schema/schema.ts';
import { type Snapshot, snapshotId } from '../world/snapshots.ts';
import { announce, ONLY_27_0 } from './common.ts';
import { createSnapshot, giveName, rollBack, type RollbackOptions } from './snapshot-actions.ts';
import { cloneSnapshot } from './snapshot-clone.ts';
import { found, keepersOf, remove, sameNamed } from './snapshot-find.ts';
import { ENTRY_VIEW, snapshotEntry } from './zfs-snapshot.ts';

const flag = z.boolean().default(false);
const path = text({ min: 1 });
const write = { releases: ONLY_27_0, roles: ['SNAPSHOT_WRITE'] };
const NAMESPACE = 'zfs.resource.snapshot';

interface Create {
  readonly dataset: string;
  readonly name: string;
  readonly recursive: boolean;
  readonly exclude: readonly string[];
  readonly user_properties: Readonly<Record<string, string>>;
}

interface Destroy {
  readonly path: string;
  readonly recursive: boolean;
  readonly all_snapshots: boolean;
  readonly defer: boolean;
}

interface Hold {
  readonly path: string;
  readonly tag: string | null;
  readonly recursive: boolean;
}

interface Rename {
  readonly current_name: string;
  readonly new_name: string;
  readonly recursive: boolean;
}

export const ZFS_SNAPSHOT_WRITE_METHODS: readonly SimMethod[] = [
  {
    ...write,
    name: `${NAMESPACE}.create`,
    description: 'Takes a snapshot, of everything below as well when recursive.',
    params: [
      [
        'data',
        model('ZFSResourceSnapshotCreateQuery', {
          dataset: path,
          name: path,
          recursive: flag,
          exclude: z.array(text()).default([]),
          user_properties: z.record(text(), text()).default({}),
        }),
      ],
    ],
    run: create,
  },
  {
    name: `${NAMESPACE}.destroy`,
    description: 'Destroys a snapshot, or all of a dataset.',
    releases: ONLY_27_0,
    roles: ['SNAPSHOT_DELETE'],
    params: [
      [
        'data',
        model('ZFSResourceSnapshotDestroyQuery', { path, recursive: flag, all_snapshots: flag, defer: flag }),
      ],
    ],
    run: destroy,
  },
  {
    ...write,
    name: `${NAMESPACE}.clone`,
    description: 'Makes a dataset from a snapshot.',
    params: [
      [
        'data',
        model('ZFSResourceSnapshotCloneQuery', {
          snapshot: path,
          dataset: path,
          properties: z.record(text(), z.union([text(), z.int()])).default({}),
        }),
      ],
    ],
    run(
      context: MethodContext,
      { properties, ...data }: { snapshot: string; dataset: string; properties: Record<string, unknown> },
    ) {
      located(context, 'clone', data.snapshot, 'snapshot');
      if (data.dataset.includes('@')) {
        throw complaint('clone', "dataset must be a dataset path (not containing '@').");
      }
      asComplaint('clone', () =>
        cloneSnapshot(context, { ...data, dataset_dst: data.dataset, dataset_properties: properties }),
      );
      return null;
    },
  },
  {
    ...write,
    name: `${NAMESPACE}.hold`,
    description: 'Keeps a snapshot from being destroyed.',
    params: [
      [
        'data',
        model('ZFSResourceSnapshotHoldQuery', { path, tag: text().default('truenas'), recursive: flag }),
      ],
    ],
    run(context: MethodContext, { path: id, tag, recursive }: Hold) {
      const snapshot = located(context, 'hold', id);
      for (const each of recursive ? sameNamed(context.world, snapshot) : [snapshot]) {
        each.holds = new Set([...(each.holds ?? []), tag ?? 'truenas']);
      }
      return null;
    },
  },
  {
    name: `${NAMESPACE}.holds`,
    description: 'What keeps a snapshot from being destroyed.',
    releases: ONLY_27_0,
    roles: ['SNAPSHOT_READ'],
    params: [['data', model('ZFSResourceSnapshotHoldsQuery', { path })]],
    run: (context: MethodContext, { path: id }: Hold) => [...(located(context, 'holds', id).holds ?? [])],
  },
  {
    ...write,
    name: `${NAMESPACE}.release`,
    description: 'Lets a held snapshot go.',
    params: [
      [
        'data',
        model('ZFSResourceSnapshotReleaseQuery', {
          path,
          tag: text().nullable().default(null),
          recursive: flag,
        }),
      ],
    ],
    run(context: MethodContext, { path: id, tag, recursive }: Hold) {
      const snapshot = located(context, 'release', id);
      for (const each of recursive ? sameNamed(context.world, snapshot) : [snapshot]) {
        const holds = new Set([...(each.holds ?? [])].filter((held) => tag !== null && held !== tag));
        each.holds = holds.size === 0 ? null : holds;
      }
      return null;
    },
  },
  {
    ...write,
    name: `${NAMESPACE}.rename`,
    description: 'Gives a snapshot another name on the same dataset.',
    params: [
      [
        'data',
        model('ZFSResourceSnapshotRenameQuery', { current_name: path, new_name: path, recursive: flag }),
      ],
    ],
    run: rename,
  },
  {
    ...write,
    name: `${NAMESPACE}.rollback`,
    description: 'Takes a dataset back to a snapshot; what was written since is lost.',
    params: [
      [
        'data',
        model('ZFSResourceSnapshotRollbackQuery', {
          path,
          recursive: flag,
          recursive_clones: flag,
          force: flag,
          recursive_rollback: flag,
        }),
      ],
    ],
    run(context: MethodContext, data: RollbackOptions & { path: string }) {
      located(context, 'rollback', data.path);
      asComplaint('rollback', () => rollBack(context, 'pool.snapshot', data.path, data));
      return null;
    },
  },
];

function create(context: MethodContext, data: Create): unknown {
  const { world } = context;
  if (data.dataset.includes('@')) {
    throw complaint('create', "dataset must be a dataset path (not containing '@').");
  }
  if (data.name.includes('@')) {
    throw complaint('create', "name must be a snapshot name (not containing '@').");
  }
  if (world.datasets.get(data.dataset) === undefined) {
    throw complaint('create', `'${data.dataset}' not found`, ERRNO.ENOENT);
  }
  const { user_properties: properties, ...rest } = data;
  asComplaint('create', () => createSnapshot(context, 'pool.snapshot', { ...rest, properties }));
  return snapshotEntry(found(world, `${data.dataset}@${data.name}`), ENTRY_VIEW);
}

function destroy(context: MethodContext, data: Destroy): null {
  const { world } = context;
  const targets = data.all_snapshots ? allOf(context, data) : [located(context, 'destroy', data.path)];
  const [first] = targets;
  const all =
    !data.all_snapshots && data.recursive && first !== undefined ? sameNamed(world, first) : targets;
  const keepers = keepersOf(world);
  for (const each of data.defer ? [] : all) {
    const { holds, clones } = keepers(each);
    const id = snapshotId(each);
    if (holds.length > 0) {
      throw complaint('destroy', `'${id}' has the following holds: ${holds.join(',')}`, ERRNO.EBUSY);
    }
    if (clones.length > 0) {
      throw complaint('destroy', `'${id}' has the following clones: ${clones.join(',')}`, ERRNO.EBUSY);
    }
  }
  const free = all.filter((each) => {
    const { holds, clones } = keepers(each);
    return holds.length === 0 && clones.length === 0;
  });
  remove(free);
  for (const each of free) announce(context, 'pool.snapshot', 'removed', snapshotId(each));
  world.datasets.touch();
  return null;
}

/** All snapshots of a dataset, and of those below when recursive. */
function allOf({ world }: MethodContext, { path: id, recursive }: Destroy): Snapshot[] {
  if (id.includes('@')) {
    throw complaint('destroy', "When all_snapshots is True, path must be a dataset path (no '@').");
  }
  const dataset = world.datasets.get(id);
  if (dataset === undefined) throw complaint('destroy', `'${id}' not found`, ERRNO.ENOENT);
  return [...(recursive ? world.datasets.walk(dataset) : [dataset])].flatMap(({ snapshots }) => snapshots);
}

function rename(context: MethodContext, data: Rename): null {
  const snapshot = located(context, 'rename', data.current_name, 'current_name');
  const [dataset, name] = data.new_name.split('@');
  if (name === undefined) {
    throw complaint('rename', "new_name must be a snapshot path (containing '@').");
  }
  if (dataset !== snapshot.dataset.id) {
    const rule = `Dataset must remain '${snapshot.dataset.id}'.`;
    throw complaint('rename', `Cannot rename snapshot to a different dataset. ${rule}`);
  }
  const all = data.recursive ? sameNamed(context.world, snapshot) : [snapshot];
  if (all.some((each) => each.dataset.snapshots.some((other) => other.name === name))) {
    throw complaint('rename', `'${data.new_name}' already exists`, ERRNO.EEXIST);
  }
  for (const each of all) giveName(context, each, name);
  return null;
}

/** The snapshot at a path. @throws ValidationErrors */
function located({ world }: MethodContext, verb: string, id: string, field = 'path'): Snapshot {
  const [datasetId = '', name] = id.split('@');
  if (name === undefined) {
    const all = 'Use all_snapshots=True to destroy all snapshots for a dataset.';
    throw verb === 'destroy'
      ? complaint(verb, `Path must be a snapshot path (containing '@'). ${all}`)
      : complaint(verb, `${field} must be a snapshot path (containing '@').`);
  }
  const snapshot = world.datasets.get(datasetId)?.snapshots.find((each) => each.name === name);
  if (snapshot === undefined) throw complaint(verb, `'${id}' not found`, ERRNO.ENOENT);
  return snapshot;
}

function complaint(verb: string, message: string, errno: number = ERRNO.EINVAL): ValidationErrors {
  return new ValidationErrors().add(`${NAMESPACE}.${verb}`, message, errno);
}

/** What the older methods fail with is a complaint about the argument here. */
function asComplaint(verb: string, work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (error instanceof CallError) throw complaint(verb, error.message, error.errno);
    throw error;
  }
}
