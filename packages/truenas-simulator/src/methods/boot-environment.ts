/** `boot.environment.*`: which installed system the next boot starts, and which an update may remove. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { ERRNO, ValidationError } from '../errors/exceptions.ts';
import { model, text } from '../schema/schema.ts';
import { environmentOf, environmentPath, KEEP, noteVersion, versionOf } from '../world/boot-environments.ts';
import type { Dataset } from '../world/datasets.ts';
import { formatSize, wholeSeconds } from '../world/units.ts';
import type { World } from '../world/world.ts';
import type { ApiRow } from './common.ts';

const roles = ['BOOT_ENV_WRITE'];
const id = text({ min: 1 });
/** What a clone holds of its own at first. */
const CLONE_BYTES = 8192;

export const BOOT_ENVIRONMENT_METHODS: readonly SimMethod[] = [
  {
    name: 'boot.environment.query',
    description: 'Lists installed versions that can be booted.',
    roles: ['BOOT_ENV_READ'],
    filterable: true,
    run: ({ world }: MethodContext) =>
      (world.datasets.get(`${world.pools.boot.name}/ROOT`)?.children ?? []).map((each) => rowOf(world, each)),
  },
  {
    name: 'boot.environment.activate',
    description: 'Chooses the boot environment that the next boot starts.',
    roles,
    params: [['boot_environment_activate', model('BootEnvironmentActivateArgs', { id })]],
    run({ world }: MethodContext, { id: name }: { id: string }) {
      const found = existing(world, 'activate', name);
      if (rowOf(world, found)['activated'] === true) complain('activate', `'${name}' is already activated`);
      world.system.nextEnvironment = name === world.system.bootEnvironment ? null : name;
      return rowOf(world, found);
    },
  },
  {
    name: 'boot.environment.clone',
    description: 'Copies a boot environment; the copy is not activated.',
    roles,
    params: [['boot_environment_clone', model('BootEnvironmentCloneArgs', { id, target: id })]],
    run({ world }: MethodContext, { id: name, target }: { id: string; target: string }) {
      existing(world, 'clone', name);
      if (environmentOf(world, target) !== undefined)
        complain('clone', `'${target}' already exists`, ERRNO.EEXIST);
      const made = world.datasets.add({
        id: environmentPath(world, target),
        createdMs: world.now(),
        dataBytes: CLONE_BYTES,
        local: { mountpoint: 'legacy' },
      });
      noteVersion(world, target, versionOf(world, name));
      world.datasets.touch();
      return rowOf(world, made);
    },
  },
  {
    name: 'boot.environment.destroy',
    description: 'Removes a boot environment.',
    roles,
    params: [['boot_environment_destroy', model('BootEnvironmentDestroyArgs', { id })]],
    run({ world }: MethodContext, { id: name }: { id: string }) {
      const found = existing(world, 'destroy', name);
      if (name === world.system.bootEnvironment)
        complain('destroy', 'Deleting the active boot environment is not allowed');
      if (name === world.system.nextEnvironment) world.system.nextEnvironment = null;
      world.datasets.remove(found.id);
      world.datasets.touch();
      return null;
    },
  },
  {
    name: 'boot.environment.keep',
    description: 'Sets whether an update may remove a boot environment for room.',
    roles,
    params: [['boot_environment_destroy', model('BootEnvironmentKeepArgs', { id, value: z.boolean() })]],
    run({ world }: MethodContext, { id: name, value }: { id: string; value: boolean }) {
      const found = existing(world, 'keep', name);
      if (value) found.userProperties.set(KEEP, 'True');
      else found.userProperties.delete(KEEP);
      return rowOf(world, found);
    },
  },
];

function rowOf({ system }: World, { id: dataset, dataBytes, createdMs, userProperties }: Dataset): ApiRow {
  const name = dataset.split('/').at(-1);
  return {
    ...{ id: name, dataset },
    active: name === system.bootEnvironment,
    activated: name === (system.nextEnvironment ?? system.bootEnvironment),
    created: wholeSeconds(createdMs),
    ...{ used_bytes: dataBytes, used: formatSize(dataBytes) },
    keep: userProperties.get(KEEP) === 'True',
    can_activate: true,
  };
}

/** @throws ValidationErrors when there is none of this name */
function existing(world: World, verb: string, name: string): Dataset {
  return environmentOf(world, name) ?? complain(verb, `'${name}' not found`);
}

function complain(verb: string, message: string, errno?: number): never {
  throw new ValidationError(`boot.environment.${verb}`, message, errno);
}
