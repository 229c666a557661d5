/**
 * The change engine: plan, consent, apply, verify, undo. A plan comes from a reader alone; applying needs a write
 * connection, the consent that the risk demands, and an audit that can be written.
 */
import { setTimeout } from 'node:timers/promises';
import type { Caller } from '../access/caller.ts';
import type { NasAccess } from '../access/reader.ts';
import { InputProblem } from '../output/problem.ts';
import { judge, type Judgement } from '../policy/risk/index.ts';
import type { ReadClient } from '../truenas/client.ts';
import type { Log } from '../truenas/log.ts';
import type { Release } from '../truenas/releases.ts';
import type { WriteSession } from '../truenas/write-session.ts';
import { askingOnce } from './asking-once.ts';
import type { ChangeAudit } from './audit-chain.ts';
import { createApplier, NO_AUDIT, readsOf } from './applier.ts';
import { neededRoles } from './account-roles.ts';
import type { Change } from './change.ts';
import { checkChangeable } from './changeable.ts';
import type { KnownTargets } from './joined.ts';
import { type ApprovalSetting, consentFor } from './consent.ts';
import { type Answered, createDeclined } from './declined.ts';
import { movedTargets } from './executor.ts';
import { type ChangeRules, judgedCall, obstaclesOf } from './gates.ts';
import type { Journal, JournalEntry, JournalUndo } from './journal.ts';
import type { Outcome } from './outcome.ts';
import { createPlanStore, endPlan, type Plan, refusal } from './plan.ts';
import { planReader, stateReader, unreadable, type WriterCatalog, writerCatalog } from './readers.ts';
import { replaceReferences } from './references.ts';
import type { SecretFolder } from './secret-folder.ts';
import { createQuestions } from './questions.ts';
import { neededSecrets, type PlanSecret, type SecretValues } from './secrets.ts';
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
  const lastOf = new Map<string, Promise<unknown>>();
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
      (own !== undefined && takesAwayOwnWork(own) ? own.judgement : undefined) ??
      judge(change.calls.map(judgedCall));
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
        ...obstaclesOf(change, judgement, rules),
        ...(isFromFile ? fileObstacles(judgement, rules) : []),
      ],
      undoOf: undoOf?.id,
    });
  }

  function remember(entry: JournalEntry): void {
    ownEntries.set(entry.id, entry);
    const [oldest] = ownEntries.keys();
    if (ownEntries.size > MAX_OWN_ENTRIES && oldest !== undefined) ownEntries.delete(oldest);
  }

  /**
   * One change at a time on a system: what one is planned for must not move under it by our own hand. One that takes long, a
   * job of hours, lets the next go on after a while, so that it can be stopped; each re-reads what it touches all the same.
   */
  function inTurn<Value>(system: string, work: () => Promise<Value>): Promise<Value> {
    const before = lastOf.get(system) ?? Promise.resolve();
    const done = before.then(work);
    const turn = before.then(async () => {
      const over = new AbortController();
      const { signal } = over;
      const ended = done.then(
        () => over.abort(),
        () => over.abort(),
      );
      await Promise.race([ended, setTimeout(deps.turnMs ?? TURN_MS, undefined, { ref: false, signal })]);
    });
    lastOf.set(
      system,
      turn.catch(() => {}),
    );
    return done;
  }

  return {
    async plan(asker, planner) {
      const nas = askingOnce(await planReader(deps.nas, asker, planner));
      await checkChangeable(nas);
      const catalog = writerCatalog(writers, asker.system, asker.caller);
      const change = await planner.plan(nas, undefined, catalog);
      await checkDeclared(change, planner, asker, deps.nas);
      return add(asker, planner.tool, change, await nas.release());
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
      const plain = own === undefined ? withoutClaims(change) : change;
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
      const why = store.begin(plan);
      if (plan.phase === 'applying') declined.agree(plan);
      if (why !== undefined) return { plan, outcome: refusal(plan, why, now()), undo: undefined };
      return inTurn(plan.system, async () => {
        const late = store.lateness(plan);
        if (late === undefined) return applier.apply(plan, session, options);
        const outcome = refusal(plan, late, now());
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
/** Longer than nearly every change that is no job takes. */
const TURN_MS = 60_000;

/**
 * The secrets of a change, and where each comes from.
 * @throws Error for one that belongs to nothing that the change touches: no entry may be bent to another thing
 */
async function planSecrets(
  { calls, targets }: Change,
  system: string,
  folder: SecretFolder | undefined,
): Promise<PlanSecret[]> {
  const needed = neededSecrets(calls);
  const foreign = needed.find(({ of }) => !targets.some(({ name }) => name === of));
  if (foreign !== undefined) throw new Error(`the plan needs the ${foreign.label}, which it does not touch`);
  return Promise.all(
    needed.map(async (each): Promise<PlanSecret> => {
      const isLaidOut = (await folder?.find(system, each)) !== undefined;
      return { ...each, source: isLaidOut ? 'folder' : 'person' };
    }),
  );
}

/** A plan that names what its tool does not declare is a defect of the tool, and must not get any further. */
async function checkDeclared(
  { calls, undo, targets }: Change,
  { tool, uses, readsAny, writes }: Planner,
  asker: Asker,
  nas: NasAccess,
): Promise<void> {
  const reads = targets.map(({ read }) => read).filter(({ method }) => !uses.includes(method));
  const foreign = readsAny === true ? await unreadable(nas, asker, reads) : reads[0]?.method;
  if (foreign !== undefined)
    throw new Error(`the plan of ${tool} reads ${foreign}, which the tool does not declare`);
  if (writes === 'any') return;
  const named = [...calls, ...('calls' in undo ? undo.calls : [])].map(({ method }) => method);
  const undeclared = named.filter((method) => !writes.includes(method));
  if (undeclared.length > 0)
    throw new Error(`the plan of ${tool} names ${undeclared.join(', ')}, which the tool does not declare`);
}

/** A journal that somebody altered must not have a method sent as a read that is none. */
function checkReads(unknown: string | undefined): void {
  if (unknown !== undefined)
    throw new InputProblem(
      'change',
      `the journal names ${unknown} as a read, which it is not: it may have been altered`,
    );
}

/** Without the state and the facts that lower a risk: a file that somebody altered could claim any. */
function withoutClaims(change: Change): Change {
  const [first, ...others] = change.calls.map(({ method, params, purpose, isGeneric }) => ({
    method,
    params,
    purpose,
    ...(isGeneric === true ? { isGeneric } : {}),
  }));
  return first === undefined ? change : { ...change, calls: [first, ...others] };
}

/** A file that somebody altered could tie a call to any dataset. */
function fileObstacles({ risk }: Judgement, { scope, protect }: ChangeRules): string[] {
  const isSlight = risk === 'reversible' || risk === 'configuration';
  const setting =
    scope !== undefined ? 'TRUENAS_SCOPE' : protect.length > 0 && !isSlight ? 'TRUENAS_PROTECT' : undefined;
  return setting === undefined
    ? []
    : [
        `${setting} is set, and only the journal says which datasets this undo of an earlier run of the server touches: plan the change itself.`,
      ];
}

/** A reference to anything but the answer of a call before it would be judged as one value and sent as another. */
function checkReferences({ calls }: Change): void {
  for (const [index, { method, params }] of calls.entries())
    replaceReferences(params, (reference) => {
      const { call, path } = reference.$result;
      if (!Number.isSafeInteger(call) || call < 0 || call >= index || typeof path !== 'string')
        throw new Error(`${method} refers to the answer of a call that is not before it`);
      return reference;
    });
}
