/** The accounts a simulated NAS starts with. */
import { FULL_ADMIN } from './roles.ts';
import type { AccountOptions, Accounts } from './account-store.ts';
import type { GroupRow, UserRow } from './accounts.ts';

/** Name of the full administrator. */
export const ADMIN_NAME = 'truenas_admin';
/** Name of the user whose key is issued when `roles` narrows what it may do. */
const CONFINED_NAME = 'mcp';
/** Password of the administrator and of the people below; the simulator listens on loopback only. */
export const DEFAULT_PASSWORD = 'simulated-password';

const DAY_MS = 86_400_000;

/** People and groups of a NAS, besides those that every NAS has. */
export interface Household {
  readonly groups: readonly { readonly gid: number; readonly name: string; readonly smb?: boolean }[];
  readonly users: readonly UserPlan[];
  readonly privileges?: readonly { readonly name: string; readonly gid: number; readonly roles: string[] }[];
  readonly apiKeys?: readonly ApiKeyPlan[];
}

/** An account to make. */
export interface UserPlan {
  readonly uid: number;
  readonly name: string;
  /** Name of the primary group. */
  readonly group: string;
  /** Names of further groups. */
  readonly groups?: readonly string[];
  /** A person signs in by password and uses SMB. */
  readonly isPerson: boolean;
  readonly more?: Partial<UserRow>;
}

/** An API key to make. */
export interface ApiKeyPlan {
  readonly name: string;
  readonly username: string;
  readonly ageDays: number;
  /** Null for one that never expires. */
  readonly expiresInDays: number | null;
}

/** The people of the mixed world. */
export const MIXED_HOUSEHOLD: Household = {
  groups: [
    { gid: 3000, name: 'family', smb: true },
    { gid: 3001, name: 'backup' },
  ],
  users: [
    {
      ...{ uid: 3000, name: 'alice', group: 'family', isPerson: true },
      more: { full_name: 'Alice', email: 'alice@example.com', home: '/mnt/tank/home/alice' },
    },
    {
      ...{ uid: 3001, name: 'bob', group: 'family', isPerson: true },
      more: { full_name: 'Bob', home: '/mnt/tank/home/bob', locked: true },
    },
    {
      ...{ uid: 3002, name: 'backup', group: 'backup', isPerson: false },
      more: { full_name: 'Backup service', home: '/mnt/backup' },
    },
  ],
};

