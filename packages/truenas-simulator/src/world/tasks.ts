/** Periodic tasks: snapshots, replication, cloud sync, rsync and scrubs, with the credentials they use. */
import { isAtLeast, type SimRelease } from '../releases.ts';
import type { Random } from './random.ts';
import { createTable, type Table, type TableRow } from './table.ts';

/** When a task runs, in the fields of cron. */
export interface Schedule {
  readonly minute: string;
  readonly hour: string;
  readonly dom: string;
  readonly month: string;
  readonly dow: string;
}

/** How a task's last run ended; `RUNNING` and `PENDING` have not. */
export type TaskState = 'PENDING' | 'RUNNING' | 'FINISHED' | 'ERROR';

/** A task with whatever fields its release gives it. */
export interface Task extends TableRow {
  readonly enabled: boolean;
  readonly [field: string]: unknown;
}

export interface SnapshotTask extends Task {
  readonly dataset: string;
  readonly recursive: boolean;
  readonly naming_schema: string;
  /** Why the NAS does not run it though it is enabled. */
  readonly heldFor?: string;
}

export interface Replication extends Task {
  readonly name: string;
  readonly source_datasets: readonly string[];
  readonly target_dataset: string;
  /** Id of the SSH connection; null for a local one. */
  readonly ssh_credentials_id: number | null;
  readonly snapshot_task_ids: readonly number[];
  readonly last: TaskState;
  readonly lastError: string | null;
  readonly lastMs: number;
  /** `dataset@snapshot` of the source that went over last; absent where none did since the world began. */
  readonly lastSnapshot?: string;
  /** The snapshots that both ends had are gone: it cannot go on where it was. */
  readonly hasLostBase?: boolean;
  /** What is going over; only while it runs. */
  readonly progress?: ReplicationProgress | null;
}

/** How far a replication is. */
export interface ReplicationProgress {
  readonly dataset: string;
  readonly snapshot: string;
  readonly snapshotsSent: number;
  readonly snapshotsTotal: number;
  readonly bytesSent: number;
  readonly bytesTotal: number;
}

export interface PathTask extends Task {
  readonly path: string;
}

export interface CloudSync extends PathTask {
  readonly credentials_id: number;
}

