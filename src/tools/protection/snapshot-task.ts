/** What the tools of snapshot tasks share: how a task is found again, and whose snapshots a change would keep or let go. */
import type { PlannedCall } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { gapText, readPart } from '../support/part.ts';
import { field, recordOf, rowsOf } from '../support/rows.ts';
import type { Thing } from '../support/targets.ts';

/** Name of snapshots, as the web interface proposes it. */
export const DEFAULT_NAME = 'auto-%Y-%m-%d_%H-%M';

/** @throws InputProblem for what the NAS refuses: it asks for all parts of the time to the minute */
export function namingSchema(name: string): string {
  const missing = ['%Y', '%m', '%d', '%H', '%M'].filter((part) => !name.includes(part));
  if (missing.length > 0 || !/^[\w%.:-]+$/u.test(name))
    throw new InputProblem(
      'name',
      'must hold %Y %m %d %H %M, and else letters, digits and _ - : .',
      DEFAULT_NAME,
    );
  return name;
}

/** @throws InputProblem for datasets that are not below, or where nothing below is taken at all */
export function checkExcluded(dataset: string, exclude: readonly string[], isRecursive: boolean): void {
  if (exclude.length > 0 && !isRecursive)
    throw new InputProblem('exclude', 'only says something with recursive: true');
  const outside = exclude.find((each) => !each.startsWith(`${dataset}/`));
  if (outside !== undefined) throw new InputProblem('exclude', `${outside} does not lie below ${dataset}`);
}

/** The fields that a task is made of. */
export const TASK_FIELDS = [
  'dataset',
  'recursive',
  'exclude',
  'lifetime_value',
  'lifetime_unit',
  'naming_schema',
  'schedule',
  'allow_empty',
  'enabled',
] as const;

/** Those of a row, for making the task anew. */
export function taskFields(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    TASK_FIELDS.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])),
  );
}

/** A task by what tells it from others of its dataset: an id does not come back when it is made anew. */
export function taskByFields(name: string, fields: Readonly<Record<string, unknown>>): Thing {
  const schedule = new Map(Object.entries(Object(fields['schedule'])));
  const filters: Filter[] = [
    ['dataset', '=', String(fields['dataset'])],
    ['naming_schema', '=', String(fields['naming_schema'])],
    ...['minute', 'hour', 'dom', 'month', 'dow'].map(
      (part): Filter => [`schedule.${part}`, '=', String(schedule.get(part))],
    ),
  ];
  return {
    name,
    dataset: String(fields['dataset']),
    read: { method: 'pool.snapshottask.query', params: query({ filters }) },
    identity: ['id'],
  };
}

/** `pool.snapshottask.create` with all fields. */
export function createTask(fields: Readonly<Record<string, unknown>>): PlannedCall {
  return {
    method: 'pool.snapshottask.create',
    params: [fields],
    purpose: `make the snapshot task of ${String(fields['dataset'])}`,
  };
}

/** Reads `pool.snapshottask.…_will_change_retention_for`, and says it. */
export async function retentionChange(
  nas: ReadClient,
  method: string,
  params: readonly unknown[],
): Promise<{ readonly count: number | undefined; readonly text: string }> {
  const part = await readPart(nas, async (limited) => recordOf(await limited.call(method, params)));
  if ('gap' in part)
    return { count: undefined, text: `snapshots concerned: UNKNOWN, ${gapText(part) ?? ''}` };
  const names = Object.entries(part.value).flatMap(([dataset, snapshots]) =>
    Array.isArray(snapshots) ? snapshots.map((each) => `${dataset}@${String(each)}`) : [],
  );
  const [first] = names;
  return {
    count: names.length,
    text:
      first === undefined
        ? 'no snapshot there is now is concerned'
        : `${plural(names.length, 'snapshot')} there ${names.length === 1 ? 'is' : 'are'} now (${safeCell(first, 80)}${names.length > 1 ? ' …' : ''})`,
  };
}

/** Replications that go by the snapshots of a task. */
export async function replicationsOf(nas: ReadClient, id: number): Promise<string> {
  const shape = { name: field.text, periodic_snapshot_tasks: field.list({ id: field.number }) };
  const part = await readPart(nas, async (limited) =>
    rowsOf(await limited.call('replication.query', query({ select: Object.keys(shape) })), shape),
  );
  if ('gap' in part) return `replications that use it: UNKNOWN, ${gapText(part) ?? ''}`;
  const names = part.value
    .filter(({ periodic_snapshot_tasks: tasks }) => tasks.some((task) => task.id === id))
    .map(({ name }) => safeCell(name ?? '?', 60));
  return names.length === 0 ? 'no replication uses it' : `replications that use it: ${names.join(', ')}`;
}

/** The name of a task that is there. */
export function taskName(id: number, dataset: string): string {
  return `snapshot task ${String(id)} of ${dataset}`;
}
