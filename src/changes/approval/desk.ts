/**
 * The desk where a person approves: signs in to the NAS, sees the preview, and applies or declines. The sign-in is the proof;
 * the code of a plan only locates it. The page and the terminal both work through here.
 */
import { problemText } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { SignInError } from '../../truenas/errors.ts';
import type { Log } from '../../truenas/log.ts';
import type { WriteCredential } from '../../truenas/sign-in/write-sign-in.ts';
import type { WriteSession } from '../../truenas/write-session.ts';
import { missingRoles } from '../account-roles.ts';
import type { ChangeEngine } from '../engine.ts';
import { outcomeText } from '../outcome-text.ts';
import type { Plan } from '../plan.ts';
import { type Preview, previewOf } from '../preview.ts';
import type { PlanSecret, SecretValues } from '../secrets.ts';
import { createSignInGuard, MAX_WRONG_OF_PLAN, type SignInGuard } from './sign-in-guard.ts';
import { createVisits, type Visits } from './visits.ts';

/** Most visits at once, sign-ins under way included: each holds a connection to the NAS. */
const MAX_VISITS = 4;

/** The answer to a sign-in: the preview, and what stands in the way of applying it. */
export interface Shown {
  /** Names the visit; the page keeps it in memory and sends it with every other request. */
  readonly token: string;
  /** Hash of the plan that is shown: Apply sends it back. */
  readonly hash: string;
  readonly system: string;
  readonly account: string;
  readonly preview: Preview;
  /** Secrets that the person types: Apply sends them by their keys. */
  readonly secrets: readonly Pick<PlanSecret, 'key' | 'label' | 'isNew'>[];
  /** Things that have changed since: then it cannot be applied. */
  readonly moved: readonly string[];
  /** Roles that the account lacks. */
  readonly missingRoles: readonly string[];
  readonly wasDeclined: boolean;
}

/** A refusal, in words for the person. */
export interface Refused {
  readonly problem: string;
  /** The NAS asks for the one-time code. */
  readonly needsCode?: boolean;
  /** The sign-in is over: another one is needed. */
  readonly isSignedOut?: boolean;
}

/** The desk of a process. */
export interface ApprovalDesk {
  /** Plans that wait for a person, newest first: ids and times alone, as nobody has signed in. */
  waiting(): readonly { readonly id: string; readonly system: string; readonly expiresAtMs: number }[];
  signIn(planId: string, credential: WriteCredential): Promise<Shown | Refused>;
  /** @param secrets as typed, by key */
  apply(
    token: string,
    hash: string,
    secrets?: SecretValues,
  ): Promise<{ readonly kind: string; readonly text: string } | Refused>;
  decline(token: string): Promise<{ readonly kind: 'declined' } | Refused>;
  /** The person went without an answer: the plan waits on. */
  leave(token: string): Promise<{ readonly kind: 'left' }>;
  close(): Promise<void>;
}

/** Parts of a desk. */
export interface DeskDeps {
  readonly engine: ChangeEngine;
  /** Plans that were offered to a person. */
  readonly offered: ReadonlySet<string>;
  /** Signs in to a system for writing. @throws TrueNasError */
  readonly openSession: (system: string, credential: WriteCredential) => Promise<WriteSession>;
  readonly log: Log;
  readonly now: () => number;
}

/** Makes the desk. */
export function createApprovalDesk(deps: DeskDeps): ApprovalDesk {
  const visits = createVisits(deps.now);
  const desk: Desk = { ...deps, visits, guard: createSignInGuard(deps.now) };
  return {
    waiting: () => waitingPlans(desk),
    signIn: (planId, credential) => signIn(desk, planId, credential),
    apply: (token, hash, typed = new Map<string, string>()) => apply(desk, { token, hash, typed }),
    decline: (token) => decline(desk, token),
    async leave(token) {
      await visits.leave(token);
      return { kind: 'left' };
    },
    close: () => visits.closeAll(),
  };
}

interface Desk extends DeskDeps {
  readonly visits: Visits;
  readonly guard: SignInGuard;
}

function waitingPlans({ engine, offered, now }: Desk) {
  return engine
    .plans()
    .filter(({ id, phase, expiresAtMs }) => offered.has(id) && phase === 'open' && expiresAtMs > now())
    .map(({ id, system, expiresAtMs }) => ({ id, system, expiresAtMs }));
}

async function signIn(desk: Desk, planId: string, credential: WriteCredential): Promise<Shown | Refused> {
  const { engine, offered, now, guard, visits } = desk;
  if (guard.isClosed()) return { problem: 'Too many wrong sign-ins: approvals are closed for ten minutes.' };
  const plan = offered.has(planId) ? engine.locate(planId) : undefined;
  if (plan === undefined || plan.phase !== 'open' || plan.expiresAtMs <= now())
    return { problem: 'There is no such plan here: it has ended or expired, or was made elsewhere.' };
  if (guard.isCrowded()) return { problem: 'Too many sign-ins at once: wait a moment and try again.' };
  // A reloaded page or a closed tab leaves its visit open: it must not keep the person out.
  if (isFull(desk)) await visits.leaveOldestOf(plan);
  if (isFull(desk)) return { problem: 'Too many approvals are open: finish one first.' };
  const session = await openedSession(desk, plan, credential);
  return 'problem' in session ? session : shownPlan(desk, plan, session);
}

