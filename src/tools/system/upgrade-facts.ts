/** What stands against an upgrade, part by part: each on its own, so that one which cannot be read leaves the rest. */
import { type Judged, judging } from '../../findings/judging.ts';
import { UPGRADE_TROUBLES } from '../../findings/upgrade.ts';
import { formatBytes, plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { field, objectOf, rowsOf } from '../support/rows.ts';
import { poolRow } from '../storage/pool-state.ts';
import { alertRow, isActive, severityOf } from './alerts.ts';
import { type PartJudged, rowsFrom, type UpgradePart } from './upgrade-part.ts';
import { enters, type UpgradePath } from './upgrade-steps.ts';

const GIB = 1024 ** 3;
/** A system takes about so much; more where an installed one does. */
const SYSTEM_BYTES = 4 * GIB;

async function pools(nas: ReadClient): Promise<Judged> {
  const { when, judged } = judging(UPGRADE_TROUBLES);
  const { name: poolName, healthy, status, scan } = poolRow;
  const shape = { name: poolName, healthy, status, scan };
  for (const row of await rowsFrom(nas, 'pool.query', shape)) {
    const about = safeCell(row.name ?? '?', 60);
    when('pool_unhealthy', about, [isUnhealthy(row.healthy, row.status)], row.status);
    // A pool that was never scrubbed has no scan.
    const state = row.scan === null ? 'NONE' : row.scan.state;
    when('scan_running', about, [state === null ? null : state === 'SCANNING'], row.scan?.function);
  }
  return judged();
}

async function boot(nas: ReadClient): Promise<PartJudged> {
  const { when, judged } = judging(UPGRADE_TROUBLES);
  const [state, environments] = await Promise.all([
    nas.call('boot.get_state', []),
    rowsFrom(nas, 'boot.environment.query', { used_bytes: field.integer }),
  ]);
  const { healthy, status, free, size, allocated } = objectOf(state, {
    healthy: field.flag,
    status: field.text,
    free: field.integer,
    size: field.integer,
    allocated: field.integer,
  });
  const sizes = environments.map(({ used_bytes: bytes }) => bytes);
  const needed = sizes.includes(null) ? null : Math.max(SYSTEM_BYTES, ...sizes.map(Number));
  const isTold = free !== null && size !== null && allocated !== null && needed !== null;
  when('boot_unhealthy', 'boot pool', [isUnhealthy(healthy, status)], status);
  when(
    'boot_space',
    'boot pool',
    [isTold ? free < needed : null],
    `${formatBytes(free ?? 0)} free, about ${formatBytes(needed ?? 0)} needed`,
  );
  const isRoomTold = free !== null && size !== null;
  const room = isRoomTold ? `${formatBytes(free)} of ${formatBytes(size)}` : 'UNKNOWN';
  return { ...judged(), lines: [`boot pool: ${room} free, ${plural(sizes.length, 'boot environment')}`] };
}

async function jobs(nas: ReadClient): Promise<Judged> {
  const { when, judged } = judging(UPGRADE_TROUBLES);
  const shape = { method: field.text };
  const filters = [
    ['state', 'in', ['RUNNING', 'WAITING']],
    ['transient', '=', false],
  ] as const;
  const rows = await rowsFrom(nas, 'core.get_jobs', shape, filters);
  const methods = [...new Set(rows.map(({ method }) => safeCell(method ?? '?', 50)))];
  const more = methods.length > 4 ? ` and ${methods.length - 4} more` : '';
  when(
    'jobs_running',
    plural(rows.length, 'job'),
    [rows.length > 0],
    `${methods.slice(0, 4).join(', ')}${more}`,
  );
  return judged();
}

const BROKEN = new Set(['CRASHED', 'DEPLOYING', 'STOPPING']);

async function apps(nas: ReadClient): Promise<Judged> {
  const { when, judged } = judging(UPGRADE_TROUBLES);
  const shape = { name: field.text, state: field.text };
  for (const { name, state } of await rowsFrom(nas, 'app.query', shape)) {
    when(
      'app_broken',
      safeCell(name ?? '?', 60),
      [state === null ? null : BROKEN.has(state)],
      state && safeCell(state, 20),
    );
  }
  return judged();
}

async function machines(nas: ReadClient): Promise<Judged> {
  const { when, judged } = judging(UPGRADE_TROUBLES);
  const shape = { name: field.text, status: field.object({ state: field.text }) };
  for (const { name, status } of await rowsFrom(nas, 'vm.query', shape)) {
    const state = status?.state ?? null;
    when('vms_run', safeCell(name ?? '?', 60), [state === null ? null : state === 'RUNNING']);
  }
  return judged();
}

async function alerts(nas: ReadClient, path: UpgradePath): Promise<Judged> {
  const { when, judged } = judging(UPGRADE_TROUBLES);
  const active = rowsOf(await nas.call('alert.list', []), alertRow).filter(isActive);
  const critical = active.filter(({ level }) => severityOf(level) === 'CRITICAL').length;
  const isSomeUnknown = active.some(({ level, dismissed }) => level === null || dismissed === null);
  const isCritical = critical > 0 ? true : isSomeUnknown ? null : false;
  when('critical_alerts', critical === 0 ? 'alerts' : plural(critical, 'alert'), [isCritical]);
  const said = active.map(({ klass, text, formatted }) =>
    klass === null && text === null && formatted === null
      ? null
      : /\bREST(?:ful)?[ _-]?API/iu.test(`${klass} ${text} ${formatted}`),
  );
  const isSaid = said.includes(true) ? true : said.includes(null) ? null : false;
  when('rest_api', 'an alert says so', [enters(path, '26.0'), isSaid]);
  return judged();
}

async function instances(nas: ReadClient): Promise<Judged> {
  const { when, judged } = judging(UPGRADE_TROUBLES);
  const shape = { id: field.text };
  for (const { id } of await rowsFrom(nas, 'virt.instance.query', shape)) {
    when('instances', safeCell(id ?? '?', 60), [true]);
  }
  return judged();
}

async function smb1(nas: ReadClient, { from }: UpgradePath): Promise<Judged> {
  const { when, judged } = judging(UPGRADE_TROUBLES);
  const { enable_smb1: isOn } = objectOf(await nas.call('smb.config', []), { enable_smb1: field.flag });
  // 26 has no such switch any more.
  if (!isAtLeast(from, '26.0')) when('smb1', 'SMB', [isOn]);
  return judged();
}

async function smartTests(nas: ReadClient): Promise<Judged> {
  const { when, judged } = judging(UPGRADE_TROUBLES);
  const shape = { id: field.number };
  const count = (await rowsFrom(nas, 'smart.test.query', shape)).length;
  when('smart_tests', plural(count, 'test'), [count > 0]);
  return judged();
}

async function keys(nas: ReadClient, { from }: UpgradePath): Promise<Judged> {
  const { when, judged } = judging(UPGRADE_TROUBLES);
  const shape = { revoked: field.flag };
  const rows = await rowsFrom(nas, 'api_key.query', shape);
  // Before 25.04 a key is there or deleted.
  const isOld = !isAtLeast(from, '25.04');
  const live = rows.filter(({ revoked }) => isOld || revoked === false).length;
  const isAny = live > 0 ? true : rows.some(({ revoked }) => revoked === null) ? null : false;
  when('plain_keys', live === 0 ? 'API keys' : plural(live, 'API key'), [isAny]);
  return judged();
}

async function replications(nas: ReadClient, { to }: UpgradePath): Promise<Judged> {
  const { when, judged } = judging(UPGRADE_TROUBLES);
  const shape = { name: field.text, enabled: field.flag, auto: field.flag };
  for (const { name, enabled, auto } of await rowsFrom(nas, 'replication.query', shape)) {
    when('replication_never_fires', safeCell(name ?? '?', 60), [to?.family === '26.0', enabled, auto]);
  }
  return judged();
}

/** Every part, in the order of importance. */
export const UPGRADE_PARTS = {
  pools: { title: 'pools', uses: ['pool.query'], read: pools },
  boot: { title: 'boot pool', uses: ['boot.get_state', 'boot.environment.query'], read: boot },
  jobs: { title: 'running jobs', uses: ['core.get_jobs'], read: jobs },
  alerts: { title: 'alerts', uses: ['alert.list'], read: alerts },
  apps: { title: 'apps', uses: ['app.query'], read: apps },
  vms: { title: 'virtual machines', uses: ['vm.query'], read: machines },
  instances: { title: 'instances', uses: ['virt.instance.query'], into: '26.0', read: instances },
  smb1: { title: 'SMB1', uses: ['smb.config'], into: '26.0', read: smb1 },
  smart: { title: 'S.M.A.R.T. tests', uses: ['smart.test.query'], into: '25.10', read: smartTests },
  keys: { title: 'API keys', uses: ['api_key.query'], into: '27.0', read: keys },
  replication: { title: 'replication', uses: ['replication.query'], into: '26.0', read: replications },
} as const satisfies Readonly<Record<string, UpgradePart>>;
export type UpgradePartName = keyof typeof UPGRADE_PARTS;

/** A pool that is healthy and does not tell its state is not known to be. */
function isUnhealthy(healthy: boolean | null, status: string | null): boolean | null {
  if (healthy === false) return true;
  return healthy === null || status === null ? null : false;
}
