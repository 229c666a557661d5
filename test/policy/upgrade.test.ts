/** What is known of one release must not decide on another: a NAS is upgraded while this program runs, or sleeps. */
import { expect, it } from 'vitest';
import { openGate } from '../../src/policy/gate.ts';
import { startPeer, type PeerCall } from '../truenas/support/peer.ts';
import { clientForTest, closers, peerForTest, problemOf } from '../truenas/support/client.ts';

const release = (version: string, method: Record<string, unknown>) => (call: PeerCall) => {
  if (call.method === 'system.version') return call.result(version);
  if (call.method === 'core.get_services') return call.result({ disk: { type: 'service', config: {} } });
  if (call.method === 'core.get_methods')
    return call.result({ 'disk.get_thing': { accepts: [], returns: [], ...method } });
  if (call.method === 'disk.get_thing') return call.result('done');
  return 'unhandled';
};

it('the first generic read after an upgrade goes by the roles of the new release', async () => {
  const before = await peerForTest({
    script: release('TrueNAS-25.10.1', { roles: ['DISK_READ', 'READONLY_ADMIN'], job: false }),
  });
  const nas = clientForTest(before.url);
  const gate = openGate(nas.read);
  expect(await gate.call('disk.get_thing')).toBe('done');
  await before.close();
  const after = await startPeer({
    port: Number(new URL(before.url).port),
    script: release('TrueNAS-26.0.0', { roles: ['DISK_WRITE'], job: true }),
  });
  closers.push(() => after.close());
  await expect.poll(() => nas.status().state).toBe('idle');
  await problemOf(gate.call('disk.get_thing'));
  expect(after.methods()).not.toContain('disk.get_thing');
});

it('nor is a read repeated on a new release that was allowed on the old one: a computer that slept through the upgrade', async () => {
  let after: Awaited<ReturnType<typeof startPeer>> | undefined;
  const old = release('TrueNAS-25.10.1', { roles: ['DISK_READ', 'READONLY_ADMIN'], job: false });
  const before = await peerForTest({ script: old });
  const nas = clientForTest(before.url);
  const gate = openGate(nas.read);
  expect(await gate.call('disk.get_thing')).toBe('done');
  before.script = (call) => {
    if (call.method !== 'disk.get_thing') return old(call);
    void before.close().then(async () => {
      after = await startPeer({
        port: Number(new URL(before.url).port),
        script: release('TrueNAS-26.0.0', { roles: ['DISK_WRITE'], job: true }),
      });
      const started = after;
      closers.push(() => started.close());
    });
  };
  await problemOf(gate.call('disk.get_thing'));
  expect(after?.methods()).not.toContain('disk.get_thing');
});

it('but a read that was lost is repeated when it is still allowed', async () => {
  const script = release('TrueNAS-25.10.1', { roles: ['DISK_READ', 'READONLY_ADMIN'], job: false });
  const peer = await peerForTest({ script });
  const nas = clientForTest(peer.url);
  const gate = openGate(nas.read);
  await gate.call('disk.get_thing');
  let isFirst = true;
  peer.script = (call) => {
    if (call.method !== 'disk.get_thing' || !isFirst) return script(call);
    isFirst = false;
    call.socket.terminate();
  };
  expect(await gate.call('disk.get_thing')).toBe('done');
});

it('after a reboot into another release the first question is answered by the new release', async () => {
  const before = await peerForTest({
    script: (call) => (call.method === 'system.version' ? call.result('TrueNAS-25.10.1') : 'unhandled'),
  });
  const port = Number(new URL(before.url).port);
  const nas = clientForTest(before.url);
  expect(await nas.read.has('service.start')).toBe(true);
  await before.close();
  const after = await startPeer({
    port,
    script: (call) => (call.method === 'system.version' ? call.result('TrueNAS-26.0.0') : 'unhandled'),
  });
  closers.push(() => after.close());
  await expect.poll(() => nas.status().state).toBe('idle');
  expect((await nas.read.release()).family).toBe('26.0');
  expect(await nas.read.has('service.start')).toBe(false);
});
