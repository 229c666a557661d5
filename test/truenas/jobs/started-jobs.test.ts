/** Jobs started over a write session: whose they are, how they end, and how a lost one is found. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  findLostJob,
  jobResult,
  JobLostError,
  openTrueNas,
  OutcomeUnknownError,
} from '../../../src/truenas/index.ts';
import type { ReadClient } from '../../../src/truenas/index.ts';
import type { Simulator } from 'truenas-simulator';
import { closers, keepingLog, problemOf, QUICK } from '../support/client.ts';
import { timesCalled } from '../support/nas.ts';
import {
  cloudSyncOf,
  grantToAlice,
  RELEASES,
  sessionForTest,
  simulatorForTest,
} from '../support/write-session.ts';

const SYNC = 'cloudsync.sync';
const SCRUB = 'pool.scrub.scrub';

/** Reads under the issued key, over another connection. */
function readerOf(simulator: Simulator): ReadClient {
  const { url, apiKey, username, fingerprint } = simulator;
  const tls = { fingerprintSha256: fingerprint };
  const nas = openTrueNas({ url, apiKey, username, tls, timeoutMs: 5_000, log: keepingLog() }, QUICK);
  closers.push(() => nas.close());
  return nas.read;
}

describe.each(RELEASES)('a job on %s', (release) => {
  it('is run to its end, told of on the way, and sent under a UUID of its own', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator);
    const task = await cloudSyncOf(session, 'SUCCESS');
    const seen: string[] = [];
    const messageId = randomUUID();
    const job = await session.runJob(SYNC, [task], {
      messageId,
      onProgress: ({ state }) => seen.push(state),
    });
    expect(job).toMatchObject({ method: SYNC, state: 'SUCCESS' });
    expect(jobResult(job)).toBeNull();
    expect(seen.at(-1)).toBe('SUCCESS');
    expect(session.openJobs()).toBe(0);
    const [row] = (await session.read.call('core.get_jobs', [[['id', '=', job.id]]])) as object[];
    const { message_ids: ids } = row as { message_ids?: unknown };
    expect(ids).toEqual(release === '25.04' ? undefined : [messageId]);
  });

  it('that fails has ended: the failure is its result', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator);
    const job = await session.runJob(SYNC, [4711]);
    expect(job.state).toBe('FAILED');
    expect(() => jobResult(job)).toThrow(/4711 does not exist/);
  });

  it('refused by the NAS was not started', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator, await grantToAlice(simulator, ['SNAPSHOT_WRITE']));
    expect(await problemOf(session.runJob(SCRUB, ['tank']))).toMatchObject({ kind: 'not-authorized' });
    expect(session.openJobs()).toBe(0);
  });

  it('that nobody waits for any more is followed on by the session', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator);
    const task = await cloudSyncOf(session, 'SUCCESS');
    const problem = await problemOf(session.runJob(SYNC, [task], { timeoutMs: 50 }));
    expect(problem).toMatchObject({ kind: 'timeout' });
    expect(problem.message).toMatch(/^Job \d+ \(cloudsync\.sync\) is still /);
    expect(session.openJobs()).toBe(1);
    await expect.poll(() => session.openJobs()).toBe(0);
  });

  it('whose wait is cancelled goes on', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator);
    const task = await cloudSyncOf(session, 'SUCCESS');
    const leaving = new AbortController();
    const onProgress = () => leaving.abort();
    const waiting = session.runJob(SYNC, [task], { signal: leaving.signal, onProgress });
    expect(await problemOf(waiting)).toMatchObject({ kind: 'aborted' });
    expect(session.openJobs()).toBe(1);
    await expect.poll(() => session.openJobs()).toBe(0);
  });

  it('cancelled before it was sent is not sent', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator);
    const signal = AbortSignal.abort();
    expect(await problemOf(session.runJob(SCRUB, ['tank'], { signal }))).toMatchObject({ kind: 'aborted' });
    expect(timesCalled(simulator, SCRUB)).toBe(0);
  });

  it('whose number the NAS never tells is found over the same connection, and followed', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator, undefined, undefined, { timeoutMs: 400 });
    const task = await cloudSyncOf(session, 'SUCCESS');
    simulator.control.next(SYNC, { kind: 'silence' });
    expect(await session.runJob(SYNC, [task])).toMatchObject({ method: SYNC, state: 'SUCCESS' });
    expect(timesCalled(simulator, SYNC)).toBe(1);
  });

  it('that was in the queue already, with other arguments, is not taken for the own one', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator);
    const task = await cloudSyncOf(session, 'RUNNING');
    const { id } = await session.startJob(SYNC, [task]);
    const problem = await problemOf(session.startJob(SYNC, [task, { dry_run: true }]));
    expect(problem).toMatchObject({ kind: 'busy' });
    expect(problem.message).toContain(`it answered with job ${id}, which another call started`);
    expect(session.openJobs()).toBe(1);
  });

  it('that was in the queue already, with the very same arguments, is as good as the own one', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator);
    const task = await cloudSyncOf(session, 'RUNNING');
    const first = await session.startJob(SYNC, [task]);
    expect((await session.startJob(SYNC, [task])).id).toBe(first.id);
  });

  it('of a method that starts none is unknown, not done', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator);
    const problem = await problemOf(session.runJob('pool.dataset.create', [{ name: 'tank/no-job' }]));
    expect(problem).toBeInstanceOf(OutcomeUnknownError);
  });

  it('whose connection is lost while it runs may be running, and an administrator finds it again', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator);
    const { id, ended } = await session.startJob(SCRUB, ['tank']);
    simulator.control.dropConnections();
    const problem = await problemOf(ended);
    expect(problem).toBeInstanceOf(JobLostError);
    expect(problem.message).toBe(
      `${SCRUB} was sent, but the connection ended while its job ${id} was running: it may have been applied.`,
    );
    const { sent, jobId } = problem as JobLostError;
    expect(jobId).toBe(id);
    expect(await findLostJob(readerOf(simulator), sent)).toMatchObject({ id, method: SCRUB });
    expect(timesCalled(simulator, SCRUB)).toBe(1);
  });

  it('whose number was lost on the way is found by its call alone', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator);
    simulator.control.next(SCRUB, { kind: 'drop-after' });
    const problem = (await problemOf(session.runJob(SCRUB, ['tank']))) as JobLostError;
    expect(problem).toBeInstanceOf(JobLostError);
    expect(problem.jobId).toBeUndefined();
    const found = await findLostJob(readerOf(simulator), problem.sent);
    expect(found).toMatchObject({ method: SCRUB, state: 'RUNNING' });
  });

  it('that the NAS never received is not found: an administrator sees that there is none', async () => {
    const simulator = await simulatorForTest({ release });
    const earlier = await sessionForTest(simulator);
    await earlier.startJob(SCRUB, ['tank']);
    const session = await sessionForTest(simulator);
    simulator.control.next(SCRUB, { kind: 'drop-before' });
    const { sent } = (await problemOf(session.runJob(SCRUB, ['backup']))) as JobLostError;
    expect(await findLostJob(readerOf(simulator), sent)).toBeUndefined();
  });

  it('is not visible to anybody but a full administrator once its connection has ended', async () => {
    const simulator = await simulatorForTest({ release, roles: ['READONLY_ADMIN'] });
    const session = await sessionForTest(simulator);
    simulator.control.next(SCRUB, { kind: 'drop-after' });
    const { sent } = (await problemOf(session.runJob(SCRUB, ['tank']))) as JobLostError;
    expect(await findLostJob(readerOf(simulator), sent)).toBe('not-visible');
  });
});

it('on 25.04 a job of the same kind that began long before the call is not taken for it', async () => {
  const simulator = await simulatorForTest({ release: '25.04' });
  const session = await sessionForTest(simulator);
  const { sent } = await session.startJob(SCRUB, ['tank']);
  const read = readerOf(simulator);
  expect(await findLostJob(read, sent)).toMatchObject({ method: SCRUB });
  expect(await findLostJob(read, { ...sent, sentAtMs: sent.sentAtMs + 60_000 })).toBeUndefined();
});

it('on 25.04 a clock of the NAS that is wrong by days does not hide the job', async () => {
  const wrongByMs = 5 * 86_400_000;
  const simulator = await simulatorForTest({ release: '25.04', now: () => Date.now() - wrongByMs });
  const session = await sessionForTest(simulator);
  const { id, sent } = await session.startJob(SCRUB, ['tank']);
  expect(await findLostJob(readerOf(simulator), sent)).toMatchObject({ id });
});
