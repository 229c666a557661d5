/** Where the space of a pool is, and what would give it back. */
import { formatBytes, formatPercent } from '../output/units.ts';
import type { Finding, FindingKind } from './finding.ts';

/** A pool, as far as its space goes. */
export interface PoolSpace {
  /** Safe text. */
  readonly pool: string;
  /** Of what can be stored; null where it is not known. */
  readonly usedPercent: number | null;
  readonly availableBytes: number | null;
  /** Deleted, and not yet given back; null where it is not known. */
  readonly freeingBytes: number | null;
}

/** Snapshots of one dataset that may be deleted by their age. */
export interface OldSnapshots {
  readonly count: number;
  /** What each of them alone holds, summed: so much comes free at least. */
  readonly leastBytes: number;
  /** Arguments of the call that deletes them, at most 100 at once. */
  readonly deletion: Readonly<Record<string, unknown>>;
}

/** A dataset, as far as its space goes. */
export interface DatasetSpace {
  /** As the NAS writes it. */
  readonly id: string;
  /** Safe text. */
  readonly dataset: string;
  readonly pool: string;
  readonly isVolume: boolean;
  readonly snapshotBytes: number | null;
  /** Set aside by `reservation` for it and all below, and not used. */
  readonly unusedReservationBytes: number;
  /** Set aside by `refreservation` for its own data, and not used. */
  readonly unusedRefreservationBytes: number;
  /** Undefined where none is old, or it is not known. */
  readonly old?: OldSnapshots | undefined;
}

const NEARLY_OUT: FindingKind = {
  id: 'space.out',
  level: 'CRITICAL',
  what: 'pool is out of space soon',
  means: 'Above 95 % ZFS looks long for free space, and writing fails when it is full.',
  certainty: 'sure',
  seeAlso: 'delete_snapshots, or move data; the table shows what is large',
};
const FULL: FindingKind = {
  id: 'space.full',
  level: 'WARNING',
  what: 'pool nearly full',
  means: 'Above 90 % writing becomes slow, and a copy-on-write pool needs space even to delete.',
  certainty: 'sure',
  seeAlso: 'Storage > Manage Devices, for more disks',
};
const FILLING: FindingKind = {
  id: 'space.filling',
  level: 'NOTE',
  what: 'pool more than 80 % full',
  means: 'There is time left to plan for more disks or less data.',
  certainty: 'sure',
  seeAlso: 'Storage > Manage Devices, for more disks',
};
const FREEING: FindingKind = {
  id: 'space.freeing',
  level: 'NOTE',
  what: 'deleted data is still being freed',
  means: 'ZFS gives back large deletions in the background: the space comes by itself.',
  certainty: 'sure',
  seeAlso: 'get_pool',
};
const SNAPSHOTS: FindingKind = {
  id: 'space.snapshots',
  level: 'WARNING',
  what: 'old snapshots hold space that the pool lacks',
  means: 'Files deleted since stay in snapshots: the space comes back when the last snapshot with them goes.',
  certainty: 'sure',
  repairedBy: 'delete_snapshots',
};
const OLD_SNAPSHOTS: FindingKind = {
  id: 'space.old_snapshots',
  level: 'NOTE',
  what: 'old snapshots hold space',
  means: 'Files deleted since stay in snapshots; the pool has space left, so there is no hurry.',
  certainty: 'sure',
  repairedBy: 'delete_snapshots',
};
const RESERVATION: FindingKind = {
  id: 'space.reservation',
  level: 'NOTE',
  what: 'reserved and unused',
  means: 'The space counts as used for everybody else, though nothing is stored in it.',
  certainty: 'sure',
  repairedBy: 'update_dataset',
};
const REFRESERVATION: FindingKind = {
  id: 'space.refreservation',
  level: 'NOTE',
  what: 'set aside for data not yet written',
  means:
    'So a volume can always be overwritten in full. Without it the volume is thin: writes to it fail once the pool is full.',
  certainty: 'sure',
  repairedBy: 'update_dataset',
};

/** Every kind of finding here. */
export const SPACE_KINDS: readonly FindingKind[] = [
  NEARLY_OUT,
  FULL,
  FILLING,
  FREEING,
  SNAPSHOTS,
  OLD_SNAPSHOTS,
  RESERVATION,
  REFRESERVATION,
];

/** Smaller amounts are not worth a finding. */
const WORTH_BYTES = 1 << 30;

/** A pool so full that what could be freed is wanted. */
const TIGHT_PERCENT = 80;

/** Findings about pools and their datasets, those that free most first. */
export function judgeSpace(pools: readonly PoolSpace[], datasets: readonly DatasetSpace[]): Finding[] {
  const tight = new Set(
    pools.filter(({ usedPercent }) => (usedPercent ?? 0) >= TIGHT_PERCENT).map(({ pool }) => pool),
  );
  return [
    ...pools.flatMap(fullness),
    ...datasets
      .filter(({ old, snapshotBytes }) => old !== undefined && (snapshotBytes ?? 0) >= WORTH_BYTES)
      .toSorted((a, b) => (b.snapshotBytes ?? 0) - (a.snapshotBytes ?? 0))
      .map((facts) => ofSnapshots(facts, tight.has(facts.pool) ? SNAPSHOTS : OLD_SNAPSHOTS)),
    ...unused(datasets, RESERVATION, 'reservation', (facts) => facts.unusedReservationBytes),
    ...unused(datasets, REFRESERVATION, 'refreservation', (facts) => facts.unusedRefreservationBytes),
  ];
}

function fullness({ pool, usedPercent, availableBytes, freeingBytes }: PoolSpace): Finding[] {
  const percent = usedPercent ?? 0;
  const kind =
    percent >= 95 ? NEARLY_OUT : percent >= 90 ? FULL : percent >= TIGHT_PERCENT ? FILLING : undefined;
  const left = availableBytes === null ? '' : `, ${formatBytes(availableBytes)} left`;
  return [
    ...(kind === undefined ? [] : [{ kind, about: pool, evidence: `${formatPercent(percent)}${left}` }]),
    ...((freeingBytes ?? 0) < WORTH_BYTES
      ? []
      : [{ kind: FREEING, about: pool, evidence: formatBytes(freeingBytes ?? 0) }]),
  ];
}

function ofSnapshots({ dataset, snapshotBytes, old }: DatasetSpace, kind: FindingKind): Finding {
  const least = formatBytes(old?.leastBytes ?? 0);
  return {
    kind,
    about: dataset,
    evidence: `${old?.count ?? 0} old, ${least} to ${formatBytes(snapshotBytes ?? 0)}`,
    ...(old === undefined ? {} : { arguments: old.deletion }),
  };
}

function unused(
  datasets: readonly DatasetSpace[],
  kind: FindingKind,
  setting: string,
  bytesOf: (facts: DatasetSpace) => number,
): Finding[] {
  return datasets
    .filter((facts) => bytesOf(facts) >= WORTH_BYTES)
    .toSorted((a, b) => bytesOf(b) - bytesOf(a))
    .map((facts) => ({
      kind,
      about: `${facts.isVolume ? 'zvol ' : ''}${facts.dataset}`,
      evidence: formatBytes(bytesOf(facts)),
      arguments: { dataset: facts.id, [setting]: 0 },
    }));
}
