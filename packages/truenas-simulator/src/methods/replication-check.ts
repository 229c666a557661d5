/** What a replication task must be to make sense. */
import { ERRNO } from '../errors/exceptions.ts';
import type { MethodContext } from '../calls/method.ts';
import type { Replication } from '../world/tasks.ts';
import type { Check, Data } from './crud.ts';

const NETCAT_ONLY = [
  'netcat_active_side',
  'netcat_active_side_listen_address',
  'netcat_active_side_port_min',
  'netcat_active_side_port_max',
  'netcat_passive_side_connect_address',
];

/** Complains, and answers the row to keep. */
export function checkReplication({ world }: MethodContext, each: Check<Replication>): Data {
  const { data, old, problems, at } = each;
  const taskIds = (data.periodic_snapshot_tasks ?? old?.snapshot_task_ids ?? []) as readonly number[];
  const credentialsId = data.ssh_credentials === undefined ? old?.ssh_credentials_id : data.ssh_credentials;
  const complain = (field: string, message: string): unknown => problems.add(`${at}.${field}`, message);
  const isTaken = world.tasks.replications
    .rows()
    .some(({ id, name }) => id !== old?.id && name === data.name);
  if (isTaken) problems.add(`${at}.name`, 'Object with this name already exists', ERRNO.EINVAL);
  for (const [index, id] of taskIds.entries()) {
    if (world.tasks.snapshots.get(id) !== undefined) continue;
    complain(`periodic_snapshot_tasks.${String(index)}`, 'This snapshot task does not exist');
  }
  checkDirection(data, taskIds, complain);
  checkTransport(data, credentialsId, complain);
  const isCredential = world.tasks.keychain.get(Number(credentialsId))?.type === 'SSH_CREDENTIALS';
  if (typeof credentialsId === 'number' && !isCredential) {
    complain('ssh_credentials', `KeychainCredential ${String(credentialsId)} does not exist`);
  }
  if (data.recursive !== true && isFilled(data.exclude)) {
    complain('exclude', 'Excluding child datasets is only supported for recursive replication');
  }
  if (data.retention_policy === 'CUSTOM' && data.lifetime_value === null && !isFilled(data.lifetimes)) {
    complain('lifetime_value', 'This field is required for custom retention policy');
  }
  const { periodic_snapshot_tasks: _, ssh_credentials: _id, ...stored } = data;
  return {
    has_encrypted_dataset_keys: false,
    ...{ last: 'PENDING', lastError: null, lastMs: 0 },
    ...stored,
    ssh_credentials_id: credentialsId ?? null,
    snapshot_task_ids: taskIds,
  };
}

type Complain = (field: string, message: string) => unknown;

function checkDirection(data: Data, taskIds: readonly number[], complain: Complain): void {
  if (data.direction === 'PUSH') {
    if (isFilled(data.naming_schema)) {
      complain('naming_schema', 'This field has no sense for push replication');
    }
    if (taskIds.length === 0 && !isFilled(data.also_include_naming_schema) && data.name_regex === null) {
      complain(
        'periodic_snapshot_tasks',
        'You must at least either bind a periodic snapshot task or provide "Also Include Naming Schema" ' +
          'or "Name Regex" for push replication task',
      );
    }
    if (data.auto === true && data.schedule === null && taskIds.length === 0) {
      complain(
        'auto',
        'Push replication that runs automatically must be either bound to a periodic snapshot task or have a schedule',
      );
    }
    return;
  }
  if (data.auto === true && data.schedule === null) {
    complain('auto', 'Pull replication that runs automatically must have a schedule');
  }
  if (taskIds.length > 0) {
    complain('periodic_snapshot_tasks', "Pull replication can't be bound to a periodic snapshot task");
  }
  if (!isFilled(data.naming_schema) && data.name_regex === null) {
    complain('naming_schema', 'Naming schema or Name regex are required for pull replication');
  }
}

function checkTransport(data: Data, credentialsId: unknown, complain: Complain): void {
  if (data.transport !== 'SSH+NETCAT') {
    for (const name of NETCAT_ONLY) {
      if (data[name] !== null) complain(name, 'This field only has sense for SSH+netcat replication');
    }
  } else if (data.netcat_active_side === null) {
    complain('netcat_active_side', 'You must choose active side for SSH+netcat replication');
  }
  const hasCredentials = typeof credentialsId === 'number';
  if (data.transport !== 'LOCAL') {
    if (!hasCredentials) {
      complain('ssh_credentials', 'SSH Credentials are required for non-local replication');
    }
    return;
  }
  if (hasCredentials) complain('ssh_credentials', 'Remote credentials have no sense for local replication');
  if (data.compression !== null) complain('compression', 'Compression has no sense for local replication');
  if (data.speed_limit !== null) complain('speed_limit', 'Speed limit has no sense for local replication');
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}
