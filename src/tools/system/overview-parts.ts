/**
 * The parts of the overview. Each reads one subject of the NAS on its own, so that one that fails leaves the others
 * standing, and says what is wrong (findings) and how much there is (summary).
 */
import { z } from 'zod';
import { formatAge } from '../../output/time.ts';
import { formatBytes, formatPercent, percentOf, plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import { query } from '../../truenas/query.ts';
import { datasetListExtra, ENCRYPTION_PROPERTIES, listFilters } from '../storage/dataset-query.ts';
import { readTemperatures } from '../storage/disk-temperatures.ts';
import { poolProblems, poolScan } from '../storage/pool-state.ts';
import { rowsOf, wire } from '../wire.ts';
import { alertRow, alertText, isActive, severityOf } from './alerts.ts';
import { type Part, QUOTE_LENGTH } from './overview-part.ts';
import { TASK_PARTS } from './overview-tasks.ts';
import type { Finding } from './verdict.ts';

/** A pool this full slows down or stops: TrueNAS itself warns from 85 and is critical from 95. */
const POOL_FULL_PERCENT = { warning: 85, critical: 95 };
/** Celsius. Hard disks age fast above 50; NVMe drives are built for more. */
const HOT_CELSIUS = { disk: { warning: 50, critical: 60 }, nvme: { warning: 70, critical: 80 } };
const RECENT_MS = 24 * 3_600_000;

const POOL = z.object({
  name: wire.text,
  status: wire.text,
  healthy: wire.flag,
  warning: wire.flag,
  status_detail: wire.text,
  size: wire.number,
  allocated: wire.number,
  free: wire.number,
  scan: poolScan,
});

const pools: Part = {
  name: 'pools',
  uses: ['pool.query'],
  async read({ nas, signal }) {
    const select = Object.keys(POOL.shape);
    const rows = rowsOf(await nas.call('pool.query', query({ select, orderBy: ['name'] }), { signal }), POOL);
    const findings = rows.flatMap((pool): Finding[] => {
      const name = safeCell(pool.name ?? '-');
      const problems = poolProblems(pool).map((problem) => safeCell(problem, QUOTE_LENGTH));
      const found: Finding[] =
        problems.length > 0
          ? [
              {
                level: pool.status === 'ONLINE' ? 'WARNING' : 'CRITICAL',
                text: `pool ${name} ${pool.status ?? 'UNKNOWN'}: ${problems.join('; ')}`,
                pool: name,
              },
            ]
          : [];
      const used = percentOf(pool.allocated, pool.size) ?? 0;
      if (used >= POOL_FULL_PERCENT.warning) {
        const level = used >= POOL_FULL_PERCENT.critical ? 'CRITICAL' : 'WARNING';
        found.push({
          level,
          pool: name,
          text: `pool ${name} ${formatPercent(used)} full, ${formatBytes(pool.free ?? 0)} free`,
        });
      }
      return found;
    });
    return { findings, summary: plural(rows.length, 'pool') };
  },
};

/** Classes of alerts that say what the pools part sees for itself. */
const ABOUT_POOL = /^(?:VolumeStatus|ZpoolCapacity\w*)$/u;

const alerts: Part = {
  name: 'alerts',
  uses: ['alert.list'],
  async read({ nas, signal, nowMs }) {
    const active = rowsOf(await nas.call('alert.list', [], { signal }), alertRow).filter(isActive);
    const findings = active.flatMap((alert): Finding[] => {
      const level = severityOf(alert.level);
      if (level === 'NOTICE') return [];
      const age = alert.datetime === null ? '' : ` (${formatAge(alert.datetime, nowMs)})`;
      return [
        {
          level,
          isAboutPool: ABOUT_POOL.test(alert.klass ?? ''),
          text: `alert ${safeCell(alertText(alert), QUOTE_LENGTH)}${age}`,
        },
      ];
    });
    return { findings, summary: plural(active.length, 'active alert') };
  },
};

const disks: Part = {
  name: 'disk temperatures',
  uses: ['disk.temperatures'],
  async read({ nas, signal }) {
    const temperatures = await readTemperatures(nas, [], { signal });
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

const SERVICE = z.object({ service: wire.text, enable: wire.flag, state: wire.text });

const services: Part = {
  name: 'services',
  uses: ['service.query'],
  async read({ nas, signal }) {
    const select = ['service', 'enable', 'state'];
    const rows = rowsOf(
      await nas.call('service.query', query({ select, orderBy: ['service'] }), { signal }),
      SERVICE,
    );
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

const JOB = z.object({ id: wire.number, method: wire.text, error: wire.text, time_finished: wire.time });

const jobs: Part = {
  name: 'failed jobs',
  uses: ['core.get_jobs'],
  async read({ nas, signal, nowMs }) {
    // The time is compared here: a real NAS cannot compare its job times with a date sent to it.
    const parameters = query({
      filters: [['state', '=', 'FAILED']],
      select: ['id', 'method', 'error', 'time_finished'],
      orderBy: ['-id'],
      limit: 100,
    });
    const recent = rowsOf(await nas.call('core.get_jobs', parameters, { signal }), JOB).filter(
      (job) => job.time_finished !== null && nowMs - job.time_finished < RECENT_MS,
    );
    const [last] = recent;
    const findings: Finding[] = last
      ? [
          {
            level: 'WARNING',
            text: `${plural(recent.length, 'job')} failed in 24 h, last #${last.id} ${safeCell(last.method ?? '', 60)}: ${safeCell(last.error ?? 'no text', QUOTE_LENGTH)}`,
          },
        ]
      : [];
    return { findings, summary: `${plural(recent.length, 'failed job')} in 24 h (visible to this key)` };
  },
};

const DATASET = z.object({ id: wire.text });

const lockedDatasets: Part = {
  name: 'locked datasets',
  uses: ['pool.dataset.query'],
  async read({ nas, signal }) {
    const parameters = query({
      filters: listFilters([['locked', '=', true]]),
      select: ['id'],
      orderBy: ['id'],
      limit: 100,
      extra: await datasetListExtra(nas, ENCRYPTION_PROPERTIES, { signal }),
    });
    const rows = rowsOf(await nas.call('pool.dataset.query', parameters, { signal }), DATASET);
    const names = rows.slice(0, 3).map((row) => safeCell(row.id ?? '-', 60));
    const more = rows.length > names.length ? ', …' : '';
    const findings: Finding[] =
      rows.length > 0
        ? [
            {
              level: 'WARNING',
              text: `${plural(rows.length, 'dataset')} locked (data unreachable): ${names.join(', ')}${more}`,
            },
          ]
        : [];
    return { findings, summary: '' };
  },
};

/** Every part, in the order of the summary line. */
export const PARTS: readonly Part[] = [pools, disks, alerts, services, lockedDatasets, jobs, ...TASK_PARTS];
