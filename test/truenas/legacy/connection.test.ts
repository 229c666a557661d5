import { expect, test } from 'vitest';
import { isTrueNasError, SignInError, type TrueNasError } from '../../../src/truenas/index.ts';
import { openWriteSession } from '../../../src/truenas/write-session.ts';
import { API_KEY, clientForTest, keepingLog, peerForTest, problemOf, QUICK } from '../support/client.ts';
import { type LegacyFrame, legacyPeerForTest, refusals, VERSION } from '../support/legacy-peer.ts';

const PRODUCTS = ['CORE', 'SCALE'] as const;

test.each(PRODUCTS)('%s is found behind /websocket, and signed in to by the key alone', async (product) => {
  const peer = await legacyPeerForTest({ product });
  const nas = clientForTest(peer.url, { username: 'monitor' });
  expect(await nas.read.release()).toEqual({
    family: product === 'CORE' ? '13.3' : '24.10',
    version: VERSION[product],
  });
  expect(peer.paths).toEqual(['/api/current', '/api/versions', '/websocket']);
  expect(peer.methods()).toEqual(['system.product_type', 'auth.login_with_api_key', 'system.version']);
  expect(peer.frames.find(({ frame }) => frame.method === 'auth.login_with_api_key')?.params).toEqual([
    API_KEY,
  ]);
  expect(nas.status()).toMatchObject({ state: 'ready', legacy: { product, version: VERSION[product] } });
  expect(JSON.stringify(peer.frames.map(({ frame, params }) => [frame, params]))).not.toContain('monitor');
});

test('the newer protocol is spoken without a look at the older one', async () => {
  const peer = await peerForTest();
  const paths: (string | undefined)[] = [];
  peer.onConnection = (_socket, request) => paths.push(request.url);
  const nas = clientForTest(peer.url);
  await nas.read.release();
  expect(paths).toEqual(['/api/current']);
  expect(nas.status().legacy).toBeUndefined();
});

test('a NAS that lists its API versions is not signed in to over the older protocol', async () => {
  const pages = { '/api/versions': { status: 200, body: '["v25.04.0"]' } };
  const peer = await legacyPeerForTest({ product: 'SCALE', pages });
  const problem = await problemOf(clientForTest(peer.url).read.release());
  expect(problem.message).toContain('its API at /api/current cannot be reached');
  expect(peer.frames).toEqual([]);
});

test('a page that is no list of versions is none', async () => {
  const pages = { '/api/versions': { status: 200, body: '<html>everything is here</html>' } };
  const peer = await legacyPeerForTest({ product: 'CORE', pages });
  expect((await clientForTest(peer.url).read.release()).family).toBe('13.3');
});

test('a later release behind /websocket is not taken for an older one', async () => {
  const peer = await legacyPeerForTest({
    product: 'SCALE',
    script: ({ frame, result }) =>
      frame.method === 'system.version' ? result('TrueNAS-25.04.2.6') : 'unhandled',
  });
  const problem = await problemOf(clientForTest(peer.url).read.release());
  expect(problem.message).toContain(
    'The NAS is TrueNAS-25.04.2.6, but its API at /api/current cannot be reached',
  );
});

test.each(PRODUCTS)('%s that refuses the key is told to the person who has to act', async (product) => {
  const peer = await legacyPeerForTest({
    product,
    script: ({ frame, result }) => (frame.method === 'auth.login_with_api_key' ? result(false) : 'unhandled'),
  });
  const nas = clientForTest(peer.url);
  const problem = await problemOf(nas.read.call('system.info', []));
  expect(problem).toBeInstanceOf(SignInError);
  expect((problem as SignInError).reason).toBe('wrong-key');
  expect(problem.message).toContain(`TrueNAS ${product}`);
  expect(problem.message).not.toContain(API_KEY);
  await problemOf(nas.read.call('system.info', []));
  expect(peer.methods().filter((method) => method.startsWith('auth.'))).toHaveLength(1);
});

test('the 21st sign-in of a minute is told as that', async () => {
  const peer = await legacyPeerForTest({
    product: 'SCALE',
    script: ({ frame, error }) =>
      frame.method === 'auth.login_with_api_key'
        ? error({
            error: 16,
            errname: 'EBUSY',
            type: null,
            reason: 'Rate Limit Exceeded',
            trace: null,
            extra: null,
          })
        : 'unhandled',
  });
  const problem = await problemOf(clientForTest(peer.url).read.call('system.info', []));
  expect((problem as SignInError).reason).toBe('rate-limited');
});

