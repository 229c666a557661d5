/** What the executor needs of a write connection. Nothing outside this folder holds one. */
import type { Caller } from '../access/caller.ts';
import type { Risk } from '../policy/risk/index.ts';
import type { WriteSession } from '../truenas/write-session.ts';

/** Write connections of the configured systems. */
export interface Writers {
  /**
   * The connection that a change of this risk may use without a new sign-in: that of the configured key, or one that a
   * person opened within the last minutes. Undefined when there is none.
   */
  current(system: string, caller: Caller, risk: Risk): Promise<WriteSession | undefined>;
  /** Takes over a connection that a person opened; it is closed after the configured time. */
  adopt(system: string, caller: Caller, session: WriteSession): void;
  /** Tells that a change is over: with a session time of 0 the person's connection is closed now. */
  release(system: string, caller: Caller): void;
}

/** Roles of a change that the account lacks; of each group any one would do. */
export function missingRoles(
  needed: readonly (readonly string[])[],
  held: readonly string[],
): readonly (readonly string[])[] {
  return needed.filter((group) => group.length > 0 && !group.some((role) => held.includes(role)));
}
