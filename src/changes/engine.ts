/**
 * The change engine: plan, consent, apply, verify, undo. A plan comes from a reader alone; applying needs a write
 * connection, the consent that the risk demands, and an audit that can be written.
 */
import type { Caller } from '../access/caller.ts';
import type { NasAccess } from '../access/reader.ts';
import { InputProblem } from '../output/problem.ts';
import { judge, rolesOf } from '../policy/risk/index.ts';
import type { ReadClient } from '../truenas/client.ts';
import type { Log } from '../truenas/log.ts';
import type { WriteSession } from '../truenas/write-session.ts';
import type { ChangeAudit } from './audit-chain.ts';
import type { Change } from './change.ts';
import type { KnownTargets } from './joined.ts';
import { type ApprovalSetting, consentFor, createDeclined } from './consent.ts';
import { applyChange, movedTargets } from './executor.ts';
import { type ChangeRules, judgedCall, obstaclesOf } from './gates.ts';
import { isJobMethod } from './job-methods.ts';
import type { Journal, JournalEntry, JournalUndo } from './journal.ts';
import { mayHaveChanged, type Outcome } from './outcome.ts';
import { createPlanStore, endPlan, type Plan, planHash } from './plan.ts';
import { readableParams } from './references.ts';
import { takesAwayOwnWork, undoChange, undoFor, undoTargets } from './undo.ts';
import { missingRoles, type Writers } from './writer.ts';
import { problemText } from '../output/problem.ts';

