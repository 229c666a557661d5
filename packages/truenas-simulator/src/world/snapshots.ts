/** Snapshots, held as small records on their dataset; 100,000 of them are a few megabytes. */
import type { Dataset } from './datasets.ts';
import { guidOf, type Random } from './random.ts';
import { DAY_MS, HOUR_MS, pad2 } from './units.ts';

/** One snapshot. Sizes in bytes. */
export interface Snapshot {
  dataset: Dataset;
  name: string;
  readonly createdMs: number;
  readonly txg: number;
  /** Of one that has moved or come along with a replication; that of others follows from where they are. */
  guid?: string;
  /** What would come free if only this one went. */
  usedBytes: number;
  readonly referencedBytes: number;
  /** Hold tags; null when there are none, as for nearly all. */
  holds: Set<string> | null;
  userProperties: Map<string, string> | null;
  /** Id of the task that took it; null when a person did. */
  readonly taskId: number | null;
}

/** A rhythm in which a periodic task takes snapshots. */
export interface Cadence {
  readonly taskId: number;
  readonly everyMs: number;
  readonly keepMs: number;
  nameAt(ms: number): string;
}

export const HOURLY: Cadence = {
  taskId: 1,
  everyMs: HOUR_MS,
  keepMs: 14 * DAY_MS,
  nameAt: (ms) => `auto-${dayText(ms)}_${clockText(ms)}`,
};
export const DAILY: Cadence = {
  taskId: 2,
  everyMs: DAY_MS,
  keepMs: 60 * DAY_MS,
  nameAt: (ms) => `daily-${dayText(ms)}_${clockText(ms)}`,
};
export const WEEKLY: Cadence = {
  taskId: 3,
  everyMs: 7 * DAY_MS,
  keepMs: 365 * DAY_MS,
  nameAt: (ms) => `weekly-${dayText(ms)}_${clockText(ms)}`,
};

const OLDEST_MS = 400 * DAY_MS;

/** A dataset and the rhythm of its snapshots. */
export interface SnapshotPlan {
  readonly dataset: Dataset;
  readonly cadence: Cadence;
}

/**
 * Takes `count` snapshots in the past, going round the plans, newest first, so that every dataset gets its share;
 * a rhythm stops where its snapshots would be older than anyone keeps, the hourly ones go on. Each dataset's list
 * ends up oldest first, and its `snapshotBytes` is the sum of theirs (about an eighth of its data).
 */
export function seedSnapshots(
  random: Random,
  plans: readonly SnapshotPlan[],
  count: number,
  nowMs: number,
): void {
  const names = new Map<string, string>();
  let left = plans.some(({ cadence }) => cadence === HOURLY) ? count : 0;
  for (let round = 0; left > 0; round++) {
    for (const { dataset, cadence } of plans) {
      if (left === 0) break;
      if (cadence !== HOURLY && round * cadence.everyMs > OLDEST_MS) continue;
      left -= 1;
      const createdMs = Math.floor(nowMs / cadence.everyMs) * cadence.everyMs - round * cadence.everyMs;
      const key = `${String(cadence.taskId)} ${String(round)}`;
      const name = names.get(key) ?? cadence.nameAt(createdMs);
      names.set(key, name);
      dataset.snapshots.push({
        dataset,
        name,
        createdMs,
        txg: txgAt(createdMs),
        usedBytes: random.between(0.05, 1.9),
        referencedBytes: Math.floor(dataset.dataBytes * (1 - Math.min(0.6, round * 0.004))),
        holds: null,
        userProperties: null,
        taskId: cadence.taskId,
      });
    }
  }
  for (const { dataset } of plans) settleSizes(dataset);
}

/** Turns the weights of a dataset's snapshots into bytes. */
function settleSizes(dataset: Dataset): void {
  dataset.snapshots.sort((left, right) => left.createdMs - right.createdMs);
  const weight = dataset.snapshots.reduce((sum, snapshot) => sum + snapshot.usedBytes, 0);
  const bytesPerWeight = (dataset.dataBytes * 0.12) / Math.max(1, weight);
  dataset.snapshotBytes = 0;
  for (const snapshot of dataset.snapshots) {
    snapshot.usedBytes = Math.floor(snapshot.usedBytes * bytesPerWeight);
    dataset.snapshotBytes += snapshot.usedBytes;
  }
}

/** The transaction group at a moment: pools commit one about every five seconds. */
export function txgAt(ms: number): number {
  return Math.floor(ms / 5000) - 330_000_000;
}

/** `pool/dataset@name`. */
export function snapshotId(snapshot: Snapshot): string {
  return `${snapshot.dataset.id}@${snapshot.name}`;
}

/** A guid as ZFS prints it, derived from the identity. */
export function snapshotGuid(snapshot: Snapshot): string {
  return snapshot.guid ?? guidOf(`${snapshotId(snapshot)}#${snapshot.txg}`);
}

/** Must be called before a snapshot gets another name, or goes to another dataset. */
export function keepGuid(snapshot: Snapshot): void {
  snapshot.guid = snapshotGuid(snapshot);
}

function dayText(ms: number): string {
  const date = new Date(ms);
  return `${String(date.getUTCFullYear())}-${pad2(date.getUTCMonth() + 1)}-${pad2(date.getUTCDate())}`;
}

function clockText(ms: number): string {
  const date = new Date(ms);
  return `${pad2(date.getUTCHours())}-${pad2(date.getUTCMinutes())}`;
}
