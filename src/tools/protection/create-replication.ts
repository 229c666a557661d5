/** `create_replication`: copies of snapshots to another pool or machine, by themselves. */
import * as z from 'zod';
import { type Change, resultOf, type Target } from '../../changes/change.ts';
import type { KnownTargets } from '../../changes/joined.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { defineChange } from '../define.ts';
import { unknownDataset } from '../storage/find.ts';
import { datasetName } from '../support/inputs.ts';
import {
  datasetThing,
  isMadeEarlier,
  leanedOn,
  newTarget,
  rowThing,
  type Thing,
} from '../support/targets.ts';
import { cronText, lifetimeOf, scheduleOf } from './schedule.ts';
import { checkExcluded, DEFAULT_NAME, namingSchema, taskName } from './snapshot-task.ts';
import { connectionNamed, type SshConnection } from './ssh-connection.ts';
import { findTask } from './tasks.ts';

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
      impact: [
        connection === undefined
          ? 'the copy stays in this NAS: fire, theft or a broken power supply take both'
          : `data goes ${isPull ? 'from' : 'to'} the machine of the SSH connection ${safeCell(connection.name, 60)}`,
        when.snapshots,
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
      ],
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

/** @throws InputProblem for places that make no copy */
function checkPlaces(
  sources: readonly string[],
  target: string,
  isPull: boolean,
  connection: SshConnection | undefined,
): void {
  if (isPull && connection === undefined)
    throw new InputProblem(
      'connection',
      'is missing: a pull fetches from another machine',
      'list_items {"kind":"credential"} names the SSH connections',
    );
  if (connection !== undefined) return;
  const inside = sources.find(
    (source) => target === source || target.startsWith(`${source}/`) || source.startsWith(`${target}/`),
  );
  if (inside !== undefined)
    throw new InputProblem('target', `lies in ${inside}, or holds it`, 'a dataset of another pool');
}

/** What starts it, and which snapshots it takes. */
interface Start {
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly snapshots: string;
  readonly leans: readonly Target[];
}

async function startOf(
  nas: ReadClient,
  input: {
    readonly schedule?: string | undefined;
    readonly snapshot_task?: string | number | undefined;
    readonly snapshots?: string | undefined;
  },
  isPull: boolean,
): Promise<Start> {
  const schedule = input.schedule === undefined ? null : scheduleOf(input.schedule);
  if (isPull && input.snapshot_task !== undefined)
    throw new InputProblem(
      'snapshot_task',
      'says nothing to a pull: the other side takes the snapshots',
      'Give snapshots, the form of their names.',
    );
  if (schedule === null && (isPull || input.snapshot_task === undefined))
    throw new InputProblem(
      'schedule',
      'is missing',
      isPull ? '"daily 02:30"' : '"daily 02:30", or snapshot_task: it then runs after each of its runs',
    );
  const naming = namingSchema(input.snapshots ?? DEFAULT_NAME);
  const own = { auto: true, schedule };
  const at = schedule === null ? '' : cronText(schedule);
  if (input.snapshot_task === undefined) {
    const by = isPull
      ? { naming_schema: [naming], also_include_naming_schema: [] }
      : { naming_schema: [], also_include_naming_schema: [naming] };
    return {
      text: at,
      fields: { ...own, periodic_snapshot_tasks: [], ...by },
      snapshots: `it copies snapshots that are called ${naming}, and no others: without a task that takes them nothing is copied`,
      leans: [],
    };
  }
  const { id, label } = await findTask(nas, 'snapshot', input.snapshot_task);
  const also = input.snapshots === undefined ? [] : [naming];
  const task = taskName(id, label);
  return {
    text: schedule === null ? `after ${task}` : at,
    fields: { ...own, periodic_snapshot_tasks: [id], naming_schema: [], also_include_naming_schema: also },
    snapshots: `it copies the snapshots of ${safeCell(task, 120)}`,
    leans: [
      await leanedOn(nas, rowThing(task, 'pool.snapshottask.query', ['id', '=', id]), {
        name: task,
        absent: () => new InputProblem('snapshot_task', `${String(id)} does not exist any more`),
      }),
    ],
  };
}

type Retention = Readonly<Record<'retention_policy' | 'lifetime_value' | 'lifetime_unit', unknown>>;

/** How long copies are kept. @throws InputProblem for what is no time */
function retentionOf(keep: string): Retention {
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

/** The task as it is sent, and as its row will be. */
function taskOf({
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

/** A replication by its name, which no other has; its connection is not read, as its key stands beside it. */
function replicationThing(name: string, at: string): Thing {
  return {
    name: `replication ${safeCell(name, 80)}`,
    dataset: at,
    read: { method: 'replication.query', params: query({ filters: [['name', '=', name]], select: ROW }) },
    identity: ['id'],
  };
}

/** Datasets of this NAS that it reads or writes; of a target that is yet to be made, the one above that is there. */
async function placesOf(
  nas: ReadClient,
  local: readonly string[],
  target: string,
  known: KnownTargets | undefined,
): Promise<Target[]> {
  const found: Target[] = [];
  for (const each of local) {
    if (isMadeEarlier(known, `dataset ${each}`)) continue;
    const argument = each === target ? 'target' : 'source';
    const place = each === target ? await nearestAbove(nas, each) : each;
    if (found.some(({ dataset: other }) => other === place)) continue;
    found.push(
      await leanedOn(nas, datasetThing(place), {
        name: `dataset ${place}`,
        absent: () => unknownDataset(nas, argument, place),
      }),
    );
  }
  return found;
}

/** The dataset itself, or the nearest above it that exists; its pool at last. */
async function nearestAbove(nas: ReadClient, name: string): Promise<string> {
  const parts = name.split('/');
  const names = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  const extra = { flat: true, retrieve_children: false, properties: [], retrieve_user_props: false };
  const parameters = query({ filters: [['id', 'in', names]], select: ['id'], extra });
  const answer = await nas.call('pool.dataset.query', parameters);
  const there = new Set((Array.isArray(answer) ? answer : []).map((row) => String(Object(row).id)));
  return names.findLast((each) => there.has(each)) ?? names[0] ?? name;
}
