/**
 * Where a person approves: signs in to the NAS, sees the preview, and applies or declines. The sign-in is the proof; the
 * code of a plan only locates it. The page and the terminal both work through here.
 */
import { randomBytes } from 'node:crypto';
import { problemText } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { Log } from '../../truenas/log.ts';
import { SignInError } from '../../truenas/errors.ts';
import type { WriteCredential } from '../../truenas/sign-in/write-sign-in.ts';
import type { WriteSession } from '../../truenas/write-session.ts';
import type { ChangeEngine } from '../engine.ts';
import { outcomeText } from '../outcome-text.ts';
import type { Plan } from '../plan.ts';
import { type Preview, previewOf } from '../preview.ts';
import type { PlanSecret, SecretValues } from '../secrets.ts';
import { missingRoles } from '../account-roles.ts';

/** Wrong sign-ins that end a plan. */
const MAX_WRONG_OF_PLAN = 3;
/** Wrong sign-ins within the window that close the desk. */
const MAX_WRONG = 5;
const WRONG_WINDOW_MS = 10 * 60_000;
/** How long a person may look at the preview after the sign-in, in milliseconds. */
const VISIT_MS = 10 * 60_000;
/** Most visits at once: each holds a connection to the NAS. */
const MAX_VISITS = 4;

