/** Pools: whether data is reachable, safe, and has room. */
import type { Finding, FindingKind } from './finding.ts';

/** A disk of a pool that is not as it should be. */
export interface BadDisk {
  /** Safe text. */
  readonly name: string;
  readonly isInService: boolean;
  /** `FAULTED, 3 read errors, Slot 4, model and serial`: what one needs to find it; safe text. */
  readonly evidence: string;
  /** A call that says more. */
  readonly next: string;
}

/** A pool, as far as its troubles go; null is not known. */
export interface PoolFacts {
  /** Safe text. */
  readonly name: string;
  readonly status: string | null;
  readonly statusCode: string | null;
  /** The NAS's own words about its state; safe text. */
  readonly detail: string | undefined;
  readonly isHealthy: boolean | null;
  readonly isWarned: boolean;
  readonly usedPercent: number | undefined;
  /** Errors of the last scan. */
  readonly scanErrors: number | null;
  /** `resilver 42 %, 3 h left`, while one runs. */
  readonly resilver: string | undefined;
  readonly badDisks: readonly BadDisk[];
  readonly lockedDatasets: readonly string[];
}

/** A pool this full slows down or stops: TrueNAS itself warns from 85 and is critical from 95. */
const FULL_PERCENT = { warning: 85, critical: 95 };

const SUSPENDED: FindingKind = {
  id: 'pool.suspended',
  level: 'CRITICAL',
  what: 'pool suspended',
  means: 'ZFS waits for devices that went away; nothing is read or written until they are back.',
  certainty: 'sure',
  seeAlso:
    'check cables, enclosure and controller, then clear the pool or reboot; neither export nor force it: unwritten data would be lost',
};
const UNAVAILABLE: FindingKind = {
  id: 'pool.unavailable',
  level: 'CRITICAL',
  what: 'pool not available',
  means: 'Too many of its devices are missing, or it is not imported: its data cannot be reached.',
  certainty: 'sure',
  seeAlso: 'check which disks list_disks shows, cables and controller; wipe and create nothing',
};
const DEGRADED: FindingKind = {
  id: 'pool.degraded',
  level: 'CRITICAL',
  what: 'pool degraded',
  means: 'The data is there, with less redundancy than it should have.',
  certainty: 'sure',
  seeAlso: 'replace the disk that is named below',
};
const UNHEALTHY: FindingKind = {
  id: 'pool.unhealthy',
  level: 'WARNING',
  what: 'pool not healthy',
  means: 'It is online, and ZFS has something to say about it.',
  certainty: 'sure',
  seeAlso: 'get_pool',
};
const DATA_ERRORS: FindingKind = {
  id: 'pool.data_errors',
  level: 'CRITICAL',
  what: 'damaged data',
  means: 'Redundancy could not mend what was read: files or snapshots are damaged.',
  certainty: 'sure',
  seeAlso: 'zpool status -v on the NAS names the files: restore them from a backup, then scrub again',
};
const RESILVERING: FindingKind = {
  id: 'pool.resilvering',
  level: 'NOTE',
  what: 'resilver runs',
  means: 'Until it ends the pool has less redundancy than it should have; the time left is a guess of ZFS.',
  certainty: 'sure',
  seeAlso: 'wait; pull no disk and do not reboot meanwhile',
};
const FULL: FindingKind = {
  id: 'pool.full',
  level: 'WARNING',
  what: 'pool nearly full',
  means: 'Writing gets slow, and stops when nothing is left.',
  certainty: 'sure',
  seeAlso: 'list_datasets {"sort":"used"} and list_snapshots {"sort":"used"} show what takes the space',
};
const OVERFULL: FindingKind = {
  ...FULL,
  id: 'pool.overfull',
  level: 'CRITICAL',
  what: 'pool full',
};
const LOCKED: FindingKind = {
  id: 'dataset.locked',
  level: 'WARNING',
  what: 'dataset locked',
  means: 'Its key is not loaded: after a reboot those with a passphrase wait for somebody who knows it.',
  certainty: 'sure',
  seeAlso: 'unlock_dataset (the passphrase never goes through the chat)',
};
const DISK_FAILED: FindingKind = {
  id: 'disk.failed',
  level: 'CRITICAL',
  what: 'disk out of service',
  means: 'ZFS does not use it any more: this is the one to pull, by its serial number.',
  certainty: 'sure',
  seeAlso: 'replace_disk',
};
const DISK_ERRORS: FindingKind = {
  id: 'disk.errors',
  level: 'WARNING',
  what: 'errors counted on a disk',
  means: 'A cable, a controller or the disk: ZFS mends them while there is redundancy.',
  certainty: 'likely',
  seeAlso: 'get_disk; scrub the pool, and replace the disk when the count grows',
};

/** Every kind of finding here. */
export const POOL_KINDS: readonly FindingKind[] = [
  SUSPENDED,
  UNAVAILABLE,
  DEGRADED,
  DATA_ERRORS,
  DISK_FAILED,
  OVERFULL,
  UNHEALTHY,
  DISK_ERRORS,
  FULL,
  LOCKED,
  RESILVERING,
];

/** Findings about a pool. */
export function judgePool(facts: PoolFacts): Finding[] {
  const { name: about, usedPercent = 0, scanErrors, resilver, badDisks, lockedDatasets } = facts;
  const state = stateOf(facts);
  const full = usedPercent >= FULL_PERCENT.critical ? OVERFULL : FULL;
  return [
    ...(state === undefined ? [] : [withEvidence({ kind: state, about }, facts.detail)]),
    ...badDisks.map(judgeBadDisk),
    ...((scanErrors ?? 0) > 0
      ? [{ kind: DATA_ERRORS, about, evidence: `${scanErrors ?? 0} errors in the last scan` }]
      : []),
    ...(usedPercent >= FULL_PERCENT.warning
      ? [{ kind: full, about, evidence: `${usedPercent} % used` }]
      : []),
    ...lockedDatasets.map(lockedFinding),
    ...(resilver === undefined ? [] : [{ kind: RESILVERING, about, evidence: resilver }]),
  ];
}

/** The finding about a disk that its pool counts errors on, or does not use any more. */
export function judgeBadDisk({ name, isInService, evidence, next }: BadDisk): Finding {
  return { kind: isInService ? DISK_ERRORS : DISK_FAILED, about: name, evidence, next };
}

/** The finding about a dataset whose key is not loaded. */
export function lockedFinding(dataset: string): Finding {
  const next = `unlock_dataset ${JSON.stringify({ dataset })} (the passphrase never goes through the chat)`;
  return { kind: LOCKED, about: dataset, next };
}

const GONE: ReadonlySet<string> = new Set(['OFFLINE', 'UNAVAIL', 'FAULTED', 'REMOVED']);

function stateOf({ status, statusCode, isHealthy, isWarned }: PoolFacts): FindingKind | undefined {
  if (status === 'SUSPENDED' || /^IO_FAILURE/u.test(statusCode ?? '')) return SUSPENDED;
  if (status !== null && GONE.has(status)) return UNAVAILABLE;
  if (status === 'DEGRADED') return DEGRADED;
  return isHealthy === false || isWarned ? UNHEALTHY : undefined;
}

function withEvidence(finding: Finding, evidence: string | undefined): Finding {
  return evidence === undefined ? finding : { ...finding, evidence };
}