function isFull({ visits, guard }: Desk): boolean {
  return visits.openCount() + guard.pending() >= MAX_VISITS;
}

async function openedSession(
  { openSession, guard, engine, log }: Desk,
  plan: Plan,
  credential: WriteCredential,
): Promise<WriteSession | Refused> {
  // The sign-in counts before anything is awaited: many at once must not pass the checks together.
  guard.begin();
  try {
    return await openSession(plan.system, credential);
  } catch (error) {
    if (!(error instanceof SignInError)) return { problem: problemText(error) };
    if (error.reason === 'otp-required')
      return { problem: 'The NAS asks for the one-time code of this user.', needsCode: true };
    const wrong = guard.countWrong(plan);
    log.warn('a sign-in for an approval was refused', { plan: plan.id, wrong });
    if (wrong >= MAX_WRONG_OF_PLAN) return endedByWrongSignIns(engine, plan);
    const count = `This was wrong sign-in ${wrong} of ${MAX_WRONG_OF_PLAN}; the last one ends the plan.`;
    return { problem: `${problemText(error)} ${count}` };
  } finally {
    guard.end();
  }
}

async function endedByWrongSignIns(engine: ChangeEngine, plan: Plan): Promise<Refused> {
  await engine.decline(plan, 'three wrong sign-ins ended the plan');
  return { problem: 'Three wrong sign-ins: this plan has ended. Have it planned again.' };
}

async function shownPlan(
  { engine, visits }: Desk,
  plan: Plan,
  session: WriteSession,
): Promise<Shown | Refused> {
  try {
    const moved = await engine.moved(plan);
    return {
      token: visits.begin(plan, session),
      hash: plan.hash,
      system: plan.system,
      account: session.account.name,
      preview: previewOf(plan),
      secrets: typedSecrets(plan).map(({ key, label, isNew }) => ({ key, label, isNew })),
      moved: moved.map((name) => safeCell(name, 250)),
      missingRoles: (await missingRoles(plan.change, session)).map((group) => group.join(' or ')),
      wasDeclined: engine.answerTo(plan)?.kind === 'declined',
    };
  } catch (error) {
    await session.close();
    return { problem: problemText(error) };
  }
}

async function apply(
  { engine, visits }: Desk,
  { token, hash, typed }: { readonly token: string; readonly hash: string; readonly typed: SecretValues },
): Promise<{ readonly kind: string; readonly text: string } | Refused> {
  const missing = missingSecret(visits.planOf(token), typed);
  // The sign-in stays good: the person types on.
  if (missing !== undefined) return { problem: `The ${missing} is missing: nothing was done yet.` };
  const visit = await visits.take(token);
  if (visit === undefined) return NO_VISIT;
  const { plan, session } = visit;
  if (plan.phase !== 'open') {
    await session.close();
    return endedMeanwhile(plan);
  }
  if (hash !== plan.hash) {
    await session.close();
    return { problem: 'The preview that was shown is not the one of this plan: nothing was done.' };
  }
  // A person who applies a change that was declined within the last hour has changed their mind.
  engine.reopen(plan);
  engine.adopt(plan, session);
  const { signal } = new AbortController();
  const { outcome, undo } = await engine.apply(plan, session, { signal, typed });
  return { kind: outcome.kind, text: outcomeText(plan, outcome, undo) };
}

async function decline(
  { engine, visits }: Desk,
  token: string,
): Promise<{ readonly kind: 'declined' } | Refused> {
  const visit = await visits.take(token);
  if (visit === undefined) return NO_VISIT;
  await visit.session.close();
  if (visit.plan.phase !== 'open') return endedMeanwhile(visit.plan);
  await engine.decline(visit.plan, 'a person declined it');
  return { kind: 'declined' };
}

function typedSecrets({ secrets }: Plan): PlanSecret[] {
  return secrets.filter(({ source }) => source === 'person');
}

function missingSecret(plan: Plan | undefined, typed: SecretValues): string | undefined {
  return plan === undefined
    ? undefined
    : typedSecrets(plan).find(({ key }) => (typed.get(key) ?? '') === '')?.label;
}

const NO_VISIT: Refused = {
  problem: 'You are not signed in any more, or the plan has expired: nothing was done. Sign in again.',
  isSignedOut: true,
};

/** The plan was decided elsewhere: in another tab, in a terminal, or at the client. */
function endedMeanwhile({ phase, outcome }: Plan): Refused {
  const how =
    phase === 'applying'
      ? 'is being applied at this moment'
      : `has ended already (${outcome?.reason ?? outcome?.kind ?? 'expired'})`;
  return { problem: `Nothing was done here: this change ${how}.` };
}