/** Whoever asks, and for which NAS. */
export interface Asker {
  readonly system: string;
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/** A change that can be planned: a change tool with its arguments. */
export interface Planner {
  readonly tool: string;
  readonly uses: readonly string[];
  /** Methods that its plan may name. */
  readonly writes: readonly string[] | 'any';
  /** @param known things that earlier steps of the same plan make */
  plan(nas: ReadClient, known?: KnownTargets): Promise<Change>;
}

/** What the engine is made of. */
export interface EngineDeps {
  readonly nas: NasAccess;
  readonly writers: Writers;
  readonly rules: ChangeRules;
  readonly approval: ApprovalSetting;
  /** Absent when neither TRUENAS_STATE_DIR nor TRUENAS_AUDIT_FILE is set: then nothing is applied. */
  readonly audit: ChangeAudit | undefined;
  readonly journal: Journal;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** How a change ended, with what takes it back. */
export interface Applied {
  readonly plan: Plan;
  readonly outcome: Outcome;
  readonly undo: JournalUndo | undefined;
}

/** Told of what goes on while a change is applied. */
export type Progress = (text: string, percent: number | undefined) => void;

/** The engine of a process. */
export interface ChangeEngine {
  /** Plans; sends nothing that writes. @throws InputProblem, TrueNasError as the planner does. */
  plan(asker: Asker, planner: Planner): Promise<Plan>;
  /** Plans the undo of a change in the journal. @throws InputProblem when there is none. */
  planUndo(asker: Asker, changeId: string): Promise<Plan>;
  find(id: string, caller: Caller): Plan | undefined;
  locate(id: string): Plan | undefined;
  plans(): readonly Plan[];
  /** The connection that would apply it without a person's sign-in. */
  writerFor(plan: Plan): Promise<WriteSession | undefined>;
  /** A session that a person opened serves what comes next, for as long as the operator allows. */
  adopt(plan: Plan, session: WriteSession): void;
  /** Names of things that are not as they were when it was planned. */
  moved(plan: Plan): Promise<readonly string[]>;
  /**
   * Applies a plan for which consent is there. The caller of this function answers for that.
   * Never throws for what a gate or the NAS says: that is the outcome.
   */
  apply(
    plan: Plan,
    session: WriteSession,
    options: { signal: AbortSignal; onProgress?: Progress },
  ): Promise<Applied>;
  /** The person said no, or nobody answered. */
  decline(plan: Plan, reason: string): Promise<void>;
  wasDeclined(plan: Plan): boolean;
  reopen(plan: Plan): void;
  changes(): Promise<readonly JournalEntry[]>;
  /** Why nothing can be applied at all, as this server is configured; undefined when it can. */
  readonly unready: string | undefined;
}

/** Makes the engine; nothing is opened or written until a change is applied. */
export function createChangeEngine(deps: EngineDeps): ChangeEngine {
  const { now, rules, journal, audit, writers, log } = deps;
  const store = createPlanStore(now);
  const declined = createDeclined(now);
  const lastOf = new Map<string, Promise<unknown>>();

  function add(asker: Asker, tool: string, change: Change, undoOf?: JournalEntry): Plan {
    const ownWork = undoOf !== undefined && takesAwayOwnWork(undoOf) ? undoOf : undefined;
    const judgement = ownWork?.judgement ?? judge(change.calls.map(judgedCall));
    return store.add({
      system: asker.system,
      caller: asker.caller,
      tool,
      change,
      judgement,
      consent: consentFor(judgement.risk, deps.approval),
      roles: uniqueGroups(change.calls.map(({ method }) => rolesOf(method))),
      obstacles: obstaclesOf(change, judgement, rules),
      undoOf: undoOf?.id,
    });
  }

  /** One change at a time on a system: what one is planned for must not move under it by our own hand. */
  function inTurn<Value>(system: string, work: () => Promise<Value>): Promise<Value> {
    const before = lastOf.get(system) ?? Promise.resolve();
    const done = before.then(work, work);
    lastOf.set(
      system,
      done.catch(() => {}),
    );
    return done;
  }

  async function run(
    plan: Plan,
    session: WriteSession,
    options: { signal: AbortSignal; onProgress?: Progress },
  ): Promise<Applied> {
    const letGo = writers.hold(session);
    try {
      return await held(plan, session, options);
    } finally {
      letGo();
    }
  }

  async function held(
    plan: Plan,
    session: WriteSession,
    options: { signal: AbortSignal; onProgress?: Progress },
  ): Promise<Applied> {
    const started = await announce(plan, session);
    if (started !== undefined) return ended(plan, started);
    const { change, system, caller } = plan;
    // What is under way is finished and read back, whoever stops waiting.
    const { signal } = new AbortController();
    const asker = { system, caller, signal };
    const read = await deps.nas.reader({ ...asker, uses: readsOf(change) });
    const outcome = await applyChange(change, {
      read,
      session,
      isJob: (method) => isJobMethod(session, method),
      beforeCall: async (index) => {
        await audit?.record({
          event: 'change.call',
          plan: plan.id,
          call: index + 1,
          ...callEntry(plan, index),
        });
        await journal.sending(plan.id, index);
      },
      afterCall: async (index, { state, problem }) => {
        await audit?.record({ event: 'change.answer', plan: plan.id, call: index + 1, state, problem });
      },
      onProgress: options.onProgress ?? (() => {}),
      now,
    });
    return ended(plan, outcome);
  }

  /** Gates and the intent. Returns the outcome when nothing may be sent. */
  async function announce(plan: Plan, session: WriteSession): Promise<Outcome | undefined> {
    const refuse = (reason: string): Outcome => refusal(plan, reason, now());
    if (audit === undefined) return refuse(NO_AUDIT);
    const obstacles = obstaclesOf(plan.change, plan.judgement, rules);
    if (obstacles.length > 0) return refuse(obstacles.join(' '));
    if (planHash(plan) !== plan.hash) return refuse('the plan was altered after it was made');
    const missing = missingRoles(plan.roles, session.account.roles);
    if (missing.length > 0) {
      const named = missing.map((group) => group.slice(0, 2).join(' or ')).join(', ');
      return refuse(`the account ${session.account.name} lacks the role ${named}; nothing was sent`);
    }
    try {
      await audit.record({
        event: 'change.intent',
        plan: plan.id,
        tool: plan.tool,
        system: plan.system,
        risk: plan.judgement.risk,
        account: session.account.name,
        summary: plan.change.summary,
        calls: plan.change.calls.map(({ method, params }) => ({ method, params: readableParams(params) })),
        hash: plan.hash,
      });
      await journal.intend({
        id: plan.id,
        system: plan.system,
        callerId: plan.caller.id,
        tool: plan.tool,
        summary: plan.change.summary,
        calls: plan.change.calls,
        judgement: plan.judgement,
        startedAtMs: now(),
        undoOf: plan.undoOf,
      });
    } catch (error) {
      return refuse(`it could not be noted beforehand: ${problemText(error)}`);
    }
    return undefined;
  }

  async function ended(plan: Plan, outcome: Outcome): Promise<Applied> {
    const undo = mayHaveChanged(outcome) ? undoFor(plan.change, outcome) : undefined;
    try {
      await audit?.record({
        event: 'change.outcome',
        plan: plan.id,
        outcome: outcome.kind,
        account: outcome.account,
        reason: outcome.reason,
      });
      if (outcome.kind !== 'refused') {
        await journal.end(plan.id, {
          kind: outcome.kind,
          account: outcome.account,
          endedAtMs: outcome.endedAtMs,
          undo: undo ?? { impossible: 'nothing was changed' },
          undoTargets: undo === undefined || 'impossible' in undo ? [] : undoTargets(plan.change, outcome),
        });
      }
    } catch (error) {
      log.error('the end of a change could not be noted', { plan: plan.id, error });
    }
    writers.release(plan.system, plan.caller);
    endPlan(plan, outcome, undo);
    return { plan, outcome, undo };
  }

  return {
    async plan(asker, planner) {
      const nas = await deps.nas.reader({ ...asker, uses: planner.uses });
      const change = await planner.plan(nas);
      checkDeclared(change, planner);
      return add(asker, planner.tool, change);
    },
    async planUndo(asker, changeId) {
      const entry = await journal.find(changeId);
      if (entry === undefined || entry.callerId !== asker.caller.id || entry.system !== asker.system) {
        throw new InputProblem(
          'change',
          `no change ${changeId} is known here`,
          'list_changes shows those that are.',
        );
      }
      const nas = await deps.nas.reader({
        ...asker,
        uses: (entry.end?.undoTargets ?? []).map(({ read }) => read.method),
      });
      return add(asker, 'undo_change', await undoChange(entry, nas), entry);
    },
    find: (id, caller) => store.find(id, caller),
    locate: (id) => store.locate(id),
    plans: () => store.all(),
    writerFor: ({ system, caller, judgement }) => writers.current(system, caller, judgement.risk),
    adopt: ({ system, caller }, session) => writers.adopt(system, caller, session),
    async moved({ change, system, caller }) {
      const { signal } = new AbortController();
      const read = await deps.nas.reader({ system, caller, signal, uses: readsOf(change) });
      return (await movedTargets(change.targets, 0, read)).map(({ name }) => name);
    },
    async apply(plan, session, options) {
      const why = store.begin(plan);
      if (why !== undefined) {
        const outcome = plan.outcome ?? refusal(plan, why, now());
        return {
          plan,
          outcome: { ...refusal(plan, why, now()), endedAtMs: outcome.endedAtMs },
          undo: undefined,
        };
      }
      return inTurn(plan.system, () => run(plan, session, options));
    },
    async decline(plan, reason) {
      if (plan.phase !== 'open') return;
      endPlan(plan, refusal(plan, reason, now()), undefined);
      declined.add(plan.subject);
      await audit
        ?.record({
          event: 'change.refused',
          plan: plan.id,
          tool: plan.tool,
          summary: plan.change.summary,
          reason,
        })
        .catch((error: unknown) => log.error('a refusal could not be noted', { plan: plan.id, error }));
    },
    wasDeclined: (plan) => declined.has(plan.subject),
    reopen: (plan) => declined.reopen(plan.subject),
    changes: () => journal.entries(),
    unready: audit === undefined ? NO_AUDIT : undefined,
  };
}

const NO_AUDIT =
  'Nothing is changed without an audit that can be written: set TRUENAS_STATE_DIR (or TRUENAS_AUDIT_FILE) where this MCP server is configured, and restart it.';

function refusal({ change }: Plan, reason: string, endedAtMs: number): Outcome {
  return {
    kind: 'refused',
    calls: change.calls.map((call) => ({ call, state: 'not sent' })),
    targets: [],
    reason,
    endedAtMs,
  };
}

function callEntry({ change }: Plan, index: number) {
  const call = change.calls[index];
  return call === undefined ? {} : { method: call.method, params: readableParams(call.params) };
}

function readsOf({ targets }: Change): readonly string[] {
  return [...new Set(targets.map(({ read }) => read.method))];
}

/** A plan that names what its tool does not declare is a defect of the tool, and must not get any further. */
function checkDeclared({ calls, undo }: Change, { tool, writes }: Planner): void {
  if (writes === 'any') return;
  const named = [...calls, ...('calls' in undo ? undo.calls : [])].map(({ method }) => method);
  const undeclared = named.filter((method) => !writes.includes(method));
  if (undeclared.length > 0)
    throw new Error(`the plan of ${tool} names ${undeclared.join(', ')}, which the tool does not declare`);
}

function uniqueGroups(groups: readonly (readonly (readonly string[])[])[]): (readonly string[])[] {
  const all = groups.flat().map((group) => [JSON.stringify(group), group] as const);
  return [...new Map(all).values()];
}
