import { beforeAll, describe, expect, it } from 'vitest';
import { oneTimeCode } from '../../src/auth/otp.ts';
import { SIM_RELEASES } from '../../src/releases.ts';
import { answerProblems } from '../support/contract.ts';
import { scramSignIn } from '../support/scram-client.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

const PASSWORD = 'simulated-password';

/** The answer, or the reason of the refusal. */
function outcome(call: Promise<Json>): Promise<Json> {
  return call.catch((thrown: { data: { reason: string } }) => thrown.data.reason);
}

for (const release of SIM_RELEASES) {
  describe(`signing in to ${release}`, () => {
    const nas = withSimulator({ release });
    const stranger = (): Promise<RawConnection> => nas.connect({ isSignedIn: false });

    async function loginEx(connection: RawConnection, data: object): Promise<Json> {
      const answer = await connection.call('auth.login_ex', [data]);
      expect(answerProblems(release, 'auth.login_ex', answer)).toEqual([]);
      return answer;
    }

    it('a key signs in and says who it is', async () => {
      const { username, apiKey } = nas.simulator;
      const connection = await stranger();
      const answer = await loginEx(connection, { mechanism: 'API_KEY_PLAIN', username, api_key: apiKey });
      expect(answer).toMatchObject({ response_type: 'SUCCESS', authenticator: 'LEVEL_1' });
      expect(answer.user_info.privilege.roles.$set).toContain('FULL_ADMIN');
      expect(answer.user_info.privilege.allowlist).toEqual([{ method: '*', resource: '*' }]);
      expect(answer.user_info.account_attributes).toEqual(['LOCAL', 'SYS_ADMIN', 'API_KEY']);
      expect('reconnect_token' in answer).toBe(release === '27.0');
    });

    it('user info can be left out', async () => {
      const { username, apiKey } = nas.simulator;
      const data = {
        mechanism: 'API_KEY_PLAIN',
        username,
        api_key: apiKey,
        login_options: { user_info: false },
      };
      expect((await loginEx(await stranger(), data)).user_info).toBeNull();
    });

    it.each([
      ['a wrong key', { mechanism: 'API_KEY_PLAIN', username: 'truenas_admin', api_key: '1-wrong' }],
      ['a user who does not exist', { mechanism: 'PASSWORD_PLAIN', username: 'nobody-here', password: 'x' }],
      ['a wrong password', { mechanism: 'PASSWORD_PLAIN', username: 'alice', password: 'wrong' }],
      ['a locked user', { mechanism: 'PASSWORD_PLAIN', username: 'bob', password: PASSWORD }],
      ['a user without password', { mechanism: 'PASSWORD_PLAIN', username: 'backup', password: '' }],
      ['an unknown token', { mechanism: 'TOKEN_PLAIN', token: 'nope' }],
    ])('%s is AUTH_ERR', async (_, data) => {
      expect(await loginEx(await stranger(), data)).toEqual({ response_type: 'AUTH_ERR' });
    });

    it("another user's key is AUTH_ERR", async () => {
      const data = { mechanism: 'API_KEY_PLAIN', username: 'alice', api_key: nas.simulator.apiKey };
      expect(await loginEx(await stranger(), data)).toEqual({ response_type: 'AUTH_ERR' });
    });

    it('the short forms answer true or false', async () => {
      const connection = await stranger();
      expect(await connection.call('auth.login_with_api_key', ['1-wrong'])).toBe(false);
      expect(await connection.call('auth.login_with_api_key', [nas.simulator.apiKey])).toBe(true);
      const token = await connection.call('auth.generate_token');
      const second = await stranger();
      expect(await second.call('auth.login_with_token', [token])).toBe(true);
      expect((await second.call('auth.me')).pw_name).toBe(nas.simulator.username);
      expect(await second.call('auth.login', ['truenas_admin', PASSWORD])).toBe(true);
      expect(await second.call('auth.login', ['truenas_admin', 'wrong'])).toBe(false);
    });

    it('a single-use token is good once, one with attributes never', async () => {
      const connection = await nas.connect();
      const once = await connection.call('auth.generate_token', [60, {}, true, true]);
      expect(await (await stranger()).call('auth.login_with_token', [once])).toBe(true);
      expect(await (await stranger()).call('auth.login_with_token', [once])).toBe(false);
      const limited = await connection.call('auth.generate_token', [60, { job: 1 }]);
      expect(await (await stranger()).call('auth.login_with_token', [limited])).toBe(false);
    });

    it('a one-time password is good once', async () => {
      const connection = await nas.connect();
      const password = await connection.call('auth.generate_onetime_password', [
        { username: 'truenas_admin' },
      ]);
      const data = { mechanism: 'PASSWORD_PLAIN', username: 'truenas_admin', password };
      const guest = await stranger();
      const answer = await loginEx(guest, data);
      expect(answer.user_info.account_attributes).toContain('OTPW');
      expect(await guest.call('auth.mechanism_choices')).not.toContain('TOKEN_PLAIN');
      await expect(guest.call('auth.generate_token')).rejects.toMatchObject({
        data: { errname: 'EOPNOTSUPP', reason: expect.stringContaining('LOGIN_ONETIME_PASSWORD') },
      });
      expect(await loginEx(await stranger(), data)).toEqual({ response_type: 'AUTH_ERR' });
    });

    it('logging out ends what the connection may do', async () => {
      const connection = await nas.connect();
      expect(await connection.call('auth.logout')).toBe(true);
      await expect(connection.call('auth.me')).rejects.toMatchObject({ data: { error: 207 } });
    });

    it('a code that nobody asked for is a call error', async () => {
      const connection = await stranger();
      const call = connection.call('auth.login_ex', [{ mechanism: 'OTP_TOKEN', otp_token: '123456' }]);
      await expect(call).rejects.toMatchObject({ code: -32001, data: { errname: 'EINVAL' } });
    });

    it('mechanisms are listed, before sign-in only on 27.0', async () => {
      const plain = ['API_KEY_PLAIN', 'TOKEN_PLAIN', 'PASSWORD_PLAIN'];
      const refusal = expect.stringContaining('may_create_auth_token') as unknown;
      const before = await outcome((await stranger()).call('auth.mechanism_choices'));
      const after = await outcome((await nas.connect()).call('auth.mechanism_choices'));
      const expected =
        release === '27.0'
          ? [
              [...plain, 'SCRAM'],
              [...plain, 'SCRAM'],
            ]
          : [refusal, plain];
      expect([before, after]).toEqual(expected);
    });

    it('core.ping needs sign-in on 25.04 only', async () => {
      const ping = await outcome((await stranger()).call('core.ping'));
      expect(ping).toBe(release === '25.04' ? '[ENOTAUTHENTICATED] Not authenticated' : 'pong');
    });

    it('sessions show how each came in', async () => {
      const connection = await nas.connect();
      const rows = await connection.call('auth.sessions', [[['current', '=', true]]]);
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({
        internal: false,
        credentials: 'API_KEY',
        credentials_data: { username: nas.simulator.username, api_key: { name: 'simulator' } },
        secure_transport: true,
      });
      expect(answerProblems(release, 'auth.sessions', rows)).toEqual([]);
    });
  });
}

