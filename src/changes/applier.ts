/**
 * Applies a plan for which consent is there: gates once more, intent written through to disk, calls, re-read, outcome. What
 * is under way is finished and read back, whoever stops waiting.
 */
import { problemText } from '../output/problem.ts';
import type { WriteSession } from '../truenas/write-session.ts';
import type { ChangeAudit } from './audit-chain.ts';
import type { Applied, EngineDeps, Progress } from './engine.ts';
import { applyChange } from './executor.ts';
import type { SecretValues } from './secrets.ts';
import { obstaclesOf } from './gates.ts';
import { isJobMethod } from './job-methods.ts';
import type { JournalEntry } from './journal.ts';
import { mayHaveChanged, type Outcome } from './outcome.ts';
import { endPlan, type Plan, planHash, refusal } from './plan.ts';
import { readableParams } from './references.ts';
import { missingRoles, missingRolesText } from './account-roles.ts';
import type { Change, StateRead } from './change.ts';
import { stateReader } from './readers.ts';
import { schemaFault } from './schema-gate.ts';
import { undoFor, undoTargets } from './undo.ts';

/** Said wherever something would be changed and nobody could tell afterwards. */
export const NO_AUDIT =
  'Nothing is changed without an audit that can be written: set TRUENAS_STATE_DIR (or TRUENAS_AUDIT_FILE) where this MCP server is configured, and restart it.';

/** Applies plans, one by one. */
export interface Applier {
  /** The plan has been begun by the caller. Never throws: whatever happens is the outcome. */
  apply(plan: Plan, session: WriteSession, options: ApplyOptions): Promise<Applied>;
}

/** What goes with a plan as it is applied. */
export interface ApplyOptions {
  readonly onProgress?: Progress | undefined;
  /** What a person typed, by the key of the secret. */
  readonly typed?: SecretValues | undefined;
}

/** Makes it. @param remember is told of every change of this process that was sent */
export function createApplier(deps: EngineDeps, remember: (entry: JournalEntry) => void): Applier {
  return {
    async apply(plan, session, options) {
      const letGo = deps.writers.hold(session);
      try {
        const outcome = await outcomeOf(plan, session, options, deps);
        return await ended(plan, outcome, deps, remember);
      } finally {
        letGo();
      }
    },
  };
}

async function outcomeOf(
  plan: Plan,
  session: WriteSession,
  { onProgress, typed }: ApplyOptions,
  deps: EngineDeps,
): Promise<Outcome> {
  const { audit, journal, now } = deps;
  try {
    const secrets = await secretsFor(plan, typed, deps);
    if (typeof secrets === 'string') return refusal(plan, secrets, now());
    const refused = await announce(plan, session, deps);
    if (refused !== undefined) return refused;
    const { change, system, caller } = plan;
    const { signal } = new AbortController();
    const read = await stateReader(deps.nas, { system, caller, signal }, readsOf(change));
    return await applyChange(change, {
      read,
      session,
      secrets,
      isJob: (method) => isJobMethod(session, method),
      async beforeCall(index) {
        // Two files, flushed at once; both have to be on the disk before the call is sent.
        await Promise.all([
          audit?.record({ event: 'change.call', plan: plan.id, ...callEntry(plan, index) }),
          journal.sending(plan.id, index),
        ]);
      },
      async afterCall(index, { state, problem }) {
        await audit?.record({ event: 'change.answer', plan: plan.id, call: index + 1, state, problem });
      },
      log: deps.log,
      onProgress: onProgress ?? (() => {}),
      now,
    });
  } catch (error) {
    // The calls themselves never throw: nothing was sent.
    return refusal(plan, problemText(error), now());
  }
}

/** The secrets of the plan, each from where the plan said that it comes from; a text says which is missing. */
async function secretsFor(
  { secrets, system }: Plan,
  typed: SecretValues | undefined,
  deps: EngineDeps,
): Promise<SecretValues | string> {
  const values = new Map<string, string>();
  for (const secret of secrets) {
    const value =
      secret.source === 'person' ? typed?.get(secret.key) : await deps.secrets?.find(system, secret);
    if (value === undefined || value === '') return `the ${secret.label} was not given`;
    values.set(secret.key, value);
  }
  return values;
}

