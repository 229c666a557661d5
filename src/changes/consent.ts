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
