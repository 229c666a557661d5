/**
 * Sends a change, call by call: no other code of this program writes to a NAS. Before each call it reads again the things
 * that the call touches, and after the last one everything. It sends a call once: after a lost connection the outcome is
 * unknown, and a re-read tells the state of the NAS.
 */
import { problemOfCall } from './account-roles.ts';
import { safeCell } from '../output/untrusted.ts';
import type { ReadClient } from '../truenas/client.ts';
import { isTrueNasError, OutcomeUnknownError } from '../truenas/errors.ts';
import { type Job, jobResult } from '../truenas/jobs/job.ts';
import type { Log } from '../truenas/log.ts';
import type { WriteSession } from '../truenas/write-session.ts';
import type { Change, PlannedCall } from './change.ts';
import type { CallOutcome, Outcome, OutcomeKind, TargetOutcome } from './outcome.ts';
import { movedTargets, readBack } from './re-read.ts';
import { resolved } from './references.ts';
import { scrubbed, type SecretValues, withSecrets } from './secrets.ts';

/** Parts that applying a change needs. */
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

/** Applies the change and reads everything back. Never throws for an answer of the NAS: that is the outcome. */
export async function applyChange(change: Change, deps: ApplyDeps): Promise<Outcome> {
  const outcomes: CallOutcome[] = [];
  const results: unknown[] = [];
  // Notes are written while the NAS is read; the outcome waits for them.
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

/** After these the NAS may have carried out the call, or not. */
function isUnknown(error: unknown): boolean {
  return (
    error instanceof OutcomeUnknownError ||
    isTrueNasError(error, 'outcome-unknown') ||
    isTrueNasError(error, 'timeout') ||
    isTrueNasError(error, 'odd-answer')
  );
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
