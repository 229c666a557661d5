/** The account tables and what is asked of them. */
import { randomBytes } from 'node:crypto';
import type { LegacyRelease, SimRelease } from '../releases.ts';
import { expandRoles, FULL_ADMIN } from './roles.ts';
import type { ApiKeyRow, GroupRow, PrivilegeRow, UserRow } from './accounts.ts';
import { type Household, plantAccounts } from './default-accounts.ts';

/** What an allow-list item permits: a method name or `*`, by `CALL`, `SUBSCRIBE` or `*`. */
export interface AllowlistItem {
  readonly method: string;
  readonly resource: string;
}

/** The `privilege` part of `auth.me`. */
export interface UserPrivilege {
  readonly roles: ReadonlySet<string>;
  readonly allowlist: readonly AllowlistItem[];
  readonly web_shell: boolean;
  readonly webui_access: boolean;
}

/** The account tables, reachable by methods as `context.accounts`. */
export interface Accounts {
  readonly users: Map<number, UserRow>;
  readonly groups: Map<number, GroupRow>;
  readonly privileges: Map<number, PrivilegeRow>;
  readonly apiKeys: Map<number, ApiKeyRow>;
  /** How sign-in is guarded. */
  readonly security: SecuritySettings;
  readonly userByName: (username: string) => UserRow | undefined;
  /** All roles of a user, expanded; cached until `changed`. */
  rolesOf(user: UserRow): ReadonlySet<string>;
  privilegeOf(user: UserRow): UserPrivilege;
  /** What one privilege grants by itself. */
  privilegeFrom(row: PrivilegeRow): UserPrivilege;
  /** Group ids (gid) of a user, the primary one first. */
  gidsOf(user: UserRow): number[];
  createApiKey(key: NewApiKey): { readonly row: ApiKeyRow; readonly key: string };
  /** Gives a key a new secret. */
  resetApiKey(row: ApiKeyRow): string;
  /** The row a key belongs to when its secret is right. */
  matchApiKey(key: string): ApiKeyRow | undefined;
  /** Must be called after users, groups or privileges changed. */
  changed(): void;
  /** The NAS became another release, whose roles differ. */
  upgraded(release: SimRelease): void;
  nextId(table: ReadonlyMap<number, unknown>): number;
}

/** How sign-in is guarded. */
export interface SecuritySettings {
  /** Authenticator level; 2 allows only a password with a second factor. */
  level: 1 | 2;
  /** Users with a second factor are asked for it after their password. */
  isTwoFactorEnabled: boolean;
}

/** An API key to make. */
export interface NewApiKey {
  readonly name: string;
  readonly username: string;
  readonly expiresAt?: Date | null;
  readonly createdAt: Date;
  /** What a key of 24.10 may do. */
  readonly allowlist?: readonly AllowlistItem[] | undefined;
}

/** What the tables are made of at the start. */
export interface AccountOptions {
  readonly release: SimRelease;
  /** The older release it is; null for one that has users behind its keys. */
  readonly legacy?: LegacyRelease | null;
  readonly now: () => number;
  /** What the issued key's user may do; a full administrator when absent. */
  readonly roles?: readonly string[] | undefined;
  readonly household: Household;
  /** Keys of an older release, which belong to nobody. */
  readonly legacyKeys?: readonly LegacyKeyPlan[];
}

/** A key of an older release to make. */
export interface LegacyKeyPlan {
  readonly name: string;
  readonly ageDays: number;
  readonly allowlist?: readonly AllowlistItem[];
}

/** Makes the tables with a believable set of accounts, and the user whose key is issued. */
export function createAccounts(options: AccountOptions): Accounts & { readonly issuedTo: string } {
  const users = new Map<number, UserRow>();
  const groups = new Map<number, GroupRow>();
  const privileges = new Map<number, PrivilegeRow>();
  const apiKeys = new Map<number, ApiKeyRow>();
  let { release } = options;
  let privilegeCache = new Map<number, UserPrivilege>();
  const isLegacy = options.legacy !== null && options.legacy !== undefined;
  let lastKeyId = 0;

  const accounts: Accounts = {
    users,
    groups,
    privileges,
    apiKeys,
    security: { level: 1, isTwoFactorEnabled: false },
    userByName: (username) => [...users.values()].find((user) => user.username === username),
    rolesOf: (user) => accounts.privilegeOf(user).roles,
    privilegeOf(user) {
      let privilege = privilegeCache.get(user.id);
      if (privilege === undefined) {
        privilege = composePrivilege(release, accounts, user);
        privilegeCache.set(user.id, privilege);
      }
      return privilege;
    },
    privilegeFrom: (row) => granted(expandRoles(release, row.roles), row.web_shell),
    gidsOf(user) {
      const ids = [user.groupId, ...user.groupIds];
      return ids.flatMap((id) => groups.get(id)?.gid ?? []);
    },
    createApiKey({ name, username, expiresAt = null, createdAt, allowlist }) {
      const id = Math.max(accounts.nextId(apiKeys), isLegacy ? lastKeyId + 1 : 0);
      lastKeyId = id;
      const uid = accounts.userByName(username)?.uid ?? 0;
      const row: ApiKeyRow = {
        ...{ id, name, username, uid, createdAt, expiresAt },
        revokedReason: null,
        secret: randomSecret(),
        salt: randomBytes(16),
        ...(allowlist === undefined ? {} : { allowlist }),
      };
      apiKeys.set(id, row);
      return { row, key: `${id}-${row.secret}` };
    },
    resetApiKey(row) {
      row.secret = randomSecret();
      row.salt = randomBytes(16);
      row.revokedReason = null;
      return `${row.id}-${row.secret}`;
    },
    matchApiKey(key) {
      const dash = key.indexOf('-');
      const row = apiKeys.get(Number(key.slice(0, Math.max(dash, 0))));
      return row !== undefined && key === `${row.id}-${row.secret}` ? row : undefined;
    },
    changed() {
      privilegeCache = new Map();
    },
    upgraded(next) {
      release = next;
      accounts.changed();
    },
    nextId: (table) => Math.max(0, ...table.keys()) + 1,
  };
  const issuedTo = plantAccounts(accounts, options);
  return Object.assign(accounts, { issuedTo });
}

function composePrivilege(release: SimRelease, accounts: Accounts, user: UserRow): UserPrivilege {
  const gids = new Set(accounts.gidsOf(user));
  const held = [...accounts.privileges.values()].filter((privilege) =>
    privilege.localGids.some((gid) => gids.has(gid)),
  );
  const direct = held.flatMap((privilege) => privilege.roles);
  if (user.uid === 0) direct.push(FULL_ADMIN);
  const hasShell = user.uid === 0 || held.some((privilege) => privilege.web_shell);
  return granted(expandRoles(release, direct), hasShell);
}

function granted(roles: ReadonlySet<string>, hasShell: boolean): UserPrivilege {
  return {
    roles,
    allowlist: roles.has(FULL_ADMIN) ? [{ method: '*', resource: '*' }] : [],
    web_shell: hasShell,
    webui_access: roles.size > 0,
  };
}

const SECRET_CHARS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const SECRET_LENGTH = 64;

function randomSecret(): string {
  let secret = '';
  while (secret.length < SECRET_LENGTH) {
    for (const byte of randomBytes(SECRET_LENGTH)) {
      const char = SECRET_CHARS[byte & 63];
      if (char !== undefined && secret.length < SECRET_LENGTH) secret += char;
    }
  }
  return secret;
}
