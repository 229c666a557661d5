/** The server's own parts, as `core.*` and `auth.*` methods reach them. */
import type { SimMethod } from './method.ts';
import type { SimSession } from './session-state.ts';

/** What only the server's own methods may touch. */
export interface Internals {
  /** Methods of this release by name. */
  readonly methods: ReadonlyMap<string, SimMethod>;
  /** Every open connection, signed in or not. */
  sessions(): readonly SimSession[];
}
