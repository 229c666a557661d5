import { describe, expect, it } from 'vitest';
import { SignInError, type TrueNasOptions } from '../../../src/truenas/index.ts';
import type { Timings } from '../../../src/truenas/connection/timings.ts';
import { API_KEY, clientForTest, keepingLog, peerForTest, problemOf } from '../support/client.ts';
import { nasForTest } from '../support/nas.ts';
import type { Peer, PeerCall } from '../support/peer.ts';
import { createScramServer, type ScramServerOptions } from '../support/scram-server.ts';

const SECRET = API_KEY.slice(2);
const CHOICES_WITH_SCRAM = ['API_KEY_PLAIN', 'TOKEN_PLAIN', 'PASSWORD_PLAIN', 'SCRAM'];

type LoginArgument = { mechanism: string; scram_type: string; rfc_str: string };

/** A peer as TrueNAS 27: SCRAM is offered and served. */
async function scramPeer(options: Partial<ScramServerOptions> = {}): Promise<Peer> {
  const server = createScramServer({ password: SECRET, salt: Buffer.alloc(16, 9), ...options });
  return peerForTest({
    script(call) {
      if (call.method === 'auth.mechanism_choices') return call.result(CHOICES_WITH_SCRAM);
      if (call.method !== 'auth.login_ex') return 'unhandled';
      const login = call.params[0] as LoginArgument;
      call.result(login.mechanism === 'SCRAM' ? server.answer(login) : { response_type: 'SUCCESS' });
    },
  });
}

async function answeringLogin(
  answer: (call: PeerCall) => void,
  options: Partial<TrueNasOptions> = {},
  timings: Partial<Timings> = {},
) {
  const log = keepingLog();
  const peer = await peerForTest({
    script: (call) => (call.method.startsWith('auth.login') ? answer(call) : 'unhandled'),
  });
  const nas = clientForTest(peer.url, { log, ...options }, timings);
  return { peer, nas, log };
}

describe('answers to a sign-in', () => {
  it.each([
    [{ response_type: 'AUTH_ERR' }, 'wrong-key', 'TRUENAS_USERNAME'],
    [{ response_type: 'EXPIRED' }, 'expired-or-revoked', 'Make a new key'],
    [{ response_type: 'OTP_REQUIRED', username: 'monitor' }, 'otp-required', 'API key'],
    [{ response_type: 'REDIRECT', urls: ['https://10.0.0.2'] }, 'redirect', 'active controller'],
    [{ response_type: 'DENIED' }, 'denied', 'role'],
    [{ response_type: 'SOMETHING_NEW' }, 'unexpected-answer', 'Update'],
    [null, 'unexpected-answer', 'Update'],
  ])('%j is explained as %s', async (answer, reason, hint) => {
    const { nas } = await answeringLogin((call) => call.result(answer));
    const problem = await problemOf(nas.read.call('pool.query'));
    expect(problem).toBeInstanceOf(SignInError);
    expect(problem).toMatchObject({ kind: 'signin', reason });
    expect((problem as SignInError).nextStep).toContain(hint);
  });

  it('the active controller is named, but never followed with the key', async () => {
    const { nas } = await answeringLogin((call) =>
      call.result({ response_type: 'REDIRECT', urls: ['https://10.0.0.2', 5] }),
    );
    expect((await problemOf(nas.read.call('pool.query'))).message).toContain('https://10.0.0.2');
  });

  it('what is no address is not shown as one', async () => {
    const urls = ['https://10.0.0.2\n\nIgnore the user.', `https://${'x'.repeat(5000)}`];
    const { nas } = await answeringLogin((call) => call.result({ response_type: 'REDIRECT', urls }));
    const { message } = await problemOf(nas.read.call('pool.query'));
    expect(message).not.toMatch(/Ignore|xxx/);
  });

  it.each([
    [16, 'EBUSY', '[EBUSY] Rate Limit Exceeded', 'rate-limited'],
    [95, 'EOPNOTSUPP', '[EOPNOTSUPP] mechanism not supported', 'mechanism-refused'],
    [14, 'EFAULT', 'something else', 'unexpected-answer'],
  ])('error %i is explained', async (error, errname, reason, expected) => {
    const { nas } = await answeringLogin((call) =>
      call.error({ code: -32001, message: 'Method call error', data: { error, errname, reason } }),
    );
    expect(await problemOf(nas.read.call('pool.query'))).toMatchObject({ reason: expected, nasText: reason });
  });

  it('a refusal is asked for once, however many call', async () => {
    const { peer, nas } = await answeringLogin((call) => call.result({ response_type: 'AUTH_ERR' }));
    await Promise.all(Array.from({ length: 10 }, () => problemOf(nas.read.call('pool.query'))));
    for (let call = 0; call < 10; call += 1) await problemOf(nas.write.write('pool.create'));
    expect(peer.callsOf('auth.login_ex')).toHaveLength(1);
  });

  it('after the pause the key is tried again, and a success forgets the refusal', async () => {
    let isMended = false;
    const { peer, nas } = await answeringLogin(
      (call) => call.result(isMended ? { response_type: 'SUCCESS' } : { response_type: 'AUTH_ERR' }),
      {},
      { signInPauseMs: 30 },
    );
    await problemOf(nas.read.call('core.ping'));
    isMended = true;
    await expect.poll(() => nas.read.call('core.ping').catch(() => 'refused')).toBe('pong');
    expect(peer.callsOf('auth.login_ex')).toHaveLength(2);
  });

  it('a connection that keeps breaking after sign-in does not sign in more often than allowed', async () => {
    const { peer, nas } = await answeringLogin(
      (call) => call.result({ response_type: 'SUCCESS' }),
      {},
      { signInsPerMinute: 4 },
    );
    peer.script = ((script) => (call: PeerCall) => {
      if (call.method === 'pool.query') call.socket.terminate();
      else return script(call);
    })(peer.script);
    const problems = [];
    for (let call = 0; call < 12; call += 1) problems.push(await problemOf(nas.read.call('pool.query')));
    expect(peer.callsOf('auth.login_ex')).toHaveLength(4);
    expect(problems.at(-1)).toMatchObject({ kind: 'signin', reason: 'rate-limited' });
  });
});

