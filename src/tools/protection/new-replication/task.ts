/** A new replication as it is sent to the NAS, and as its row is read back. */
import { safeCell } from '../../../output/untrusted.ts';
import { query } from '../../../truenas/query.ts';
import type { Thing } from '../../support/targets.ts';
import { lifetimeOf } from '../schedule.ts';
import type { SshConnection } from '../ssh-connection.ts';
import type { Start } from './start.ts';

/** Fields that say how long the target keeps copies. */
type Retention = Readonly<Record<'retention_policy' | 'lifetime_value' | 'lifetime_unit', unknown>>;

/** @param keep `source`, `forever` or a time @throws InputProblem for what is no time */
export function retentionOf(keep: string): Retention {
  const word = keep.trim().toLowerCase();
  const none = { lifetime_value: null, lifetime_unit: null };
  if (word === 'source') return { retention_policy: 'SOURCE', ...none };
  if (word === 'forever' || word === 'none') return { retention_policy: 'NONE', ...none };
  return { retention_policy: 'CUSTOM', ...lifetimeOf(keep) };
}

interface TaskParts {
  readonly name: string;
  readonly isPull: boolean;
  readonly sources: readonly string[];
  readonly target: string;
  readonly exclude: readonly string[];
  readonly connection: SshConnection | undefined;
  readonly when: Start;
  readonly retention: Retention;
  readonly isRecursive: boolean;
}

/** The fields that are sent, and the values that the row will have, by path. */
export function taskOf({
  name,
  isPull,
  sources,
  target,
  exclude,
  connection,
  when,
  retention,
  isRecursive,
}: TaskParts) {
  const shown = {
    name,
    direction: isPull ? 'PULL' : 'PUSH',
    transport: connection === undefined ? 'LOCAL' : 'SSH',
    source_datasets: sources,
    target_dataset: target,
    recursive: isRecursive,
    exclude,
    allow_from_scratch: false,
    readonly: 'SET',
    ...retention,
    enabled: true,
  };
  const { schedule, periodic_snapshot_tasks: tasks, ...start } = when.fields;
  const all = {
    ...shown,
    ssh_credentials: connection?.id ?? null,
    ...start,
    schedule,
    periodic_snapshot_tasks: tasks,
  };
  // 25.04 takes no null for what may be left out.
  const fields = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
  const times = Object.entries(Object(schedule)).map(([part, value]) => [`schedule.${part}`, value]);
  return { fields, paths: { ...shown, ...start, ...Object.fromEntries(times) } };
}

const ROW = [
  ...['id', 'name', 'direction', 'transport', 'source_datasets', 'target_dataset', 'recursive', 'exclude'],
  ...[
    'allow_from_scratch',
    'readonly',
    'retention_policy',
    'lifetime_value',
    'lifetime_unit',
    'enabled',
    'auto',
  ],
  ...['schedule', 'naming_schema', 'also_include_naming_schema'],
];

/** A replication by its name, which is unique. Its connection is not read: the key would come along. */
export function replicationThing(name: string, at: string): Thing {
  return {
    name: `replication ${safeCell(name, 80)}`,
    dataset: at,
    read: { method: 'replication.query', params: query({ filters: [['name', '=', name]], select: ROW }) },
    identity: ['id'],
  };
}
