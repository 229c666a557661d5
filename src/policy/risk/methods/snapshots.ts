/** Snapshots, and the tasks that take them. */
import { configures, destroys, type Finding, loses, opensIfShared } from '../finding.ts';
import type { MethodRule } from '../rule.ts';
import {
  each,
  fields,
  flag,
  given,
  identity,
  list,
  mapOf,
  members,
  setting,
  settings,
  whenChanged,
  without,
} from '../rules.ts';
import { retentionFindings } from './retention.ts';
import { frequencySchedule } from './schedules.ts';
import { scheduleWithHours } from './support.ts';
import { userProperty, userPropertyName, userPropertyUpdate } from './user-properties.ts';
import { nativeProperties } from './zfs-properties.ts';

/** Retention deletes whatever is called as the task calls its snapshots, whoever took it. */
const takenOver: Finding = {
  risk: 'destroys',
  level: 'manage',
  unless: 'noneTakenOver',
  reason:
    'snapshots that are there already, and that no task deletes now, are deleted once they are as old as it says',
};
const recursive = fields({ recursive: setting });
/** Retention and replication know snapshots by their names alone: one called like an old one is deleted at the next run. */
const renamed =
  'retention and replication go by the names of snapshots: it may be deleted as too old, or be missing as a base';
const newer = destroys('everything written since is lost');

const rollbackOptions = {
  recursive: flag({ on: destroys('the snapshots taken since are lost') }),
  recursive_clones: flag({ on: destroys('the snapshots taken since are lost, and all clones of them') }),
  recursive_rollback: flag({ on: destroys('all datasets below are rolled back too') }),
  force: flag({ on: destroys('clones are torn away from the programs that use them') }),
};

const ofDatasets: Readonly<Record<string, MethodRule>> = {
  create: {
    risk: 'reversible',
    why: 'a snapshot is taken',
    makes: true,
    params: [
      fields({
        ...each('dataset name', identity),
        ...each('recursive naming_schema vmware_sync', setting),
        suspend_vms: flag({ on: configures('running virtual machines are paused for a moment') }),
        exclude: settings,
        properties: mapOf(setting),
      }),
    ],
  },
  clone: {
    risk: 'configuration',
    why: 'a clone of a snapshot is made',
    params: [fields({ ...each('snapshot dataset_dst', identity), dataset_properties: nativeProperties })],
    also: () => [opensIfShared('the clone shows the data of then, also files deleted since')],
  },
  delete: {
    risk: 'destroys',
    why: 'the snapshot is lost',
    params: [
      identity,
      fields({
        recursive: flag({ on: destroys('the snapshots of that name of all datasets below are lost too') }),
        defer: setting,
      }),
    ],
  },
  hold: { risk: 'reversible', why: 'a snapshot is kept from deletion', params: [identity, recursive] },
  release: {
    risk: 'destroys',
    why: 'the snapshot is no longer kept from deletion',
    params: [identity, recursive],
  },
  rollback: { risk: 'destroys', why: newer.reason, params: [identity, fields(rollbackOptions)] },
  update: {
    risk: 'configuration',
    why: 'user properties of a snapshot change',
    params: [
      identity,
      fields({ user_properties_update: list(userProperty), user_properties_remove: list(userPropertyName) }),
    ],
  },
  rename: {
    risk: 'destroys',
    level: 'manage',
    why: renamed,
    params: [identity, fields({ new_name: identity, force: setting, recursive: setting })],
  },
};

const task = {
  dataset: whenChanged(loses('the dataset it was for is no longer protected'), identity),
  recursive: flag({ off: loses('the datasets below are no longer protected'), on: takenOver }),
  exclude: members({ added: loses('the datasets left out are no longer protected'), removed: takenOver }),
  naming_schema: given(
    loses('snapshots under the old name are no longer found by retention and replication'),
  ),
  lifetime_value: setting,
  lifetime_unit: setting,
  enabled: flag({ off: loses('no more snapshots are taken'), on: takenOver }),
  allow_empty: setting,
  schedule: frequencySchedule('snapshots are taken less often', true),
};

