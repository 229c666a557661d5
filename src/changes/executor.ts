/**
 * Sends a change, call by call. The only code of this program that writes to a NAS. Before each call, what it touches is
 * read again; after the last, everything is. A call is sent once: after a lost connection its outcome is unknown, and a
 * re-read tells what there is.
 */
import { setTimeout } from 'node:timers/promises';
import type { ReadClient } from '../truenas/client.ts';
import { isTrueNasError, OutcomeUnknownError } from '../truenas/errors.ts';
import type { Job } from '../truenas/jobs/job.ts';
import { jobResult } from '../truenas/jobs/job.ts';
import type { Log } from '../truenas/log.ts';
import type { WriteSession } from '../truenas/write-session.ts';
import { problemOfCall } from './account-roles.ts';
import { problemText } from '../output/problem.ts';
import { safeCell } from '../output/untrusted.ts';
import type { Change, PlannedCall, State, Target } from './change.ts';
import type { CallOutcome, Outcome, OutcomeKind, TargetOutcome } from './outcome.ts';
import { isWaiting, resolved } from './references.ts';
import { scrubbed, type SecretValues, withSecrets } from './secrets.ts';
import { canonicalJson, differences, pathsOf, readState, staleValues } from './state.ts';

/** What applying takes. */
export interface ApplyDeps {
  /** Reads state under the reading account. */
  readonly read: ReadClient;
  readonly session: WriteSession;
  /** Secrets of this change; they go into the calls that need them, and nowhere else. */
  readonly secrets: SecretValues;
  /** True for methods that answer with a job. */
  readonly isJob: (method: string) => Promise<boolean>;
  /** Called before a call is sent, and written through to disk: a rejection stops the change there. */
  readonly beforeCall: (index: number) => Promise<void>;
  /** Called when a call has ended. Its failure is logged and changes nothing: the call is done. */
  readonly afterCall: (index: number, outcome: CallOutcome) => Promise<void>;
  readonly log: Log;
  readonly onProgress: (text: string, percent: number | undefined) => void;
  readonly now: () => number;
}

/** Applies the change and reads back what became of it. Never throws for what the NAS answers. */
export async function applyChange(change: Change, deps: ApplyDeps): Promise<Outcome> {
  const outcomes: CallOutcome[] = [];
  const results: unknown[] = [];
  // Answers are noted while the NAS is read; what is noted after them waits for them.
  const notes: Promise<void>[] = [];
  for (const [index, call] of change.calls.entries()) {
    const moved = await movedTargets(change.targets, index, deps.read, results);
    if (moved.length > 0) {
      await Promise.all(notes);
      return stopped(change, outcomes, moved, deps);
    }
    const outcome = scrubbed(await sent(call, index, results, deps), deps.secrets);
    notes.push(noteAnswer(outcome, index, deps));
    outcomes.push(outcome);
    if (outcome.state !== 'done') break;
    results.push(outcome.result);
  }
  const targets = await readBack(change.targets, outcomes, deps.read);
  await Promise.all(notes);
  return {
    kind: kindOf(outcomes, targets, change.calls.length),
    calls: [...outcomes, ...notSent(change, outcomes.length)],
    targets,
    account: deps.session.account.name,
    endedAtMs: deps.now(),
  };
}

async function noteAnswer(outcome: CallOutcome, index: number, deps: ApplyDeps): Promise<void> {
  try {
    if (outcome.state !== 'not sent') await deps.afterCall(index, outcome);
  } catch (error) {
    deps.log.error('the answer to a call could not be noted', { method: outcome.call.method, error });
  }
}

async function sent(
  call: PlannedCall,
  index: number,
  results: readonly unknown[],
  deps: ApplyDeps,
): Promise<CallOutcome> {
  let isSent = false;
  try {
    const params = withSecrets(resolved(call.params, results), call.method, deps.secrets);
    const isJob = await deps.isJob(call.method);
    await deps.beforeCall(index);
    deps.onProgress(call.purpose, undefined);
    isSent = true;
    return isJob ? await runJob(call, params, deps) : await runCall(call, params, deps);
  } catch (error) {
    const state = !isSent ? 'not sent' : isUnknown(error) ? 'unknown' : 'failed';
    return { call, state, problem: await problemOfCall(error, call, deps.session.read) };
  }
}

