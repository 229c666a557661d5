/** Kinds of the toolset `protection`. */
import type { Kind } from '../kind.ts';
import { cloudAccount } from './cloud-account.ts';
import { cloudBackup } from './cloud-backup.ts';
import { cloudSync } from './cloud-sync.ts';
import { credential } from './credential.ts';
import { cronJob } from './cron-job.ts';
import { initScript } from './init-script.ts';
import { replication } from './replication.ts';
import { rsyncTask } from './rsync-task.ts';
import { scrubTask } from './scrub-task.ts';
import { snapshotTask } from './snapshot-task.ts';

export const KINDS: readonly Kind[] = [
  snapshotTask,
  replication,
  cloudSync,
  cloudBackup,
  rsyncTask,
  scrubTask,
  cronJob,
  initScript,
  credential,
  cloudAccount,
];
