import type { Client } from '@modelcontextprotocol/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { connectTo } from 'truenas-simulator/testing/simulator';
import { ERAS, type Mode, readText, served, type ServedOptions, until } from '../resources/support/served.ts';

/** The URIs of every update that the client got so far. */
function updatesOf(client: Client): string[] {
  const updates: string[] = [];
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
    updates.push(params.uri);
  });
  return updates;
}

/** Subscribes in the way of the client's protocol era; gives the way to stop. */
async function follow(client: Client, mode: Mode, uris: readonly string[]): Promise<() => Promise<void>> {
  if (mode !== 'legacy') {
    const subscription = await client.listen({ resourceSubscriptions: [...uris] });
    const honored = subscription.honoredFilter.resourceSubscriptions ?? [];
    if (honored.length !== uris.length) throw new Error(`only ${honored.join(', ')} was agreed to`);
    return () => subscription.close();
  }
  for (const uri of uris) await client.subscribeResource({ uri });
  return async () => {
    for (const uri of uris) await client.unsubscribeResource({ uri });
  };
}

/** A served NAS on whose own side things can be done, and its subscriptions counted. */
async function observed(options: ServedOptions = {}) {
  const server = await served(options);
  const { simulator } = server;
  const count = (method: string) => simulator.calls().filter((call) => call.method === method).length;
  return {
    ...server,
    count,
    /** Waits until a change from now on is noticed: the event subscribed to, the resource read `times` times. */
    watching: (method: string, times = 1) =>
      until(() => count('core.subscribe') > 0 && count(method) >= times, `watching by ${method}`),
    admin: () => connectTo(simulator),
  };
}

const DATASET = 'truenas://dataset/tank/followed';

describe.each(ERAS)('updates for a client of %s on stdio', (_era, mode) => {
  it('come when an alert is dismissed, and the resource then reads differently', async () => {
    const { connect, admin, watching } = await observed();
    const client = await connect(mode);
    const updates = updatesOf(client);
    const before = await readText(client, 'truenas://alerts');
    await follow(client, mode, ['truenas://alerts']);
    await watching('alert.list', 2);
    const raw = await admin();
    const [alert] = (await raw.call('alert.list')).filter((each: { dismissed: boolean }) => !each.dismissed);
    await raw.call('alert.dismiss', [alert.uuid]);
    await until(() => updates.length > 0, 'the update of the alerts');
    expect(updates).toEqual(['truenas://alerts']);
    expect(await readText(client, 'truenas://alerts')).not.toBe(before);
    raw.close();
  });

  it('come for the dataset that changed, not for its neighbour, and are gone with the subscription', async () => {
    const { connect, admin, watching, count } = await observed();
    const client = await connect(mode);
    const updates = updatesOf(client);
    const raw = await admin();
    await raw.call('pool.dataset.create', [{ name: 'tank/followed', type: 'FILESYSTEM' }]);
    await raw.call('pool.dataset.create', [{ name: 'tank/other', type: 'FILESYSTEM' }]);
    const stop = await follow(client, mode, [DATASET]);
    await watching('pool.snapshot.query');
    const reads = count('pool.dataset.query');
    await raw.call('pool.dataset.update', ['tank/other', { comments: 'x' }]);
    // On the connection that the event came by, and then longer than a burst is waited for.
    await readText(client, 'truenas://alerts');
    await sleep(60);
    expect(count('pool.dataset.query')).toBe(reads);
    await raw.call('pool.dataset.update', ['tank/followed', { compression: 'ZSTD' }]);
    await until(() => updates.length > 0, 'the update of the dataset');
    expect(updates).toEqual([DATASET]);
    expect(count('pool.dataset.query')).toBe(reads + 1);
    await stop();
    await until(() => count('core.unsubscribe') === 1, 'unsubscribed on the NAS');
    raw.close();
  });

  it('come once after a lost connection, as an event may have been missed', async () => {
    const { connect, simulator, watching, count } = await observed();
    const client = await connect(mode);
    const updates = updatesOf(client);
    await follow(client, mode, ['truenas://alerts']);
    await watching('alert.list');
    simulator.control.dropConnections();
    await until(() => updates.length > 0, 'the update after the reconnect');
    expect(updates).toEqual(['truenas://alerts']);
    expect(count('core.subscribe')).toBe(2);
  });

  it('come for a role that may not hear events too, by polling', async () => {
    const { connect, simulator, count } = await observed({ timings: { pollMs: 30 } });
    const client = await connect(mode);
    const updates = updatesOf(client);
    simulator.control.next(
      'core.subscribe',
      {
        kind: 'error',
        code: -32_001,
        message: 'Method call error',
        data: { error: 13, errname: 'EACCES', reason: '[EACCES] Not authorized', trace: null, extra: null },
      },
      1000,
    );
    await follow(client, mode, ['truenas://alerts']);
    await until(() => count('alert.list') > 1, 'another look');
    expect(updates).toEqual([]);
    simulator.control.next('alert.list', { kind: 'result', result: [] }, 1000);
    await until(() => updates.length > 0, 'the update');
    expect(updates[0]).toBe('truenas://alerts');
  });

  it('one watch serves every client, and ends with the last of them', async () => {
    const { connect, watching, count } = await observed();
    const [first, second] = [await connect(mode), await connect(mode)];
    const stop = await follow(first, mode, ['truenas://alerts']);
    await watching('alert.list');
    await follow(second, mode, ['truenas://alerts']);
    await stop();
    expect(count('core.subscribe')).toBe(1);
    expect(count('core.unsubscribe')).toBe(0);
    await second.close();
    await until(() => count('core.unsubscribe') === 1, 'unsubscribed on the NAS');
    expect(count('alert.list')).toBe(1);
  });
});

