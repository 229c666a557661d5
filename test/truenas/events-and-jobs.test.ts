import { describe, expect, it } from 'vitest';
import { isFinished, type Job, jobResult, type NasEvent } from '../../src/truenas/index.ts';
import { clientForTest, peerForTest, problemOf } from './support/client.ts';
import { nasForTest, timesCalled } from './support/nas.ts';
import type { Peer, PeerCall } from './support/peer.ts';

const update = (collection: string, msg: string, id?: unknown, fields?: unknown) =>
  JSON.stringify({ jsonrpc: '2.0', method: 'collection_update', params: { msg, collection, id, fields } });

function broadcast(peer: Peer, text: string): void {
  for (const socket of peer.sockets) socket.send(text);
}

describe('events', () => {
  it('several listeners share one subscription, which ends with the last of them', async () => {
    const peer = await peerForTest();
    const nas = clientForTest(peer.url);
    const heard: string[] = [];
    const [first, second] = await Promise.all([
      nas.events.subscribe('pool.query', (event) => heard.push(`first ${event.kind}`)),
      nas.events.subscribe('pool.query', (event) => heard.push(`second ${event.kind}`)),
    ]);
    expect(peer.callsOf('core.subscribe')).toHaveLength(1);
    broadcast(peer, update('pool.query', 'changed', 1, { name: 'tank', at: { $date: 5 } }));
    broadcast(peer, update('disk.query', 'changed', 1, {}));
    await expect.poll(() => heard).toEqual(['first changed', 'second changed']);
    await first.close();
    await first.close();
    expect(peer.callsOf('core.unsubscribe')).toHaveLength(0);
    await second.close();
    expect(peer.callsOf('core.unsubscribe').map((call) => call.params)).toEqual([
      [`subscription-${peer.callsOf('core.subscribe')[0]?.id}`],
    ]);
  });

  it('an event that comes before the answer to the subscription is heard, with its values decoded', async () => {
    const peer = await peerForTest();
    peer.script = (call) => {
      if (call.method !== 'core.subscribe') return 'unhandled';
      call.raw(update('alert.list', 'added', 7, { at: { $date: 5 } }));
      call.result('id');
    };
    const heard: NasEvent[] = [];
    await clientForTest(peer.url).events.subscribe('alert.list', (event) => heard.push(event));
    expect(heard).toEqual([{ kind: 'added', collection: 'alert.list', id: 7, fields: { at: new Date(5) } }]);
  });

  it('after a loss it subscribes again by itself, and says that events may have been missed', async () => {
    const peer = await peerForTest();
    const nas = clientForTest(peer.url);
    const kinds: string[] = [];
    await nas.events.subscribe('alert.list', (event) => kinds.push(event.kind));
    for (const socket of peer.sockets) socket.terminate();
    await peer.called('core.subscribe', 2);
    await expect.poll(() => kinds).toEqual(['missed']);
    broadcast(peer, update('alert.list', 'removed', 1));
    await expect.poll(() => kinds).toEqual(['missed', 'removed']);
  });

  it('an event is subscribed to by the name that the release has', async () => {
    const { simulator, nas } = await nasForTest({ release: '25.04' });
    const heard: NasEvent[] = [];
    const subscription = await nas.events.subscribe('pool.snapshot.query', (event) => heard.push(event));
    expect(simulator.calls().at(-1)).toMatchObject({
      method: 'core.subscribe',
      params: ['zfs.snapshot.query'],
    });
    simulator.control.publish({ collection: 'zfs.snapshot.query', msg: 'removed', id: 'tank@a' });
    await expect.poll(() => heard).toMatchObject([{ kind: 'removed', id: 'tank@a' }]);
    await subscription.close();
    simulator.control.publish({ collection: 'zfs.snapshot.query', msg: 'removed', id: 'tank@b' });
    await nas.read.call('core.ping');
    expect(heard).toHaveLength(1);
  });

  it('a session renewed on the same connection does not double the events', async () => {
    const peer = await peerForTest();
    peer.script = (call) => {
      if (call.method !== 'pool.query') return 'unhandled';
      if (peer.callsOf('auth.login_ex').length > 1) return call.result('rows');
      call.error({ code: -32001, message: 'Method call error', data: { error: 207, reason: 'gone' } });
    };
    const nas = clientForTest(peer.url);
    await nas.events.subscribe('alert.list', () => undefined);
    expect(await nas.read.call('pool.query')).toBe('rows');
    const again = await peer.called('core.subscribe', 2);
    const ended = peer.callsOf('core.unsubscribe');
    expect(ended.map((call) => call.params)).toEqual([
      [`subscription-${peer.callsOf('core.subscribe')[0]?.id}`],
    ]);
    expect(ended[0]?.id).toBeLessThan(again.id);
  });

  it('a subscription that may not be had is refused, and nothing is left of it', async () => {
    const peer = await peerForTest();
    const refuse = (call: PeerCall) =>
      call.error({
        code: -32001,
        message: 'Method call error',
        data: { error: 13, errname: 'EACCES', reason: 'no' },
      });
    peer.script = (call) => (call.method === 'core.subscribe' ? refuse(call) : 'unhandled');
    const nas = clientForTest(peer.url);
    expect(await problemOf(nas.events.subscribe('*', () => undefined))).toMatchObject({
      kind: 'not-authorized',
    });
    for (const socket of peer.sockets) socket.terminate();
    await expect.poll(() => nas.status().state).toBe('idle');
    expect(peer.connections()).toBe(1);
  });

  it('a subscription that is refused after a loss, or ended by the NAS, tells its listeners', async () => {
    const peer = await peerForTest();
    const nas = clientForTest(peer.url);
    const ended: NasEvent[] = [];
    await nas.events.subscribe('a.query', (event) => event.kind === 'ended' && ended.push(event));
    broadcast(
      peer,
      JSON.stringify({
        jsonrpc: '2.0',
        method: 'notify_unsubscribed',
        params: { collection: 'a.query', error: { error: 22, errname: 'EINVAL', reason: 'bad interval' } },
      }),
    );
    await expect.poll(() => ended).toMatchObject([{ kind: 'ended', error: { nasText: 'bad interval' } }]);
    await nas.events.subscribe('b.query', (event) => event.kind === 'ended' && ended.push(event));
    peer.script = (call) =>
      call.method === 'core.subscribe'
        ? call.error({ code: -32001, data: { error: 13, reason: 'no' } })
        : 'unhandled';
    for (const socket of peer.sockets) socket.terminate();
    await expect
      .poll(() => ended[1])
      .toMatchObject({ collection: 'b.query', error: { kind: 'not-authorized' } });
  });

  it('a listener that throws disturbs neither the others nor the calls', async () => {
    const peer = await peerForTest();
    const nas = clientForTest(peer.url);
    let heard = 0;
    await nas.events.subscribe('a.query', () => {
      throw new Error('broken listener');
    });
    await nas.events.subscribe('a.query', () => {
      heard += 1;
    });
    broadcast(peer, update('a.query', 'added', 1, {}));
    await expect.poll(() => heard).toBe(1);
    expect(await nas.read.call('core.ping')).toBe('pong');
  });
});

