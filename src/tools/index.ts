/** Every tool, in the order of the tool list. */
import { API_TOOLS } from './api/index.ts';
import type { AnyReadTool } from './define.ts';
import { getShare } from './sharing/get-share.ts';
import { listShares } from './sharing/list-shares.ts';
import { getDataset } from './storage/get-dataset.ts';
import { getDisk } from './storage/get-disk.ts';
import { getPool } from './storage/get-pool.ts';
import { listDatasets } from './storage/list-datasets.ts';
import { listDisks } from './storage/list-disks.ts';
import { listPools } from './storage/list-pools.ts';
import { listSnapshots } from './storage/list-snapshots.ts';
import { getJob } from './system/get-job.ts';
import { getMetrics } from './system/get-metrics.ts';
import { listAlerts } from './system/list-alerts.ts';
import { listJobs } from './system/list-jobs.ts';
import { listServices } from './system/list-services.ts';
import { systemOverview } from './system/system-overview.ts';

/** All curated tools; `TRUENAS_TOOLSETS` and the access level choose among them. */
export const ALL_TOOLS: readonly AnyReadTool[] = [
  systemOverview,
  listAlerts,
  listJobs,
  getJob,
  listServices,
  getMetrics,
  listPools,
  getPool,
  listDatasets,
  getDataset,
  listSnapshots,
  listDisks,
  getDisk,
  listShares,
  getShare,
  ...API_TOOLS,
];

export {
  type AnyReadTool,
  defineTool,
  type ReadTool,
  type ToolAnswer,
  type ToolContext,
  TOOLSETS,
  type Toolset,
} from './define.ts';
