/** The methods that somebody judged, with their arguments. What is not here counts as running code. */
import { ACCOUNTS } from './methods/accounts.ts';
import { APPS } from './methods/apps.ts';
import { CONTAINERS } from './methods/containers.ts';
import { DISKS } from './methods/disks.ts';
import { ISCSI } from './methods/iscsi.ts';
import { IDENTITY } from './methods/identity.ts';
import { NETWORK } from './methods/network.ts';
import { NVMET } from './methods/nvmet.ts';
import { SERVICE_SETTINGS } from './methods/service-settings.ts';
import { VMS } from './methods/vms.ts';
import { MESSAGES } from './methods/messages.ts';
import { PERMISSIONS } from './methods/permissions.ts';
import { POOLS } from './methods/pools.ts';
import { REPLICATION } from './methods/replication.ts';
import { SERVICES } from './methods/services.ts';
import { SHARING_NFS } from './methods/sharing-nfs.ts';
import { SHARING_SMB } from './methods/sharing-smb.ts';
import { SNAPSHOTS } from './methods/snapshots.ts';
import { STORAGE } from './methods/storage.ts';
import { SYNC_TASKS } from './methods/sync-tasks.ts';
import { SYSTEM } from './methods/system.ts';
import type { Risk } from './finding.ts';
import type { MethodRule } from './rule.ts';

const TABLE: Readonly<Record<string, MethodRule>> = {
  ...ACCOUNTS,
  ...APPS,
  ...CONTAINERS,
  ...DISKS,
  ...ISCSI,
  ...IDENTITY,
  ...NETWORK,
  ...NVMET,
  ...SERVICE_SETTINGS,
  ...VMS,
  ...MESSAGES,
  ...PERMISSIONS,
  ...POOLS,
  ...REPLICATION,
  ...SERVICES,
  ...SHARING_NFS,
  ...SHARING_SMB,
  ...SNAPSHOTS,
  ...STORAGE,
  ...SYNC_TASKS,
  ...SYSTEM,
};

/** The rule of a method; `undefined` when nobody judged it. */
export function ruleOf(method: string): MethodRule | undefined {
  return Object.hasOwn(TABLE, method) ? TABLE[method] : undefined;
}

/** True for a method that somebody judged, by the name of any release. */
export function isJudged(method: string): boolean {
  return Object.hasOwn(TABLE, method);
}

/** The names of all judged methods. */
export function judgedMethods(): readonly string[] {
  return Object.keys(TABLE);
}

/** The risk that a call of this method has at least; `executes` for one that nobody judged. */
export function leastRisk(method: string): Risk {
  return ruleOf(method)?.risk ?? 'executes';
}
