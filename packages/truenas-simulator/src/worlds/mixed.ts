/** The mixed world: a home and small-office NAS with a bit of everything, healthy parts beside troubles. */
import { MIXED_HOUSEHOLD } from '../auth/default-accounts.ts';
import { raiseMixedAlerts } from '../world/alerts.ts';
import { MIXED_AUDIT } from '../world/audit-log.ts';
import { EXPIRING_DAYS, MIXED_CERTIFICATES } from '../world/certificates.ts';
import { createClients } from '../world/clients.ts';
import type { DatasetStore } from '../world/datasets.ts';
import { MIXED_DIRECTORIES } from '../world/directories.ts';
import { MIXED_DISKS } from '../world/disks.ts';
import { mixedJobs } from '../world/history.ts';
import { MIXED_POOLS } from '../world/pools.ts';
import { createS3 } from '../world/s3.ts';
import { createShares } from '../world/shares.ts';
import { createTasks } from '../world/tasks.ts';
import { MIXED_TREE } from '../world/tree.ts';
import { createWorkloads } from '../world/workloads.ts';
import { type Blueprint, usedPercent } from './blueprint.ts';

export const MIXED: Blueprint = {
  disks: MIXED_DISKS,
  pools: MIXED_POOLS,
  bootDisks: ['nvme0n1', 'nvme1n1'],
  tree: MIXED_TREE,
  directories: MIXED_DIRECTORIES,
  household: MIXED_HOUSEHOLD,
  certificates: MIXED_CERTIFICATES,
  services: {},
  audit: MIXED_AUDIT,
  settings: {},
  measuredDays: 400,
  isBusy: true,
  shares: ({ random, release }) => createShares(random, release),
  tasks: ({ random, release, nowMs }) => createTasks(random, release, nowMs),
  workloads: ({ random }) => createWorkloads(random),
  s3: ({ random, release, nowMs }) => createS3(random, release, nowMs),
  clients: ({ random, nowMs }) => createClients(random, nowMs),
  alerts(raise, subjects) {
    raiseMixedAlerts(raise, {
      release: subjects.release,
      fullPoolPercent: usedPercent(subjects, 'fast'),
      quotaPercent: quotaPercent(subjects.datasets, 'tank/home/carol'),
      failingDisk: subjects.disks.named('sdi'),
      certificate: { name: 'nas_example_org', daysLeft: EXPIRING_DAYS },
      update: subjects.system.newVersion,
    });
  },
  pastJobs: mixedJobs,
};

function quotaPercent(datasets: DatasetStore, id: string): number {
  const dataset = datasets.get(id);
  if (dataset === undefined) return 0;
  return Math.round((datasets.usedBytes(dataset) / Number(dataset.local.get('quota'))) * 1000) / 10;
}
