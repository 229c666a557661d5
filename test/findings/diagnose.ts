/** Troubles that `diagnose_problem` finds. */
import type { WireValue } from '../../src/truenas/client.ts';
import type { ChangeNas } from '../changes/support/change-nas.ts';
import { applied, planWith } from '../changes/support/plan-and-apply.ts';
import { rowsOf, type Trouble } from './trouble.ts';

type Row = Record<string, WireValue>;

const diagnosing = (subject: string, name?: string): Pick<Trouble, 'tool' | 'args'> => ({
  tool: 'diagnose_problem',
  args: name === undefined ? { subject } : { subject, name },
});

const changing =
  (tool: string, args: Record<string, unknown>) =>
  async (nas: ChangeNas): Promise<unknown> =>
    applied(nas, await planWith(nas, tool, args));

/** The rows of one name, changed. */
const named = (method: string, name: string, more: Row) =>
  rowsOf(method, (row) => (row['name'] === name ? { ...row, ...more } : row));

/** One object, changed. */
const object =
  (asked: string, more: Row) =>
  (method: string, answer: WireValue): WireValue =>
    method === asked && answer !== null && typeof answer === 'object' && !Array.isArray(answer)
      ? { ...(answer as Row), ...more }
      : answer;

const POOL: Pick<Trouble, 'tool' | 'args'> = diagnosing('pool', 'tank');
const pool = (id: string, more: Row): Trouble => ({
  id,
  ...POOL,
  answers: named('pool.query', 'tank', more),
});

const POOLS: readonly Trouble[] = [
  pool('pool.suspended', { status: 'SUSPENDED', healthy: false, status_code: 'IO_FAILURE_WAIT' }),
  pool('pool.unavailable', { status: 'UNAVAIL', healthy: false }),
  pool('pool.unhealthy', { healthy: false, status_detail: 'One or more devices has experienced an error.' }),
  pool('pool.full', { size: 1000, allocated: 880, free: 120 }),
  pool('pool.overfull', { size: 1000, allocated: 970, free: 30 }),
  pool('pool.resilvering', {
    scan: {
      ...{ function: 'RESILVER', state: 'SCANNING', percentage: 42, errors: 0, total_secs_left: 10_800 },
      ...{ start_time: new Date('2026-03-01T10:00:00Z'), end_time: null, pause: null },
    },
  }),
  { id: 'pool.degraded', ...diagnosing('pool', 'backup'), without: POOL.args },
  { id: 'pool.data_errors', ...diagnosing('pool', 'backup'), without: POOL.args },
  { id: 'disk.failed', ...diagnosing('disk', 'sdi'), without: { subject: 'disk', name: 'sda' } },
  { id: 'dataset.locked', ...POOL, without: { subject: 'pool', name: 'fast' } },
  {
    id: 'disk.errors',
    ...diagnosing('disk', 'sda'),
    answers: (method, answer) => (method === 'pool.query' ? withErrors(answer) : answer),
  },
  { id: 'disk.smart', ...diagnosing('disk', 'sdi'), without: { subject: 'disk', name: 'sda' } },
  { id: 'disk.hot', ...diagnosing('disk', 'sda'), answers: object('disk.temperatures', { sda: 58 }) },
];

/** The same answer, with three checksum errors on sda. */
function withErrors(value: WireValue): WireValue {
  if (Array.isArray(value)) return value.map(withErrors);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  const row = Object.fromEntries(Object.entries(value as Row).map(([key, item]) => [key, withErrors(item)]));
  const { stats } = row;
  const isMeant =
    row['disk'] === 'sda' && stats !== null && typeof stats === 'object' && !Array.isArray(stats);
  return isMeant ? { ...row, stats: { ...(stats as Row), checksum_errors: 3 } } : row;
}

const MEDIA = diagnosing('share', 'media');

