/** One subscription on the NAS for many listeners, some of whom leave before it has answered. */
import { describe, expect, it } from 'vitest';
import { clientForTest, peerForTest, problemOf } from './support/client.ts';
import type { Peer } from './support/peer.ts';

/** Leaves it to the test to answer subscriptions. */
function slowToSubscribe(): Promise<Peer> {
  return peerForTest({ script: (call) => (call.method === 'core.subscribe' ? undefined : 'unhandled') });
}

describe('a subscription that several wait for', () => {
  it('a listener that gives up while the NAS has not answered yet leaves the others theirs', async () => {
    const peer = await slowToSubscribe();
    const nas = clientForTest(peer.url);
    const abort = new AbortController();
    const first = problemOf(nas.events.subscribe('alert.list', () => undefined, { signal: abort.signal }));
    const heard: string[] = [];
    const second = nas.events.subscribe('alert.list', (event) => heard.push(event.kind));
    const call = await peer.called('core.subscribe');
    abort.abort();
    expect(await first).toMatchObject({ kind: 'aborted' });
    call.result('id');
    await second;
    call.raw(
      '{"jsonrpc":"2.0","method":"collection_update","params":{"msg":"removed","collection":"alert.list","id":1}}',
    );
    await expect.poll(() => heard).toEqual(['removed']);
    expect(peer.callsOf('core.subscribe')).toHaveLength(1);
  });

  it('a listener that joined gives up by itself, and the one before it goes on', async () => {
    const peer = await slowToSubscribe();
    const nas = clientForTest(peer.url);
    const abort = new AbortController();
    const first = nas.events.subscribe('alert.list', () => undefined);
    const second = problemOf(nas.events.subscribe('alert.list', () => undefined, { signal: abort.signal }));
    const call = await peer.called('core.subscribe');
    abort.abort();
    expect(await second).toMatchObject({ kind: 'aborted' });
    call.result('id');
    await (await first).close();
    expect(peer.callsOf('core.unsubscribe').map(({ params }) => params)).toEqual([['id']]);
  });

  it('a subscription that nobody wants any more when the NAS grants it is given back', async () => {
    const peer = await slowToSubscribe();
    const nas = clientForTest(peer.url);
    const abort = new AbortController();
    const only = problemOf(nas.events.subscribe('alert.list', () => undefined, { signal: abort.signal }));
    const call = await peer.called('core.subscribe');
    abort.abort();
    expect(await only).toMatchObject({ kind: 'aborted' });
    call.result('id');
    expect((await peer.called('core.unsubscribe')).params).toEqual(['id']);
    const late = nas.events.subscribe('alert.list', () => undefined, { signal: abort.signal });
    expect(await problemOf(late)).toMatchObject({ kind: 'aborted' });
    expect(peer.callsOf('core.subscribe')).toHaveLength(1);
  });
});