/** Of a new task these say which snapshots it takes over, which is found once for the task. */
const covers = { ...each('recursive enabled', setting), exclude: settings };

const ofResources: Readonly<Record<string, MethodRule>> = {
  'zfs.resource.snapshot.create': {
    risk: 'reversible',
    why: 'a snapshot is taken',
    makes: true,
    params: [
      fields({
        ...each('dataset name', identity),
        recursive: setting,
        exclude: settings,
        user_properties: mapOf(setting),
      }),
    ],
  },
  'zfs.resource.snapshot.clone': {
    risk: 'configuration',
    why: 'a clone of a snapshot is made',
    params: [fields({ ...each('snapshot dataset', identity), properties: nativeProperties })],
    also: () => [opensIfShared('the clone shows the data of then, also files deleted since')],
  },
  'zfs.resource.snapshot.destroy': {
    risk: 'destroys',
    why: 'the snapshot is lost',
    params: [
      fields({
        path: identity,
        recursive: flag({ on: destroys('the snapshots of that name of all datasets below are lost too') }),
        all_snapshots: flag({ on: destroys('all snapshots of the dataset are lost') }),
        defer: setting,
      }),
    ],
  },
  'zfs.resource.snapshot.hold': {
    risk: 'reversible',
    why: 'a snapshot is kept from deletion',
    params: [fields({ ...each('path tag', identity), recursive: setting })],
  },
  'zfs.resource.snapshot.release': {
    risk: 'destroys',
    why: 'the snapshot is no longer kept from deletion',
    params: [fields({ ...each('path tag', identity), recursive: setting })],
  },
  'zfs.resource.snapshot.rename': {
    risk: 'destroys',
    level: 'manage',
    why: renamed,
    params: [fields({ ...each('current_name new_name', identity), recursive: setting })],
  },
  'zfs.resource.snapshot.rollback': {
    risk: 'destroys',
    why: newer.reason,
    params: [fields({ path: identity, ...rollbackOptions })],
  },
};

/** Under the names of 25.04 (`zfs.snapshot`) and of later releases. */
function underBothNames(rules: Readonly<Record<string, MethodRule>>): Readonly<Record<string, MethodRule>> {
  return Object.fromEntries(
    Object.entries(rules).flatMap(([verb, rule]) => [
      [`pool.snapshot.${verb}`, rule],
      // The rename came later than the name, and the update has another form.
      ...(verb === 'rename' || verb === 'update' ? [] : [[`zfs.snapshot.${verb}`, rule] as const]),
    ]),
  );
}

export const SNAPSHOTS: Readonly<Record<string, MethodRule>> = {
  ...underBothNames(ofDatasets),
  ...ofResources,
  'zfs.snapshot.update': {
    risk: 'configuration',
    why: 'user properties of a snapshot change',
    params: [identity, fields({ user_properties_update: list(userPropertyUpdate) })],
  },
  'pool.snapshottask.create': {
    risk: 'configuration',
    why: 'a new task takes snapshots',
    makes: true,
    params: [
      fields({ ...without(task, 'recursive exclude enabled'), ...covers, schedule: scheduleWithHours }),
    ],
    also: () => [takenOver],
  },
  'pool.snapshottask.update': {
    risk: 'configuration',
    why: 'settings of a snapshot task change',
    params: [identity, fields({ ...task, fixate_removal_date: setting })],
    also: (call) => retentionFindings(call, 1, 'snapshots are deleted earlier than before'),
  },
  'pool.snapshottask.delete': {
    risk: 'destroys',
    why: 'no more snapshots are taken by this task, and those it took may never be removed or lose their date',
    params: [identity, fields({ fixate_removal_date: setting })],
  },
  'pool.snapshottask.run': { risk: 'reversible', why: 'snapshots are taken now', params: [identity] },
};