describe.each(SIM_RELEASES)('a session of %s whose key has ended', (release) => {
  const nas = withSimulator({ release });

  it('may call what a login is enough for, and nothing else', async () => {
    const connection = await nas.connect();
    nas.simulator.control.expireKey();
    expect((await connection.call('auth.me')).pw_name).toBe(nas.simulator.username);
    expect(await connection.call('core.get_jobs', [[], { limit: 1 }])).toEqual(expect.any(Array));
    await expect(connection.call('pool.query')).rejects.toMatchObject({
      code: -32001,
      data: { error: 13, reason: '[EACCES] Session is expired' },
    });
  });
});

describe('what ends a key', () => {
  const nas = withSimulator();

  it('a key that expires or is revoked answers EXPIRED, and its open sessions end', async () => {
    const admin = await nas.connect();
    const row = await admin.call('api_key.create', [{ name: 'short', username: 'truenas_admin' }]);
    const holder = await nas.connect({ isSignedIn: false });
    const data = { mechanism: 'API_KEY_PLAIN', username: 'truenas_admin', api_key: row.key };
    expect((await holder.call('auth.login_ex', [data])).response_type).toBe('SUCCESS');
    await admin.call('api_key.delete', [row.id]);
    await expect(holder.call('pool.query')).rejects.toMatchObject({
      data: { error: 13, reason: '[EACCES] Session is expired' },
    });
    expect(await holder.call('auth.login_ex', [data])).toEqual({ response_type: 'AUTH_ERR' });

    nas.simulator.control.expireKey();
    await expect(admin.call('pool.query')).rejects.toMatchObject({
      data: { reason: '[EACCES] Session is expired' },
    });
    const again = { ...data, api_key: nas.simulator.apiKey };
    expect(await holder.call('auth.login_ex', [again])).toEqual({ response_type: 'EXPIRED' });
  });
});

