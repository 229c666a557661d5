/**
 * The folder of a cloud sync or rsync task, and where it leads. The task has the path as a person wrote it; a link within it may
 * lead to another dataset, and nobody shows that but the NAS.
 */
import { posix } from 'node:path';
import type { Target } from '../../changes/change.ts';
import { readState } from '../../changes/state.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import { datasetAt, PLACE_USES, pathOf, placeOf } from '../support/path-place.ts';

/** Methods that {@link taskFolder} reads with. */
export const TASK_FOLDER_USES = PLACE_USES;

/** Where a task reads or writes. */
export interface TaskFolder {
  /** The folder, which must lead to where it led when the run was planned. */
  readonly targets: readonly Target[];
  /** Nobody can tell which datasets the run reaches. */
  readonly isUnplaced: boolean;
  readonly impact: readonly string[];
}

/** @param task what the targets are called after, `rsync task 1`. @throws TrueNasError `aborted` */
export async function taskFolder(
  nas: ReadClient,
  task: string,
  row: Readonly<Record<string, unknown>>,
): Promise<TaskFolder> {
  const path = typeof row['path'] === 'string' ? pathOf(row['path']) : undefined;
  const way = path === undefined ? UNKNOWN : await wayOf(nas, path);
  const isFollowing = followsLinks(row);
  const impact = isFollowing
    ? ['follows symbolic links inside its folder, so that nobody can tell what else it reads or writes']
    : [];
  if (path === undefined || 'problem' in way) {
    const why = 'problem' in way ? way.problem : '';
    const unknown = `where its folder ${safeCell(path ?? '?')} leads is not known: it ${why}`;
    return { targets: [], isUnplaced: true, impact: [unknown, ...impact] };
  }
  return {
    targets: [await folderTarget(nas, task, path, way)],
    isUnplaced: isFollowing,
    impact: [...(way.path === path ? [] : [`${safeCell(path)} leads to ${safeCell(way.path)}`]), ...impact],
  };
}

/** Where a path leads, or why that cannot be told, in words that follow `it`. */
type Way = { readonly path: string; readonly dataset: string } | { readonly problem: string };

const UNKNOWN: Way = { problem: 'is not told by the NAS' };

async function wayOf(nas: ReadClient, path: string): Promise<Way> {
  try {
    const there = await deepestThere(nas, path);
    const place = await placeOf(nas, 'task', there);
    if (there === path) return place;
    // What is not there yet, or lies in a locked dataset, hangs on what lies above it.
    const real = place.path + path.slice(there.length);
    const dataset = (await datasetAt(nas, real))?.id;
    return dataset === undefined ? UNKNOWN : { path: real, dataset };
  } catch (error) {
    if (error instanceof InputProblem) return { problem: error.problem };
    if (!isTrueNasError(error) || error.kind === 'aborted') throw error;
    // What cannot be looked at may be a link to anywhere.
    return { problem: `could not be looked at (${safeCell(error.nasText ?? error.summary, 80)})` };
  }
}

/** The path, or what lies above it as far as it is there. */
async function deepestThere(nas: ReadClient, path: string): Promise<string> {
  try {
    await nas.call('filesystem.stat', [path]);
    return path;
  } catch (error) {
    const above = posix.dirname(path);
    if (!isTrueNasError(error, 'not-found') || above === '/mnt' || above === '/') throw error;
    return deepestThere(nas, above);
  }
}

async function folderTarget(
  nas: ReadClient,
  task: string,
  path: string,
  way: { readonly path: string; readonly dataset: string },
): Promise<Target> {
  const read = { method: 'filesystem.stat', params: [path] };
  const before = await readState(nas, read, ['realpath']);
  const leads = way.path === path ? '' : `, which leads to ${way.path},`;
  return {
    name: `folder ${path} of ${task}${leads}`,
    dataset: way.dataset,
    read,
    identity: ['realpath'],
    changedBy: 0,
    before,
    after: before === 'absent' ? 'unforetold' : 'present',
    isOnlyRead: true,
  };
}

/** True for a task that copies what the links inside its folder lead to. */
function followsLinks(row: Readonly<Record<string, unknown>>): boolean {
  return row['follow_symlinks'] === true || LINK_OPTIONS.test(JSON.stringify(row['extra'] ?? ''));
}

/** Of rsync, also within a group such as `-avL`. */
const LINK_OPTIONS =
  /["'\s](?:-[a-zA-Z]*[LkK]|--copy-links|--copy-unsafe-links|--copy-dirlinks|--keep-dirlinks)/u;
