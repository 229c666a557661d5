/**
 * The change engine: plan, consent, apply, verify, undo. A plan comes from a reader alone; applying needs a write
 * connection, the consent that the risk demands, and an audit that can be written.
 */
import type { Caller } from '../access/caller.ts';
import type { NasAccess } from '../access/reader.ts';
import type { ReadClient } from '../truenas/client.ts';
import type { Log } from '../truenas/log.ts';
import type { WriteSession } from '../truenas/write-session.ts';
import { type Applier, createApplier, NO_AUDIT, readsOf } from './applier.ts';
import type { ChangeAudit } from './audit-chain.ts';
import type { Change } from './change.ts';
import type { ApprovalSetting } from './consent.ts';
import { type Answered, createDeclined, type Declined } from './declined.ts';
import type { ChangeRules } from './gates.ts';
import type { KnownTargets } from './joined.ts';
import type { Journal, JournalEntry, JournalUndo } from './journal.ts';
import type { Outcome } from './outcome.ts';
import { createOwnEntries } from './own-entries.ts';
import { createPlanStore, endPlan, type Plan, refusal } from './plan.ts';
import { planChange, type Planning, planUndo } from './planning.ts';
import { createQuestions, type Questions } from './questions.ts';
import { movedTargets } from './re-read.ts';
import { stateReader, type WriterCatalog, writerCatalog } from './readers.ts';
import { createSecondLook } from './second-look.ts';
import type { SecretFolder } from './secret-folder.ts';
import type { SecretValues } from './secrets.ts';
import { createTurns } from './turns.ts';
import type { Writers } from './writer.ts';

/** The caller that asks, and the NAS it asks about. */
export interface Asker {
  readonly system: string;
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/** A change that can be planned: a change tool with its arguments. */
export interface Planner {
  readonly tool: string;
  readonly uses: readonly string[];
  /** Besides `uses`, its plan reads whatever the NAS says is readable. */
  readonly readsAny?: boolean | undefined;
  /** Methods that its plan may name. */
  readonly writes: readonly string[] | 'any';
  /**
   * @param known things that earlier steps of the same plan make
   * @param catalog the API as the account that would make the change sees it
   */
  plan(nas: ReadClient, known?: KnownTargets, catalog?: WriterCatalog): Promise<Change>;
}

/** Parts of the engine. */
export interface EngineDeps {
  readonly nas: NasAccess;
  readonly writers: Writers;
  readonly rules: ChangeRules;
  readonly approval: ApprovalSetting;
  /** Absent when neither TRUENAS_STATE_DIR nor TRUENAS_AUDIT_FILE is set: then nothing is applied. */
  readonly audit: ChangeAudit | undefined;
  readonly journal: Journal;
  /** Secrets that the operator laid out. */
  readonly secrets?: SecretFolder | undefined;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How long a change keeps the next one waiting, in milliseconds; a minute when absent. */
  readonly turnMs?: number | undefined;
}

/** The end of a change, and its undo. */
export interface Applied {
  readonly plan: Plan;
  readonly outcome: Outcome;
  readonly undo: JournalUndo | undefined;
}

/** Called with each step while a change is applied; `percent` of a job. */
export type Progress = (text: string, percent: number | undefined) => void;

/** Options of applying a plan. */
export interface ApplyingOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: Progress;
  /** Secrets that the person typed for this plan, by their keys. */
  readonly typed?: SecretValues;
}

/** The engine of a process. */
export interface ChangeEngine {
  /** Plans; sends nothing that writes. @throws InputProblem, TrueNasError as the planner does. */
  plan(asker: Asker, planner: Planner): Promise<Plan>;
  /** The API as the account that would make a change sees it. */
  writerCatalog(system: string, caller: Caller): WriterCatalog;
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
  apply(plan: Plan, session: WriteSession, options: ApplyingOptions): Promise<Applied>;
  /** The person said no, or nobody answered. */
  decline(plan: Plan, reason: string): Promise<void>;
  /** A person's answer within the last hour to a question about the same change, by this plan or another. */
  answerTo(plan: Plan): Answered | undefined;
  reopen(plan: Plan): void;
  /** Notes that a person is asked about the plan. @returns why not, when too many questions were in vain */
  ask(plan: Plan): string | undefined;
  changes(): Promise<readonly JournalEntry[]>;
  /** Why nothing can be applied at all, as this server is configured; undefined when it can. */
  readonly unready: string | undefined;
}

