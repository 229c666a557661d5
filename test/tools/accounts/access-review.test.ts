/** Who may do what: whole answers, and what stays unknown. */
import { describe, expect, test } from 'vitest';
import { TrueNasError } from '../../../src/truenas/errors.ts';
import {
  ACCOUNT_TROUBLES,
  type AccountFacts,
  judgeAccounts,
  judgeKeys,
  judgeServer,
} from '../../../src/findings/accounts.ts';
import { runTool, toolNamed, useTools } from '../../support/tools.ts';
import { ago, nasWith } from '../support/hand-made-nas.ts';

describe.each(['25.04', '25.10', '27.0'] as const)('on %s', (release) => {
  const bench = useTools({ release });
  test('the whole NAS', async () => {
    expect(await bench.ask('access_review')).toMatchInlineSnapshot(`
      "WARNING: 2 of 5 local accounts may administer, 1 API key
      WARNING two-factor sign-in is off for the whole NAS [accounts.second_factor_off]: the NAS → System > Advanced Settings > Global Two Factor Authentication
      WARNING sudo without a password [accounts.sudo_without_password]: truenas_admin (every command) → Credentials > Users: the user, sudo
      WARNING this server reads with full administration [accounts.own_full_admin]: truenas_admin → Credentials > Users: a user with READONLY_ADMIN and a key of its own
      NOTE account without a sign-in in the audit log, likely [accounts.unused]: alice → Credentials > Users
      NOTE locked account [accounts.locked]: bob → Credentials > Users
      NOTE API key of a full administrator [accounts.key_full_admin]: simulator (truenas_admin) → user menu at the top right > My API Keys
      NOTE API key that never expires [accounts.key_never_expires]: simulator (truenas_admin) → user menu at the top right > My API Keys
      This server reads as truenas_admin by key simulator: roles FULL_ADMIN. All its tools together read with 58 roles, which READONLY_ADMIN includes; a change goes by the key set for changes, if one is.
      Sign-ins are told since 2026-02-23 07:00Z, to the API, the web interface and SMB; those over SSH and NFS are not in the log.
      5 accounts
      account        roles       locked  password  second_factor  sudo_without_password  ssh_keys  password_days  last_sign_in
      root           FULL_ADMIN  no      no        no             none                   0         -              none told
      truenas_admin  FULL_ADMIN  no      yes       no             all                    0         200            2026-03-01 12:00Z
      alice          -           no      yes       no             none                   0         200            none told
      backup         -           no      no        no             none                   0         -              none told
      bob            -           yes     yes       no             none                   0         200            none told"
    `);
  });
});

const user = {
  ...{ username: 'eva', uid: 3000, roles: ['FULL_ADMIN'], locked: false, password_disabled: false },
  ...{
    ssh_password_enabled: true,
    twofactor_auth_configured: false,
    sudo_commands_nopasswd: [],
    builtin: false,
  },
};
const key = { id: 1, name: 'script', username: 'eva', created_at: ago(10), expires_at: null, revoked: false };
const seconds = Math.floor(ago(1).getTime() / 1000);

/** A NAS with one administrator, one key, SSH that runs and a second factor that is asked for. */
const small = (answers: Parameters<typeof nasWith>[0]) =>
  nasWith({
    'user.query': [user],
    'api_key.query': [key],
    'group.query': [],
    'privilege.query': [],
    'auth.twofactor.config': { enabled: true },
    'ssh.config': { passwordauth: false, password_login_groups: [] },
    'service.query': [{ service: 'ssh', state: 'RUNNING' }],
    'audit.query': [{ username: 'eva', message_timestamp: seconds }],
    'auth.me': { pw_name: 'reader', privilege: { roles: ['READONLY_ADMIN', 'POOL_READ'] } },
    'auth.sessions': [{ credentials_data: { api_key: { name: 'mcp' } } }],
    ...answers,
  });
const review = async (answers: Parameters<typeof nasWith>[0], args = {}) =>
  (await runTool(small(answers), toolNamed('access_review'), args)).text;
const refused = new TrueNasError('not-authorized', {
  summary: 'refused',
  nextStep: 'none',
  method: 'audit.query',
});

test('what is found of one administrator', async () => {
  const text = await review({});
  expect(text).toContain('signs in over SSH by password [accounts.ssh_password]: eva (full administrator)');
  expect(text).toContain('administrator without a second factor [accounts.no_second_factor]: eva');
  expect(text).toContain('This server reads as reader by key mcp: roles READONLY_ADMIN.');
  expect(text).not.toContain('accounts.unused');
});