describe.each([
  ['25.10', 'expireKey', 'EXPIRED'],
  ['25.10', 'revokeKey', 'EXPIRED'],
  ['27.0', 'expireKey', 'EXPIRED'],
  ['27.0', 'revokeKey', 'AUTH_ERR'],
] as const)('on %s, after %s', (release, end, response_type) => {
  const nas = withSimulator({ release });

  it(`a key is answered ${response_type}, and begins no SCRAM exchange`, async () => {
    const { username, apiKey, control } = nas.simulator;
    control[end]();
    const connection = await nas.connect({ isSignedIn: false });
    const data = { mechanism: 'API_KEY_PLAIN', username, api_key: apiKey };
    expect(await connection.call('auth.login_ex', [data])).toEqual({ response_type });
    if (release !== '27.0') return;
    const { answer } = await scramSignIn(connection, username, apiKey);
    expect(answer).toEqual({ response_type: 'AUTH_ERR' });
  });
});

describe.each([
  ['25.04', 'AUTH_ERR'],
  ['25.10', 'AUTH_ERR'],
  ['27.0', 'DENIED'],
] as const)('on %s, a user without any privilege', (release, response_type) => {
  const nas = withSimulator({ release });

  it(`is answered ${response_type}, whatever the right secret is`, async () => {
    const { username, apiKey, control } = nas.simulator;
    control.setRoles([]);
    const connection = await nas.connect({ isSignedIn: false });
    for (const secret of [
      { mechanism: 'API_KEY_PLAIN', username, api_key: apiKey },
      { mechanism: 'PASSWORD_PLAIN', username: 'alice', password: PASSWORD },
    ]) {
      expect(await connection.call('auth.login_ex', [secret])).toEqual({ response_type });
    }
  });
});

describe('a key over plain HTTP', () => {
  const network = withSimulator({ plainHttp: 'network' });
  const loopback = withSimulator({ plainHttp: 'loopback' });

  it('is revoked at once when it comes from another machine, a wrong one is not', async () => {
    const { username, apiKey } = network.simulator;
    const connection = await network.connect({ isSignedIn: false });
    expect(await connection.call('auth.login_with_api_key', [`${apiKey}x`])).toBe(false);
    const data = { mechanism: 'API_KEY_PLAIN', username, api_key: apiKey };
    expect(await connection.call('auth.login_ex', [data])).toEqual({ response_type: 'EXPIRED' });
    expect(await connection.call('auth.login_with_api_key', [apiKey])).toBe(false);
    expect(await connection.call('auth.login', ['truenas_admin', PASSWORD])).toBe(true);
    const [row] = await connection.call('api_key.query', [[['name', '=', 'simulator']]]);
    expect(row).toMatchObject({ revoked: true, revoked_reason: 'Attempt to use over an insecure transport' });
  });

  it('is welcome from the machine itself', async () => {
    expect(loopback.simulator.url).toMatch(/^ws:/);
    const connection = await loopback.connect();
    expect(await connection.call('core.ping')).toBe('pong');
  });
});

