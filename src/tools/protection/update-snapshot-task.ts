/** `update_snapshot_task`: schedule, retention and scope of a snapshot task; its old settings are the undo. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { isSame } from '../../changes/state.ts';
import { InputProblem } from '../../output/problem.ts';
import { query } from '../../truenas/query.ts';
import { defineChange } from '../define.ts';
import { datasetName } from '../support/inputs.ts';
import { rawRowsOf } from '../support/rows.ts';
import { presentTarget, rowThing } from '../support/targets.ts';
import { lifetimeOf, scheduleOf } from './schedule.ts';
import {
  checkExcluded,
  namingSchema,
  retentionChange,
  TASK_FIELDS,
  taskFields,
  taskName,
} from './snapshot-task.ts';
import { readTakenOver } from './taken-over.ts';
import { findTask } from './tasks.ts';

export const updateSnapshotTask = defineChange({
  name: 'update_snapshot_task',
  toolset: 'protection',
  access: 'manage',
  title: 'Change a snapshot task',
  words: 'schedule retention keep longer time enable disable pause automatic periodic',
  description:
    'Changes when a snapshot task runs, how long its snapshots are kept, and what it covers; enabled: false pauses it.',
  isUnlisted: true,
  input: z.strictObject({
    task: z.union([z.int(), z.string().min(1).max(200)]).describe('Id or dataset'),
    schedule: z.string().min(1).max(80).optional().describe('hourly, "daily 02:30", weekly, monthly or cron'),
    keep: z.string().min(1).max(30).optional().describe('24h, 30d, 2w, 6 months'),
    recursive: z.boolean().optional(),
    exclude: z.array(z.string().max(200)).max(50).optional().describe('Datasets below to leave out'),
    name: z.string().min(1).max(100).optional().describe('Naming of snapshots, auto-%Y-%m-%d_%H-%M'),
    allow_empty: z.boolean().optional(),
    enabled: z.boolean().optional(),
    existing: z
      .enum(['keep_date', 'new_rule'])
      .optional()
      .describe('Snapshots there are: keep the date on which they go (default), or follow the new rule'),
  }),
  uses: [
    'pool.snapshottask.query',
    'pool.snapshottask.update_will_change_retention_for',
    'pool.snapshot.query',
  ],
  writes: ['pool.snapshottask.update'],
  examples: [
    { args: { task: 'tank/home', keep: '4w' }, why: 'keep longer' },
    {
      args: { task: 2, schedule: 'daily 03:00', enabled: false, keep: '1w', existing: 'new_rule' },
      why: 'pause it',
    },
  ],
  async plan(nas, input): Promise<Change> {
    const { id, row } = await findTask(nas, 'snapshot', input.task);
    const dataset = String(row['dataset']);
    const wanted = Object.entries(fieldsOf(input, row)).filter(([name, value]) => !isSame(value, row[name]));
    const fields = Object.fromEntries(wanted);
    if (wanted.length === 0) throw new InputProblem('task', `${String(id)} is as it is to be already`);
    const retention = await retentionChange(nas, 'pool.snapshottask.update_will_change_retention_for', [
      id,
      fields,
    ]);
    const tasks = rawRowsOf(await nas.call('pool.snapshottask.query', query()));
    const takenOver = await readTakenOver(nas, { ...row, ...fields }, tasks);
    const keepsDates = input.existing !== 'new_rule';
    const thing = rowThing(taskName(id, dataset), 'pool.snapshottask.query', ['id', '=', id], {
      dataset,
      identity: ['id', 'dataset'],
    });
    const before = taskFields(row);
    return {
      summary: `Change ${Object.keys(fields).join(', ')} of snapshot task ${String(id)} (${dataset})`,
      calls: [
        {
          method: 'pool.snapshottask.update',
          params: [id, { ...fields, fixate_removal_date: keepsDates }],
          purpose: `change snapshot task ${String(id)}`,
          before,
          facts: takenOver.facts,
        },
      ],
      targets: [
        await presentTarget(nas, thing, fields, {
          absent: () => new InputProblem('task', `${String(id)} does not exist any more`),
        }),
      ],
      impact: [
        ...takenOver.impact,
        `keeping or letting go changes for: ${retention.text}`,
        ...(retention.count === 0
          ? []
          : [
              keepsDates
                ? 'they keep the date on which they go; existing: "new_rule" changes it'
                : 'they follow the new rule: those too old by it are deleted at the next run',
            ]),
      ],
      undo: {
        calls: [
          {
            method: 'pool.snapshottask.update',
            params: [
              id,
              {
                ...Object.fromEntries(Object.keys(fields).map((name) => [name, row[name]])),
                fixate_removal_date: false,
              },
            ],
            purpose: `set snapshot task ${String(id)} back`,
            before: { ...before, ...fields },
            undoes: 0,
          },
        ],
        lost: [
          ...(retention.count === 0 || !keepsDates
            ? []
            : ['dates of removal that were noted on snapshots stay on them']),
          ...(retention.count === 0 || keepsDates
            ? []
            : ['snapshots that the new rule has deleted meanwhile']),
        ],
      },
    };
  },
});

type Input = Readonly<{
  schedule?: string | undefined;
  keep?: string | undefined;
  recursive?: boolean | undefined;
  exclude?: readonly string[] | undefined;
  name?: string | undefined;
  allow_empty?: boolean | undefined;
  enabled?: boolean | undefined;
}>;

/** The fields that were named, in the form of the NAS. */
function fieldsOf(input: Input, row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const exclude = input.exclude?.map(datasetName);
  const isRecursive = input.recursive ?? row['recursive'] === true;
  checkExcluded(String(row['dataset']), exclude ?? [], isRecursive);
  const all: Readonly<Record<string, unknown>> = {
    recursive: input.recursive,
    // Without datasets below there is nothing to leave out, and the NAS refuses such a list.
    exclude: exclude ?? (isRecursive ? undefined : []),
    ...(input.keep === undefined ? {} : lifetimeOf(input.keep)),
    naming_schema: input.name === undefined ? undefined : namingSchema(input.name),
    schedule:
      input.schedule === undefined
        ? undefined
        : { ...Object(row['schedule']), ...scheduleOf(input.schedule) },
    allow_empty: input.allow_empty,
    enabled: input.enabled,
  };
  return Object.fromEntries(
    TASK_FIELDS.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])),
  );
}