export interface Credential extends TableRow {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** All tasks and their credentials. */
export interface Tasks {
  readonly snapshots: Table<SnapshotTask>;
  readonly replications: Table<Replication>;
  readonly cloudSyncs: Table<CloudSync>;
  readonly cloudBackups: Table<CloudSync>;
  readonly cloudCredentials: Table<Credential>;
  readonly keychain: Table<Credential>;
  readonly rsyncs: Table<PathTask>;
  readonly scrubs: Table<Task>;
  readonly cronJobs: Table<Task>;
  readonly initScripts: Table<Task>;
}

/** No task at all. */
export function noTasks(): Tasks {
  return {
    snapshots: createTable<SnapshotTask>([]),
    replications: createTable<Replication>([]),
    cloudSyncs: createTable<CloudSync>([]),
    cloudCredentials: createTable<Credential>([]),
    keychain: createTable<Credential>([]),
    rsyncs: createTable<PathTask>([]),
    scrubs: createTable<Task>([]),
    cronJobs: createTable<Task>([]),
    initScripts: createTable<Task>([]),
    cloudBackups: createTable<CloudSync>([]),
  };
}

/** The tasks of the mixed world. */
export function createTasks(random: Random, release: SimRelease, nowMs: number): Tasks {
  return {
    snapshots: createTable<SnapshotTask>([
      snapshotTask('tank/home', 'auto-%Y-%m-%d_%H-%M', { minute: '0' }, [2, 'WEEK']),
      snapshotTask('tank/media', 'daily-%Y-%m-%d_%H-%M', { minute: '0', hour: '0' }, [2, 'MONTH']),
      snapshotTask('backup/offsite', 'weekly-%Y-%m-%d_%H-%M', { minute: '0', hour: '0', dow: '7' }, [
        1,
        'YEAR',
      ]),
      { ...snapshotTask('fast/scratch', 'auto-%Y-%m-%d_%H-%M', { minute: '0' }, [2, 'DAY']), enabled: false },
    ]),
    replications: createTable<Replication>([
      replication('home to backup', ['tank/home', 'tank/documents'], 'backup/replica', {
        last: 'RUNNING',
        lastMs: nowMs - 12 * 60_000,
        snapshot_task_ids: [1],
      }),
      replication('projects to offsite', ['tank/projects'], 'vault/nas/projects', {
        last: 'ERROR',
        lastError: 'connection to backup.example.org timed out',
        lastMs: nowMs - 14 * 3_600_000,
        ssh_credentials_id: 2,
        transport: 'SSH',
        name_regex: '(auto|daily)-.*',
      }),
    ]),
    cloudCredentials: createTable<Credential>([
      { name: 'Offsite bucket', provider: s3(random, release) },
      {
        name: 'Backblaze',
        provider: { type: 'B2', account: `b2-account-${random.hex(12)}`, key: `b2-key-${random.hex(24)}` },
      },
    ]),
    cloudSyncs: createTable<CloudSync>([
      cloudSync('Photos to bucket', '/mnt/tank/media/photos', 1, random),
      cloudSync('Documents to Backblaze', '/mnt/tank/documents', 2, random),
    ]),
    cloudBackups: createTable<CloudSync>([cloudBackup(random.fork('cloud backups'))]),
    keychain: createTable<Credential>([
      {
        name: 'offsite key pair',
        type: 'SSH_KEY_PAIR',
        attributes: {
          private_key: `-----BEGIN OPENSSH PRIVATE KEY-----\n${random.hex(64)}\n-----END OPENSSH PRIVATE KEY-----\n`,
          public_key: `ssh-ed25519 AAAA${random.hex(40)} root@nas`,
        },
      },
      {
        name: 'backup.example.org',
        type: 'SSH_CREDENTIALS',
        attributes: {
          host: 'backup.example.org',
          port: 22,
          username: 'replication',
          private_key: 1,
          remote_host_key: `ssh-ed25519 AAAA${random.hex(40)}`,
          connect_timeout: 10,
        },
      },
    ]),
    rsyncs: createTable<PathTask>([
      {
        path: '/mnt/tank/iso',
        user: 'root',
        mode: 'MODULE',
        remotehost: 'mirror.example.org',
        remoteport: null,
        remotemodule: 'iso',
        remotepath: '',
        direction: 'PULL',
        desc: 'Installation media',
        schedule: cron({ minute: '30', hour: '3' }),
        recursive: true,
        times: true,
        compress: true,
        archive: false,
        delete: false,
        quiet: false,
        preserveperm: false,
        preserveattr: false,
        delayupdates: true,
        extra: [],
        enabled: true,
      },
    ]),
    cronJobs: createTable<Task>([
      {
        enabled: true,
        stderr: false,
        stdout: true,
        schedule: cron({ minute: '45', hour: '4' }),
        command: '/root/bin/report.sh --quiet',
        description: 'Nightly report',
        user: 'root',
      },
    ]),
    initScripts: createTable<Task>([
      {
        type: 'COMMAND',
        command: 'echo 17179869184 > /sys/module/zfs/parameters/zfs_arc_max',
        script: '',
        when: 'PREINIT',
        enabled: true,
        timeout: 10,
        comment: 'Bound the ARC',
      },
      {
        type: 'SCRIPT',
        command: '',
        script: '/root/bin/tell-ups.sh',
        when: 'SHUTDOWN',
        enabled: false,
        timeout: 30,
        comment: '',
      },
    ]),
    scrubs: createTable<Task>(['tank', 'backup', 'fast'].map((name, index) => scrubTask(index + 1, name))),
  };
}

/** The weekly scrub that the NAS sets up for a pool. */
export function scrubTask(pool: number, name: string): Omit<Task, 'id'> {
  return {
    ...{ pool, pool_name: name, threshold: 35, description: '', enabled: true },
    schedule: cron({ minute: '00', hour: '00', dow: '7' }),
  };
}

/** A schedule with every field filled. */
export function cron(fields: Partial<Schedule>): Schedule {
  return { minute: '00', hour: '*', dom: '*', month: '*', dow: '*', ...fields };
}

/** A recursive snapshot task. */
export function snapshotTask(
  dataset: string,
  schema: string,
  schedule: Partial<Schedule>,
  [lifetime, unit]: readonly [number, string],
): Omit<SnapshotTask, 'id'> {
  return {
    dataset,
    recursive: true,
    lifetime_value: lifetime,
    lifetime_unit: unit,
    enabled: true,
    exclude: [],
    naming_schema: schema,
    allow_empty: true,
    schedule: { ...cron(schedule), begin: '00:00', end: '23:59' },
    vmware_sync: false,
  };
}

/** A replication that pushes to this NAS, save for what `other` says. */
export function replication(
  name: string,
  sources: readonly string[],
  target: string,
  other: Partial<Omit<Replication, 'id'>>,
): Omit<Replication, 'id'> {
  return {
    name,
    direction: 'PUSH',
    transport: 'LOCAL',
    ssh_credentials_id: null,
    netcat_active_side: null,
    netcat_active_side_listen_address: null,
    netcat_active_side_port_min: null,
    netcat_active_side_port_max: null,
    netcat_passive_side_connect_address: null,
    sudo: false,
    source_datasets: sources,
    target_dataset: target,
    recursive: true,
    exclude: [],
    properties: true,
    properties_exclude: [],
    properties_override: {},
    replicate: false,
    encryption: false,
    encryption_inherit: null,
    encryption_key: null,
    encryption_key_format: null,
    encryption_key_location: null,
    snapshot_task_ids: [],
    naming_schema: [],
    also_include_naming_schema: [],
    name_regex: null,
    auto: true,
    schedule: null,
    restrict_schedule: null,
    only_matching_schedule: false,
    allow_from_scratch: false,
    readonly: 'SET',
    hold_pending_snapshots: false,
    retention_policy: 'SOURCE',
    lifetime_value: null,
    lifetime_unit: null,
    lifetimes: [],
    compression: null,
    speed_limit: null,
    large_block: true,
    embed: false,
    compressed: true,
    retries: 5,
    logging_level: null,
    enabled: true,
    has_encrypted_dataset_keys: false,
    last: 'FINISHED',
    lastError: null,
    lastMs: 0,
    ...other,
  };
}

/** What the NAS says of a replication that has lost its base. */
export function noBase({ source_datasets: [source = ''] }: Pick<Replication, 'source_datasets'>): string {
  return `No incremental base on dataset '${source}' and replication from scratch is not allowed`;
}

/** The provider part of credentials for a bucket. */
export function s3(random: Random, release: SimRelease): Readonly<Record<string, unknown>> {
  return {
    type: 'S3',
    access_key_id: `AKIA${random.text(16)}`,
    secret_access_key: `s3-secret-${random.hex(30)}`,
    endpoint: '',
    region: 'eu-central-1',
    skip_region: false,
    signatures_v2: false,
    max_upload_parts: 10_000,
    ...(isAtLeast(release, '27.0')
      ? { provider: 'Other', force_path_style: true, sign_accept_encoding: true }
      : {}),
  };
}

/** A nightly cloud sync that pushes. */
export function cloudSync(
  description: string,
  path: string,
  credentialsId: number,
  random: Random,
): Omit<CloudSync, 'id'> {
  return {
    description,
    path,
    credentials_id: credentialsId,
    attributes: { bucket: 'nas-example', folder: '', fast_list: false },
    schedule: cron({ minute: '15', hour: '2' }),
    pre_script: '',
    post_script: '',
    snapshot: false,
    include: [],
    exclude: [],
    args: '',
    enabled: true,
    bwlimit: [],
    transfers: 4,
    direction: 'PUSH',
    transfer_mode: 'SYNC',
    encryption: true,
    filename_encryption: false,
    encryption_password: `crypt-password-${random.hex(8)}`,
    encryption_salt: `crypt-salt-${random.hex(8)}`,
    create_empty_src_dirs: false,
    follow_symlinks: false,
  };
}

function cloudBackup(random: Random): Omit<CloudSync, 'id'> {
  return {
    description: 'Home to bucket',
    path: '/mnt/tank/home',
    credentials_id: 1,
    attributes: { bucket: 'nas-versions', folder: '/home' },
    schedule: cron({ minute: '30', hour: '1' }),
    pre_script: '',
    post_script: '',
    snapshot: true,
    include: [],
    exclude: [],
    args: '',
    enabled: true,
    password: `restic-password-${random.hex(8)}`,
    keep_last: 30,
    transfer_setting: 'DEFAULT',
    absolute_paths: false,
  };
}
