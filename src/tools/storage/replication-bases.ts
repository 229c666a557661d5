/**
 * Snapshots that replications go on from: the newest that source and target share. Without it the next run has to start from
 * scratch, or fails. It is known exactly where both sides are on this NAS; else by what the task says it sent last, else it is
 * taken to be the newest snapshot that the task would send.
 */
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { gapText, readPart } from '../support/part.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';
import { newestFirst, type SnapshotFacts } from './snapshot-facts.ts';
import { filteredSnapshots, snapshotNamesOf } from './snapshot-lookup.ts';
import { isCovered, schemaPattern } from './snapshot-tasks.ts';

/** A snapshot that a replication goes on from. */
export interface ReplicationBase {
  /** Full name. */
  readonly snapshot: string;
  /** `the replication "offsite"`. */
  readonly task: string;
  /** A replication that is switched off may be switched on again; its base is named, and not kept. */
  readonly isEnabled: boolean;
  /** `is the base of …`, or `is probably …`. */
  readonly text: string;
}

/** What could be found out. */
export interface ReplicationBases {
  readonly bases: readonly ReplicationBase[];
  /** Why not all of it: `could not be read (…)`. */
  readonly gap: string | undefined;
  /** Replications of which it could not be read what they sent last, as safe text. */
  readonly unclear: readonly string[];
}

const TASK = {
  name: field.rawText,
  enabled: field.flag,
  direction: field.rawText,
  transport: field.rawText,
  source_datasets: field.rawTexts,
  target_dataset: field.rawText,
  recursive: field.flag,
  exclude: field.rawTexts,
  naming_schema: field.rawTexts,
  also_include_naming_schema: field.rawTexts,
  name_regex: field.rawText,
  periodic_snapshot_tasks: field.list({ naming_schema: field.rawText }),
  state: field.object({ state: field.text, last_snapshot: field.rawText }),
};
type Task = RowOf<typeof TASK>;

/** Reads the snapshots of a dataset. */
type SnapshotReader = (nas: ReadClient, dataset: string) => Promise<readonly SnapshotFacts[]>;

/**
 * Reads the bases among the snapshots of these datasets. Calls `replication.query` and `pool.snapshot.query`.
 * @param snapshotsOf for those who need few of them, or few of their facts
 */
export async function readReplicationBases(
  nas: ReadClient,
  datasets: readonly string[],
  snapshotsOf: SnapshotReader = (limited, dataset) => filteredSnapshots(limited, [['dataset', '=', dataset]]),
): Promise<ReplicationBases> {
  const part = await readPart(nas, async (limited) => {
    const answer = await limited.call('replication.query', query({ select: Object.keys(TASK) }));
    const tasks = rowsOf(answer, TASK);
    const pairs = tasks.flatMap((task) =>
      [...new Set(datasets)].flatMap((dataset) => sidesOf(task, dataset)),
    );
    const bases = await Promise.all(pairs.map((pair) => baseOf(limited, pair, snapshotsOf)));
    return {
      bases: bases.flat(),
      unclear: tasks.filter(isUnclear).map(({ name }) => safeCell(name ?? '-', 60)),
    };
  });
  return 'gap' in part ? { bases: [], gap: gapText(part), unclear: [] } : { ...part.value, gap: undefined };
}

function isUnclear({ state, source_datasets: sources, target_dataset: target }: Task): boolean {
  return state === null || state.state === null || sources === null || target === null;
}

/** A dataset as one side of a replication. */
interface Side {
  readonly task: Task;
  readonly dataset: string;
  /** Where the other side may be on this NAS; none when it is on another. */
  readonly others: readonly string[];
}

function sidesOf(task: Task, dataset: string): Side[] {
  const { source_datasets: sources, target_dataset: target, direction, transport } = task;
  if (sources === null || target === null) return [];
  const isLocal = transport === 'LOCAL';
  const sourcesHere = direction === 'PULL' ? [] : sources;
  const covering = sourcesHere.filter((source) =>
    isCovered(dataset, source, task.recursive !== false, task.exclude ?? []),
  );
  const asSource = covering.map((source) => ({
    task,
    dataset,
    others: isLocal ? targetsOf(target, source).map((each) => each + dataset.slice(source.length)) : [],
  }));
  const isTarget = (isLocal || direction === 'PULL') && isCovered(dataset, target, true, []);
  const asTarget = {
    task,
    dataset,
    others: isLocal
      ? sources.flatMap((source) =>
          targetsOf(target, source)
            .filter((each) => dataset === each || dataset.startsWith(`${each}/`))
            .map((each) => source + dataset.slice(each.length)),
        )
      : [],
  };
  return [...asSource, ...(isTarget ? [asTarget] : [])];
}

/** The place of a source below the target: the target itself, or one that is called after it when there are several. */
function targetsOf(target: string, source: string): string[] {
  return [target, `${target}/${source.slice(source.lastIndexOf('/') + 1)}`, `${target}/${source}`];
}

async function baseOf(
  nas: ReadClient,
  { task, dataset, others }: Side,
  snapshotsOf: SnapshotReader,
): Promise<ReplicationBase[]> {
  const snapshots = newestFirst(await snapshotsOf(nas, dataset));
  const names = snapshots.map(({ snapshotName }) => snapshotName);
  const isLocal = task.transport === 'LOCAL';
  const found = isLocal ? await newestCommon(nas, names, others) : lastSent(task, names);
  const isSure = found !== undefined;
  // Nothing in common on one NAS means that there is no base.
  const base = found ?? (isLocal ? undefined : names.find((name) => wouldSend(task, name)));
  if (base === undefined) return [];
  const label = `the replication "${safeCell(task.name ?? '-', 60)}"${task.enabled === false ? ' (switched off)' : ''}`;
  return [
    {
      snapshot: `${dataset}@${base}`,
      task: label,
      isEnabled: task.enabled !== false,
      text: `is ${isSure ? '' : 'probably '}the base of ${label}: without it the next run starts from scratch or fails`,
    },
  ];
}

async function newestCommon(
  nas: ReadClient,
  names: readonly string[],
  others: readonly string[],
): Promise<string | undefined> {
  const lists = await Promise.all(others.map((other) => snapshotNamesOf(nas, other)));
  const there = new Set(lists.flat());
  return names.find((name) => there.has(name));
}

function lastSent({ state }: Task, names: readonly string[]): string | undefined {
  const last = state?.last_snapshot;
  const name = last?.slice(last.indexOf('@') + 1);
  return names.find((each) => each === name);
}

/** True for a snapshot that the task takes along; one without any naming takes them all. */
function wouldSend(task: Task, name: string): boolean {
  const schemas = [
    ...(task.naming_schema ?? []),
    ...(task.also_include_naming_schema ?? []),
    ...task.periodic_snapshot_tasks.flatMap(({ naming_schema: schema }) => schema ?? []),
  ];
  if (task.name_regex !== null && task.name_regex !== '') return matches(task.name_regex, name);
  return schemas.length === 0 || schemas.some((schema) => schemaPattern(schema).test(name));
}

/** Patterns of a NAS are Python's; one that is none here fits everything, so that nothing is lost by it. */
function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(name);
  } catch {
    return true;
  }
}
