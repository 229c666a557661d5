/** Decides which consent a change needs (DESIGN section 5). What a model can echo is never enough for the graver ones. */
import type { Risk } from '../policy/risk/index.ts';
import type { ConsentKind } from './plan.ts';

/**
 * Where approvals are given. `page`: on the approval page or in a terminal, with a person's sign-in. `client`: a form of the
 * client suffices for everything but `executes`. `always`: every change goes to the page.
 */
export type ApprovalSetting = 'page' | 'client' | 'always';

/** The consent for a risk. */
export function consentFor(risk: Risk, setting: ApprovalSetting): ConsentKind {
  if (setting === 'always') return 'approval';
  switch (risk) {
    case 'reversible':
      return 'none';
    case 'configuration':
      return 'question';
    case 'exposes':
    case 'destroys':
      return setting === 'client' ? 'question' : 'approval';
    case 'executes':
      return 'approval';
  }
}

/** True when repeating the summary is consent enough where the client shows no forms: it stops a slip, and no more. */
export function mayRepeatSummary(risk: Risk): boolean {
  return risk === 'reversible' || risk === 'configuration';
}

/** A change that a person declined is not asked about again for this long, in milliseconds. */
const DECLINE_MS = 60 * 60_000;
const MAX_DECLINED = 500;

/** Remembers what a person declined. */
export interface Declined {
  add(subject: string): void;
  /** True within the hour after the person said no to the same calls on the same things. */
  has(subject: string): boolean;
  /** The person wants to be asked again. */
  reopen(subject: string): void;
}

/** Makes an empty memory. @param now milliseconds since the epoch. */
export function createDeclined(now: () => number): Declined {
  const until = new Map<string, number>();
  return {
    add(subject) {
      until.delete(subject);
      until.set(subject, now() + DECLINE_MS);
      const [oldest] = until.keys();
      if (until.size > MAX_DECLINED && oldest !== undefined) until.delete(oldest);
    },
    has: (subject) => (until.get(subject) ?? 0) > now(),
    reopen: (subject) => void until.delete(subject),
  };
}