async function runCall(call: PlannedCall, params: unknown[], { session }: ApplyDeps): Promise<CallOutcome> {
  return { call, state: 'done', result: await session.write.write(call.method, params) };
}

async function runJob(
  call: PlannedCall,
  params: unknown[],
  { session, secrets, onProgress }: ApplyDeps,
): Promise<CallOutcome> {
  const job: Job = await session.runJob(call.method, params, {
    onProgress: ({ percent, progressText }) =>
      onProgress(scrubbed(progressText ?? call.purpose, secrets), percent),
  });
  // A job that failed or was aborted throws here, with the NAS's text.
  return { call, state: 'done', result: jobResult(job), jobId: job.id };
}

/** A wait that ended after the call was sent says nothing of what the NAS did. */
function isUnknown(error: unknown): boolean {
  return (
    error instanceof OutcomeUnknownError ||
    isTrueNasError(error, 'outcome-unknown') ||
    isTrueNasError(error, 'timeout') ||
    isTrueNasError(error, 'odd-answer')
  );
}

/** Things that are not as they were planned for, among those that no call has changed yet. */
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

/** A thing that is named by the answer to a call does not exist before that call is done, as far as another read can tell. */
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

async function stopped(
  change: Change,
  outcomes: readonly CallOutcome[],
  moved: readonly TargetOutcome[],
  deps: ApplyDeps,
): Promise<Outcome> {
  const done = outcomes.length > 0;
  const before = done ? await readBack(change.targets, outcomes, deps.read) : [];
  return {
    kind: done ? 'partly' : 'moved',
    calls: [...outcomes, ...notSent(change, outcomes.length)],
    targets: [...before.filter(({ name }) => !moved.some((each) => each.name === name)), ...moved],
    reason: movedText(moved),
    account: deps.session.account.name,
    endedAtMs: deps.now(),
  };
}

function movedText(moved: readonly TargetOutcome[]): string {
  const names = moved.map(({ name: raw, found }) => {
    const name = safeCell(raw, 250);
    return found === 'unread'
      ? `${name} could not be read again`
      : `${name} is not as it was when this was planned`;
  });
  return names.join('; ');
}

/** Reads everything that a call sent so far may have changed, and compares it with the plan. */
async function readBack(
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

/** Only the answer that was lost tells which thing it is. */
async function unnamed({ name }: Target): Promise<TargetOutcome> {
  return {
    name,
    found: 'unread',
    differences: [],
    isAsBefore: false,
    problem: 'the answer that was lost would have named it: look for it on the NAS',
  };
}

/** Looks again for a while: some methods answer before the NAS has done what shows in a renewed value. */
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

/** What was to get another value, and still has the one from before. */
function withStale(outcome: TargetOutcome, target: Target): TargetOutcome {
  const { found, differences: all } = outcome;
  if (found === 'unread') return outcome;
  return { ...outcome, differences: [...all, ...staleValues(target, found)] };
}

/** What else is another than before, for things of which the plan names a part only. */
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

function notSent({ calls }: Change, from: number): CallOutcome[] {
  return calls.slice(from).map((call) => ({ call, state: 'not sent' }));
}

function kindOf(
  outcomes: readonly CallOutcome[],
  targets: readonly TargetOutcome[],
  planned: number,
): OutcomeKind {
  if (outcomes.some(({ state }) => state === 'unknown')) return 'unknown';
  const done = outcomes.filter(({ state }) => state === 'done').length;
  // A call that failed may have done a part of its work before.
  if (done < planned)
    return done === 0 && targets.every(({ isAsBefore }) => isAsBefore) ? 'failed' : 'partly';
  if (targets.some(({ found, isAway }) => found === 'unread' && isAway !== true)) return 'unknown';
  return targets.every(({ differences: all }) => all.length === 0) ? 'applied' : 'differs';
}

/** Equal for the same call with the same parameters: what was asked of the NAS, whoever asked. */
export function callKey({ method, params }: PlannedCall): string {
  return canonicalJson([method, params]);
}
