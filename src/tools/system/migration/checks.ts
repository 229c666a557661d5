/** Everything that is looked at before a move: what every upgrade is checked for, and what only this one is. */
import { UPGRADE_PARTS, type UpgradePartName } from '../upgrade-facts.ts';
import { ACCOUNT_CHECKS } from './accounts.ts';
import type { MigrationCheck, MigrationPart } from './check.ts';
import { HARDWARE_CHECKS } from './hardware.ts';
import { NETWORK_CHECKS } from './network.ts';
import { SERVICE_CHECKS } from './services.ts';
import { SHARING_CHECKS } from './sharing.ts';
import { STORAGE_CHECKS } from './storage.ts';
import { TASK_CHECKS } from './tasks.ts';
import { WORKLOAD_CHECKS } from './workloads.ts';

/** The part that each check of an upgrade belongs to. */
const UPGRADE_PART_OF: Readonly<Record<UpgradePartName, MigrationPart>> = {
  pools: 'storage',
  boot: 'storage',
  jobs: 'tasks',
  alerts: 'hardware',
  apps: 'workloads',
  vms: 'workloads',
  instances: 'workloads',
  smb1: 'sharing',
  smart: 'hardware',
  keys: 'accounts',
  replication: 'tasks',
};

/** Every check, in the order of importance. */
export const MIGRATION_CHECKS: readonly MigrationCheck[] = [
  ...STORAGE_CHECKS,
  ...HARDWARE_CHECKS,
  ...(Object.keys(UPGRADE_PARTS) as UpgradePartName[]).map((name) => ({
    ...UPGRADE_PARTS[name],
    part: UPGRADE_PART_OF[name],
  })),
  ...NETWORK_CHECKS,
  ...WORKLOAD_CHECKS,
  ...SHARING_CHECKS,
  ...SERVICE_CHECKS,
  ...ACCOUNT_CHECKS,
  ...TASK_CHECKS,
];
