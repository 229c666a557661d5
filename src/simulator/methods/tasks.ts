/** Periodic tasks: `pool.snapshottask`, `replication`, `cloudsync`, `rsynctask`, and the credentials they use. */
import { z } from 'zod';
import type { JobRow, JobTable } from '../jobs.ts';
import type { MethodContext, SimMethod } from '../method.ts';
import { isAtLeast } from '../releases.ts';
import { model, secret, text } from '../schema.ts';
import type { CloudSync, PathTask, Replication, SnapshotTask, TaskState } from '../world/tasks.ts';
import { wholeSeconds } from '../world/units.ts';
import { type ApiRow, readable } from './common.ts';
import { crud, optional, required } from './crud.ts';
import { placeOf } from './share-path.ts';

const UNITS = ['HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR'] as const;
const HOURLY = { minute: '00', hour: '*', dom: '*', month: '*', dow: '*', begin: '00:00', end: '23:59' };

const schedule = model('SnapshotTaskSchedule', {
  minute: text().default('00'),
  hour: text().default('*'),
  dom: text().default('*'),
  month: text().default('*'),
  dow: text().default('*'),
  begin: text().default('00:00'),
  end: text().default('23:59'),
});

const snapshotTasks = crud<SnapshotTask>({
  namespace: 'pool.snapshottask',
  entity: 'PeriodicSnapshotTask',
  what: 'periodic snapshot tasks',
  roles: ['SNAPSHOT_TASK_READ'],
  writeRoles: ['SNAPSHOT_TASK_WRITE'],
  attribute: 'periodic_snapshot',
  unsortable: ['state'],
  fields: {
    dataset: required(text()),
    recursive: optional(z.boolean(), false),
    lifetime_value: optional(z.int(), 2),
    lifetime_unit: optional(z.enum(UNITS), 'WEEK'),
    enabled: optional(z.boolean(), true),
    exclude: optional(z.array(text()), []),
    naming_schema: optional(text(), 'auto-%Y-%m-%d_%H-%M'),
    allow_empty: optional(z.boolean(), true),
    schedule: optional(schedule, HOURLY),
  },
  updateFields: {
    dataset: required(text()),
    recursive: required(z.boolean()),
    lifetime_value: required(z.int()),
    lifetime_unit: required(z.enum(UNITS)),
    enabled: required(z.boolean()),
    exclude: required(z.array(text())),
    naming_schema: required(text()),
    allow_empty: required(z.boolean()),
    schedule: required(schedule),
    fixate_removal_date: required(z.boolean()),
  },
  deleteParams: [
    ['options', model('DeleteOptions', { fixate_removal_date: z.boolean().default(false) }).prefault({})],
  ],
  table: (world) => world.tasks.snapshots,
  show: snapshotTaskRow,
  check({ world }, { data, problems, at }) {
    const dataset = String(data.dataset);
    if (world.datasets.get(dataset) === undefined) {
      problems.add(`${at}.dataset`, 'Dataset not found');
    }
    if (!data.recursive && (data.exclude as string[]).length > 0) {
      problems.add(
        `${at}.exclude`,
        'Excluding datasets is not necessary for non-recursive periodic snapshot tasks',
      );
    }
    for (const [index, excluded] of (data.exclude as string[]).entries()) {
      if (excluded.startsWith(`${dataset}/`)) continue;
      problems.add(
        `${at}.exclude.${String(index)}`,
        'Excluded dataset should be a child or other descendant of the selected dataset',
      );
    }
    for (const part of ['%Y', '%m', '%d', '%H', '%M']) {
      if (!String(data.naming_schema).includes(part))
        problems.add(`${at}.naming_schema`, `${part} must be present in naming schema`);
    }
    const { fixate_removal_date: _, ...stored } = data;
    return { ...stored, vmware_sync: false };
  },
});

const sshCredentials = z.looseObject({ attributes: secret(z.unknown()) }).nullable();
const encryptionText = secret(z.string());

