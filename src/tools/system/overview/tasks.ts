/** Periodic tasks: how their last run ended, and whether they run. */
import { formatDuration } from '../../../output/time.ts';
import { plural } from '../../../output/units.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { query } from '../../../truenas/query.ts';
import { field, type RowOf, rowsOf } from '../../support/rows.ts';
import { firstFew, QUOTE_LENGTH, type Subject } from './subject.ts';
import type { Finding } from './finding.ts';

const SCHEDULE = { dom: field.text, month: field.text };
const LAST = field.object({
  id: field.number,
  state: field.text,
  error: field.text,
  reason: field.text,
  datetime: field.time,
});

/** What is read of a task of any kind; what its kind has not is null. */
const TASK = {
  id: field.number,
  enabled: field.flag,
  dataset: field.text,
  name: field.text,
  description: field.text,
  path: field.text,
  state: LAST,
  job: LAST,
  auto: field.flag,
  schedule: field.object(SCHEDULE),
  restrict_schedule: field.object(SCHEDULE),
  periodic_snapshot_tasks: field.list({ schedule: field.object(SCHEDULE) }),
};
type Task = RowOf<typeof TASK>;

/** What sets the kinds of periodic tasks apart. */
interface Kind {
  readonly noun: string;
  readonly method: string;
  /** What a person calls it by; the first that is not empty. */
  readonly labels: readonly ('dataset' | 'name' | 'description' | 'path')[];
  /** Where it says how the last run ended. */
  readonly last: 'state' | 'job';
  /** What is fetched besides its labels. */
  readonly select: readonly string[];
}

/** Snapshots, replications and cloud copies. */
export const TASK_SUBJECTS: readonly Subject[] = [
  subjectOf({
    noun: 'snapshot',
    method: 'pool.snapshottask.query',
    labels: ['dataset'],
    last: 'state',
    select: ['state', 'schedule'],
  }),
  // Of its last job, which carries logs and arguments, only the id is fetched.
  subjectOf({
    noun: 'replication',
    method: 'replication.query',
    labels: ['name'],
    last: 'state',
    select: ['state', 'job.id', 'auto', 'schedule', 'restrict_schedule', 'periodic_snapshot_tasks'],
  }),
  subjectOf({
    noun: 'cloud sync',
    method: 'cloudsync.query',
    labels: ['description', 'path'],
    last: 'job',
    select: ['job.id', 'job.state', 'job.error'],
  }),
];

/** A kind of periodic task whose last run may have failed, or which does not run. */
function subjectOf(kind: Kind): Subject {
  const { noun, method, labels, last, select } = kind;
  const parameters = query({ select: ['id', 'enabled', ...labels, ...select], orderBy: ['id'] });
  return {
    name: `${noun} tasks`,
    uses: [method],
    async read({ nas, nowMs }) {
      const rows = rowsOf(await nas.call(method, parameters), TASK);
      // One of which the NAS does not say that it is off may be meant to run.
      const enabled = rows.filter((task) => task.enabled !== false);
      const off = rows.length - enabled.length;
      const unknown = enabled.filter((task) => task[last] !== null && task[last].state === null);
      return {
        findings: enabled.flatMap((task) => findingOf(kind, task, nowMs)),
        summary: `${plural(enabled.length, `${noun} task`)}${off > 0 ? ` (${off} more off)` : ''}`,
        unknown:
          unknown.length === 0 ? [] : [`state of ${firstFew(unknown.map((task) => nameOf(kind, task)))}`],
      };
    },
  };
}

/** What a person calls a task; its number where it has no name. */
function nameOf({ labels }: Kind, task: Task): string {
  const label = labels.map((name) => task[name]).find((text) => text !== null && text.trim() !== '');
  return label === undefined ? `#${task.id ?? '-'}` : safeCell(label ?? '-', 60);
}

function findingOf(kind: Kind, task: Task, nowMs: number): Finding[] {
  const trouble = troubleOf(task, task[kind.last], nowMs);
  if (trouble === undefined) return [];
  const what = `${kind.noun} ${nameOf(kind, task)} ${trouble.what}`;
  return [
    {
      level: 'WARNING',
      text: trouble.why ? `${what}: ${safeCell(trouble.why, QUOTE_LENGTH)}` : what,
      next: `call_api_read ${JSON.stringify({ method: kind.method, ...(task.id === null ? {} : { filters: [['id', '=', task.id]] }) })}`,
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

/** What is wrong with a task. One on hold is not run at all, and TrueNAS raises no alert about it. */
function troubleOf(
  plan: Task,
  last: Task['state'],
  nowMs: number,
): { what: string; why: string | null } | undefined {
  if (last === null) return undefined;
  if (last.state === 'ERROR' || last.state === 'FAILED') return { what: 'failed', why: last.error };
  if (last.state === 'HOLD') return { what: 'is on hold and does not run', why: last.reason };
  const most = mostDays(plan);
  if (most === undefined || last.datetime === null || nowMs - last.datetime < most * DAY_MS) return undefined;
  return {
    what: `has not run for ${formatDuration(nowMs - last.datetime)}`,
    why: `last state ${last.state ?? 'unknown'}`,
  };
}

const DAY_MS = 86_400_000;

/** Days without a run after which a task does not run any more: twice what its plan allows. Undefined when it may be that rare, or has none. */
function mostDays({
  auto,
  schedule,
  restrict_schedule: within,
  periodic_snapshot_tasks: after,
}: Task): number | undefined {
  if (auto === false) return undefined;
  const own = schedule === null ? after.map((task) => daysOf(task.schedule)) : [daysOf(schedule)];
  if (own.length === 0) return undefined;
  const days = Math.max(Math.min(...own), within === null ? 0 : daysOf(within));
  return Number.isFinite(days) ? days : undefined;
}

function daysOf(schedule: Task['schedule']): number {
  if (schedule === null || (schedule.month ?? '*') !== '*') return Number.POSITIVE_INFINITY;
  return (schedule.dom ?? '*') === '*' ? 14 : 62;
}
