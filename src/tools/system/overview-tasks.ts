/** The parts of the overview that look at periodic tasks: how did their last run end, and do they run? */
import { z } from 'zod';
import { formatDuration } from '../../output/time.ts';
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import { query } from '../../truenas/query.ts';
import { rowsOf, wire, wireList, wireObject } from '../wire.ts';
import { type Part, QUOTE_LENGTH } from './overview-part.ts';
import type { Finding } from './verdict.ts';

const SCHEDULE = { dom: wire.text, month: wire.text };
const PLAN = {
  auto: wire.flag,
  schedule: wireObject(SCHEDULE),
  restrict_schedule: wireObject(SCHEDULE),
  periodic_snapshot_tasks: wireList({ schedule: wireObject(SCHEDULE) }),
};
const LAST = {
  state: wire.text,
  error: wire.text,
  reason: wire.text,
  datetime: wire.time,
};

/** Snapshots, replications and cloud copies. */
export const TASK_PARTS: readonly Part[] = [
  tasks('snapshot', 'pool.snapshottask.query', 'dataset', 'state', ['schedule']),
  tasks('replication', 'replication.query', 'name', 'state', [
    'auto',
    'schedule',
    'restrict_schedule',
    'periodic_snapshot_tasks',
  ]),
  tasks('cloud sync', 'cloudsync.query', 'description', 'job', []),
];

/**
 * A kind of periodic task whose last run may have failed, or which does not run. `name` is a key of its rows, `parent` the
 * one that says how the last run ended. The last job of a cloud sync carries logs and arguments: of it only state and
 * error are fetched.
 */
function tasks(
  kind: string,
  method: string,
  name: string,
  parent: 'state' | 'job',
  plan: readonly string[],
): Part {
  const row = z.object({ [name]: wire.text });
  const rest = z.object({ [parent]: wireObject(LAST) });
  const planned = z.object(PLAN);
  return {
    name: `${kind} tasks`,
    uses: [method],
    async read({ nas, signal, nowMs }) {
      const parameters = query({
        filters: [['enabled', '=', true]],
        select: [
          'id',
          'enabled',
          name,
          ...(parent === 'job' ? ['job.state', 'job.error'] : [parent]),
          ...plan,
        ],
        orderBy: ['id'],
      });
      const result = await nas.call(method, parameters, { signal });
      const labels = rowsOf(result, row);
      const plans = rowsOf(result, planned);
      const findings = rowsOf(result, rest).flatMap((task, index): Finding[] => {
        const last = task[parent];
        if (!last) return [];
        const label = labels[index]?.[name] ?? null;
        const trouble = troubleOf(last, plan.length > 0 ? plans[index] : undefined, nowMs);
        if (trouble === undefined) return [];
        const what = `${kind} ${safeCell(label ?? '-', 60)} ${trouble.what}`;
        const because = (words: string | null) => (words ? `${what}: ${words}` : what);
        return [
          {
            level: 'WARNING',
            ...(label !== null && trouble.what === 'failed' ? { repeats: [kind, label, 'failed'] } : {}),
            text: because(trouble.why && safeCell(trouble.why, QUOTE_LENGTH)),
            wholeText: because(trouble.why),
          },
        ];
      });
      return { findings, summary: plural(labels.length, `${kind} task`) };
    },
  };
}

type Plan = z.output<z.ZodObject<typeof PLAN>>;
type Last = z.output<z.ZodObject<typeof LAST>>;

/** What is wrong with a task. One on hold is not run at all, and TrueNAS raises no alert about it. */
function troubleOf(
  last: Last,
  plan: Plan | undefined,
  nowMs: number,
): { what: string; why: string | null } | undefined {
  if (last.state === 'ERROR' || last.state === 'FAILED') return { what: 'failed', why: last.error };
  if (last.state === 'HOLD') return { what: 'is on hold and does not run', why: last.reason };
  const most = plan === undefined ? undefined : mostDays(plan);
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
}: Plan): number | undefined {
  if (auto === false) return undefined;
  const own = schedule === null ? after.map((task) => daysOf(task.schedule)) : [daysOf(schedule)];
  if (own.length === 0) return undefined;
  const days = Math.max(Math.min(...own), within === null ? 0 : daysOf(within));
  return Number.isFinite(days) ? days : undefined;
}

function daysOf(schedule: { dom: string | null; month: string | null } | null): number {
  if (schedule === null || (schedule.month ?? '*') !== '*') return Number.POSITIVE_INFINITY;
  return (schedule.dom ?? '*') === '*' ? 14 : 62;
}
