/** Paths that kinds of the toolset `files` look at: those of the pools, as for any other reading of files. */
import { InputProblem } from '../../../output/problem.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { poolPath } from '../../../policy/value-rules.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { datasetAt } from '../../support/path-place.ts';

/** What `of` must be. */
export const OF_A_PATH = 'a path of a pool, such as /mnt/tank/media';

/** Methods that {@link lockNotes} reads with. */
export const LOCK_USES = ['pool.dataset.query'] as const;

/**
 * `/mnt/tank/media` from what people write: also `tank/media`, and with a slash at the end.
 * @throws InputProblem for a path outside of the pools, or with `..` in it
 */
export function poolPathOf(text: string): string {
  const typed = text.trim();
  const path = (typed.startsWith('/') ? typed : `/mnt/${typed}`).replace(/(?<=.)\/+$/u, '');
  if (poolPath.problem(path, 'of') !== undefined)
    throw new InputProblem('of', `is no path of a pool: ${safeCell(typed, 120)}`, OF_A_PATH);
  return path;
}

/** Says that a path lies in a locked dataset, of which only an empty directory is there. */
export async function lockNotes(nas: ReadClient, of: string): Promise<string[]> {
  const path = poolPathOf(of);
  if (path === '/mnt') return [];
  const dataset = await datasetAt(nas, path);
  if (dataset?.locked !== true) return [];
  return [`(${safeCell(dataset.id)} is locked: what is in it cannot be seen, this is its empty mount point)`];
}