const SHARES: readonly Trouble[] = [
  { id: 'share.locked', ...diagnosing('share', 'vault'), without: MEDIA.args },
  {
    id: 'share.disabled',
    ...MEDIA,
    make: changing('update_share', { share: 'media', kind: 'smb', enabled: false }),
  },
  {
    id: 'share.service_stopped',
    ...MEDIA,
    make: changing('control_service', { service: 'cifs', action: 'stop' }),
  },
  {
    id: 'share.service_not_at_boot',
    ...MEDIA,
    make: changing('control_service', { service: 'cifs', at_boot: false }),
  },
  {
    id: 'share.path_missing',
    ...MEDIA,
    answers: named('sharing.smb.query', 'media', { path: '/mnt/tank/gone', path_local: '/mnt/tank/gone' }),
  },
  { id: 'share.hidden', ...MEDIA, answers: named('sharing.smb.query', 'media', { browsable: false }) },
  {
    id: 'share.not_announced',
    ...MEDIA,
    answers: object('network.configuration.config', {
      service_announcement: { netbios: false, mdns: true, wsd: false },
    }),
  },
  {
    id: 'share.hosts_limited',
    ...MEDIA,
    answers: named('sharing.smb.query', 'media', {
      ...{ hostsallow: ['192.0.2.7'], hostsdeny: [], guestok: false },
      options: { hostsallow: ['192.0.2.7'], hostsdeny: [], guestok: false },
    }),
  },
  {
    id: 'share.readonly',
    ...MEDIA,
    answers: named('sharing.smb.query', 'media', { ro: true, readonly: true }),
  },
];

const JELLYFIN = diagnosing('app', 'jellyfin');
const usingFolder = (path: string): Row => ({
  active_workloads: {
    containers: 1,
    used_ports: [],
    volumes: [{ source: path, destination: '/media', mode: 'rw', type: 'bind' }],
  },
});

const FAILED_JOB: Row = {
  ...{ id: 77, method: 'app.upgrade', state: 'FAILED', arguments: ['jellyfin', {}] },
  error: "[EFAULT] Failed 'up' action for 'jellyfin' app",
};

const APPS: readonly Trouble[] = [
  { id: 'app.crashed', ...diagnosing('app', 'immich'), without: JELLYFIN.args },
  { id: 'app.stopped', ...diagnosing('app', 'syncthing'), without: JELLYFIN.args },
  {
    id: 'app.action_failed',
    ...JELLYFIN,
    answers: (method, answer) => (method === 'core.get_jobs' ? [FAILED_JOB] : answer),
  },
  {
    id: 'app.docker_down',
    ...JELLYFIN,
    answers: (method, answer) =>
      method === 'app.query' ? [] : object('docker.status', { status: 'FAILED' })(method, answer),
  },
  { id: 'app.stuck_deploying', ...JELLYFIN, answers: named('app.query', 'jellyfin', { state: 'DEPLOYING' }) },
  {
    id: 'app.permission',
    ...JELLYFIN,
    without: { subject: 'app', name: 'nextcloud' },
  },
  {
    id: 'app.path_missing',
    ...JELLYFIN,
    answers: named('app.query', 'jellyfin', usingFolder('/mnt/tank/gone')),
  },
  {
    id: 'app.port_in_use',
    ...diagnosing('app', 'immich'),
    answers: named('app.query', 'immich', { portals: { 'Web UI': 'http://192.0.2.10:30027/' } }),
  },
];

const HOME = diagnosing('task', 'tank/home');
const OFFSITE = diagnosing('replication', 'projects to offsite');

const snapshotTask = (id: string, more: Row): Trouble => ({
  id,
  ...HOME,
  answers: rowsOf('pool.snapshottask.query', (row) => ({ ...row, ...more })),
});
const replicated = (id: string, more: Row): Trouble => ({
  id,
  ...OFFSITE,
  answers: rowsOf('replication.query', (row) => ({ ...row, ...more })),
});
const failing = (error: string): Row => ({
  state: { state: 'ERROR', error, datetime: new Date('2026-03-01') },
});

const ERRORS: Readonly<Record<string, string>> = {
  target_full: 'cannot receive: out of space',
  auth: 'Authentication failed.',
  unreachable: 'connection to backup.example.org timed out',
  locked: 'cannot send tank/home: encryption key not loaded',
  path_missing: "dataset 'tank/home' does not exist",
  busy: 'cannot receive: dataset is busy',
  failed: 'something of which nobody has heard',
};
const STALE: Row = {
  state: { state: 'FINISHED', datetime: new Date('2025-11-01T00:00:00Z') },
  ...{ auto: true, schedule: { minute: '0', hour: '2', dom: '*', month: '*', dow: '*' } },
};
const ON_HOLD: Row = { state: { state: 'HOLD', reason: 'pool is gone' } };
const quiet = { ...OFFSITE, without: { subject: 'replication', name: 'home to backup' } };

