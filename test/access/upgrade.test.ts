/** Facts about one release must not decide on another: a NAS is upgraded while this program runs, or sleeps. */
import { expect, it } from 'vitest';
import { MAX_SAME_METHOD } from '../../src/access/generic-slots.ts';
import { readableClient } from '../../src/access/readable-client.ts';
import { type Peer, type PeerCall, SESSION_EXPIRED, startPeer } from '../truenas/support/peer.ts';
import { clientForTest, closers, peerForTest, problemOf } from '../truenas/support/client.ts';

const release = (version: string, method: Record<string, unknown>) => (call: PeerCall) => {
  if (call.method === 'system.version') return call.result(version);
  if (call.method === 'core.get_services') return call.result({ disk: { type: 'service', config: {} } });
  if (call.method === 'core.get_methods')
    return call.result({ 'disk.get_thing': { accepts: [], returns: [], ...method } });
  if (call.method === 'disk.get_thing') return call.result('done');
  return 'unhandled';
};

const READ = { roles: ['DISK_READ', 'READONLY_ADMIN'], job: false };
const WRITE = { roles: ['DISK_WRITE'], job: false };

async function replace(old: Peer, script: Peer['script']): Promise<Peer> {
  const port = Number(new URL(old.url).port);
  await old.close();
  const next = await startPeer({ port, script });
  closers.push(() => next.close());
  return next;
}

it('the first generic read after an upgrade goes by the roles of the new release', async () => {
  const before = await peerForTest({ script: release('TrueNAS-25.10.1', READ) });
  const nas = clientForTest(before.url);
  const readable = readableClient(nas.read);
  expect(await readable.call('disk.get_thing')).toBe('done');
  const after = await replace(before, release('TrueNAS-26.0.0', { ...WRITE, job: true }));
  await expect.poll(() => nas.status().state).toBe('idle');
  await problemOf(readable.call('disk.get_thing'));
  expect(after.methods()).not.toContain('disk.get_thing');
});

it('nor is a read repeated on a new release that was allowed on the old one: a computer that slept through the upgrade', async () => {
  let after: Peer | undefined;
  const old = release('TrueNAS-25.10.1', READ);
  const before = await peerForTest({ script: old });
  const nas = clientForTest(before.url);
  const readable = readableClient(nas.read);
  expect(await readable.call('disk.get_thing')).toBe('done');
  before.script = (call) => {
    if (call.method !== 'disk.get_thing') return old(call);
    void replace(before, release('TrueNAS-26.0.0', { ...WRITE, job: true })).then((next) => (after = next));
  };
  await problemOf(readable.call('disk.get_thing'));
  expect(after?.methods()).not.toContain('disk.get_thing');
});

it('but a read that was lost is repeated when it is still allowed', async () => {
  const script = release('TrueNAS-25.10.1', READ);
  const peer = await peerForTest({ script });
  const nas = clientForTest(peer.url);
  const readable = readableClient(nas.read);
  await readable.call('disk.get_thing');
  let isFirst = true;
  peer.script = (call) => {
    if (call.method !== 'disk.get_thing' || !isFirst) return script(call);
    isFirst = false;
    call.socket.terminate();
  };
  expect(await readable.call('disk.get_thing')).toBe('done');
});

it('after a reboot into another release the first question is answered by the new release', async () => {
  const before = await peerForTest({
    script: (call) => (call.method === 'system.version' ? call.result('TrueNAS-25.10.1') : 'unhandled'),
  });
  const nas = clientForTest(before.url);
  expect(await nas.read.has('service.start')).toBe(true);
  await replace(before, (call) =>
    call.method === 'system.version' ? call.result('TrueNAS-26.0.0') : 'unhandled',
  );
  await expect.poll(() => nas.status().state).toBe('idle');
  expect((await nas.read.release()).family).toBe('26.0');
  expect(await nas.read.has('service.start')).toBe(false);
});

