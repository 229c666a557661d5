/** Users, groups, privileges and API keys: who may sign in, and what they may do then. */

/** A user as `user.query` shows it, before the release's own fields are added or dropped. */
export interface UserRow {
  readonly id: number;
  uid: number;
  username: string;
  full_name: string;
  home: string;
  shell: string;
  builtin: boolean;
  immutable: boolean;
  smb: boolean;
  /** Row id of the primary group. */
  groupId: number;
  /** Row ids of the other groups. */
  groupIds: number[];
  password_disabled: boolean;
  ssh_password_enabled: boolean;
  sshpubkey: string | null;
  locked: boolean;
  sudo_commands: string[];
  sudo_commands_nopasswd: string[];
  email: string | null;
  /** Null: cannot sign in by password. */
  password: string | null;
  /** Base32 secret of the second factor; null: none. */
  otpSecret: string | null;
  /** Days since the epoch when the account ends, null: never. */
  expiresAtMs: number | null;
  lastPasswordChange: Date | null;
  attributes: Record<string, unknown>;
}

/** A group as `group.query` shows it. */
export interface GroupRow {
  readonly id: number;
  gid: number;
  name: string;
  builtin: boolean;
  immutable: boolean;
  smb: boolean;
  sudo_commands: string[];
  sudo_commands_nopasswd: string[];
}

/** What members of groups may do. */
export interface PrivilegeRow {
  readonly id: number;
  builtin_name: string | null;
  name: string;
  /** Group ids (gid), not row ids. */
  localGids: number[];
  roles: string[];
  web_shell: boolean;
}

/** An API key; the key itself is not kept, only what proves it. */
export interface ApiKeyRow {
  readonly id: number;
  name: string;
  username: string;
  userUid: number;
  createdAt: Date;
  expiresAt: Date | null;
  revokedReason: string | null;
  iterations: number;
  /** Base64. */
  salt: string;
  storedKey: string;
  serverKey: string;
}
