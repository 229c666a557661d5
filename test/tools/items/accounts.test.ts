import { describe, expect, test } from 'vitest';
import { askTool, refusing, useTools } from '../../support/tools.ts';
import { ago, ask } from '../support/hand-made-nas.ts';

describe.each(['25.04', '25.10', '27.0'] as const)('on %s', (release) => {
  const bench = useTools({ release });

  test('users come with all their groups, the first one first, and whether a second factor is asked for', async () => {
    expect(await bench.ask('list_items', { kind: 'user' })).toBe(
      [
        '5 users',
        '(built-in users but root are left out: filter builtin=true shows them)',
        '(two-factor sign-in is switched off for the whole NAS: nobody is asked for a code)',
        'name           uid    full_name            groups                                 roles       locked  smb  sudo                  second_factor  password_disabled',
        'alice          3,000  Alice                family, builtin_users                  -           no      yes  no                    no             no',
        'backup         3,002  Backup service       backup                                 -           no      no   no                    no             yes',
        'bob            3,001  Bob                  family, builtin_users                  -           yes     yes  no                    no             no',
        'root           0      root                 root                                   FULL_ADMIN  no      no   no                    no             yes',
        'truenas_admin  950    Local Administrator  truenas_admin, builtin_administrators  FULL_ADMIN  no      no   all without password  no             no',
      ].join('\n'),
    );
  });

  test('groups come with everybody in them, also those whose first group it is', async () => {
    expect(await bench.ask('list_items', { kind: 'group' })).toBe(
      [
        '4 groups',
        '(built-in groups but builtin_administrators are left out: filter builtin=true shows them)',
        'name                    gid    members        roles       smb  sudo',
        'backup                  3,001  backup         -           no   no',
        'builtin_administrators  544    truenas_admin  FULL_ADMIN  yes  no',
        'family                  3,000  alice, bob     -           yes  no',
        'truenas_admin           950    truenas_admin  -           no   no',
      ].join('\n'),
    );
  });

  test('a privilege comes with the people who have it', async () => {
    expect(await bench.ask('get_item', { kind: 'privilege', id: 'Local Administrator' })).toBe(
      [
        'name: Local Administrator',
        'groups: builtin_administrators',
        'directory_groups: -',
        'roles: FULL_ADMIN',
        'web_shell: yes',
        'builtin: yes',
        'id: 1',
        'users:',
        '  truenas_admin',
      ].join('\n'),
    );
  });

  test('sessions say who is signed in, from where and by which key; this one is told apart', async () => {
    expect(await bench.ask('list_items', { kind: 'session' })).toBe(
      [
        '1 session',
        'user           from       since              mechanism  api_key    current',
        'truenas_admin  127.0.0.1  2026-03-01 12:00Z  API_KEY    simulator  yes',
      ].join('\n'),
    );
  });

  test('an API key says whose it is and what it may do, and shows nothing that proves it', async () => {
    const text = await bench.ask('get_item', { kind: 'api_key', id: 'simulator' });
    expect(text).toBe(
      [
        'name: simulator',
        'owner: truenas_admin',
        'state: active',
        'created: 2026-03-01 12:00Z',
        'age_days: 0',
        'expires: never',
        'days_left: -',
        'revoked: no',
        'revoked_reason: -',
        'sessions: 1',
        'roles: FULL_ADMIN',
        'local: yes',
        'id: 1',
      ].join('\n'),
    );
  });
});

describe('on 27.0', () => {
  const bench = useTools({ release: '27.0' });

  test('users stay whole where the settings of the second factor may not be read', async () => {
    const nas = refusing(bench.nas, 'auth.twofactor.config');
    const text = await askTool(nas, 'list_items', { kind: 'user', name: 'alice' });
    expect(text).toContain(
      '(whether two-factor sign-in is switched on could not be read (not allowed for this API key, role SYSTEM_SECURITY_READ))',
    );
    expect(text).toMatch(/^alice .* no {13}no$/mu);
  });

  test('a key that only reads sees the same of users', async () => {
    const fields = ['ssh_keys', 'second_factor', 'password_changed', 'password_age_days', 'locked', 'sudo'];
    const whole = await bench.ask('list_items', { kind: 'user', fields });
    expect(whole).toMatch(/^alice +0 +no +2025-08-13 12:00Z +200 +no +no$/mu);
    bench.simulator.control.setRoles(['READONLY_ADMIN']);
    expect(await bench.ask('list_items', { kind: 'user', fields })).toBe(whole);
  });
});