/** Fills the tables; answers the name of the user to issue a key to. */
export function plantAccounts(accounts: Accounts, options: AccountOptions): string {
  const nowMs = options.now();
  const isLegacy = options.legacy !== null && options.legacy !== undefined;
  const addGroup = (gid: number, name: string, more: Partial<GroupRow> = {}): number => {
    const id = accounts.nextId(accounts.groups);
    const base = {
      builtin: false,
      immutable: false,
      smb: false,
      sudo_commands: [],
      sudo_commands_nopasswd: [],
    };
    accounts.groups.set(id, { id, gid, name, ...base, ...more });
    return id;
  };
  const system = { builtin: true, immutable: true };
  const rootGroup = addGroup(0, 'root', system);
  addGroup(1, 'daemon', system);
  const admins = addGroup(544, 'builtin_administrators', { ...system, smb: true });
  const builtinUsers = addGroup(545, 'builtin_users', { ...system, smb: true });
  addGroup(546, 'builtin_guests', { ...system, smb: true });
  const nobody = addGroup(65534, 'nogroup', system);
  const apps = addGroup(568, 'apps', system);
  const adminGroup = addGroup(950, ADMIN_NAME);
  const { groups, users, privileges = [], apiKeys = [] } = options.household;
  const groupIds = new Map(
    groups.map(({ gid, name, smb = false }) => [name, addGroup(gid, name, { smb })] as const),
  );
  const groupId = (name: string): number => {
    const id = groupIds.get(name);
    if (id === undefined) throw new Error(`no group ${name}`);
    return id;
  };

  const addUser = (uid: number, username: string, groupId: number, more: Partial<UserRow> = {}): void => {
    const id = accounts.nextId(accounts.users);
    accounts.users.set(id, {
      ...{ id, uid, username, groupId, groupIds: [], full_name: username, home: '/var/empty' },
      ...{ shell: '/usr/sbin/nologin', builtin: false, immutable: false, smb: false, locked: false },
      ...{ password_disabled: true, ssh_password_enabled: false, sshpubkey: null, email: null },
      ...{ sudo_commands: [], sudo_commands_nopasswd: [], password: null, otpSecret: null },
      ...{ isExpired: false, lastPasswordChange: null, attributes: {} },
      ...more,
    });
  };
  const person = {
    ...{ shell: '/usr/bin/zsh', smb: true, password_disabled: false, password: DEFAULT_PASSWORD },
    ...{ groupIds: [builtinUsers], lastPasswordChange: new Date(nowMs - 200 * DAY_MS) },
  };
  addUser(0, 'root', rootGroup, {
    ...{ ...system, home: '/root', shell: '/usr/bin/zsh', full_name: 'root' },
    ...(isLegacy ? { password: DEFAULT_PASSWORD, password_disabled: false } : {}),
  });
  addUser(568, 'apps', apps, system);
  addUser(65534, 'nobody', nobody, { ...system, full_name: 'Unprivileged user' });
  addUser(950, ADMIN_NAME, adminGroup, {
    ...person,
    ...{ immutable: false, full_name: 'Local Administrator', home: `/home/${ADMIN_NAME}` },
    ...{ groupIds: [admins], email: 'admin@example.com', sudo_commands_nopasswd: ['ALL'], smb: false },
  });
  for (const { uid, name, group, groups: others = [], isPerson, more } of users) {
    const base = isPerson ? { ...person, groupIds: [builtinUsers, ...others.map(groupId)] } : {};
    addUser(uid, name, groupId(group), { ...base, ...more });
  }

  addPrivilege(accounts, 'Local Administrator', [544], [FULL_ADMIN], 'LOCAL_ADMINISTRATOR');
  addPrivilege(accounts, 'Read-Only Administrator', [], ['READONLY_ADMIN'], 'READONLY_ADMINISTRATOR');
  addPrivilege(accounts, 'Sharing Administrator', [], ['SHARING_ADMIN'], 'SHARING_ADMINISTRATOR');

  for (const { name, gid, roles } of privileges) addPrivilege(accounts, name, [gid], roles, null);
  for (const { name, username, ageDays, expiresInDays } of apiKeys) {
    accounts.createApiKey({
      ...{ name, username, createdAt: new Date(nowMs - ageDays * DAY_MS) },
      expiresAt: expiresInDays === null ? null : new Date(nowMs + expiresInDays * DAY_MS),
    });
  }

  for (const { name, ageDays, allowlist } of options.legacyKeys ?? []) {
    accounts.createApiKey({
      name,
      username: 'root',
      createdAt: new Date(nowMs - ageDays * DAY_MS),
      allowlist,
    });
  }

  const old = new Date(nowMs - 400 * DAY_MS);
  if (options.roles === undefined) return ADMIN_NAME;
  const group = addGroup(3100, CONFINED_NAME);
  addUser(3100, CONFINED_NAME, group, {
    ...{ full_name: 'MCP server', lastPasswordChange: old },
    // Its key is nobody's there: it signs in by password.
    ...(isLegacy ? { password: DEFAULT_PASSWORD, password_disabled: false } : {}),
  });
  addPrivilege(accounts, 'MCP server', [3100], [...options.roles], null);
  return CONFINED_NAME;
}

function addPrivilege(
  accounts: Accounts,
  name: string,
  localGids: number[],
  roles: string[],
  builtinName: string | null,
): void {
  const id = accounts.nextId(accounts.privileges);
  const isAdministrator = roles.includes(FULL_ADMIN);
  accounts.privileges.set(id, {
    id,
    name,
    builtin_name: builtinName,
    localGids,
    roles,
    web_shell: isAdministrator,
  });
}
