/** One subscription on the NAS for many listeners, some of whom leave before it has answered. */
import { describe, expect, it } from 'vitest';
import type { NasEvent } from '../../../src/truenas/index.ts';
import { clientForTest, peerForTest, problemOf } from '../support/client.ts';
import type { Peer } from '../support/peer.ts';

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

describe('a source of events in a session that is renewed', () => {
  it('is not taken for ended by the NAS, which says so of every source that is let go of', async () => {
    const source = 'reporting.realtime:{"interval":2}';
    const peer = await peerForTest();
    peer.script = (call) => {
      if (call.method === 'core.unsubscribe') {
        call.raw(
          JSON.stringify({
            jsonrpc: '2.0',
            method: 'notify_unsubscribed',
            params: { collection: source, error: null },
          }),
        );
      }
      if (call.method !== 'pool.query') return 'unhandled';
      if (peer.callsOf('auth.login_ex').length > 1) return call.result('rows');
      call.error({ code: -32001, message: 'Method call error', data: { error: 207, reason: 'gone' } });
    };
    const nas = clientForTest(peer.url);
    const kinds: string[] = [];
    await nas.events.subscribe(source, (event) => kinds.push(event.kind));
    expect(await nas.read.call('pool.query')).toBe('rows');
    await expect.poll(() => kinds).toEqual(['missed']);
    expect(peer.callsOf('core.unsubscribe')).toHaveLength(1);
  });

  it('nor when the NAS says so late, after it was subscribed to again; a second word is of the new one', async () => {
    const source = 'reporting.realtime:{"interval":2}';
    const peer = await peerForTest();
    const nas = clientForTest(peer.url);
    const first = await nas.events.subscribe(source, () => undefined);
    await first.close();
    const heard: NasEvent[] = [];
    await nas.events.subscribe(source, (event) => heard.push(event));
    const call = await peer.called('core.subscribe', 2);
    const ended = {
      jsonrpc: '2.0',
      method: 'notify_unsubscribed',
      params: { collection: source, error: null },
    };
    call.raw(JSON.stringify(ended));
    call.raw(
      JSON.stringify({
        jsonrpc: '2.0',
        method: 'collection_update',
        params: { msg: 'added', collection: source, fields: {} },
      }),
    );
    await expect.poll(() => heard.map(({ kind }) => kind)).toEqual(['added']);
    call.raw(JSON.stringify(ended));
    await expect.poll(() => heard.map(({ kind }) => kind)).toEqual(['added', 'ended']);
  });
});
