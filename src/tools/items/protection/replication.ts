import { field, type RowOf } from '../../support/rows.ts';
import { nextRun, runsAt } from '../../support/schedule-times.ts';
import { defineKind, joined, type KindRow } from '../kind.ts';
import { earlierSuccess, lastRuns, lastState, runOfState } from './last-run.ts';
import { CONNECTION_COLUMN, credentialJoin, TASK_CREDENTIAL } from './task-credential.ts';
import { nextBySchedule, planFor, SCHEDULE, scheduleWords, ZONE_NOTE } from './schedule-columns.ts';

const ROW = {
  ...TASK_CREDENTIAL,
  id: field.number,
  enabled: field.flag,
  auto: field.flag,
  direction: field.text,
  schedule: SCHEDULE,
  restrict_schedule: SCHEDULE,
  // A field that is missing is unknown, an empty list is none.
  periodic_snapshot_tasks: field.objects({ id: field.number, enabled: field.flag, schedule: SCHEDULE }),
  state: lastState,
  lifetime_value: field.number,
  lifetime_unit: field.text,
  retention_policy: field.text,
  earlier: joined<number | null>(),
};
type Row = KindRow<typeof ROW>;
type SnapshotTasks = RowOf<typeof ROW>['periodic_snapshot_tasks'];

const lastOf = ({ state }: Pick<Row, 'state'>) => runOfState(state);

/** Replication tasks. Keys are never selected, nor the connection, as the NAS sends its key beside its name. */
export const replication = defineKind({
  name: 'replication',
  toolset: 'protection',
  noun: 'replication tasks',
  about:
    'copies of snapshots to other pools or machines: from, to, schedule, last success, next run, last error',
  words: ['replication task', 'replica', 'zettarepl'],
  sources: [{ method: 'replication.query' }],
  row: ROW,
  columns: {
    id: { type: 'number', from: 'id', isAlwaysThere: true, isKey: true, sort: 'asc' },
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    source: { type: 'texts', from: 'source_datasets', read: field.texts },
    target: { type: 'text', from: 'target_dataset', isAlwaysThere: true },
    direction: { type: 'text', from: 'direction', isAlwaysThere: true, isOnDemand: true },
    transport: { type: 'text', from: 'transport', isAlwaysThere: true },
    schedule: { type: 'text', value: startText },
    enabled: { type: 'flag', from: 'enabled', isAlwaysThere: true },
    state: { type: 'text', value: (row) => lastOf(row)?.state },
    last_success: { type: 'time', value: (row) => lastOf(row)?.successMs ?? row.earlier },
    next_run: { type: 'time', sort: 'asc', value: nextOf },
    error: { type: 'text', value: (row) => lastOf(row)?.error, maxLength: 80 },
    last_run: { type: 'time', value: (row) => lastOf(row)?.startedMs, isOnDemand: true },
    last_snapshot: { type: 'text', value: ({ state }) => state?.last_snapshot, isOnDemand: true },
    retention: { type: 'text', value: retentionText, isOnDemand: true },
    recursive: { type: 'flag', from: 'recursive', isAlwaysThere: true, isOnDemand: true },
    exclude: { type: 'texts', from: 'exclude', read: field.texts, isOnDemand: true },
    encryption: { type: 'flag', from: 'encryption', isOnDemand: true },
    ...CONNECTION_COLUMN,
  },
  named: 'name',
  ids: ['id'],
  joins: [
    ZONE_NOTE,
    credentialJoin({ method: 'replication.query', field: 'ssh_credentials' }),
    earlierSuccess<Row>('replication.run', lastOf),
  ],
  details: lastRuns<Row>('replication.run', lastOf),
  usesClock: true,
  alsoSelects: [
    ...['naming_schema', 'also_include_naming_schema', 'name_regex', 'only_matching_schedule', 'properties'],
    ...['properties_exclude', 'replicate', 'allow_from_scratch', 'readonly', 'hold_pending_snapshots'],
    ...['compression', 'speed_limit', 'large_block', 'embed', 'compressed', 'retries', 'logging_level'],
    ...['netcat_active_side', 'sudo', 'encryption_inherit', 'has_encrypted_dataset_keys'],
  ],
  changedBy: ['run_task'],
  mayLack: [{ method: 'system.info' }, { method: 'core.get_jobs' }, { method: 'keychaincredential.query' }],
  examples: [
    { args: {}, why: 'what is copied where, and whether it went well' },
    { args: { filter: ['enabled=true'], sort: 'next_run', fields: ['schedule'] }, why: 'what comes next' },
    { args: { filter: ['state=ERROR'] }, why: 'those that failed' },
    {
      args: { filter: ['connection=backup.example.org'], fields: ['direction', 'connection'] },
      why: 'those that go by an SSH connection',
    },
  ],
  getExamples: [
    { args: { id: 'projects to offsite' }, why: 'by its name' },
    { args: { id: 'none such' }, why: 'a name that is none' },
  ],
});

/** What starts it: its own schedule, snapshot tasks, or a person. */
function startText({ auto, schedule, periodic_snapshot_tasks: tasks, restrict_schedule: within }: Row) {
  if (auto === false) return 'by hand';
  if (schedule !== null) return scheduleWords(schedule);
  if (tasks === null) return null;
  if (tasks.length === 0) return 'by hand';
  const ids = tasks.map(({ id }) => (id === null ? '?' : String(id))).join(', ');
  const limits = within === null ? '' : `, only ${scheduleWords(within) ?? 'at certain times'}`;
  return `after snapshot task ${ids}${limits}`;
}

/** A task after snapshot tasks runs when one of them does, and when its own restriction allows that minute. */
function nextOf(row: Row): number | null {
  if (row.auto !== true || row.state?.state === 'HOLD') return null;
  if (row.schedule !== null) return nextBySchedule(row, 'zettarepl');
  return row.enabled === true ? nextAfter(row.periodic_snapshot_tasks, row) : null;
}

function nextAfter(tasks: SnapshotTasks, { restrict_schedule: within, time }: Row): number | null {
  const { zone, nowMs } = time;
  const restriction = planFor(within, 'zettarepl');
  if (tasks === null || zone === undefined || (within !== null && restriction === undefined)) return null;
  const running = tasks.filter(({ enabled }) => enabled !== false);
  const plans = running.map(({ schedule }) => planFor(schedule, 'zettarepl'));
  const times: number[] = [];
  for (const plan of plans) {
    // One that cannot be read may be the first.
    if (plan === undefined) return null;
    const allows = (ms: number): boolean => restriction === undefined || runsAt(restriction, zone, ms);
    const ms = nextRun(plan, zone, nowMs, allows);
    if (ms !== null) times.push(ms);
  }
  return times.length === 0 ? null : Math.min(...times);
}

function retentionText({ retention_policy: policy, lifetime_value: value, lifetime_unit: unit }: Row) {
  if (policy === null) return null;
  if (policy === 'SOURCE') return 'as at the source';
  if (policy === 'NONE') return 'kept for ever';
  return value === null || unit === null ? policy.toLowerCase() : `${value} ${unit.toLowerCase()}s`;
}
