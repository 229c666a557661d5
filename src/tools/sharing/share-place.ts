/** The place that a share shows: where the path really leads, and what else is shared there. */
import type { Target } from '../../changes/change.ts';
import type { KnownTargets } from '../../changes/joined.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { datasetName } from '../support/inputs.ts';
import { datasetAt, PLACE_USES, placeOf } from '../support/path-place.ts';
import { gapText, readPart } from '../support/part.ts';
import { rawRowsOf } from '../support/rows.ts';
import { datasetThing, isMadeEarlier, leanedOn } from '../support/targets.ts';
import { type ChangedKind, QUERY_OF, text, TITLE_OF } from './changed-share.ts';

/** Methods that {@link sharedPlace} reads with. */
export const SHARED_PLACE_USES = [...PLACE_USES, 'sharing.smb.query', 'sharing.nfs.query'] as const;

/** A place that is to be shared. */
export interface SharedPlace {
  readonly path: string;
  readonly dataset: string;
  /** The dataset is made by an earlier step, and holds nothing. */
  readonly isNew: boolean;
  /** The dataset under it, which must stay the one that was planned for; none where an earlier step makes it. */
  readonly targets: readonly Target[];
  readonly impact: readonly string[];
}

/** @throws InputProblem as {@link placeOf}, and for a file */
export async function sharedPlace(
  nas: ReadClient,
  share: string,
  named: string,
  known: KnownTargets | undefined,
): Promise<SharedPlace> {
  const made = datasetMadeEarlier(datasetName(named), known);
  if (made !== undefined)
    return { path: `/mnt/${datasetName(named)}`, dataset: made, isNew: true, targets: [], impact: [] };
  const place = await placeOf(nas, 'path', named);
  if (!place.isDirectory) throw new InputProblem('path', 'is no folder');
  const [target, others] = await Promise.all([
    leanedOn(nas, datasetThing(place.dataset), {
      name: `dataset ${place.dataset} under ${share}`,
      absent: () => new InputProblem('path', `lies in ${place.dataset}, which is gone`),
    }),
    sharesAt(nas, place.path, share),
  ]);
  return {
    path: place.path,
    dataset: place.dataset,
    isNew: false,
    targets: [target],
    impact: [
      ...(place.path === `/mnt/${datasetName(named)}`
        ? []
        : [`${safeCell(named)} leads to ${safeCell(place.path)}`]),
      ...(place.hasLockedDataset === true
        ? [`${place.dataset} is locked: the share is reachable once it is unlocked`]
        : []),
      ...others,
    ],
  };
}

/** The dataset, or one above it, that an earlier step makes. */
export function datasetMadeEarlier(name: string, known: KnownTargets | undefined): string | undefined {
  const parts = name.split('/');
  return parts
    .map((_, index) => parts.slice(0, parts.length - index).join('/'))
    .find((each) => isMadeEarlier(known, `dataset ${each}`));
}

async function sharesAt(nas: ReadClient, path: string, share: string): Promise<string[]> {
  const lines = await Promise.all(
    (['smb', 'nfs'] satisfies ChangedKind[]).map(async (kind) => {
      const part = await readPart(nas, async (limited) =>
        rawRowsOf(await limited.call(QUERY_OF[kind], query({ filters: [['path', '=', path]] }))),
      );
      if ('gap' in part) return [`other ${TITLE_OF[kind]}s of ${safeCell(path)}: UNKNOWN, ${gapText(part)}`];
      return part.value
        .map((row) => `${TITLE_OF[kind]} ${safeCell(text(row['name']) || text(row['path']))}`)
        .filter((title) => title !== share)
        .map((title) => `${safeCell(path)} is shared as ${title} already`);
    }),
  );
  return lines.flat();
}

/** The dataset of a share that is there; undefined where its path leads to none, so that no scope covers it. */
export async function datasetOfShare(
  nas: ReadClient,
  row: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  const path = text(row['path']);
  if (!path.startsWith('/mnt/')) return undefined;
  try {
    return (await placeOf(nas, 'share', path)).dataset;
  } catch (error) {
    // What lies in a locked dataset cannot be looked at: its name tells.
    if (error instanceof InputProblem) return (await datasetAt(nas, path))?.id;
    throw error;
  }
}

/** Shares through which users feel a change of this path: those of it, of what lies above, and of what lies below. */
export async function sharesTouching(nas: ReadClient, path: string): Promise<string[]> {
  const lines = await Promise.all(
    (['smb', 'nfs'] satisfies ChangedKind[]).map(async (kind) => {
      const part = await readPart(nas, async (limited) =>
        rawRowsOf(
          await limited.call(QUERY_OF[kind], query({ select: kind === 'smb' ? ['name', 'path'] : ['path'] })),
        ),
      );
      if ('gap' in part) return [`${TITLE_OF[kind]}s of it: UNKNOWN, ${gapText(part)}`];
      return part.value
        .filter((row) => {
          const shared = text(row['path']);
          return shared === path || path.startsWith(`${shared}/`) || shared.startsWith(`${path}/`);
        })
        .map(
          (row) =>
            `users of ${TITLE_OF[kind]} ${safeCell(text(row['name']) || text(row['path']))} are concerned`,
        );
    }),
  );
  return lines.flat();
}
