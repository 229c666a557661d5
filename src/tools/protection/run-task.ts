/** `run_task`: runs a snapshot, replication, cloud sync or rsync task now, until it has ended. */
import * as z from 'zod';
import type { Change, State, Target } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { defineChange } from '../define.ts';
import { datasetName } from '../support/inputs.ts';
import { datasetThing, presentTarget, rowThing } from '../support/targets.ts';
import { readState } from '../../changes/state.ts';
import { TASK_FOLDER_USES, type TaskFolder, taskFolder } from './task-folder.ts';
import { findTask, TASK_KINDS, TASK_SOURCES, type TaskKind, type TaskRow } from './tasks.ts';

export const runTask = defineChange({
  name: 'run_task',
  toolset: 'protection',
  access: 'operate',
  title: 'Run a task now',
  words: 'start trigger backup replicate sync push pull immediately',
  description: 'Runs a snapshot, replication, cloud sync or rsync task now, and tells how it ended.',
  input: z.strictObject({
    kind: z.enum(TASK_KINDS),
    task: z.union([z.int(), z.string().min(1).max(300)]).describe('Id, name, dataset or path'),
    dry_run: z.boolean().optional().describe('Of cloud sync: copies nothing'),
  }),
  synonyms: { kind: { cloudsync: 'cloud_sync', snapshots: 'snapshot', rsynctask: 'rsync' } },
  uses: [
    'pool.snapshottask.query',
    'replication.query',
    'cloudsync.query',
    'rsynctask.query',
    ...TASK_FOLDER_USES,
  ],
  writes: ['pool.snapshottask.run', 'replication.run', 'cloudsync.sync', 'rsynctask.run'],
  examples: [
    { args: { kind: 'snapshot', task: 'tank/media' }, why: 'snapshots of a task' },
    { args: { kind: 'cloud_sync', task: 'Documents to Backblaze', dry_run: true }, why: 'a cloud sync' },
    { args: { kind: 'rsync', task: 1 }, why: 'a copy from elsewhere' },
  ],
  async plan(nas, { kind, task: wanted, dry_run: isDry }): Promise<Change> {
    if (isDry !== undefined && kind !== 'cloud_sync')
      throw new InputProblem('dry_run', 'is for cloud sync only: other tasks cannot run dry');
    const row = await findTask(nas, kind, wanted);
    checkRunnable(kind, row);
    const { run } = TASK_SOURCES[kind];
    const places = placesOf(kind, row);
    const folder = hasFolder(kind) ? await taskFolder(nas, `${TITLES[kind]} ${row.id}`, row.row) : NO_FOLDER;
    const own = await taskTarget(nas, kind, row, places[0]);
    return {
      summary: `Run ${TITLES[kind]} ${String(row.id)} (${safeCell(row.label, 80)})${isDry === true ? ', dry' : ''} now`,
      calls: [
        {
          method: run,
          params: isDry === undefined ? [row.id] : [row.id, { dry_run: isDry }],
          purpose: `run ${TITLES[kind]} ${String(row.id)}`,
          before: judgedRow(row.row),
          facts: { isRunning: false },
        },
      ],
      targets: [
        folder.isUnplaced ? { ...own, isUnplaced: true } : own,
        ...folder.targets,
        ...(await placeTargets(nas, places.slice(1))),
      ],
      impact: [...folder.impact, ...impactOf(kind, row, isDry === true)],
      undo: {
        impossible:
          kind === 'snapshot'
            ? 'a run is not taken back; delete_snapshots deletes the snapshots that it took'
            : 'what a run has copied, overwritten or deleted does not come back',
      },
    };
  },
});

const NO_FOLDER: TaskFolder = { targets: [], isUnplaced: false, impact: [] };

/** True for tasks about a path, in which a link may stand; the others are about datasets. */
function hasFolder(kind: TaskKind): boolean {
  return kind === 'cloud_sync' || kind === 'rsync';
}

const TITLES: Readonly<Record<TaskKind, string>> = {
  snapshot: 'snapshot task',
  replication: 'replication',
  cloud_sync: 'cloud sync task',
  rsync: 'rsync task',
};

/** @throws InputProblem for a task that the NAS would refuse, or that runs at this moment */
function checkRunnable(kind: TaskKind, { id, state, isEnabled }: TaskRow): void {
  if (state === 'RUNNING' || state === 'WAITING')
    throw new InputProblem('task', `${String(id)} runs already`, 'list_jobs shows how far it is.');
  if (!isEnabled && (kind === 'snapshot' || kind === 'replication'))
    throw new InputProblem('task', `${String(id)} is switched off: the NAS does not run it`);
}

/** The fields by which a run is judged; others may hold secrets. */
const JUDGED = ['pre_script', 'post_script', 'args', 'extra', 'transfer_mode', 'delete', 'direction'];

function judgedRow(row: Readonly<Record<string, unknown>>): State {
  return Object.fromEntries(Object.entries(row).filter(([name]) => JUDGED.includes(name)));
}

