/** Every kind of finding: for the documentation, and for the test that holds each against a NAS that has it. */
import { ACCESS_KINDS } from './access-kinds.ts';
import { ALERT_KINDS } from './alert.ts';
import { APP_KINDS } from './app.ts';
import { ACCOUNT_KINDS } from './accounts.ts';
import { BACKUP_KINDS } from './backup.ts';
import { CAPACITY_KINDS } from './capacity.ts';
import { EXPOSURE_KINDS } from './exposure.ts';
import { CERTIFICATE_KINDS } from './certificate.ts';
import { DISK_KINDS } from './disk.ts';
import type { FindingKind } from './finding.ts';
import { MIGRATION_KINDS } from './migration.ts';
import { SCHEDULE_KINDS } from './schedule.ts';
import { NETWORK_KINDS } from './network.ts';
import { POOL_KINDS } from './pool.ts';
import { REBOOT_KINDS } from './reboot.ts';
import { RECENT_KINDS } from './recent.ts';
import { SHARE_KINDS } from './share.ts';
import { SPACE_KINDS } from './space.ts';
import { TASK_RUN_KINDS } from './task-run.ts';
import { UPGRADE_KINDS } from './upgrade.ts';

export const FINDING_KINDS: readonly FindingKind[] = [
  ...ACCESS_KINDS,
  ...ACCOUNT_KINDS,
  ...BACKUP_KINDS,
  ...CAPACITY_KINDS,
  ...EXPOSURE_KINDS,
  ...SCHEDULE_KINDS,
  ...SPACE_KINDS,
  ...POOL_KINDS,
  ...DISK_KINDS,
  ...SHARE_KINDS,
  ...APP_KINDS,
  ...TASK_RUN_KINDS,
  ...NETWORK_KINDS,
  ...CERTIFICATE_KINDS,
  ...ALERT_KINDS,
  ...RECENT_KINDS,
  ...REBOOT_KINDS,
  ...UPGRADE_KINDS,
  ...MIGRATION_KINDS,
];
