/** Rows of the account tables: users, groups, privileges and API keys. */

import type { AllowlistItem } from './account-store.ts';

/** A user as the simulator keeps it; `methods/user.ts` turns it into the row a release shows. */
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
  isExpired: boolean;
  lastPasswordChange: Date | null;
  attributes: Record<string, unknown>;
}

/** A group. */
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

/** An API key. The simulator keeps the secret, so that what proves it is only derived when asked for. */
export interface ApiKeyRow {
  readonly id: number;
  name: string;
  username: string;
  uid: number;
  createdAt: Date;
  expiresAt: Date | null;
  revokedReason: string | null;
  /** The 64 characters after the dash. */
  secret: string;
  salt: Buffer;
  /** What a key of 24.10 may do: it belongs to nobody, and its list is all it has. */
  allowlist?: readonly AllowlistItem[];
}
