/** Which cases run, and which of them are known to fail. */
import { readKnownFailures } from '../../support/known-failures.ts';

const chosen = (process.env['CASE'] ?? '').split(',').filter((id) => id !== '');

/** False for a case that `CASE` leaves out. */
export function isChosen({ id }: { readonly id: string }): boolean {
  return chosen.length === 0 || chosen.includes(id);
}

/** Ids of all kinds of cases; none while `CASE` chooses, so that a failure is shown. */
export const knownFailures: ReadonlySet<string> =
  chosen.length > 0 ? new Set() : readKnownFailures(new URL('../known-failures.json', import.meta.url));
