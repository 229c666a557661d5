/** What all shares of a path have in common: where it lies, and whether that is locked. */
import type { MethodContext } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { datasetAt, zvolAt } from '../world/dataset-paths.ts';
import { isLocked } from '../world/datasets.ts';
import type { World } from '../world/world.ts';
import type { ApiRow } from './common.ts';
import type { Check } from './crud.ts';

/** `locked`, and from 27.0 on `dataset` and `relative_path`, as every share row has them. */
export function placeOf({ world, release }: MethodContext, path: string): ApiRow {
  const place = datasetAt(world.datasets, path);
  return {
    locked: place === null ? false : isLocked(place.dataset),
    ...(isAtLeast(release, '27.0')
      ? { dataset: place?.dataset.id ?? null, relative_path: place?.relativePath ?? null }
      : {}),
  };
}

/** The same for a zvol behind an iSCSI extent or NVMe-oF namespace. */
export function placeOfDevice({ world, release }: MethodContext, path: string): ApiRow {
  const zvol = zvolAt(world.datasets, path);
  if (zvol === null) return placeOf({ world, release } as MethodContext, path);
  return {
    locked: isLocked(zvol),
    ...(isAtLeast(release, '27.0') ? { dataset: zvol.id, relative_path: '' } : {}),
  };
}

/**
 * Complains unless the path lies in a data pool. A pool's root and a locked dataset will do, and here nobody asks
 * whether the path exists.
 */
export function checkPath<Row>(world: World, path: string, { problems, at }: Check<Row>): void {
  if (datasetAt(world.datasets, path) !== null) return;
  problems.add(`${at}.path`, 'The path must reside within a pool mount point');
}
