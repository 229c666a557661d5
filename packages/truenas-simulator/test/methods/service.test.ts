/** Starting and stopping services: what the answer means, who may, and whose job it is. */
import { describe, expect, it } from 'vitest';
import { finishedJob } from '../support/jobs.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

const RELEASES = ['25.10', '27.0'] as const;

describe.each(RELEASES)('service.control on %s', (release) => {
  const nas = withSimulator({ release });

  async function control(connection: RawConnection, ...params: unknown[]): Promise<Json> {
    return finishedJob(connection, await connection.call('service.control', params));
  }

  it('answers true when it worked, a stop as well', async () => {
    const connection = await nas.connect();
    for (const verb of ['STOP', 'START', 'RESTART', 'RELOAD']) {
      expect([verb, (await control(connection, verb, 'ssh')).result]).toEqual([verb, true]);
    }
  });

  it('hides a failure behind SUCCESS and false unless it is told not to', async () => {
    const connection = await nas.connect();
    expect(await control(connection, 'START', 'ups')).toMatchObject({ state: 'SUCCESS', result: false });
    const failed = await control(connection, 'START', 'ups', { silent: false });
    expect(failed).toMatchObject({ state: 'FAILED', exc_info: { errno: 202 } });
  });
});

describe.each(RELEASES)('service.control on %s with the role of one share', (release) => {
  const nas = withSimulator({ release, roles: ['SHARING_SMB_WRITE', 'SERVICE_READ'] });

  it('takes every service, and fails for all but one', async () => {
    const connection = await nas.connect();
    const call = async (...params: unknown[]): Promise<Json> =>
      finishedJob(connection, await connection.call('service.control', params));
    expect(await call('RESTART', 'cifs')).toMatchObject({ state: 'SUCCESS', result: true });
    expect((await call('RESTART', 'nfs')).error).toBe(
      '[EPERM] nfs: authenticated session lacks privilege to restart service',
    );
  });
});

describe.each(RELEASES)('a job of %s whose connection ends', (release) => {
  const nas = withSimulator({ release });

  it('fails for want of an owner, and its entry in the audit log names nobody', async () => {
    const owner = await nas.connect();
    const watcher = await nas.connect();
    const id = await owner.call('service.control', ['RESTART', 'nfs', { silent: false }]);
    owner.close();
    expect(await finishedJob(watcher, id)).toMatchObject({
      state: 'FAILED',
      credentials: null,
      error: '[EPERM] nfs: authenticated session lacks privilege to restart service',
    });
    const query = {
      services: ['MIDDLEWARE'],
      'query-filters': [['event_data.method', '=', 'service.control']],
      'query-options': { limit: 1000 },
    };
    const entry = (await watcher.call('audit.query', [query])).at(-1);
    expect(entry).toMatchObject({ username: '.UNAUTHENTICATED', success: false });
  });
});

describe('the older verbs of 25.04', () => {
  const nas = withSimulator({ release: '25.04' });

  it('answer whether the service runs afterwards', async () => {
    const connection = await nas.connect();
    expect(await connection.call('service.stop', ['ssh'])).toBe(false);
    expect(await connection.call('service.start', ['ssh'])).toBe(true);
    expect(await connection.call('service.start', ['ups'])).toBe(false);
    await expect(connection.call('service.start', ['ups', { silent: false }])).rejects.toMatchObject({
      data: { error: 202 },
    });
  });
});
