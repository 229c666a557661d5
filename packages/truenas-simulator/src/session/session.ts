/** Who is behind a connection, made anew for each. */
import { randomUUID } from 'node:crypto';
import type { Core } from '../server/core.ts';
import { FULL_ADMIN } from '../auth/roles.ts';
import type { Credential, SimSession } from './session-state.ts';

/** Where a connection comes from. */
export interface ConnectionOrigin {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly isSecure: boolean;
  readonly apiVersion: string;
}

/** A session that nobody has signed in to. Roles follow the account tables at once. */
export function createSession(core: Core, origin: ConnectionOrigin): SimSession {
  let credential: Credential | null = null;
  const noRoles: ReadonlySet<string> = new Set<string>();
  const session: SimSession = {
    id: randomUUID(),
    ...origin,
    createdAtMs: core.now(),
    options: { legacyJobs: true, privateMethods: false, pyExceptions: false },
    get credential() {
      return credential;
    },
    get privilege() {
      return credential === null
        ? null
        : (credential.narrowedTo ?? core.accounts.privilegeOf(credential.user));
    },
    get roles() {
      return session.privilege?.roles ?? noRoles;
    },
    get isFullAdmin() {
      return session.roles.has(FULL_ADMIN);
    },
    hasRole(...roles) {
      const { roles: held } = session;
      return held.has(FULL_ADMIN) || roles.some((role) => held.has(role));
    },
    isExpired() {
      if (credential === null) return false;
      if (credential.user.isExpired) return true;
      if (credential.apiKeyId === null) return false;
      const key = core.accounts.apiKeys.get(credential.apiKeyId);
      if (key === undefined || key.revokedReason !== null) return true;
      return key.expiresAt !== null && key.expiresAt.getTime() <= core.now();
    },
    narrow(privilege) {
      if (credential !== null) credential.narrowedTo = privilege;
    },
    signIn(next) {
      credential = next;
    },
  };
  return session;
}
