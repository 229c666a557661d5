/** Sessions for changes: one connection each, whose end is told and never mended. */
import { describe, expect, it } from 'vitest';
import { OutcomeUnknownError } from '../../src/truenas/index.ts';
import { problemOf } from './support/client.ts';
import { timesCalled } from './support/nas.ts';
import { cloudSyncOf, RELEASES, sessionForTest, simulatorForTest } from './support/write-session.ts';

const DATASET = ['pool.dataset.create', [{ name: 'tank/written' }]] as const;

describe.each(RELEASES)('a write session on %s', (release) => {
  it('reads and writes under the account that signed in', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator);
    expect(await session.write.write(...DATASET)).toMatchObject({ id: 'tank/written' });
    expect(await session.read.call('pool.dataset.get_instance', ['tank/written'])).toMatchObject({
      id: 'tank/written',
    });
  });

  it.each(['drop-before', 'drop-after'] as const)(
    'a write in flight when the connection is cut (%s) may have been applied, and is not sent again',
    async (kind) => {
      const simulator = await simulatorForTest({ release });
      const session = await sessionForTest(simulator);
      simulator.control.next(DATASET[0], { kind });
      expect(await problemOf(session.write.write(...DATASET))).toBeInstanceOf(OutcomeUnknownError);
      expect(session.isOpen()).toBe(false);
      expect(timesCalled(simulator, DATASET[0])).toBe(1);
      expect(simulator.control.logins().total).toBe(1);
    },
  );

  it('after a loss nothing more is sent, and the connection is not opened again', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator);
    simulator.control.next('core.ping', { kind: 'drop-before' });
    expect(await problemOf(session.read.call('core.ping'))).toMatchObject({ kind: 'closed' });
    const problem = await problemOf(session.write.write(...DATASET));
    expect(problem).toMatchObject({ kind: 'closed' });
    expect(problem.message).toMatch(
      /^pool\.dataset\.create was not sent; nothing was changed\. The connection for changes was lost: /,
    );
    expect(await problemOf(session.read.call('core.ping'))).toMatchObject({ kind: 'closed' });
    expect(session.ended.aborted).toBe(true);
    expect(timesCalled(simulator, DATASET[0])).toBe(0);
    expect(simulator.control.logins().total).toBe(1);
    expect(simulator.control.connectionCount()).toBe(0);
  });

  it('a closed one sends nothing, and says so', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator);
    await session.close();
    await session.close();
    expect(session.isOpen()).toBe(false);
    expect(await problemOf(session.write.write(...DATASET))).toMatchObject({
      kind: 'closed',
      summary: 'The session for changes was closed.',
    });
    expect(timesCalled(simulator, DATASET[0])).toBe(0);
  });

  it('a session that the NAS has ended is given up: nobody can sign in again', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator);
    const data = { error: 13, errname: 'EACCES', reason: '[EACCES] Session is expired' };
    simulator.control.next('core.ping', { kind: 'error', code: -32001, message: 'Method call error', data });
    expect(await problemOf(session.read.call('core.ping'))).toMatchObject({
      kind: 'closed',
      summary: expect.stringContaining('The NAS has ended the session for changes.'),
    });
    expect(session.isOpen()).toBe(false);
    expect(simulator.control.logins().total).toBe(1);
  });

  it('several sessions of several people stand side by side', async () => {
    const simulator = await simulatorForTest({ release });
    const first = await sessionForTest(simulator);
    const { apiKey, username } = simulator;
    const second = await sessionForTest(simulator, { kind: 'api-key', apiKey, username });
    await first.close();
    expect(await second.read.call('core.ping')).toBe('pong');
  });

  it('one that retires takes no new work, ends its jobs if asked to, and closes after the last', async () => {
    const simulator = await simulatorForTest({ release });
    const session = await sessionForTest(simulator);
    const task = await cloudSyncOf(session, 'SUCCESS');
    const { id, ended } = await session.startJob('cloudsync.sync', [task]);
    const closed = session.closeAfterJobs('The time of this sign-in is over.');
    const refused = { kind: 'closed', summary: 'The time of this sign-in is over.' };
    expect(session.isOpen()).toBe(false);
    expect(await problemOf(session.write.write(...DATASET))).toMatchObject(refused);
    expect(await problemOf(session.runJob('cloudsync.sync', [task]))).toMatchObject(refused);
    expect(await problemOf(session.write.write('core.job_abort', [id + 1]))).toMatchObject(refused);
    expect(await problemOf(session.read.call('pool.query'))).toMatchObject(refused);
    expect(session.ended.aborted).toBe(false);
    await session.write.write('core.job_abort', [id]);
    expect((await ended).state).toBe('ABORTED');
    await closed;
    expect(session.ended.aborted).toBe(true);
  });
});
