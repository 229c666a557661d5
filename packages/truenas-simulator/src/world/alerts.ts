/** Alerts that match the world's troubles. */
import { isAtLeast, type SimRelease } from '../releases.ts';
import { type Pool, poolState } from './pools.ts';
import type { Random } from './random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './units.ts';

export type AlertLevel = 'INFO' | 'NOTICE' | 'WARNING' | 'ERROR' | 'CRITICAL' | 'ALERT' | 'EMERGENCY';

/** One alert. */
export interface Alert {
  readonly uuid: string;
  readonly source: string;
  readonly klass: string;
  readonly args: unknown;
  readonly key: string;
  readonly raisedMs: number;
  lastSeenMs: number;
  isDismissed: boolean;
  readonly template: string;
  readonly formatted: string;
  readonly level: AlertLevel;
  readonly isOneShot: boolean;
}

/** What the alerts are about. */
export interface AlertFacts {
  readonly release: SimRelease;
  /** Percent used of the nearly full pool. */
  readonly fullPoolPercent: number;
  /** Percent used of the quota of `tank/home/carol`. */
  readonly quotaPercent: number;
  readonly failingDisk: { readonly name: string; readonly model: string; readonly serial: string };
  readonly certificate: { readonly name: string; readonly daysLeft: number };
  readonly update: string | null;
}

/** How a world raises its alerts. */
export type Raise = (
  klass: string,
  level: AlertLevel,
  agoMs: number,
  template: string,
  args: unknown,
  options?: { readonly source?: string; readonly isDismissed?: boolean },
) => void;

export const POOL_TEMPLATE = 'Pool %(volume)s state is %(state)s: %(status)s%(devices)s';

/** Raises alerts into a list that it answers. */
export function alertRaiser(
  random: Random,
  nowMs: number,
): { readonly alerts: Alert[]; readonly raise: Raise } {
  const alerts: Alert[] = [];
  return {
    alerts,
    raise(klass, level, agoMs, template, args, options = {}) {
      const source = options.source ?? '';
      alerts.push({
        uuid: random.uuid(),
        source,
        klass,
        args,
        key: JSON.stringify(args),
        raisedMs: nowMs - agoMs,
        lastSeenMs: source === '' ? nowMs - agoMs : nowMs - random.int(1, 9) * MINUTE_MS,
        isDismissed: options.isDismissed ?? false,
        template,
        formatted: fill(template, args),
        level,
        isOneShot: source === '',
      });
    },
  };
}

/** Raises the alerts of the mixed world, oldest first; one of them was dismissed. */
export function raiseMixedAlerts(raise: Raise, facts: AlertFacts): void {
  const disk = facts.failingDisk;
  raise(
    'NTPHealthCheck',
    'WARNING',
    40 * DAY_MS,
    'NTP health check failed - %(reason)s',
    {
      reason: 'No Active NTP peers: 203.0.113.7',
    },
    { source: 'NTPHealthCheck', isDismissed: true },
  );
  raise(
    'CertificateIsExpiring',
    'NOTICE',
    9 * DAY_MS,
    'Certificate %(name)r is expiring within %(days)d days.',
    {
      name: facts.certificate.name,
      days: facts.certificate.daysLeft,
    },
    { source: 'CertificateChecks' },
  );
  raise(
    'VolumeStatus',
    'CRITICAL',
    2 * DAY_MS + 3 * HOUR_MS,
    POOL_TEMPLATE,
    {
      volume: 'backup',
      state: 'DEGRADED',
      status: 'One or more devices are faulted in response to persistent errors.',
      devices: `<br>The following devices are not healthy:<ul><li>Disk ${disk.model} ${disk.serial} is FAULTED</li></ul>`,
    },
    { source: 'VolumeStatus' },
  );
  raise(
    'ZpoolCapacityWarning',
    'WARNING',
    30 * HOUR_MS,
    'Space usage for pool "%(volume)s" is %(capacity)d%%.',
    {
      volume: 'fast',
      capacity: facts.fullPoolPercent,
    },
    { source: 'ZpoolCapacity' },
  );
  if (isAtLeast(facts.release, '25.10')) {
    raise(
      'SMARTUncorrectedErrors',
      'WARNING',
      3 * DAY_MS,
      '%(ue)d uncorrectable errors reported for %(name)s (%(serial)s).',
      { name: disk.name, serial: disk.serial, ue: 184 },
      { source: 'SMART' },
    );
  } else {
    raise('SMART', 'CRITICAL', 3 * DAY_MS, 'Device: %(device)s, %(message)s.', {
      device: `/dev/${disk.name} [SAT]`,
      message: '184 Currently unreadable (pending) sectors',
    });
  }
  raise('ReplicationFailed', 'CRITICAL', 14 * HOUR_MS, 'Replication "%(name)s" failed: %(message)s', {
    id: 2,
    name: 'projects to offsite',
    message: 'connection to backup.example.org timed out',
  });
  raise('ScrubStarted', 'INFO', 74 * MINUTE_MS, 'Scrub of pool %(name)r started.', 'fast');
  raise(
    'QuotaWarning',
    'WARNING',
    11 * HOUR_MS,
    'Quota exceeded on dataset %(dataset)s. Used %(percent)s of quota.',
    {
      dataset: 'tank/home/carol',
      percent: `${String(facts.quotaPercent)}%`,
    },
    { source: 'Quota' },
  );
  if (facts.update !== null) {
    raise(
      'HasUpdate',
      'INFO',
      4 * DAY_MS,
      'A system update is available. Go to System Settings > Update to download it.',
      null,
      {
        source: 'HasUpdate',
      },
    );
  }
}

/** The alert about a pool that is not well now. */
export function poolAlert(random: Random, pool: Pool, nowMs: number): Alert {
  const bad = pool.vdevs.flatMap(({ members }) =>
    members.filter(({ state }) => state !== 'ONLINE' && state !== 'AVAIL'),
  );
  const devices = bad.map(({ disk, state }) => `<li>Disk ${disk.model} ${disk.serial} is ${state}</li>`);
  const args = {
    volume: pool.name,
    state: poolState(pool),
    status: 'One or more devices are not in use.',
    devices: `<br>The following devices are not healthy:<ul>${devices.join('')}</ul>`,
  };
  return {
    ...{ uuid: random.uuid(), source: 'VolumeStatus', klass: 'VolumeStatus', args },
    ...{ key: JSON.stringify(args), raisedMs: nowMs, lastSeenMs: nowMs, isDismissed: false },
    ...{ template: POOL_TEMPLATE, formatted: fill(POOL_TEMPLATE, args), level: 'CRITICAL' },
    isOneShot: false,
  };
}

/** Fills `%(name)s` placeholders; a plain text argument fills every placeholder. */
function fill(template: string, args: unknown): string {
  return template
    .replaceAll(/%\((\w+)\)([sdr])/g, (_, name: string, kind: string) => {
      const value =
        typeof args === 'object' && args !== null ? (args as Record<string, unknown>)[name] : args;
      const shown = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
      return kind === 'r' ? `'${shown}'` : shown;
    })
    .replaceAll('%%', '%');
}