it('what was loaded from the release in between is not used on the one that comes back (fail-over and back)', async () => {
  const old = release('TrueNAS-25.10.1', WRITE);
  let moving: Promise<Peer> | undefined;
  const first = await peerForTest({
    script: (call) => {
      // The NAS goes away while it builds the schemas.
      if (call.method !== 'core.get_methods') return old(call);
      moving ??= replace(first, release('TrueNAS-26.0.0', READ));
    },
  });
  const nas = clientForTest(first.url);
  const readable = readableClient(nas.read);
  expect(await readable.call('disk.get_thing')).toBe('done'); // lawful: 26.0 says it reads
  const second = await moving;
  if (second === undefined) throw new Error('the NAS did not move');
  const third = await replace(second, old);
  await expect.poll(() => nas.status().state).toBe('idle');
  await problemOf(readable.call('disk.get_thing'));
  expect(third.methods()).not.toContain('disk.get_thing');
});

it('a generic read is still repeated when the connection was given up over a spoilt message of somebody else', async () => {
  const script = release('TrueNAS-25.10.1', READ);
  const peer = await peerForTest({ script });
  const nas = clientForTest(peer.url);
  const readable = readableClient(nas.read);
  await readable.call('disk.get_thing');
  let isFirst = true;
  peer.script = (call) => {
    if (call.method !== 'disk.get_thing' || !isFirst) return script(call);
    isFirst = false;
    call.raw('this is not JSON');
  };
  expect(await readable.call('disk.get_thing')).toBe('done');
});

it('nor does a session whose renewal gets no answer end it', async () => {
  const script = release('TrueNAS-25.10.1', READ);
  const peer = await peerForTest({ script });
  const nas = clientForTest(peer.url, {}, { signInTimeoutMs: 100 });
  const readable = readableClient(nas.read);
  await readable.call('disk.get_thing');
  peer.script = (call) => {
    if (call.connection === 1 && call.method === 'auth.login_ex') return undefined;
    if (call.connection === 1 && call.method === 'system.general.config') return call.error(SESSION_EXPIRED);
    if (call.connection === 1 && call.method === 'disk.get_thing') return;
    return script(call);
  };
  const running = readable.call('disk.get_thing');
  await peer.called('disk.get_thing', 2);
  void nas.read.call('system.general.config').catch(() => undefined);
  expect(await running).toBe('done');
});

it('a read that the catalog allowed goes on after a call too many and an expired session, and is sent twice at most', async () => {
  const script = release('TrueNAS-25.10.1', READ);
  const peer = await peerForTest({ script });
  const nas = clientForTest(peer.url);
  const readable = readableClient(nas.read);
  await readable.call('disk.get_thing');
  let n = 0;
  peer.script = (call) => {
    if (call.method !== 'disk.get_thing') return script(call);
    n += 1;
    if (n < 4)
      return call.error({ code: -32000, message: 'Maximum number of concurrent calls (20) has exceeded' });
    return script(call);
  };
  expect(await readable.call('disk.get_thing')).toBe('done');
  n = 0;
  peer.script = (call) => {
    if (call.method !== 'disk.get_thing') return script(call);
    n += 1;
    call.socket.terminate();
  };
  expect(await problemOf(readable.call('disk.get_thing'))).toMatchObject({ kind: 'unreachable' });
  expect(n).toBe(2);
  // session expired
  n = 0;
  peer.script = (call) => {
    if (call.method !== 'disk.get_thing') return script(call);
    n += 1;
    if (n === 1) return call.error(SESSION_EXPIRED);
    return script(call);
  };
  expect(await readable.call('disk.get_thing')).toBe('done');
  await peer.close();
  expect(await problemOf(readable.call('disk.get_thing'))).toMatchObject({ kind: 'unreachable' });
});

it('a burst of generic reads over a lost connection comes through, and asks for the release once', async () => {
  const script = release('TrueNAS-25.10.1', READ);
  const peer = await peerForTest({ script });
  const nas = clientForTest(peer.url);
  const readable = readableClient(nas.read);
  await readable.call('disk.get_thing');
  peer.script = (call) => {
    if (call.method === 'disk.get_thing') return;
    return script(call);
  };
  const all = Array.from({ length: 60 }, () => readable.call('disk.get_thing'));
  await peer.called('disk.get_thing', 1 + MAX_SAME_METHOD);
  peer.script = script;
  for (const s of peer.sockets) s.terminate();
  expect(new Set(await Promise.all(all))).toEqual(new Set(['done']));
  expect(peer.callsOf('system.version').length).toBeLessThan(5);
});
