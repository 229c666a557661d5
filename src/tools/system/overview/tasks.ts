/** Periodic tasks: how their last run ended, and whether they run. */
import { formatDuration } from '../../../output/time.ts';
import { plural } from '../../../output/units.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { field, isObject, type RowOf, rowsOf } from '../../support/rows.ts';
import { callTasks } from '../task-jobs.ts';
import type { Finding } from './finding.ts';
import { callText, firstFew, QUOTE_LENGTH, type Subject, withState } from './subject.ts';

/** A plan; null for a task that has none. */
const SCHEDULE = field.nullable({ dom: field.text, month: field.text });
type Schedule = ReturnType<typeof SCHEDULE>;

/** The last run; null for a task that has never run. */
const LAST = field.nullable({
  id: field.number,
  state: field.text,
  error: field.text,
  reason: field.text,
  datetime: (value) => (value === undefined || value === null ? null : (field.time(value) ?? ODD_TIME)),
});

/** In place of a time that could not be read. */
const ODD_TIME = 'odd';

/** Every state that a task or its job may be in. */
export const STATES: ReadonlySet<string> = new Set([
  'PENDING',
  'WAITING',
  'RUNNING',
  'FINISHED',
  'SUCCESS',
  'ABORTED',
  'ERROR',
  'FAILED',
  'HOLD',
]);

/** Fields of a task of any kind; those that its kind does not have are null. */
export const TASK = {
  id: field.number,
  enabled: field.flag,
  dataset: field.text,
  name: field.text,
  description: field.text,
  desc: field.text,
  path: field.text,
  state: LAST,
  // 25.04 leaves the job out where a task has not run.
  job: (value: unknown) => LAST(value ?? null),
  auto: field.flag,
  schedule: SCHEDULE,
  restrict_schedule: SCHEDULE,
  periodic_snapshot_tasks: field.items,
};
type Task = RowOf<typeof TASK>;

/** Everything in which one kind of periodic tasks differs from the others. */
export interface Kind {
  readonly noun: string;
  readonly method: string;
  /** Names of a task for a person; the first that is not empty is used. */
  readonly labels: readonly ('dataset' | 'name' | 'description' | 'desc' | 'path')[];
  /** The field of the last run. */
  readonly last: 'state' | 'job';
  /** True for one that few NASes have: only those are told how many there are. */
  readonly isRare?: true;
}

/** Snapshots, replications and copies to other places. */
export const TASK_SUBJECTS: readonly Subject[] = [
  subjectOf({ noun: 'snapshot', method: 'pool.snapshottask.query', labels: ['dataset'], last: 'state' }),
  subjectOf({ noun: 'replication', method: 'replication.query', labels: ['name'], last: 'state' }),
  subjectOf({
    noun: 'cloud sync',
    method: 'cloudsync.query',
    labels: ['description', 'path'],
    last: 'job',
  }),
  subjectOf({
    noun: 'rsync',
    method: 'rsynctask.query',
    labels: ['desc', 'path'],
    last: 'job',
    isRare: true,
  }),
];

/** A kind of periodic task whose last run may have failed, or which does not run. */
function subjectOf(kind: Kind): Subject {
  const { noun, method, isRare = false } = kind;
  return {
    name: `${noun} tasks`,
    uses: [method],
    async read({ nas, nowMs }) {
      const rows = rowsOf(await callTasks(nas, method), TASK);
      // A task that is not known to be off may be meant to run.
      const enabled = rows.filter((task) => task.enabled !== false);
      const off = rows.length - enabled.length;
      const unknown = enabled.flatMap((task) => unknownOf(kind, task, nowMs));
      return {
        findings: enabled.flatMap((task) => findingOf(kind, task, nowMs)),
        summary:
          isRare && rows.length === 0
            ? ''
            : `${plural(enabled.length, `${noun} task`)}${off > 0 ? ` (${off} more off)` : ''}`,
        unknown: unknown.length === 0 ? [] : [firstFew(unknown)],
      };
    },
  };
}

/** The name of a task for a person; its number where it has no name. */
function nameOf({ labels }: Kind, task: Task): string {
  const label = labels.map((name) => task[name]).find((text) => text !== null && text.trim() !== '');
  return label === undefined ? `#${task.id ?? '-'}` : safeCell(label ?? '-', 60);
}

