/** Accounts and ways to sign in, part by part: one that cannot be read leaves the rest. */
import type { AccountFacts, SignInFacts } from '../../findings/accounts.ts';
import { formatInstant } from '../../output/time.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { OlderProduct } from '../../policy/older-places.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { keysIn } from '../items/accounts/user.ts';
import { gapsOf, readRows } from './read-rows.ts';
import { field, objectOf, type RowOf, rowsOf } from '../support/rows.ts';

/** Methods that are read here. */
export const ACCOUNT_USES = [
  'audit.query',
  'auth.twofactor.config',
  'group.query',
  'privilege.query',
  'service.query',
  'ssh.config',
  'user.query',
] as const;

/** Sign-ins that are looked through, the newest first. */
const MAX_SIGN_INS = 1_000;

const USER = {
  sshpubkey: keysIn,
  password_age: field.number,
  username: field.rawText,
  uid: field.number,
  roles: field.texts,
  locked: field.flag,
  password_disabled: field.flag,
  ssh_password_enabled: field.flag,
  twofactor_auth_configured: field.flag,
  sudo_commands_nopasswd: field.rawTexts,
};
/** CORE has switches in place of commands without a password. */
const CORE_SUDO = { sudo: field.flag, sudo_nopasswd: field.flag, sudo_commands: field.rawTexts };
type CoreSudo = RowOf<typeof CORE_SUDO>;
const GROUP = { gid: field.number, group: field.text, sudo_commands_nopasswd: field.rawTexts };
const PRIVILEGE = { name: field.text, ds_groups: field.objects({ group: field.text }), roles: field.texts };

/** What was read, and what could not be. */
export interface AccountReading {
  readonly accounts: readonly AccountFacts[];
  /** Groups of the directory with a privilege, and its name. */
  readonly directoryGroups: readonly (readonly [group: string, privilege: string])[];
  readonly sudoGroups: readonly (readonly [group: string, commands: 'all' | 'some'])[];
  readonly signIn: SignInFacts;
  readonly gaps: readonly string[];
}

/** Reads accounts and the ways to sign in. */
export async function readAccounts(
  nas: ReadClient,
  product: OlderProduct | undefined,
): Promise<AccountReading> {
  const isCore = product === 'CORE';
  const [users, groups, privileges, twoFactor, ssh, services, seen] = await Promise.all([
    readRows(nas, 'user.query', isCore ? { ...USER, ...CORE_SUDO } : USER, {
      filters: PEOPLE,
      orderBy: ['uid'],
    }),
    readRows(nas, 'group.query', isCore ? { ...GROUP, ...CORE_SUDO } : GROUP, {
      filters: [['local', '=', true]],
      orderBy: ['gid'],
    }),
    isCore ? NONE : readRows(nas, 'privilege.query', PRIVILEGE),
    readPart(nas, async (limited) =>
      objectOf(await limited.call('auth.twofactor.config'), { enabled: field.flag }),
    ),
    readPart(nas, async (limited) =>
      objectOf(await limited.call('ssh.config'), {
        passwordauth: field.flag,
        password_login_groups: field.texts,
      }),
    ),
    readRows(
      nas,
      'service.query',
      { service: field.rawText, state: field.text },
      { filters: [['service', '=', 'ssh']] },
    ),
    isCore ? {} : readSignIns(nas),
  ]);
  const { value: signIns, gap: unseen }: SignIns = seen;
  const isSecondFactorOn = valueOr(twoFactor, undefined)?.enabled ?? null;
  const state = valueOr(services, [])[0]?.state ?? null;
  return {
    accounts: valueOr(users, []).map((row) => ({
      ...accountOf(row, signIns?.byName),
      ...(isCore ? ofCore(row as typeof row & CoreSudo, isSecondFactorOn) : {}),
    })),
    directoryGroups: valueOr(privileges, []).flatMap(({ name, ds_groups: all }) =>
      (all ?? []).map(({ group }) => [safeCell(group ?? '?', 60), safeCell(name ?? '?', 60)] as const),
    ),
    sudoGroups: valueOr(groups, []).flatMap(({ group, ...row }) => {
      const sudo = isCore ? coreSudo(row as typeof row & CoreSudo) : sudoIn(row.sudo_commands_nopasswd);
      return sudo === 'all' || sudo === 'some' ? [[safeCell(group ?? '?', 60), sudo] as const] : [];
    }),
    signIn: {
      isSecondFactorOn,
      sshRuns: state === null ? null : state === 'RUNNING',
      everyoneMayUseSshPassword: valueOr(ssh, undefined)?.passwordauth ?? null,
      sshPasswordGroups:
        valueOr(ssh, undefined)?.password_login_groups?.map((name) => safeCell(name, 60)) ?? null,
      seenSince: signIns?.since ?? null,
    },
    gaps: [
      ...gapsOf({
        accounts: users,
        'sudo of groups': groups,
        privileges,
        'whether two-factor sign-in is on': twoFactor,
        'settings of SSH': ssh,
        'whether SSH runs': services,
      }),
      ...('value' in privileges && privileges.value.some((row) => row.ds_groups === null)
        ? ['which groups of the directory administer']
        : []),
      ...('value' in groups &&
      groups.value.some((row) =>
        isCore ? coreSudo(row as typeof row & CoreSudo) === null : row.sudo_commands_nopasswd === null,
      )
        ? ['sudo of some groups']
        : []),
      ...(unseen === undefined ? [] : [unseen]),
    ],
  };
}

