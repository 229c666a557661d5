/** What a world is made of: data, and functions that draw what needs the seed, the release or the clock. */
import type { Household } from '../auth/default-accounts.ts';
import type { JobSeed } from '../jobs/job-table.ts';
import type { SimRelease } from '../releases.ts';
import type { Raise } from '../world/alerts.ts';
import type { AuditPlan } from '../world/audit-log.ts';
import type { CertificatePlan } from '../world/certificates.ts';
import type { Clients } from '../world/clients.ts';
import type { DatasetStore } from '../world/datasets.ts';
import type { DirectoryPlan } from '../world/directories.ts';
import type { DiskPlan, DiskSpec } from '../world/disks.ts';
import type { PoolPlan, PoolStore } from '../world/pools.ts';
import type { Random } from '../world/random.ts';
import type { S3 } from '../world/s3.ts';
import type { ServicePlan } from '../world/services.ts';
import type { Settings } from '../world/settings.ts';
import type { Shares } from '../world/shares.ts';
import type { SystemFacts } from '../world/system.ts';
import type { Tasks } from '../world/tasks.ts';
import type { Tree } from '../world/tree.ts';
import type { Workloads } from '../world/workloads.ts';
import type { World } from '../world/world.ts';

/** What parts are drawn from. */
export interface Draw {
  readonly random: Random;
  readonly release: SimRelease;
  readonly nowMs: number;
}

/** What alerts can be about. */
export interface AlertSubjects {
  readonly release: SimRelease;
  readonly pools: PoolStore;
  readonly datasets: DatasetStore;
  readonly disks: DiskPlan;
  readonly system: SystemFacts;
}

/** A kind of NAS. */
export interface Blueprint {
  readonly disks: readonly DiskSpec[];
  readonly pools: readonly PoolPlan[];
  readonly bootDisks: readonly string[];
  readonly tree: Tree;
  readonly directories: readonly DirectoryPlan[];
  readonly household: Household;
  readonly certificates: readonly CertificatePlan[];
  readonly services: ServicePlan;
  readonly audit: AuditPlan;
  /** Settings that are otherwise than in the mixed world, by namespace. */
  readonly settings: Settings;
  /** For how long it has been measured. */
  readonly measuredDays: number;
  /** For how long it has been up, some weeks when absent. */
  readonly upMs?: number;
  /** A replication and a cloud sync are under way, each the first of its kind. */
  readonly isBusy: boolean;
  /** Nothing in it is hard to take along to another release. */
  readonly isPlain?: boolean;
  shares(draw: Draw): Shares;
  tasks(draw: Draw): Tasks;
  workloads(draw: Draw): Workloads;
  s3(draw: Draw): S3;
  clients(draw: Draw): Clients;
  /** Raises its alerts, the oldest first. */
  alerts(raise: Raise, subjects: AlertSubjects): void;
  /** Jobs that have ended, the oldest first. */
  pastJobs(world: World): JobSeed[];
}

/** Percent used of a pool's space, rounded down as alerts have it. */
export function usedPercent({ pools, datasets }: AlertSubjects, name: string): number {
  const root = datasets.get(name);
  const pool = pools.byName(name);
  if (root === undefined || pool === undefined) return 0;
  return Math.floor((datasets.usedBytes(root) / pool.usableBytes) * 100);
}
