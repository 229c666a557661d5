/** What the executor needs of a write connection. Nothing outside this folder holds one. */
import type { WriteSessions } from '../systems/write-sessions.ts';

/** Write connections of the configured systems, as far as changes use them. */
export type Writers = Pick<WriteSessions, 'current' | 'adopt' | 'hold' | 'release'>;

/** Roles of a change that the account lacks; of each group any one would do. */
export function missingRoles(
  needed: readonly (readonly string[])[],
  held: readonly string[],
): readonly (readonly string[])[] {
  return needed.filter((group) => group.length > 0 && !group.some((role) => held.includes(role)));
}
