/** Who may do what on the NAS, and by which proof: accounts, API keys, and the key of this server. */
import { API_KEYS_PLACE } from '../truenas/api-key.ts';
import type { FindingKind } from './finding.ts';
import { type Judged, judging } from './judging.ts';

const kind = (
  id: string,
  level: FindingKind['level'],
  what: string,
  means: string,
  seeAlso: string,
  more: Partial<FindingKind> = {},
): FindingKind => ({ id: `accounts.${id}`, level, what, means, certainty: 'sure', seeAlso, ...more });

const USERS = 'Credentials > Users';
const KEYS = API_KEYS_PLACE;

/** Every kind of finding here. */
export const ACCOUNT_TROUBLES = {
  own_full_admin: kind(
    'own_full_admin',
    'WARNING',
    'this server reads with full administration',
    'Whoever gets at its key can do everything; reading needs no more than READONLY_ADMIN.',
    `${USERS}: a user with READONLY_ADMIN and a key of its own`,
  ),
  own_more_roles: kind(
    'own_more_roles',
    'NOTE',
    'this server reads with roles that reading does not need',
    'A key that changes things is safer apart from the one that reads.',
    'Credentials > Groups > Privileges',
  ),
  second_factor_off: kind(
    'second_factor_off',
    'WARNING',
    'two-factor sign-in is off for the whole NAS',
    'A password that somebody learned is enough to administer the NAS.',
    'System > Advanced Settings > Global Two Factor Authentication',
  ),
  no_second_factor: kind(
    'no_second_factor',
    'WARNING',
    'administrator without a second factor',
    'A password that somebody learned is enough.',
    `${USERS}: the user, Configure 2FA`,
  ),
  root_password: kind(
    'root_password',
    'WARNING',
    'root signs in by password',
    'The one name that everybody knows; the audit log does not tell who it was.',
    `${USERS} > root`,
  ),
  ssh_password: kind(
    'ssh_password',
    'WARNING',
    'signs in over SSH by password',
    'Passwords are guessed by machines; keys are not.',
    `${USERS}; System > Services > SSH`,
  ),
  sudo_without_password: kind(
    'sudo_without_password',
    'WARNING',
    'sudo without a password',
    'Any program of that user becomes root without a question.',
    `${USERS}: the user, sudo`,
  ),
  directory_admins: kind(
    'directory_admins',
    'NOTE',
    'a group of the directory administers',
    'Who is in it is decided outside the NAS.',
    'list_items {"kind":"privilege"}',
  ),
  key_full_admin: kind(
    'key_full_admin',
    'NOTE',
    'API key of a full administrator',
    'A key knows no second factor: whoever has it can do everything.',
    KEYS,
  ),
  key_never_expires: kind(
    'key_never_expires',
    'NOTE',
    'API key that never expires',
    'A key that got lost works for ever.',
    KEYS,
  ),
  key_old: kind(
    'key_old',
    'WARNING',
    'API key not renewed for a year',
    'The longer a key is in use, the more places have a copy.',
    KEYS,
  ),
  key_expiring: kind(
    'key_expiring',
    'WARNING',
    'API key about to expire',
    'The program that uses it stops working on that day.',
    KEYS,
  ),
  key_dead: kind(
    'key_dead',
    'NOTE',
    'API key that is expired or revoked',
    'Its program does not work any more, or nobody misses it.',
    KEYS,
  ),
  locked: kind('locked', 'NOTE', 'locked account', 'Somebody locked it: it may be deleted.', USERS),
  unused: kind(
    'unused',
    'NOTE',
    'account without a sign-in in the audit log',
    'An account that nobody uses is one that nobody watches.',
    USERS,
    { certainty: 'likely' },
  ),
} as const;
export type AccountTrouble = keyof typeof ACCOUNT_TROUBLES;

export const ACCOUNT_KINDS: readonly FindingKind[] = Object.values(ACCOUNT_TROUBLES);

/** Null is not known, in every field. Names are safe text. */
export interface AccountFacts {
  readonly name: string;
  readonly isRoot: boolean;
  readonly roles: readonly string[] | null;
  readonly isLocked: boolean | null;
  readonly hasPassword: boolean | null;
  readonly mayUseSshPassword: boolean | null;
  readonly hasSecondFactor: boolean | null;
  readonly sudoWithoutPassword: 'all' | 'some' | 'none' | null;
  /** Keys that sign in over SSH. */
  readonly sshKeys: number | null;
  /** Days since the password was set, where the NAS tells. */
  readonly passwordDays: number | null;
  /** The last sign-in that the log tells; `none` where it tells none. */
  readonly seenMs: number | 'none' | null;
}

export interface KeyFacts {
  readonly name: string;
  readonly owner: string | null;
  readonly ownerRoles: readonly string[] | null;
  readonly createdMs: number | null;
  /** `has none` on releases whose keys cannot expire. */
  readonly expires: number | 'never' | 'has none' | null;
  readonly isRevoked: boolean | null;
  readonly revokedReason: string | null;
}

