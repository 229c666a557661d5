/** The tasks that take snapshots, and which of them took one: a snapshot itself does not tell on every release. */
import { safeCell } from '../../output/untrusted.ts';
import { plural } from '../../output/units.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { escapePattern } from '../support/inputs.ts';
import { type Part, readPart } from '../support/part.ts';
import { field, rowsOf } from '../support/rows.ts';
import type { SnapshotFacts } from './snapshot-facts.ts';

/** A periodic snapshot task. */
export interface SnapshotTask {
  /** `snapshot task 2 (tank/media, daily-%Y-%m-%d_%H-%M)`. */
  readonly label: string;
  covers(dataset: string): boolean;
  readonly pattern: RegExp;
}

const TASK = {
  id: field.integer,
  dataset: field.rawText,
  recursive: field.flag,
  exclude: field.rawTexts,
  naming_schema: field.rawText,
};

/** Reads them. Calls `pool.snapshottask.query`. */
export async function readSnapshotTasks(nas: ReadClient): Promise<Part<SnapshotTask[]>> {
  return readPart(nas, async (limited) => {
    const answer = await limited.call('pool.snapshottask.query', query({ select: Object.keys(TASK) }));
    return rowsOf(answer, TASK).map(({ id, dataset, recursive, exclude, naming_schema: schema }) => ({
      label: `snapshot task ${id ?? '-'} (${safeCell(dataset ?? '-', 80)}, ${safeCell(schema ?? '-', 60)})`,
      covers: (wanted) => isCovered(wanted, dataset ?? '', recursive !== false, exclude ?? []),
      pattern: schemaPattern(schema ?? '%Y'),
    }));
  });
}

/** True for a dataset that something which is set up for `root` covers. */
export function isCovered(
  dataset: string,
  root: string,
  isRecursive: boolean,
  exclude: readonly string[],
): boolean {
  if (exclude.some((each) => dataset === each || dataset.startsWith(`${each}/`))) return false;
  return dataset === root || (isRecursive && dataset.startsWith(`${root}/`));
}

/** ZFS takes names of 255 characters. */
const MAX_SCHEMA = 512;

/** `auto-%Y-%m-%d_%H-%M` as a pattern: each place holds digits (or a word, for names of months and zones). */
export function schemaPattern(schema: string): RegExp {
  // No snapshot has a longer name, and a pattern of any length would be refused.
  if (schema.length > MAX_SCHEMA) return /(?!)/u;
  return new RegExp(`^${schema.split(/%./u).map(escapePattern).join(String.raw`[\w+-]+`)}$`, 'u');
}

/**
 * The task that took a snapshot, by its name. Snapshots that are named like those of a task elsewhere count, too: they came
 * with a replication, or the task was moved.
 */
export function taskOf(
  { dataset, snapshotName }: Pick<SnapshotFacts, 'dataset' | 'snapshotName'>,
  tasks: readonly SnapshotTask[],
): string | undefined {
  const alike = tasks.filter(({ pattern }) => pattern.test(snapshotName));
  const own = alike.find((task) => task.covers(dataset));
  if (own !== undefined) return own.label;
  return alike[0] === undefined ? undefined : `named as by ${alike[0].label}`;
}

/** `of snapshot task 2 (…): 12 snapshots`, a line for each task. */
export function automaticLines(
  snapshots: readonly Pick<SnapshotFacts, 'dataset' | 'snapshotName'>[],
  tasks: readonly SnapshotTask[],
): string[] {
  const counts = new Map<string, number>();
  for (const snapshot of snapshots) {
    const label = taskOf(snapshot, tasks);
    if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [...counts].map(([label, count]) => `Automatic, ${label}: ${plural(count, 'snapshot')}.`);
}
