/** Promoting a clone: it and the dataset that it came from change places. */
import { CallError, ERRNO } from '../errors/exceptions.ts';
import type { Dataset, DatasetStore } from './datasets.ts';
import { keepGuid } from './snapshots.ts';

/**
 * Gives the clone the snapshots up to its origin, and what they share; the other one is the clone from then on.
 * Answers both. @throws CallError EEXIST when both have a snapshot of the same name
 */
export function promoteClone(store: DatasetStore, clone: Dataset): readonly Dataset[] {
  const [sourceId = '', originName] = (clone.origin ?? '').split('@');
  const source = store.get(sourceId);
  const count = (source?.snapshots.findIndex(({ name }) => name === originName) ?? -1) + 1;
  if (source === undefined || count === 0) {
    clone.origin = null;
    return [clone];
  }
  const moved = source.snapshots.slice(0, count);
  const twice = moved.find(({ name }) => clone.snapshots.some((own) => own.name === name));
  if (twice !== undefined) {
    throw new CallError(
      `cannot promote '${clone.id}': snapshot name ${twice.name} from origin conflicts`,
      ERRNO.EEXIST,
    );
  }
  const bytes = moved.reduce((sum, { usedBytes }) => sum + usedBytes, 0);
  const shared = Math.min(source.dataBytes, moved.at(-1)?.referencedBytes ?? 0);
  for (const snapshot of moved) {
    keepGuid(snapshot);
    snapshot.dataset = clone;
  }
  for (const each of store.walk()) {
    const found = moved.find(({ name }) => each.origin === `${source.id}@${name}`);
    if (found !== undefined) each.origin = `${clone.id}@${found.name}`;
  }
  source.snapshots = source.snapshots.slice(count);
  clone.snapshots = [...moved, ...clone.snapshots];
  source.snapshotBytes -= bytes;
  clone.snapshotBytes += bytes;
  source.dataBytes -= shared;
  clone.dataBytes += shared;
  source.origin = `${clone.id}@${originName ?? ''}`;
  clone.origin = null;
  store.touch();
  return [clone, source];
}
