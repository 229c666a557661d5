/** Reads the things that a change touches again: before a call against the plan, after the last against the aim. */
import { setTimeout } from 'node:timers/promises';
import { problemText } from '../output/problem.ts';
import type { ReadClient } from '../truenas/client.ts';
import { isTrueNasError } from '../truenas/errors.ts';
import type { State, Target } from './change.ts';
import type { CallOutcome, TargetOutcome } from './outcome.ts';
import { isWaiting, resolved } from './references.ts';
import { differences, pathsOf, readState, staleValues } from './state.ts';

/** Things that differ from the plan, among those that no call has changed yet. */
export async function movedTargets(
  targets: readonly Target[],
  nextCall: number,
  read: ReadClient,
  results: readonly unknown[] = [],
): Promise<TargetOutcome[]> {
  const waiting = targets.filter(
    ({ changedBy, checkedFrom = 0 }) => changedBy >= nextCall && checkedFrom <= nextCall,
  );
  const found = await Promise.all(waiting.map((target) => look(target, target.before, read, results)));
  return found.filter(({ differences: all, found: state }) => all.length > 0 || state === 'unread');
}

/** Reads everything that a call sent so far may have changed, and compares it with the plan. */
export async function readBack(
  targets: readonly Target[],
  outcomes: readonly CallOutcome[],
  read: ReadClient,
): Promise<TargetOutcome[]> {
  const lastSent = outcomes.findLastIndex(({ state }) => state !== 'not sent');
  const touched = targets.filter(({ changedBy }) => changedBy <= lastSent);
  const results = outcomes.filter(({ state }) => state === 'done').map(({ result }) => result);
  const isAnswerLost = outcomes.some(({ state }) => state === 'unknown');
  return Promise.all(
    touched.map((target) =>
      isAnswerLost && target.readLost === undefined && isWaiting(target.read.params, results.length)
        ? unnamed(target)
        : lookUntilRenewed(target, read, results),
    ),
  );
}

/** Reads a renewed value again for a while: some methods answer before the NAS has renewed it. */
async function lookUntilRenewed(
  target: Target,
  read: ReadClient,
  results: readonly unknown[],
): Promise<TargetOutcome> {
  for (let tries = 1; ; tries += 1) {
    const outcome = withOthers(withStale(await look(target, target.after, read, results), target), target);
    const isWorthAnother = target.renewed !== undefined && outcome.differences.length > 0;
    if (!isWorthAnother || tries === RENEWAL_TRIES) return outcome;
    await setTimeout(RENEWAL_PAUSE_MS);
  }
}

/** Three seconds in all. */
const RENEWAL_TRIES = 7;

const RENEWAL_PAUSE_MS = 500;

async function look(
  target: Target,
  expected: Parameters<typeof differences>[0],
  read: ReadClient,
  results: readonly unknown[],
): Promise<TargetOutcome> {
  const { name } = target;
  try {
    const found = await readNow(target, read, results);
    const isAsBefore = differences(target.before, found).length === 0;
    return { name, found, differences: differences(expected, found), isAsBefore };
  } catch (error) {
    const isAway = target.goesAway === true && isTrueNasError(error, 'unreachable');
    return {
      name,
      found: 'unread',
      differences: [],
      isAsBefore: false,
      problem: problemText(error),
      ...(isAway ? { isAway } : {}),
    };
  }
}

/** A thing that the answer to a call names is absent before that call is done, unless another read finds it. */
async function readNow(
  target: Target,
  read: ReadClient,
  results: readonly unknown[],
): Promise<State | 'absent'> {
  if (isWaiting(target.read.params, results.length))
    return target.readLost === undefined ? 'absent' : readState(read, target.readLost, pathsOf(target));
  const params = resolved(target.read.params, results);
  return readState(read, { ...target.read, params }, pathsOf(target));
}

/** A thing that only the lost answer names cannot be read. */
async function unnamed({ name }: Target): Promise<TargetOutcome> {
  return {
    name,
    found: 'unread',
    differences: [],
    isAsBefore: false,
    problem: 'the answer that was lost would have named it: look for it on the NAS',
  };
}

/** Adds values that were to change, and have not. */
function withStale(outcome: TargetOutcome, target: Target): TargetOutcome {
  const { found, differences: all } = outcome;
  if (found === 'unread') return outcome;
  return { ...outcome, differences: [...all, ...staleValues(target, found)] };
}

/** Adds other changes of a thing of which the plan names a part only. */
function withOthers(outcome: TargetOutcome, { watched, after }: Target): TargetOutcome {
  const { found } = outcome;
  const isRead = found !== 'unread' && found !== 'absent';
  const alsoChanged = isRead && watched !== undefined ? differences(watched, found) : [];
  return {
    ...outcome,
    ...(alsoChanged.length === 0 ? {} : { alsoChanged }),
    ...(after === 'unforetold' ? { isUnforetold: true } : {}),
  };
}
