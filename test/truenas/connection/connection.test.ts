import { describe, expect, it } from 'vitest';
import { OutcomeUnknownError, TrueNasError } from '../../../src/truenas/index.ts';
import { clientForTest, peerForTest, problemOf } from '../support/client.ts';

describe('calls over one connection', () => {
  it('nothing is opened before the first call, and one connection serves all', async () => {
    const peer = await peerForTest({
      script: (call) => (call.method === 'pool.query' ? call.result([{ id: 1 }]) : 'unhandled'),
    });
    const nas = clientForTest(peer.url);
    expect(nas.status().state).toBe('idle');
    expect(peer.connections()).toBe(0);
    expect(await nas.read.call('pool.query')).toEqual([{ id: 1 }]);
    await Promise.all([nas.read.call('pool.query'), nas.read.call('pool.query')]);
    expect(peer.connections()).toBe(1);
    expect(nas.status()).toMatchObject({
      state: 'ready',
      mechanism: 'API_KEY_PLAIN',
      account: { name: 'monitor', roles: ['READONLY_ADMIN'] },
      inFlight: 0,
    });
  });

  it('a fast call overtakes a slow one', async () => {
    const peer = await peerForTest({
      script(call) {
        if (call.method === 'slow.get') return;
        if (call.method === 'fast.get') return call.result('fast');
        return 'unhandled';
      },
    });
    const nas = clientForTest(peer.url);
    const slow = nas.read.call('slow.get');
    expect(await nas.read.call('fast.get')).toBe('fast');
    (await peer.called('slow.get')).result('slow');
    expect(await slow).toBe('slow');
  });

  it('an error keeps what the NAS said, and the trace stays out of it', async () => {
    const peer = await peerForTest({
      script(call) {
        if (call.method !== 'pool.create') return 'unhandled';
        call.error({
          code: -32602,
          message: 'Invalid params',
          data: {
            error: 22,
            errname: 'EINVAL',
            reason: '[EINVAL] pool_create.name: Field required\n',
            extra: [['pool_create.name', 'Field required', 22]],
            trace: { class: 'ValidationErrors', formatted: 'Traceback SECRET-TRACE', repr: 'x' },
          },
        });
      },
    });
    const nas = clientForTest(peer.url);
    const problem = await problemOf(nas.write.write('pool.create', [{}]));
    expect(problem).toBeInstanceOf(TrueNasError);
    expect(problem).toMatchObject({
      kind: 'validation',
      errname: 'EINVAL',
      nasText: '[EINVAL] pool_create.name: Field required',
      fields: [{ path: 'pool_create.name', message: 'Field required' }],
    });
    expect(JSON.stringify(problem) + problem.message).not.toContain('SECRET-TRACE');
  });
});

describe('the bare name that a query answers to an unknown column', () => {
  const keyError = (reason: string, exception?: string) => ({
    code: -32001,
    message: 'Method call error',
    data: {
      error: 22,
      errname: 'EINVAL',
      reason,
      trace: exception === undefined ? null : { class: exception, formatted: '', repr: '' },
    },
  });

  it.each([
    [
      'user.query',
      keyError("'zzz'", 'KeyError'),
      'validation',
      /cannot sort or filter by 'zzz': it has no such column/,
    ],
    ['user.query', keyError("'zzz'"), 'validation', /no such column/],
    ['user.query', keyError("'zzz'", 'ValueError'), 'call', /failed on the NAS: 'zzz'/],
    ['user.query', keyError("'zzz' is not allowed", 'KeyError'), 'call', /failed on the NAS/],
    ['pool.scrub', keyError("'zzz'", 'KeyError'), 'call', /failed on the NAS: 'zzz'/],
  ])('%s %j', async (method, error, kind, summary) => {
    const peer = await peerForTest({
      script: (call) => (call.method === method ? call.error(error) : 'unhandled'),
    });
    const problem = await problemOf(clientForTest(peer.url).read.call(method));
    expect(problem).toMatchObject({ kind, errno: 22 });
    expect(problem.message).toMatch(summary);
  });
});

describe('something that does not exist', () => {
  const refuse = (place: string | null) => ({
    code: -32602,
    message: 'Invalid params',
    data: {
      error: 22,
      errname: 'EINVAL',
      reason: '[ENOENT] user_create.group: Group 5 not found\n',
      extra: [[place, 'Group 5 not found', 2]],
    },
  });
  it.each([
    [null, undefined, /^Group 5 not found/],
    ['', undefined, /^Group 5 not found/],
    [
      'user_create.group',
      [{ path: 'user_create.group', message: 'Group 5 not found' }],
      /^user_create.group: Group 5 not found/,
    ],
  ])('keeps its place among the arguments, if the NAS gives one (%j)', async (place, fields, summary) => {
    const peer = await peerForTest({
      script: (call) => (call.method === 'user.create' ? call.error(refuse(place)) : 'unhandled'),
    });
    const problem = await problemOf(clientForTest(peer.url).write.write('user.create', [{ group: 5 }]));
    expect(problem).toMatchObject({ kind: 'not-found', errname: 'ENOENT', errno: 2, fields });
    expect(problem.message).toMatch(summary);
  });
});

describe('a connection that is lost', () => {
  it('a read in flight is sent once more', async () => {
    const peer = await peerForTest();
    peer.script = (call) => {
      if (call.method !== 'pool.query') return 'unhandled';
      if (call.connection === 1) call.socket.terminate();
      else call.result('again');
    };
    const nas = clientForTest(peer.url);
    expect(await nas.read.call('pool.query')).toBe('again');
    expect(peer.callsOf('pool.query')).toHaveLength(2);
  });

  it('a create cut off after the NAS received it is sent once', async () => {
    const peer = await peerForTest();
    peer.script = (call) => (call.method === 'pool.dataset.create' ? call.socket.terminate() : 'unhandled');
    const nas = clientForTest(peer.url);
    const problem = await problemOf(nas.write.write('pool.dataset.create', [{ name: 'tank/a' }]));
    expect(problem).toBeInstanceOf(OutcomeUnknownError);
    expect(problem.message).toContain('may have been applied');
    expect(await nas.read.call('core.ping')).toBe('pong');
    expect(peer.connections()).toBe(2);
    expect(peer.callsOf('pool.dataset.create')).toHaveLength(1);
  });
});
