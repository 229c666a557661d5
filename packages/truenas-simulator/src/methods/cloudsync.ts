/** `cloudsync.*`: copies from and to cloud storage. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { anyObject, model, secret, text } from '../schema/schema.ts';
import type { CloudSync } from '../world/tasks.ts';
import type { ApiRow } from './common.ts';
import { type Check, crud, type Data, type Fields, optional, required } from './crud.ts';
import { HOURLY, scheduleModel } from './schedule.ts';
import { checkPath, placeOf } from './share-path.ts';
import { jobField } from './task-jobs.ts';
import { providerSecrets } from './tasks.ts';

const schedule = scheduleModel('CloudCron');
const STORAGE_CLASSES = [
  ...(['', 'STANDARD', 'REDUCED_REDUNDANCY', 'STANDARD_IA', 'ONEZONE_IA'] as const),
  ...(['INTELLIGENT_TIERING', 'GLACIER', 'GLACIER_IR', 'DEEP_ARCHIVE'] as const),
] as const;
const flag = z.boolean();
const hidden = secret(text());

/** What a provider needs to find the place in its storage. */
export const cloudAttributes = model('CloudTaskAttributes', {
  bucket: text({ min: 1 }).optional(),
  folder: text().optional(),
  fast_list: flag.optional(),
  bucket_policy_only: flag.optional(),
  chunk_size: z.int().optional(),
  acknowledge_abuse: flag.optional(),
  region: text().optional(),
  encryption: z.literal('AES256').nullable().optional(),
  storage_class: z.enum(STORAGE_CLASSES).optional(),
});

export const CLOUD_SYNC_METHODS: readonly SimMethod[] = crud<CloudSync>({
  namespace: 'cloudsync',
  takesAnyIdBefore: true,
  entity: 'CloudSync',
  what: 'cloud sync tasks',
  roles: ['CLOUD_SYNC_READ'],
  writeRoles: ['CLOUD_SYNC_WRITE'],
  secretRoles: ['CLOUD_SYNC_WRITE'],
  row: z.looseObject({
    credentials: z.looseObject({ provider: providerSecrets() }),
    encryption_password: hidden,
    encryption_salt: hidden,
  }),
  param: 'cloud_sync',
  attribute: 'cloud_sync',
  fields,
  table: (world) => world.tasks.cloudSyncs,
  show: cloudSyncRow,
  check,
});

function fields(release: SimRelease): Fields {
  const isNew = isAtLeast(release, '25.10');
  const count = isNew ? z.int().positive() : z.int();
  const pattern = isNew ? text({ min: 1 }) : text();
  return {
    description: optional(text(), ''),
    path: required(text()),
    credentials: required(z.int()),
    attributes: required(isNew ? cloudAttributes : anyObject()),
    schedule: optional(schedule, HOURLY),
    pre_script: optional(text(), ''),
    post_script: optional(text(), ''),
    snapshot: optional(flag, false),
    include: optional(z.array(pattern), []),
    exclude: optional(z.array(pattern), []),
    args: optional(text(), ''),
    enabled: optional(flag, true),
    bwlimit: optional(z.array(model('CloudSyncBwlimit', { time: text(), bandwidth: count.nullable() })), []),
    transfers: optional(count.nullable(), null),
    direction: required(z.enum(['PUSH', 'PULL'])),
    transfer_mode: required(z.enum(['SYNC', 'COPY', 'MOVE'])),
    encryption: optional(flag, false),
    filename_encryption: optional(flag, false),
    encryption_password: optional(hidden, ''),
    encryption_salt: optional(hidden, ''),
    create_empty_src_dirs: optional(flag, false),
    follow_symlinks: optional(flag, false),
  };
}

function cloudSyncRow(context: MethodContext, task: CloudSync): ApiRow {
  const { credentials_id: credentialsId, ...shown } = task;
  return {
    ...shown,
    credentials: context.world.tasks.cloudCredentials.get(credentialsId),
    ...jobField(context, 'cloudsync.sync', task.id),
    ...placeOf(context, task.path),
  };
}

function check({ world }: MethodContext, each: Check<CloudSync>): Data {
  const { data, old, problems, at } = each;
  const credentialsId = data.credentials ?? old?.credentials_id;
  if (world.tasks.cloudCredentials.get(Number(credentialsId)) === undefined) {
    problems.add(`${at}.credentials`, 'Invalid credentials');
  }
  if (data.encryption === true && data.encryption_password === '') {
    problems.add(`${at}.encryption_password`, 'This field is required when encryption is enabled');
  }
  if (data.snapshot === true && data.direction !== 'PUSH') {
    problems.add(`${at}.snapshot`, 'This option can only be enabled for PUSH tasks');
  }
  if (data.snapshot === true && data.transfer_mode === 'MOVE') {
    problems.add(`${at}.snapshot`, 'This option can not be used for MOVE transfer mode');
  }
  checkPath(world, String(data.path), each);
  const { credentials: _, ...stored } = data;
  return { ...stored, credentials_id: credentialsId };
}
