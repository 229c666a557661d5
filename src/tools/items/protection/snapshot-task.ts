import { lifetimeText } from '../../protection/schedule.ts';
import { replicationsOf } from '../../protection/snapshot-task.ts';
import { field } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';
import { lastState, runOfState } from './last-run.ts';
import { nextBySchedule, SCHEDULE, scheduleWords, ZONE_NOTE } from './schedule-columns.ts';

/** Periodic snapshot tasks. */
export const snapshotTask = defineKind({
  name: 'snapshot_task',
  toolset: 'protection',
  noun: 'snapshot tasks',
  about: 'periodic snapshots of datasets: schedule, retention, last and next run',
  words: ['periodic snapshot task', 'automatic snapshot', 'snapshot schedule'],
  sources: [{ method: 'pool.snapshottask.query' }],
  row: {
    id: field.number,
    enabled: field.flag,
    schedule: SCHEDULE,
    state: lastState,
    lifetime_value: field.number,
    lifetime_unit: field.text,
  },
  columns: {
    id: { type: 'number', from: 'id', isAlwaysThere: true, isKey: true, sort: 'asc' },
    dataset: { type: 'text', from: 'dataset', isAlwaysThere: true, isKey: true },
    schedule: { type: 'text', value: ({ schedule }) => scheduleWords(schedule) },
    keep: {
      type: 'text',
      value: ({ lifetime_value: value, lifetime_unit: unit }) =>
        value === null || unit === null ? null : lifetimeText(value, unit),
    },
    recursive: { type: 'flag', from: 'recursive', isAlwaysThere: true },
    enabled: { type: 'flag', from: 'enabled', isAlwaysThere: true },
    state: { type: 'text', value: ({ state }) => runOfState(state)?.state },
    last_success: { type: 'time', value: ({ state }) => runOfState(state)?.successMs },
    next_run: { type: 'time', sort: 'asc', value: (row) => nextBySchedule(row, 'zettarepl') },
    error: { type: 'text', value: ({ state }) => runOfState(state)?.error, isOnDemand: true },
    last_run: { type: 'time', value: ({ state }) => runOfState(state)?.startedMs, isOnDemand: true },
    last_snapshot: { type: 'text', value: ({ state }) => state?.last_snapshot, isOnDemand: true },
    name: { type: 'text', from: 'naming_schema', isOnDemand: true },
    exclude: { type: 'texts', from: 'exclude', read: field.texts, isOnDemand: true },
    allow_empty: { type: 'flag', from: 'allow_empty', isOnDemand: true },
  },
  named: 'dataset',
  ids: ['id'],
  joins: [ZONE_NOTE],
  details: [
    {
      title: 'used by',
      uses: ['replication.query'],
      async read(nas, { id }) {
        if (id === null) return undefined;
        const text = await replicationsOf(nas, id);
        return { lines: [text], data: text };
      },
    },
  ],
  usesClock: true,
  changedBy: ['create_snapshot_task', 'update_snapshot_task', 'delete_snapshot_task', 'run_task'],
  mayLack: [{ method: 'system.info' }, { method: 'replication.query' }],
  examples: [
    { args: {}, why: 'what is snapshotted, how often and for how long' },
    { args: { filter: ['enabled=false'] }, why: 'those that do not run' },
    { args: { sort: 'next_run', fields: ['schedule', 'error'] }, why: 'what comes next' },
  ],
  getExamples: [
    { args: { id: 'tank/home' }, why: 'by its dataset' },
    { args: { id: '999' }, why: 'an id that is none' },
  ],
});