/** What defines what a run does: if it changed since the plan, the plan is void. */
const DEFINING: Readonly<Record<TaskKind, readonly string[]>> = {
  snapshot: ['enabled', 'dataset', 'recursive', 'exclude', 'naming_schema'],
  replication: ['enabled', 'direction', 'transport', 'source_datasets', 'target_dataset', 'retention_policy'],
  cloud_sync: [
    'path',
    'attributes',
    'credentials.id',
    ...JUDGED.filter((name) => !['extra', 'delete'].includes(name)),
  ],
  rsync: ['path', 'remotehost', 'remotemodule', 'remotepath', 'direction', 'delete', 'extra'],
};

/** How a run that ended well shows in the row, and which value is another one after each run. */
const ENDED: Readonly<Record<TaskKind, { readonly after: State; readonly renewed: readonly string[] }>> = {
  snapshot: { after: { 'state.state': 'FINISHED' }, renewed: ['state.last_snapshot'] },
  replication: { after: { 'state.state': 'FINISHED' }, renewed: ['job.id'] },
  cloud_sync: { after: { 'job.state': 'SUCCESS' }, renewed: ['job.id'] },
  rsync: { after: { 'job.state': 'SUCCESS' }, renewed: ['job.id'] },
};

async function taskTarget(
  nas: ReadClient,
  kind: TaskKind,
  { id }: TaskRow,
  dataset: string | undefined,
): Promise<Target> {
  const { after, renewed } = ENDED[kind];
  const name = `${TITLES[kind]} ${String(id)}`;
  const thing = rowThing(name, TASK_SOURCES[kind].query, ['id', '=', id], { dataset });
  return presentTarget(nas, { ...thing, written: DEFINING[kind], renewed }, after, {
    absent: () => new InputProblem('task', `${String(id)} does not exist any more`),
  });
}

/** Datasets of this NAS that a run reads or writes. */
function placesOf(kind: TaskKind, { row, places }: TaskRow): readonly string[] {
  if (kind !== 'replication') return places.map(datasetName);
  const sources = Array.isArray(row['source_datasets']) ? row['source_datasets'].map(String) : [];
  const target = String(row['target_dataset']);
  if (row['transport'] === 'LOCAL') return [target, ...sources];
  return row['direction'] === 'PULL' ? [target] : sources;
}

/** Sources: a run only reads them. One that is missing makes the run fail, and is told as it is. */
function placeTargets(nas: ReadClient, datasets: readonly string[]): Promise<Target[]> {
  return Promise.all(
    datasets.map(async (dataset) => {
      const thing = datasetThing(dataset);
      const before = await readState(nas, thing.read, thing.identity);
      return {
        ...thing,
        written: [],
        changedBy: 0,
        before,
        after: 'present',
        isOnlyRead: true,
      };
    }),
  );
}

function impactOf(kind: TaskKind, { row, lastRun }: TaskRow, isDry: boolean): string[] {
  return [
    ...wayLines(kind, row),
    ...(isDry ? ['a dry run only tells what it would do; scripts of the task run all the same'] : []),
    ...(row['locked'] === true ? ['its dataset is locked: the NAS will refuse'] : []),
    ...(kind === 'snapshot' ? ['the NAS answers before the snapshots are taken'] : []),
    `last run: ${lastRun === undefined ? 'UNKNOWN or none' : safeCell(lastRun, 160)}`,
  ];
}

const text = (value: unknown): string =>
  safeCell(typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : '?', 120);

function wayLines(kind: TaskKind, row: Readonly<Record<string, unknown>>): string[] {
  switch (kind) {
    case 'snapshot':
      return [
        `takes snapshots of ${text(row['dataset'])}${row['recursive'] === true ? ' and all below' : ''}`,
      ];
    case 'replication':
      return [
        `${row['direction'] === 'PULL' ? 'pulls' : 'sends'} snapshots of ${text(row['source_datasets'])} to ${text(row['target_dataset'])} (${text(row['transport'])})`,
        'what was written at the target since the last run is lost',
        ...(row['retention_policy'] === 'NONE' ? [] : ['snapshots that are due are deleted at the target']),
        ...(row['allow_from_scratch'] === true
          ? ['a target that has nothing in common with the source is destroyed first']
          : []),
      ];
    case 'cloud_sync':
      return [
        `${row['direction'] === 'PULL' ? 'copies from the cloud to' : 'copies to the cloud from'} ${text(row['path'])}, mode ${text(row['transfer_mode'])}`,
        ...(row['transfer_mode'] === 'SYNC'
          ? ['SYNC deletes at the target what the source does not have']
          : []),
        ...(row['transfer_mode'] === 'MOVE' ? ['MOVE deletes at the source what was copied'] : []),
      ];
    case 'rsync':
      return [
        `${row['direction'] === 'PULL' ? 'copies from' : 'copies to'} ${text(row['remotehost'])}, folder ${text(row['path'])}`,
        ...(row['delete'] === true ? ['deletes at the target what the source does not have'] : []),
      ];
  }
}
