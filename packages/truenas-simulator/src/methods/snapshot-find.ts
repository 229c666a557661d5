/** Finding snapshots, what keeps them, and taking them away. */
import { doesNotExist } from '../errors/exceptions.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import type { Dataset } from '../world/datasets.ts';
import { type Snapshot, snapshotId } from '../world/snapshots.ts';
import type { World } from '../world/world.ts';
import { existing } from './dataset-write.ts';

/** The snapshot. @throws ValidationErrors ENOENT */
export function found(world: World, id: string): Snapshot {
  const [datasetId = '', name] = id.split('@');
  const snapshot = world.datasets.get(datasetId)?.snapshots.find((each) => each.name === name);
  if (snapshot === undefined) throw doesNotExist(snapshotEntity(world.release), id);
  return snapshot;
}

/** What the NAS calls a snapshot that is not there. */
export function snapshotEntity(release: SimRelease): string {
  return isAtLeast(release, '25.10') ? 'PoolSnapshot' : 'ZFSSnapshot';
}

/** Those of the same name on everything below, itself included. */
export function sameNamed(world: World, { dataset, name }: Snapshot): Snapshot[] {
  const below = [...world.datasets.walk(existing(world, dataset.id))];
  return below.flatMap(({ snapshots }) => snapshots.filter((each) => each.name === name));
}

/** Those taken later on the same dataset. */
export function newerThan(snapshot: Snapshot): Snapshot[] {
  const { snapshots } = snapshot.dataset;
  return snapshots.slice(snapshots.indexOf(snapshot) + 1);
}

/** Datasets that were cloned from a snapshot. */
export function clonesOf(world: World, id: string): string[] {
  return [...world.datasets.walk()].filter(({ origin }) => origin === id).map((each) => each.id);
}

/** What keeps each of many snapshots from being destroyed: one look at all datasets, however many snapshots. */
export function keepersOf(world: World): (snapshot: Snapshot) => { holds: string[]; clones: string[] } {
  const clones = new Map<string, string[]>();
  for (const { id, origin } of world.datasets.walk()) {
    if (origin !== null) clones.set(origin, [...(clones.get(origin) ?? []), id]);
  }
  return (snapshot) => ({
    holds: [...(snapshot.holds ?? [])],
    clones: clones.get(snapshotId(snapshot)) ?? [],
  });
}

/** Takes snapshots away; whoever calls has made sure that nothing keeps them. */
export function remove(gone: readonly Snapshot[]): void {
  const byDataset = new Map<Dataset, Set<Snapshot>>();
  for (const snapshot of gone) {
    const { dataset } = snapshot;
    byDataset.set(dataset, (byDataset.get(dataset) ?? new Set()).add(snapshot));
    dataset.snapshotBytes -= snapshot.usedBytes;
  }
  for (const [dataset, all] of byDataset) {
    dataset.snapshots = dataset.snapshots.filter((each) => !all.has(each));
  }
}
