/** `pool.snapshottask`, and the credentials that other tasks use. */
import * as z from 'zod';
import { doesNotExist } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model, secret, text } from '../schema/schema.ts';
import type { SnapshotTask } from '../world/tasks.ts';
import { wholeSeconds } from '../world/units.ts';
import { type ApiRow, readable } from './common.ts';
import { crud, optional, required } from './crud.ts';
import { HOURLY_ALL_DAY, scheduleModel } from './schedule.ts';

const UNITS = ['HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR'] as const;

const schedule = scheduleModel('SnapshotTaskSchedule', HOURLY_ALL_DAY);

const snapshotTasks = crud<SnapshotTask>({
  namespace: 'pool.snapshottask',
  audited: 'Snapshot task %:',
  entity: 'PeriodicSnapshotTask',
  model: 'PoolSnapshotTask',
  what: 'periodic snapshot tasks',
  roles: ['SNAPSHOT_TASK_READ'],
  writeRoles: ['SNAPSHOT_TASK_WRITE'],
  attribute: 'periodic_snapshot',
  fields: {
    dataset: required(text()),
    recursive: optional(z.boolean(), false),
    lifetime_value: optional(z.int(), 2),
    lifetime_unit: optional(z.enum(UNITS), 'WEEK'),
    enabled: optional(z.boolean(), true),
    exclude: optional(z.array(text()), []),
    naming_schema: optional(text(), 'auto-%Y-%m-%d_%H-%M'),
    allow_empty: optional(z.boolean(), true),
    schedule: optional(schedule, HOURLY_ALL_DAY),
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
    [
      'options',
      model('PoolSnapshotTaskDeleteOptions', { fixate_removal_date: z.boolean().default(false) }).prefault(
        {},
      ),
    ],
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

export const TASK_METHODS: readonly SimMethod[] = [
  ...snapshotTasks,
  ...readable({
    namespace: 'cloudsync.credentials',
    entity: 'Credentials',
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
  {
    name: 'keychaincredential.used_by',
    description: 'What needs a credential, and what becomes of it when that goes.',
    roles: ['KEYCHAIN_CREDENTIAL_READ'],
    params: [['id', z.int()]],
    run: usersOf,
  },
];

function usersOf({ world }: MethodContext, id: number): ApiRow[] {
  const { keychain, replications, rsyncs } = world.tasks;
  if (keychain.get(id) === undefined) throw doesNotExist('KeychainCredential', id);
  const credentials = keychain
    .rows()
    .filter(({ attributes }) => (attributes as { private_key?: unknown }).private_key === id);
  const tasks = replications.rows().filter((task) => task.ssh_credentials_id === id);
  const transfers = rsyncs.rows().filter((task) => task.ssh_credentials_id === id);
  return [
    ...credentials.map(({ name }) => ({ title: `SSH credentials ${name}`, unbind_method: 'delete' })),
    ...tasks.map(({ name }) => ({ title: `Replication task ${name}`, unbind_method: 'disable' })),
    ...transfers.map(({ path }) => ({ title: `Rsync task for ${path}`, unbind_method: 'disable' })),
  ];
}

/** All fields of a provider but its type. */
export function providerSecrets(): z.ZodType {
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
  const { heldFor, ...shown } = task;
  const last = world.datasets.get(task.dataset)?.snapshots.at(-1);
  if (heldFor !== undefined && task.enabled) {
    return { ...shown, state: { state: 'HOLD', datetime: wholeSeconds(world.createdAtMs), reason: heldFor } };
  }
  const state =
    last === undefined || !task.enabled
      ? { state: 'PENDING' }
      : {
          state: 'FINISHED',
          datetime: wholeSeconds(last.createdMs),
          last_snapshot: `${task.dataset}@${last.name}`,
        };
  return { ...shown, state };
}
