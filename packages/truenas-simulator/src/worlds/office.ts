/** A NAS in an office: departments with shares of their own, replication, a copy in the cloud, virtual machines. */
import type { Household } from '../auth/default-accounts.ts';
import { NO_CLIENTS } from '../world/clients.ts';
import { EXPIRING_DAYS } from '../world/certificates.ts';
import type { DirectoryPlan } from '../world/directories.ts';
import { DISK_MODELS, sataDisks } from '../world/disks.ts';
import { jobSpan } from '../world/past-jobs.ts';
import { finishedScrub } from '../world/scans.ts';
import { noS3 } from '../world/s3.ts';
import { extent, nfs, smb, target } from '../world/share-rows.ts';
import {
  type Extent,
  type Initiator,
  noShares,
  type PathShare,
  type Portal,
  type Shares,
  type SmbShare,
  type Target,
  type TargetExtent,
} from '../world/shares.ts';
import {
  type CloudSync,
  cloudSync,
  type Credential,
  noTasks,
  type Replication,
  replication,
  s3,
  scrubTask,
  type SnapshotTask,
  snapshotTask,
  type Task,
  type Tasks,
} from '../world/tasks.ts';
import { createTable } from '../world/table.ts';
import type { Tree } from '../world/tree.ts';
import { DAY_MS, GIB, HOUR_MS, MINUTE_MS, TIB } from '../world/units.ts';
import { noWorkloads, vm } from '../world/workloads.ts';
import type { Blueprint, Draw } from './blueprint.ts';

const { HDD_16T, NVME_1T, NVME_BOOT, SSD_4T } = DISK_MODELS;
const [SALES, ENGINEERING, ACCOUNTING, IT] = [3000, 3001, 3002, 3003];

const TREE: Tree = {
  tank: { bytes: 200_704, set: { compression: 'lz4', atime: 'off' } },
  'tank/.system': { bytes: 2.2 * GIB },
  'tank/departments': { bytes: 196_608, snapshots: 'hourly' },
  'tank/departments/sales': { weight: 9, snapshots: 'hourly', set: { quota: String(12 * TIB) } },
  'tank/departments/engineering': { weight: 20, snapshots: 'hourly', ratio: 1.7 },
  'tank/departments/accounting': { weight: 2, snapshots: 'hourly', key: 'HEX', note: 'Encrypted with a key' },
  'tank/public': { weight: 3, snapshots: 'daily', note: 'Exchange between departments' },
  'tank/home': { bytes: 262_144, snapshots: 'daily' },
  'tank/home/erin': { weight: 0.7, snapshots: 'daily' },
  'tank/home/frank': { weight: 0.9, snapshots: 'daily' },
  'tank/builds': { weight: 4, note: 'Made anew by the build server' },
  'tank/replica': { bytes: 98_304, set: { readonly: 'on' } },
  vms: { bytes: 98_304, set: { compression: 'lz4' } },
  'vms/mail': { bytes: 210 * GIB, zvol: { sizeBytes: 300 * GIB, isSparse: false }, snapshots: 'hourly' },
  'vms/erp': { bytes: 480 * GIB, zvol: { sizeBytes: 600 * GIB, isSparse: false }, snapshots: 'hourly' },
  'vms/proxmox': { bytes: 320 * GIB, zvol: { sizeBytes: 500 * GIB, isSparse: true }, snapshots: 'daily' },
  backup: { bytes: 98_304, set: { compression: 'zstd' } },
  'backup/departments': { bytes: 98_304, set: { readonly: 'on' }, note: 'Written by replication' },
  'backup/departments/sales': { weight: 9, set: { readonly: 'on' }, snapshots: 'hourly' },
  'backup/departments/engineering': { weight: 20, set: { readonly: 'on' }, snapshots: 'hourly', ratio: 1.7 },
  'backup/departments/accounting': { weight: 2, set: { readonly: 'on' }, snapshots: 'hourly' },
};