/** What holds for the whole NAS. */
export interface SignInFacts {
  readonly isSecondFactorOn: boolean | null;
  readonly sshRuns: boolean | null;
  readonly everyoneMayUseSshPassword: boolean | null;
  readonly sshPasswordGroups: readonly string[] | null;
  /** Since when sign-ins are told, as text; null where the log could not be read. */
  readonly seenSince: string | null;
}

/** True for full administration; null where the roles are not known. */
export function isFullAdmin(roles: readonly string[] | null): boolean | null {
  return roles === null ? null : roles.includes('FULL_ADMIN');
}

/** Troubles of accounts. A locked account signs in by nothing. */
export function judgeAccounts(accounts: readonly AccountFacts[], signIn: SignInFacts): Judged {
  const { when, judged } = judging(ACCOUNT_TROUBLES);
  when('second_factor_off', 'the NAS', [not(signIn.isSecondFactorOn)]);
  when('ssh_password', 'every account', [signIn.sshRuns, signIn.everyoneMayUseSshPassword]);
  const groups = signIn.sshPasswordGroups;
  when(
    'ssh_password',
    `groups ${groups?.join(', ') ?? '?'}`,
    [signIn.sshRuns, not(signIn.everyoneMayUseSshPassword), groups === null ? null : groups.length > 0],
    'by the settings of SSH',
  );
  for (const each of accounts) {
    const { name, roles, isLocked, hasPassword } = each;
    const isUsable = not(isLocked);
    const admin = isFullAdmin(roles) === true ? 'full administrator' : null;
    when('locked', name, [isLocked], admin);
    when('root_password', name, [each.isRoot, isUsable, hasPassword]);
    when(
      'no_second_factor',
      name,
      [
        roles === null ? null : roles.length > 0,
        isUsable,
        hasPassword,
        signIn.isSecondFactorOn,
        not(each.hasSecondFactor),
      ],
      admin,
    );
    when('ssh_password', name, [isUsable, hasPassword, each.mayUseSshPassword, signIn.sshRuns], admin);
    const sudo = each.sudoWithoutPassword;
    when(
      'sudo_without_password',
      name,
      [isUsable, sudo === null ? null : sudo !== 'none'],
      sudo === 'all' ? 'every command' : 'some commands',
    );
    const isUnseen = each.seenMs === null ? null : each.seenMs === 'none';
    // That the log cannot be read is told once, not of each.
    if (isUnseen !== null) when('unused', name, [isUsable, isUnseen, hasPassword]);
  }
  return judged();
}

/** A year: NIST and the CIS ask for shorter ones, nobody for longer. */
const OLD_DAYS = 365;
const SOON_DAYS = 30;
const DAY_MS = 86_400_000;

/** Troubles of API keys. What is revoked or expired has no other. */
export function judgeKeys(keys: readonly KeyFacts[], nowMs: number): Judged {
  const { when, judged } = judging(ACCOUNT_TROUBLES);
  for (const { name, owner, ownerRoles, createdMs, expires, isRevoked, revokedReason } of keys) {
    const about = `${name} (${owner ?? 'owner not told'})`;
    const isExpired = expires === null ? null : typeof expires === 'number' && expires <= nowMs;
    const isDead = or(isRevoked, isExpired);
    const isAlive = not(isDead);
    const daysLeft = typeof expires === 'number' ? Math.floor((expires - nowMs) / DAY_MS) : null;
    const ageDays = createdMs === null ? null : Math.floor((nowMs - createdMs) / DAY_MS);
    when('key_dead', about, [isDead], isRevoked === true ? (revokedReason ?? 'revoked') : 'expired');
    if (isDead === null) continue;
    when('key_full_admin', about, [isAlive, isFullAdmin(ownerRoles)]);
    when('key_never_expires', about, [isAlive, expires === null ? null : expires === 'never']);
    when('key_expiring', about, [isAlive, daysLeft !== null && daysLeft < SOON_DAYS], `in ${daysLeft} days`);
    when('key_old', about, [isAlive, ageDays === null ? null : ageDays > OLD_DAYS], `${ageDays} days`);
  }
  return judged();
}

/** Troubles of the session by which this server reads. */
export function judgeServer(
  account: string,
  roles: readonly string[] | null,
  needed: readonly string[],
): Judged {
  const { when, judged } = judging(ACCOUNT_TROUBLES);
  const isFull = isFullAdmin(roles);
  when('own_full_admin', account, [isFull]);
  const more =
    roles?.filter((role) => !role.endsWith('_READ') && role !== 'READONLY_ADMIN' && !needed.includes(role)) ??
    [];
  const shown = `${more.slice(0, 5).join(', ')}${more.length > 5 ? ` and ${more.length - 5} more` : ''}`;
  when('own_more_roles', account, [not(isFull), roles === null ? null : more.length > 0], shown);
  return judged();
}

function not(flag: boolean | null): boolean | null {
  return flag === null ? null : !flag;
}

function or(one: boolean | null, other: boolean | null): boolean | null {
  return one === true || other === true ? true : one === null || other === null ? null : false;
}