describe('the second factor', () => {
  const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  const old = withSimulator({ release: '25.10' });
  const new27 = withSimulator({ release: '27.0' });
  const first = { mechanism: 'PASSWORD_PLAIN', username: 'alice', password: PASSWORD };
  const code = (otp_token: string) => [{ mechanism: 'OTP_TOKEN', otp_token }];

  beforeAll(async () => {
    // Without any privilege a right code does not open a session.
    const admin = await old.connect();
    const user = await admin.call('user.query', [[['username', '=', 'alice']], { get: true }]);
    const group = await admin.call('group.query', [
      [['group', '=', 'builtin_administrators']],
      { get: true },
    ]);
    await admin.call('user.update', [user.id, { groups: [...user.groups, group.id] }]);
  });

  it('is asked for after the password, and opens the session', async () => {
    old.simulator.control.requireSecondFactor('alice', secret);
    const connection = await old.connect({ isSignedIn: false });
    expect(await connection.call('auth.login_ex', [first])).toEqual({
      response_type: 'OTP_REQUIRED',
      username: 'alice',
    });
    const answer = await connection.call('auth.login_ex_continue', code(oneTimeCode(secret, Date.now())));
    expect(answer).toMatchObject({
      response_type: 'SUCCESS',
      user_info: { account_attributes: ['LOCAL', '2FA'] },
    });
  });

  it('a wrong code is asked for again three times on 25.10', async () => {
    old.simulator.control.requireSecondFactor('alice', secret);
    const connection = await old.connect({ isSignedIn: false });
    await connection.call('auth.login_ex', [first]);
    const answers: string[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      answers.push((await connection.call('auth.login_ex', code('000000'))).response_type);
    }
    expect(answers).toEqual(['OTP_REQUIRED', 'OTP_REQUIRED', 'OTP_REQUIRED', 'AUTH_ERR']);
  });

  it('a wrong code is the end on 27.0', async () => {
    new27.simulator.control.requireSecondFactor('alice', secret);
    const connection = await new27.connect({ isSignedIn: false });
    await connection.call('auth.login_ex', [first]);
    expect(await connection.call('auth.login_ex', code('000000'))).toEqual({ response_type: 'AUTH_ERR' });
    await expect(connection.call('auth.login_ex', code('000000'))).rejects.toMatchObject({ code: -32001 });
  });

  it('an API key never needs it', async () => {
    expect(await (await old.connect()).call('core.ping')).toBe('pong');
  });

  it('another mechanism in between abandons the exchange', async () => {
    old.simulator.control.requireSecondFactor('alice', secret);
    const connection = await old.connect({ isSignedIn: false });
    await connection.call('auth.login_ex', [first]);
    await connection.call('auth.login_ex', [{ mechanism: 'TOKEN_PLAIN', token: 'x' }]);
    const late = connection.call('auth.login_ex', code(oneTimeCode(secret, Date.now())));
    await expect(late).rejects.toMatchObject({ code: -32001, data: { errname: 'EINVAL' } });
  });

  it('at level 2 a key is not supported', async () => {
    new27.simulator.control.setAuthenticatorLevel(2);
    const connection = await new27.connect({ isSignedIn: false });
    expect(await connection.call('auth.mechanism_choices')).toEqual(['PASSWORD_PLAIN']);
    await expect(connection.call('auth.login_with_api_key', [new27.simulator.apiKey])).rejects.toMatchObject({
      data: { error: 95, errname: 'EOPNOTSUPP' },
    });
    new27.simulator.control.setAuthenticatorLevel(1);
  });
});

