/** Apps and virtual machines start, stop and change, and queries and events show it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { returnsProblems } from '../support/contract.ts';
import { finishedJob } from '../support/jobs.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe.each(SIM_RELEASES)('workloads on %s', (release) => {
  const nas = withSimulator({ release });
  let connection: RawConnection;

  beforeEach(async () => {
    connection = await nas.connect();
  });

  const job = async (method: string, params: unknown[]): Promise<Json> => {
    const row = await finishedJob(connection, await connection.call(method, params));
    if (row.state === 'SUCCESS') {
      expect([method, returnsProblems(release, method, row.result)]).toEqual([method, []]);
    }
    return row;
  };
  const call = async (method: string, params: unknown[]): Promise<Json> => {
    const result = await connection.call(method, params);
    expect([method, returnsProblems(release, method, result)]).toEqual([method, []]);
    return result;
  };
  const app = (name: string): Promise<Json> => call('app.get_instance', [name]);

  it('an app stops and starts, and tells on the way', async () => {
    await connection.call('core.subscribe', ['app.query']);
    expect(await job('app.stop', ['nextcloud'])).toMatchObject({ state: 'SUCCESS', result: null });
    expect(await app('nextcloud')).toMatchObject({ state: 'STOPPED', active_workloads: { containers: 0 } });
    expect(await job('app.start', ['nextcloud'])).toMatchObject({
      state: 'SUCCESS',
      progress: { percent: 100, description: "Started 'nextcloud' app" },
    });
    expect(await app('nextcloud')).toMatchObject({ state: 'RUNNING', active_workloads: { containers: 1 } });
    const states = connection.events.map(({ params }) => [params.id, params.fields.state]);
    expect(states).toEqual([
      ['nextcloud', 'STOPPING'],
      ['nextcloud', 'STOPPED'],
      ['nextcloud', 'DEPLOYING'],
      ['nextcloud', 'RUNNING'],
    ]);
  });

  it('an app with a newer version is upgraded, once', async () => {
    expect(await call('app.upgrade_summary', ['nextcloud'])).toMatchObject({ latest_version: '2.0.4' });
    expect(await job('app.upgrade', ['nextcloud', { app_version: '9.9' }])).toMatchObject({
      error: "[EFAULT] Unable to locate '9.9' version for 'nextcloud' app",
    });
    expect(await job('app.upgrade', ['nextcloud'])).toMatchObject({
      result: { version: '2.0.4', upgrade_available: false, state: 'RUNNING' },
    });
    expect(await job('app.upgrade', ['nextcloud'])).toMatchObject({
      state: 'FAILED',
      error: "[EFAULT] No upgrade available for 'nextcloud'",
    });
    expect(await job('app.upgrade', ['syncthing'])).toMatchObject({
      error: '[EFAULT] In order to upgrade an app, it must not be in stopped state',
    });
  });

  it('an app is redeployed and deleted, and then does not exist', async () => {
    expect(await job('app.redeploy', ['immich'])).toMatchObject({ result: { state: 'RUNNING' } });
    expect(await job('app.delete', ['immich', { remove_images: false }])).toMatchObject({ result: true });
    await expect(app('immich')).rejects.toMatchObject({
      data: { extra: [[null, 'App immich does not exist', 2]] },
    });
    expect((await job('app.start', ['immich'])).exc_info.type).toBe('VALIDATION');
  });

  it('a virtual machine starts, is suspended, resumed, restarted and stopped', async () => {
    const status = async (): Promise<string> => (await call('vm.status', [3])).state;
    await call('vm.start', [3]);
    expect(await status()).toBe('RUNNING');
    await expect(connection.call('vm.start', [3])).rejects.toMatchObject({
      data: { errname: 'EFAULT', reason: "[EFAULT] 'win11' is already running" },
    });
    await call('vm.suspend', [3]);
    expect(await call('vm.get_instance', [3])).toMatchObject({ status: { state: 'SUSPENDED' } });
    await call('vm.resume', [3]);
    expect(await job('vm.restart', [3])).toMatchObject({ state: 'SUCCESS' });
    expect(await status()).toBe('RUNNING');
    expect(await job('vm.stop', [3])).toMatchObject({ state: 'SUCCESS', result: null });
    expect(await status()).toBe('STOPPED');
    expect(await job('vm.stop', [3])).toMatchObject({ error: '[EFAULT] 3_win11 domain is not active' });
    await expect(connection.call('vm.poweroff', [3])).rejects.toMatchObject({ data: { error: 14 } });
    await call('vm.start', [3]);
    await call('vm.poweroff', [3]);
    expect(await status()).toBe('STOPPED');
  });

  it('a virtual machine that wants more memory than there is starts only when it may overcommit', async () => {
    await call('vm.update', [3, { memory: 1_000_000 }]);
    await expect(connection.call('vm.start', [3])).rejects.toMatchObject({
      data: { errname: 'ENOMEM', reason: '[ENOMEM] Cannot guarantee memory for guest win11' },
    });
    await call('vm.start', [3, { overcommit: true }]);
    await call('vm.poweroff', [3]);
  });

  it('a virtual machine is changed, not given the name of another, and deleted with its zvol', async () => {
    expect(await call('vm.update', [2, { description: 'the database', cores: 6 }])).toMatchObject({
      description: 'the database',
      cores: 6,
      vcpus: 1,
    });
    await expect(connection.call('vm.update', [2, { name: 'web01' }])).rejects.toMatchObject({
      code: -32602,
      data: { extra: [['vm_update.name', 'This name already exists.', 17]] },
    });
    await expect(connection.call('vm.update', [2, { name: 'db02' }])).rejects.toMatchObject({
      data: { reason: '[EFAULT] VM name can only be changed when VM is inactive' },
    });
    await call('vm.delete', [2, { zvols: true }]);
    expect(await connection.call('vm.query', [[['id', '=', 2]]])).toEqual([]);
    expect(await connection.call('pool.dataset.query', [[['id', '=', 'fast/vms/db01']]])).toEqual([]);
  });
});