describe('jobs', () => {
  it('a job is followed to its end, with progress', async () => {
    const { simulator, nas } = await nasForTest();
    const id = Number(await nas.write.write('service.control', ['RESTART', 'cifs']));
    const seen: Job[] = [];
    const job = await nas.jobs.follow(id, { onProgress: (progress) => seen.push(progress) });
    expect(job).toMatchObject({ id, method: 'service.control', state: 'SUCCESS', percent: 100 });
    expect(job.startedAt).toBeInstanceOf(Date);
    expect(jobResult(job)).toBe(true);
    expect(seen.at(-1)?.state).toBe('SUCCESS');
    expect(seen.every((each) => isFinished(each) || each.result === null)).toBe(true);
    // Told by events: the row is read at the start and at the end, not polled.
    expect(timesCalled(simulator, 'core.get_jobs')).toBeLessThanOrEqual(3);
    await expect.poll(() => timesCalled(simulator, 'core.unsubscribe')).toBe(1);
  });

  it('an unknown job, and one that was aborted, are told apart', async () => {
    const { nas } = await nasForTest();
    expect(await problemOf(nas.jobs.follow(999_999))).toMatchObject({ kind: 'not-found' });
    const id = Number(await nas.write.write('service.control', ['RESTART', 'cifs']));
    await nas.write.write('core.job_abort', [id]);
    const job = await nas.jobs.follow(id);
    expect(job.state).toBe('ABORTED');
    expect(() => jobResult(job)).toThrow(/aborted/);
  });

  const row = (state: string, more: object = {}) => ({
    id: 5,
    method: 'pool.scrub.scrub',
    state,
    progress: { percent: 3, description: 'x' },
    ...more,
  });

  it('without permission for events it polls', async () => {
    const states = ['RUNNING', 'RUNNING', 'FAILED'];
    const peer = await peerForTest({
      script(call) {
        if (call.method === 'core.subscribe') {
          return call.error({
            code: -32001,
            message: 'Method call error',
            data: { error: 13, reason: 'no' },
          });
        }
        if (call.method !== 'core.get_jobs') return 'unhandled';
        call.result([
          row(states.shift() ?? 'FAILED', {
            error: '[EINVAL] pool: is busy\nmore',
            exc_info: { type: 'VALIDATION', extra: [['pool', 'is busy', 22]] },
          }),
        ]);
      },
    });
    const job = await clientForTest(peer.url).jobs.follow(5);
    expect(job.state).toBe('FAILED');
    expect(peer.callsOf('core.get_jobs')).toHaveLength(3);
    expect(() => jobResult(job)).toThrow(
      expect.objectContaining({ kind: 'validation', fields: [{ path: 'pool', message: 'is busy' }] }),
    );
  });

  it('a job that vanishes in a restart is not mistaken for another of the same number', async () => {
    const peer = await peerForTest();
    peer.script = (call) => {
      if (call.method !== 'core.get_jobs') return 'unhandled';
      call.result([row('RUNNING', { method: call.connection === 1 ? 'pool.scrub.scrub' : 'update.run' })]);
    };
    const nas = clientForTest(peer.url);
    const followed = problemOf(nas.jobs.follow(5));
    await peer.called('core.get_jobs');
    for (const socket of peer.sockets) socket.terminate();
    expect(await followed).toMatchObject({ kind: 'not-found' });
  });

  it.each([1, 2])(
    'on connection %i: a job that the NAS shows no longer is told with its reason',
    async (hiddenOn) => {
      const peer = await peerForTest({
        script(call) {
          if (call.method !== 'core.get_jobs') return 'unhandled';
          const isHidden =
            call.connection === 2 || (hiddenOn === 1 && peer.callsOf('core.get_jobs').length > 1);
          call.result(isHidden ? [] : [{ id: 7, method: 'pool.scrub.scrub', state: 'RUNNING' }]);
        },
      });
      const nas = clientForTest(peer.url, {}, { jobPollMs: 20 });
      const followed = problemOf(nas.jobs.follow(7));
      await peer.called('core.get_jobs');
      if (hiddenOn === 2) for (const socket of peer.sockets) socket.terminate();
      const problem = await followed;
      expect(problem).toMatchObject({ kind: 'not-found' });
      expect(problem.message).toMatch(
        hiddenOn === 1
          ? /has no job 7, or does not show it/
          : /no longer shows job 7 \(pool\.scrub\.scrub\): the connection was lost/,
      );
    },
  );

  it('a restart of the NAS is outlived: the job is read again', async () => {
    const peer = await peerForTest();
    peer.script = (call) => {
      if (call.method !== 'core.get_jobs') return 'unhandled';
      call.result([row(call.connection === 1 ? 'RUNNING' : 'SUCCESS', { result: 42 })]);
    };
    const nas = clientForTest(peer.url);
    const followed = nas.jobs.follow(5);
    await peer.called('core.get_jobs');
    for (const socket of peer.sockets) socket.terminate();
    expect(jobResult(await followed)).toBe(42);
  });

  it('following ends with its signal or its time, and the job goes on', async () => {
    const peer = await peerForTest({
      script: (call) => (call.method === 'core.get_jobs' ? call.result([row('RUNNING')]) : 'unhandled'),
    });
    const nas = clientForTest(peer.url);
    expect(await problemOf(nas.jobs.follow(5, { timeoutMs: 20 }))).toMatchObject({ kind: 'timeout' });
    const abort = new AbortController();
    const followed = problemOf(nas.jobs.follow(5, { signal: abort.signal }));
    await peer.called('core.subscribe', 2);
    abort.abort();
    expect(await followed).toMatchObject({ kind: 'aborted' });
    expect(peer.methods()).not.toContain('core.job_abort');
  });
});