/** Gates and the intent. Returns the outcome when nothing may be sent. */
async function announce(plan: Plan, session: WriteSession, deps: EngineDeps): Promise<Outcome | undefined> {
  const { audit, rules, now } = deps;
  const refuse = (reason: string): Outcome => refusal(plan, reason, now());
  if (audit === undefined) return refuse(NO_AUDIT);
  // Those of the plan know the datasets that its things were cloned from.
  const { obstacles: planned } = plan;
  const obstacles = planned.length > 0 ? planned : obstaclesOf(plan.change, plan.judgement, rules);
  if (obstacles.length > 0) return refuse(obstacles.join(' '));
  if (planHash(plan) !== plan.hash) return refuse('the plan was altered after it was made');
  const missing = await missingRoles(plan.change, session);
  if (missing.length > 0) return refuse(missingRolesText(session.account.name, missing));
  const fault = await schemaFault(plan.change, session);
  if (fault !== undefined) return refuse(fault);
  return notedBeforehand(plan, session, audit, deps);
}

/** Writes the intent to both files: what the journal knows, the audit knows. Returns the outcome when one cannot be written. */
async function notedBeforehand(
  plan: Plan,
  { account }: WriteSession,
  audit: ChangeAudit,
  { journal, now }: EngineDeps,
): Promise<Outcome | undefined> {
  const { id, tool, system, judgement, change, hash } = plan;
  const calls = change.calls.map(({ method, params }) => ({ method, params: readableParams(params) }));
  const { risk } = judgement;
  const about = { plan: id, tool, system, risk, account: account.name, summary: change.summary };
  try {
    await audit.record({ event: 'change.intent', ...about, calls, hash });
    await journal.intend({ ...entryOf(plan), startedAtMs: now() });
    return undefined;
  } catch (error) {
    return refusal(plan, `it could not be noted beforehand: ${problemText(error)}`, now());
  }
}

async function ended(
  plan: Plan,
  reached: Outcome,
  { audit, journal, writers, log, now }: EngineDeps,
  remember: (entry: JournalEntry) => void,
): Promise<Applied> {
  let outcome = reached;
  const undo = mayHaveChanged(outcome) ? undoFor(plan.change, outcome) : undefined;
  const { kind, account, reason, endedAtMs } = outcome;
  const isSent = kind !== 'refused';
  const hasUndo = undo !== undefined && !('impossible' in undo);
  const end = {
    kind,
    account,
    endedAtMs,
    undo: undo ?? { impossible: 'nothing was changed' },
    undoTargets: hasUndo ? undoTargets(plan.change, outcome) : [],
  };
  if (isSent) remember({ ...entryOf(plan), startedAtMs: now(), pid: process.pid, begun: 0, end });
  try {
    const noted = await Promise.allSettled([
      audit?.record({ event: 'change.outcome', plan: plan.id, outcome: kind, account, reason }),
      isSent ? journal.end(plan.id, end) : undefined,
    ]);
    for (const each of noted) if (each.status === 'rejected') throw each.reason;
  } catch (error) {
    log.error('the end of a change could not be noted', { plan: plan.id, error });
    // Of what was not sent, there is nothing that anybody could miss.
    if (isSent) outcome = { ...outcome, unnoted: problemText(error) };
  }
  writers.release(plan.system, plan.caller);
  endPlan(plan, outcome, undo);
  return { plan, outcome, undo };
}

/** The reads of the things of a change. */
export function readsOf({ targets }: Change): readonly StateRead[] {
  return targets.flatMap(({ read, readLost }) => (readLost === undefined ? [read] : [read, readLost]));
}

function entryOf(plan: Plan): Omit<JournalEntry, 'startedAtMs' | 'begun' | 'end' | 'pid'> {
  const { id, system, caller, tool, change, judgement, undoOf } = plan;
  const { summary, calls } = change;
  return { id, system, callerId: caller.id, tool, summary, calls, judgement, undoOf };
}

function callEntry({ change }: Plan, index: number) {
  const call = change.calls[index];
  return {
    call: index + 1,
    ...(call === undefined ? {} : { method: call.method, params: readableParams(call.params) }),
  };
}
