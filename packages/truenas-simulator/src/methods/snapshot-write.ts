/** Taking, holding, cloning, rolling back, renaming and destroying snapshots. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { anyObject, model, text } from '../schema/schema.ts';
import { ONLY_25_04, SINCE_25_10 } from './common.ts';
import { memoized } from './crud.ts';
import {
  type CreateData,
  createSnapshot,
  destroySnapshot,
  renameSnapshot,
  rollBack,
  type RollbackOptions,
  setHold,
  type UpdateData,
  updateSnapshot,
} from './snapshot-actions.ts';
import { cloneSnapshot } from './snapshot-clone.ts';

const flag = z.boolean().default(false);
const roles = ['SNAPSHOT_WRITE'];

const createCommon = {
  dataset: text({ min: 1 }),
  recursive: flag,
  exclude: z.array(text()).default([]),
  vmware_sync: flag,
  properties: anyObject().default({}),
};
const userProperty = text().regex(/.*:.*/);

const createParams = memoized((release) => {
  if (!isAtLeast(release, '25.10')) {
    const schema = model('SnapshotCreate', {
      ...createCommon,
      dataset: text(),
      suspend_vms: flag,
      name: text().optional(),
      naming_schema: text().optional(),
    });
    return [['snapshot_create', schema]];
  }
  const common = isAtLeast(release, '27.0') ? { ...createCommon, suspend_vms: flag } : createCommon;
  return [
    [
      'data',
      z.union([
        model('PoolSnapshotCreateWithName', { ...common, name: text({ min: 1 }) }),
        model('PoolSnapshotCreateWithSchema', { ...common, naming_schema: text({ min: 1 }) }),
      ]),
    ],
  ];
});

export const SNAPSHOT_WRITE_METHODS: readonly SimMethod[] = (
  ['zfs.snapshot', 'pool.snapshot'] as const
).flatMap((namespace): SimMethod[] => {
  const releases = namespace === 'zfs.snapshot' ? ONLY_25_04 : SINCE_25_10;
  const byId = ['id', text()] as const;
  // On 25.04 no role grants these: only a full administrator may call them.
  const newRoles = (...names: string[]): string[] => (namespace === 'zfs.snapshot' ? [] : names);
  return [
    {
      name: `${namespace}.create`,
      description: 'Takes a snapshot, of everything below as well when recursive.',
      releases,
      roles,
      params: createParams,
      run: (context: MethodContext, data: CreateData) => createSnapshot(context, namespace, data),
    },
    {
      name: `${namespace}.delete`,
      description: 'Destroys a snapshot; one that is held or cloned stays.',
      releases,
      roles: ['SNAPSHOT_DELETE'],
      params: [
        byId,
        ['options', model('PoolSnapshotDeleteOptions', { defer: flag, recursive: flag }).prefault({})],
      ],
      run: (context: MethodContext, id: string, options: { defer: boolean; recursive: boolean }) =>
        destroySnapshot(context, namespace, id, options),
    },
    {
      name: `${namespace}.update`,
      description: 'Sets and removes user properties of a snapshot.',
      releases,
      roles,
      params: memoized((release) => [
        byId,
        [isAtLeast(release, '25.10') ? 'data' : 'snapshot_update', updateSchema(release)],
      ]),
      run: (context: MethodContext, id: string, data: UpdateData) =>
        updateSnapshot(context, namespace, id, data),
    },
    {
      name: `${namespace}.clone`,
      description: 'Makes a dataset from a snapshot.',
      releases,
      roles: newRoles('DATASET_WRITE', 'SNAPSHOT_WRITE'),
      params: memoized((release) => {
        const name = isAtLeast(release, '25.10') ? text({ min: 1 }) : text();
        const fields = { snapshot: name, dataset_dst: name, dataset_properties: anyObject().default({}) };
        return [
          [isAtLeast(release, '25.10') ? 'data' : 'snapshot_clone', model('PoolSnapshotCloneArgs', fields)],
        ];
      }),
      run: cloneSnapshot,
    },
    {
      name: `${namespace}.rollback`,
      description: 'Takes a dataset back to a snapshot; what was written since is lost.',
      releases,
      roles: newRoles('POOL_WRITE', 'SNAPSHOT_WRITE'),
      params: [
        byId,
        [
          'options',
          model('PoolSnapshotRollbackOptions', {
            recursive: flag,
            recursive_clones: flag,
            force: flag,
            recursive_rollback: flag,
          }).prefault({}),
        ],
      ],
      run: (context: MethodContext, id: string, options: RollbackOptions) =>
        rollBack(context, namespace, id, options),
    },
    {
      name: `${namespace}.hold`,
      description: 'Keeps a snapshot from being destroyed.',
      releases,
      roles: newRoles('SNAPSHOT_WRITE'),
      params: [byId, ['options', model('PoolSnapshotHoldOptions', { recursive: flag }).prefault({})]],
      run: (context: MethodContext, id: string, options: { recursive: boolean }) =>
        setHold(context, id, options, true),
    },
    {
      name: `${namespace}.release`,
      description: 'Lets a held snapshot go.',
      releases,
      roles: newRoles('SNAPSHOT_WRITE'),
      params: [byId, ['options', model('PoolSnapshotReleaseOptions', { recursive: flag }).prefault({})]],
      run: (context: MethodContext, id: string, options: { recursive: boolean }) =>
        setHold(context, id, options, false),
    },
    ...(namespace === 'zfs.snapshot'
      ? []
      : [
          {
            name: 'pool.snapshot.rename',
            audited: 'Pool snapshot rename from',
            description: 'Gives a snapshot another name on the same dataset.',
            releases,
            roles,
            params: memoized((release) => {
              const fields = { new_name: text({ min: 1 }), force: flag };
              const shape = isAtLeast(release, '27.0') ? { ...fields, recursive: flag } : fields;
              return [
                ['id', text({ min: 1 })],
                ['options', model('PoolSnapshotRenameOptions', shape)],
              ];
            }),
            run: renameSnapshot,
          },
        ]),
  ];
});

function updateSchema(release: MethodContext['release']): z.ZodType {
  if (isAtLeast(release, '25.10')) {
    return model('PoolSnapshotUpdate', {
      user_properties_update: z
        .array(model('UserProperty', { key: userProperty, value: text() }))
        .default([]),
      user_properties_remove: z.array(userProperty).default([]),
    });
  }
  return model('PoolSnapshotUpdate', {
    user_properties_update: z
      .array(model('UserProperty', { key: text(), value: text().optional(), remove: z.boolean().optional() }))
      .default([]),
  });
}
