/** The methods that CORE publishes, with the roles that it does not know: what this program reads is what READONLY_ADMIN grants elsewhere. */
import type { WireValue } from '../../client.ts';
import { isRow, type Row } from '../queries/paths.ts';

/** The answer of `core.get_methods` with `roles`. */
export function catalogWithRoles(answer: WireValue, reads: ReadonlySet<string>): WireValue {
  if (!isRow(answer)) return answer;
  const entries = Object.entries(answer).map(([name, entry]): [string, WireValue] => [
    name,
    isRow(entry) ? ({ ...entry, roles: reads.has(name) ? ['READONLY_ADMIN'] : [] } satisfies Row) : entry,
  ]);
  return Object.fromEntries(entries);
}
