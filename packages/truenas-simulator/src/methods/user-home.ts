/** Home directories: what `user.create` and `user.update` accept for one, and its making. */
import { posix } from 'node:path';
import { CallError, ERRNO, PlainError, type ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext } from '../calls/method.ts';
import { datasetAt } from '../world/dataset-paths.ts';
import { isLocked } from '../world/datasets.ts';
import { placeAt } from '../world/directories.ts';
import { makeDirectory } from './filesystem.ts';
import { setOn } from './filesystem-row.ts';
import type { UserChanges } from './user-fields.ts';

/** For those who have no home. */
export const NO_HOME = '/var/empty';

/** Complains of a home that cannot be one. */
export function checkHome(
  { world, accounts }: MethodContext,
  at: string,
  { home, home_create: isParent = false }: UserChanges,
  problems: ValidationErrors,
): void {
  if (home === undefined || home === NO_HOME) return;
  const before = problems.entries.length;
  const complain = (text: string, errno?: number): unknown => problems.add(`${at}.home`, text, errno);
  if (!home.startsWith('/')) return void complain('"Home Directory" must be an absolute path.');
  if (home.includes(':')) return void complain('"Home Directory" cannot contain colons (:).');
  const place = placeAt(world.datasets, home);
  if (place === null) {
    complain(
      isParent
        ? `${home}: path specified to use for home directory creation does not exist. ` +
            'TrueNAS uses the provided path as the parent directory of the newly-created home directory.'
        : `${home}: path specified to use as home directory does not exist.`,
    );
    const parent = posix.dirname(home);
    if (placeAt(world.datasets, parent) === null) {
      complain(`${parent}: parent path of specified home directory does not exist.`);
    }
  } else if (setOn(place.dataset, 'readonly') === 'on') {
    complain('Path has the ZFS readonly property set.');
  }
  const owner = [...accounts.users.values()].find((row) => row.home === home);
  if (owner !== undefined) complain(`${home}: homedir already used by ${owner.username}.`, ERRNO.EEXIST);
  if (!home.startsWith('/mnt')) {
    complain(`"Home Directory" must begin with /mnt or set to ${NO_HOME}.`);
  } else if (['/mnt', '/mnt/'].includes(home)) {
    complain('"Home Directory" cannot be at root of "/mnt"');
  }
  if (problems.entries.length > before) return;
  const held = datasetAt(world.datasets, home);
  if (held === null) {
    complain(`The path for the home directory "(${home})" must include a volume or dataset.`);
  } else if (isLocked(held.dataset)) {
    complain('Path component for "Home Directory" is currently encrypted and locked');
  } else if (held.dataset.parent === null && held.relativePath === '' && !isParent) {
    complain(`The specified path is a ZFS pool mountpoint "(${home})".`);
  }
}

/** Makes the home where that is asked for, below the given path, and answers where it is. @throws CallError */
export function settleHome(
  context: MethodContext,
  { home, home_create: isParent = false, home_mode: mode = '700' }: UserChanges,
  owner: { readonly username: string; readonly uid: number; readonly gid: number },
): string | undefined {
  if (home === undefined || home === NO_HOME || !isParent) return home;
  const target = posix.join(home, owner.username);
  if (placeAt(context.world.datasets, target) !== null) return target;
  const { uid, gid } = owner;
  try {
    makeDirectory(context, target, { mode: Number.parseInt(mode, 8), uid, gid });
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    throw new CallError(
      `Failed to create the home directory (${target}) for user: ${error.message}`,
      ERRNO.EFAULT,
    );
  }
  return target;
}
