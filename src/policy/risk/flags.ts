/**
 * Flags that widen what a call does (`recursive`, `force`, `remove_…`) are sent only where somebody reviewed it, and options
 * whose default deletes or hides a failure are always sent (DESIGN, section 5).
 */
import { isNested, isOn } from '../survey.ts';
import type { JudgedCall } from './call.ts';
import { isRecord } from './rule.ts';

/** Names of flags that widen a call. How a bucket is addressed (`force_path_style`) is none. */
const WIDENING =
  /^(?:(?!force_path_style$)(?:recursive|recursive_\w+|force|force_\w+|remove|remove_\w+|cascade|destroy|delete_\w+|wipe|traverse|all|all_snapshots|silent|zvols?|raw_file))$/;

/** True for the name of a flag that is sent by the table only. */
export function isWideningFlag(name: string): boolean {
  return WIDENING.test(name);
}

/** Flags that may be turned on, by method. */
const REVIEWED: Readonly<Record<string, readonly string[]>> = {
  // All snapshots of one moment, together.
  'pool.snapshot.create': ['recursive'],
  'zfs.snapshot.create': ['recursive'],
  'zfs.resource.snapshot.create': ['recursive'],
  'pool.snapshot.hold': ['recursive'],
  'zfs.snapshot.hold': ['recursive'],
  'zfs.resource.snapshot.hold': ['recursive'],
  // Settings of a task.
  'pool.snapshottask.create': ['recursive'],
  'pool.snapshottask.update': ['recursive'],
  'replication.create': ['recursive'],
  'replication.update': ['recursive'],
  'replication.run_onetime': ['recursive'],
  'rsynctask.create': ['recursive'],
  'rsynctask.update': ['recursive'],
  // Permissions of a tree; stripping it is denied.
  'filesystem.setacl': ['recursive'],
  'filesystem.setperm': ['recursive'],
  'filesystem.chown': ['recursive'],
  'pool.dataset.unlock': ['recursive'],
  // The NAS refuses a rename without it: it acknowledges, and forces nothing.
  'pool.dataset.rename': ['force'],
  'pool.snapshot.rename': ['force'],
};

/** Flags that may be turned on once the full list of what is lost was read again, and was as shown. */
const REVIEWED_AFTER_LISTING: Readonly<Record<string, readonly string[]>> = {
  'pool.dataset.delete': ['recursive'],
  'pool.snapshot.delete': ['recursive'],
  'zfs.snapshot.delete': ['recursive'],
  'zfs.resource.destroy': ['recursive'],
  'zfs.resource.snapshot.destroy': ['recursive'],
};

/** Flags that are arguments of their own, by position. */
export const FLAGS_BY_POSITION: Readonly<Record<string, readonly (string | undefined)[]>> = {
  'certificate.delete': [undefined, 'force'],
  'iscsi.extent.delete': [undefined, 'remove', 'force'],
  'iscsi.target.delete': [undefined, 'force', 'delete_extents'],
  'iscsi.targetextent.delete': [undefined, 'force'],
  'jbof.delete': [undefined, 'force'],
};

/** Options that are always sent, by method and position of the object. */
export const ALWAYS_SENT: Readonly<
  Record<string, { readonly at: number; readonly names: readonly string[] }>
> = {
  'app.delete': { at: 1, names: ['remove_images'] },
  'user.delete': { at: 1, names: ['delete_group'] },
  'service.control': { at: 2, names: ['silent'] },
  'service.start': { at: 1, names: ['silent'] },
  'service.stop': { at: 1, names: ['silent'] },
  'service.restart': { at: 1, names: ['silent'] },
  'service.reload': { at: 1, names: ['silent'] },
};

/** Objects with names that people or apps make up. */
const FREE_NAMES = new Set(['values', 'custom_compose_config', 'environment', 'initenv']);

/**
 * A flag that may not be sent, or an option that is missing, as a sentence; `undefined` when all is well. A recursive delete
 * needs the fact `isFullyListed`: the list of what is lost was re-read, equal to the one shown, immediately before.
 */
export function flagProblem(call: JudgedCall): string | undefined {
  const method = shownMethod(call.method);
  const missing = missingOption(call);
  if (missing !== undefined)
    return `${method} needs "${missing}" to be given: without it, the NAS deletes more or hides a failure`;
  for (const flag of flagsOf(call)) {
    if (REVIEWED[call.method]?.includes(flag) === true) continue;
    const isForListed = REVIEWED_AFTER_LISTING[call.method]?.includes(flag) === true;
    if (isForListed && call.facts?.['isFullyListed'] === true) continue;
    return isForListed
      ? `${method} with "${flag}" is sent only after all that it removes was read again`
      : `${method} is not sent with "${flag}": nobody reviewed what it then does`;
  }
  return undefined;
}

/** Odd names are not repeated. */
function shownMethod(method: string): string {
  return /^[a-z0-9_.]{1,120}$/.test(method) ? method : 'a method with an odd name';
}

function missingOption({ method, params }: JudgedCall): string | undefined {
  const needed = Object.hasOwn(ALWAYS_SENT, method) ? ALWAYS_SENT[method] : undefined;
  if (needed === undefined) return undefined;
  const options = params[needed.at];
  return needed.names.find((name) => !isRecord(options) || typeof options[name] !== 'boolean');
}

/** The widening flags that are turned on, wherever they stand. */
function flagsOf({ method, params }: JudgedCall): readonly string[] {
  const positions = Object.hasOwn(FLAGS_BY_POSITION, method) ? (FLAGS_BY_POSITION[method] ?? []) : [];
  return [
    ...positions.flatMap((name, index) => (name !== undefined && isOn(params[index]) ? [name] : [])),
    ...params.flatMap((value) => flagsInside(value, 0)),
  ];
}

const MAX_DEPTH = 20;

function flagsInside(value: unknown, depth: number): readonly string[] {
  if (!isNested(value)) return [];
  if (depth > MAX_DEPTH) return ['values nested too deeply'];
  if (Array.isArray(value)) return value.flatMap((entry) => flagsInside(entry, depth + 1));
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(isWideningFlag(name) && isOn(inner) ? [name] : []),
    ...(FREE_NAMES.has(name) ? [] : flagsInside(inner, depth + 1)),
  ]);
}
