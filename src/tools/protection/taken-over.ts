/**
 * Snapshots that a task begins to delete: retention goes by their names, whoever took them, and several tasks that hold
 * one delete it once the last of them would. So what a task of the same naming holds already is not taken over.
 */
import { plural } from '../../output/units.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { isCovered, schemaPattern } from '../storage/snapshot-tasks.ts';
import { escapePattern } from '../support/inputs.ts';
import { gapText, readPart } from '../support/part.ts';
import { knownCountOf } from '../support/rows.ts';

/** Fields of a task, as the NAS has them. */
type Task = Readonly<Record<string, unknown>>;

/** The fact by which a task is judged, absent when it could not be read, and the same for a person. */
export interface TakenOver {
  readonly facts: { readonly takenOver?: number };
  readonly impact: readonly string[];
}

/** Nothing is taken over: of a dataset that is made in the same change there are no snapshots. */
export const NOTHING_TAKEN_OVER: TakenOver = { facts: { takenOver: 0 }, impact: [] };

/**
 * Counts what the task as it will be takes over. Calls `pool.snapshot.query` unless the other tasks tell already.
 * @param others tasks as they are, for an update the one itself among them
 */
export async function readTakenOver(
  nas: ReadClient,
  task: Task,
  others: readonly Task[],
): Promise<TakenOver> {
  if (task['enabled'] === false || others.some((other) => holds(other, task))) return NOTHING_TAKEN_OVER;
  const dataset = String(task['dataset']);
  const filters: Filter[] = [
    task['recursive'] === true
      ? ['dataset', '~', `^${escapePattern(dataset)}(?:/|$)`]
      : ['dataset', '=', dataset],
    ['snapshot_name', '~', schemaPattern(String(task['naming_schema'])).source],
  ];
  const part = await readPart(nas, async (limited) =>
    knownCountOf(await limited.call('pool.snapshot.query', query({ filters, count: true }))),
  );
  if ('gap' in part)
    return {
      facts: {},
      impact: [`snapshots there are that it will delete in time: UNKNOWN, ${gapText(part) ?? ''}`],
    };
  const { value: count } = part;
  return {
    facts: { takenOver: count },
    impact:
      count === 0
        ? []
        : [
            `${plural(count, 'snapshot')} there already ${count === 1 ? 'is' : 'are'} named like this and will be deleted once too old`,
          ],
  };
}

/** True when `other` deletes, or will, whatever the task can: then the task can only keep it for longer. */
function holds(other: Task, task: Task): boolean {
  const exclude = listOf(other['exclude']);
  const dataset = String(task['dataset']);
  return (
    other['enabled'] === true &&
    other['naming_schema'] === task['naming_schema'] &&
    isCovered(dataset, String(other['dataset']), other['recursive'] === true, exclude) &&
    (task['recursive'] !== true ||
      (other['recursive'] === true && exclude.every((each) => listOf(task['exclude']).includes(each))))
  );
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