test('a key of 24.10 that may not ask for the version is that of 24.10 all the same', async () => {
  const peer = await legacyPeerForTest({
    product: 'SCALE',
    script: ({ frame, error }) =>
      frame.method === 'system.version' ? error(refusals.notAllowed) : 'unhandled',
  });
  const nas = clientForTest(peer.url);
  expect((await nas.read.release()).family).toBe('24.10');
  expect(await nas.read.has('nvmet.subsys.query')).toBe(false);
});

test('an allow list that lacks an entry is told with the entry to add', async () => {
  const peer = await legacyPeerForTest({
    product: 'SCALE',
    script({ frame, error, send }) {
      if (frame.method === 'system.info') return error(refusals.notAllowed);
      if (frame.msg === 'sub') return send({ msg: 'result', id: frame.id, error: refusals.notAllowed });
      return 'unhandled';
    },
  });
  const nas = clientForTest(peer.url);
  const call = (await problemOf(nas.read.call('system.info', []))) as TrueNasError;
  expect(call.kind).toBe('not-authorized');
  expect(call.nextStep).toContain('{"method":"CALL","resource":"system.info"}');
  const event = (await problemOf(nas.events.subscribe('alert.list', () => undefined))) as TrueNasError;
  expect(event.nextStep).toContain('{"method":"SUBSCRIBE","resource":"alert.list"}');
  const source = nas.events.subscribe('app.stats:{"interval":2}', () => undefined);
  expect(((await problemOf(source)) as TrueNasError).missingEntry?.resource).toBe('app.stats*');
});

test('core.ping is a ping, which every key may send', async () => {
  const peer = await legacyPeerForTest({ product: 'SCALE' });
  expect(await clientForTest(peer.url).read.call('core.ping', [])).toBe('pong');
  expect(peer.frames.some(({ frame }) => frame.msg === 'ping')).toBe(true);
});

test('a quiet connection is kept open by pings that its web server sees', async () => {
  const peer = await legacyPeerForTest({ product: 'CORE' });
  const nas = clientForTest(peer.url, {}, { heartbeatMs: 10 });
  await nas.read.release();
  await expect.poll(() => peer.frames.filter(({ frame }) => frame.msg === 'ping').length).toBeGreaterThan(2);
  expect(nas.status().state).toBe('ready');
});

test('nothing that changes anything leaves, by whatever name', async () => {
  const peer = await legacyPeerForTest({ product: 'CORE' });
  const nas = clientForTest(peer.url);
  for (const method of [
    'pool.create',
    'service.start',
    'system.reboot',
    'core.bulk',
    'user.query',
    'core.subscribe',
    'core.ping',
  ]) {
    const problem = (await problemOf(nas.write.write(method, []))) as TrueNasError;
    expect([method, problem.kind]).toEqual([method, 'not-authorized']);
    expect(problem.message).toContain('only reads TrueNAS CORE 13.3-U1.2');
  }
  for (const method of [
    'pool.create',
    'pool.dataset.delete',
    'service.restart',
    'auth.generate_token',
    'jail.fstab',
    'pool.download_encryption_key',
  ]) {
    const problem = (await problemOf(nas.read.call(method, []))) as TrueNasError;
    expect([method, problem.kind]).toEqual([method, 'method-missing']);
  }
  expect(peer.methods()).toEqual(['system.product_type', 'auth.login_with_api_key', 'system.version']);
});

test('nobody signs in for changes, and no secret is sent for it', async () => {
  const peer = await legacyPeerForTest({ product: 'CORE' });
  const target = { url: peer.url, tls: {}, timeoutMs: 5_000, log: keepingLog() };
  const opened = openWriteSession(target, { kind: 'person', username: 'root', password: 'swordfish' }, QUICK);
  expect((await problemOf(opened)).message).toContain('only reads TrueNAS CORE');
  expect(peer.methods()).toEqual(['system.product_type']);
});

