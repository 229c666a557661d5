import { get } from 'node:https';
import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/index.ts';
import { createEventHub, type SimEvent } from '../../src/session/events.ts';
import { CallError, ERRNO, ValidationErrors } from '../../src/errors/exceptions.ts';
import { jobStyle } from '../../src/jobs/job-style.ts';
import { createJobTable, type JobStart, type JobTable } from '../../src/jobs/job-table.ts';
import { answerProblems } from '../support/contract.ts';
import { type Json, withSimulator } from '../support/simulator.ts';

describe('the job table', () => {
  function fresh(): { jobs: JobTable; events: SimEvent[] } {
    const hub = createEventHub();
    const events: SimEvent[] = [];
    hub.listen((event) => events.push(event));
    return { jobs: createJobTable(hub, Date.now, jobStyle('25.10')), events };
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

  it('aborts a running job, a waiting one once its turn comes, and ignores a finished one', async () => {
    const { jobs } = fresh();
    const running = jobs.start(job((handle) => handle.wait(60_000), { lock: 'one' }));
    const waiting = jobs.start(job(() => 'never', { lock: 'one' }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(jobs.get(waiting)?.state).toBe('WAITING');
    jobs.abort(waiting);
    expect(jobs.get(waiting)?.state).toBe('WAITING');
    jobs.abort(running);
    expect((await jobs.finished(running))?.state).toBe('ABORTED');
    expect((await jobs.finished(waiting))?.state).toBe('ABORTED');
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
    const credentials = (username: string) => () => ({ type: 'API_KEY', data: { username } });
    const start = (username: string, size: number): number =>
      jobs.start({
        ...job((handle) => handle.wait(60_000), { lock: 'one', lockQueueSize: size }),
        credentials: credentials(username),
      });
    const first = start('a', 1);
    const queued = start('a', 1);
    expect(start('a', 1)).toBe(queued);
    expect(() => start('b', 1)).toThrow('another user');
    expect(() => start('a', 0)).toThrow('already being performed');
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
    expect(row?.logs_excerpt).toContain('line 10\n... 10 more lines ...\nline 21\n');
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
      description: null,
      state: 'SUCCESS',
      progress: { percent: 100, description: '1 / 2: two queries' },
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
      data: { extra: [[null, 'Job with id 99999 does not exist', 2]] },
    });
  });

  it('a job whose connection has ended belongs to nobody', async () => {
    const starter = await confined.connect();
    const id = await starter.call('core.bulk', bulk);
    await finished(starter, id);
    starter.close();
    await starter.closed;

    const user = await confined.connect();
    expect(await user.call('core.get_jobs', [[['id', '=', id]]])).toEqual([]);
    await expect(user.call('core.job_abort', [id])).rejects.toMatchObject({
      code: -32001,
      data: {
        errname: 'EPERM',
        reason: '[EPERM] Only users with full administrative privileges can access internally ran jobs',
      },
    });
    const waiter = await user.call('core.job_wait', [id]);
    expect(await finished(user, waiter)).toMatchObject({ state: 'FAILED', exc_info: { errno: 1 } });

    const admin = await confined.connect({ isSignedIn: false });
    await admin.call('auth.login', ['truenas_admin', 'simulated-password']);
    const [row] = await admin.call('core.get_jobs', [[['id', '=', id]]]);
    expect(row).toMatchObject({ state: 'SUCCESS', credentials: null });
  });

  it('a bulk of what needs no role is refused to all but full administrators', async () => {
    const user = await confined.connect();
    const id = await user.call('core.bulk', ['core.ping', [[]]]);
    expect(await finished(user, id)).toMatchObject({ state: 'FAILED', error: '[EPERM] Not authorized' });
  });

  it('message ids are kept as sent, but for those that count as nothing', async () => {
    const connection = await nas.connect();
    const idsOf = async (id: unknown): Promise<unknown> => {
      connection.send(
        JSON.stringify({ jsonrpc: '2.0', id, method: 'core.bulk', params: ['core.ping', [[]]] }),
      );
      const { result } = await connection.frame(
        (frame) => frame.id === id && typeof frame.result === 'number',
      );
      const row = await connection.call('core.get_jobs', [[['id', '=', result]], { get: true }]);
      return row.message_ids;
    };
    expect([await idsOf('a b'), await idsOf(0), await idsOf(null), await idsOf(true)]).toEqual([
      ['a b'],
      [],
      [],
      [true],
    ]);
  });

  it('the whole log of a job is behind a link that is good once', async () => {
    const connection = await nas.connect();
    const logged = await connection.call('core.get_jobs', [
      [['logs_path', '!=', null]],
      { get: true, order_by: ['id'] },
    ]);
    const link = await connection.call('core.job_download_logs', [logged.id, 'job.log']);
    const get = () => download(nas.simulator, link);
    const [first, second] = [await get(), await get()];
    expect(first).toMatchObject({ status: 200, disposition: 'attachment; filename="job.log"' });
    expect(first.text).toContain(logged.logs_excerpt.split('\n')[0]);
    expect(second.status).toBe(401);
    expect((await download(nas.simulator, '/_download/1?auth_token=wrong')).status).toBe(401);
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

/** GETs a path of the NAS. */
function download(
  { url, certificatePem }: Simulator,
  path: string,
): Promise<{ status: number | undefined; disposition: string | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const options = { ca: certificatePem, checkServerIdentity: () => undefined };
    get(`${url.replace('wss:', 'https:')}${path}`, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        const { statusCode: status, headers } = response;
        resolve({ status, disposition: headers['content-disposition'], text });
      });
    }).on('error', reject);
  });
}
