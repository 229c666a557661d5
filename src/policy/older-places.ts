/**
 * What an answer says of mending things on a release on which this server changes nothing (TrueNAS CORE, SCALE up to 24.10):
 * pages of that release's web interface, in place of change tools and of the pages of later releases.
 */
import { API_KEYS_PLACE } from '../truenas/api-key.ts';
import { isAtLeast, type Release } from '../truenas/releases.ts';

/** A product that is only read here. */
export type OlderProduct = 'CORE' | 'SCALE';

/** The product of a release before 25.04; undefined for later ones, and for an unknown one. */
export function olderProductOf(release: Release): OlderProduct | undefined {
  if (isAtLeast(release, '25.04')) return undefined;
  return /^1\d\./u.test(release.family) ? 'CORE' : 'SCALE';
}

/** The page on which a person does what a change tool would do. */
export function olderPlaceOfTool(tool: string, product: OlderProduct): string {
  const area = AREA_BY_TOOL[tool];
  return area === undefined ? 'the web interface' : `web interface: ${PAGES[area][product]}`;
}

/** Our own words about what to do, with the pages of this product for change tools and for pages of later releases. */
export function inOlderWords(text: string, product: OlderProduct): string {
  const withoutTools = text.replace(TOOL_CALL, (_call, tool: string) => olderPlaceOfTool(tool, product));
  return MOVED_PAGES[product].reduce((said, [page, older]) => said.replaceAll(page, older), withoutTools);
}

type Area = keyof typeof PAGES;

const PAGES = {
  alerts: { CORE: 'the bell at the top right', SCALE: 'the bell at the top right' },
  apps: { CORE: 'Plugins', SCALE: 'Apps' },
  datasets: { CORE: 'Storage > Pools', SCALE: 'Datasets' },
  disks: { CORE: 'Storage > Pools > Status', SCALE: 'Storage > Manage Devices' },
  jobs: { CORE: 'the task manager at the top right', SCALE: 'the list of jobs at the top right' },
  network: { CORE: 'Network > Interfaces', SCALE: 'Network' },
  permissions: { CORE: 'Storage > Pools > Edit Permissions', SCALE: 'Datasets > Permissions' },
  pools: { CORE: 'Storage > Pools', SCALE: 'Storage' },
  power: { CORE: 'the power button at the top right', SCALE: 'the power button at the top right' },
  services: { CORE: 'Services', SCALE: 'System > Services' },
  shares: { CORE: 'Sharing', SCALE: 'Shares' },
  snapshot_tasks: {
    CORE: 'Tasks > Periodic Snapshot Tasks',
    SCALE: 'Data Protection > Periodic Snapshot Tasks',
  },
  snapshots: { CORE: 'Storage > Snapshots', SCALE: 'Datasets > Manage Snapshots' },
  replications: { CORE: 'Tasks > Replication Tasks', SCALE: 'Data Protection > Replication Tasks' },
  tasks: { CORE: 'Tasks', SCALE: 'Data Protection' },
  users: { CORE: 'Accounts > Users', SCALE: 'Credentials > Users' },
} as const;

/** By change tool; a test holds the table against those that findings name. */
export const AREA_BY_TOOL: Readonly<Record<string, Area>> = {
  cancel_job: 'jobs',
  clone_snapshot: 'snapshots',
  control_service: 'services',
  create_app: 'apps',
  create_dataset: 'datasets',
  create_replication: 'replications',
  create_share: 'shares',
  create_snapshot: 'snapshots',
  create_snapshot_task: 'snapshot_tasks',
  create_user: 'users',
  create_zvol: 'datasets',
  delete_dataset: 'datasets',
  delete_share: 'shares',
  delete_snapshot_task: 'snapshot_tasks',
  delete_snapshots: 'snapshots',
  dismiss_alert: 'alerts',
  hold_snapshot: 'snapshots',
  lock_dataset: 'datasets',
  offline_disk: 'disks',
  online_disk: 'disks',
  promote_dataset: 'datasets',
  reboot_system: 'power',
  release_snapshot: 'snapshots',
  rename_dataset: 'datasets',
  replace_disk: 'disks',
  restart_app: 'apps',
  restore_alert: 'alerts',
  restore_files: 'snapshots',
  rollback_app: 'apps',
  rollback_dataset: 'snapshots',
  run_task: 'tasks',
  set_permissions: 'permissions',
  shutdown_system: 'power',
  start_app: 'apps',
  start_scrub: 'pools',
  stop_app: 'apps',
  stop_scrub: 'pools',
  unlock_dataset: 'datasets',
  update_interface: 'network',
  update_dataset: 'datasets',
  update_share: 'shares',
  update_snapshot_task: 'snapshot_tasks',
  upgrade_app: 'apps',
};

/** A change tool with what follows as its arguments: `{"dataset":"tank/a"}`, or `with allow`. */
const TOOL_CALL = new RegExp(
  String.raw`\b(${Object.keys(AREA_BY_TOOL).join('|')})\b(?: \{(?:[^{}]|\{[^{}]*\})*\}| with [\w.]+)?`,
  'gu',
);

/** Pages of later releases, the longer first, with what they are called here. */
const MOVED_PAGES: Readonly<Record<OlderProduct, readonly (readonly [page: string, older: string])[]>> = {
  SCALE: [
    [API_KEYS_PLACE, 'user menu at the top right > API Keys'],
    ['System > Advanced > Save Debug', 'System > Advanced Settings > Save Debug'],
  ],
  CORE: [
    [API_KEYS_PLACE, 'gear at the top right > API Keys'],
    ['Credentials > Certificates > ACME DNS-Authenticators', 'System > ACME DNS'],
    ['Credentials > Certificates', 'System > Certificates'],
    ['Credentials > Backup Credentials', 'System > SSH Connections, or System > Cloud Credentials'],
    ['Credentials > Directory Services', 'Directory Services'],
    ['Credentials > Users', 'Accounts > Users'],
    ['Data Protection > the task', 'Tasks > the task'],
    ['Data Protection', 'Tasks'],
    ['Shares > SMB', 'Sharing > Windows Shares (SMB)'],
    ['Storage > Manage Devices, for more disks', 'Storage > Pools > Add Vdevs, for more disks'],
    ['Storage > Manage Devices', 'Storage > Pools > Status'],
    ['System > Advanced Settings > Global Two Factor Authentication', 'System > 2FA'],
    ['System > Advanced Settings', 'System > Advanced'],
    ['System > General Settings > GUI', 'System > General'],
    ['System > General Settings > Manage Configuration', 'System > General > Save Config'],
    ['System > General Settings', 'System > General'],
    ['System > Services', 'Services'],
  ],
};
