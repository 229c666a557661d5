/** `replication.*`: snapshots sent to other datasets and machines. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { anyObject, model, secret, text } from '../schema/schema.ts';
import type { Replication } from '../world/tasks.ts';
import type { ApiRow } from './common.ts';
import { crud, type Fields, optional, required } from './crud.ts';
import { checkReplication } from './replication-check.ts';
import { replicationState } from './replication-state.ts';
import { HOURLY, HOURLY_ALL_DAY, scheduleModel } from './schedule.ts';

const flag = z.boolean();
const credentials = z.looseObject({ attributes: secret(z.unknown()) }).nullable();
const unit = z.enum(['HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR']);

export const REPLICATION_METHODS: readonly SimMethod[] = crud<Replication>({
  namespace: 'replication',
  audited: 'Replication task %:',
  takesAnyIdBefore: true,
  entity: 'Replication',
  what: 'replication tasks',
  roles: ['REPLICATION_TASK_READ'],
  writeRoles: ['REPLICATION_TASK_WRITE'],
  secretRoles: ['REPLICATION_TASK_WRITE'],
  row: z.looseObject({ ssh_credentials: credentials }),
  param: 'replication',
  fields,
  table: (world) => world.tasks.replications,
  show: replicationRow,
  check: checkReplication,
});

const window = scheduleModel('ReplicationTimeCronModel', HOURLY_ALL_DAY);
const pruning = scheduleModel('CronModel', { ...HOURLY, minute: '*' });

function fields(release: SimRelease): Fields {
  const isNew = isAtLeast(release, '25.10');
  const nonEmpty = isNew ? text({ min: 1 }) : text();
  const count = isNew ? z.int().min(1) : z.int();
  const port = isNew ? z.int().min(1).max(65_535) : z.int();
  const datasets = z.array(text());
  const lifetime = model('ReplicationLifetimeModel', {
    schedule: isNew ? pruning : pruning.prefault({}),
    lifetime_value: count,
    lifetime_unit: unit,
  });
  const tasks = z
    .array(z.int())
    .refine((list) => !isNew || new Set(list).size === list.length, 'tasks must be unique');
  return {
    name: required(nonEmpty),
    direction: required(z.enum(['PUSH', 'PULL'])),
    transport: required(z.enum(['SSH', 'SSH+NETCAT', 'LOCAL'])),
    ssh_credentials: optional(z.int().nullable(), null),
    netcat_active_side: optional(z.enum(['LOCAL', 'REMOTE']).nullable(), null),
    netcat_active_side_listen_address: optional(text().nullable(), null),
    netcat_active_side_port_min: optional(port.nullable(), null),
    netcat_active_side_port_max: optional(port.nullable(), null),
    netcat_passive_side_connect_address: optional(text().nullable(), null),
    sudo: optional(flag, false),
    source_datasets: required(isNew ? datasets.min(1) : datasets),
    target_dataset: required(text()),
    recursive: required(flag),
    exclude: optional(datasets, []),
    properties: optional(flag, true),
    properties_exclude: optional(z.array(nonEmpty), []),
    properties_override: optional(isNew ? z.record(text(), text()) : anyObject(), {}),
    replicate: optional(flag, false),
    encryption: optional(flag, false),
    encryption_inherit: optional(flag.nullable(), null),
    encryption_key: optional(text().nullable(), null),
    encryption_key_format: optional(z.enum(['HEX', 'PASSPHRASE']).nullable(), null),
    encryption_key_location: optional(text().nullable(), null),
    periodic_snapshot_tasks: optional(tasks, []),
    naming_schema: optional(z.array(text()), []),
    also_include_naming_schema: optional(z.array(text()), []),
    name_regex: optional(nonEmpty.nullable(), null),
    auto: required(flag),
    schedule: optional(window.nullable(), null),
    restrict_schedule: optional(window.nullable(), null),
    only_matching_schedule: optional(flag, false),
    allow_from_scratch: optional(flag, false),
    readonly: optional(z.enum(['SET', 'REQUIRE', 'IGNORE']), 'SET'),
    hold_pending_snapshots: optional(flag, false),
    retention_policy: required(z.enum(['SOURCE', 'CUSTOM', 'NONE'])),
    lifetime_value: optional(count.nullable(), null),
    lifetime_unit: optional(unit.nullable(), null),
    lifetimes: optional(z.array(lifetime), []),
    compression: optional(z.enum(['LZ4', 'PIGZ', 'PLZIP']).nullable(), null),
    speed_limit: optional(count.nullable(), null),
    large_block: optional(flag, true),
    embed: optional(flag, false),
    compressed: optional(flag, true),
    retries: optional(count, 5),
    logging_level: optional(z.enum(['DEBUG', 'INFO', 'WARNING', 'ERROR']).nullable(), null),
    enabled: optional(flag, true),
  };
}

function replicationRow(context: MethodContext, task: Replication): ApiRow {
  const { world } = context;
  const {
    ssh_credentials_id: credentialsId,
    snapshot_task_ids: taskIds,
    last: _last,
    lastError: _error,
    lastMs: _ms,
    lastSnapshot: _snapshot,
    progress: _progress,
    hasLostBase: _base,
    ...fields
  } = task;
  return {
    ...fields,
    ssh_credentials: credentialsId === null ? null : (world.tasks.keychain.get(credentialsId) ?? null),
    periodic_snapshot_tasks: taskIds.flatMap((id) => {
      const row = world.tasks.snapshots.get(id);
      if (row === undefined) return [];
      const { vmware_sync: _, heldFor: _held, ...shown } = row;
      return [{ ...shown, state: 'FINISHED' }];
    }),
    ...replicationState(context, task),
  };
}
