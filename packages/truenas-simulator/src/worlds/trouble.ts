/** A NAS on which much has gone wrong at once; each trouble shows wherever a real one would show it. */
import type { Household } from '../auth/default-accounts.ts';
import { isAtLeast } from '../releases.ts';
import { POOL_TEMPLATE, type Raise } from '../world/alerts.ts';
import { NO_CLIENTS } from '../world/clients.ts';
import { DISK_MODELS } from '../world/disks.ts';
import { BY_ADMIN, failedJob, jobSpan } from '../world/past-jobs.ts';
import { finishedScrub } from '../world/scans.ts';
import { noS3 } from '../world/s3.ts';
import { nfs, smb } from '../world/share-rows.ts';
import { noShares, type PathShare, type SmbShare } from '../world/shares.ts';
import {
  type CloudSync,
  cloudSync,
  type Credential,
  noBase,
  noTasks,
  type Replication,
  replication,
  s3,
  scrubTask,
  type SnapshotTask,
  snapshotTask,
  type Task,
} from '../world/tasks.ts';
import { createTable } from '../world/table.ts';
import type { Tree } from '../world/tree.ts';
import { DAY_MS, GIB, HOUR_MS, MINUTE_MS, SECOND_MS } from '../world/units.ts';
import { app, noWorkloads } from '../world/workloads.ts';
import type { World } from '../world/world.ts';
import { type AlertSubjects, type Blueprint, usedPercent } from './blueprint.ts';

const { HDD_8T, NVME_BOOT } = DISK_MODELS;

const TREE: Tree = {
  tank: { bytes: 200_704, set: { compression: 'lz4', atime: 'off' } },
  'tank/.system': { bytes: 1.3 * GIB },
  'tank/documents': { weight: 3, snapshots: 'hourly' },
  'tank/photos': { weight: 12, snapshots: 'daily' },
  'tank/private': { weight: 2, key: 'LOCKED', snapshots: 'daily', note: 'Locked since the last boot' },
  'tank/exports': { weight: 4 },
  'tank/ix-apps': { weight: 0.5, set: { mountpoint: '/mnt/.ix-apps' } },
  archive: { bytes: 98_304, set: { compression: 'zstd' } },
  'archive/documents': { weight: 3, set: { readonly: 'on' }, snapshots: 'weekly' },
  'archive/films': { weight: 40, snapshots: 'hourly', ratio: 1 },
  'archive/deleted-soon': { weight: 9, snapshots: 'hourly' },
};

const HOUSEHOLD: Household = {
  groups: [{ gid: 3000, name: 'family', smb: true }],
  users: [
    { uid: 3000, name: 'olga', group: 'family', isPerson: true, more: { full_name: 'Olga' } },
    {
      ...{ uid: 3001, name: 'paul', group: 'family', isPerson: true },
      more: { full_name: 'Paul', locked: true },
    },
  ],
  apiKeys: [
    { name: 'script of 2023', username: 'truenas_admin', ageDays: 1100, expiresInDays: null },
    { name: 'trial', username: 'truenas_admin', ageDays: 120, expiresInDays: -30 },
  ],
};

const REPLICATION = { name: 'documents to archive', source_datasets: ['tank/documents'] } as const;
const CLOUD_ERROR = 'Failed to create file system for "remote:nas-example": AccessDenied: Access Denied';
const CRASH = "Failed 'up' action for 'nextcloud' app: container nextcloud-postgres exited (1)";