const DIRECTORIES: readonly DirectoryPlan[] = [
  ['tank/departments/sales', { mode: 0o770, uid: 0, gid: SALES }, ['', 'offers', 'customers']],
  ['tank/departments/engineering', { mode: 0o770, uid: 0, gid: ENGINEERING }, ['', 'drawings', 'firmware']],
  ['tank/departments/accounting', { mode: 0o770, uid: 0, gid: ACCOUNTING }, ['', '2025', '2026']],
  ['tank/public', { mode: 0o777, uid: 0, gid: 0 }, ['']],
  ['tank/home/erin', { mode: 0o700, uid: 3000, gid: ENGINEERING }, ['']],
  ['tank/home/frank', { mode: 0o700, uid: 3001, gid: SALES }, ['']],
];

const HOUSEHOLD: Household = {
  groups: [
    { gid: SALES, name: 'sales', smb: true },
    { gid: ENGINEERING, name: 'engineering', smb: true },
    { gid: ACCOUNTING, name: 'accounting', smb: true },
    { gid: IT, name: 'it', smb: true },
  ],
  users: [
    {
      ...{ uid: 3000, name: 'erin', group: 'engineering', groups: ['it'], isPerson: true },
      more: { full_name: 'Erin Novak', home: '/mnt/tank/home/erin', sudo_commands_nopasswd: ['ALL'] },
    },
    {
      ...{ uid: 3001, name: 'frank', group: 'sales', isPerson: true },
      more: { full_name: 'Frank Weber', home: '/mnt/tank/home/frank' },
    },
    {
      ...{ uid: 3002, name: 'grace', group: 'accounting', isPerson: true },
      more: { full_name: 'Grace Lindt' },
    },
    {
      ...{ uid: 3003, name: 'heidi', group: 'sales', groups: ['accounting'], isPerson: true },
      more: { full_name: 'Heidi Klein' },
    },
    {
      ...{ uid: 3004, name: 'ivan', group: 'engineering', isPerson: true },
      more: { full_name: 'Ivan Petrov', ssh_password_enabled: true },
    },
    {
      ...{ uid: 3005, name: 'judy', group: 'sales', isPerson: true },
      more: { full_name: 'Judy (left in spring)', locked: true },
    },
    {
      ...{ uid: 3100, name: 'scanner', group: 'accounting', isPerson: true },
      more: { full_name: 'Scanner' },
    },
  ],
  privileges: [{ name: 'IT department', gid: IT, roles: ['FULL_ADMIN'] }],
  apiKeys: [
    { name: 'monitoring', username: 'truenas_admin', ageDays: 60, expiresInDays: 305 },
    { name: 'old deploy script', username: 'erin', ageDays: 900, expiresInDays: null },
  ],
};

