/**
 * Rows as a TrueNAS 25.10 sends them, made up, each with whatever a case changes. Dates are `{"$daysAgo": n}`; see
 * answers.ts for the other special values.
 */

/** A row, or a part of one. */
export type Row = Record<string, unknown>;

export const daysAgo = (days: number): Row => ({ $daysAgo: days });

/** A call that fails on the NAS; EFAULT when nothing else is said. */
export const fails = (reason: string, errname = 'EFAULT', error = 14): Row => ({
  $error: {
    code: -32001,
    message: 'Method call error',
    data: { error, errname, type: 'CallError', reason: `[${errname}] ${reason}`, trace: null, extra: null },
  },
});

/** What a NAS says to a key without the role. */
export const refused = fails('Not authorized', 'EACCES', 13);

/** `row`, with `$i` in it, for each number from `first` to `last`. */
export const repeated = (first: number, last: number, row: Row): Row => ({ $repeat: [first, last], row });

const TIB = 1024 ** 4;

/** Error counts of a member of a pool. */
const stats = (read = 0, write = 0, checksum = 0): Row => ({
  timestamp: 90_000_000_000,
  read_errors: read,
  write_errors: write,
  checksum_errors: checksum,
  ops: [0, 0, 0, 0, 0, 0, 0],
  bytes: [0, 0, 0, 0, 0, 0, 0],
  size: 4 * TIB,
  allocated: 2 * TIB,
  fragmentation: 3,
  self_healed: 0,
});

/** A disk in a pool. */
export const member = (disk: string, status = 'ONLINE', more: Row = {}): Row => ({
  name: `${disk}p2`,
  type: 'DISK',
  path: `/dev/disk/by-partuuid/${disk}-p2`,
  guid: `51${disk.length}0${disk.charCodeAt(disk.length - 1)}`,
  status,
  stats: stats(),
  children: [],
  device: `${disk}p2`,
  disk,
  unavail_disk: null,
  ...more,
});

/** A member with counted errors. */
export const memberWithErrors = (disk: string, read: number, write: number, checksum: number): Row =>
  member(disk, 'ONLINE', { stats: stats(read, write, checksum) });

/** A vdev of several members. */
export const vdev = (
  name: string,
  type: string,
  children: readonly Row[],
  status = 'ONLINE',
  more: Row = {},
): Row => ({
  name,
  type,
  path: null,
  guid: '4401',
  status,
  stats: stats(),
  children,
  device: null,
  disk: null,
  unavail_disk: null,
  ...more,
});

/** A scrub that found nothing. */
export const scrub = (more: Row = {}): Row => ({
  function: 'SCRUB',
  state: 'FINISHED',
  start_time: daysAgo(6.2),
  end_time: daysAgo(6),
  percentage: 99.9,
  bytes_to_process: 5_000_000,
  bytes_processed: 5_000_000,
  bytes_issued: 5_000_000,
  pause: null,
  errors: 0,
  total_secs_left: null,
  ...more,
});

/** A pool in health, half full. */
export const pool = (name: string, more: Row = {}, topology: Row = {}): Row => ({
  id: name.length,
  name,
  guid: '17592186044416',
  path: `/mnt/${name}`,
  status: 'ONLINE',
  scan: scrub(),
  expand: null,
  is_upgraded: true,
  healthy: true,
  warning: false,
  status_code: 'OK',
  status_detail: null,
  size: 8 * TIB,
  allocated: 4 * TIB,
  free: 4 * TIB,
  freeing: 0,
  fragmentation: '7',
  size_str: '8796093022208',
  allocated_str: '4398046511104',
  free_str: '4398046511104',
  freeing_str: '0',
  dedup_table_quota: 'auto',
  dedup_table_size: 0,
  autotrim: { value: 'off', rawvalue: 'off', parsed: 'off', source: 'DEFAULT' },
  topology: {
    data: [vdev('mirror-0', 'MIRROR', [member('sda'), member('sdb')])],
    log: [],
    cache: [],
    spare: [],
    special: [],
    dedup: [],
    ...topology,
  },
  ...more,
});