test('a deleted row of CORE is told as removed; other changes keep their fields', async () => {
  const peer = await legacyPeerForTest({ product: 'CORE' });
  const nas = clientForTest(peer.url);
  const heard: unknown[] = [];
  await nas.events.subscribe('cronjob.query', (event) => heard.push(event));
  for (const socket of peer.sockets) {
    socket.send(
      JSON.stringify({ msg: 'changed', collection: 'cronjob.query', id: 4, fields: { user: 'root' } }),
    );
    socket.send(JSON.stringify({ msg: 'changed', collection: 'cronjob.query', id: 4, cleared: true }));
  }
  await expect
    .poll(() => heard)
    .toMatchObject([
      { kind: 'changed', id: 4, fields: { user: 'root' } },
      { kind: 'removed', id: 4, fields: undefined },
    ]);
});

test('a source of events that 24.10 refuses before it is ready is told with its reason', async () => {
  const name = 'reporting.realtime:{"interval":0}';
  const reason = '[EINVAL] realtimeeventsource.interval: Should be greater than or equal to 2\n';
  const extra = [['realtimeeventsource.interval', 'Should be greater than or equal to 2', 22]];
  const peer = await legacyPeerForTest({
    product: 'SCALE',
    script({ frame, send }) {
      if (frame.msg !== 'sub') return 'unhandled';
      send({
        msg: 'nosub',
        collection: name,
        error: { error: 11, errname: 'EAGAIN', type: 'VALIDATION', reason, trace: null, extra },
      });
      send({ msg: 'ready', subs: [frame.id] });
    },
  });
  const problem = (await problemOf(
    clientForTest(peer.url).events.subscribe(name, () => undefined),
  )) as TrueNasError;
  expect(problem.kind).toBe('validation');
  expect(problem.fields).toEqual([{ path: 'realtimeeventsource.interval', message: extra[0]?.[1] }]);
});

test.each([
  [1007, 'closed the connection'],
  [1008, "refuses this computer's address"],
  [1009, 'too large'],
  [1011, 'fault of its own'],
])('a close with %i is explained', async (code, text) => {
  const peer = await legacyPeerForTest({
    product: 'SCALE',
    script: ({ frame, socket }) => (frame.method === 'system.info' ? socket.close(code) : 'unhandled'),
  });
  const nas = clientForTest(peer.url);
  await nas.read.release();
  const problem = await problemOf(nas.read.call('system.info', [], { isBound: true }));
  expect(problem.message).toContain(text);
});

test('a read that a restart of the middleware interrupted is repeated over a new sign-in', async () => {
  let isFirst = true;
  const peer = await legacyPeerForTest({
    product: 'CORE',
    script({ frame, socket, result }: LegacyFrame) {
      if (frame.method !== 'system.info') return 'unhandled';
      if (isFirst) socket.terminate();
      else result({ hostname: 'old' });
      isFirst = false;
    },
  });
  expect(await clientForTest(peer.url).read.call('system.info', [])).toEqual({ hostname: 'old' });
});

test('a call too many is sent again', async () => {
  let refused = 0;
  const peer = await legacyPeerForTest({
    product: 'CORE',
    script({ frame, error, result }) {
      if (frame.method !== 'system.info') return 'unhandled';
      refused += 1;
      if (refused > 1) return result({ hostname: 'old' });
      return error({
        error: 59,
        type: null,
        reason: 'Maximum number of concurrent calls (20) has exceeded.',
        trace: null,
        extra: null,
      });
    },
  });
  expect(await clientForTest(peer.url).read.call('system.info', [])).toEqual({ hostname: 'old' });
});

test.each([
  ['an unknown kind of message', '{"msg":"hello"}'],
  ['a list', '[1]'],
  ['an answer that nobody waits for', '{"msg":"result","id":"999","result":1}'],
])('%s is passed over', async (_name, text) => {
  const peer = await legacyPeerForTest({
    product: 'CORE',
    script({ frame, socket, result }) {
      if (frame.method !== 'system.info') return 'unhandled';
      socket.send(text);
      result({});
    },
  });
  expect(await clientForTest(peer.url).read.call('system.info', [])).toEqual({});
});

test('a NAS that never answers the handshake is told as silent', async () => {
  const peer = await legacyPeerForTest({ product: 'CORE', script: () => undefined });
  const problem = await problemOf(clientForTest(peer.url, {}, { connectTimeoutMs: 50 }).read.release());
  expect(isTrueNasError(problem)).toBe(true);
  expect(problem.message).toContain('did not answer');
});
