import { describe, expect, it } from 'vitest';
import { createEventHub, type SimEvent } from '../../src/session/events.ts';
import { CallError, ERRNO, ValidationErrors } from '../../src/errors/exceptions.ts';
import { createJobTable, type JobStart, type JobTable } from '../../src/jobs/job-table.ts';
import { answerProblems } from '../../../../test/support/contract.ts';
import { type Json, withSimulator } from '../../../../test/support/simulator.ts';

describe('the job table', () => {
  function fresh(): { jobs: JobTable; events: SimEvent[] } {
    const hub = createEventHub();
    const events: SimEvent[] = [];
    hub.listen((event) => events.push(event));
    return { jobs: createJobTable(hub, Date.now), events };
  }
  const job = (run: JobStart['run'], options: JobStart['options'] = {}): JobStart => ({
    method: 'pool.scrub.scrub',
    args: [],
    options,
    run,
  });
  const told = (events: readonly SimEvent[]): unknown[] =>
    events.map(({ msg, fields }) => [msg, (fields as Json).state, (fields as Json).progress.percent]);

  it('tells of waiting, running, progress and twice of success', async () => {
    const { jobs, events } = fresh();
    const id = jobs.start(
      job((handle) => {
        handle.progress(40, 'Almost half');
        return 'done';
      }),
    );
    expect(told(events)).toEqual([['added', 'WAITING', 0]]);
    const row = await jobs.finished(id);
    expect(row).toMatchObject({ state: 'SUCCESS', result: 'done', error: null, exc_info: null });
    expect(told(events)).toEqual([
      ['added', 'WAITING', 0],
      ['changed', 'RUNNING', 0],
      ['changed', 'RUNNING', 40],
      ['changed', 'SUCCESS', 100],
      ['changed', 'SUCCESS', 100],
    ]);
  });

  it('keeps how a job failed', async () => {
    const { jobs } = fresh();
    const broken = jobs.start(
      job(() => {
        throw new CallError('Disk is gone', ERRNO.ENODEV);
      }),
    );
    expect(await jobs.finished(broken)).toMatchObject({
      state: 'FAILED',
      result: null,
      error: '[ENODEV] Disk is gone',
      exception: expect.stringContaining('Traceback'),
      exc_info: { type: 'CallError', errno: 19, extra: null },
    });
    const refused = jobs.start(
      job(() => {
        throw new ValidationErrors().add('scrub.name', 'No such pool', ERRNO.ENOENT);
      }),
    );
    expect(await jobs.finished(refused)).toMatchObject({
      error: '[ENOENT] scrub.name: No such pool\n',
      exc_info: { type: 'VALIDATION', errno: null, extra: [['scrub.name', 'No such pool', 2]] },
    });
  });

  it('aborts a running job, a waiting one, and ignores a finished one', async () => {
    const { jobs } = fresh();
    const running = jobs.start(job((handle) => handle.wait(60_000), { lock: 'one' }));
    const waiting = jobs.start(job(() => 'never', { lock: 'one' }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(jobs.get(waiting)?.state).toBe('WAITING');
    jobs.abort(waiting);
    expect(jobs.get(waiting)?.state).toBe('ABORTED');
    jobs.abort(running);
    expect((await jobs.finished(running))?.state).toBe('ABORTED');
    jobs.abort(running);
    expect(jobs.get(running)?.state).toBe('ABORTED');
    const next = jobs.start(job(() => 'ran', { lock: 'one' }));
    expect((await jobs.finished(next))?.result).toBe('ran');
  });

  it('runs jobs of one lock one at a time, in order', async () => {
    const { jobs } = fresh();
    const order: string[] = [];
    const start = (name: string): number =>
      jobs.start(
        job(
          async (handle) => {
            order.push(`${name} starts`);
            await handle.wait(2);
            order.push(`${name} ends`);
          },
          { lock: () => 'one' },
        ),
      );
    await Promise.all(['a', 'b', 'c'].map((name) => jobs.finished(start(name))));
    expect(order).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
  });

  it('answers the queued job when the queue of a lock is full, and refuses with no queue', async () => {
    const { jobs } = fresh();
    const credentials = (username: string) => ({ type: 'API_KEY', data: { username } });
    const start = (username: string, size: number): number =>
      jobs.start({
        ...job((handle) => handle.wait(60_000), { lock: 'one', lockQueueSize: size }),
        credentials: credentials(username),
      });
    const first = start('a', 1);
    const queued = start('a', 1);
    expect(start('a', 1)).toBe(queued);
    expect(() => start('b', 1)).toThrow('another user');
    expect(() => start('a', 0)).toThrow('already running');
    jobs.stop();
    expect(first).not.toBe(queued);
  });

  it('says nothing of a transient job and forgets it', async () => {
    const { jobs, events } = fresh();
    const id = jobs.start(job(() => 1, { transient: true }));
    const finished = jobs.finished(id);
    expect((await finished)?.state).toBe('SUCCESS');
    expect(jobs.get(id)).toBeUndefined();
    expect(events).toEqual([]);
  });

  it('shows the first and last ten lines of a log', async () => {
    const { jobs } = fresh();
    const id = jobs.start(
      job(
        (handle) => {
          for (let line = 1; line <= 30; line++) handle.log(`line ${line}`);
        },
        { logs: true },
      ),
    );
    const row = await jobs.finished(id);
    expect(row?.logs_excerpt?.split('\n')).toHaveLength(22);
    expect(row?.logs_excerpt).toContain('line 10\n...\nline 21\n');
    expect(jobs.logs(id).split('\n')).toHaveLength(31);
  });

  it('keeps a thousand jobs', () => {
    const { jobs } = fresh();
    jobs.seed(Array.from({ length: 1010 }, () => ({ method: 'pool.scrub.scrub' })));
    expect(jobs.rows()).toHaveLength(1000);
    expect(jobs.get(1)).toBeUndefined();
  });
});

describe('jobs over the wire', () => {
  const nas = withSimulator();
  const confined = withSimulator({ roles: ['ACCOUNT_READ'] });
  const bulk = ['user.query', [[[['uid', '=', 0]], { get: true }], [[['uid', '>', 'x']]]], 'two queries'];

  it('the added event comes before the reply with the id', async () => {
    const connection = await nas.connect();
    await connection.call('core.subscribe', ['core.get_jobs']);
    const start = connection.frames.length;
    const id = await connection.call('core.bulk', bulk);
    const done = (frame: Json): boolean =>
      frame.params?.fields?.state === 'SUCCESS' && frame.params.id === id;
    await connection.frame(done);
    const [first, second] = connection.frames.slice(start);
    expect(first).toMatchObject({
      method: 'collection_update',
      params: {
        msg: 'added',
        collection: 'core.get_jobs',
        id,
        fields: { state: 'WAITING', message_ids: [second.id] },
      },
    });
    expect(second).toMatchObject({ result: id });
    const row = await connection.call('core.get_jobs', [[['id', '=', id]], { get: true }]);
    expect(row).toMatchObject({
      method: 'core.bulk',
      description: 'two queries',
      state: 'SUCCESS',
      progress: { percent: 100 },
      time_started: { $date: expect.any(Number) },
      credentials: { type: 'API_KEY', data: { username: nas.simulator.username } },
    });
    expect(row.result).toEqual([
      { job_id: null, error: null, result: expect.objectContaining({ username: 'root' }) },
      { job_id: null, error: expect.stringContaining('not supported'), result: null },
    ]);
    expect(answerProblems('25.10', 'core.get_jobs', row)).toEqual([]);
  });

  it('core.job_wait is a job itself', async () => {
    const connection = await nas.connect();
    const id = await connection.call('core.bulk', bulk);
    const waiter = await connection.call('core.job_wait', [id]);
    expect(waiter).toBeGreaterThan(id);
    const row = await finished(connection, waiter);
    expect(row.result).toHaveLength(2);
  });

  it('legacy_jobs: false waits and answers the result, or the error', async () => {
    const connection = await nas.connect();
    await connection.call('core.set_options', [{ legacy_jobs: false }]);
    expect(await connection.call('core.bulk', bulk)).toHaveLength(2);
    await expect(connection.call('core.bulk', ['no.such', []])).rejects.toMatchObject({
      data: { error: 201 },
    });
  });

  it('a bulk of a method that the caller may not call fails with EPERM', async () => {
    const connection = await confined.connect();
    const id = await connection.call('core.bulk', ['user.delete', [[1]]]);
    expect(await finished(connection, id)).toMatchObject({ state: 'FAILED', exc_info: { errno: 1 } });
  });

  it('bad arguments of a job are its failure', async () => {
    const connection = await nas.connect();
    const id = await connection.call('core.bulk', ['user.query', 'nonsense']);
    expect(await finished(connection, id)).toMatchObject({
      state: 'FAILED',
      exc_info: { type: 'VALIDATION', extra: [['params', 'Input should be a valid list', 22]] },
    });
  });

  it('others see only their own jobs, and hear of no others', async () => {
    const admin = await confined.connect({ isSignedIn: false });
    await admin.call('auth.login', ['truenas_admin', 'simulated-password']);
    const user = await confined.connect();
    await user.call('core.subscribe', ['core.get_jobs']);
    const foreign = await admin.call('core.bulk', bulk);
    await finished(admin, foreign);
    const own = await user.call('core.bulk', bulk);
    await finished(user, own);
    const ids = (await user.call('core.get_jobs')).map((row: Json) => row.id);
    expect(ids).toContain(own);
    expect(ids).not.toContain(foreign);
    expect(user.events.map((event) => event.params.id)).not.toContain(foreign);
    await expect(user.call('core.job_abort', [foreign])).rejects.toMatchObject({
      code: -32001,
      data: { error: 1 },
    });
  });

  it('an unknown job is a validation error', async () => {
    const connection = await nas.connect();
    await expect(connection.call('core.job_abort', [99_999])).rejects.toMatchObject({
      code: -32602,
      data: { extra: [['id', 'Job 99999 does not exist', 2]] },
    });
  });

  async function finished(
    connection: { call(method: string, params: unknown[]): Promise<Json> },
    id: number,
  ): Promise<Json> {
    for (;;) {
      const row = await connection.call('core.get_jobs', [[['id', '=', id]], { get: true }]);
      if (row.time_finished !== null) return row;
    }
  }
});
