/** Signing in for changes: a person's password and code, or a key. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { openWriteSession, SignInError, type WriteCredential } from '../../../src/truenas/index.ts';
import { keepingLog, problemOf, QUICK } from '../support/client.ts';
import {
  grantToAlice,
  personOf,
  RELEASES,
  sessionForTest,
  simulatorForTest,
  targetOf,
} from '../support/write-session.ts';

const SECRET = 'JBSWY3DPEHPK3PXP';

describe.each(RELEASES)('a person on %s', (release) => {
  it('signs in by password, and the session tells the name and all roles', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator);
    expect(session.account.name).toBe('truenas_admin');
    expect(session.account.roles).toContain('FULL_ADMIN');
    expect(session.isOpen()).toBe(true);
    expect(await session.read.call('core.ping')).toBe('pong');
  });

  it('with a second factor is asked for the code, and signs in with it', async () => {
    const simulator = await simulatorForTest({ release });
    const { control, person } = simulator;
    control.requireSecondFactor(person.username, SECRET);
    const problem = await problemOf(sessionForTest(simulator));
    expect(problem).toMatchObject({ kind: 'signin', reason: 'otp-required' });
    expect(problem.message).toBe('The NAS asks for the one-time code of "truenas_admin".');
    const oneTimeCode = control.oneTimeCode(person.username);
    const session = await sessionForTest(simulator, personOf(simulator, { oneTimeCode }));
    expect(session.account.roles).toContain('FULL_ADMIN');
  });

  it('with a wrong code is told so, and not that the password is wrong', async () => {
    const simulator = await simulatorForTest({ release });
    simulator.control.requireSecondFactor(simulator.person.username, SECRET);
    const credential = personOf(simulator, { oneTimeCode: 'no-code' });
    const problem = await problemOf(sessionForTest(simulator, credential));
    expect(problem).toMatchObject({ kind: 'signin', reason: 'wrong-code' });
    await expect.poll(() => simulator.control.connectionCount()).toBe(0);
  });

  it.each([
    ['a wrong password', { password: 'wrong horse' }],
    ['an unknown name', { username: 'my-real-password' }],
    ['a locked account', { username: 'bob' }],
  ])('%s is refused without a word of what was typed', async (_what, typed) => {
    const simulator = await simulatorForTest({ release });
    const problem = await problemOf(sessionForTest(simulator, personOf(simulator, typed)));
    expect(problem).toMatchObject({ kind: 'signin', reason: 'wrong-password' });
    const { summary, nextStep } = problem as SignInError;
    expect(summary).toBe('The NAS does not accept this user name and password.');
    for (const text of Object.values(typed)) expect(summary + nextStep).not.toContain(text);
  });

  it('without any privilege is refused, with the reason where the NAS tells it', async () => {
    const simulator = await simulatorForTest({ release });
    const problem = await problemOf(sessionForTest(simulator, personOf(simulator, { username: 'alice' })));
    expect(problem).toMatchObject({ reason: release === '27.0' ? 'denied' : 'wrong-password' });
    expect((problem as SignInError).nextStep).toContain('privilege');
  });

  it('with some roles only has those, and no others', async () => {
    const simulator = await simulatorForTest({ release });
    const alice = await grantToAlice(simulator, ['SNAPSHOT_WRITE']);
    const session = await sessionForTest(simulator, alice);
    expect(session.account.name).toBe('alice');
    expect(session.account.roles).toContain('SNAPSHOT_WRITE');
    expect(session.account.roles).not.toContain('POOL_WRITE');
    expect(await problemOf(session.write.write('system.reboot', ['test']))).toMatchObject({
      kind: 'not-authorized',
    });
  });

  it('leaves no reconnect token, and is the one that the NAS sees', async () => {
    const simulator = await simulatorForTest({ release });
    await sessionForTest(simulator);
    const logins = simulator.calls().filter(({ method }) => method === 'auth.login_ex');
    expect(logins).toHaveLength(1);
    expect(JSON.stringify(logins)).not.toContain('reconnect_token');
  });

  it('one sign-in too many in a minute is told as such', async () => {
    const simulator = await simulatorForTest({ release, anonymousCallsPerMinute: 1 });
    await sessionForTest(simulator);
    const problem = await problemOf(sessionForTest(simulator));
    expect(problem).toMatchObject({ kind: 'signin', reason: 'rate-limited' });
  });

  it("an administrator's pasted key signs in; where there is SCRAM it does not travel", async () => {
    const simulator = await simulatorForTest({ release });
    const { apiKey, username } = simulator;
    const session = await sessionForTest(simulator, { kind: 'api-key', apiKey, username });
    expect(session.account.name).toBe(username);
    const hasTravelled = JSON.stringify(simulator.calls()).includes(apiKey);
    expect(hasTravelled).toBe(release !== '27.0');
  });

  it('a key without its user name signs in too, and the NAS is asked whose it is', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator, { kind: 'api-key', apiKey: simulator.apiKey });
    expect(session.account.name).toBe(simulator.username);
    expect(session.account.roles).toContain('FULL_ADMIN');
  });

  it.each([
    ['wrong', (key: string) => `${key.slice(0, -4)}AAAA`, /^wrong-key$/],
    ['a password', () => 'simulated-password', /^(?:wrong|unusable)-key$/],
  ])('a key that is %s is refused in words for whoever pasted it', async (_what, altered, reason) => {
    const simulator = await simulatorForTest({ release });
    const apiKey = altered(simulator.apiKey);
    const credential: WriteCredential = { kind: 'api-key', apiKey, username: simulator.username };
    const problem = (await problemOf(sessionForTest(simulator, credential))) as SignInError;
    expect(problem).toBeInstanceOf(SignInError);
    expect(problem.reason).toMatch(reason);
    const text = `${problem.summary} ${problem.nextStep}`;
    expect(text).not.toMatch(/TRUENAS_(?:API_KEY|USERNAME)/);
    expect(text).not.toContain(apiKey);
  });

  it('no secret is sent to a NAS whose certificate is not verified', async () => {
    const simulator = await simulatorForTest({ release });
    const target = targetOf(simulator, { tls: { isInsecure: true } });
    const problem = await problemOf(openWriteSession(target, personOf(simulator), QUICK));
    expect(problem).toMatchObject({ reason: 'unverified-nas' });
    const { apiKey, username } = simulator;
    const byKey = openWriteSession(target, { kind: 'api-key', apiKey, username }, QUICK);
    const outcome = await byKey.then(
      (session) => session.close().then(() => 'signed in by SCRAM'),
      (error: SignInError) => error.reason,
    );
    expect(outcome).toBe(release === '27.0' ? 'signed in by SCRAM' : 'unverified-nas');
    const sent = JSON.stringify(simulator.calls());
    expect(sent).not.toContain(simulator.person.password);
    expect(sent).not.toContain(apiKey);
  });
});

it.each([
  ['REDIRECT', 'redirect', { urls: ['https://10.0.0.2'] }],
  ['EXPIRED', 'expired-or-revoked', {}],
  ['DENIED', 'denied', {}],
  ['SOMETHING_NEW', 'unexpected-answer', {}],
])('a person is told what %s means, without a word of keys', async (response_type, reason, more) => {
  const simulator = await simulatorForTest();
  simulator.control.next('auth.login_ex', { kind: 'result', result: { response_type, ...more } });
  const problem = (await problemOf(sessionForTest(simulator))) as SignInError;
  expect(problem).toMatchObject({ kind: 'signin', reason });
  expect(`${problem.summary} ${problem.nextStep}`).not.toMatch(/key/i);
});

it('nothing keeps the credential once the session stands', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const simulator = await simulatorForTest();
  const openAndForget = async () => {
    const credential = personOf(simulator);
    const session = await openWriteSession(targetOf(simulator), credential, QUICK);
    return { session, reference: new WeakRef(credential) };
  };
  const { session, reference } = await openAndForget();
  await expect
    .poll(() => {
      collect();
      return reference.deref() === undefined;
    })
    .toBe(true);
  expect(await session.read.call('core.ping')).toBe('pong');
  await session.close();
});

it('what the NAS says about a sign-in is free of what was typed', async () => {
  const simulator = await simulatorForTest();
  const { password } = simulator.person;
  const reason = `[EFAULT] cannot hash ${password}`;
  const data = {
    error: 14,
    errname: 'EFAULT',
    reason,
    trace: { formatted: password, class: 'X', repr: password },
  };
  simulator.control.next('auth.login_ex', {
    kind: 'error',
    code: -32001,
    message: 'Method call error',
    data,
  });
  const log = keepingLog();
  const problem = await problemOf(openWriteSession(targetOf(simulator, { log }), personOf(simulator), QUICK));
  expect(problem).toBeInstanceOf(SignInError);
  expect((problem as SignInError).nasText).toContain('cannot hash [redacted]');
  expect(JSON.stringify([problem, log.lines])).not.toContain(password);
});
