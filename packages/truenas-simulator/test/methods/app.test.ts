/** An app goes to a newer version and back. */
import { describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { returnsProblems } from '../support/contract.ts';
import { finishedJob } from '../support/jobs.ts';
import { type Json, withSimulator } from '../support/simulator.ts';

describe.each(SIM_RELEASES)('app.rollback on %s', (release) => {
  const nas = withSimulator({ release });

  it('takes an app back to a version it had, which can then be upgraded again', async () => {
    const connection = await nas.connect();
    const job = async (method: string, ...params: unknown[]): Promise<Json> =>
      finishedJob(connection, await connection.call(method, params));
    const versions = (): Promise<Json> => connection.call('app.rollback_versions', ['nextcloud']);

    expect(await versions()).toEqual([]);
    const refused = await job('app.rollback', 'nextcloud', { app_version: '2.0.3' });
    expect(refused.exc_info.extra).toEqual([
      ['options.app_version', 'Specified version is not available for rollback', 22],
    ]);
    await job('app.upgrade', 'nextcloud');
    expect(await versions()).toEqual(['2.0.3']);
    const { result } = await job('app.rollback', 'nextcloud', { app_version: '2.0.3' });
    expect(returnsProblems(release, 'app.rollback', result)).toEqual([]);
    expect(result).toMatchObject({ version: '2.0.3', latest_version: '2.0.4', upgrade_available: true });
    expect(await versions()).toEqual([]);
  });
});