export const TROUBLE: Blueprint = {
  disks: [
    ['sda', HDD_8T],
    ['sdb', HDD_8T, 'failing'],
    ['sdc', HDD_8T],
    ['sdd', HDD_8T],
    ['sde', HDD_8T],
    ['nvme0n1', NVME_BOOT],
  ],
  pools: [
    {
      name: 'tank',
      fill: 0.52,
      vdevs: [['data', 'MIRROR', ['sda', 'sdb']]],
      failed: 'sdb',
      scan: (nowMs) => finishedScrub(nowMs - 49 * DAY_MS, 8 * HOUR_MS, 3),
    },
    {
      name: 'archive',
      fill: 0.985,
      vdevs: [['data', 'MIRROR', ['sdc', 'sdd']]],
      scan: (nowMs) => finishedScrub(nowMs - 6 * DAY_MS, 14 * HOUR_MS, 0),
    },
  ],
  bootDisks: ['nvme0n1'],
  tree: TREE,
  directories: [['tank/documents', { mode: 0o770, uid: 0, gid: 3000 }, ['']]],
  household: HOUSEHOLD,
  certificates: [
    { name: 'truenas_default', common: 'localhost', ageDays: 200, daysLeft: 197 },
    { name: 'nas_example_org', common: 'nas.example.org', ageDays: 377, daysLeft: -12 },
  ],
  services: {
    ...{ cifs: [true, false], iscsitarget: [false, false], snmp: [false, false] },
    ...{ nvmet: [false, false], s3: [false, false] },
  },
  audit: {
    work: [
      [1, [['app.upgrade', ['nextcloud', { app_version: 'latest' }], 'App: Upgrading nextcloud']]],
      [4, [['user.update', [4, { locked: true }], 'Update user paul']]],
    ],
    wasGuessedAt: true,
  },
  settings: {},
  measuredDays: 400,
  upMs: 2 * DAY_MS,
  isBusy: false,
  shares: ({ release }) => ({
    ...noShares(),
    smb: createTable<SmbShare>([
      smb(release, 'documents', '/mnt/tank/documents', 'DEFAULT_SHARE'),
      smb(release, 'private', '/mnt/tank/private', 'DEFAULT_SHARE'),
    ]),
    nfs: createTable<PathShare>([nfs('/mnt/tank/exports', { maproot_user: 'root', maproot_group: 'root' })]),
  }),
  tasks: ({ random, release, nowMs }) => ({
    ...noTasks(),
    snapshots: createTable<SnapshotTask>([
      snapshotTask('tank/documents', 'auto-%Y-%m-%d_%H-%M', { minute: '0' }, [2, 'WEEK']),
      snapshotTask('tank/photos', 'daily-%Y-%m-%d_%H-%M', { minute: '0', hour: '0' }, [2, 'MONTH']),
      {
        ...snapshotTask('tank/private', 'daily-%Y-%m-%d_%H-%M', { minute: '0', hour: '0' }, [2, 'MONTH']),
        heldFor: 'Dataset tank/private is locked',
      },
    ]),
    replications: createTable<Replication>([
      replication(REPLICATION.name, REPLICATION.source_datasets, 'archive/documents', {
        ...{ last: 'ERROR', lastError: noBase(REPLICATION), lastMs: nowMs - 7 * HOUR_MS },
        ...{ snapshot_task_ids: [1], hasLostBase: true },
      }),
    ]),
    cloudCredentials: createTable<Credential>([{ name: 'Bucket', provider: s3(random, release) }]),
    cloudSyncs: createTable<CloudSync>([cloudSync('Photos to bucket', '/mnt/tank/photos', 1, random)]),
    scrubs: createTable<Task>([{ ...scrubTask(1, 'tank'), enabled: false }, scrubTask(2, 'archive')]),
  }),
  workloads: ({ random }) => ({
    ...noWorkloads(),
    docker: 'RUNNING',
    apps: [
      app(random, 'nextcloud', '2.0.3', '30.0.4', 'CRASHED', '2.0.4', [[30_027, 80]]),
      app(random, 'jellyfin', '1.1.30', '10.10.3', 'RUNNING', null, [[30_013, 8096]]),
    ],
  }),
  s3: noS3,
  clients: () => NO_CLIENTS,
  alerts: raiseTrouble,
  pastJobs,
};

