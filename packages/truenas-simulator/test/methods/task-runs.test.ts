/** Periodic tasks run when they are told to, and what they do shows. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { returnsProblems } from '../support/contract.ts';
import { finishedJob } from '../support/jobs.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe.each(SIM_RELEASES)('tasks on %s', (release) => {
  const nas = withSimulator({ release });
  const reader = withSimulator({ release, roles: ['READONLY_ADMIN'] });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  const run = async (method: string, id: number): Promise<Json> => {
    const row = await finishedJob(connection, await connection.call(method, [id]));
    if (row.state === 'SUCCESS') expect(returnsProblems(release, method, row.result)).toEqual([]);
    return row;
  };
  const replication = async (id: number): Promise<Json> => {
    const row = await connection.call('replication.get_instance', [id]);
    expect(returnsProblems(release, 'replication.get_instance', row)).toEqual([]);
    return row;
  };

  it('a snapshot task takes its snapshots under the name of its scheme, once a minute', async () => {
    const { id } = await connection.call('pool.snapshottask.create', [
      { dataset: 'tank/projects', naming_schema: 'now-%Y-%m-%d_%H-%M' },
    ]);
    const namespace = release === '25.04' ? 'zfs.snapshot' : 'pool.snapshot';
    const filter = [['id', '^', 'tank/projects@now-']];
    expect(await connection.call('pool.snapshottask.run', [id])).toBeNull();
    expect(await connection.call('pool.snapshottask.run', [id])).toBeNull();
    const taken = await connection.call(`${namespace}.query`, [filter]);
    expect(taken.length).toBeGreaterThanOrEqual(1);
    expect(taken[0].snapshot_name).toMatch(/^now-\d{4}-\d\d-\d\d_\d\d-\d\d$/);
    await connection.call('pool.snapshottask.update', [id, { enabled: false }]);
    await expect(connection.call('pool.snapshottask.run', [id])).rejects.toMatchObject({
      data: { reason: '[EFAULT] Task is not enabled' },
    });
    await expect(connection.call('pool.snapshottask.run', [99])).rejects.toMatchObject({ code: -32602 });
  });

  it('a replication under way cannot be started again; aborted, it can, and brings snapshots over', async () => {
    expect(await run('replication.run', 1)).toMatchObject({ error: '[EFAULT] Task is already running' });
    expect((await replication(1)).state.state).toBe('RUNNING');
    const jobs = await connection.call('core.get_jobs', [
      [
        ['method', '=', 'replication.run'],
        ['state', '=', 'RUNNING'],
      ],
    ]);
    for (const job of jobs) await connection.call('core.job_abort', [job.id]);
    await finishedJob(connection, jobs[0].id);
    expect((await replication(1)).state).toMatchObject({ state: 'ERROR', error: expect.any(String) });
    expect(await run('replication.run', 1)).toMatchObject({ state: 'SUCCESS', error: null });
    expect((await replication(1)).state.state).toBe('FINISHED');
    const copy = await connection.call('pool.dataset.get_instance', ['backup/replica/documents']);
    expect(copy.used.parsed).toBeGreaterThan(0);
  });

  it('a replication tells what is going over, what went over last, and each step to who listens', async () => {
    const { id, state: before } = await connection.call('replication.create', [
      {
        ...{ name: 'iso to backup', direction: 'PUSH', transport: 'LOCAL', recursive: false, auto: false },
        ...{ source_datasets: ['tank/documents'], target_dataset: 'backup/papers', retention_policy: 'NONE' },
        name_regex: '.*',
      },
    ]);
    expect(before).toEqual({ state: 'PENDING' });
    const listener = await nas.connect();
    await listener.call('core.subscribe', ['replication.query']);
    await run('replication.run', id);
    const namespace = release === '25.04' ? 'zfs.snapshot' : 'pool.snapshot';
    const [newest] = await connection.call(`${namespace}.query`, [
      [['dataset', '=', 'tank/documents']],
      { order_by: ['-createtxg'], limit: 1, select: ['id', 'snapshot_name'] },
    ]);
    expect((await replication(id)).state).toEqual({
      state: 'FINISHED',
      datetime: { $date: expect.any(Number) },
      warnings: [],
      last_snapshot: newest.id,
    });
    const told = listener.events
      .filter(({ params }) => params.id === id)
      .map(({ params }) => params.fields.state);
    expect(told.map(({ state }: Json) => state)).toEqual(['RUNNING', 'RUNNING', 'RUNNING', 'FINISHED']);
    expect(told.map(({ last_snapshot: last }: Json) => last)).toEqual([null, null, newest.id, newest.id]);
    expect(told[1].progress).toMatchObject({
      dataset: 'tank/documents',
      snapshot: newest.snapshot_name,
      snapshots_sent: 0,
      snapshots_total: 1,
    });
    await connection.call('replication.delete', [id]);
  });

  it('a replication to another machine finds nobody there, and says so in its job and its task', async () => {
    expect(await run('replication.run', 2)).toMatchObject({
      state: 'FAILED',
      error: '[ETIMEDOUT] connection to backup.example.org timed out',
      logs_excerpt: expect.stringContaining('task_2'),
    });
    expect(await replication(2)).toMatchObject({
      state: { state: 'ERROR', error: 'connection to backup.example.org timed out' },
      job: { state: 'FAILED' },
    });
  });

  it('a cloud sync is aborted and runs again, and an rsync runs', async () => {
    expect(await connection.call('cloudsync.abort', [1])).toBe(true);
    await expect.poll(() => connection.call('cloudsync.abort', [1])).toBe(false);
    expect(await run('cloudsync.sync', 1)).toMatchObject({ state: 'SUCCESS', result: null });
    expect((await connection.call('cloudsync.get_instance', [1])).job).toMatchObject({ state: 'SUCCESS' });
    expect(await run('rsynctask.run', 1)).toMatchObject({ state: 'SUCCESS', result: null });
    expect(await run('rsynctask.run', 99)).toMatchObject({ state: 'FAILED' });
  });

  it('who may read tasks sees their jobs, past and present, whoever started them', async () => {
    const other = await reader.connect();
    const rows = await other.call('core.get_jobs', [
      [['method', 'in', ['replication.run', 'cloudsync.sync']]],
    ]);
    const methods = new Set(rows.map(({ method, state }: Json) => `${method} ${state}`));
    const past = ['replication.run FAILED', 'cloudsync.sync SUCCESS'];
    expect(methods).toEqual(new Set([...past, 'replication.run RUNNING', 'cloudsync.sync RUNNING']));
  });
});
