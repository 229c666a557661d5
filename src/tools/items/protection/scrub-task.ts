import { query } from '../../../truenas/query.ts';
import { field, rowsOf } from '../../support/rows.ts';
import { defineKind, joined, type KindRow } from '../kind.ts';
import { nextBySchedule, SCHEDULE, scheduleWords, ZONE_NOTE } from './schedule-columns.ts';

const DAY_MS = 86_400_000;

const SCAN = field.nullable({
  function: field.text,
  state: field.text,
  start_time: field.time,
  end_time: field.time,
  errors: field.number,
});
type Scan = ReturnType<typeof SCAN>;

const ROW = {
  id: field.number,
  pool_name: field.text,
  enabled: field.flag,
  schedule: SCHEDULE,
  threshold: field.number,
  scan: joined<Scan>(),
};
type Row = KindRow<typeof ROW>;

/** Scrub tasks, with the last scan of their pools. */
export const scrubTask = defineKind({
  name: 'scrub_task',
  toolset: 'protection',
  noun: 'scrub tasks',
  about: 'when pools are scrubbed: schedule, least days between, last scrub and its errors, next run',
  words: ['scrub', 'pool scrub', 'scrub schedule'],
  sources: [{ method: 'pool.scrub.query' }],
  row: ROW,
  columns: {
    pool: { type: 'text', from: 'pool_name', isKey: true, sort: 'asc' },
    schedule: { type: 'text', value: ({ schedule }) => scheduleWords(schedule) },
    least_days: { type: 'number', from: 'threshold', isAlwaysThere: true },
    enabled: { type: 'flag', from: 'enabled', isAlwaysThere: true },
    scan: { type: 'text', value: ({ scan }) => scanText(scan), mayLack: [{ method: 'pool.query' }] },
    errors: { type: 'number', value: ({ scan }) => scan?.errors },
    last_success: { type: 'time', value: ({ scan }) => scrubbedMs(scan) },
    next_run: { type: 'time', sort: 'asc', value: nextOf },
    description: { type: 'text', from: 'description', isOnDemand: true },
    id: { type: 'number', from: 'id', isAlwaysThere: true, isOnDemand: true },
  },
  named: 'pool',
  ids: ['id'],
  joins: [
    ZONE_NOTE,
    {
      columns: ['scan', 'errors', 'last_success', 'next_run'],
      uses: ['pool.query'],
      async read(nas) {
        const shape = { name: field.text, scan: SCAN };
        const pools = rowsOf(await nas.call('pool.query', query({ select: Object.keys(shape) })), shape);
        const scans = new Map(pools.map(({ name, scan }) => [name, scan]));
        return { add: ({ pool_name: pool }) => ({ scan: scans.get(pool) }) };
      },
    },
  ],
  usesClock: true,
  mayLack: [{ method: 'system.info' }],
  examples: [{ args: {}, why: 'when pools were scrubbed, and when they will be' }],
  getExamples: [
    { args: { id: 'tank' }, why: 'by its pool' },
    { args: { id: 'none' }, why: 'a pool without one' },
  ],
});

/** `SCRUB FINISHED`; a pool that was never scanned says so. */
function scanText(scan: Scan | undefined): string | null {
  if (scan === undefined) return null;
  if (scan === null) return 'none yet';
  return [scan.function, scan.state].filter((word) => word !== null).join(' ') || null;
}

function scrubbedMs(scan: Scan | undefined): number | null {
  return scan?.function === 'SCRUB' && scan.state === 'FINISHED' ? scan.end_time : null;
}

/**
 * At each time of the schedule the NAS starts a scrub unless the last one was started less than the least days, but one, before
 * (`pool.scrub.run`). Of the last scan only a scrub tells when that was.
 */
function nextOf(row: Row): number | null {
  const { scan, threshold } = row;
  if (scan?.function !== 'SCRUB' || scan.start_time === null || threshold === null) return null;
  return nextBySchedule(row, 'cron', scan.start_time + Math.max(0, threshold - 1) * DAY_MS - 1);
}