/** People and programs, and root; accounts of the directory are many, and not made here. */
const PEOPLE = [
  ['local', '=', true],
  [
    'OR',
    [
      ['builtin', '=', false],
      ['uid', '=', 0],
    ],
  ],
] as const;

function accountOf(row: RowOf<typeof USER>, seen: ReadonlyMap<string, number> | undefined): AccountFacts {
  const name = row.username;
  return {
    name: safeCell(name ?? '?', 60),
    isRoot: row.uid === 0,
    roles: row.roles,
    isLocked: row.locked,
    hasPassword: row.password_disabled === null ? null : !row.password_disabled,
    mayUseSshPassword: row.ssh_password_enabled,
    hasSecondFactor: row.twofactor_auth_configured,
    sudoWithoutPassword: sudoIn(row.sudo_commands_nopasswd),
    sshKeys: row.sshpubkey,
    passwordDays: row.password_age,
    seenMs: seen === undefined || name === null ? null : (seen.get(name) ?? 'none'),
  };
}

/** CORE has no privileges: root alone administers, by one second factor for the whole NAS. */
function ofCore(row: { readonly uid: number | null } & CoreSudo, isSecondFactorOn: boolean | null) {
  const isRoot = row.uid === 0;
  return {
    roles: row.uid === null ? null : isRoot ? ['FULL_ADMIN'] : [],
    sudoWithoutPassword: coreSudo(row),
    hasSecondFactor: isRoot ? isSecondFactorOn : null,
  };
}

function coreSudo({
  sudo,
  sudo_nopasswd: isFree,
  sudo_commands: commands,
}: CoreSudo): AccountFacts['sudoWithoutPassword'] {
  if (sudo === false || isFree === false) return 'none';
  if (sudo === null || isFree === null || commands === null) return null;
  return commands.length === 0 ? 'all' : 'some';
}

const NONE = { value: [] as RowOf<typeof PRIVILEGE>[] };

function sudoIn(commands: readonly string[] | null): AccountFacts['sudoWithoutPassword'] {
  if (commands === null) return null;
  if (commands.length === 0) return 'none';
  return commands.some((command) => command.trim().toUpperCase() === 'ALL') ? 'all' : 'some';
}

interface SignIns {
  readonly value?: { readonly byName: ReadonlyMap<string, number>; readonly since: string };
  readonly gap?: string;
}

/** When each account signed in last, to the API, the web interface or SMB, and since when the log tells it. */
async function readSignIns(nas: ReadClient): Promise<SignIns> {
  const shape = { username: field.rawText, message_timestamp: field.number };
  const parts = await Promise.all(
    ['MIDDLEWARE', 'SMB'].map((service) =>
      readPart(nas, async (limited) => {
        const filters = [
          ['event', '=', 'AUTHENTICATION'],
          ['success', '=', true],
        ] as const;
        const [sent, asked] = query({
          filters,
          select: Object.keys(shape),
          orderBy: ['-message_timestamp'],
          limit: MAX_SIGN_INS,
        });
        const params = [{ services: [service], 'query-filters': sent, 'query-options': asked }];
        return rowsOf(await limited.call('audit.query', params), shape);
      }),
    ),
  );
  const gap = parts.map((part) => gapText(part)).find((text) => text !== undefined);
  if (gap !== undefined) return { gap: `when accounts signed in last ${gap}` };
  const all = parts.flatMap((part) => valueOr(part, []));
  if (all.length === 0) return { gap: 'when accounts signed in last: the audit log tells no sign-in' };
  if (all.some((row) => row.username === null || row.message_timestamp === null)) {
    return { gap: 'when accounts signed in last: the audit log does not tell of each who and when' };
  }
  const byName = new Map<string, number>();
  // A page that is full reaches back less far than the log does.
  const starts = parts.flatMap((part) => valueOr(part, []).at(-1)?.message_timestamp ?? []);
  const fullStarts = parts.flatMap((part) => {
    const rows = valueOr(part, []);
    return rows.length < MAX_SIGN_INS ? [] : (rows.at(-1)?.message_timestamp ?? []);
  });
  const sinceSeconds = fullStarts.length > 0 ? Math.max(...fullStarts) : Math.min(...starts);
  for (const { username, message_timestamp: seconds } of all) {
    if (username === null || seconds === null) continue;
    byName.set(username, Math.max(byName.get(username) ?? 0, seconds * 1000));
  }
  return { value: { byName, since: formatInstant(sinceSeconds * 1000) } };
}
