/** Makes the change that takes another one back, from what the journal kept of it. */
import { InputProblem } from '../output/problem.ts';
import type { ReadClient } from '../truenas/client.ts';
import { type CarriedOut, carriedOut } from './carried-out.ts';
import type { Change, State, StateRead, Target, UndoCall } from './change.ts';
import type { JournalEntry, JournalUndo } from './journal.ts';
import type { Outcome } from './outcome.ts';
import { isWaiting, resolved, withRemade } from './references.ts';
import { differences, pathsOf, readState } from './state.ts';
import { readsOfUses, unusedTargets } from './undo-uses.ts';

/** The undo of what was really done. References stand for answers that are known now. */
export function undoFor(change: Change, outcome: Outcome): JournalUndo {
  const { undo } = change;
  if ('impossible' in undo) return undo;
  const carried = carriedOut(change, outcome);
  const { results, unknown } = carried;
  const calls = callsToUndo(change, carried);
  if (calls.length === 0) return { impossible: whyNone(change, outcome, carried) };
  try {
    return {
      calls: calls.map((call) => ({
        ...call,
        params: resolved(call.params, results).map((param) => withRemade(param, remadeThings(calls))),
      })),
      lost: [
        ...(undo.lost ?? []),
        ...(unknown === undefined
          ? []
          : [`call ${unknown + 1}, of which nobody knows whether it was carried out`]),
      ],
    };
  } catch (error) {
    return { impossible: error instanceof Error ? error.message : String(error) };
  }
}

function whyNone(
  { calls }: Change,
  { calls: answers }: Outcome,
  { unknown, calls: carried }: CarriedOut,
): string {
  if (unknown !== undefined)
    return 'it is not known what was done: look at the NAS, and plan what is to be done from there';
  return carried.size === 0 && answers.filter(({ state }) => state === 'done').length === calls.length
    ? 'everything is as it was before'
    : 'it was done in part; plan what is to be done from what there is now';
}

/** The undo calls of what was done; of a change that is done in part, those that say which call they take back. */
function callsToUndo({ undo, calls }: Change, { calls: carried }: CarriedOut): readonly UndoCall[] {
  if ('impossible' in undo) return [];
  return carried.size === calls.length
    ? undo.calls
    : undo.calls.filter(({ undoes }) => undoes !== undefined && carried.has(undoes));
}

function remadeThings(calls: readonly UndoCall[]): readonly (string | undefined)[] {
  return calls.map(({ remakes }) => remakes);
}

/** The things as an undo finds and leaves them. */
export function undoTargets(change: Change, outcome: Outcome): Target[] {
  const { calls } = change;
  const known = carriedOut(change, outcome);
  const { results, calls: carried } = known;
  const things = remadeThings(callsToUndo(change, known));
  return change.targets.flatMap((target) => {
    const found = outcome.targets.find(({ name }) => name === target.name)?.found;
    // What a call that failed was to make has no id, and is not there.
    if (found === undefined || found === 'unread' || isWaiting(target.read.params, results.length)) return [];
    const { readAgain, ...rest } = target;
    const again = found === 'absent' ? readAgain : undefined;
    const read = again ?? { ...target.read, params: resolved(target.read.params, results) };
    const params = read.params.map((param) => withRemade(param, things));
    // Ids of processes and last runs go on changing by themselves.
    const before = lasting(target, found);
    // What a call that was not carried out was to change stays as it is: the change did not make it so.
    const isTakenBack = carried.size === calls.length || carried.has(target.changedBy);
    return [
      {
        ...rest,
        renewed: undefined,
        watched: undefined,
        read: { ...read, params },
        before,
        after: isTakenBack ? restored(target) : before,
        changedBy: 0,
      },
    ];
  });
}

/** The state before, without what tells one thing from another: a thing made anew has another guid. */
function restored(target: Target): Target['after'] {
  const { identity } = target;
  const before = lasting(target, target.before);
  if (before === 'absent') return 'absent';
  const fields = Object.entries(before).filter(([path]) => !identity.includes(path));
  return fields.length === 0 ? 'present' : Object.fromEntries(fields);
}

