/** Roles and what they include, by release. Reading roles make up READONLY_ADMIN; most writing roles include their reading one. */
import { isAtLeast, type SimRelease } from '../releases.ts';

/** Grants everything. */
export const FULL_ADMIN = 'FULL_ADMIN';

/** Areas with a `_READ` and a `_WRITE` role, on every release. */
const AREAS = [
  ...['ACCOUNT', 'ALERT', 'ALERT_LIST', 'API_KEY', 'APPS', 'AUTH_SESSIONS', 'BOOT_ENV', 'CATALOG'],
  ...['CERTIFICATE', 'CLOUD_BACKUP', 'CLOUD_SYNC', 'DATASET', 'DIRECTORY_SERVICE', 'DISK', 'DOCKER'],
  ...['ENCLOSURE', 'FAILOVER', 'FILESYSTEM_ATTRS', 'FILESYSTEM_DATA', 'IPMI', 'JBOF', 'KEYCHAIN_CREDENTIAL'],
  ...['KMIP', 'NETWORK_GENERAL', 'NETWORK_INTERFACE', 'POOL', 'POOL_SCRUB', 'PRIVILEGE'],
  ...['REPLICATION_TASK', 'REPLICATION_TASK_CONFIG', 'REPORTING', 'SERVICE', 'SHARING', 'SHARING_FTP'],
  ...['SHARING_ISCSI', 'SHARING_ISCSI_AUTH', 'SHARING_ISCSI_EXTENT', 'SHARING_ISCSI_GLOBAL'],
  ...['SHARING_ISCSI_HOST', 'SHARING_ISCSI_INITIATOR', 'SHARING_ISCSI_PORTAL', 'SHARING_ISCSI_TARGET'],
  ...['SHARING_ISCSI_TARGETEXTENT', 'SHARING_NFS', 'SHARING_SMB', 'SNAPSHOT', 'SNAPSHOT_TASK', 'SSH'],
  ...['SUPPORT', 'SYSTEM_ADVANCED', 'SYSTEM_AUDIT', 'SYSTEM_CRON', 'SYSTEM_GENERAL', 'SYSTEM_SECURITY'],
  ...['SYSTEM_TUNABLE', 'SYSTEM_UPDATE', 'TRUECOMMAND', 'TRUENAS_CONNECT', 'VM', 'VM_DEVICE'],
];

/** Areas that came or went, with the releases that have them. */
const CHANGING_AREAS: Readonly<Record<string, readonly SimRelease[]>> = {
  CERTIFICATE_AUTHORITY: ['25.04'],
  VIRT_GLOBAL: ['25.04', '25.10'],
  VIRT_IMAGE: ['25.04', '25.10'],
  VIRT_INSTANCE: ['25.04', '25.10'],
  SHARING_NVME_TARGET: ['25.10', '27.0'],
  SYSTEM_PRODUCT: ['25.10', '27.0'],
  CONTAINER: ['27.0'],
  CONTAINER_DEVICE: ['27.0'],
  CONTAINER_IMAGE: ['27.0'],
  LXC_CONFIG: ['27.0'],
  SHARING_S3: ['27.0'],
  SHARING_WEBSHARE: ['27.0'],
};

/** Parts of the sharing area, which its general roles include. */
const SHARING_PARTS = ['FTP', 'ISCSI', 'NFS', 'NVME_TARGET', 'S3', 'SMB', 'WEBSHARE'];
const ISCSI_PARTS = ['AUTH', 'EXTENT', 'GLOBAL', 'HOST', 'INITIATOR', 'PORTAL', 'TARGET', 'TARGETEXTENT'];

/** Writing roles that do not include the reading role of their area. */
const WRITES_BLINDLY = new Set([
  'SERVICE_WRITE',
  'SYSTEM_AUDIT_WRITE',
  'SYSTEM_PRODUCT_WRITE',
  'SHARING_WRITE',
  'SHARING_ISCSI_WRITE',
]);

