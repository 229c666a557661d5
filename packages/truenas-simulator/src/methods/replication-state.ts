/** How a replication task stands: its state with what went over last, and its job. */
import type { JobRow } from '../jobs/job-table.ts';
import type { MethodContext } from '../calls/method.ts';
import type { Replication, ReplicationProgress, TaskState } from '../world/tasks.ts';
import { wholeSeconds } from '../world/units.ts';
import type { World } from '../world/world.ts';
import type { ApiRow } from './common.ts';
import { runsOf } from './task-jobs.ts';

/** The fields `state` and `job` of a row. One that has never run says that it waits, and nothing more. */
export function replicationState(
  { world, jobs }: MethodContext,
  task: Replication,
): { readonly state: ApiRow; readonly job: JobRow | null } {
  const runs = runsOf(jobs, 'replication.run', task.id);
  const job = runs.at(-1) ?? null;
  const { state, error } = settledState(task, runs);
  if (state === 'PENDING') return { state: { state }, job };
  const { progress = null } = task;
  return {
    state: {
      state,
      datetime: wholeSeconds(task.lastMs),
      ...(state === 'RUNNING' && progress !== null ? { progress: progressRow(progress) } : {}),
      ...(state === 'FINISHED' ? { warnings: [] } : {}),
      ...(error === null ? {} : { error }),
      last_snapshot: task.lastSnapshot ?? newestCommon(world, task),
    },
    job,
  };
}

/** How a replication stands: one whose job has ended since, by an abort for example, does not run any more. */
export function settledState(
  { last, lastError }: Replication,
  runs: readonly JobRow[],
): { state: TaskState; error: string | null } {
  const isUnderWay = runs.length === 0 || runs.some(({ time_finished: ended }) => ended === null);
  if (last !== 'RUNNING' || isUnderWay) return { state: last, error: lastError };
  // Attempts that were refused meanwhile do not count.
  const ended = runs.findLast(({ state }) => state !== 'FAILED');
  return ended?.state === 'SUCCESS'
    ? { state: 'FINISHED', error: null }
    : { state: 'ERROR', error: 'Aborted' };
}

function progressRow({ dataset, snapshot, ...counts }: ReplicationProgress): ApiRow {
  const { snapshotsSent, snapshotsTotal, bytesSent, bytesTotal } = counts;
  return {
    dataset,
    snapshot,
    snapshots_sent: snapshotsSent,
    snapshots_total: snapshotsTotal,
    bytes_sent: bytesSent,
    bytes_total: bytesTotal,
    // The same under the names they had in former times.
    current: bytesSent,
    total: bytesTotal,
  };
}

/** What must have gone over before the world began: the newest snapshot that the last source and its copy share. */
function newestCommon(world: World, task: Replication): string | null {
  const { source_datasets: sources, target_dataset: target } = task;
  if (task.ssh_credentials_id !== null) return null;
  for (const id of sources.toReversed()) {
    const place = sources.length === 1 ? target : `${target}/${id.split('/').at(-1) ?? ''}`;
    const copies = new Set(world.datasets.get(place)?.snapshots.map(({ name }) => name));
    const common = world.datasets.get(id)?.snapshots.findLast(({ name }) => copies.has(name));
    if (common !== undefined) return `${id}@${common.name}`;
  }
  return null;
}
