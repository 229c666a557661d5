/**
 * The parts of the overview. Each reads one subject of the NAS on its own, so that one that fails leaves the others
 * standing, and says what is wrong (findings) and how much there is (summary).
 */
import { formatAge } from '../../output/time.ts';
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import { query } from '../../truenas/query.ts';
import { datasetListExtra, ENCRYPTION_PROPERTIES, listFilters } from '../storage/dataset-query.ts';
import { readTemperatures } from '../storage/disk-temperatures.ts';
import { field, rowsOf } from '../support/rows.ts';
import { alertRow, alertText, isActive, isOfOtherNode, severityOf } from './alerts.ts';
import { type Part, QUOTE_LENGTH } from './overview-part.ts';
import { BOOT_PART, POOLS_PART } from './overview-pools.ts';
import { TASK_PARTS } from './overview-tasks.ts';
import type { Finding } from './verdict.ts';

/** Celsius. Hard disks age fast above 50; NVMe drives are built for more. */
const HOT_CELSIUS = { disk: { warning: 50, critical: 60 }, nvme: { warning: 70, critical: 80 } };
const RECENT_MS = 24 * 3_600_000;

/** Classes of alerts that say what the pools part sees for itself. */
const ABOUT_POOL = /^(?:VolumeStatus|BootPoolStatus|ZpoolCapacity\w*)$/u;

const alerts: Part = {
  name: 'alerts',
  uses: ['alert.list'],
  async read({ nas, nowMs }) {
    const all = rowsOf(await nas.call('alert.list', []), alertRow);
    const active = all.filter(isActive);
    const dismissed = all.length - active.length;
    const findings = active.flatMap((alert): Finding[] => {
      const level = severityOf(alert.level);
      if (level === 'NOTICE') return [];
      const text = alertText(alert);
      const age = alert.datetime === null ? '' : ` (${formatAge(alert.datetime, nowMs)})`;
      return [
        {
          level,
          isAboutPool: ABOUT_POOL.test(alert.klass ?? '') && !isOfOtherNode(alert),
          text: `alert ${safeCell(text, QUOTE_LENGTH)}${age}`,
          wholeText: text,
        },
      ];
    });
    const summary = `${plural(active.length, 'active alert')}${dismissed > 0 ? ` (${dismissed} dismissed)` : ''}`;
    return { findings, summary };
  },
};

const disks: Part = {
  name: 'disk temperatures',
  uses: ['disk.temperatures'],
  async read({ nas }) {
    const temperatures = await readTemperatures(nas, []);
    const readings = [...temperatures].map(([name, celsius]) => ({ name: safeCell(name, 20), celsius }));
    readings.sort((a, b) => b.celsius - a.celsius);
    const findings = readings.flatMap(({ name, celsius }): Finding[] => {
      const limit = name.startsWith('nvme') ? HOT_CELSIUS.nvme : HOT_CELSIUS.disk;
      if (celsius < limit.warning) return [];
      return [
        { level: celsius >= limit.critical ? 'CRITICAL' : 'WARNING', text: `disk ${name} ${celsius} °C` },
      ];
    });
    const [hottest] = readings;
    const summary = `${plural(readings.length, 'disk')} with a temperature${hottest ? `, hottest ${hottest.name} ${hottest.celsius} °C` : ''}`;
    return { findings, summary };
  },
};

const SERVICE = { service: field.text, enable: field.flag, state: field.text };

const services: Part = {
  name: 'services',
  uses: ['service.query'],
  async read({ nas }) {
    const select = ['service', 'enable', 'state'];
    const rows = rowsOf(await nas.call('service.query', query({ select, orderBy: ['service'] })), SERVICE);
    const findings = rows
      .filter((row) => row.enable === true && row.state !== 'RUNNING')
      .map(
        (row): Finding => ({
          level: 'WARNING',
          text: `service ${safeCell(row.service ?? '-', 40)} starts at boot but is ${row.state ?? 'UNKNOWN'}`,
        }),
      );
    const running = rows.filter((row) => row.state === 'RUNNING').length;
    return { findings, summary: `${plural(running, 'service')} running` };
  },
};

const JOB = { id: field.number, method: field.text, error: field.text, time_finished: field.time };

const jobs: Part = {
  name: 'failed jobs',
  uses: ['core.get_jobs'],
  async read({ nas, nowMs }) {
    // The time is compared here: a real NAS cannot compare its job times with a date sent to it.
    const parameters = query({
      filters: [['state', '=', 'FAILED']],
      select: ['id', 'method', 'error', 'time_finished'],
      orderBy: ['-id'],
      limit: 100,
    });
    const recent = rowsOf(await nas.call('core.get_jobs', parameters), JOB).filter(
      (job) => job.time_finished !== null && nowMs - job.time_finished < RECENT_MS,
    );
    // Newest first, so that the first of each method is its last failure.
    const methods = [...new Set(recent.map((job) => job.method))];
    const findings = methods.slice(0, MAX_METHODS).map((method): Finding => {
      const failed = recent.filter((job) => job.method === method);
      const [last] = failed;
      const times = failed.length > 1 ? ` ${failed.length} times in 24 h, last` : '';
      const error = last?.error ?? 'no text';
      return {
        level: 'WARNING',
        text: `job ${safeCell(method ?? '-', 60)} failed${times} (#${last?.id}): ${safeCell(error, QUOTE_LENGTH)}`,
        ...(failed.length === 1 ? { repeats: reasonOf(error) } : {}),
      };
    });
    return { findings, summary: `${plural(recent.length, 'failed job')} in 24 h (visible to this key)` };
  },
};

/** Methods whose failed jobs are named; the summary counts all. */
const MAX_METHODS = 3;

/** The words that another finding about the same failure holds: the error without its code. Too few words prove nothing. */
function reasonOf(error: string): string[] {
  const reason = error.replace(/^\[\w+\]\s*/u, '').trim();
  return reason.length >= 20 ? [reason] : [];
}

const DATASET = { id: field.text };
/** Locked datasets read; of more there are only "at least" so many. */
const MAX_LOCKED = 100;

const lockedDatasets: Part = {
  name: 'locked datasets',
  uses: ['pool.dataset.query'],
  async read({ nas }) {
    const parameters = query({
      filters: listFilters([['locked', '=', true]]),
      select: ['id'],
      orderBy: ['id'],
      limit: MAX_LOCKED,
      extra: await datasetListExtra(nas, ENCRYPTION_PROPERTIES),
    });
    const rows = rowsOf(await nas.call('pool.dataset.query', parameters), DATASET);
    const names = rows.slice(0, 3).map((row) => safeCell(row.id ?? '-', 60));
    const more = rows.length > names.length ? ', …' : '';
    const findings: Finding[] =
      rows.length > 0
        ? [
            {
              level: 'WARNING',
              text: `${rows.length < MAX_LOCKED ? '' : 'at least '}${plural(rows.length, 'dataset')} locked (data unreachable): ${names.join(', ')}${more}`,
            },
          ]
        : [];
    return { findings, summary: '' };
  },
};

/** Every part, in the order of the summary line. */
export const PARTS: readonly Part[] = [
  POOLS_PART,
  BOOT_PART,
  disks,
  alerts,
  services,
  lockedDatasets,
  jobs,
  ...TASK_PARTS,
];