describe('SCRAM', () => {
  const nas = withSimulator({ release: '27.0' });
  const plain = withSimulator({ release: '27.0', plainHttp: 'network' });
  const stranger = (): Promise<RawConnection> => nas.connect({ isSignedIn: false });

  it('signs in without sending the key, and proves the server', async () => {
    const { username, apiKey } = nas.simulator;
    const connection = await stranger();
    const { answer, isServerProven } = await scramSignIn(connection, username, apiKey);
    expect(isServerProven).toBe(true);
    expect(answer).toMatchObject({
      response_type: 'SCRAM_RESPONSE',
      scram_type: 'SERVER_FINAL_RESPONSE',
      user_info: { pw_name: username, account_attributes: ['LOCAL', 'SYS_ADMIN', 'API_KEY', 'SCRAM'] },
    });
    expect(answerProblems('27.0', 'auth.login_ex', answer)).toEqual([]);
    expect(await connection.call('core.ping')).toBe('pong');
  });

  it('binds to the certificate, and refuses another one', async () => {
    const { username, apiKey, fingerprint } = nas.simulator;
    const right = { certificateHash: Buffer.from(fingerprint, 'hex') };
    const wrong = { certificateHash: Buffer.alloc(32) };
    expect((await scramSignIn(await stranger(), username, apiKey, right)).isServerProven).toBe(true);
    const refused = await scramSignIn(await stranger(), username, apiKey, wrong);
    expect(refused.answer).toEqual({ response_type: 'AUTH_ERR' });
  });

  it('cannot bind without TLS, revokes nothing there, and signs in', async () => {
    const { username, apiKey } = plain.simulator;
    const connection = await plain.connect({ isSignedIn: false });
    const bound = await scramSignIn(connection, username, apiKey, { certificateHash: Buffer.alloc(32) });
    expect(bound.answer).toEqual({ response_type: 'AUTH_ERR' });
    expect((await scramSignIn(connection, username, apiKey)).isServerProven).toBe(true);
  });

  it.each([
    [
      'a wrong secret',
      (key: string) => `${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}`,
      'truenas_admin',
    ],
    ['an unknown key', () => `999-${'a'.repeat(64)}`, 'truenas_admin'],
    ["another user's name", (key: string) => key, 'alice'],
  ])('%s is AUTH_ERR', async (_, change, username) => {
    const { answer } = await scramSignIn(await stranger(), username, change(nas.simulator.apiKey));
    expect(answer).toEqual({ response_type: 'AUTH_ERR' });
  });

  it('a final message without a first is a call error', async () => {
    const connection = await stranger();
    const final = { mechanism: 'SCRAM', scram_type: 'CLIENT_FINAL_MESSAGE', rfc_str: 'c=biws,r=x,p=y' };
    await expect(connection.call('auth.login_ex', [final])).rejects.toMatchObject({
      code: -32001,
      data: { reason: expect.stringContaining('SCRAM authentication is not in progress') },
    });
  });

  it('a right secret without any privilege makes the handler fall over', async () => {
    const admin = await nas.connect();
    const row = await admin.call('api_key.create', [{ name: 'denied', username: 'truenas_admin' }]);
    nas.simulator.control.setRoles([]);
    try {
      await expect(scramSignIn(await stranger(), 'truenas_admin', row.key)).rejects.toMatchObject({
        code: -32001,
        data: { error: 22, reason: "'NoneType' object is not subscriptable" },
      });
    } finally {
      nas.simulator.control.setRoles(['FULL_ADMIN']);
    }
  });

  it('a key converts into what a client needs instead of it', async () => {
    const connection = await nas.connect();
    const data = await connection.call('api_key.convert_raw_key', [nas.simulator.apiKey]);
    expect(answerProblems('27.0', 'api_key.convert_raw_key', data)).toEqual([]);
    const [row] = await connection.call('api_key.query', [[['id', '=', data.api_key_id]]]);
    expect([row.stored_key, row.salt]).toEqual([data.stored_key, data.salt]);
  });
});

describe('the limit before sign-in', () => {
  const nas = withSimulator({ delayScale: 0.001 });

  it('the 21st call of a method within a minute is refused, other methods are not', async () => {
    const connection = await nas.connect({ isSignedIn: false });
    for (let count = 0; count < 20; count++) await connection.call('core.ping');
    await expect(connection.call('core.ping')).rejects.toMatchObject({
      code: -32001,
      data: { error: 16, errname: 'EBUSY', reason: '[EBUSY] Rate Limit Exceeded' },
    });
    expect(await connection.call('auth.login_with_api_key', [nas.simulator.apiKey])).toBe(true);
    for (let count = 0; count < 25; count++) await connection.call('core.ping');
  });

  it('core.set_options is exempt', async () => {
    const connection = await nas.connect({ isSignedIn: false });
    for (let count = 0; count < 25; count++) await connection.call('core.set_options', [{}]);
    expect(await connection.call('core.ping')).toBe('pong');
  });

  it('is one for all connections of an address', async () => {
    for (let count = 0; count < 20; count++) {
      const connection = await nas.connect({ isSignedIn: false });
      await connection.call('auth.login_with_api_key', ['1-wrong']);
      connection.close();
    }
    const connection = await nas.connect({ isSignedIn: false });
    await expect(connection.call('auth.login_with_api_key', [nas.simulator.apiKey])).rejects.toMatchObject({
      data: { errname: 'EBUSY' },
    });
    expect(nas.simulator.control.logins().mostPerMinute).toBeGreaterThanOrEqual(21);
  });
});
