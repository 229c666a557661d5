/** What is known of one connection: who signed in on it, and what it asked for. */
import type { UserPrivilege } from '../auth/account-store.ts';
import type { UserRow } from '../auth/accounts.ts';

/** How a session was signed in, as it shows in `auth.sessions` and in a job's `credentials`. */
export type CredentialType =
  | 'API_KEY'
  | 'LOGIN_PASSWORD'
  | 'LOGIN_TWOFACTOR'
  | 'LOGIN_ONETIME_PASSWORD'
  | 'TOKEN';

/** Who is signed in. */
export interface Credential {
  readonly type: CredentialType;
  readonly user: UserRow;
  /** Set when an API key signed in. */
  readonly apiKeyId: number | null;
  /** The key itself did not travel. */
  readonly isScram?: boolean;
  /** Row of `api_key.query`-like facts shown in jobs and sessions. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly loggedInAtMs: number;
  /** What it gave its user's privilege up for; sessions that its tokens sign in inherit that. */
  narrowedTo: UserPrivilege | null;
}

/** Session switches of `core.set_options`. */
export interface SessionOptions {
  /** False: a call of a job method waits and returns the job's result (25.10 and later). */
  legacyJobs: boolean;
  privateMethods: boolean;
  pyExceptions: boolean;
}

/** One connection, as methods see it. */
export interface SimSession {
  /** UUID. */
  readonly id: string;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** False when a key sent over this transport would be revoked. */
  readonly isSecure: boolean;
  /** `current`, or the API version of the path, e.g. `v25.04.0`. */
  readonly apiVersion: string;
  readonly createdAtMs: number;
  readonly options: SessionOptions;
  /** Null before sign-in. */
  readonly credential: Credential | null;
  /** What the signed-in user may do, unless `narrow` replaced it; null before sign-in. Follows changes of privileges at once. */
  readonly privilege: UserPrivilege | null;
  /** All its roles, expanded; empty before sign-in. */
  readonly roles: ReadonlySet<string>;
  readonly isFullAdmin: boolean;
  /** True when one of these roles, or full administration, is held. */
  hasRole(...roles: readonly string[]): boolean;
  /** True when the key or account that signed in has ended since. */
  isExpired(): boolean;
  /** Replaces the user's privilege by a lesser one, until the next sign-in. */
  narrow(privilege: UserPrivilege): void;
  /** Replaces or drops (null) the credential. */
  signIn(credential: Credential | null): void;
}
