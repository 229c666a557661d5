/** Jobs that are followed, and events that are listened to, while things go wrong. */
import { describe, expect, it } from 'vitest';
import type { NasEvent } from '../../src/truenas/index.ts';
import { problemOf } from '../truenas/support/client.ts';
import { openResources, type Program, READ, startProgram, until } from './harness.ts';

/** Starts a job that takes a while on the simulated NAS. */
async function startJob(program: Program): Promise<number> {
  return Number(await program.nas.write.write('pool.scrub.scrub', ['tank', 'START']));
}

describe('a job that is followed', () => {
  it('is followed further after the NAS was away for longer than calls wait', async () => {
    const program = await startProgram({ timings: { reconnectWindowMs: 20, jobPollMs: 20 } });
    const id = await startJob(program);
    const seen: string[] = [];
    const followed = program.nas.jobs.follow(id, { onProgress: (job) => seen.push(job.state) });
    await until(() => seen.length > 0, 'the job is followed');
    await program.simulator.control.refuse();
    await expect(program.nas.read.call('core.ping')).rejects.toMatchObject({ kind: 'unreachable' });
    await program.simulator.control.accept();
    await program.nas.write.write('core.job_abort', [id]).catch(() => undefined);
    await expect.poll(() => program.nas.read.call('core.ping').catch(() => 'away')).toBe('pong');
    await program.nas.write.write('core.job_abort', [id]);
    expect(await followed).toMatchObject({ id, state: 'ABORTED' });
  });

  it('is given up when the NAS does not come back, and says why', async () => {
    const program = await startProgram({ timings: { reconnectWindowMs: 20, jobAwayMs: 100, jobPollMs: 20 } });
    const id = await startJob(program);
    let isFollowed = false;
    const followed = program.nas.jobs.follow(id, { onProgress: () => (isFollowed = true) });
    const outcome = problemOf(followed);
    await until(() => isFollowed, 'the job is followed');
    await program.simulator.control.refuse();
    expect(await outcome).toMatchObject({ kind: 'unreachable' });
  });

  it('has vanished after a restart of the NAS, which is said', async () => {
    const program = await startProgram();
    const id = await startJob(program);
    let isFollowed = false;
    const followed = program.nas.jobs.follow(id, { onProgress: () => (isFollowed = true) });
    const outcome = problemOf(followed);
    await until(() => isFollowed, 'the job is followed');
    program.simulator.control.restart();
    expect(await outcome).toMatchObject({ kind: 'not-found' });
  });

  it('is followed no longer than was asked, though the NAS does not answer', async () => {
    const program = await startProgram({ timeoutMs: 60_000, timings: { jobPollMs: 10 } });
    const id = await startJob(program);
    let isFollowed = false;
    const followed = program.nas.jobs.follow(id, {
      timeoutMs: 200,
      onProgress: () => {
        isFollowed = true;
        program.simulator.control.next('core.get_jobs', { kind: 'silence' }, 100);
      },
    });
    const outcome = problemOf(followed);
    await until(() => isFollowed, 'the job is followed');
    expect(await outcome).toMatchObject({ kind: 'timeout' });
  });

  it('is let go of at once when its follower no longer wants it, though the NAS says nothing', async () => {
    const program = await startProgram();
    const id = await startJob(program);
    const abort = new AbortController();
    let isFollowed = false;
    const followed = program.nas.jobs.follow(id, {
      signal: abort.signal,
      onProgress: () => (isFollowed = true),
    });
    const outcome = problemOf(followed);
    await until(() => isFollowed, 'the job is followed');
    program.simulator.control.next('core.unsubscribe', { kind: 'silence' });
    abort.abort();
    expect(await outcome).toMatchObject({ kind: 'aborted' });
    expect(program.nas.status().inFlight).toBeLessThanOrEqual(1);
  });

  it('is followed to its end though the NAS forgot the subscription without a word', async () => {
    const program = await startProgram({ timings: { jobPollMs: 20 } });
    const id = await startJob(program);
    let isFollowed = false;
    const followed = program.nas.jobs.follow(id, { onProgress: () => (isFollowed = true) });
    await until(() => isFollowed, 'the job is followed');
    program.simulator.control.loseSubscriptions();
    await program.nas.write.write('core.job_abort', [id]);
    expect(await followed).toMatchObject({ state: 'ABORTED' });
  });

  it('is polled when the NAS ended the subscription', async () => {
    const program = await startProgram({ timings: { jobPollWithoutEventsMs: 10 } });
    const id = await startJob(program);
    let isFollowed = false;
    const followed = program.nas.jobs.follow(id, { onProgress: () => (isFollowed = true) });
    await until(() => isFollowed, 'the job is followed');
    program.simulator.control.sendRaw(
      '{"jsonrpc":"2.0","method":"notify_unsubscribed","params":{"collection":"core.get_jobs","error":null}}',
    );
    program.simulator.control.loseSubscriptions();
    await program.reached('core.get_jobs', 3);
    await program.nas.write.write('core.job_abort', [id]);
    expect(await followed).toMatchObject({ state: 'ABORTED' });
  });
});