describe('updates over HTTP', () => {
  it('reach a client that listens (2026-07-28), until its stream ends', async () => {
    const { connectHttp, admin, watching, count } = await observed();
    const client = await connectHttp({ pin: '2026-07-28' } as Mode);
    const updates = updatesOf(client);
    const stop = await follow(client, { pin: '2026-07-28' }, ['truenas://alerts', 'truenas://docs/safety']);
    await watching('alert.list');
    const raw = await admin();
    const [alert] = (await raw.call('alert.list')).filter((each: { dismissed: boolean }) => !each.dismissed);
    await raw.call('alert.dismiss', [alert.uuid]);
    await until(() => updates.length > 0, 'the update of the alerts');
    expect(updates).toEqual(['truenas://alerts']);
    await stop();
    await until(() => count('core.unsubscribe') === 1, 'unsubscribed on the NAS');
    raw.close();
  });

  it('are not offered to a client of 2025-11-25, to which they could not be delivered', async () => {
    const { connectHttp, connect } = await observed();
    const client = await connectHttp('legacy');
    expect(client.getServerCapabilities()?.resources).toEqual({ listChanged: false, subscribe: false });
    await expect(client.subscribeResource({ uri: 'truenas://alerts' })).rejects.toThrow('Method not found');
    const onPipe = await connect('legacy');
    expect(onPipe.getServerCapabilities()?.resources?.subscribe).toBe(true);
  });
});

describe('a subscription', () => {
  it('to an unknown URI is refused (2025-11-25) or never updated (2026-07-28)', async () => {
    const { connect, simulator } = await observed();
    const legacy = await connect('legacy');
    await expect(legacy.subscribeResource({ uri: 'truenas://nothing' })).rejects.toMatchObject({
      code: -32_602,
    });
    const modern = await connect({ pin: '2026-07-28' });
    await modern.listen({ resourceSubscriptions: ['truenas://nothing', 'truenas://docs/safety'] });
    expect(simulator.calls()).toEqual([]);
  });

  it('to a resource of an unreachable NAS is answered, and updated when the NAS is back', async () => {
    const { connect, simulator } = await observed({ timeoutMs: 300, timings: { pollMs: 50 } });
    await simulator.control.refuse();
    const client = await connect('legacy');
    const updates = updatesOf(client);
    await client.subscribeResource({ uri: 'truenas://alerts' });
    await simulator.control.accept();
    await until(() => updates.length > 0, 'the update that it can be read');
    expect(updates[0]).toBe('truenas://alerts');
  });

  it('passes nothing on of what an event carries', async () => {
    const { connect, simulator, watching } = await observed();
    const client = await connect('legacy');
    const sent: string[] = [];
    client.setNotificationHandler('notifications/resources/updated', (notification) => {
      sent.push(JSON.stringify(notification));
    });
    await client.subscribeResource({ uri: 'truenas://alerts' });
    await watching('alert.list');
    simulator.control.next('alert.list', { kind: 'result', result: [] });
    simulator.control.publish({
      collection: 'alert.list',
      msg: 'added',
      id: 'marker-id',
      fields: { formatted: 'marker-in-an-event' },
    });
    await until(() => sent.length > 0, 'the update');
    expect(sent.join()).not.toContain('marker');
  });

  it('reads once for a burst of events', async () => {
    const { connect, simulator, watching, count } = await observed({ timings: { quietMs: 300 } });
    const client = await connect('legacy');
    const updates = updatesOf(client);
    await client.subscribeResource({ uri: 'truenas://alerts' });
    await watching('alert.list');
    simulator.control.next('alert.list', { kind: 'result', result: [] });
    simulator.control.flood('alert.list', 1000);
    await until(() => updates.length > 0, 'the update');
    await sleep(500);
    expect(count('alert.list')).toBe(2);
  });
});
