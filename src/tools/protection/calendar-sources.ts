/** Each kind of scheduled task: how it is asked for, and what of a row decides when it runs. */
import type { ScheduledTask } from '../../findings/schedule.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { TimeZone } from '../../output/time-zone.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { lastJob, lastState } from '../items/protection/last-run.ts';
import { planFor, type Schedule, SCHEDULE, scheduleWords } from '../items/protection/schedule-columns.ts';
import { gapText, readPart } from '../support/part.ts';
import { type Fields, field, isObject, type RowOf, rowsOf } from '../support/rows.ts';
import { type Plan, runsAt, type ScheduleReader } from '../support/schedule-times.ts';

/** Tasks of one kind that are looked at. */
export const MAX_TASKS = 100;

/** A task with what is to be told of it. */
export interface CalendarTask extends ScheduledTask {
  /** Dataset, pool, path or disks; safe text. */
  readonly about: string;
  /** In words; null where it has none or it could not be read. */
  readonly schedule: string | null;
  /** `planned` runs by its schedule; all others do not, or nobody can tell. */
  readonly state: 'planned' | 'off' | 'on hold' | 'locked' | 'by hand' | 'unknown';
  readonly isRunning: boolean;
  /** What limits the runs, e.g. the least days between scrubs. */
  readonly note?: string | undefined;
  /** What could not be told of it besides its schedule. */
  readonly unknown?: string | undefined;
}

/** What is known of a task before its runs are looked for. */
export interface PlannedTask extends Omit<CalendarTask, 'runs' | 'isNever' | 'schedule'> {
  readonly schedule: string | null;
  /** Each of them starts it; null where one could not be read. */
  readonly plans: readonly Plan[] | null;
  readonly allows?: (zone: TimeZone, ms: number) => boolean;
  /** Least time between two starts, with the last one before. */
  readonly spacing?: { readonly lastMs: number; readonly leastMs: number } | undefined;
}

/** One kind of task. */
export interface CalendarSource {
  readonly noun: string;
  readonly method: string;
  read(nas: ReadClient): Promise<PlannedTask[]>;
}

const COMMON = { id: field.number, enabled: field.flag, schedule: SCHEDULE };
const JOB_ROW = {
  ...COMMON,
  description: field.text,
  desc: field.text,
  path: field.text,
  locked: field.flag,
  job: lastJob,
};
const SNAPSHOT_ROW = { ...COMMON, dataset: field.text, state: lastState };
const REPLICATION_ROW = {
  ...COMMON,
  name: field.text,
  auto: field.flag,
  restrict_schedule: SCHEDULE,
  periodic_snapshot_tasks: field.objects({ enabled: field.flag, schedule: SCHEDULE }),
  source_datasets: field.texts,
  target_dataset: field.text,
  state: lastState,
  job: lastJob,
};
const SCRUB_ROW = { ...COMMON, pool_name: field.text, threshold: field.number };
const SMART_ROW = {
  id: field.number,
  desc: field.text,
  type: field.text,
  all_disks: field.flag,
  disks: field.items,
  schedule: field.object({ hour: field.text, dom: field.text, month: field.text, dow: field.text }),
};
const SCAN = {
  function: field.text,
  state: field.text,
  start_time: field.time,
  end_time: field.time,
  errors: field.number,
};
const readScan = field.nullable(SCAN);
type Scan = ReturnType<typeof readScan>;

/** A scan of which the NAS says that there was none is null; one of which nothing can be read has nulls. */
function scanOf(value: unknown): Scan {
  const isNone = isObject(value) && Object.keys(SCAN).every((name) => name in value && value[name] === null);
  return isNone ? null : readScan(value);
}

function source<Shape extends Fields>(
  noun: string,
  method: string,
  shape: Shape,
  form: (row: RowOf<Shape>) => PlannedTask,
): CalendarSource {
  return {
    noun,
    method,
    async read(nas) {
      const parameters = query({ select: Object.keys(shape), orderBy: ['id'], limit: MAX_TASKS });
      return rowsOf(await nas.call(method, parameters), shape).map(form);
    },
  };
}

/** Every kind. */
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
  source('replication', 'replication.query', REPLICATION_ROW, replicationOf),
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
    // It has no minute: smartd looks once in a while, mostly each half hour.
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

function unknownState(state: ReturnType<typeof lastState>): string | undefined {
  return (state?.state ?? null) === null ? 'whether it is on hold' : undefined;
}

