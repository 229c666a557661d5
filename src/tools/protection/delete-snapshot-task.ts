/** `delete_snapshot_task`: no more snapshots by this task; those that it took stay or go, as the input says. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { rawRowsOf } from '../support/rows.ts';
import { defineChange } from '../define.ts';
import { presentTarget, rowThing } from '../support/targets.ts';
import {
  createTask,
  replicationsOf,
  retentionChange,
  TASK_FIELDS,
  taskByFields,
  taskFields,
  taskName,
} from './snapshot-task.ts';
import { findTask } from './tasks.ts';

export const deleteSnapshotTask = defineChange({
  name: 'delete_snapshot_task',
  toolset: 'protection',
  access: 'destroy',
  title: 'Delete a snapshot task',
  words: 'remove schedule stop automatic periodic',
  description:
    'Deletes a snapshot task. Its snapshots stay; update_snapshot_task with enabled: false only pauses it.',
  isUnlisted: true,
  input: z.strictObject({
    task: z.union([z.int(), z.string().min(1).max(200)]).describe('Id or dataset'),
    existing: z
      .enum(['keep_date', 'stay'])
      .optional()
      .describe(
        'Its snapshots: go on the date they would have gone (default), or stay until deleted by hand',
      ),
  }),
  uses: [
    'pool.snapshottask.query',
    'pool.snapshottask.delete_will_change_retention_for',
    'replication.query',
  ],
  writes: ['pool.snapshottask.delete', 'pool.snapshottask.create'],
  examples: [
    { args: { task: 'fast/scratch' }, why: 'by its dataset' },
    { args: { task: 3, existing: 'stay' }, why: 'keep what it took' },
  ],
  async plan(nas, { task, existing }): Promise<Change> {
    const { id, row } = await findTask(nas, 'snapshot', task);
    const dataset = String(row['dataset']);
    const fields = taskFields(row);
    const name = taskName(id, dataset);
    const [retention, replications] = await Promise.all([
      retentionChange(nas, 'pool.snapshottask.delete_will_change_retention_for', [id]),
      replicationsOf(nas, id),
    ]);
    const byFields = taskByFields(name, fields);
    const isOne = rawRowsOf(await nas.call(byFields.read.method, byFields.read.params)).length === 1;
    // Its undo makes another id; only where the fields tell it from all others is it found again by them.
    const thing = isOne
      ? byFields
      : rowThing(name, 'pool.snapshottask.query', ['id', '=', id], { dataset, identity: ['id'] });
    const keepsDates = existing !== 'stay';
    return {
      summary: `Delete snapshot task ${String(id)} of ${dataset}`,
      calls: [
        {
          method: 'pool.snapshottask.delete',
          params: [id, { fixate_removal_date: keepsDates }],
          purpose: `delete ${name}`,
          before: fields,
        },
      ],
      targets: [
        await presentTarget(nas, { ...thing, written: [...TASK_FIELDS] }, 'absent', {
          absent: () => new InputProblem('task', `${String(id)} does not exist any more`),
        }),
      ],
      impact: [
        `${dataset} gets no more snapshots by this task`,
        `no task would let go any more: ${retention.text}`,
        ...(retention.count === 0
          ? []
          : [keepsDates ? 'they keep the date on which they go' : 'they stay until somebody deletes them']),
        replications,
        'gentler: update_snapshot_task with enabled: false',
      ],
      undo: isOne
        ? {
            calls: [{ ...createTask(fields), undoes: 0 }],
            lost: ['the id of the task, and its place in replications that use it'],
          }
        : {
            impossible:
              'another task has the same dataset, names and times: make it anew with create_snapshot_task',
          },
    };
  },
});
