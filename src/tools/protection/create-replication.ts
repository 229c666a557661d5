/** `create_replication`: a task that copies snapshots to another pool or machine. */
import * as z from 'zod';
import { type Change, resultOf } from '../../changes/change.ts';
import { safeCell } from '../../output/untrusted.ts';
import { defineChange } from '../define.ts';
import { datasetName } from '../support/inputs.ts';
import { newTarget, type Thing } from '../support/targets.ts';
import { checkPlaces, placesOf } from './new-replication/places.ts';
import { startOf } from './new-replication/start.ts';
import { replicationThing, retentionOf, taskOf } from './new-replication/task.ts';
import { checkExcluded, DEFAULT_NAME } from './snapshot-task.ts';
import { connectionNamed, type SshConnection } from './ssh-connection.ts';

const dataset = z.string().min(1).max(200);

export const createReplication = defineChange({
  name: 'create_replication',
  toolset: 'protection',
  access: 'manage',
  isUnlisted: true,
  title: 'Create a replication',
  words:
    'off-site offsite copy second NAS remote backup nightly push pull replicate snapshots to another pool machine zfs send',
  description:
    'Copies snapshots to another pool, or over an SSH connection that exists to or from another machine.',
  input: z.strictObject({
    source: z.array(dataset).min(1).max(20),
    target: dataset,
    connection: z
      .union([z.string().min(1).max(120), z.int()])
      .optional()
      .describe('SSH connection (list_items credential); none: a pool of this NAS'),
    direction: z.enum(['push', 'pull']).optional(),
    schedule: z.string().min(1).max(80).optional().describe('"daily 02:30"; none: after snapshot_task'),
    snapshot_task: z
      .union([z.string().min(1).max(200), z.int()])
      .optional()
      .describe('id or its dataset'),
    snapshots: z.string().max(100).optional().describe(`their names, default ${DEFAULT_NAME}`),
    keep: z.string().min(1).max(30).optional().describe('at the target: source (default), forever, 30d'),
    recursive: z.boolean().optional(),
    exclude: z.array(dataset).max(50).optional(),
    name: z.string().min(1).max(100).optional(),
  }),
  uses: ['pool.dataset.query', 'pool.snapshottask.query', 'replication.query', 'keychaincredential.query'],
  writes: ['replication.create', 'replication.delete'],
  examples: [
    {
      args: {
        source: ['tank/documents'],
        target: 'vault/nas/documents',
        connection: 'backup.example.org',
        schedule: 'daily 02:30',
        keep: '30d',
      },
      why: 'a copy elsewhere each night',
    },
    {
      args: { source: ['tank/home'], target: 'backup/homes', snapshot_task: 'tank/home', recursive: true },
      why: 'to another pool, after each run of a snapshot task',
    },
    {
      args: {
        source: ['vault/photos'],
        target: 'backup/photos',
        connection: 'backup.example.org',
        direction: 'pull',
        schedule: 'weekly',
        keep: 'forever',
      },
      why: 'fetched from another machine',
    },
  ],
  async plan(nas, input, { known }): Promise<Change> {
    const isPull = input.direction === 'pull';
    const sources = input.source.map(datasetName);
    const target = datasetName(input.target);
    const connection =
      input.connection === undefined ? undefined : await connectionNamed(nas, input.connection);
    checkPlaces(sources, target, isPull, connection);
    const [first = ''] = sources;
    const exclude = (input.exclude ?? []).map(datasetName);
    for (const each of exclude)
      checkExcluded(
        sources.find((one) => each.startsWith(`${one}/`)) ?? first,
        [each],
        input.recursive === true,
      );
    const when = await startOf(nas, input, isPull);
    const retention = retentionOf(input.keep ?? 'source');
    const name = input.name ?? `${sources.join(', ').slice(0, 60)} to ${connection?.name ?? target}`;
    const { fields, paths } = taskOf({
      name,
      isPull,
      sources,
      target,
      exclude,
      connection,
      when,
      retention,
      isRecursive: input.recursive === true,
    });
    const local = [...(isPull ? [] : sources), ...(isPull || connection === undefined ? [target] : [])];
    const thing: Thing = { ...replicationThing(name, isPull ? target : first), written: [] };
    const made = await newTarget(nas, thing, paths, { argument: 'name' });
    return {
      summary: `Create replication ${safeCell(name, 80)}: ${sources.join(', ')} → ${target}, ${when.text}`,
      calls: [
        {
          method: 'replication.create',
          params: [fields],
          purpose: `make the replication ${safeCell(name, 80)}`,
        },
      ],
      targets: [
        made,
        ...(await placesOf(nas, local, target, known)),
        ...when.leans,
        ...(connection?.leans ?? []),
      ],
      impact: impactOf({ target, isPull, connection, snapshots: when.snapshots }),
      undo: {
        calls: [
          {
            method: 'replication.delete',
            params: [resultOf(0, 'id')],
            purpose: `delete the replication ${safeCell(name, 80)}; what it has copied stays`,
            undoes: 0,
          },
        ],
      },
    };
  },
});

function impactOf({
  target,
  isPull,
  connection,
  snapshots,
}: {
  readonly target: string;
  readonly isPull: boolean;
  readonly connection: SshConnection | undefined;
  readonly snapshots: string;
}): string[] {
  return [
    connection === undefined
      ? 'the copy stays in this NAS: fire, theft or a broken power supply take both'
      : `data goes ${isPull ? 'from' : 'to'} the machine of the SSH connection ${safeCell(connection.name, 60)}`,
    snapshots,
    ...(isPull
      ? ['whether the other side has these datasets and snapshots: UNKNOWN, it cannot be read from here']
      : []),
    ...(connection !== undefined && !isPull
      ? [
          `whether ${target} exists on the other side, and what it holds: UNKNOWN, it cannot be read from here`,
        ]
      : []),
    'a target that holds other data is not started anew (allow_from_scratch stays off): the run fails instead',
    'the first run sends everything: run_task starts it before its time',
  ];
}
