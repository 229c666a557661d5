/** What can happen to an open connection, and to the session on it. */
import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { OutcomeUnknownError, type TrueNasError } from '../../../src/truenas/index.ts';
import { clientForTest, keepingLog, peerForTest, problemOf } from '../support/client.ts';
import { defaultAnswer, inOnePacket, type PeerCall, SESSION_EXPIRED } from '../support/peer.ts';

const NOT_SIGNED_IN = {
  code: -32001,
  message: 'Method call error',
  data: { error: 207, errname: 'ENOTAUTHENTICATED', reason: '[ENOTAUTHENTICATED] Not authenticated' },
};

describe('a session that ended on an open connection', () => {
  it.each([SESSION_EXPIRED, NOT_SIGNED_IN])(
    '%#: a read signs in again and is sent once more',
    async (refusal) => {
      let isExpired = true;
      const peer = await peerForTest({
        script(call) {
          if (call.method !== 'pool.query') return 'unhandled';
          if (isExpired) call.error(refusal);
          else call.result('rows');
        },
      });
      const nas = clientForTest(peer.url);
      await nas.read.call('core.ping');
      const read = nas.read.call('pool.query');
      await peer.called('pool.query');
      isExpired = false;
      expect(await read).toBe('rows');
      expect(peer.connections()).toBe(1);
      expect(peer.callsOf('auth.login_ex')).toHaveLength(2);
    },
  );

  it('a write is reported as refused and not sent again, and the next one works', async () => {
    const peer = await peerForTest();
    peer.script = (call) => {
      if (call.method !== 'pool.create') return 'unhandled';
      if (peer.callsOf('auth.login_ex').length === 1) call.error(SESSION_EXPIRED);
      else call.result('made');
    };
    const nas = clientForTest(peer.url);
    const problem = await problemOf(nas.write.write('pool.create'));
    expect(problem).toMatchObject({ kind: 'not-authorized' });
    expect(problem.message).toContain('nothing was changed');
    expect(peer.callsOf('pool.create')).toHaveLength(1);
    expect(await nas.write.write('pool.create')).toBe('made');
  });

  it('a sign-in that is one call too many is no refusal of the key: it is made on a new connection', async () => {
    const peer = await peerForTest();
    peer.script = (call) => {
      const signIns = peer.callsOf('auth.login_ex').length;
      if (call.method === 'auth.login_ex' && signIns === 2) return call.error({ code: -32000 });
      if (call.method !== 'pool.query') return 'unhandled';
      return signIns < 3 ? call.error(SESSION_EXPIRED) : call.result('rows');
    };
    const nas = clientForTest(peer.url);
    expect(await nas.read.call('pool.query')).toBe('rows');
    expect(peer.connections()).toBe(2);
  });

  it('a session that is refused for ever does not lead to a storm of sign-ins', async () => {
    const peer = await peerForTest({
      script: (call) => (call.method === 'pool.query' ? call.error(SESSION_EXPIRED) : 'unhandled'),
    });
    const nas = clientForTest(peer.url, {}, { signInsPerMinute: 5 });
    const kinds = new Set<unknown>();
    for (let call = 0; call < 20; call += 1) {
      kinds.add(((await problemOf(nas.read.call('pool.query'))) as TrueNasError).kind);
    }
    expect([...kinds]).toEqual(['not-authorized', 'signin']);
    expect(peer.callsOf('auth.login_ex')).toHaveLength(5);
    expect(nas.status()).toMatchObject({ inFlight: 0, queued: 0 });
  });

  it('a key that was revoked meanwhile is explained to everybody who waits', async () => {
    let isRevoked = false;
    const peer = await peerForTest({
      script(call) {
        if (call.method === 'pool.query') return call.error(SESSION_EXPIRED);
        if (call.method === 'auth.login_ex' && isRevoked) return call.result({ response_type: 'EXPIRED' });
        return 'unhandled';
      },
    });
    const nas = clientForTest(peer.url);
    await nas.read.call('core.ping');
    isRevoked = true;
    const problems = await Promise.all([1, 2, 3].map(() => problemOf(nas.read.call('pool.query'))));
    for (const problem of problems) expect(problem).toMatchObject({ reason: 'expired-or-revoked' });
    expect(peer.callsOf('auth.login_ex')).toHaveLength(2);
  });
});