test('SSH that does not run lets nobody in by password', async () => {
  expect(await review({ 'service.query': [{ service: 'ssh', state: 'STOPPED' }] })).not.toContain(
    'ssh_password',
  );
});

test('an audit log that cannot be read makes no account unused', async () => {
  const text = await review({ 'audit.query': refused });
  expect(text).toMatch(/^UNKNOWN: /u);
  expect(text).toContain(
    'when accounts signed in last could not be read (not allowed for this API key, role SYSTEM_AUDIT_READ)',
  );
  expect(text).not.toContain('accounts.unused');
});

test('an audit log without a sign-in makes no account unused either', async () => {
  const text = await review({ 'audit.query': [] });
  expect(text).toContain('the audit log tells no sign-in');
  expect(text).not.toContain('accounts.unused');
});

test('users that cannot be read leave the keys', async () => {
  const text = await review({ 'user.query': refused });
  expect(text).toContain('accounts could not be read');
  expect(text).toContain('API key that never expires [accounts.key_never_expires]: script (eva)');
  expect(text).toContain('script (eva): whether "API key of a full administrator" holds');
});

const nobody: AccountFacts = {
  name: 'x',
  isRoot: false,
  roles: [],
  isLocked: false,
  hasPassword: true,
  mayUseSshPassword: false,
  hasSecondFactor: true,
  sudoWithoutPassword: 'none',
  sshKeys: 0,
  passwordDays: 1,
  seenMs: 1,
};
const calm = {
  ...{ isSecondFactorOn: true, sshRuns: true, everyoneMayUseSshPassword: false, sshPasswordGroups: [] },
  seenSince: 'yesterday',
};

test('an account in order is no trouble; one of which a fact is not known is not in order', () => {
  expect(judgeAccounts([nobody], calm)).toEqual({ findings: [], unknown: [] });
  for (const fact of ['isLocked', 'hasPassword', 'mayUseSshPassword', 'sudoWithoutPassword'] as const) {
    const { unknown } = judgeAccounts(
      [{ ...nobody, roles: ['FULL_ADMIN'], mayUseSshPassword: true, [fact]: null }],
      calm,
    );
    expect([fact, unknown.length > 0]).toEqual([fact, true]);
  }
});

test('a locked account signs in by nothing', () => {
  const locked = {
    ...nobody,
    isLocked: true,
    mayUseSshPassword: true,
    roles: ['FULL_ADMIN'],
    hasSecondFactor: false,
  };
  expect(
    judgeAccounts([{ ...locked, sudoWithoutPassword: 'all' }], calm).findings.map(({ kind }) => kind.id),
  ).toEqual([ACCOUNT_TROUBLES.locked.id]);
});

const NOW = ago(0).getTime();
const good = {
  ...{ name: 'k', owner: 'eva', ownerRoles: [], createdMs: NOW - 1, expires: NOW + 90 * 86_400_000 },
  ...{ isRevoked: false, revokedReason: null },
};

test.each([
  ['in order', {}, []],
  ['revoked and old', { isRevoked: true, createdMs: 0, expires: 'never' }, ['accounts.key_dead']],
  ['expired of a revocation that is not told', { isRevoked: null, expires: NOW - 1 }, ['accounts.key_dead']],
  [
    'of 366 days that ends in 29',
    { createdMs: NOW - 366 * 86_400_000, expires: NOW + 29 * 86_400_000 },
    ['accounts.key_expiring', 'accounts.key_old'],
  ],
] as const)('a key %s', (_, change, ids) => {
  const { findings, unknown } = judgeKeys([{ ...good, ...change }], NOW);
  expect([findings.map(({ kind }) => kind.id), unknown]).toEqual([ids, []]);
});

test('roles that reading needs are none too many', () => {
  const roles = ['READONLY_ADMIN', 'POOL_READ', 'SHARING_ADMIN'];
  expect(judgeServer('me', roles, ['SHARING_ADMIN']).findings).toEqual([]);
  expect(judgeServer('me', roles, []).findings.map(({ evidence }) => evidence)).toEqual(['SHARING_ADMIN']);
  expect(judgeServer('me', null, []).unknown).toHaveLength(2);
});
