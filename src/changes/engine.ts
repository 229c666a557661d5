/**
 * The change engine: plan, consent, apply, verify, undo. A plan comes from a reader alone; applying needs a write
 * connection, the consent that the risk demands, and an audit that can be written.
 */
import type { Caller } from '../access/caller.ts';
import type { NasAccess } from '../access/reader.ts';
import { InputProblem } from '../output/problem.ts';
import { judge } from '../policy/risk/index.ts';
import type { ReadClient } from '../truenas/client.ts';
import type { Log } from '../truenas/log.ts';
import type { Release } from '../truenas/releases.ts';
import type { WriteSession } from '../truenas/write-session.ts';
import { askingOnce } from './asking-once.ts';
import type { ChangeAudit } from './audit-chain.ts';
import { createApplier, NO_AUDIT, readsOf } from './applier.ts';
import { neededRoles } from './account-roles.ts';
import type { Change } from './change.ts';
import { checkChangeable, planWhereChangeable } from './changeable.ts';
import type { KnownTargets } from './joined.ts';
import { type ApprovalSetting, consentFor } from './consent.ts';
import { type Answered, createDeclined } from './declined.ts';
import { movedTargets } from './re-read.ts';
import { originTargets } from './origins.ts';
import { type ChangeRules, judgedCall, obstaclesOf } from './gates.ts';
import type { Journal, JournalEntry, JournalUndo } from './journal.ts';
import type { Outcome } from './outcome.ts';
import { createPlanStore, endPlan, type Plan, refusal } from './plan.ts';
import { planReader, stateReader, unreadable, type WriterCatalog, writerCatalog } from './readers.ts';
import type { SecretFolder } from './secret-folder.ts';
import {
  checkDeclared,
  checkReads,
  checkReferences,
  fileObstacles,
  planSecrets,
  withoutClaims,
  withoutFacts,
} from './planned-change.ts';
import { createQuestions } from './questions.ts';
import type { SecretValues } from './secrets.ts';
import { createSecondLook } from './second-look.ts';
import { createTurns } from './turns.ts';
import { takesAwayOwnWork, undoChange } from './undo.ts';
import type { Writers } from './writer.ts';

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

/** What the engine is made of. */
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
  apply(
    plan: Plan,
    session: WriteSession,
    options: {
      signal: AbortSignal;
      onProgress?: Progress;
      /** Secrets that the person typed for this very plan, by their keys. */
      typed?: SecretValues;
    },
  ): Promise<Applied>;
  /** The person said no, or nobody answered. */
  decline(plan: Plan, reason: string): Promise<void>;
  /** What a person answered when they were asked about the same within the last hour, with this plan or another. */
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
  const { now, rules, journal, audit, writers, log } = deps;
  const store = createPlanStore(now);
  const declined = createDeclined(now);
  const questions = createQuestions(now);
  const inTurn = createTurns(deps.turnMs);
  const secondLook = createSecondLook(now);
  // Changes of this process. What the file says of them could have been altered by whoever can write it.
  const ownEntries = new Map<string, JournalEntry>();

  const applier = createApplier(deps, remember);

  async function add(
    asker: Asker,
    tool: string,
    change: Change,
    release: Release,
    undoOf?: JournalEntry,
  ): Promise<Plan> {
    checkReferences(change);
    const secrets = await planSecrets(change, asker.system, deps.secrets);
    const isTyped = secrets.some(({ source }) => source === 'person');
    const own = undoOf === undefined ? undefined : ownEntries.get(undoOf.id);
    const isFromFile = undoOf !== undefined && own === undefined;
    const judgement =
      (own !== undefined && takesAwayOwnWork(own, change) ? own.judgement : undefined) ??
      judge(change.calls.map(judgedCall));
    const isConfined = rules.scope !== undefined || rules.protect.length > 0;
    const origins = isConfined ? await originTargets(change, asker, deps.nas) : [];
    return store.add({
      system: asker.system,
      caller: asker.caller,
      tool,
      change,
      judgement,
      // A secret is typed where the person signs in, and nowhere else. Of what a file says, a person sees the exact calls.
      consent: isTyped || isFromFile ? 'approval' : consentFor(judgement.risk, deps.approval),
      secrets,
      roles: neededRoles(change, release),
      obstacles: [
        ...obstaclesOf({ ...change, targets: [...change.targets, ...origins] }, judgement, rules),
        ...(isFromFile ? fileObstacles(judgement, rules) : []),
      ],
      undoOf: undoOf?.id,
    });
  }

  /** What a planner makes of the NAS as it is now. */
  async function looked(asker: Asker, planner: Planner): Promise<{ change: Change; nas: ReadClient }> {
    const nas = askingOnce(await planReader(deps.nas, asker, planner));
    const catalog = writerCatalog(writers, asker.system, asker.caller);
    const change = await planWhereChangeable(nas, (gated) => planner.plan(gated, undefined, catalog));
    return { change, nas };
  }

  function remember(entry: JournalEntry): void {
    ownEntries.set(entry.id, entry);
    const [oldest] = ownEntries.keys();
    if (ownEntries.size > MAX_OWN_ENTRIES && oldest !== undefined) ownEntries.delete(oldest);
  }

  return {
    async plan(asker, planner) {
      const { change, nas } = await looked(asker, planner);
      await checkDeclared(change, planner, asker, deps.nas);
      const plan = await add(asker, planner.tool, change, await nas.release());
      const { system, caller } = asker;
      secondLook.keep(plan, async () => {
        const { signal } = new AbortController();
        return (await looked({ system, caller, signal }, planner)).change;
      });
      return plan;
    },
    async planUndo(asker, changeId) {
      const own = ownEntries.get(changeId);
      const entry = own ?? (await journal.find(changeId));
      if (entry === undefined || entry.callerId !== asker.caller.id || entry.system !== asker.system) {
        throw new InputProblem(
          'change',
          `no change ${changeId} is known here`,
          'list_changes shows those that are.',
        );
      }
      const reads = (entry.end?.undoTargets ?? []).map(({ read }) => read);
      checkReads(await unreadable(deps.nas, asker, reads));
      const nas = await stateReader(deps.nas, asker, reads);
      await checkChangeable(nas);
      const change = await undoChange(entry, nas);
      const plain = own === undefined ? withoutClaims(change) : withoutFacts(change);
      return add(asker, 'undo_change', plain, await nas.release(), entry);
    },
    writerCatalog: (system, caller) => writerCatalog(writers, system, caller),
    find: (id, caller) => store.find(id, caller),
    locate: (id) => store.locate(id),
    plans: () => store.all(),
    writerFor: ({ system, caller, judgement }) => writers.current(system, caller, judgement.risk),
    adopt: ({ system, caller }, session) => writers.adopt(system, caller, session),
    async moved({ change, system, caller }) {
      const { signal } = new AbortController();
      const read = await stateReader(deps.nas, { system, caller, signal }, readsOf(change));
      return (await movedTargets(change.targets, 0, read)).map(({ name }) => name);
    },
    async apply(plan, session, options) {
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
    },
    async decline(plan, reason) {
      if (plan.phase !== 'open') return;
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
    },
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

const MAX_OWN_ENTRIES = 500;
