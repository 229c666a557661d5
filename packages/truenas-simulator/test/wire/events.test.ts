import { describe, expect, it } from 'vitest';
import { withSimulator } from '../support/simulator.ts';

describe('subscriptions', () => {
  const nas = withSimulator();
  const confined = withSimulator({ roles: ['ACCOUNT_READ'] });
  const group = (name: string) => [{ name }];

  it('a change is told to who asked for it, with the row as the call has it', async () => {
    const connection = await nas.connect();
    const other = await nas.connect();
    const subscription = await connection.call('core.subscribe', ['group.query']);
    expect(subscription).toMatch(/^[0-9a-f-]{36}$/);
    const id = await other.call('group.create', group('tellers'));
    await other.call('group.delete', [id]);
    await connection.frame((frame) => frame.params?.msg === 'removed');
    expect(connection.events.map((event) => event.params)).toEqual([
      { msg: 'added', collection: 'group.query', id, fields: expect.objectContaining({ name: 'tellers' }) },
      { msg: 'removed', collection: 'group.query', id },
    ]);
    expect(connection.events[0]).not.toHaveProperty('id');
    expect(other.events).toEqual([]);

    expect(await connection.call('core.unsubscribe', [subscription])).toBeNull();
    await other.call('group.create', group('unheard'));
    await connection.call('core.ping');
    expect(connection.events).toHaveLength(2);
  });

  it('a star hears everything', async () => {
    const connection = await nas.connect();
    await connection.call('core.subscribe', ['*']);
    await connection.call('group.create', group('stars'));
    const event = await connection.frame((frame) => frame.params?.collection === 'group.query');
    expect(event.params.fields.name).toBe('stars');
  });

  it('needs sign-in and the right to read', async () => {
    const stranger = await nas.connect({ isSignedIn: false });
    await expect(stranger.call('core.subscribe', ['group.query'])).rejects.toMatchObject({
      data: { error: 207 },
    });
    const reader = await confined.connect();
    await reader.call('core.subscribe', ['group.query']);
    for (const name of ['*', 'privilege.query', 'alert.list']) {
      await expect(reader.call('core.subscribe', [name])).rejects.toMatchObject({
        code: -32001,
        data: { error: 13 },
      });
    }
  });

  it('an event source sends what it has, until it is unsubscribed or the session is logged out', async () => {
    const connection = await nas.connect();
    await connection.call('core.subscribe', ['reporting.realtime:{"interval":2}']);
    const event = await connection.frame((frame) => frame.method === 'collection_update');
    expect(event.params).toMatchObject({
      msg: 'added',
      collection: 'reporting.realtime:{"interval":2}',
      fields: expect.any(Object),
    });
    expect(event.params).not.toHaveProperty('id');
    await connection.call('auth.logout');
  });

  it('a bad argument is told by notification, after the subscription has its id', async () => {
    const connection = await nas.connect();
    const id = await connection.call('core.subscribe', ['reporting.realtime:{"interval":"often"}']);
    expect(id).toEqual(expect.any(String));
    const notice = await connection.frame((frame) => frame.method === 'notify_unsubscribed');
    expect(notice.params).toMatchObject({
      collection: 'reporting.realtime:{"interval":"often"}',
      error: { errname: 'EINVAL', trace: null, extra: [[expect.any(String), expect.any(String), 22]] },
    });
  });

  it('a subscription the NAS loses is silent', async () => {
    const connection = await nas.connect();
    await connection.call('core.subscribe', ['group.query']);
    nas.simulator.control.loseSubscriptions();
    await connection.call('group.create', group('silence'));
    await connection.call('core.ping');
    expect(connection.events).toEqual([]);
  });

  it('a flood arrives whole and in order', async () => {
    const connection = await nas.connect();
    await connection.call('core.subscribe', ['group.query']);
    nas.simulator.control.flood('group.query', 5000);
    await connection.frame((frame) => frame.params?.id === 5000);
    expect(connection.events.map((event) => event.params.id)).toEqual(
      Array.from({ length: 5000 }, (_, index) => index + 1),
    );
  });
});
