/** When a new replication starts, and which snapshots it copies. */
import type { Target } from '../../../changes/change.ts';
import { InputProblem } from '../../../output/problem.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { leanedOn, rowThing } from '../../support/targets.ts';
import { cronText, scheduleOf } from '../schedule.ts';
import { DEFAULT_NAME, namingSchema, taskName } from '../snapshot-task.ts';
import { findTask } from '../tasks.ts';

/** A schedule or a snapshot task that starts a replication, and the snapshots that it copies. */
export interface Start {
  /** `daily at 02:30`, or `after` the task. */
  readonly text: string;
  /** Of `replication.create`. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** A line of impact. */
  readonly snapshots: string;
  /** The snapshot task, which must stay. */
  readonly leans: readonly Target[];
}

/** @throws InputProblem for a start that this direction cannot have */
export async function startOf(
  nas: ReadClient,
  input: {
    readonly schedule?: string | undefined;
    readonly snapshot_task?: string | number | undefined;
    readonly snapshots?: string | undefined;
  },
  isPull: boolean,
): Promise<Start> {
  const schedule = input.schedule === undefined ? null : scheduleOf(input.schedule);
  if (isPull && input.snapshot_task !== undefined)
    throw new InputProblem(
      'snapshot_task',
      'says nothing to a pull: the other side takes the snapshots',
      'Give snapshots, the form of their names.',
    );
  if (schedule === null && (isPull || input.snapshot_task === undefined))
    throw new InputProblem(
      'schedule',
      'is missing',
      isPull ? '"daily 02:30"' : '"daily 02:30", or snapshot_task: it then runs after each of its runs',
    );
  const naming = namingSchema(input.snapshots ?? DEFAULT_NAME);
  const own = { auto: true, schedule };
  const at = schedule === null ? '' : cronText(schedule);
  if (input.snapshot_task === undefined) {
    const by = isPull
      ? { naming_schema: [naming], also_include_naming_schema: [] }
      : { naming_schema: [], also_include_naming_schema: [naming] };
    return {
      text: at,
      fields: { ...own, periodic_snapshot_tasks: [], ...by },
      snapshots: `it copies snapshots that are called ${naming}, and no others: without a task that takes them nothing is copied`,
      leans: [],
    };
  }
  const { id, label } = await findTask(nas, 'snapshot', input.snapshot_task);
  const also = input.snapshots === undefined ? [] : [naming];
  const task = taskName(id, label);
  return {
    text: schedule === null ? `after ${task}` : at,
    fields: { ...own, periodic_snapshot_tasks: [id], naming_schema: [], also_include_naming_schema: also },
    snapshots: `it copies the snapshots of ${safeCell(task, 120)}`,
    leans: [
      await leanedOn(nas, rowThing(task, 'pool.snapshottask.query', ['id', '=', id]), {
        name: task,
        absent: () => new InputProblem('snapshot_task', `${String(id)} does not exist any more`),
      }),
    ],
  };
}
