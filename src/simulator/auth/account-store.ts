/** The account tables and what is asked of them. */
import type { ApiKeyRow, GroupRow, PrivilegeRow, UserRow } from './accounts.ts';

/** The account tables, reachable by methods as `context.accounts`. */
export interface Accounts {
  readonly users: Map<number, UserRow>;
  readonly groups: Map<number, GroupRow>;
  readonly privileges: Map<number, PrivilegeRow>;
  readonly apiKeys: Map<number, ApiKeyRow>;
  userByName(username: string): UserRow | undefined;
}
