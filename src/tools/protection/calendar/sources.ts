/** Every kind of scheduled task, as the calendar reads it. */
import { lastState } from '../../items/protection/last-run.ts';
import { type Schedule, SCHEDULE } from '../../items/protection/schedule-columns.ts';
import { field } from '../../support/rows.ts';
import { replications } from './replications.ts';
import { scrubs } from './scrubs.ts';
import { type CalendarSource, cell, COMMON, named, planned, source, unknownState } from './source.ts';
import { jobSource } from './transfers.ts';

const SNAPSHOT_ROW = { ...COMMON, dataset: field.text, state: lastState };

const SMART_ROW = {
  id: field.number,
  desc: field.text,
  type: field.text,
  all_disks: field.flag,
  disks: field.items,
  schedule: field.object({ hour: field.text, dom: field.text, month: field.text, dow: field.text }),
};

/** In the order in which they are read. */
export const CALENDAR_SOURCES: readonly CalendarSource[] = [
  source('snapshot task', 'pool.snapshottask.query', SNAPSHOT_ROW, (row) => ({
    label: `snapshot task of ${cell(row.dataset ?? `#${row.id ?? '-'}`)}`,
    ...planned(row, 'zettarepl'),
    about: cell(row.dataset),
    isHeavy: false,
    tookMs: null,
    isRunning: row.state?.state === 'RUNNING',
    unknown: unknownState(row.state),
    ...(row.state?.state === 'HOLD' && row.enabled === true ? { state: 'on hold' as const } : {}),
  })),
  replications,
  jobSource('cloud sync', 'cloudsync.query'),
  jobSource('cloud backup', 'cloud_backup.query'),
  jobSource('rsync task', 'rsynctask.query'),
  source('cron job', 'cronjob.query', { ...COMMON, description: field.text }, (row) => ({
    ...named('cron job', row.id, row.description),
    ...planned(row, 'cron'),
    ...{ about: '-', isHeavy: false, tookMs: null, isRunning: false },
  })),
  scrubs(),
  source('SMART test', 'smart.test.query', SMART_ROW, (row) => ({
    ...named('SMART test', row.id, row.desc),
    // Its schedule has no minute: smartd looks at the clock about every half hour.
    ...planned({ enabled: true, schedule: withMinute(row.schedule) }, 'cron'),
    about:
      row.all_disks === true
        ? 'all disks'
        : row.all_disks === null
          ? 'disks unknown'
          : `${row.disks?.length ?? '?'} disks`,
    isHeavy: row.type === 'LONG',
    tookMs: null,
    isRunning: false,
    note: `${(row.type ?? 'unknown type').toLowerCase()}; starts within the hour`,
  })),
];

function withMinute(
  schedule: {
    readonly hour: string | null;
    readonly dom: string | null;
    readonly month: string | null;
    readonly dow: string | null;
  } | null,
): Schedule {
  return SCHEDULE(schedule === null ? undefined : { ...schedule, minute: '0' });
}
