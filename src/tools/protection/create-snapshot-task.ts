/** `create_snapshot_task`: snapshots of a dataset by themselves, and how long they are kept. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { plural } from '../../output/units.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { resultOf } from '../../changes/change.ts';
import { defineChange } from '../define.ts';
import { unknownDataset } from '../storage/find.ts';
import { datasetName } from '../support/inputs.ts';
import { knownCountOf, rawRowsOf } from '../support/rows.ts';
import { datasetThing, isMadeEarlier, newTarget, presentTarget } from '../support/targets.ts';
import { cronText, lifetimeOf, lifetimeText, scheduleOf, snapshotsKept } from './schedule.ts';
import { checkExcluded, createTask, DEFAULT_NAME, namingSchema, taskByFields } from './snapshot-task.ts';
import { NOTHING_TAKEN_OVER, readTakenOver } from './taken-over.ts';

export const createSnapshotTask = defineChange({
  name: 'create_snapshot_task',
  toolset: 'protection',
  access: 'manage',
  title: 'Create a snapshot task',
  words: 'schedule automatic periodic regular recurring hourly daily weekly retention back up',
  description: 'Takes snapshots of a dataset on a schedule, and deletes them after a time.',
  input: z.strictObject({
    dataset: z.string().min(1).max(200),
    schedule: z.string().min(1).max(80).describe('hourly, "daily 02:30", weekly, monthly or cron'),
    keep: z.string().min(1).max(30).describe('24h, 30d, 2w, 6 months'),
    recursive: z.boolean().optional(),
    exclude: z.array(z.string().max(200)).max(50).optional().describe('Datasets below to leave out'),
    name: z.string().max(100).optional().describe(`Default ${DEFAULT_NAME}`),
    allow_empty: z.boolean().optional().describe('false: none while nothing has changed'),
  }),
  uses: ['pool.dataset.query', 'pool.snapshottask.query', 'pool.snapshot.query'],
  writes: ['pool.snapshottask.create', 'pool.snapshottask.delete'],
  examples: [
    { args: { dataset: 'tank/documents', schedule: 'daily 02:30', keep: '2w' }, why: 'one dataset' },
    {
      args: {
        dataset: 'tank/media',
        schedule: '0 */6 * * *',
        keep: '30d',
        recursive: true,
        exclude: ['tank/media/photos'],
      },
      why: 'all below but one',
    },
  ],
  async plan(nas, input, { known }): Promise<Change> {
    const dataset = datasetName(input.dataset);
    const isNew = isMadeEarlier(known, `dataset ${dataset}`);
    if (!isNew)
      await presentTarget(nas, datasetThing(dataset), 'present', {
        absent: () => unknownDataset(nas, 'dataset', dataset),
      });
    const exclude = (input.exclude ?? []).map(datasetName);
    checkExcluded(dataset, exclude, input.recursive === true);
    const lifetime = lifetimeOf(input.keep);
    const schedule = scheduleOf(input.schedule);
    const fields = {
      dataset,
      recursive: input.recursive === true,
      exclude,
      ...lifetime,
      naming_schema: input.name === undefined ? DEFAULT_NAME : namingSchema(input.name),
      schedule,
      allow_empty: input.allow_empty !== false,
      enabled: true,
    };
    const after = {
      ...fields,
      schedule: undefined,
      ...Object.fromEntries(Object.entries(schedule).map(([part, value]) => [`schedule.${part}`, value])),
    };
    const thing = taskByFields(
      `snapshot task of ${dataset} (${fields.naming_schema}, ${cronText(schedule)})`,
      fields,
    );
    const target = await newTarget(nas, { ...thing, written: [] }, withoutUndefined(after), {
      argument: 'schedule',
    });
    const tasks = rawRowsOf(await nas.call('pool.snapshottask.query', query()));
    const takenOver = isNew ? NOTHING_TAKEN_OVER : await readTakenOver(nas, fields, tasks);
    return {
      summary: `Create snapshot task of ${dataset}, ${cronText(schedule)}, kept ${lifetimeText(lifetime.lifetime_value, lifetime.lifetime_unit)}`,
      calls: [{ ...createTask(fields), facts: takenOver.facts }],
      targets: [target],
      impact: [
        ...keptLines(
          snapshotsKept(schedule, lifetime),
          isNew || !fields.recursive ? 1 : await countBelow(nas, dataset),
        ),
        ...otherTasks(tasks, dataset),
        ...takenOver.impact,
        'a snapshot keeps the space of what is deleted after it, until it is deleted itself',
      ],
      undo: {
        calls: [
          {
            method: 'pool.snapshottask.delete',
            params: [resultOf(0, 'id'), { fixate_removal_date: true }],
            purpose: `delete the snapshot task of ${dataset}; snapshots that it took keep the date on which they go`,
            undoes: 0,
          },
        ],
      },
    };
  },
});

function withoutUndefined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function keptLines(each: number | undefined, datasets: number): string[] {
  if (each === undefined) return ['how many snapshots there will be at a time: UNKNOWN'];
  const total = each * datasets;
  const of = datasets === 1 ? '' : ` (of ${plural(datasets, 'dataset')})`;
  return [
    `about ${plural(total, 'snapshot')} at a time${of}${total > MANY ? '; so many make lists and replications slow' : ''}`,
  ];
}

/** From here on people notice. */
const MANY = 5_000;

async function countBelow(nas: ReadClient, dataset: string): Promise<number> {
  const answer = await nas.call(
    'pool.dataset.query',
    query({ filters: [['id', '^', `${dataset}/`]], count: true, extra: { flat: true, properties: [] } }),
  );
  return knownCountOf(answer) + 1;
}

function otherTasks(rows: readonly Readonly<Record<string, unknown>>[], dataset: string): string[] {
  return rows
    .filter((row) => {
      const own = String(row['dataset']);
      return own === dataset || (row['recursive'] === true && dataset.startsWith(`${own}/`));
    })
    .map(
      (row) =>
        `task ${String(row['id'])} takes snapshots of it already (${String(row['dataset'])}, kept ${lifetimeText(row['lifetime_value'], row['lifetime_unit'])})`,
    );
}
