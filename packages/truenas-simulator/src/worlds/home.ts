/** A NAS in a home: one mirror with photos, films and documents, some apps, a few people; all of it works. */
import type { Household } from '../auth/default-accounts.ts';
import { NO_CLIENTS } from '../world/clients.ts';
import type { DirectoryPlan } from '../world/directories.ts';
import { DISK_MODELS } from '../world/disks.ts';
import { jobSpan } from '../world/past-jobs.ts';
import { finishedScrub } from '../world/scans.ts';
import { noS3 } from '../world/s3.ts';
import { smb } from '../world/share-rows.ts';
import { noShares, type SmbShare } from '../world/shares.ts';
import {
  type CloudSync,
  cloudSync,
  type Credential,
  noTasks,
  scrubTask,
  type SnapshotTask,
  snapshotTask,
  type Task,
} from '../world/tasks.ts';
import { createTable } from '../world/table.ts';
import type { Tree } from '../world/tree.ts';
import { DAY_MS, GIB, HOUR_MS, MINUTE_MS, TIB } from '../world/units.ts';
import { app, noWorkloads } from '../world/workloads.ts';
import type { Blueprint } from './blueprint.ts';

const { HDD_8T, NVME_BOOT } = DISK_MODELS;
const [FAMILY, KIDS, MEDIA] = [3000, 3001, 3002];

const TREE: Tree = {
  tank: { bytes: 200_704, set: { compression: 'lz4', atime: 'off' } },
  'tank/.system': { bytes: 1.1 * GIB },
  'tank/photos': { weight: 16, snapshots: 'daily', note: 'Photos of the family', ratio: 1 },
  'tank/media': { bytes: 262_144, note: 'Films and music' },
  'tank/media/films': { weight: 44, set: { recordsize: String(2 ** 20) }, ratio: 1 },
  'tank/media/music': { weight: 4, ratio: 1.01 },
  'tank/documents': { weight: 1.5, snapshots: 'hourly', set: { quota: String(TIB) } },
  'tank/kids': { weight: 0.6, snapshots: 'daily' },
  'tank/apps': { bytes: 196_608 },
  'tank/apps/immich': { weight: 2, snapshots: 'daily' },
  'tank/apps/nextcloud': { weight: 1, snapshots: 'daily' },
  'tank/backups': { bytes: 131_072 },
  'tank/backups/timemachine': { weight: 8, set: { quota: String(2 * TIB) } },
  'tank/ix-apps': { weight: 0.4, set: { mountpoint: '/mnt/.ix-apps' } },
};

/** Films belong to the group of the media; Immich's folder to root, where the app may not write. */
const DIRECTORIES: readonly DirectoryPlan[] = [
  ['tank/photos', { mode: 0o775, uid: 0, gid: FAMILY }, ['', '2025', '2026']],
  ['tank/media', { mode: 0o775, uid: 0, gid: MEDIA }, ['']],
  ['tank/media/films', { mode: 0o775, uid: 0, gid: MEDIA }, ['']],
  ['tank/documents', { mode: 0o770, uid: 0, gid: FAMILY }, ['', 'taxes', 'school']],
  ['tank/kids', { mode: 0o775, uid: 0, gid: KIDS }, ['']],
  ['tank/apps/immich', { mode: 0o750, uid: 0, gid: 0 }, ['', 'library']],
  ['tank/apps/nextcloud', { mode: 0o770, uid: 568, gid: 568 }, ['']],
];

const HOUSEHOLD: Household = {
  groups: [
    { gid: FAMILY, name: 'family', smb: true },
    { gid: KIDS, name: 'kids', smb: true },
    { gid: MEDIA, name: 'media', smb: true },
  ],
  users: [
    person(3000, 'anna', 'family', []),
    person(3001, 'ben', 'family', ['media']),
    person(3002, 'mia', 'kids', []),
    person(3003, 'tom', 'kids', []),
  ],
  apiKeys: [{ name: 'home assistant', username: 'truenas_admin', ageDays: 210, expiresInDays: null }],
};

function person(uid: number, name: string, group: string, groups: readonly string[]) {
  const full = name.charAt(0).toUpperCase() + name.slice(1);
  return { uid, name, group, groups, isPerson: true, more: { full_name: full } };
}