/** Facts that decide about a task and could not be read: `state of docs`. */
function unknownOf(kind: Kind, task: Task, nowMs: number): string[] {
  const last = task[kind.last];
  // Of a row that tells nothing it is not known either that it has not run.
  const isBlank = task.id === null && task.enabled === null;
  if (last === null) return isBlank ? [`state of ${nameOf(kind, task)}`] : [];
  if (last.state === null || !STATES.has(last.state))
    return [`state of ${withState(nameOf(kind, task), last.state)}`];
  if (last.datetime === ODD_TIME) return [`last run of ${nameOf(kind, task)}`];
  const isOld = last.datetime !== null && nowMs - last.datetime > DAILY_MOST_DAYS * DAY_MS;
  return isOld && mostDays(kind, task) === UNKNOWN_PLAN ? [`plan of ${nameOf(kind, task)}`] : [];
}

function findingOf(kind: Kind, task: Task, nowMs: number): Finding[] {
  const trouble = troubleOf(kind, task, nowMs);
  if (trouble === undefined) return [];
  const what = `${kind.noun} ${nameOf(kind, task)} ${trouble.what}`;
  return [
    {
      level: 'WARNING',
      text: trouble.why ? `${what}: ${safeCell(trouble.why, QUOTE_LENGTH)}` : what,
      next: callText('call_api_read', {
        method: kind.method,
        ...(task.id === null ? {} : { filters: [['id', '=', task.id]] }),
      }),
      ...(trouble.what === 'failed' ? { trouble: 'failed', about: identitiesOf(kind, task) } : {}),
    },
  ];
}

/** The task itself, as its alert names it, and its last job, which tells of the same failure. */
function identitiesOf({ noun }: Kind, { id, job }: Task): string[] {
  return [
    ...(id === null ? [] : [`${noun}:${id}`]),
    ...(job?.id === null || job === null ? [] : [`job:${job.id}`]),
  ];
}

/** The trouble of a task. One on hold is not run at all, and TrueNAS raises no alert about it. */
export function troubleOf(
  kind: Pick<Kind, 'last' | 'method'>,
  task: Task,
  nowMs: number,
): { what: string; why: string | null } | undefined {
  const last = task[kind.last];
  if (last === null) return undefined;
  if (last.state === 'ERROR' || last.state === 'FAILED') return { what: 'failed', why: last.error };
  if (last.state === 'HOLD') return { what: 'is on hold and does not run', why: last.reason };
  const most = mostDays(kind, task);
  const { datetime } = last;
  if (typeof most !== 'number' || typeof datetime !== 'number' || nowMs - datetime < most * DAY_MS)
    return undefined;
  return {
    what: `has not run for ${formatDuration(nowMs - datetime)}`,
    why: `last state ${last.state ?? 'unknown'}`,
  };
}

const DAY_MS = 86_400_000;
/** Days without a run after which a task is stuck: twice as many as its plan allows. */
const DAILY_MOST_DAYS = 14;
const MONTHLY_MOST_DAYS = 62;

/** In place of the days when the plan could not be read. */
const UNKNOWN_PLAN = 'unknown';

/** Days without a run after which a task is stuck. Undefined when it has no plan, or may be that rare. */
function mostDays(
  { method }: Pick<Kind, 'method'>,
  { auto, schedule, restrict_schedule: restriction, periodic_snapshot_tasks: after }: Task,
): number | typeof UNKNOWN_PLAN | undefined {
  // Other kinds have no such field.
  const within = method === 'replication.query' ? restriction : null;
  if (auto === false) return undefined;
  const plans = schedule === null ? (after?.map(planOf) ?? []) : [schedule];
  // A task after no snapshot task, which has no plan either, is started by a person.
  if (plans.length === 0) return schedule === null && after !== null ? undefined : UNKNOWN_PLAN;
  if ([...plans, within].some(isUnknown)) return UNKNOWN_PLAN;
  const days = Math.max(Math.min(...plans.map(daysOf)), within === null ? 0 : daysOf(within));
  return Number.isFinite(days) ? days : undefined;
}

function planOf(task: unknown): Schedule {
  return SCHEDULE(isObject(task) ? task['schedule'] : undefined);
}

function isUnknown(schedule: Schedule): boolean {
  return schedule !== null && (schedule.dom === null || schedule.month === null);
}

function daysOf(schedule: Schedule): number {
  if (schedule === null || schedule.month !== '*') return Number.POSITIVE_INFINITY;
  return schedule.dom === '*' ? DAILY_MOST_DAYS : MONTHLY_MOST_DAYS;
}
