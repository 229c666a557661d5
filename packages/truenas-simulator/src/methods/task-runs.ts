/** Running a periodic task now: `pool.snapshottask.run`, `replication.run`, `cloudsync.sync`, `rsynctask.run`. */
import * as z from 'zod';
import { doesNotExist } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { model } from '../schema/schema.ts';
import { datasetAt } from '../world/dataset-paths.ts';
import { isLocked } from '../world/datasets.ts';
import type { PathTask } from '../world/tasks.ts';
import { ONLY_25_04, refuse, SINCE_25_10 } from './common.ts';
import { memoized } from './crud.ts';
import { note, replicate } from './replicate.ts';
import { createSnapshot, formatTime } from './snapshot-actions.ts';
import { settledState } from './replication-state.ts';
import { lastJob, runsOf } from './task-jobs.ts';

const byId = [['id', z.int()]] as const;
/** How long a transfer takes here. */
const TRANSFER_MS = 300;

const rsync: Omit<SimMethod, 'roles'> = {
  name: 'rsynctask.run',
  description: 'Runs an rsync task now.',
  params: byId,
  job: {
    logs: true,
    lock: ([id]) => `rsynctask_run:${String(id)}`,
    lockQueueSize: 1,
  },
  async run(context: MethodContext, id: number) {
    const task = context.world.tasks.rsyncs.get(id);
    if (task === undefined) throw doesNotExist('RsyncTask', id);
    await transfer(context, task, 'sent 18,204 bytes  received 1,291,845,632 bytes');
    return null;
  },
};

export const TASK_RUN_METHODS: readonly SimMethod[] = [
  {
    name: 'pool.snapshottask.run',
    description: 'Takes the snapshots of a periodic task now.',
    roles: ['SNAPSHOT_TASK_WRITE'],
    params: byId,
    run: runSnapshotTask,
  },
  {
    name: 'replication.run',
    description: 'Runs a replication task now.',
    roles: ['REPLICATION_TASK_WRITE'],
    params: memoized((release) =>
      isAtLeast(release, '27.0')
        ? [...byId, ['options', model('ReplicationRunOptions', {}).prefault({})]]
        : byId,
    ),
    job: { logs: true, readRoles: ['REPLICATION_TASK_READ'] },
    run: runReplication,
  },
  {
    name: 'cloudsync.sync',
    description: 'Runs a cloud sync task now.',
    roles: ['CLOUD_SYNC_WRITE'],
    params: [
      ...byId,
      [
        'cloud_sync_sync_options',
        model('CloudSyncSyncOptions', { dry_run: z.boolean().default(false) }).prefault({}),
      ],
    ],
    job: {
      abortable: true,
      logs: true,
      lock: ([id]) => `cloud_sync:${String(id)}`,
      lockQueueSize: 1,
      readRoles: ['CLOUD_SYNC_READ'],
    },
    async run(context: MethodContext, id: number) {
      const task = context.world.tasks.cloudSyncs.get(id);
      if (task === undefined) throw doesNotExist('CloudSync', id);
      await transfer(context, task, 'Transferred: 1.204 GiB / 1.204 GiB, 100%');
      return null;
    },
  },
  {
    name: 'cloudsync.abort',
    description: 'Ends the run of a cloud sync task; false when none is under way.',
    roles: ['CLOUD_SYNC_WRITE'],
    params: byId,
    run({ world, jobs }: MethodContext, id: number) {
      if (world.tasks.cloudSyncs.get(id) === undefined) throw doesNotExist('CloudSync', id);
      const job = lastJob(jobs, 'cloudsync.sync', id);
      if (job === null || job.time_finished !== null) return false;
      jobs.abort(job.id);
      return true;
    },
  },
  { ...rsync, releases: ONLY_25_04, roles: [] },
  { ...rsync, releases: SINCE_25_10, roles: ['SNAPSHOT_TASK_WRITE'] },
];

function runSnapshotTask(context: MethodContext, id: number): null {
  const { world } = context;
  const task = world.tasks.snapshots.get(id);
  if (task === undefined) throw doesNotExist('PeriodicSnapshotTask', id);
  if (!task.enabled) refuse('Task is not enabled');
  const name = formatTime(task.naming_schema, context.now());
  // The NAS answers before it works; what goes wrong then shows in the task, not here.
  const isTaken = world.datasets.get(task.dataset)?.snapshots.some((each) => each.name === name) ?? true;
  if (isTaken) return null;
  const namespace = isAtLeast(context.release, '25.10') ? 'pool.snapshot' : 'zfs.snapshot';
  const exclude = task.recursive ? (task.exclude as readonly string[]) : [];
  const { dataset, recursive } = task;
  createSnapshot(context, namespace, { dataset, recursive, exclude, name, properties: {} }, id);
  return null;
}

async function runReplication(context: MethodContext, id: number): Promise<null> {
  const { world, jobs, job } = context;
  const { replications } = world.tasks;
  const task = replications.get(id);
  if (task === undefined) throw doesNotExist('Replication', id);
  if (!task.enabled) refuse('Task is not enabled');
  const earlier = runsOf(jobs, 'replication.run', id).filter((row) => row.id !== job?.id);
  if (settledState(task, earlier).state === 'RUNNING') refuse('Task is already running');
  note(context, id, { last: 'RUNNING', lastError: null, lastMs: context.now(), progress: null });
  try {
    job?.log(`[zettarepl.replication.run] For task 'task_${String(id)}' doing push`);
    await job?.wait(TRANSFER_MS);
    await replicate(context, task);
    note(context, id, { last: 'FINISHED', lastMs: context.now() });
    return null;
  } catch (error) {
    const lastError = error instanceof Error ? error.message : String(error);
    note(context, id, { last: 'ERROR', lastError, lastMs: context.now() });
    throw error;
  }
}

/** A transfer to or from elsewhere: only its traces show here. */
export async function transfer({ world, job }: MethodContext, task: PathTask, line: string): Promise<void> {
  const place = datasetAt(world.datasets, task.path);
  if (place !== null && isLocked(place.dataset)) refuse('Dataset is locked');
  job?.progress(0, 'Starting');
  await job?.wait(TRANSFER_MS / 2);
  job?.progress(50, line);
  await job?.wait(TRANSFER_MS / 2);
  job?.log(line);
  job?.progress(100, line);
}