export const HOME: Blueprint = {
  disks: [
    ['sda', HDD_8T],
    ['sdb', HDD_8T],
    ['sdc', HDD_8T],
    ['nvme0n1', NVME_BOOT],
  ],
  pools: [
    {
      name: 'tank',
      fill: 0.68,
      vdevs: [['data', 'MIRROR', ['sda', 'sdb']]],
      scan: (nowMs) => finishedScrub(nowMs - 4 * DAY_MS, 9 * HOUR_MS, 0),
    },
  ],
  bootDisks: ['nvme0n1'],
  tree: TREE,
  directories: DIRECTORIES,
  household: HOUSEHOLD,
  certificates: [{ name: 'truenas_default', common: 'localhost', ageDays: 90, daysLeft: 307 }],
  services: {
    ...{ iscsitarget: [false, false], nfs: [false, false], snmp: [false, false] },
    ...{ ups: [false, false], nvmet: [false, false], s3: [false, false], ssh: [false, false] },
  },
  audit: {
    work: [
      [4, [['user.update', [7, { groups: [4] }], 'Update user mia']]],
      [2, [['app.upgrade', ['nextcloud', { app_version: 'latest' }], 'App: Upgrading nextcloud']]],
    ],
    wasGuessedAt: false,
  },
  settings: {},
  measuredDays: 380,
  isBusy: false,
  isPlain: true,
  shares: ({ release }) => ({
    ...noShares(),
    smb: createTable<SmbShare>([
      smb(release, 'photos', '/mnt/tank/photos', 'DEFAULT_SHARE', { comment: 'Photos' }),
      smb(release, 'media', '/mnt/tank/media', 'DEFAULT_SHARE', { comment: 'Films and music' }),
      smb(release, 'documents', '/mnt/tank/documents', 'DEFAULT_SHARE'),
      smb(release, 'kids', '/mnt/tank/kids', 'DEFAULT_SHARE'),
      smb(release, 'timemachine', '/mnt/tank/backups/timemachine', 'TIMEMACHINE_SHARE'),
    ]),
  }),
  tasks: ({ random }) => ({
    ...noTasks(),
    snapshots: createTable<SnapshotTask>([
      snapshotTask('tank/documents', 'auto-%Y-%m-%d_%H-%M', { minute: '0' }, [2, 'WEEK']),
      snapshotTask('tank/photos', 'daily-%Y-%m-%d_%H-%M', { minute: '0', hour: '0' }, [2, 'MONTH']),
      snapshotTask('tank/apps', 'daily-%Y-%m-%d_%H-%M', { minute: '0', hour: '0' }, [2, 'MONTH']),
      snapshotTask('tank/kids', 'daily-%Y-%m-%d_%H-%M', { minute: '0', hour: '0' }, [2, 'MONTH']),
    ]),
    cloudCredentials: createTable<Credential>([
      {
        name: 'Backblaze',
        provider: { type: 'B2', account: `b2-account-${random.hex(12)}`, key: `b2-key-${random.hex(24)}` },
      },
    ]),
    cloudSyncs: createTable<CloudSync>([cloudSync('Photos to Backblaze', '/mnt/tank/photos', 1, random)]),
    scrubs: createTable<Task>([scrubTask(1, 'tank')]),
  }),
  workloads: ({ random }) => ({
    ...noWorkloads(),
    docker: 'RUNNING',
    apps: [
      {
        ...app(random, 'immich', '1.9.2', '1.132.3', 'RUNNING', '1.9.9', [[30_041, 2283]]),
        hostPaths: [['/mnt/tank/apps/immich/library', '/usr/src/app/upload']],
      },
      app(random, 'jellyfin', '1.1.30', '10.10.3', 'RUNNING', null, [[30_013, 8096]]),
      {
        ...app(random, 'nextcloud', '2.0.4', '30.0.4', 'RUNNING', '2.0.7', [[30_027, 80]]),
        hostPaths: [['/mnt/tank/apps/nextcloud', '/var/www/html/data']],
      },
    ],
  }),
  s3: noS3,
  clients: ({ random, nowMs }) => ({
    ...NO_CLIENTS,
    smb: [
      {
        ...{ sessionId: random.int(1e8, 2e9), pid: random.int(20_000, 60_000), username: 'anna' },
        ...{ address: '192.0.2.101', hostname: 'laptop-anna', dialect: 'SMB3_11' },
        ...{ connectedMs: nowMs - 2 * HOUR_MS, shares: ['photos', 'documents'] },
        openFiles: [{ share: 'documents', name: 'taxes/2026.xlsx', isWritten: true }],
      },
    ],
  }),
  alerts(raise, { system }) {
    if (system.newVersion === null) return;
    raise(
      ...(['HasUpdate', 'INFO', 3 * DAY_MS] as const),
      'A system update is available. Go to System Settings > Update to download it.',
      null,
      { source: 'HasUpdate' },
    );
  },
  pastJobs: ({ createdAtMs, system }) => [
    {
      ...{ method: 'pool.import_on_boot', transient: false },
      ...jobSpan(createdAtMs, createdAtMs - system.bootedMs - 40_000, 9_000),
    },
    {
      ...{ method: 'pool.scrub.scrub', arguments: ['tank', 'START'] },
      progress: { percent: 100, description: 'Scrub finished', extra: null },
      ...jobSpan(createdAtMs, 4 * DAY_MS, 9 * HOUR_MS),
    },
    {
      ...{ method: 'cloudsync.sync', arguments: [1, { dry_run: false }], readRoles: ['CLOUD_SYNC_READ'] },
      logs_path: '/var/log/jobs/3.log',
      logs_excerpt: 'Transferred: 2.301 GiB / 2.301 GiB, 100%\nElapsed time: 14m2s',
      progress: { percent: 100, description: 'Transferred: 2.301 GiB', extra: null },
      ...jobSpan(createdAtMs, 11 * HOUR_MS, 14 * MINUTE_MS),
    },
  ],
};