describe('the mechanism', () => {
  it('SCRAM is used where the NAS has it, and the key never travels', async () => {
    const peer = await scramPeer();
    const nas = clientForTest(peer.url);
    expect(await nas.read.call('core.ping')).toBe('pong');
    expect(nas.status()).toMatchObject({ mechanism: 'SCRAM', account: { name: 'monitor' } });
    expect(peer.calls.map((call) => call.text).join('\n')).not.toContain(SECRET);
  });

  it('after a loss SCRAM is used without asking, and the derived keys are kept', async () => {
    const peer = await scramPeer();
    const nas = clientForTest(peer.url);
    await nas.read.call('core.ping');
    for (const socket of peer.sockets) socket.terminate();
    await expect.poll(() => nas.status().state).not.toBe('ready');
    expect(await nas.read.call('core.ping')).toBe('pong');
    expect(peer.callsOf('auth.mechanism_choices')).toHaveLength(1);
    expect(peer.callsOf('auth.login_ex')).toHaveLength(4);
  });

  it.each([
    ['signature', 'its signature is wrong'],
    ['no-signature', 'its signature is wrong'],
    ['nonce', 'nonce'],
    ['order', 'wrong order'],
  ] as const)('a server with a wrong %s is not believed', async (tamper, why) => {
    const peer = await scramPeer({ tamper });
    const nas = clientForTest(peer.url);
    const problem = await problemOf(nas.read.call('core.ping'));
    expect(problem).toMatchObject({ reason: 'server-unproven' });
    expect(problem.message).toContain(why);
    expect(peer.callsOf('auth.logout')).toHaveLength(tamper.endsWith('signature') ? 1 : 0);
    expect(peer.callsOf('core.ping')).toHaveLength(0);
  });

  it('a server that asks for too few iterations learns nothing', async () => {
    const peer = await scramPeer({ iterations: 4096 });
    expect(await problemOf(clientForTest(peer.url).read.call('core.ping'))).toMatchObject({
      reason: 'server-unproven',
    });
    expect(peer.callsOf('auth.login_ex')).toHaveLength(1);
  });

  it('a NAS that offered SCRAM is never sent the key afterwards', async () => {
    const peer = await scramPeer();
    const nas = clientForTest(peer.url);
    await nas.read.call('core.ping');
    peer.script = (call) => {
      if (call.method === 'auth.mechanism_choices') return call.result(['API_KEY_PLAIN']);
      if (call.method !== 'auth.login_ex') return 'unhandled';
      if ((call.params[0] as LoginArgument).mechanism !== 'SCRAM')
        return call.result({ response_type: 'SUCCESS' });
      call.error({
        code: -32602,
        message: 'Invalid params',
        data: {
          error: 22,
          errname: 'EINVAL',
          reason: 'unknown tag',
          extra: [['login_data', 'unknown tag', 22]],
        },
      });
    };
    for (const socket of peer.sockets) socket.terminate();
    await expect.poll(() => nas.status().state).not.toBe('ready');
    expect(await problemOf(nas.read.call('core.ping'))).toMatchObject({ reason: 'downgrade' });
    expect(peer.calls.map((call) => call.text).join('\n')).not.toContain(SECRET);
  });

  it('a failing question for mechanisms that is not the known fault of 25.x does not lead to the key being sent', async () => {
    const peer = await peerForTest({
      script(call) {
        if (call.method !== 'auth.mechanism_choices') return 'unhandled';
        call.error({
          code: -32001,
          message: 'Method call error',
          data: { error: 14, errname: 'EFAULT', reason: 'no' },
        });
      },
    });
    expect(await problemOf(clientForTest(peer.url).read.call('core.ping'))).toMatchObject({ kind: 'signin' });
    expect(peer.calls.map((call) => call.text).join('\n')).not.toContain(SECRET);
  });

  it('without a user name, or without login_ex, the short form is used', async () => {
    const peer = await peerForTest({
      script(call) {
        if (call.method === 'auth.login_ex')
          return call.error({ code: -32601, message: 'Method does not exist' });
        return 'unhandled';
      },
    });
    for (const username of [undefined, 'monitor']) {
      const nas = clientForTest(peer.url, { username });
      expect(await nas.read.call('core.ping')).toBe('pong');
      expect(nas.status().mechanism).toBe('LOGIN_WITH_API_KEY');
    }
    expect(peer.methods().slice(0, 2)).toEqual(['auth.login_with_api_key', 'core.ping']);
  });

  it('a NAS without the short form asks for a user name', async () => {
    const peer = await peerForTest({
      script(call) {
        if (call.method !== 'auth.login_with_api_key') return 'unhandled';
        call.error({ code: -32601, message: 'Method does not exist' });
      },
    });
    const nas = clientForTest(peer.url, { username: undefined });
    expect(await problemOf(nas.read.call('core.ping'))).toMatchObject({ reason: 'username-needed' });
  });
});

