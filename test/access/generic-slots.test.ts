/** Generic calls that hang leave room for others. */
import { expect, it } from 'vitest';
import { createGenericSlots, MAX_GENERIC, MAX_SAME_METHOD } from '../../src/access/generic-slots.ts';
import { readableClient } from '../../src/access/readable-client.ts';
import { clientForTest, peerForTest, problemOf } from '../truenas/support/client.ts';
import type { PeerCall } from '../truenas/support/peer.ts';

const READ = { accepts: [], returns: [], roles: ['READONLY_ADMIN'] };
const HANGING = ['disk.hang', 'disk.stall', 'disk.sleep'];

/** A NAS that never answers some of its methods. */
async function hangingNas() {
  const peer = await peerForTest({
    script: (call: PeerCall) => {
      if (call.method === 'core.get_services') return call.result({ disk: { type: 'service', config: {} } });
      if (call.method === 'core.get_methods')
        return call.result(Object.fromEntries([...HANGING, 'disk.get_thing'].map((name) => [name, READ])));
      if (HANGING.includes(call.method)) return undefined;
      if (call.method === 'disk.get_thing' || call.method === 'pool.query') return call.result('done');
      return 'unhandled';
    },
  });
  return { peer, nas: clientForTest(peer.url) };
}

it('many calls of a method that hangs leave room for curated tools and for other generic calls', async () => {
  const { peer, nas } = await hangingNas();
  const leaving = new AbortController();
  const readable = readableClient(nas.read, { signal: leaving.signal });
  const hanging = Array.from({ length: 40 }, () => problemOf(readable.call('disk.hang')));
  await peer.called('disk.hang', MAX_SAME_METHOD);
  expect(await nas.read.call('pool.query')).toBe('done');
  expect(await readableClient(nas.read).call('disk.get_thing')).toBe('done');
  leaving.abort();
  for (const problem of await Promise.all(hanging)) expect(problem).toMatchObject({ kind: 'aborted' });
  expect(peer.callsOf('disk.hang')).toHaveLength(MAX_SAME_METHOD);
});

it('calls of several methods that hang leave room for curated tools, also when their callers come and go', async () => {
  const { peer, nas } = await hangingNas();
  for (let round = 0; round < 10; round += 1) {
    const leaving = new AbortController();
    const readable = readableClient(nas.read, { signal: leaving.signal });
    const hanging = HANGING.flatMap((method) => [1, 2, 3].map(() => problemOf(readable.call(method))));
    await expect.poll(() => nas.status().inFlight).toBe(MAX_GENERIC);
    leaving.abort();
    await Promise.all(hanging);
    expect(await nas.read.call('pool.query')).toBe('done');
    expect(nas.status().inFlight).toBe(MAX_GENERIC);
  }
  expect(HANGING.flatMap((method) => peer.callsOf(method))).toHaveLength(MAX_GENERIC);
  expect(nas.status().connections).toBe(1);
});

it('a place is free again once the NAS has answered, in the order of asking', async () => {
  const slots = createGenericSlots();
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const calls = Array.from({ length: 8 }, (_, index) =>
    slots.run(index < 5 ? 'a.b' : 'c.d', undefined, () => {
      started.push(index);
      return new Promise<number>((resolve) => ends.push(() => resolve(index)));
    }),
  );
  await expect.poll(() => started).toEqual([0, 1, 2, 5, 6, 7]);
  ends[0]?.();
  await expect.poll(() => started).toEqual([0, 1, 2, 5, 6, 7, 3]);
  ends[3]?.();
  ends[1]?.();
  await expect.poll(() => started).toEqual([0, 1, 2, 5, 6, 7, 3, 4]);
  for (const end of ends) end();
  expect(await Promise.all(calls)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

it('a call for which there is no place in time says so, and so does one that is cancelled while it waits', async () => {
  const slots = createGenericSlots(20);
  const hang = () => new Promise<never>(() => undefined);
  for (let index = 0; index < MAX_SAME_METHOD; index += 1) void slots.run('a.b', undefined, hang);
  expect(await problemOf(slots.run('a.b', undefined, hang))).toMatchObject({ kind: 'timeout' });
  const leaving = new AbortController();
  const cancelled = problemOf(slots.run('a.b', leaving.signal, hang));
  leaving.abort();
  expect(await cancelled).toMatchObject({ kind: 'aborted' });
  expect(await problemOf(slots.run('a.b', leaving.signal, hang))).toMatchObject({ kind: 'aborted' });
});

it('a call that fails gives its place back', async () => {
  const slots = createGenericSlots();
  for (let index = 0; index < 20; index += 1) {
    await problemOf(slots.run('a.b', undefined, () => Promise.reject(new Error('no'))));
  }
  expect(await slots.run('a.b', undefined, () => Promise.resolve(1))).toBe(1);
});