export const OFFICE: Blueprint = {
  disks: [
    ...sataDisks('abcdef', HDD_16T),
    ...sataDisks('gh', HDD_16T),
    ...sataDisks('ij', SSD_4T),
    ['sdk', HDD_16T],
    ['nvme0n1', NVME_BOOT],
    ['nvme1n1', NVME_BOOT],
    ['nvme2n1', NVME_1T],
  ],
  pools: [
    {
      name: 'tank',
      fill: 0.46,
      vdevs: [
        ['data', 'RAIDZ2', ['sda', 'sdb', 'sdc', 'sdd', 'sde', 'sdf']],
        ['cache', 'DISK', ['nvme2n1']],
        ['spare', 'DISK', ['sdk']],
      ],
      scan: (nowMs) => finishedScrub(nowMs - 5 * DAY_MS, 13 * HOUR_MS, 0),
    },
    {
      name: 'vms',
      fill: 0.37,
      vdevs: [['data', 'MIRROR', ['sdi', 'sdj']]],
      scan: (nowMs) => finishedScrub(nowMs - 5 * DAY_MS, 50 * MINUTE_MS, 0),
    },
    {
      name: 'backup',
      fill: 0.62,
      vdevs: [['data', 'MIRROR', ['sdg', 'sdh']]],
      scan: (nowMs) => finishedScrub(nowMs - 4 * DAY_MS, 15 * HOUR_MS, 0),
    },
  ],
  bootDisks: ['nvme0n1', 'nvme1n1'],
  tree: TREE,
  directories: DIRECTORIES,
  household: HOUSEHOLD,
  certificates: [
    { name: 'truenas_default', common: 'localhost', ageDays: 390, daysLeft: 7 },
    { name: 'nas_example_org', common: 'nas.example.org', ageDays: 344, daysLeft: EXPIRING_DAYS },
  ],
  services: { ups: [true, true], nvmet: [false, false], s3: [false, false] },
  audit: {
    work: [
      [6, [['user.update', [10, { locked: true }], 'Update user judy']]],
      [3, [['sharing.smb.update', [4, { comment: 'Exchange' }], 'SMB share update public']]],
      [
        1,
        [['replication.update', [2, { speed_limit: null }], 'Replication task update: engineering offsite']],
      ],
    ],
    wasGuessedAt: true,
  },
  settings: {
    docker: { pool: null, dataset: null },
    ssh: { passwordauth: true, password_login_groups: ['engineering'] },
  },
  measuredDays: 400,
  isBusy: false,
  shares: sharesOf,
  tasks: tasksOf,
  workloads: ({ random }) => ({
    ...noWorkloads(),
    vms: [
      vm(random, 1, 'mail', 2, 8 * GIB, 'RUNNING', 'vms/mail'),
      vm(random, 2, 'erp', 4, 16 * GIB, 'RUNNING', 'vms/erp'),
    ],
  }),
  s3: noS3,
  clients: ({ random, nowMs }) => ({
    ...NO_CLIENTS,
    smb: ['frank', 'grace', 'heidi'].map((username, index) => ({
      ...{ sessionId: random.int(1e8, 2e9), pid: random.int(20_000, 60_000), username },
      ...{ address: `192.0.2.${String(111 + index)}`, hostname: `pc-${username}`, dialect: 'SMB3_11' },
      ...{ connectedMs: nowMs - (index + 1) * HOUR_MS, openFiles: [] },
      shares: [username === 'grace' ? 'accounting' : 'sales', 'public'],
    })),
    iscsi: [{ initiator: 'iqn.1993-08.org.debian:01:pve1', address: '192.0.2.31', target: 'proxmox' }],
  }),
  alerts(raise, { system }) {
    const expiring = 'Certificate %(name)r is expiring within %(days)d days.';
    const source = { source: 'CertificateChecks' };
    raise(
      'CertificateIsExpiring',
      'NOTICE',
      9 * DAY_MS,
      expiring,
      { name: 'nas_example_org', days: 21 },
      source,
    );
    raise(
      'CertificateIsExpiringSoon',
      'WARNING',
      DAY_MS,
      expiring,
      { name: 'truenas_default', days: 7 },
      source,
    );
    if (system.newVersion === null) return;
    raise(
      ...(['HasUpdate', 'INFO', 3 * DAY_MS] as const),
      'A system update is available. Go to System Settings > Update to download it.',
      null,
      { source: 'HasUpdate' },
    );
  },
  pastJobs: ({ createdAtMs }) => [
    {
      ...{ method: 'replication.run', arguments: [1], readRoles: ['REPLICATION_TASK_READ'] },
      progress: { percent: 100, description: 'Sent 3 of 3', extra: null },
      ...jobSpan(createdAtMs, 50 * MINUTE_MS, 4 * MINUTE_MS),
    },
    {
      ...{ method: 'replication.run', arguments: [2], readRoles: ['REPLICATION_TASK_READ'] },
      progress: { percent: 100, description: 'Sent 1 of 1', extra: null },
      ...jobSpan(createdAtMs, 9 * HOUR_MS, 38 * MINUTE_MS),
    },
    {
      ...{ method: 'cloudsync.sync', arguments: [1, { dry_run: false }], readRoles: ['CLOUD_SYNC_READ'] },
      progress: { percent: 100, description: 'Transferred: 4.808 GiB', extra: null },
      ...jobSpan(createdAtMs, 10 * HOUR_MS, 22 * MINUTE_MS),
    },
  ],
};