/** A disk as `disk.query` lists it. */
export const disk = (name: string, more: Row = {}): Row => ({
  identifier: `{serial_lunid}SN-${name.toUpperCase()}_5000c5${name}`,
  name,
  subsystem: 'scsi',
  number: 2048 + (name.codePointAt(name.length - 1) ?? 0),
  serial: `SN-${name.toUpperCase()}`,
  lunid: `5000c5${name}`,
  size: 8_001_563_222_016,
  description: '',
  transfermode: 'Auto',
  hddstandby: 'ALWAYS ON',
  advpowermgmt: 'DISABLED',
  expiretime: null,
  model: 'ACME RUST 8000',
  rotationrate: 7200,
  type: 'HDD',
  zfs_guid: null,
  bus: 'ATA',
  devname: name,
  enclosure: null,
  pool: 'amber',
  ...more,
});

/** A disk as `disk.details` lists it. */
export const diskDetails = (name: string, more: Row = {}): Row => ({
  ...disk(name),
  imported_zpool: 'amber',
  exported_zpool: null,
  unsupported_md_devices: [],
  duplicate_serial: [],
  sectorsize: 512,
  partitions: [],
  ...more,
});

/** A value of ZFS in its three forms. */
export const property = (value: number | string | null, source = 'NONE'): Row => ({
  parsed: value,
  rawvalue: String(value ?? 0),
  value: value === null ? null : String(value),
  source,
  source_info: null,
});

/** A filesystem. */
export const dataset = (id: string, more: Row = {}): Row => ({
  id,
  name: id,
  pool: id.split('/', 1)[0] ?? id,
  type: 'FILESYSTEM',
  encrypted: false,
  encryption_root: null,
  key_loaded: false,
  locked: false,
  mountpoint: `/mnt/${id}`,
  children: [],
  user_properties: {},
  used: property(3 * TIB),
  available: property(3.5 * TIB),
  usedbydataset: property(2 * TIB),
  usedbysnapshots: property(0.5 * TIB),
  usedbychildren: property(0.5 * TIB),
  usedbyrefreservation: property(0),
  quota: property(null, 'DEFAULT'),
  refquota: property(null, 'DEFAULT'),
  reservation: property(null, 'DEFAULT'),
  refreservation: property(null, 'DEFAULT'),
  creation: { ...property('Tue Oct 21 2025'), parsed: daysAgo(400) },
  compression: { ...property('lz4', 'LOCAL'), value: 'LZ4' },
  compressratio: property('1.42'),
  key_format: property('none', 'DEFAULT'),
  encryption_algorithm: property('off', 'DEFAULT'),
  origin: property(''),
  ...more,
});

/** An alert that nobody has dismissed. */
export const alert = (more: Row = {}): Row => ({
  uuid: '7e3a1c52-0000-4000-8000-000000000001',
  source: 'Source',
  klass: 'SomethingOdd',
  args: null,
  node: 'Controller A',
  key: 'null',
  datetime: daysAgo(0.2),
  last_occurrence: daysAgo(0.2),
  dismissed: false,
  mail: null,
  text: 'Something is odd.',
  id: '7e3a1c52-0000-4000-8000-000000000001',
  level: 'WARNING',
  formatted: 'Something is odd.',
  one_shot: false,
  ...more,
});

/** A job that went well. */
export const job = (id: number, method: string, more: Row = {}): Row => ({
  id,
  message_ids: [],
  method,
  arguments: [],
  transient: false,
  description: null,
  abortable: false,
  logs_path: null,
  logs_excerpt: null,
  progress: { percent: 100, description: '', extra: null },
  result: null,
  result_encoding_error: null,
  error: null,
  exception: null,
  exc_info: null,
  state: 'SUCCESS',
  time_started: daysAgo(0.11),
  time_finished: daysAgo(0.1),
  credentials: null,
  ...more,
});

/** The same job, failed. */
export const failedJob = (id: number, method: string, error: string, more: Row = {}): Row =>
  job(id, method, { state: 'FAILED', error, ...more });

const CRON = { minute: '0', hour: '1', dom: '*', month: '*', dow: '*' };

