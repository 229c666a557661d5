/** `cloud_backup.*`: backups in cloud storage, in versions. */
import * as z from 'zod';
import { doesNotExist } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { anyObject, model, secret, text } from '../schema/schema.ts';
import type { CloudSync } from '../world/tasks.ts';
import { cloudAttributes } from './cloudsync.ts';
import type { ApiRow } from './common.ts';
import { type Check, crud, type Data, type Fields, memoized, optional, required } from './crud.ts';
import { HOURLY, scheduleModel } from './schedule.ts';
import { checkPath, placeOf } from './share-path.ts';
import { lastJob } from './task-jobs.ts';
import { transfer } from './task-runs.ts';
import { providerSecrets } from './tasks.ts';

const write = ['CLOUD_BACKUP_WRITE'];
const flag = z.boolean();
const oldSchedule = scheduleModel('CloudBackupCron');
const schedule = scheduleModel('CloudCron');
const byId = [['id', z.int()]] as const;

export const CLOUD_BACKUP_METHODS: readonly SimMethod[] = [
  ...crud<CloudSync>({
    namespace: 'cloud_backup',
    entity: 'CloudBackup',
    what: 'cloud backup tasks',
    roles: ['CLOUD_BACKUP_READ'],
    writeRoles: write,
    createParam: 'cloud_backup',
    secretRoles: write,
    row: z.looseObject({
      credentials: z.looseObject({ provider: providerSecrets() }),
      password: secret(text()),
    }),
    fields,
    table: (world) => world.tasks.cloudBackups,
    show: cloudBackupRow,
    check,
  }),
  {
    name: 'cloud_backup.sync',
    description: 'Runs a cloud backup task now.',
    roles: write,
    params: memoized((release) => [
      ...byId,
      [
        'options',
        model('CloudBackupSyncOptions', {
          dry_run: flag.default(false),
          ...(isAtLeast(release, '25.10') ? { rate_limit: z.int().positive().nullable().default(null) } : {}),
        }).prefault({}),
      ],
    ]),
    job: {
      abortable: true,
      logs: true,
      lock: ([id]) => `cloud_backup:${String(id)}`,
      lockQueueSize: 1,
    },
    async run(context: MethodContext, id: number) {
      const task = context.world.tasks.cloudBackups.get(id);
      if (task === undefined) throw doesNotExist('CloudBackup', id);
      await transfer(context, task, 'processed 18204 files, 61.204 GiB in 4:11');
      return null;
    },
  },
  {
    name: 'cloud_backup.abort',
    description: 'Ends the run of a cloud backup task; false when none is under way.',
    roles: write,
    params: byId,
    run({ world, jobs }: MethodContext, id: number) {
      if (world.tasks.cloudBackups.get(id) === undefined) throw doesNotExist('CloudBackup', id);
      const job = lastJob(jobs, 'cloud_backup.sync', id);
      if (job === null || job.time_finished !== null) return false;
      jobs.abort(job.id);
      return true;
    },
  },
];

function fields(release: SimRelease): Fields {
  const isNew = isAtLeast(release, '25.10');
  const pattern = text({ min: 1 });
  const settings = ['DEFAULT', 'PERFORMANCE', 'FAST_STORAGE'] as const;
  return {
    description: optional(text(), ''),
    path: required(text()),
    credentials: required(z.int()),
    attributes: required(isNew ? cloudAttributes : anyObject()),
    schedule: optional(isNew ? schedule : oldSchedule, HOURLY),
    pre_script: optional(text(), ''),
    post_script: optional(text(), ''),
    snapshot: optional(flag, false),
    include: optional(z.array(pattern), []),
    exclude: optional(z.array(pattern), []),
    args: optional(text(), ''),
    enabled: optional(flag, true),
    password: required(secret(text({ min: 1 }))),
    keep_last: required(z.int().positive()),
    transfer_setting: optional(z.enum(settings), 'DEFAULT'),
    absolute_paths: optional(flag, false),
    ...(isNew
      ? {
          cache_path: optional(text().nullable(), null),
          rate_limit: optional(z.int().positive().nullable(), null),
        }
      : {}),
  };
}

function cloudBackupRow(context: MethodContext, task: CloudSync): ApiRow {
  const { credentials_id: credentialsId, ...shown } = task;
  return {
    ...(isAtLeast(context.release, '25.10') ? { cache_path: null, rate_limit: null } : {}),
    ...shown,
    credentials: context.world.tasks.cloudCredentials.get(credentialsId),
    job: lastJob(context.jobs, 'cloud_backup.sync', task.id),
    ...placeOf(context, task.path),
  };
}

function check({ world }: MethodContext, each: Check<CloudSync>): Data {
  const { data, old, problems, at } = each;
  const credentialsId = data.credentials ?? old?.credentials_id;
  if (world.tasks.cloudCredentials.get(Number(credentialsId)) === undefined) {
    problems.add(`${at}.credentials`, 'Invalid credentials');
  }
  checkPath(world, String(data.path), each);
  const { credentials: _, ...stored } = data;
  return { ...stored, credentials_id: credentialsId };
}
