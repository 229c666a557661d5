/** Every task that copies data, as what it covers and how it does. */
import { safeCell } from '../../output/untrusted.ts';
import type { Cover, TaskHealth } from '../../findings/backup.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { isCovered } from '../storage/snapshot-tasks.ts';
import { datasetName } from '../support/inputs.ts';
import { gapText, readPart } from '../support/part.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';
import { STATES, TASK, troubleOf } from '../system/overview/tasks.ts';
import { query } from '../../truenas/query.ts';

const ROW = {
  ...TASK,
  recursive: field.flag,
  exclude: field.rawTexts,
  naming_schema: field.unknown,
  lifetime_value: field.number,
  lifetime_unit: field.text,
  direction: field.text,
  transport: field.text,
  source_datasets: field.rawTexts,
  target_dataset: field.rawText,
};
type Task = RowOf<typeof ROW>;

interface TaskSource {
  readonly method: string;
  /** The noun before its name: `snapshot task`. */
  readonly noun: string;
  /** Of run_task; absent where it runs no such task. */
  readonly taskKind?: string;
  readonly last: 'state' | 'job';
  readonly kindOf: (task: Task) => Cover['kind'];
  readonly nameOf: (task: Task) => string | null;
  /** Undefined where the task does not say what it covers. */
  readonly covers: (task: Task, dataset: string) => boolean | undefined;
}

const SOURCES: readonly TaskSource[] = [
  {
    method: 'pool.snapshottask.query',
    noun: 'snapshot task',
    taskKind: 'snapshot',
    last: 'state',
    kindOf: () => 'snapshot',
    nameOf: ({ id, dataset, lifetime_value: value, lifetime_unit: unit }) =>
      `${id ?? '-'} (${dataset ?? '-'}${value === null || unit === null ? '' : `, keeps ${value} ${unit.toLowerCase()}${value === 1 ? '' : 's'}`})`,
    covers: ({ dataset, recursive, exclude }, wanted) =>
      dataset === null || recursive === null || exclude === null
        ? undefined
        : isCovered(wanted, dataset, recursive, exclude),
  },
  {
    method: 'replication.query',
    noun: 'replication',
    taskKind: 'replication',
    last: 'state',
    kindOf: ({ transport }) => (transport === 'LOCAL' ? 'replica' : 'offsite'),
    nameOf: ({ name }) => name,
    covers: ({ direction, source_datasets: sources, recursive, exclude }, wanted) =>
      direction === null || sources === null || recursive === null || exclude === null
        ? undefined
        : direction === 'PUSH' && sources.some((source) => isCovered(wanted, source, recursive, exclude)),
  },
  copySource('cloudsync.query', 'cloud sync', 'cloud', 'cloud_sync'),
  copySource('cloud_backup.query', 'cloud backup', 'cloud', undefined),
  copySource('rsynctask.query', 'rsync task', 'rsync', 'rsync'),
];

/** Methods that {@link readCovers} reads with. */
export const COVER_USES: readonly string[] = SOURCES.map(({ method }) => method);

function copySource(method: string, noun: string, kind: Cover['kind'], taskKind?: string): TaskSource {
  return {
    method,
    noun,
    ...(taskKind === undefined ? {} : { taskKind }),
    last: 'job',
    kindOf: () => kind,
    nameOf: ({ description, desc, path }) => description || desc || path,
    // A copy of a path takes everything below; one that pulls is no backup of what is here.
    covers: ({ path, direction }, wanted) =>
      // A cloud backup has no direction: it only ever goes out.
      path === null || (direction === null && method !== 'cloud_backup.query')
        ? undefined
        : direction !== 'PULL' && isCovered(wanted, datasetName(path), true, []),
  };
}

/** A task with what it covers. */
export interface CoveringTask extends Cover {
  /** Undefined where the task does not say what it covers. */
  readonly covers: (dataset: string) => boolean | undefined;
}

/** Every task that copies data. */
export interface Covers {
  readonly tasks: readonly CoveringTask[];
  /** Datasets into which replications write on this NAS. */
  readonly isReplica: (dataset: string) => boolean;
  /** Kinds of tasks that could not be read, each with the reason. */
  readonly gaps: readonly string[];
}

/** Reads every kind of task; one that cannot be read is a gap. */
export async function readCovers(nas: ReadClient, nowMs: number): Promise<Covers> {
  const read = await Promise.all(
    SOURCES.map(async (source) => {
      if (!(await nas.has(source.method))) return { source, tasks: [], gap: undefined };
      const part = await readPart(nas, async (limited) =>
        rowsOf(await limited.call(source.method, query({ select: Object.keys(ROW) })), ROW),
      );
      return { source, tasks: 'value' in part ? part.value : [], gap: gapText(part) };
    }),
  );
  const replications = read.find(({ source }) => source.method === 'replication.query')?.tasks ?? [];
  const targets = replications.flatMap(({ transport, direction, target_dataset: target }) =>
    target !== null && (transport === 'LOCAL' || direction === 'PULL') ? [target] : [],
  );
  const covering = read.flatMap(({ source, tasks }) =>
    tasks.map((task) => coveringTask(source, task, nowMs)),
  );
  const unclear = covering.filter(({ covers }) => covers('') === undefined);
  return {
    tasks: covering.filter(({ covers }) => covers('') !== undefined),
    isReplica: (dataset) => targets.some((target) => isCovered(dataset, target, true, [])),
    gaps: [
      ...read.flatMap(({ source, gap }) => (gap === undefined ? [] : [`${source.noun}s ${gap}`])),
      ...unclear.map(({ label }) => `what ${label} covers`),
    ],
  };
}

function coveringTask(source: TaskSource, task: Task, nowMs: number): CoveringTask {
  const last = task[source.last];
  const trouble = troubleOf(source, task, nowMs);
  const ended = last?.datetime;
  const isSuccess = last?.state === 'FINISHED' || last?.state === 'SUCCESS';
  const why = trouble?.why ?? undefined;
  return {
    kind: source.kindOf(task),
    label: `${source.noun} ${safeCell(source.nameOf(task) || `#${task.id ?? '-'}`, 80)}`,
    health: healthOf(task, last, trouble?.what),
    lastSuccessMs: isSuccess && typeof ended === 'number' ? ended : null,
    why: why === undefined ? undefined : safeCell(why, 120),
    task:
      source.taskKind === undefined || task.id === null ? undefined : { kind: source.taskKind, id: task.id },
    covers: (dataset) => source.covers(task, dataset),
  };
}

function healthOf({ enabled }: Task, last: Task['state'], trouble: string | undefined): TaskHealth {
  if (enabled === false) return 'off';
  if (trouble === 'failed') return 'failed';
  if (trouble?.includes('on hold')) return 'on-hold';
  if (trouble !== undefined) return 'stale';
  if (last === null) return 'never-ran';
  return last.state === null || !STATES.has(last.state) ? 'unknown' : 'works';
}
