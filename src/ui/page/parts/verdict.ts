/** The verdicts and levels of the server, as states. */
import type { State } from './state.tsx';

const VERDICTS: Readonly<Record<string, { readonly state: State; readonly meaning: string }>> = {
  OK: { state: 'ok', meaning: 'Everything that was looked at is well.' },
  WARNING: { state: 'warning', meaning: 'Something needs attention.' },
  CRITICAL: { state: 'critical', meaning: 'Something needs attention now.' },
  UNKNOWN: {
    state: 'unknown',
    meaning: 'Not everything could be read, so nobody can say that all is well.',
  },
};

/** What a verdict means; a word that the server does not have is unknown. */
export function verdictWords(verdict: string): { readonly state: State; readonly meaning: string } {
  return VERDICTS[verdict] ?? { state: 'unknown', meaning: 'This verdict is not known here.' };
}

/** How bad a finding is; a note is no trouble. */
export function levelState(level: string): State {
  return level === 'NOTE' ? 'note' : (VERDICTS[level]?.state ?? 'unknown');
}