const key = {
  id: 4,
  name: 'monitoring',
  username: 'monitor',
  user_identifier: 3005,
  created_at: ago(400),
  expires_at: null,
  local: true,
  revoked: false,
  revoked_reason: null,
};

test.each([
  ['without an end', {}, 'active', 'never'],
  ['that ends', { expires_at: ago(-30) }, 'active', '2026-03-31'],
  ['that has ended', { expires_at: ago(3) }, 'expired', '2026-02-26'],
  [
    'that was revoked, its end forgotten',
    { revoked: true, revoked_reason: 'Was sent in clear' },
    'revoked',
    undefined,
  ],
  ['whose end is not told', { expires_at: 'soon' }, undefined, undefined],
])('an API key %s', async (_, odd, state, expires) => {
  const { data } = await ask({ 'api_key.query': [{ ...key, ...odd }] }, 'list_items', { kind: 'api_key' });
  expect(data.rows).toEqual([
    expect.objectContaining({ name: 'monitoring', owner: 'monitor', age_days: 400 }),
  ]);
  expect([data.rows[0].state, data.rows[0].expires]).toEqual([state, expires]);
});

test('a key whose sign-ins were cut off says why', async () => {
  const rows = [{ ...key, revoked: true, revoked_reason: 'Was sent in clear' }];
  const { text } = await ask({ 'api_key.query': rows }, 'list_items', {
    kind: 'api_key',
    filter: ['state!=active'],
    fields: ['state', 'revoked_reason'],
  });
  expect(text).toMatch(/^monitoring +revoked +Was sent in clear$/mu);
});

const session = {
  id: 'c1b7',
  current: false,
  origin: '[2001:db8::7]:51234',
  credentials: 'TOKEN',
  credentials_data: {
    username: null,
    parent: {
      credentials: 'LOGIN_PASSWORD',
      credentials_data: { username: 'alice', login_at: ago(1) },
    },
  },
  created_at: ago(0),
  secure_transport: true,
};

test('a session by a token is that of whoever made the token', async () => {
  const { data } = await ask({ 'auth.sessions': [session] }, 'list_items', {
    kind: 'session',
    fields: ['from', 'mechanism', 'signed_in'],
  });
  expect(data.rows).toEqual([
    { user: 'alice', from: '2001:db8::7', mechanism: 'TOKEN', signed_in: '2026-02-28T12:00:00Z' },
  ]);
});

test('a session of nobody and from no address stays as the NAS tells it', async () => {
  const odd = { ...session, origin: 'UNIX socket (pid=7 uid=0)', credentials_data: {} };
  const { data } = await ask({ 'auth.sessions': [odd] }, 'list_items', { kind: 'session', fields: ['from'] });
  expect(data.rows).toEqual([{ from: 'UNIX socket (pid=7 uid=0)' }]);
});

test.each([
  [null, 0],
  ['ssh-ed25519 AAAA a\n# old\nssh-rsa BBBB b\n', 2],
  ['********', undefined],
  [7, undefined],
])('public keys of a user are counted, and unknown ones are not none: %j', async (sshpubkey, count) => {
  const rows = [{ username: 'alice', sshpubkey, groups: [] }];
  const { data } = await ask({ 'user.query': rows }, 'list_items', { kind: 'user', fields: ['ssh_keys'] });
  expect(data.rows).toEqual([count === undefined ? { name: 'alice' } : { name: 'alice', ssh_keys: count }]);
});

test('a member who cannot be looked up is named by number, and a group that exists no more is said to be gone', async () => {
  const groups = [
    {
      id: 9,
      gid: 3009,
      group: 'ops',
      users: [71],
      roles: [],
      sudo_commands: ['ALL'],
      sudo_commands_nopasswd: [],
    },
  ];
  const { data } = await ask({ 'group.query': groups, 'user.query': [] }, 'list_items', { kind: 'group' });
  expect(data.rows[0]).toMatchObject({ name: 'ops', members: ['user 71'], sudo: 'all' });
  const privileges = [
    {
      id: 9,
      name: 'Ops',
      builtin_name: null,
      local_groups: [{ gid: 3010, sid: null, group: null }],
      ds_groups: [],
      roles: ['SHARING_ADMIN'],
      web_shell: false,
    },
  ];
  const answer = await ask({ 'privilege.query': privileges }, 'list_items', { kind: 'privilege' });
  expect(answer.data.rows[0]).toMatchObject({ groups: ['gid 3010, which does not exist'], builtin: false });
});