describe('frames that break the protocol', () => {
  const cases: [name: string, send: (call: PeerCall) => void][] = [
    ['text that is not JSON', (call) => call.raw('{"jsonrpc":')],
    ['a binary frame', (call) => call.socket.send(Buffer.from('{}'))],
    ['a close with 1011', (call) => call.socket.close(1011)],
  ];
  it.each(cases)('%s: a read is sent again, a write is unknown', async (_name, send) => {
    const peer = await peerForTest();
    peer.script = (call) => {
      if (call.method !== 'odd.call') return 'unhandled';
      if (call.connection === 1) send(call);
      else call.result('well');
    };
    const nas = clientForTest(peer.url);
    await nas.read.call('core.ping');
    const write = problemOf(nas.write.write('odd.call'));
    const read = nas.read.call('odd.call');
    expect(await write).toBeInstanceOf(OutcomeUnknownError);
    expect(await read).toBe('well');
  });

  it('a broken frame in the same packet as the answer to the sign-in costs that connection only', async () => {
    const peer = await peerForTest();
    peer.script = (call) => {
      if (call.method !== 'auth.login_ex') return 'unhandled';
      inOnePacket(call, () => {
        defaultAnswer(call);
        if (call.connection === 1) call.raw('{"jsonrpc":');
      });
    };
    const nas = clientForTest(peer.url);
    // With nobody to wait for it: the first call may be told of the loss, the next one finds a new connection.
    await nas.read.call('core.ping').catch(() => undefined);
    await expect.poll(() => nas.read.call('core.ping').catch(() => 'away')).toBe('pong');
    expect(peer.connections()).toBe(2);
    expect(nas.status()).toMatchObject({ state: 'ready', inFlight: 0, queued: 0 });
  });

  it.each([
    'null',
    '[]',
    '5',
    '"x"',
    '{}',
    '{"id":99999,"result":1}',
    '{"id":null,"result":1}',
    '{"method":"x","params":[]}',
  ])('the message %s is ignored', async (text) => {
    const peer = await peerForTest();
    const nas = clientForTest(peer.url);
    await nas.read.call('core.ping');
    for (const socket of peer.sockets) socket.send(text);
    expect(await nas.read.call('core.ping')).toBe('pong');
    expect(peer.connections()).toBe(1);
  });

  it('an answer nested so deeply that it cannot be walked ends the connection, not the program', async () => {
    const peer = await peerForTest();
    peer.script = (call) => {
      if (call.method !== 'odd.call') return 'unhandled';
      const deep = `${'['.repeat(100_000)}{"$date":1}${']'.repeat(100_000)}`;
      call.raw(`{"jsonrpc":"2.0","id":${call.id},"result":${deep}}`);
    };
    const nas = clientForTest(peer.url);
    expect(await problemOf(nas.read.call('odd.call'))).toMatchObject({ kind: 'protocol' });
    expect(await nas.read.call('core.ping')).toBe('pong');
  });

  it('an unreadable message is not quoted, as it may hold secrets', async () => {
    const log = keepingLog();
    const peer = await peerForTest({
      script: (call) => (call.method === 'odd.call' ? call.raw('SECRET') : 'unhandled'),
    });
    const problem = await problemOf(clientForTest(peer.url, { log }).read.call('odd.call'));
    const texts = [JSON.stringify(log.lines)];
    for (let error: unknown = problem; error instanceof Error; error = error.cause)
      texts.push(String(error.stack));
    expect(texts.length).toBeGreaterThan(2);
    expect(texts.join()).not.toContain('SECRET');
  });

  it('a parse error without an id belongs to the only call in flight', async () => {
    const peer = await peerForTest({
      script(call) {
        if (call.method !== 'odd.call') return 'unhandled';
        call.raw('{"jsonrpc":"2.0","error":{"code":-32700,"message":"parse error"},"id":null}');
      },
    });
    const nas = clientForTest(peer.url);
    expect(await problemOf(nas.write.write('odd.call'))).toMatchObject({
      kind: 'protocol',
      nasText: 'parse error',
    });
  });

  it.each([-32000, -32001, -32602, -32603])(
    'an error %i without an id is not taken for the answer to a write',
    async (code) => {
      const peer = await peerForTest({
        script(call) {
          if (call.method !== 'odd.call') return 'unhandled';
          call.raw(
            JSON.stringify({ jsonrpc: '2.0', error: { code, message: 'of something else' }, id: null }),
          );
          if (peer.callsOf('odd.call').length === 1) call.result('done');
        },
      });
      const nas = clientForTest(peer.url);
      await nas.read.call('core.ping');
      expect(await nas.write.write('odd.call')).toBe('done');
      expect(peer.callsOf('odd.call')).toHaveLength(1);
    },
  );

  it('an answer that cannot be read makes a write unknown: the NAS ran it', async () => {
    const peer = await peerForTest({
      script(call) {
        if (call.method === 'odd.create') call.raw(`{"jsonrpc":"2.0","id":${call.id}}`);
        else if (call.method === 'odd.update') {
          call.error({
            code: -32603,
            message: 'Failed to JSON serialize server message',
            data: { error: 14 },
          });
        } else return 'unhandled';
      },
    });
    const nas = clientForTest(peer.url);
    expect(await problemOf(nas.write.write('odd.create'))).toBeInstanceOf(OutcomeUnknownError);
    expect(await problemOf(nas.write.write('odd.update'))).toBeInstanceOf(OutcomeUnknownError);
    expect(await problemOf(nas.read.call('odd.update'))).toMatchObject({ kind: 'protocol' });
  });
});