/** Makes the engine; nothing is opened or written until a change is applied. */
export function createChangeEngine(deps: EngineDeps): ChangeEngine {
  const engine = stateOf(deps);
  const { store, declined, questions } = engine;
  const { writers, journal, audit } = deps;
  return {
    plan: (asker, planner) => planChange(engine, asker, planner),
    planUndo: (asker, changeId) => planUndo(engine, asker, changeId),
    writerCatalog: (system, caller) => writerCatalog(writers, system, caller),
    find: (id, caller) => store.find(id, caller),
    locate: (id) => store.locate(id),
    plans: () => store.all(),
    writerFor: ({ system, caller, judgement }) => writers.current(system, caller, judgement.risk),
    adopt: ({ system, caller }, session) => writers.adopt(system, caller, session),
    moved: (plan) => movedSince(plan, deps),
    apply: (plan, session, options) => applyPlan(engine, plan, session, options),
    decline: (plan, reason) => declinePlan(engine, plan, reason),
    answerTo: (plan) => declined.answerTo(plan),
    ask(plan) {
      const tooMany = questions.ask(plan);
      if (tooMany === undefined) declined.ask(plan);
      return tooMany;
    },
    reopen: (plan) => declined.reopen(plan),
    changes: () => journal.entries(),
    unready: audit === undefined ? NO_AUDIT : undefined,
  };
}

/** State of an engine. */
interface Engine extends Planning {
  readonly declined: Declined;
  readonly questions: Questions;
  readonly applier: Applier;
  /** Changes of one NAS are applied one after the other. */
  readonly inTurn: ReturnType<typeof createTurns>;
}

function stateOf(deps: EngineDeps): Engine {
  const { now, turnMs } = deps;
  const own = createOwnEntries();
  return {
    deps,
    own,
    store: createPlanStore(now),
    secondLook: createSecondLook(now),
    declined: createDeclined(now),
    questions: createQuestions(now),
    applier: createApplier(deps, own.remember),
    inTurn: createTurns(turnMs),
  };
}

async function movedSince({ change, system, caller }: Plan, deps: EngineDeps): Promise<string[]> {
  const { signal } = new AbortController();
  const read = await stateReader(deps.nas, { system, caller, signal }, readsOf(change));
  return (await movedTargets(change.targets, 0, read)).map(({ name }) => name);
}

async function applyPlan(
  { deps: { now }, store, declined, secondLook, applier, inTurn }: Engine,
  plan: Plan,
  session: WriteSession,
  options: ApplyingOptions,
): Promise<Applied> {
  const notBegun = store.begin(plan);
  if (plan.phase === 'applying') declined.agree(plan);
  if (notBegun !== undefined) return { plan, outcome: refusal(plan, notBegun, now()), undo: undefined };
  return inTurn(plan.system, async () => {
    const late = store.lateness(plan);
    const graver = late === undefined ? await secondLook.whyGraver(plan) : undefined;
    const why = late ?? graver;
    if (why === undefined) return applier.apply(plan, session, options);
    const refused = refusal(plan, why, now());
    const outcome = graver === undefined ? refused : { ...refused, kind: 'moved' as const };
    endPlan(plan, outcome, undefined);
    return { plan, outcome, undo: undefined };
  });
}

async function declinePlan({ deps, declined }: Engine, plan: Plan, reason: string): Promise<void> {
  if (plan.phase !== 'open') return;
  const { audit, log, now } = deps;
  endPlan(plan, refusal(plan, reason, now()), undefined);
  declined.add(plan);
  await audit
    ?.record({
      event: 'change.refused',
      plan: plan.id,
      tool: plan.tool,
      summary: plan.change.summary,
      reason,
    })
    .catch((error: unknown) => log.error('a refusal could not be noted', { plan: plan.id, error }));
}
