/** `pool.dataset.create`, `update`, `delete`, `rename` and `promote`. */
import { promoteClone } from '../world/promote.ts';
import * as z from 'zod';
import { doesNotExist, ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { model, text } from '../schema/schema.ts';
import { attachmentsOf } from '../world/attachments.ts';
import { type Dataset, encryptionRoot, isInternal, number } from '../world/datasets.ts';
import type { World } from '../world/world.ts';
import { announce, type ApiRow, refuse, SINCE_25_10 } from './common.ts';
import { type Data, memoized } from './crud.ts';
import { checkEncryption, checkLimits, checkPlace, checkVolume, FILESYSTEM_ONLY } from './dataset-check.ts';
import { applyProperties, createSchema, updateSchema } from './dataset-fields.ts';
import { datasetRow, datasetView } from './dataset-row.ts';

const NAMESPACE = 'pool.dataset';
const roles = ['DATASET_WRITE'];
const flag = z.boolean().default(false);

export const DATASET_WRITE_METHODS: readonly SimMethod[] = [
  {
    name: 'pool.dataset.create',
    audited: 'Pool dataset create',
    description: 'Creates a filesystem or zvol below an existing one.',
    roles,
    params: memoized((release) => [
      [isAtLeast(release, '25.10') ? 'data' : 'pool_dataset_create', createSchema(release)],
    ]),
    run: create,
  },
  {
    name: 'pool.dataset.update',
    audited: 'Pool dataset update',
    description: 'Changes properties of a filesystem or zvol; INHERIT takes a setting from its parent again.',
    roles,
    params: memoized((release) => [
      ['id', text()],
      [isAtLeast(release, '25.10') ? 'data' : 'pool_dataset_update', updateSchema(release)],
    ]),
    run: update,
  },
  {
    name: 'pool.dataset.delete',
    audited: 'Pool dataset delete',
    description:
      'Destroys a filesystem or zvol with its snapshots, and with everything below it when recursive.',
    roles: ['DATASET_DELETE'],
    params: [
      ['id', text()],
      ['options', model('PoolDatasetDeleteOptions', { recursive: flag, force: flag }).prefault({})],
    ],
    run: destroy,
  },
  {
    name: 'pool.dataset.rename',
    audited: 'Pool dataset rename from',
    description: 'Moves a filesystem or zvol to another name in its pool; what uses it is not changed.',
    releases: SINCE_25_10,
    roles,
    params: [
      ['id', text({ min: 1 })],
      [
        'data',
        model('PoolDatasetRenameOptions', { new_name: text({ min: 1 }), recursive: flag, force: flag }),
      ],
    ],
    run: rename,
  },
  {
    name: 'pool.dataset.promote',
    description: 'Makes a clone independent of the snapshot it came from.',
    roles,
    params: [['id', text()]],
    run: promote,
  },
];

function create(context: MethodContext, data: Data): ApiRow {
  const { world } = context;
  const name = String(data.name);
  const at = 'pool_dataset_create';
  const problems = new ValidationErrors();
  const parent = checkPlace(world, name, data.create_ancestors === true, problems, at);
  problems.check();
  if (parent === null) throw new Error('a parent that passed the checks is missing');
  if (data.type === 'VOLUME') checkVolume(world, parent, data, problems, `${at}.`);
  checkLimits(world, null, data, problems, at);
  const key = checkEncryption(world, parent, data, problems, at);
  problems.check();

  addAncestors(context, name);
  const dataset = world.datasets.add({
    id: name,
    type: data.type === 'VOLUME' ? 'VOLUME' : 'FILESYSTEM',
    createdMs: context.now(),
    dataBytes: data.type === 'VOLUME' ? 57_344 : 98_304,
    key,
  });
  const isPlainInEncrypted = data.inherit_encryption === false && key === null;
  if (isPlainInEncrypted && encryptionRoot(parent) !== null) dataset.local.set('encryption', 'off');
  applyProperties(dataset, data);
  if (data.type === 'VOLUME' && data.sparse !== true && data.refreservation === undefined) {
    dataset.local.set('refreservation', String(data.volsize));
  }
  for (const { key: property, value } of data.user_properties as { key: string; value: string }[]) {
    dataset.userProperties.set(property, value);
  }
  return changed(context, dataset, 'added');
}

function update(context: MethodContext, id: string, data: Data): ApiRow {
  const { world } = context;
  const dataset = shown(world, id);
  const at = 'pool_dataset_update';
  const problems = new ValidationErrors();
  const wrong = dataset.type === 'VOLUME' ? FILESYSTEM_ONLY : ['force_size', 'volsize'];
  for (const field of wrong) {
    if (data[field] !== undefined)
      problems.add(`${at}.${field}`, `This field is not valid for ${dataset.type}`);
  }
  if (typeof data.volsize === 'number' && dataset.type === 'VOLUME') {
    if (data.volsize < number(dataset, 'volsize')) {
      problems.add(`${at}.volsize`, 'You cannot shrink a zvol from GUI, this may lead to data loss.');
    } else {
      checkVolume(
        world,
        dataset,
        { ...data, volblocksize: dataset.local.get('volblocksize') },
        problems,
        `${at}.`,
      );
    }
  }
  checkLimits(world, dataset, data, problems, at);
  problems.check();
  for (const field of ['quota', 'refquota'] as const) {
    const limit = data[field];
    const used = field === 'quota' ? world.datasets.usedBytes(dataset) : dataset.dataBytes;
    if (typeof limit === 'number' && limit > 0 && limit < used) {
      refuse(`cannot set property for '${id}': size is less than current used or reserved space`);
    }
  }
  applyProperties(dataset, data);
  if (typeof data.volsize === 'number' && dataset.local.has('refreservation')) {
    dataset.local.set('refreservation', String(data.volsize));
  }
  changeUserProperties(dataset, data);
  return changed(context, dataset, 'changed');
}

/**
 * Removes what uses the dataset, then destroys it. What keeps ZFS from destroying it shows only then, when the shares and
 * tasks are gone already; a 27.0 does not look at the outcome and answers true all the same.
 */
function destroy(
  context: MethodContext,
  id: string,
  { recursive: isRecursive }: { readonly recursive: boolean },
): boolean {
  const { world, release } = context;
  const dataset = shown(world, id);
  if (dataset.parent === null) {
    throw new ValidationErrors().add('pool_dataset_delete.id', 'Root dataset cannot be deleted from here.');
  }
  if (dataset.children.length > 0 && !isRecursive) {
    refuse(`Failed to delete dataset: cannot destroy '${id}': filesystem has children`, ERRNO.ENOTEMPTY);
  }
  for (const attachment of attachmentsOf(world, dataset)) attachment.drop();
  const obstacle = obstacleTo(world, dataset, isRecursive);
  if (obstacle === null) {
    for (const gone of world.datasets.remove(id)) announce(context, NAMESPACE, 'removed', gone.id);
  } else if (!isAtLeast(release, '27.0')) {
    refuse(`Failed to delete dataset: cannot destroy '${id}': ${obstacle.text}`, obstacle.errno);
  }
  return true;
}

/** What ZFS says against destroying a dataset; null when it goes. */
export function obstacleTo(
  world: World,
  dataset: Dataset,
  isRecursive: boolean,
): { readonly text: string; readonly errno: number } | null {
  const kind = dataset.type === 'VOLUME' ? 'volume' : 'filesystem';
  if (!isRecursive && dataset.snapshots.length > 0) {
    const names = dataset.snapshots.map(({ name }) => `${dataset.id}@${name}`);
    const text = `${kind} has children\nuse '-r' to destroy the following datasets:\n${names.join('\n')}`;
    return { text, errno: ERRNO.EFAULT };
  }
  for (const each of world.datasets.walk(dataset)) {
    const held = each.snapshots.find(({ holds }) => holds !== null && holds.size > 0);
    if (held !== undefined)
      return { text: `dataset is busy: ${each.id}@${held.name} is held`, errno: ERRNO.EBUSY };
    const clone = cloneOf(world, each, dataset);
    if (clone !== null) {
      const text = `${kind} has dependent clones\nuse '-R' to destroy the following datasets:\n${clone}`;
      return { text, errno: ERRNO.EFAULT };
    }
  }
  return null;
}

function rename(
  context: MethodContext,
  id: string,
  options: { new_name: string; recursive: boolean; force: boolean },
): null {
  const { world } = context;
  const dataset = existing(world, id);
  const problems = new ValidationErrors();
  if (!options.force) {
    problems.add(
      'pool.dataset.rename.force',
      'No safety checks are performed when renaming ZFS resources; this may break existing usages. ' +
        'If you understand the risks, please set force and proceed.',
    );
  }
  if (dataset.parent === null) problems.add('pool.dataset.rename.id', 'A root dataset cannot be renamed');
  if (options.new_name.split('/')[0] !== dataset.pool) {
    problems.add('pool.dataset.rename.new_name', 'The new name must be in the same pool');
  }
  if (options.new_name.startsWith(`${id}/`)) {
    problems.add('pool.dataset.rename.new_name', 'A dataset cannot be moved below itself');
  }
  problems.check();
  checkPlace(world, options.new_name, false, problems, 'pool.dataset.rename', 'new_name');
  problems.check();
  const moved = world.datasets.rename(id, options.new_name);
  announce(context, NAMESPACE, 'removed', id);
  changed(context, moved, 'added');
  return null;
}

function promote(context: MethodContext, id: string): null {
  const dataset = existing(context.world, id);
  if (dataset.origin === null) {
    throw new ValidationErrors().add('dataset_promote.id', `${id} is not a clone: nothing to promote`);
  }
  for (const each of promoteClone(context.world.datasets, dataset)) changed(context, each, 'changed');
  return null;
}

/** The dataset, unless it is one that the NAS keeps to itself: that is not there for `pool.dataset`. @throws ValidationErrors ENOENT */
function shown(world: World, id: string): Dataset {
  if (isInternal(id)) throw doesNotExist('PoolDataset', id);
  return existing(world, id);
}

/** The dataset. @throws ValidationErrors ENOENT */
export function existing(world: World, id: string): Dataset {
  const dataset = world.datasets.get(id);
  if (dataset === undefined) throw doesNotExist('PoolDataset', id);
  return dataset;
}

/** Tells subscribers of a dataset, and answers its row. */
export function changed(context: MethodContext, dataset: Dataset, msg: 'added' | 'changed'): ApiRow {
  context.world.datasets.touch();
  const row = datasetRow(context.world, dataset, datasetView(context.release));
  announce(context, NAMESPACE, msg, dataset.id, row);
  return row;
}

function addAncestors(context: MethodContext, name: string): void {
  const parts = name.split('/');
  for (let length = 2; length < parts.length; length++) {
    const id = parts.slice(0, length).join('/');
    if (context.world.datasets.get(id) !== undefined) continue;
    const ancestor = context.world.datasets.add({ id, createdMs: context.now(), dataBytes: 98_304 });
    changed(context, ancestor, 'added');
  }
}

function changeUserProperties(dataset: Dataset, data: Data): void {
  const whole = data.user_properties as { key: string; value: string }[] | undefined;
  if (whole !== undefined && whole.length > 0) {
    for (const name of [...dataset.userProperties.keys()]) {
      if (!name.startsWith('org.freenas:') && !name.startsWith('org.truenas:'))
        dataset.userProperties.delete(name);
    }
    for (const { key, value } of whole) dataset.userProperties.set(key, value);
  }
  const changes = (data.user_properties_update ?? []) as { key: string; value?: string; remove?: boolean }[];
  for (const { key, value, remove } of changes) {
    if (remove === true) dataset.userProperties.delete(key);
    else if (value !== undefined) dataset.userProperties.set(key, value);
  }
}

/** A dataset outside `except` that was cloned from a snapshot of `dataset`. */
function cloneOf(world: World, dataset: Dataset, except: Dataset): string | null {
  for (const each of world.datasets.walk()) {
    if (each.origin?.startsWith(`${dataset.id}@`) !== true) continue;
    if (each !== except && !each.id.startsWith(`${except.id}/`)) return each.id;
  }
  return null;
}
