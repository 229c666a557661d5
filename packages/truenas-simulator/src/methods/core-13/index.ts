/** The methods of the FreeBSD releases. */
import type { SimMethod } from '../../calls/method.ts';
import type { LegacyRelease } from '../../releases.ts';
import { legacyApiKeyMethods } from '../legacy/api-key.ts';
import { legacyAuthMethods } from '../legacy/auth.ts';
import { legacyCoreMethods } from '../legacy/core.ts';
import { DATASTORE_METHODS } from '../legacy/datastore.ts';
import { ACCOUNT_METHODS } from './accounts.ts';
import { BOOT_METHODS } from './boot.ts';
import { certificateMethods } from './certificates.ts';
import { DATASET_METHODS } from './dataset.ts';
import { DISK_METHODS } from './disk.ts';
import { FILESYSTEM_METHODS } from './filesystem.ts';
import { IDMAP_METHODS } from './idmap.ts';
import { NETWORK_METHODS } from './network.ts';
import { POOL_METHODS } from './pool.ts';
import { READ_METHODS } from './reads.ts';
import { REPORTING_METHODS } from './reporting.ts';
import { serviceMethods } from './service.ts';
import { settingsMethods } from './settings.ts';
import { SHARING_METHODS } from './sharing.ts';
import { SYSTEM_METHODS } from './system.ts';
import { TASK_METHODS } from './tasks.ts';
import { WORKLOAD_METHODS } from './workloads.ts';
import { ZFS_METHODS } from './zfs.ts';

/** The methods by name. */
export function core13Methods(legacy: LegacyRelease): ReadonlyMap<string, SimMethod> {
  const methods: readonly SimMethod[] = [
    ...legacyAuthMethods(legacy),
    ...legacyApiKeyMethods(legacy),
    ...legacyCoreMethods(legacy),
    ...DATASTORE_METHODS,
    ...SYSTEM_METHODS,
    ...POOL_METHODS,
    ...DATASET_METHODS,
    ...READ_METHODS,
    ...TASK_METHODS,
    ...SHARING_METHODS,
    ...ACCOUNT_METHODS,
    ...serviceMethods(legacy),
    ...DISK_METHODS,
    ...ZFS_METHODS,
    ...BOOT_METHODS,
    ...WORKLOAD_METHODS,
    ...NETWORK_METHODS,
    ...certificateMethods(legacy),
    ...REPORTING_METHODS,
    ...FILESYSTEM_METHODS,
    ...IDMAP_METHODS,
    ...settingsMethods(legacy),
  ];
  return new Map(methods.map((method) => [method.name, method]));
}