describe('events', () => {
  it('ten thousand in one second are heard, and calls go on meanwhile', async () => {
    const program = await startProgram();
    let heard = 0;
    await program.nas.events.subscribe('alert.list', () => {
      heard += 1;
    });
    const asked: Promise<unknown>[] = [];
    for (let batch = 0; batch < 10; batch += 1) {
      program.simulator.control.flood('alert.list', 1_000);
      asked.push(program.ask(READ));
    }
    expect(await Promise.all(asked)).toEqual(Array(10).fill(expect.objectContaining({ isError: false })));
    await until(
      () => heard === 10_000,
      () => `10000 events, but ${heard}`,
    );
    expect(program.nas.status()).toMatchObject({ connections: 1, signIns: 1 });
  });

  it.each([
    ['is not answered', { kind: 'silence' } as const],
    ['is refused', { kind: 'error', code: -32001, message: 'x', data: { error: 13, reason: 'no' } } as const],
  ])('a subscription whose renewal %s is said to have ended, not silently deaf', async (_name, fault) => {
    const program = await startProgram({ timeoutMs: 300 });
    const events: NasEvent[] = [];
    await program.nas.events.subscribe('alert.list', (event) => events.push(event));
    program.simulator.control.next('core.subscribe', fault);
    program.simulator.control.dropConnections();
    await until(() => events.length > 0, 'the listener is told');
    expect(events).toMatchObject([{ kind: 'ended', collection: 'alert.list' }]);
  });

  it.each([
    ['cut', { kind: 'drop-before' } as const],
    ['garbled', { kind: 'malformed' } as const],
  ])('a subscription whose renewal is %s again and again is renewed in the end', async (_name, fault) => {
    const program = await startProgram();
    const kinds: string[] = [];
    await program.nas.events.subscribe('alert.list', (event) => kinds.push(event.kind));
    program.simulator.control.next('core.subscribe', fault, 5);
    program.simulator.control.dropConnections();
    await until(() => kinds.length > 0, 'the listener is told');
    program.simulator.control.flood('alert.list', 1);
    await until(() => kinds.length > 1, 'an event');
    expect(kinds).toEqual(['missed', 'changed']);
  });
});

describe('nobody waits any more', () => {
  it('no timer keeps the process alive after a call timed out while the NAS was away', async () => {
    const program = await startProgram({
      timings: { backOffFirstMs: 60_000, backOffMaxMs: 60_000, reconnectWindowMs: 600_000 },
    });
    await program.ask(READ);
    await program.simulator.control.refuse();
    await until(() => program.nas.status().state !== 'ready', 'the loss is noticed');
    const before = openResources().get('Timeout') ?? 0;
    const call = program.nas.read.call('core.ping', [], { timeoutMs: 30 });
    await expect(call).rejects.toMatchObject({ kind: 'timeout' });
    expect(openResources().get('Timeout') ?? 0).toBeLessThanOrEqual(before);
  });
});