function raiseTrouble(raise: Raise, subjects: AlertSubjects): void {
  const disk = subjects.disks.named('sdb');
  raise(
    ...(['CertificateExpired', 'CRITICAL', 12 * DAY_MS, 'Certificate %(name)r has expired.'] as const),
    { name: 'nas_example_org' },
    { source: 'CertificateChecks' },
  );
  const args = {
    ...{ volume: 'tank', state: 'DEGRADED' },
    status: 'One or more devices are faulted in response to persistent errors.',
    devices: `<br>The following devices are not healthy:<ul><li>Disk ${disk.model} ${disk.serial} is FAULTED</li></ul>`,
  };
  raise('VolumeStatus', 'CRITICAL', 2 * DAY_MS, POOL_TEMPLATE, args, { source: 'VolumeStatus' });
  if (isAtLeast(subjects.release, '25.10')) {
    raise(
      ...(['SMARTUncorrectedErrors', 'WARNING', 3 * DAY_MS] as const),
      '%(ue)d uncorrectable errors reported for %(name)s (%(serial)s).',
      { name: disk.name, serial: disk.serial, ue: 96 },
      { source: 'SMART' },
    );
  } else {
    const message = '96 Currently unreadable (pending) sectors';
    raise('SMART', 'CRITICAL', 3 * DAY_MS, 'Device: %(device)s, %(message)s.', {
      ...{ device: `/dev/${disk.name} [SAT]`, message },
    });
  }
  raise(
    ...(['ZpoolCapacityCritical', 'CRITICAL', 30 * HOUR_MS] as const),
    'Space usage for pool "%(volume)s" is %(capacity)d%%.',
    { volume: 'archive', capacity: usedPercent(subjects, 'archive') },
    { source: 'ZpoolCapacity' },
  );
  raise(
    ...(['ShareLocked', 'WARNING', 2 * DAY_MS] as const),
    '%(type)s share "%(identifier)s" is unavailable because it uses a locked dataset.',
    { id: 2, type: 'SMB', identifier: 'private' },
  );
  raise('CloudSyncTaskFailed', 'CRITICAL', 10 * HOUR_MS, 'Cloud sync task "%(name)s" failed.', {
    name: 'Photos to bucket',
  });
  raise('ReplicationFailed', 'CRITICAL', 7 * HOUR_MS, 'Replication "%(name)s" failed: %(message)s', {
    ...{ id: 1, name: REPLICATION.name, message: noBase(REPLICATION) },
  });
  raise('UnscheduledReboot', 'WARNING', 2 * DAY_MS - 3 * MINUTE_MS, '%(text)s', {
    text: 'nas.example.org was restarted without being shut down. It is back online.',
  });
}

function pastJobs({ createdAtMs, system }: World) {
  return [
    {
      ...{ method: 'pool.import_on_boot', transient: false },
      ...jobSpan(createdAtMs, createdAtMs - system.bootedMs - 40 * SECOND_MS, 11 * SECOND_MS),
    },
    {
      ...{
        method: 'app.upgrade',
        arguments: ['nextcloud', { app_version: 'latest' }],
        credentials: BY_ADMIN,
      },
      progress: { percent: 40, description: "Upgrading 'nextcloud' app to '2.0.4' version", extra: null },
      ...failedJob(CRASH, 14, 'EFAULT'),
      ...jobSpan(createdAtMs, 26 * HOUR_MS, 3 * MINUTE_MS),
    },
    {
      ...{ method: 'cloudsync.sync', arguments: [1, { dry_run: false }], readRoles: ['CLOUD_SYNC_READ'] },
      ...{ logs_path: '/var/log/jobs/3.log', logs_excerpt: CLOUD_ERROR },
      ...failedJob(CLOUD_ERROR, 14, 'EFAULT'),
      ...jobSpan(createdAtMs, 10 * HOUR_MS, 20 * SECOND_MS),
    },
    {
      ...{ method: 'replication.run', arguments: [1], readRoles: ['REPLICATION_TASK_READ'] },
      ...{ logs_path: '/var/log/jobs/4.log', logs_excerpt: noBase(REPLICATION) },
      ...failedJob(noBase(REPLICATION), 22, 'EINVAL'),
      ...jobSpan(createdAtMs, 7 * HOUR_MS, 9 * SECOND_MS),
    },
  ];
}
