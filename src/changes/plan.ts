/** A change that was planned: bound to whoever asked, to the exact calls, and to the identity of what they touch. */
import { createHash, randomInt } from 'node:crypto';
import type { Caller } from '../access/caller.ts';
import type { Judgement } from '../policy/risk/index.ts';
import type { Change } from './change.ts';
import type { JournalUndo } from './journal.ts';
import type { Outcome } from './outcome.ts';
import type { PlanSecret } from './secrets.ts';
import { canonicalJson } from './state.ts';

/** How long a plan may be applied, in milliseconds. */
export const PLAN_LIFE_MS = 10 * 60_000;
/** Most plans that are kept: those that have ended or expired go first, the oldest of them before the others. */
const MAX_PLANS = 200;

/** Consent that a change needs; `question`: a form, or the summary repeated. */
export type ConsentKind = 'none' | 'question' | 'approval';

/** What a plan is made of. */
export interface PlanParts {
  readonly system: string;
  readonly caller: Caller;
  /** The tool that planned it. */
  readonly tool: string;
  readonly change: Change;
  readonly judgement: Judgement;
  readonly consent: ConsentKind;
  /** Roles that the writing account needs: of each entry, any one. */
  readonly roles: readonly (readonly string[])[];
  /** Secrets that its calls need, with where they come from. */
  readonly secrets: readonly PlanSecret[];
  /** Why it cannot be applied as things are; empty when it can. */
  readonly obstacles: readonly string[];
  /** The change that this one takes back. */
  readonly undoOf?: string | undefined;
}

/** A plan of this process. */
export interface Plan extends PlanParts {
  /** Locates the plan. It is no proof of anything. */
  readonly id: string;
  /** Of calls, things touched and principal: whatever was shown is what is sent. */
  readonly hash: string;
  readonly madeAtMs: number;
  readonly expiresAtMs: number;
  phase: 'open' | 'applying' | 'ended';
  outcome: Outcome | undefined;
  /** What takes it back, once it has ended. */
  undo: JournalUndo | undefined;
  /** Resolves when the plan has ended: applied, declined, or refused. */
  readonly ended: Promise<void>;
}

/** The outcome of a plan of which nothing was sent. */
export function refusal({ change }: Pick<Plan, 'change'>, reason: string, endedAtMs: number): Outcome {
  return {
    kind: 'refused',
    calls: change.calls.map((call) => ({ call, state: 'not sent' })),
    targets: [],
    reason,
    endedAtMs,
  };
}

/** Ends a plan, and wakes whoever waits for it. */
export function endPlan(plan: Plan, outcome: Outcome, undo: JournalUndo | undefined): void {
  plan.phase = 'ended';
  plan.outcome = outcome;
  plan.undo = undo;
  endings.get(plan)?.();
}

const endings = new WeakMap<Plan, () => void>();

/** The plans of a process. */
export interface PlanStore {
  add(parts: PlanParts): Plan;
  /** The plan, if this caller made it here and it is still kept; one that has expired has ended with that. */
  find(id: string, caller: Caller): Plan | undefined;
  /** Any plan: for the approval page, where the sign-in is the proof. */
  locate(id: string): Plan | undefined;
  /** Newest first. */
  all(): readonly Plan[];
  /**
   * Takes the plan for applying, once in its life.
   * @returns why not: it was applied, is being applied, or has expired. One that has expired ends with that.
   */
  begin(plan: Plan): string | undefined;
  /** Why a plan that was begun, and waited for others, is not to be sent any more; undefined while it may be. */
  lateness(plan: Plan): string | undefined;
}

/** Makes an empty store. @param now milliseconds since the epoch. */
export function createPlanStore(now: () => number): PlanStore {
  const plans = new Map<string, Plan>();
  const lateness = ({ expiresAtMs }: Plan) =>
    now() >= expiresAtMs ? 'it has expired: a plan lives for ten minutes' : undefined;
  return {
    add(parts) {
      const madeAtMs = now();
      makeRoom(plans, madeAtMs);
      let wake = () => {};
      const ended = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const plan: Plan = {
        ...parts,
        id: newId(plans),
        hash: planHash(parts),
        madeAtMs,
        expiresAtMs: madeAtMs + PLAN_LIFE_MS,
        phase: 'open',
        outcome: undefined,
        undo: undefined,
        ended,
      };
      endings.set(plan, wake);
      plans.set(plan.id, plan);
      return plan;
    },
    find(id, caller) {
      const plan = plans.get(id);
      if (plan?.caller.id !== caller.id) return undefined;
      const late = plan.phase === 'open' ? lateness(plan) : undefined;
      if (late !== undefined) endPlan(plan, refusal(plan, late, now()), undefined);
      return plan;
    },
    locate: (id) => plans.get(id),
    all: () => [...plans.values()].reverse(),
    begin(plan) {
      if (plan.phase === 'applying') return 'it is being applied at this moment';
      if (plan.phase === 'ended') return 'it has ended already; a plan is applied once at most';
      const why = lateness(plan);
      if (why === undefined) plan.phase = 'applying';
      else endPlan(plan, refusal(plan, why, now()), undefined);
      return why;
    },
    lateness,
  };
}

/** Changes with whatever would be sent, whatever it was planned for, and whoever asked. */
export function planHash({
  system,
  caller,
  change,
}: Pick<PlanParts, 'system' | 'caller' | 'change'>): string {
  return createHash('sha256')
    .update(canonicalJson([system, caller.id, change]))
    .digest('hex');
}

/** Letters and digits that nobody confuses; short enough for a model to repeat without a slip. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const ID_LENGTH = 10;

function newId(plans: ReadonlyMap<string, Plan>): string {
  for (;;) {
    const id = Array.from({ length: ID_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
    if (!plans.has(id)) return id;
  }
}

function makeRoom(plans: Map<string, Plan>, nowMs: number): void {
  const isOver = ({ phase, expiresAtMs }: Plan) =>
    phase === 'ended' || (phase === 'open' && nowMs >= expiresAtMs);
  while (plans.size >= MAX_PLANS) {
    // A plan that is being applied must be found by its end.
    const plan = firstOf(plans, isOver) ?? firstOf(plans, ({ phase }) => phase === 'open');
    if (plan === undefined) return;
    plans.delete(plan.id);
    // Whoever waits for it would learn nothing more.
    if (plan.phase === 'open') endPlan(plan, refusal(plan, PUSHED_OUT, nowMs), undefined);
  }
}

function firstOf(plans: ReadonlyMap<string, Plan>, fits: (plan: Plan) => boolean): Plan | undefined {
  for (const plan of plans.values()) if (fits(plan)) return plan;
  return undefined;
}

const PUSHED_OUT = `${MAX_PLANS} newer plans have pushed it out; plan it again`;