function sharesOf({ random, release }: Draw): Shares {
  const department = (name: string) =>
    smb(release, name, `/mnt/tank/departments/${name}`, 'DEFAULT_SHARE', { comment: `Files of ${name}` });
  return {
    ...noShares(),
    smb: createTable<SmbShare>([
      department('sales'),
      department('engineering'),
      department('accounting'),
      smb(release, 'public', '/mnt/tank/public', 'DEFAULT_SHARE', { comment: 'Exchange' }),
    ]),
    nfs: createTable<PathShare>([
      nfs('/mnt/tank/builds', { networks: ['192.0.2.0/24'], comment: 'Build server' }),
    ]),
    portals: createTable<Portal>([{ listen: [{ ip: '0.0.0.0' }], tag: 1, comment: 'all interfaces' }]),
    initiators: createTable<Initiator>([{ initiators: [], comment: 'anyone' }]),
    targets: createTable<Target>([
      target('proxmox', 'Disk for Proxmox', 1, [{ portal: 1, initiator: 1, authmethod: 'NONE', auth: null }]),
    ]),
    extents: createTable<Extent>([extent(random, release, 'proxmox', 'vms/proxmox', true)]),
    targetExtents: createTable<TargetExtent>([{ target: 1, lunid: 0, extent: 1 }]),
  };
}

function tasksOf({ random, release, nowMs }: Draw): Tasks {
  const daily = { minute: '0', hour: '0' };
  return {
    ...noTasks(),
    snapshots: createTable<SnapshotTask>([
      snapshotTask('tank/departments', 'auto-%Y-%m-%d_%H-%M', { minute: '0' }, [2, 'WEEK']),
      snapshotTask('tank/public', 'daily-%Y-%m-%d_%H-%M', daily, [2, 'MONTH']),
      snapshotTask('tank/home', 'daily-%Y-%m-%d_%H-%M', daily, [2, 'MONTH']),
      snapshotTask('vms', 'auto-%Y-%m-%d_%H-%M', { minute: '0' }, [2, 'WEEK']),
    ]),
    replications: createTable<Replication>([
      replication('departments to backup', ['tank/departments'], 'backup/departments', {
        ...{ last: 'FINISHED', lastMs: nowMs - 50 * MINUTE_MS, snapshot_task_ids: [1] },
      }),
      replication('engineering offsite', ['tank/departments/engineering'], 'vault/office/engineering', {
        ...{ last: 'FINISHED', lastMs: nowMs - 9 * HOUR_MS, ssh_credentials_id: 2, transport: 'SSH' },
        name_regex: 'auto-.*',
      }),
    ]),
    keychain: createTable<Credential>([
      {
        ...{ name: 'offsite key pair', type: 'SSH_KEY_PAIR' },
        attributes: {
          private_key: `-----BEGIN OPENSSH PRIVATE KEY-----\n${random.hex(64)}\n-----END OPENSSH PRIVATE KEY-----\n`,
          public_key: `ssh-ed25519 AAAA${random.hex(40)} root@nas`,
        },
      },
      {
        ...{ name: 'vault.example.org', type: 'SSH_CREDENTIALS' },
        attributes: {
          ...{ host: 'vault.example.org', port: 22, username: 'replication', private_key: 1 },
          ...{ remote_host_key: `ssh-ed25519 AAAA${random.hex(40)}`, connect_timeout: 10 },
        },
      },
    ]),
    cloudCredentials: createTable<Credential>([{ name: 'Office bucket', provider: s3(random, release) }]),
    cloudSyncs: createTable<CloudSync>([
      cloudSync('Accounting to bucket', '/mnt/tank/departments/accounting', 1, random),
    ]),
    scrubs: createTable<Task>([scrubTask(1, 'tank'), scrubTask(2, 'vms'), scrubTask(3, 'backup')]),
  };
}