/** A replication that went well. */
export const replication = (id: number, name: string, more: Row = {}): Row => ({
  id,
  name,
  direction: 'PUSH',
  transport: 'LOCAL',
  source_datasets: ['amber/docs'],
  target_dataset: `amber/copies-${id}`,
  recursive: true,
  enabled: true,
  auto: true,
  schedule: CRON,
  restrict_schedule: null,
  periodic_snapshot_tasks: [],
  state: { state: 'FINISHED', datetime: daysAgo(0.4), last_snapshot: 'amber/docs@auto-1', warnings: [] },
  job: null,
  ...more,
});

/** The state of a replication that failed. */
export const failedState = (error: string): Row => ({ state: 'ERROR', datetime: daysAgo(0.3), error });

/** A cloud sync that has not run yet. */
export const cloudSync = (id: number, description: string, more: Row = {}): Row => ({
  id,
  description,
  path: `/mnt/amber/cloud-${id}`,
  direction: 'PUSH',
  transfer_mode: 'COPY',
  enabled: true,
  schedule: CRON,
  job: null,
  locked: false,
  ...more,
});

/** The job of a task that failed. */
export const failedRun = (id: number, method: string, error: string): Row => ({
  ...failedJob(id, method, error),
});

/** A snapshot task that went well. */
export const snapshotTask = (id: number, of: string, more: Row = {}): Row => ({
  id,
  dataset: of,
  recursive: true,
  lifetime_value: 2,
  lifetime_unit: 'WEEK',
  enabled: true,
  exclude: [],
  naming_schema: 'auto-%Y-%m-%d_%H-%M',
  allow_empty: true,
  schedule: { ...CRON, begin: '00:00', end: '23:59' },
  state: { state: 'FINISHED', datetime: daysAgo(0.4) },
  vmware_sync: false,
  ...more,
});

/** An SMB share of 25.10. */
export const smbShare = (id: number, name: string, more: Row = {}): Row => ({
  id,
  purpose: 'DEFAULT_SHARE',
  name,
  path: `/mnt/amber/${name}`,
  enabled: true,
  comment: '',
  readonly: false,
  browsable: true,
  access_based_share_enumeration: false,
  locked: false,
  audit: { enable: false, watch_list: [], ignore_list: [] },
  options: { purpose: 'DEFAULT_SHARE', aapl_name_mangling: false, hostsallow: [], hostsdeny: [] },
  ...more,
});

/** An NFS export. */
export const nfsShare = (id: number, path: string, more: Row = {}): Row => ({
  id,
  path,
  aliases: [],
  comment: '',
  networks: [],
  hosts: [],
  ro: false,
  maproot_user: null,
  maproot_group: null,
  mapall_user: null,
  mapall_group: null,
  security: [],
  enabled: true,
  locked: false,
  expose_snapshots: false,
  ...more,
});

/** An iSCSI target, for one group of initiators. */
export const target = (id: number | string, name: string, more: Row = {}): Row => ({
  id,
  name,
  alias: null,
  mode: 'ISCSI',
  groups: [{ portal: 1, initiator: 1, authmethod: 'NONE', auth: null }],
  auth_networks: [],
  rel_tgt_id: 1,
  iscsi_parameters: null,
  ...more,
});

/** What a LUN of a target shows. */
export const extent = (id: number | string, name: string, path: string, more: Row = {}): Row => ({
  id,
  name,
  type: 'DISK',
  disk: path,
  path,
  serial: `ext-${id}`,
  filesize: '0',
  blocksize: 512,
  pblocksize: false,
  avail_threshold: null,
  comment: '',
  naa: '0x6589cfc000000000',
  insecure_tpc: true,
  xen: false,
  rpm: 'SSD',
  ro: false,
  enabled: true,
  vendor: 'TrueNAS',
  product_id: 'iSCSI Disk',
  locked: false,
  ...more,
});

/** Which extent is which LUN of a target. */
export const lun = (id: number | string, of: number | string, shows: number | string, lunid = 0): Row => ({
  id,
  target: of,
  extent: shows,
  lunid,
});

/** Initiators that may connect. */
export const initiatorGroup = (id: number | string, initiators: readonly string[]): Row => ({
  id,
  initiators,
  comment: '',
});

/** A service that runs. */
export const service = (id: number, name: string, more: Row = {}): Row => ({
  id,
  service: name,
  enable: true,
  state: 'RUNNING',
  pids: [1000 + id],
  ...more,
});
