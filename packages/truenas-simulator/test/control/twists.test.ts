/** Faults inside a call: the NAS answers, and what it did is something else. */
import { describe, expect, it } from 'vitest';
import type { SimulatorControl } from '../../src/index.ts';
import { SIM_RELEASES } from '../../src/releases.ts';
import { finishedJob } from '../support/jobs.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe.each(SIM_RELEASES)('faults inside a call on %s', (release) => {
  const nas = withSimulator({ release });
  const next: SimulatorControl['next'] = (...order) => nas.simulator.control.next(...order);

  async function datasets(connection: RawConnection, id: string): Promise<Json[]> {
    return connection.call('pool.dataset.query', [[['id', '=', id]]]);
  }
  const setMode = (connection: RawConnection): Promise<number> =>
    connection.call('filesystem.setperm', [{ path: '/mnt/tank/home', mode: '711' }]);
  const modeOf = async (connection: RawConnection): Promise<string> =>
    (await connection.call('filesystem.stat', ['/mnt/tank/home'])).mode.toString(8).slice(-3);

  it('pretend answers as told and does nothing; what the NAS would refuse it refuses', async () => {
    const connection = await nas.connect();
    next('pool.dataset.delete', { kind: 'pretend' });
    expect(await connection.call('pool.dataset.delete', ['tank/iso', { recursive: true }])).toBe(true);
    expect(await datasets(connection, 'tank/iso')).toHaveLength(1);
    next('pool.dataset.create', { kind: 'pretend', result: { id: 'tank/made-up' } });
    expect(await connection.call('pool.dataset.create', [{ name: 'tank/made-up' }])).toEqual({
      id: 'tank/made-up',
    });
    expect(await datasets(connection, 'tank/made-up')).toEqual([]);
    next('pool.dataset.create', { kind: 'pretend' });
    await expect(connection.call('pool.dataset.create', [{ nonsense: 1 }])).rejects.toMatchObject({
      code: -32602,
    });
  });

  it('half leaves fields out of what it makes', async () => {
    const connection = await nas.connect();
    next('pool.dataset.create', { kind: 'half', without: ['comments'] });
    await connection.call('pool.dataset.create', [
      { name: 'tank/halved', comments: 'for the family', atime: 'OFF' },
    ]);
    const [row] = await datasets(connection, 'tank/halved');
    expect(row.atime.value).toBe('OFF');
    expect(row.comments?.value ?? '').toBe('');
  });

  it.each([
    ['job-fails', 'FAILED'],
    ['job-aborts', 'ABORTED'],
  ] as const)('%s ends the job, its work undone or done', async (kind, state) => {
    const connection = await nas.connect();
    next('filesystem.setperm', { kind, isDone: false });
    const before = await modeOf(connection);
    expect((await finishedJob(connection, await setMode(connection))).state).toBe(state);
    expect(await modeOf(connection)).toBe(before);
    next('filesystem.setperm', { kind, isDone: true });
    expect((await finishedJob(connection, await setMode(connection))).state).toBe(state);
    expect(await modeOf(connection)).toBe('711');
    await finishedJob(
      connection,
      await connection.call('filesystem.setperm', [{ path: '/mnt/tank/home', mode: before }]),
    );
  });

  it('job-fails says what it is told to say', async () => {
    const connection = await nas.connect();
    next('filesystem.setperm', { kind: 'job-fails', error: 'no space left', errno: 28 });
    expect((await finishedJob(connection, await setMode(connection))).error).toBe('[ENOSPC] no space left');
  });

  it('job-stays runs until somebody ends it', async () => {
    const connection = await nas.connect();
    next('filesystem.setperm', { kind: 'job-stays' });
    const id = await setMode(connection);
    expect((await connection.call('core.get_jobs', [[['id', '=', id]], { get: true }])).state).not.toBe(
      'SUCCESS',
    );
    await connection.call('core.job_abort', [id]);
    expect((await finishedJob(connection, id)).state).toBe('ABORTED');
  });

  it('job-lost does its work and is never heard of again', async () => {
    const connection = await nas.connect();
    await connection.call('core.subscribe', ['core.get_jobs']);
    next('filesystem.setperm', { kind: 'job-lost' });
    const id = await setMode(connection);
    await connection.frame(
      ({ params }) => params?.collection === 'core.get_jobs' && params.fields.state === 'RUNNING',
    );
    // The next job of the same lock begins when the lost one has ended.
    await finishedJob(
      connection,
      await connection.call('filesystem.chown', [{ path: '/mnt/tank/home', uid: 0 }]),
    );
    expect(await connection.call('core.get_jobs', [[['id', '=', id]]])).toEqual([]);
    const states = connection.events
      .filter(({ params }) => params.id === id)
      .map(({ params }) => params.fields.state);
    expect(states).toEqual(['WAITING', 'RUNNING']);
    expect(await modeOf(connection)).toBe('711');
  });
});

describe('what a test reads off', () => {
  const nas = withSimulator();

  it('the record tells calls that change something from those that read', async () => {
    const connection = await nas.connect();
    nas.simulator.control.clearCalls();
    await connection.call('pool.query');
    await connection.call('pool.dataset.create', [{ name: 'tank/noted' }]);
    await connection.call('core.job_abort', [0]).catch(() => undefined);
    await connection.call('auth.me');
    const noted = nas.simulator.calls().map(({ method, isMutating }) => [method, isMutating]);
    expect(noted).toEqual([
      ['pool.query', false],
      ['pool.dataset.create', true],
      ['core.job_abort', true],
      ['auth.me', false],
    ]);
  });

  it.each([
    ['a dataset', 'pool.dataset.create', [{ name: 'tank/t1' }], 'pool.dataset.delete', ['tank/t1']],
    [
      'a setting',
      'pool.dataset.update',
      ['tank/home', { comments: 'x' }],
      'pool.dataset.update',
      ['tank/home', { comments: 'Home directories' }],
    ],
    [
      'a snapshot',
      'pool.snapshot.create',
      [{ dataset: 'tank/home', name: 't' }],
      'pool.snapshot.delete',
      ['tank/home@t'],
    ],
    ['a hold', 'pool.snapshot.hold', ['tank/iso@seen'], 'pool.snapshot.release', ['tank/iso@seen']],
    ['an alert', 'alert.dismiss', ['UUID'], 'alert.restore', ['UUID']],
  ])(
    'the state of the world shows %s, and not when it was undone',
    async (_what, method, params, undo, undoing) => {
      const connection = await nas.connect();
      const { control } = nas.simulator;
      const [alert] = await connection.call('alert.list');
      const given = (each: unknown[]): unknown[] =>
        each.map((param) => (param === 'UUID' ? alert.uuid : param));
      await connection
        .call('pool.snapshot.create', [{ dataset: 'tank/iso', name: 'seen' }])
        .catch(() => undefined);
      const before = control.worldState();
      await connection.call(method, given(params));
      expect(control.worldState()).not.toEqual(before);
      await connection.call(undo, given(undoing));
      expect(control.worldState()).toEqual(before);
    },
  );

  it('a read, a sign-in and a restarted service leave the state as it was', async () => {
    const connection = await nas.connect();
    const before = nas.simulator.control.worldState();
    await connection.call('pool.dataset.query');
    await finishedJob(
      connection,
      await connection.call('service.control', ['RESTART', 'nfs', { silent: false }]),
    );
    await nas.connect();
    expect(nas.simulator.control.worldState()).toEqual(before);
  });
});