/** What a person sees after the sign-in. */
export interface Shown {
  /** Lives in the page's memory; everything else asks for it. */
  readonly token: string;
  /** Of the preview: Apply sends it back. */
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

/** An answer that is no success: what to tell the person. */
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

interface Visit {
  readonly plan: Plan;
  readonly session: WriteSession;
  readonly endsAtMs: number;
  /** Ends it when nobody comes back. */
  readonly timer: NodeJS.Timeout;
}

/** Makes the desk. */
export function createApprovalDesk({ engine, offered, openSession, log, now }: DeskDeps): ApprovalDesk {
  const visits = new Map<string, Visit>();
  const wrongOf = new Map<string, number>();
  let wrongAtMs: number[] = [];
  // Sign-ins that the NAS has not answered: many at once must not try more passwords than one after the other.
  let pending = 0;

  function isClosed(): boolean {
    wrongAtMs = wrongAtMs.filter((at) => now() - at < WRONG_WINDOW_MS);
    return wrongAtMs.length >= MAX_WRONG;
  }

  async function noteWrong(plan: Plan): Promise<Refused | undefined> {
    wrongAtMs.push(now());
    const wrong = (wrongOf.get(plan.id) ?? 0) + 1;
    wrongOf.set(plan.id, wrong);
    log.warn('a sign-in for an approval was refused', { plan: plan.id, wrong });
    if (wrong < MAX_WRONG_OF_PLAN) return undefined;
    await engine.decline(plan, 'three wrong sign-ins ended the plan');
    return { problem: 'Three wrong sign-ins: this plan has ended. Have it planned again.' };
  }

  /** What the person reads of a refused sign-in: a wrong one is counted. */
  async function refusedSignIn(plan: Plan, error: unknown): Promise<Refused> {
    if (!(error instanceof SignInError)) return { problem: problemText(error) };
    const ended = await noteWrong(plan);
    const wrong = wrongOf.get(plan.id) ?? 0;
    const count = `This was wrong sign-in ${wrong} of ${MAX_WRONG_OF_PLAN}; the last one ends the plan.`;
    return ended ?? { problem: `${problemText(error)} ${count}` };
  }

  /** A session for changes must not stay open for a person who has left, nor for a plan that has ended. */
  function begin(plan: Plan, session: WriteSession): string {
    const token = randomBytes(32).toString('base64url');
    const endsAtMs = Math.min(now() + VISIT_MS, plan.expiresAtMs);
    const timer = setTimeout(() => void leave(token), endsAtMs - now());
    timer.unref();
    visits.set(token, { plan, session, endsAtMs, timer });
    // The visit stays: whoever comes back is told that the plan has ended.
    void plan.ended.then(() => visits.get(token)?.session.close());
    return token;
  }

  /** The visit of a token, which ends with it. */
  function take(token: string): Visit | undefined {
    const visit = visits.get(token);
    visits.delete(token);
    clearTimeout(visit?.timer);
    return visit;
  }

  async function leave(token: string): Promise<void> {
    await take(token)?.session.close();
  }

  /** The same for a token that still holds. */
  async function takeOpen(token: string): Promise<Visit | undefined> {
    const visit = take(token);
    if (visit === undefined || visit.endsAtMs > now()) return visit;
    await visit.session.close();
    return undefined;
  }

  async function dropOldestOf(plan: Plan): Promise<void> {
    const oldest = [...visits].find(([, visit]) => visit.plan === plan);
    if (oldest !== undefined) await leave(oldest[0]);
  }

  function openVisits(): number {
    return [...visits.values()].filter(({ plan }) => plan.phase === 'open').length;
  }

  return {
    waiting: () =>
      engine
        .plans()
        .filter(({ id, phase, expiresAtMs }) => offered.has(id) && phase === 'open' && expiresAtMs > now())
        .map(({ id, system, expiresAtMs }) => ({ id, system, expiresAtMs })),

    async signIn(planId, credential) {
      if (isClosed()) return { problem: 'Too many wrong sign-ins: approvals are closed for ten minutes.' };
      const plan = offered.has(planId) ? engine.locate(planId) : undefined;
      if (plan === undefined || plan.phase !== 'open' || plan.expiresAtMs <= now())
        return { problem: 'There is no such plan here: it has ended or expired, or was made elsewhere.' };
      if (wrongAtMs.length + pending >= MAX_WRONG)
        return { problem: 'Too many sign-ins at once: wait a moment and try again.' };
      // A page that was reloaded, or a tab that is open no more, must not keep the person out.
      if (openVisits() + pending >= MAX_VISITS) await dropOldestOf(plan);
      if (openVisits() + pending >= MAX_VISITS)
        return { problem: 'Too many approvals are open: finish one first.' };
      let session: WriteSession;
      pending += 1;
      try {
        session = await openSession(plan.system, credential);
      } catch (error) {
        if (error instanceof SignInError && error.reason === 'otp-required')
          return { problem: 'The NAS asks for the one-time code of this user.', needsCode: true };
        return refusedSignIn(plan, error);
      } finally {
        pending -= 1;
      }
      try {
        const moved = await engine.moved(plan);
        return {
          token: begin(plan, session),
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
    },

    async apply(token, hash, typed = new Map<string, string>()) {
      const missing = missingSecret(visits.get(token)?.plan, typed);
      // The sign-in stays good: the person types on.
      if (missing !== undefined) return { problem: `The ${missing} is missing: nothing was done yet.` };
      const visit = await takeOpen(token);
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
      // Whoever applies what was declined within the last hour has changed their mind.
      engine.reopen(plan);
      engine.adopt(plan, session);
      const { signal } = new AbortController();
      const { outcome, undo } = await engine.apply(plan, session, { signal, typed });
      return { kind: outcome.kind, text: outcomeText(plan, outcome, undo) };
    },

    async decline(token) {
      const visit = await takeOpen(token);
      if (visit === undefined) return NO_VISIT;
      await visit.session.close();
      if (visit.plan.phase !== 'open') return endedMeanwhile(visit.plan);
      await engine.decline(visit.plan, 'a person declined it');
      return { kind: 'declined' };
    },

    async leave(token) {
      await leave(token);
      return { kind: 'left' };
    },

    async close() {
      await Promise.all([...visits.keys()].map(leave));
    },
  };
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

/** Somebody was faster: in another tab, in a terminal, or at the client. */
function endedMeanwhile({ phase, outcome }: Plan): Refused {
  const how =
    phase === 'applying'
      ? 'is being applied at this moment'
      : `has ended already (${outcome?.reason ?? outcome?.kind ?? 'expired'})`;
  return { problem: `Nothing was done here: this change ${how}.` };
}