const TASKS: readonly Trouble[] = [
  ...Object.entries(ERRORS).flatMap(([key, error]) => [
    snapshotTask(`task.${key}`, failing(error)),
    ...(key === 'unreachable' || key === 'failed' ? [] : [replicated(`replication.${key}`, failing(error))]),
  ]),
  { id: 'replication.unreachable', ...quiet },
  { id: 'replication.failed', ...quiet },
  replicated('replication.no_common_base', failing('No incremental base on dataset tank/projects')),
  replicated('replication.on_hold', ON_HOLD),
  replicated('replication.disabled', { enabled: false }),
  replicated('replication.never_ran', { state: null }),
  replicated('replication.stale', STALE),
  snapshotTask('task.on_hold', ON_HOLD),
  snapshotTask('task.disabled', { enabled: false }),
  snapshotTask('task.never_ran', { state: null }),
  snapshotTask('task.stale', STALE),
];

const NETWORK = diagnosing('network');
const addressed = (name: string, more: Row, state: Row) =>
  rowsOf('interface.query', (row) =>
    row['name'] === name ? { ...row, ...more, state: { ...(row['state'] as Row), ...state } } : row,
  );
const NEIGHBOUR: Row[] = [{ type: 'INET', address: '192.0.2.11', netmask: 24 }];

const NETWORKS: readonly Trouble[] = [
  {
    id: 'network.link_down',
    ...NETWORK,
    answers: addressed('enp3s0f0', {}, { link_state: 'LINK_STATE_DOWN' }),
  },
  {
    id: 'network.duplicate',
    ...NETWORK,
    answers: addressed('enp3s0f1', { aliases: NEIGHBOUR }, { aliases: NEIGHBOUR }),
  },
  {
    id: 'network.no_address',
    ...NETWORK,
    answers: addressed('enp3s0f1', { ipv4_dhcp: true }, { link_state: 'LINK_STATE_UP', aliases: [] }),
  },
  {
    id: 'network.no_gateway',
    ...NETWORK,
    answers: object('network.general.summary', { default_routes: [] }),
  },
  { id: 'network.no_dns', ...NETWORK, answers: object('network.general.summary', { nameservers: [] }) },
];

const CERTIFICATE = diagnosing('certificate', 'nas_example_org');
const DEFAULT = { subject: 'certificate', name: 'truenas_default' };
const certificate = (id: string, more: Row): Trouble => ({
  id,
  ...CERTIFICATE,
  answers: named('certificate.query', 'nas_example_org', more),
});

const CERTIFICATES: readonly Trouble[] = [
  { id: 'certificate.expires', ...CERTIFICATE, without: DEFAULT },
  certificate('certificate.expired', { expired: true, until: 'Sun Feb 22 12:00:00 2026' }),
  certificate('certificate.revoked', { revoked: true }),
  certificate('certificate.not_renewed', { renew_days: 10, until: 'Wed Mar  4 12:00:00 2026' }),
];

const ALERTS: readonly Trouble[] = [
  {
    id: 'alert.critical',
    ...diagnosing('alert', 'VolumeStatus'),
    without: { subject: 'alert', name: 'QuotaWarning' },
  },
  {
    id: 'alert.warning',
    ...diagnosing('alert', 'QuotaWarning'),
    without: { subject: 'alert', name: 'ScrubStarted' },
  },
  {
    id: 'alert.notice',
    ...diagnosing('alert', 'ScrubStarted'),
    without: { subject: 'alert', name: 'QuotaWarning' },
  },
];

export const DIAGNOSE_TROUBLES: readonly Trouble[] = [
  ...POOLS,
  ...SHARES,
  ...APPS,
  ...TASKS,
  ...NETWORKS,
  ...CERTIFICATES,
  ...ALERTS,
];