describe('ends of a connection', () => {
  it.each([
    [1000, 'unreachable', 'closed the connection'],
    [1001, 'unreachable', 'going away'],
    [1007, 'unreachable', 'before sign-in'],
    [1008, 'unreachable', 'address'],
    [1009, 'too-large', 'too large'],
    [1011, 'unreachable', 'fault of its own'],
    [4321, 'unreachable', '4321'],
  ])('close code %i right after the upgrade is explained', async (code, kind, words) => {
    const peer = await peerForTest();
    peer.onConnection = (socket) => socket.close(code, 'a reason');
    const problem = await problemOf(clientForTest(peer.url).read.call('core.ping'));
    expect(problem).toMatchObject({ kind, nasText: 'a reason' });
    expect(problem.message).toContain(words);
  });

  it('a NAS that falls silent is noticed, and the read is sent again', async () => {
    const peer = await peerForTest();
    peer.script = (call) => {
      if (call.method !== 'pool.query') return 'unhandled';
      if (call.connection > 1) return call.result('alive');
      // Not even a pong comes back from here on.
      call.socket.pause();
    };
    const nas = clientForTest(peer.url, {}, { heartbeatMs: 20, silentBeats: 3 });
    expect(await nas.read.call('pool.query')).toBe('alive');
    expect(peer.connections()).toBe(2);
  });

  it('a NAS that says goodbye and then never hangs up is not waited for', async () => {
    const peer = await peerForTest();
    peer.script = (call) => {
      if (call.method !== 'pool.query') return 'unhandled';
      if (call.connection > 1) return call.result('alive');
      const { _socket: stream } = call.socket as unknown as { readonly _socket: Duplex };
      stream.pause();
      // A close frame with code 1001.
      stream.write(Buffer.from([0x88, 0x02, 0x03, 0xe9]));
    };
    const nas = clientForTest(peer.url);
    expect(await nas.read.call('pool.query')).toBe('alive');
    expect(peer.callsOf('pool.query')).toHaveLength(2);
  });

  it('an idle connection is kept, and used', async () => {
    const peer = await peerForTest();
    const nas = clientForTest(peer.url, {}, { heartbeatMs: 10, silentBeats: 3, idlePingMs: 20 });
    await nas.read.call('system.version');
    await peer.called('core.ping', 3);
    expect(nas.status()).toMatchObject({ state: 'ready', connections: 1 });
  });

  it('a page that is no TrueNAS API is told apart from a NAS that is down', async () => {
    const peer = await peerForTest();
    await peer.close();
    const problem = await problemOf(clientForTest(peer.url).read.call('core.ping'));
    expect(problem).toMatchObject({ kind: 'unreachable' });
    expect(problem.message).toContain('nothing listens there');
  });
});
