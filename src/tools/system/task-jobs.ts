/**
 * The last runs of periodic tasks. A NAS shows them to everybody who may see the task, also where it hides them from
 * `core.get_jobs`, which gives a key without full administration little more than its own jobs.
 */
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient, WireValue } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { gapText, type Part, readPart, valueOr } from '../support/part.ts';
import { isObject, objectOf, rawRowsOf } from '../support/rows.ts';
import { type Job, jobRow } from './jobs.ts';

/** A kind of tasks whose rows carry their last job. */
interface TaskKind {
  readonly noun: string;
  readonly method: string;
  /** The method that runs such a task; its first argument is the id of the task. */
  readonly runs: string;
  /** Fields that hold what a person calls it by, the best first. */
  readonly labels: readonly string[];
  /** Fields that tell of its state and its plan, which the overview judges. */
  readonly plan?: readonly string[];
}

const KINDS: readonly TaskKind[] = [
  {
    noun: 'snapshot',
    method: 'pool.snapshottask.query',
    runs: 'pool.snapshottask.run',
    labels: ['dataset'],
    plan: ['state', 'schedule'],
  },
  {
    noun: 'replication',
    method: 'replication.query',
    runs: 'replication.run',
    labels: ['name'],
    plan: ['state', 'auto', 'schedule', 'restrict_schedule', 'periodic_snapshot_tasks'],
  },
  {
    noun: 'cloud sync',
    method: 'cloudsync.query',
    runs: 'cloudsync.sync',
    labels: ['description', 'path'],
  },
  { noun: 'rsync', method: 'rsynctask.query', runs: 'rsynctask.run', labels: ['desc', 'path'] },
];

/** The methods called here, by canonical name. */
export const TASK_JOB_USES: readonly string[] = KINDS.map(({ method }) => method);

/**
 * All tasks of a kind, as the NAS sends them; the same question for everybody, so that one answer does for all.
 * @throws what the call throws
 */
export async function callTasks(nas: ReadClient, method: string): Promise<WireValue> {
  const { labels = [], plan = [] } = KINDS.find((kind) => kind.method === method) ?? {};
  if (!(await nas.has(method))) return [];
  const parameters = query({ select: ['id', 'enabled', ...labels, 'job', ...plan], orderBy: ['id'] });
  return nas.call(method, parameters);
}

/** True for a method that runs a task. */
export function isTaskRun(method: string | null): boolean {
  return KINDS.some(({ runs }) => runs === method);
}

/** A run of a task. */
export interface TaskJob extends Job {
  /** `cloud sync docs to the cloud`. */
  readonly task: string;
  /** The job as the NAS sent it. */
  readonly row: WireValue;
}

/** What tasks tell of their runs. */
export interface TaskJobs {
  readonly jobs: readonly TaskJob[];
  /** The task that a job ran, of any age; undefined when it ran none of these. */
  taskOf(job: Pick<TaskJob, 'id' | 'method' | 'arguments'>): string | undefined;
  /** What could not be read, safe to show. */
  readonly gaps: readonly string[];
}

/**
 * Reads the tasks of each kind as a part; a kind that the release lacks is left out.
 * @param run only those that this method runs
 */
export async function readTaskJobs(nas: ReadClient, run?: string): Promise<TaskJobs> {
  const kinds = KINDS.filter(({ runs }) => run === undefined || run === runs);
  const read = await Promise.all(
    kinds.map(async (kind) => ({ kind, part: await readPart(nas, (limited) => tasksOf(limited, kind)) })),
  );
  const tasks = read.flatMap(({ part }) => valueOr(part, []));
  const jobs = tasks.flatMap(({ label, job }) =>
    job === 'none' || job === 'odd' ? [] : [{ ...job, task: label }],
  );
  const byRun = new Map(tasks.map(({ run, label }) => [run, label]));
  const byJob = new Map(jobs.map(({ id, task }) => [id, task]));
  return {
    jobs,
    taskOf: ({ id, method, arguments: args }) =>
      (id === null ? undefined : byJob.get(id)) ??
      byRun.get(runKey(method, Array.isArray(args) ? args[0] : null)),
    gaps: gapsOf(read),
  };
}

interface Task {
  readonly label: string;
  /** By which its runs are known. */
  readonly run: string;
  readonly job: Omit<TaskJob, 'task'> | 'none' | 'odd';
}

async function tasksOf(nas: ReadClient, { noun, method, runs, labels }: TaskKind): Promise<Task[]> {
  return rawRowsOf(await callTasks(nas, method)).map((row) => ({
    label: `${noun} ${labelOf(row, labels)}`,
    run: runKey(runs, row['id']),
    // Of a row that tells nothing it is not known either that it has not run.
    job: Object.keys(row).length === 0 ? 'odd' : jobOf(row['job']),
  }));
}

function runKey(method: string | null, id: unknown): string {
  return `${method} ${typeof id === 'number' ? id : ''}`;
}

function labelOf(row: Readonly<Record<string, unknown>>, labels: readonly string[]): string {
  const texts = labels.map((name) => row[name]);
  const label = texts.find((text): text is string => typeof text === 'string' && text.trim() !== '');
  if (label !== undefined) return safeCell(label, 60);
  return typeof row['id'] === 'number' ? `#${row['id']}` : '-';
}

/** Null and nothing stand for a task that has not run since the NAS started. */
function jobOf(value: unknown): Task['job'] {
  if (value === null || value === undefined) return 'none';
  if (!isObject(value)) return 'odd';
  const row = value as { [key: string]: WireValue };
  const job = objectOf(row, jobRow);
  return job.id === null ? 'odd' : { ...job, row };
}

/** One line for each reason. */
function gapsOf(
  read: readonly { readonly kind: TaskKind; readonly part: Part<readonly Task[]> }[],
): string[] {
  const byReason = new Map<string, string[]>();
  for (const { kind, part } of read) {
    const why = gapText(part);
    if (why !== undefined) byReason.set(why, [...(byReason.get(why) ?? []), kind.noun]);
  }
  const odd = read.flatMap(({ part }) => valueOr(part, []).filter(({ job }) => job === 'odd'));
  return [
    ...[...byReason].map(([why, nouns]) => `(last runs of ${nouns.join(', ')} tasks ${why})`),
    ...odd.slice(0, 3).map(({ label }) => `(the last run of ${label} could not be read)`),
    ...(odd.length > 3 ? [`(nor those of ${odd.length - 3} more)`] : []),
  ];
}