export const TASK_METHODS: readonly SimMethod[] = [
  ...snapshotTasks,
  ...readable({
    namespace: 'replication',
    takesAnyIdBefore: true,
    entity: 'Replication',
    what: 'replication tasks',
    roles: ['REPLICATION_TASK_READ'],
    secretRoles: ['REPLICATION_TASK_WRITE'],
    unsortable: ['state', 'job'],
    row: z.looseObject({ ssh_credentials: sshCredentials }),
    rows: (context) => context.world.tasks.replications.rows().map((row) => replicationRow(context, row)),
  }),
  ...readable({
    namespace: 'cloudsync',
    takesAnyIdBefore: true,
    entity: 'CloudSync',
    what: 'cloud sync tasks',
    roles: ['CLOUD_SYNC_READ'],
    secretRoles: ['CLOUD_SYNC_WRITE'],
    unsortable: ['job', 'locked'],
    row: z.looseObject({
      credentials: z.looseObject({ provider: providerSecrets() }),
      encryption_password: encryptionText,
      encryption_salt: encryptionText,
    }),
    rows: (context) => context.world.tasks.cloudSyncs.rows().map((row) => cloudSyncRow(context, row)),
  }),
  ...readable({
    namespace: 'cloudsync.credentials',
    entity: 'CloudCredentials',
    what: 'credentials of cloud providers',
    roles: ['CLOUD_SYNC_READ'],
    secretRoles: ['CLOUD_SYNC_WRITE'],
    row: z.looseObject({ provider: providerSecrets() }),
    rows: ({ world }) => world.tasks.cloudCredentials.rows(),
  }),
  ...readable({
    namespace: 'keychaincredential',
    entity: 'KeychainCredential',
    what: 'SSH keys and connections',
    roles: ['KEYCHAIN_CREDENTIAL_READ'],
    secretRoles: ['KEYCHAIN_CREDENTIAL_WRITE'],
    row: z.looseObject({ attributes: secret(z.unknown()) }),
    rows: ({ world }) => world.tasks.keychain.rows(),
  }),
  ...readable({
    namespace: 'rsynctask',
    takesAnyIdBefore: true,
    entity: 'RsyncTask',
    what: 'rsync tasks',
    roles: ['SNAPSHOT_TASK_READ'],
    secretRoles: ['SNAPSHOT_TASK_WRITE'],
    unsortable: ['job', 'locked'],
    row: z.looseObject({ ssh_credentials: sshCredentials.optional() }),
    rows: (context) => context.world.tasks.rsyncs.rows().map((row) => rsyncRow(context, row)),
  }),
];

/** All fields of a provider but its type. */
function providerSecrets(): z.ZodType {
  const hidden = [
    'account',
    'key',
    'access_key_id',
    'secret_access_key',
    'region',
    'skip_region',
    'signatures_v2',
  ];
  const fields = [
    ...hidden,
    'max_upload_parts',
    'token',
    'client_id',
    'client_secret',
    'pass',
    'user',
    'host',
    'url',
  ];
  return z.looseObject(Object.fromEntries(fields.map((name) => [name, secret(z.unknown()).optional()])));
}

function snapshotTaskRow({ world }: MethodContext, task: SnapshotTask): ApiRow {
  const last = world.datasets.get(task.dataset)?.snapshots.at(-1);
  const state =
    last === undefined || !task.enabled
      ? { state: 'PENDING' }
      : {
          state: 'FINISHED',
          datetime: wholeSeconds(last.createdMs),
          last_snapshot: `${task.dataset}@${last.name}`,
        };
  return { ...task, state };
}

function replicationRow(context: MethodContext, task: Replication): ApiRow {
  const { world, jobs } = context;
  const {
    ssh_credentials_id: credentialsId,
    snapshot_task_ids: taskIds,
    last: _last,
    lastError: _error,
    lastMs: _ms,
    ...fields
  } = task;
  const credentials = credentialsId === null ? null : (world.tasks.keychain.get(credentialsId) ?? null);
  const runs = runsOf(jobs, 'replication.run', task.id);
  const { state: last, error } = settledState(task, runs);
  const state = {
    state: last,
    datetime: wholeSeconds(task.lastMs),
    ...(error === null ? {} : { error }),
    ...(last === 'RUNNING' ? { progress: null } : { last_snapshot: null, warnings: [] }),
  };
  return {
    ...fields,
    ssh_credentials: credentials,
    periodic_snapshot_tasks: taskIds.flatMap((id) => {
      const row = world.tasks.snapshots.get(id);
      if (row === undefined) return [];
      const { vmware_sync: _, ...shown } = row;
      return [{ ...shown, state: 'FINISHED' }];
    }),
    state,
    job: runs.at(-1) ?? null,
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

function cloudSyncRow(context: MethodContext, task: CloudSync): ApiRow {
  const { credentials_id: credentialsId, ...fields } = task;
  return {
    ...fields,
    credentials: context.world.tasks.cloudCredentials.get(credentialsId),
    ...jobField(context, 'cloudsync.sync', task.id),
    ...placeOf(context, task.path),
  };
}

function rsyncRow(context: MethodContext, task: PathTask): ApiRow {
  const isOld = !isAtLeast(context.release, '25.10');
  return {
    ...task,
    ...(isOld ? {} : { ssh_credentials: null }),
    ...jobField(context, 'rsynctask.run', task.id),
    ...placeOf(context, task.path),
  };
}

/** 25.04 leaves the field out where no job has run. */
function jobField({ jobs, release }: MethodContext, method: string, id: number): ApiRow {
  const job = lastJob(jobs, method, id);
  return job === null && !isAtLeast(release, '25.10') ? {} : { job };
}

/** The job that a task has run last. */
export function lastJob(jobs: JobTable, method: string, id: number): JobRow | null {
  return runsOf(jobs, method, id).at(-1) ?? null;
}

/** All jobs of a task, oldest first. */
export function runsOf(jobs: JobTable, method: string, id: number): JobRow[] {
  return jobs.rows().filter((row) => row.method === method && row.arguments[0] === id);
}