function buildTable(release: SimRelease): ReadonlyMap<string, readonly string[]> {
  const changing = Object.entries(CHANGING_AREAS).filter(([, releases]) => releases.includes(release));
  const areas = [...AREAS, ...changing.map(([area]) => area)];
  const table = new Map<string, string[]>();
  for (const area of areas) {
    const read = `${area}_READ`;
    const write = `${area}_WRITE`;
    table.set(read, []);
    table.set(write, WRITES_BLINDLY.has(write) ? [] : [read]);
  }
  const add = (role: string, ...included: string[]): void => {
    table.set(role, [...(table.get(role) ?? []), ...included]);
  };
  for (const end of ['READ', 'WRITE']) {
    const known = (names: readonly string[]): string[] => names.filter((name) => table.has(name));
    add(`SHARING_${end}`, ...known(SHARING_PARTS.map((part) => `SHARING_${part}_${end}`)));
    add(`SHARING_ISCSI_${end}`, ...ISCSI_PARTS.map((part) => `SHARING_ISCSI_${part}_${end}`));
    add(`ALERT_${end}`, `ALERT_LIST_${end}`);
    add(`APPS_${end}`, `CATALOG_${end}`);
    add(`POOL_${end}`, `POOL_SCRUB_${end}`);
    add(`VM_DEVICE_${end}`, `VM_${end}`);
    if (table.has('CONTAINER_READ')) add(`CONTAINER_DEVICE_${end}`, `CONTAINER_${end}`);
  }
  if (!isAtLeast(release, '27.0')) table.set('PRIVILEGE_WRITE', []);
  for (const role of ['DATASET_DELETE', 'SNAPSHOT_DELETE']) table.set(role, []);
  if (table.has('VIRT_INSTANCE_READ')) table.set('VIRT_INSTANCE_DELETE', []);
  if (isAtLeast(release, '25.10')) {
    table.set('MAIL_WRITE', []);
    table.set('ZFS_RESOURCE_READ', []);
  }
  if (isAtLeast(release, '27.0')) {
    table.set('ZFS_RESOURCE_WRITE', ['ZFS_RESOURCE_READ']);
    table.set('ZFS_RESOURCE_DELETE', []);
  }
  table.set('FILESYSTEM_FULL_CONTROL', ['FILESYSTEM_ATTRS_WRITE', 'FILESYSTEM_DATA_WRITE']);
  table.set('REPLICATION_TASK_WRITE_PULL', ['REPLICATION_TASK_WRITE']);
  table.set('REPLICATION_ADMIN', [
    ...['KEYCHAIN_CREDENTIAL_WRITE', 'REPLICATION_TASK_CONFIG_WRITE', 'REPLICATION_TASK_WRITE'],
    ...['SNAPSHOT_TASK_WRITE', 'SNAPSHOT_WRITE'],
  ]);
  table.set(
    'READONLY_ADMIN',
    [...table.keys()].filter((role) => role.endsWith('_READ')),
  );
  table.set('SHARING_ADMIN', [
    ...['DATASET_WRITE', 'FILESYSTEM_ATTRS_WRITE', 'READONLY_ADMIN', 'SERVICE_READ', 'SHARING_WRITE'],
    ...(isAtLeast(release, '27.0') ? ['ZFS_RESOURCE_WRITE'] : []),
  ]);
  table.set(FULL_ADMIN, []);
  return table;
}

const tables = new Map<SimRelease, ReadonlyMap<string, readonly string[]>>();

/** Role → roles it includes directly. */
export function roleTable(release: SimRelease): ReadonlyMap<string, readonly string[]> {
  let table = tables.get(release);
  if (table === undefined) {
    table = buildTable(release);
    tables.set(release, table);
  }
  return table;
}

/** These roles and all they include; for a full administrator every role there is. */
export function expandRoles(release: SimRelease, roles: Iterable<string>): Set<string> {
  const table = roleTable(release);
  const all = new Set<string>();
  const visit = (role: string): void => {
    if (all.has(role)) return;
    all.add(role);
    for (const included of table.get(role) ?? []) visit(included);
  };
  for (const role of roles) visit(role);
  return all.has(FULL_ADMIN) ? new Set([...table.keys()]) : all;
}

/** Every role that grants what one of `roles` grants: themselves and all that include them, without FULL_ADMIN. */
export function rolesThatGrant(release: SimRelease, roles: Iterable<string>): string[] {
  const wanted = new Set(roles);
  const granting: string[] = [];
  for (const role of roleTable(release).keys()) {
    if (role === FULL_ADMIN) continue;
    for (const held of expandRoles(release, [role])) {
      if (!wanted.has(held)) continue;
      granting.push(role);
      break;
    }
  }
  return granting.sort();
}