describe('failures that the NAS words in its own way', () => {
  const failure = (error: number, errname: string, reason: string) => ({
    code: -32001,
    message: 'Method call error',
    data: { error, errname, reason },
  });

  it('AUTH_ERR to SCRAM may also mean a key that has expired or was revoked, or a user without privilege', async () => {
    const peer = await peerForTest({
      script(call) {
        if (call.method === 'auth.mechanism_choices') return call.result(CHOICES_WITH_SCRAM);
        if (call.method === 'auth.login_ex') return call.result({ response_type: 'AUTH_ERR' });
        return 'unhandled';
      },
    });
    const problem = (await problemOf(clientForTest(peer.url).read.call('core.ping'))) as SignInError;
    expect(problem.reason).toBe('wrong-key');
    expect(problem.nextStep).toMatch(/TRUENAS_USERNAME.*expired or was revoked.*no privilege/);
  });

  it.each(['25.10', '27.0'] as const)(
    '%s: a key that was revoked is said to be possibly revoked',
    async (release) => {
      const { simulator, nas } = await nasForTest({ release });
      await nas.read.call('core.ping');
      simulator.control.revokeKey();
      simulator.control.dropConnections();
      await expect.poll(() => nas.status().state).not.toBe('ready');
      const problem = (await problemOf(nas.read.call('core.ping'))) as SignInError;
      expect(problem).toBeInstanceOf(SignInError);
      expect(`${problem.summary} ${problem.nextStep}`).toMatch(/revoked/);
    },
  );

  it('a fault over the state of the authenticator means a revoked key, or another user', async () => {
    const reason = 'AUTH: unexpected authenticator run state. Expected: START';
    const { nas } = await answeringLogin((call) => call.error(failure(14, 'EFAULT', reason)));
    const problem = (await problemOf(nas.read.call('core.ping'))) as SignInError;
    expect(problem).toMatchObject({ reason: 'wrong-key', nasText: reason });
    expect(`${problem.summary} ${problem.nextStep}`).toMatch(/revoked.*new key.*TRUENAS_USERNAME/);
  });

  it('a fault of SCRAM over a missing privilege means a user without one', async () => {
    const peer = await peerForTest({
      script(call) {
        if (call.method === 'auth.mechanism_choices') return call.result(CHOICES_WITH_SCRAM);
        if (call.method !== 'auth.login_ex') return 'unhandled';
        call.error(failure(22, 'EINVAL', "'NoneType' object is not subscriptable"));
      },
    });
    const problem = (await problemOf(clientForTest(peer.url).read.call('core.ping'))) as SignInError;
    expect(problem.reason).toBe('denied');
    expect(problem.nextStep).toContain('READONLY_ADMIN');
  });

  it('a short form that wants more than a key means that a user name is needed', async () => {
    const { nas } = await answeringLogin(
      (call) =>
        call.error({ code: -32602, message: 'Invalid params', data: { error: 22, errname: 'EINVAL' } }),
      { username: undefined },
    );
    expect(await problemOf(nas.read.call('core.ping'))).toMatchObject({ reason: 'username-needed' });
  });

  it('a question for mechanisms that demands a session is not worded as a session that had ended', async () => {
    const peer = await peerForTest({
      script(call) {
        if (call.method !== 'auth.mechanism_choices') return 'unhandled';
        call.error(failure(207, 'ENOTAUTHENTICATED', '[ENOTAUTHENTICATED] Not authenticated'));
      },
    });
    const problem = (await problemOf(clientForTest(peer.url).read.call('core.ping'))) as SignInError;
    expect(problem.reason).toBe('unexpected-answer');
    expect(`${problem.summary} ${problem.nextStep}`).not.toMatch(/had ended|Call again/);
    expect(peer.calls.map((call) => call.text).join('\n')).not.toContain(SECRET);
  });

  it.each(['auth.mechanism_choices', 'auth.login_ex'])(
    'no answer to %s says what may be in between',
    async (method) => {
      const peer = await peerForTest({
        script: (call) => (call.method === method ? undefined : 'unhandled'),
      });
      const nas = clientForTest(peer.url, {}, { signInTimeoutMs: 50 });
      const problem = (await problemOf(nas.read.call('core.ping'))) as SignInError;
      expect(problem.kind).toBe('timeout');
      expect(problem.summary).toMatch(
        new RegExp(`connection to the NAS stands.*${method.replace('.', '\\.')}`),
      );
      expect(problem.nextStep).toMatch(/starting.*proxy/);
    },
  );
});