/** The state without what is new with every run, and without what the change does not name. */
function lasting({ renewed = [], watched = {} }: Target, state: State | 'absent'): State | 'absent' {
  if (state === 'absent') return state;
  const isOther = (path: string) => renewed.includes(path) || Object.hasOwn(watched, path);
  return Object.fromEntries(Object.entries(state).filter(([path]) => !isOther(path)));
}

/** All that {@link undoChange} reads. */
export function undoReads({ end }: JournalEntry): StateRead[] {
  if (end === undefined) return [];
  const calls = 'impossible' in end.undo ? [] : end.undo.calls;
  return [...end.undoTargets.map(({ read }) => read), ...readsOfUses(calls)];
}

/**
 * The change that takes `entry` back.
 * @throws InputProblem when it has no undo, or when something was changed since: undoing would lose that.
 */
export async function undoChange(entry: JournalEntry, nas: ReadClient): Promise<Change> {
  const { end, id, summary } = entry;
  if (end === undefined) {
    throw new InputProblem(
      'change',
      `${id} was begun and its end is not known: look at the NAS, and plan what is to be done from there`,
    );
  }
  const { undo } = end;
  if ('impossible' in undo) throw new InputProblem('change', `${id} cannot be undone: ${undo.impossible}`);
  const [first, ...others] = undo.calls;
  if (first === undefined) throw new InputProblem('change', `${id} has nothing to undo`);
  const targets: Target[] = [];
  for (const target of end.undoTargets) targets.push(await unchanged(target, nas));
  const unused = await unusedTargets(undo.calls, nas);
  return {
    summary: `Undo "${summary}"`,
    calls: [first, ...others],
    targets: [...targets, ...unused.targets],
    impact: [...unused.impact, ...undo.lost.map((each) => `does not come back: ${each}`)],
    undo: { impossible: 'an undo is not undone; plan the change again' },
  };
}

/** The target, without what it holds alone by now: that goes on growing while a person decides. */
async function unchanged(target: Target, nas: ReadClient): Promise<Target> {
  const { before, heldAlone = [] } = target;
  const found = isWaiting(target.read.params, 0)
    ? 'absent'
    : await readState(nas, target.read, pathsOf(target));
  const all = differences(before, found);
  const changed = all.filter(({ path }) => !heldAlone.includes(path));
  if (changed.length === 0)
    return all.length === 0 || !isState(before) ? target : withoutHeld(target, before);
  const what = changed.map(({ path }) => (path === '' ? 'whether it exists' : path)).join(', ');
  throw new InputProblem(
    'change',
    `${target.name} was changed since (${what}): undoing would lose that`,
    'Plan what is to be done from the state that it has now.',
  );
}

function withoutHeld(target: Target, before: State): Target {
  const { heldAlone = [] } = target;
  const others = Object.entries(before).filter(([path]) => !heldAlone.includes(path));
  return { ...target, before: Object.fromEntries(others) };
}

/**
 * True for an undo that only takes away what this server made a short while ago, the very same thing, to which nothing was
 * written since and which holds nothing alone: it loses nothing, and keeps the risk of what it takes back. Later, people rely
 * on a share, and protection on a task, which neither of them shows.
 * @param undo made by {@link undoChange}, which has compared the state
 */
export function takesAwayOwnWork({ end }: JournalEntry, undo: Change, nowMs: number): boolean {
  if (end === undefined || nowMs - end.endedAtMs > OWN_WORK_MS) return false;
  const targets = undo.targets.filter(({ isOnlyRead }) => isOnlyRead !== true);
  return (
    // What was made by a call whose answer was lost could have been made by somebody else.
    end.kind !== 'unknown' &&
    targets.length > 0 &&
    targets.every(({ after, before, written, identity, heldAlone = [] }) => {
      if (!isState(before) || after !== 'absent' || written === undefined) return false;
      // A value that the NAS does not tell may have changed.
      const isTold = (path: string) => (before[path] ?? null) !== null;
      return identity.some(isTold) && heldAlone.every(isTold);
    })
  );
}

/** How long the undo of what was made keeps the risk of its making, in milliseconds. */
const OWN_WORK_MS = 60 * 60_000;

function isState(state: State | 'absent'): state is State {
  return state !== 'absent';
}
