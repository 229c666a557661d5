/**
 * The subjects of the overview. Each is read on its own, so that one that fails leaves the others standing, and says what is
 * wrong (findings), what could not be judged (unknown) and how much there is (summary).
 */
import { alerts } from './alerts.ts';
import { apps } from './apps.ts';
import { certificates } from './certificates.ts';
import { lockedDatasets } from './datasets.ts';
import { disks } from './disks.ts';
import { jobs } from './jobs.ts';
import { bootPool, pools } from './pools.ts';
import { services } from './services.ts';
import type { Subject } from './subject.ts';
import { TASK_SUBJECTS } from './tasks.ts';

/** In the order of the summary line. Of two that say the same the earlier one stays. */
export const SUBJECTS: readonly Subject[] = [
  pools,
  bootPool,
  disks,
  alerts,
  services,
  lockedDatasets,
  ...TASK_SUBJECTS,
  jobs,
  apps,
  certificates,
];