function named(noun: string, id: number | null, name: string | null): Pick<PlannedTask, 'label'> {
  return { label: `${noun} ${safeCell(name || `#${id ?? '-'}`, 60)}` };
}

function cell(text: string | null): string {
  return safeCell(text || '-', 80);
}

function planned(
  { enabled, schedule }: { readonly enabled: boolean | null; readonly schedule: Schedule },
  reader: ScheduleReader,
): Pick<PlannedTask, 'state' | 'schedule' | 'plans'> {
  const plan = planFor(schedule, reader);
  return {
    state: enabled === false ? 'off' : enabled === null ? 'unknown' : 'planned',
    schedule: scheduleWords(schedule),
    plans: plan === undefined ? null : [plan],
  };
}

function jobSource(noun: string, method: string): CalendarSource {
  return source(
    noun,
    method,
    method === 'rsynctask.query' ? without(JOB_ROW, 'description') : without(JOB_ROW, 'desc'),
    (row) => {
      const { description = null, desc = null } = row as Partial<RowOf<typeof JOB_ROW>>;
      return {
        ...named(noun, row.id, description || desc),
        ...planned(row, 'cron'),
        ...(row.locked === true && row.enabled === true ? { state: 'locked' as const } : {}),
        about: cell(row.path),
        isHeavy: true,
        tookMs: tookMs(row.job),
        isRunning: isRunning(row.job),
        unknown: unknownJob(row),
      };
    },
  );
}

function unknownJob({ enabled, locked, job }: RowOf<Pick<typeof JOB_ROW, 'enabled' | 'locked' | 'job'>>) {
  if (enabled === true && locked === null) return 'whether its dataset is locked';
  return job?.state === null ? 'how its last run ended' : undefined;
}

function without<Shape extends Fields, Name extends keyof Shape>(
  shape: Shape,
  name: Name,
): Omit<Shape, Name> {
  const { [name]: _, ...rest } = shape;
  return rest;
}

function isRunning(job: ReturnType<typeof lastJob>): boolean {
  return job?.state === 'RUNNING' || job?.state === 'WAITING';
}

function tookMs(job: ReturnType<typeof lastJob>): number | null {
  if (job?.state !== 'SUCCESS') return null;
  const { time_started: from, time_finished: to } = job;
  return from === null || to === null || to < from ? null : to - from;
}

function replicationOf(row: RowOf<typeof REPLICATION_ROW>): PlannedTask {
  const own = row.schedule !== null;
  const after = (row.periodic_snapshot_tasks ?? []).filter(({ enabled }) => enabled !== false);
  const plans = after.map(({ schedule }) => planFor(schedule, 'zettarepl'));
  const restriction = planFor(row.restrict_schedule, 'zettarepl');
  const isReadable =
    plans.every((plan) => plan !== undefined) &&
    row.periodic_snapshot_tasks !== null &&
    (row.restrict_schedule === null || restriction !== undefined);
  const base = planned(row, 'zettarepl');
  const isByHand = row.auto === false || (!own && row.periodic_snapshot_tasks?.length === 0);
  const isHeld = row.state?.state === 'HOLD';
  const states = { isByHand, isHeld };
  return {
    ...named('replication', row.id, row.name),
    ...base,
    ...(own
      ? {}
      : {
          schedule: 'after snapshot tasks',
          plans: isReadable ? plans.flatMap((plan) => plan ?? []) : null,
        }),
    state: replicationState(base.state, row.auto, states),
    about: cell(`${(row.source_datasets ?? ['?']).slice(0, 2).join(', ')} → ${row.target_dataset ?? '?'}`),
    isHeavy: true,
    tookMs: tookMs(row.job),
    isRunning: row.state?.state === 'RUNNING' || isRunning(row.job),
    unknown: unknownState(row.state),
    ...(restriction === undefined || own ? {} : { allows: (zone, ms) => runsAt(restriction, zone, ms) }),
  };
}

function replicationState(
  state: PlannedTask['state'],
  auto: boolean | null,
  { isByHand, isHeld }: { readonly isByHand: boolean; readonly isHeld: boolean },
): PlannedTask['state'] {
  if (state === 'off') return 'off';
  if (isByHand) return 'by hand';
  if (isHeld) return 'on hold';
  return auto === null ? 'unknown' : state;
}

/** At each time of its schedule the NAS scrubs a pool unless it began a scrub less than the least days, but one, before. */
function scrubs(): CalendarSource {
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

/** Only a scrub tells when the last one was: where a resilver came after it, each time of the schedule may be one. */
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

const DAY_MS = 86_400_000;

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
