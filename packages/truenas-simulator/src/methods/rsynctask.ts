/** `rsynctask.*`: copies from and to other machines by rsync. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { secret, text } from '../schema/schema.ts';
import type { PathTask } from '../world/tasks.ts';
import type { ApiRow } from './common.ts';
import { type Check, crud, type Data, optional, required } from './crud.ts';
import { HOURLY, scheduleModel } from './schedule.ts';
import { checkPath, placeOf } from './share-path.ts';
import { jobField } from './task-jobs.ts';

const schedule = scheduleModel('RsyncTaskSchedule');
const flag = z.boolean();
const credentials = z.looseObject({ attributes: secret(z.unknown()) }).nullable();

export const RSYNC_METHODS: readonly SimMethod[] = crud<PathTask>({
  namespace: 'rsynctask',
  takesAnyIdBefore: true,
  entity: 'RsyncTask',
  what: 'rsync tasks',
  roles: ['SNAPSHOT_TASK_READ'],
  writeRoles: ['SNAPSHOT_TASK_WRITE'],
  secretRoles: ['SNAPSHOT_TASK_WRITE'],
  row: z.looseObject({ ssh_credentials: credentials.optional() }),
  param: 'rsync_task',
  attribute: 'rsync_task',
  fields: (release) => ({
    path: required(isAtLeast(release, '25.10') ? text({ max: 1023 }) : text()),
    user: required(text()),
    mode: optional(z.enum(['MODULE', 'SSH']), 'MODULE'),
    remotehost: optional(text().nullable(), null),
    remoteport: optional(z.int().nullable(), null),
    remotemodule: optional(text().nullable(), null),
    ssh_credentials: optional(z.int().nullable(), null),
    remotepath: optional(text(), ''),
    direction: optional(z.enum(['PULL', 'PUSH']), 'PUSH'),
    desc: optional(text(), ''),
    schedule: optional(schedule, HOURLY),
    recursive: optional(flag, true),
    times: optional(flag, true),
    compress: optional(flag, true),
    archive: optional(flag, false),
    delete: optional(flag, false),
    quiet: optional(flag, false),
    preserveperm: optional(flag, false),
    preserveattr: optional(flag, false),
    delayupdates: optional(flag, true),
    extra: optional(z.array(text()), []),
    enabled: optional(flag, true),
    validate_rpath: optional(flag, true),
    ssh_keyscan: optional(flag, false),
  }),
  table: (world) => world.tasks.rsyncs,
  show: rsyncRow,
  check,
});

function rsyncRow(context: MethodContext, { ssh_credentials_id: id, ...task }: PathTask): ApiRow {
  const isOld = !isAtLeast(context.release, '25.10');
  const used = typeof id === 'number' ? (context.world.tasks.keychain.get(id) ?? null) : null;
  return {
    ...task,
    ...(isOld ? {} : { ssh_credentials: used }),
    ...jobField(context, 'rsynctask.run', task.id),
    ...placeOf(context, String(task.path)),
  };
}

function check({ world, accounts }: MethodContext, each: Check<PathTask>): Data {
  const { data, old, problems, at } = each;
  const user = String(data.user);
  if (accounts.userByName(user) === undefined) {
    problems.add(`${at}.user`, `Provided user "${user}" does not exist`);
  }
  checkPath(world, String(data.path), each);
  const credentialsId = data.ssh_credentials === undefined ? old?.ssh_credentials_id : data.ssh_credentials;
  const hasCredentials = typeof credentialsId === 'number';
  const isEmpty = (name: string): boolean => [null, undefined, ''].includes(data[name] as null);
  const needed = data.mode === 'MODULE' ? ['remotehost', 'remotemodule'] : ['remotepath'];
  if (data.mode === 'SSH' && !hasCredentials) needed.unshift('remotehost', 'remoteport');
  for (const name of needed.filter(isEmpty)) problems.add(`${at}.${name}`, 'This field is required');
  if (hasCredentials && data.mode === 'MODULE') {
    problems.add(`${at}.ssh_credentials`, "SSH credentials can't be used when mode is MODULE");
  }
  if (hasCredentials && world.tasks.keychain.get(credentialsId)?.type !== 'SSH_CREDENTIALS') {
    problems.add(`${at}.ssh_credentials`, `KeychainCredential ${String(credentialsId)} does not exist`);
  }
  const { ssh_credentials: _, validate_rpath: _path, ssh_keyscan: _scan, ...stored } = data;
  return { ...stored, ssh_credentials_id: credentialsId ?? null };
}
