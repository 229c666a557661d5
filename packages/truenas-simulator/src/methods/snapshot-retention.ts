/** `pool.snapshottask.…_will_change_retention_for`: whose snapshots a change of a task would keep longer, or no longer. */
import * as z from 'zod';
import { doesNotExist } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model, text } from '../schema/schema.ts';
import type { SnapshotTask } from '../world/tasks.ts';
import { scheduleModel, HOURLY_ALL_DAY } from './schedule.ts';

const roles = ['SNAPSHOT_TASK_READ'];
const UNITS = ['HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR'] as const;
const schedule = scheduleModel('PoolSnapshotTaskCron', HOURLY_ALL_DAY);

/** What decides which snapshots a task owns, and for how long. */
const DECIDING = [
  'dataset',
  'recursive',
  'exclude',
  'naming_schema',
  'lifetime_value',
  'lifetime_unit',
] as const;

/** Names of snapshots by their dataset. */
type ByDataset = Readonly<Record<string, readonly string[]>>;

export const SNAPSHOT_RETENTION_METHODS: readonly SimMethod[] = [
  {
    name: 'pool.snapshottask.update_will_change_retention_for',
    description: 'Snapshots that a change of a task would keep longer, or no longer.',
    roles,
    params: [
      ['id', z.int()],
      [
        'data',
        model('PoolSnapshotTaskUpdateWillChangeRetentionFor', {
          dataset: text().optional(),
          recursive: z.boolean().optional(),
          lifetime_value: z.int().optional(),
          lifetime_unit: z.enum(UNITS).optional(),
          enabled: z.boolean().optional(),
          exclude: z.array(text()).optional(),
          naming_schema: text().optional(),
          allow_empty: z.boolean().optional(),
          schedule: schedule.optional(),
        }),
      ],
    ],
    run(context: MethodContext, id: number, data: Readonly<Record<string, unknown>>): ByDataset {
      const task = taskOf(context, id);
      const isSame = DECIDING.every(
        (field) => data[field] === undefined || JSON.stringify(data[field]) === JSON.stringify(task[field]),
      );
      return isSame ? {} : takenBy(context, task);
    },
  },
  {
    name: 'pool.snapshottask.delete_will_change_retention_for',
    description: 'Snapshots that nobody would let go once a task is gone.',
    roles,
    params: [['id', z.int()]],
    run: (context: MethodContext, id: number) => takenBy(context, taskOf(context, id)),
  },
  {
    name: 'pool.snapshottask.max_count',
    description: 'How many snapshots a dataset should have at most.',
    roles,
    run: () => 512,
  },
  {
    name: 'pool.snapshottask.max_total_count',
    description: 'How many snapshots the NAS should have at most.',
    roles,
    run: () => 10_000,
  },
];

function taskOf({ world }: MethodContext, id: number): SnapshotTask {
  const task = world.tasks.snapshots.get(id);
  if (task === undefined) throw doesNotExist('PeriodicSnapshotTask', id);
  return task;
}

function takenBy({ world }: MethodContext, { id }: SnapshotTask): ByDataset {
  const found: Record<string, string[]> = {};
  for (const dataset of world.datasets.walk()) {
    const names = dataset.snapshots.filter(({ taskId }) => taskId === id).map(({ name }) => name);
    if (names.length > 0) found[dataset.id] = names;
  }
  return found;
}