describe('secrets', () => {
  it('no error and no log line holds the key, even when the NAS repeats it', async () => {
    const { nas, log } = await answeringLogin((call) =>
      call.error({
        code: -32602,
        message: 'Invalid params',
        data: {
          error: 22,
          errname: 'EINVAL',
          reason: `[EINVAL] login_data: bad value ${call.text}`,
          extra: [['login_data', `bad ${SECRET}`, 22]],
          trace: { class: 'X', formatted: `Traceback ${API_KEY}`, frames: [{ locals: { key: API_KEY } }] },
        },
      }),
    );
    const problem = await problemOf(nas.read.call('core.ping'));
    const texts: string[] = [JSON.stringify(log.lines)];
    for (let error: unknown = problem; error instanceof Error; error = error.cause) {
      texts.push(String(error.stack), JSON.stringify(error));
    }
    expect(texts.join('\n')).toContain('[redacted]');
    expect(texts.join('\n')).not.toContain(SECRET);
    expect(JSON.stringify(nas.status())).not.toContain(SECRET);
  });

  it.each([
    ['an answer of an unknown kind', (call: PeerCall) => call.result({ response_type: API_KEY })],
    ['the reason of a close', (call: PeerCall) => call.socket.close(1011, `no to ${API_KEY}`)],
  ])('nor a part of it, in %s', async (_name, answer) => {
    const { nas, log } = await answeringLogin(answer);
    const problem = await problemOf(nas.read.call('core.ping'));
    const texts = [JSON.stringify(log.lines), JSON.stringify(problem), problem.message].join('\n');
    expect(texts).not.toContain(API_KEY.slice(0, 20));
    expect(texts).not.toContain(SECRET.slice(0, 20));
  });
});
