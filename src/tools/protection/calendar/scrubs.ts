/** Scrubs in the calendar: the NAS skips one that comes too soon after the last. */
import { query } from '../../../truenas/query.ts';
import { gapText, readPart } from '../../support/part.ts';
import { field, isObject, rowsOf } from '../../support/rows.ts';
import { type CalendarSource, cell, COMMON, MAX_TASKS, planned, type PlannedTask, source } from './source.ts';

/** At a time of the schedule the NAS scrubs a pool only if its last scrub began `threshold - 1` days before, or earlier. */
export function scrubs(): CalendarSource {
  const tasks = source('scrub', 'pool.scrub.query', SCRUB_ROW, (row) => ({
    label: `scrub of ${cell(row.pool_name)}`,
    ...planned(row, 'cron'),
    ...{ about: cell(row.pool_name), isHeavy: true, tookMs: null, isRunning: false },
    ...(row.threshold === null
      ? { plans: null }
      : { spacing: { lastMs: 0, leastMs: (row.threshold - 1) * DAY_MS } }),
  }));
  return {
    ...tasks,
    async read(nas) {
      const shape = { name: field.text, scan: scanOf };
      const [read, pools] = await Promise.all([
        tasks.read(nas),
        readPart(nas, async (limited) =>
          rowsOf(
            await limited.call('pool.query', query({ select: Object.keys(shape), limit: MAX_TASKS })),
            shape,
          ),
        ),
      ]);
      const scans = new Map(
        ('value' in pools ? pools.value : []).map(({ name, scan }) => [cell(name), scan]),
      );
      const gap = gapText(pools);
      return read.map((task) => withScan(task, scans.get(task.about), gap));
    },
  };
}

const SCRUB_ROW = { ...COMMON, pool_name: field.text, threshold: field.number };

/** Adds the last scrub. A later resilver hides it: any time of the schedule may then be a run. */
function withScan(task: PlannedTask, scan: Scan | undefined, gap: string | undefined): PlannedTask {
  const { spacing } = task;
  if (spacing === undefined || scan === null) return task;
  const days = Math.round(spacing.leastMs / DAY_MS) + 1;
  if (scan?.function !== 'SCRUB' || scan.state === null || scan.start_time === null) {
    const isKnown = scan?.function === 'RESILVER' && scan.state !== null;
    return {
      ...task,
      spacing: undefined,
      note: `unless scrubbed in the ${days} days before`,
      unknown: isKnown ? undefined : `when it ran last${gap === undefined ? '' : `, as pools ${gap}`}`,
    };
  }
  const took = scan.end_time === null ? null : scan.end_time - scan.start_time;
  return {
    ...task,
    spacing: { ...spacing, lastMs: scan.start_time },
    tookMs: scan.state === 'FINISHED' && took !== null && took >= 0 ? took : null,
    isRunning: scan.state === 'SCANNING',
    unknown: scan.errors === null ? 'how its last one went' : undefined,
  };
}

const SCAN = {
  function: field.text,
  state: field.text,
  start_time: field.time,
  end_time: field.time,
  errors: field.number,
};

const readScan = field.nullable(SCAN);

type Scan = ReturnType<typeof readScan>;

/** Null when the NAS says that there was no scan; fields are null where they cannot be read. */
function scanOf(value: unknown): Scan {
  const isNone = isObject(value) && Object.keys(SCAN).every((name) => name in value && value[name] === null);
  return isNone ? null : readScan(value);
}

const DAY_MS = 86_400_000;
