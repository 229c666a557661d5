/** Clones of snapshots: the call, what it touches, and who would reach them. */
import type { PlannedCall, Target, UndoCall } from '../../changes/change.ts';
import type { KnownTargets } from '../../changes/joined.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { gapText, type Part, readPart, valueOr } from '../support/part.ts';
import { datasetThing, isMadeEarlier, newTarget, presentTarget, snapshotThing } from '../support/targets.ts';
import { listed, readSharesAbove } from './dataset-uses.ts';
import { unknownDataset } from './find.ts';

/** A clone to be made. */
export interface WantedClone {
  /** Full name of the snapshot. */
  readonly snapshot: string;
  /** The dataset to be made. */
  readonly dataset: string;
  readonly isReadOnly: boolean;
}

/** A clone as part of a change; it is call number 0. */
export interface PlannedClone {
  readonly call: PlannedCall;
  readonly targets: readonly Target[];
  readonly undo: UndoCall;
  readonly impact: readonly string[];
}

/**
 * Plans it. Calls `pool.snapshot.query`, `pool.dataset.query`, `sharing.smb.query` and `sharing.nfs.query`.
 * @param argument the argument that names the new dataset
 * @throws InputProblem for a place where no clone can be
 */
export async function planClone(
  nas: ReadClient,
  { snapshot, dataset, isReadOnly }: WantedClone,
  argument: string,
  known?: KnownTargets,
): Promise<PlannedClone> {
  const origin = snapshot.slice(0, snapshot.indexOf('@'));
  checkPlace(argument, origin, dataset);
  const parent = dataset.slice(0, dataset.lastIndexOf('/'));
  const made = await newTarget(nas, datasetThing(dataset), { 'origin.rawvalue': snapshot }, { argument });
  if (!isMadeEarlier(known, `dataset ${parent}`)) {
    await presentTarget(nas, datasetThing(parent), 'present', {
      absent: () => unknownDataset(nas, argument, parent),
    });
  }
  const shares = await readPart(nas, (limited) => readSharesAbove(limited, dataset));
  return {
    call: {
      method: 'pool.snapshot.clone',
      params: [
        {
          snapshot,
          dataset_dst: dataset,
          dataset_properties: isReadOnly ? { readonly: 'on' } : {},
        },
      ],
      purpose: `make the ${isReadOnly ? 'read-only ' : ''}dataset ${dataset} from ${snapshot}`,
      ...('value' in shares ? { facts: { shares: shares.value.length } } : {}),
    },
    targets: [made, ...(await originTargets(nas, snapshot, known))],
    undo: {
      method: 'pool.dataset.delete',
      params: [dataset, { recursive: false, force: false }],
      purpose: `delete the clone ${dataset}`,
      undoes: 0,
    },
    impact: [
      'A clone takes space only for what is changed in it; its snapshot cannot be deleted while it exists.',
      sharesLine(shares, dataset),
    ],
  };
}

/** The snapshot itself, which ties the change to its dataset; one that the same plan makes is a target already. */
async function originTargets(
  nas: ReadClient,
  snapshot: string,
  known: KnownTargets | undefined,
): Promise<Target[]> {
  if (isMadeEarlier(known, `snapshot ${snapshot}`)) return [];
  const kept = await presentTarget(nas, snapshotThing(snapshot), 'present', {
    absent: () => new InputProblem('snapshot', `${snapshot} does not exist`),
  });
  return [{ ...kept, isOnlyRead: true }];
}

function checkPlace(argument: string, origin: string, dataset: string): void {
  const pool = origin.split('/')[0] ?? '';
  if (!/^[^@\s/]+(?:\/[^@/]+)+$/u.test(dataset))
    throw new InputProblem(argument, `${safeCell(dataset)} is no name of a new dataset`, `${pool}/name`);
  if (dataset.split('/')[0] !== pool)
    throw new InputProblem(
      argument,
      `is on another pool: a clone stays on that of its snapshot`,
      `${pool}/name`,
    );
}

function sharesLine(shares: Part<string[]>, dataset: string): string {
  const gap = gapText(shares);
  if (gap !== undefined) return `Whether a share shows ${dataset} is not known: the shares ${gap}.`;
  const names = valueOr(shares, []);
  if (names.length === 0) return 'No SMB or NFS share lies above it.';
  return `Its clients see it, too: ${listed(names)}. Files that were deleted or closed to them since may be in it.`;
}
