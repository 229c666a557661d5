/**
 * Visits of people who have signed in to approve a plan. Each holds a session for changes: it must not stay open for a person
 * who has left, nor for a plan that has ended.
 */
import { randomBytes } from 'node:crypto';
import type { WriteSession } from '../../truenas/write-session.ts';
import type { Plan } from '../plan.ts';

/** How long a person may look at the preview after the sign-in, in milliseconds. */
const VISIT_MS = 10 * 60_000;

/** A person at the desk, with the plan that they look at. */
export interface Visit {
  readonly plan: Plan;
  readonly session: WriteSession;
  readonly endsAtMs: number;
  /** Ends it when nobody comes back. */
  readonly timer: NodeJS.Timeout;
}

/** Visits of a desk, by their tokens. */
export interface Visits {
  /** @returns the token */
  begin(plan: Plan, session: WriteSession): string;
  planOf(token: string): Plan | undefined;
  /** Ends the visit and hands over its session; undefined for a token that does not hold any more. */
  take(token: string): Promise<Visit | undefined>;
  /** Ends the visit and closes its session. */
  leave(token: string): Promise<void>;
  leaveOldestOf(plan: Plan): Promise<void>;
  /** Visits whose plan waits for an answer. */
  openCount(): number;
  closeAll(): Promise<void>;
}

/** Makes a desk's visits; there are none yet. */
export function createVisits(now: () => number): Visits {
  const visits = new Map<string, Visit>();

  function remove(token: string): Visit | undefined {
    const visit = visits.get(token);
    visits.delete(token);
    clearTimeout(visit?.timer);
    return visit;
  }

  async function leave(token: string): Promise<void> {
    await remove(token)?.session.close();
  }

  return {
    begin(plan, session) {
      const token = randomBytes(32).toString('base64url');
      const endsAtMs = Math.min(now() + VISIT_MS, plan.expiresAtMs);
      const timer = setTimeout(() => void leave(token), endsAtMs - now());
      timer.unref();
      visits.set(token, { plan, session, endsAtMs, timer });
      // The visit stays: a person who comes back is told that the plan has ended.
      void plan.ended.then(() => visits.get(token)?.session.close());
      return token;
    },
    planOf: (token) => visits.get(token)?.plan,
    async take(token) {
      const visit = remove(token);
      if (visit === undefined || visit.endsAtMs > now()) return visit;
      await visit.session.close();
      return undefined;
    },
    leave,
    async leaveOldestOf(plan) {
      const oldest = [...visits].find(([, visit]) => visit.plan === plan);
      if (oldest !== undefined) await leave(oldest[0]);
    },
    openCount: () => [...visits.values()].filter(({ plan }) => plan.phase === 'open').length,
    async closeAll() {
      await Promise.all([...visits.keys()].map(leave));
    },
  };
}
