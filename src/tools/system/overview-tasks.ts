/** The parts of the overview that look at periodic tasks: how did their last run end, and do they run? */
import { formatDuration } from '../../output/time.ts';
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import { query } from '../../truenas/query.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';
import { type Part, QUOTE_LENGTH } from './overview-part.ts';
import type { Finding } from './verdict.ts';

const SCHEDULE = { dom: field.text, month: field.text };
const LAST = field.object({ state: field.text, error: field.text, reason: field.text, datetime: field.time });

/** What is read of a task of any kind; what its kind has not is null. */
const TASK = {
  dataset: field.text,
  name: field.text,
  description: field.text,
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
  /** What a person calls it by. */
  readonly label: 'dataset' | 'name' | 'description';
  /** Where it says how the last run ended. */
  readonly last: 'state' | 'job';
  /** What is fetched besides its label. */
  readonly select: readonly string[];
}

/** Snapshots, replications and cloud copies. */
export const TASK_PARTS: readonly Part[] = [
  tasks({
    noun: 'snapshot',
    method: 'pool.snapshottask.query',
    label: 'dataset',
    last: 'state',
    select: ['state', 'schedule'],
  }),
  tasks({
    noun: 'replication',
    method: 'replication.query',
    label: 'name',
    last: 'state',
    select: ['state', 'auto', 'schedule', 'restrict_schedule', 'periodic_snapshot_tasks'],
  }),
  // Its last job carries logs and arguments: of it only these two are fetched.
  tasks({
    noun: 'cloud sync',
    method: 'cloudsync.query',
    label: 'description',
    last: 'job',
    select: ['job.state', 'job.error'],
  }),
];

/** A kind of periodic task whose last run may have failed, or which does not run. */
function tasks({ noun, method, label, last, select }: Kind): Part {
  const parameters = query({
    filters: [['enabled', '=', true]],
    select: ['id', 'enabled', label, ...select],
    orderBy: ['id'],
  });
  return {
    name: `${noun} tasks`,
    uses: [method],
    async read({ nas, nowMs }) {
      const rows = rowsOf(await nas.call(method, parameters), TASK);
      const findings = rows.flatMap((task): Finding[] => {
        const trouble = troubleOf(task, task[last], nowMs);
        if (trouble === undefined) return [];
        const called = task[label];
        const what = `${noun} ${safeCell(called ?? '-', 60)} ${trouble.what}`;
        const because = (words: string | null) => (words ? `${what}: ${words}` : what);
        return [
          {
            level: 'WARNING',
            ...(called !== null && trouble.what === 'failed' ? { repeats: [noun, called, 'failed'] } : {}),
            text: because(trouble.why && safeCell(trouble.why, QUOTE_LENGTH)),
            wholeText: because(trouble.why),
          },
        ];
      });
      return { findings, summary: plural(rows.length, `${noun} task`) };
    },
  };
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
