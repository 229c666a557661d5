/** Settings of services: what is changed is kept, what makes no sense is refused, and what follows from it happens. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { returnsProblems } from '../support/contract.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe.each(SIM_RELEASES)('settings on %s', (release) => {
  const nas = withSimulator({ release });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  async function update(namespace: string, changes: Json): Promise<Json> {
    const answer = await connection.call(`${namespace}.update`, [changes]);
    expect(await connection.call(`${namespace}.config`)).toEqual(answer);
    return answer;
  }
  const complaints = (namespace: string, changes: Json): Promise<string[]> =>
    connection.call(`${namespace}.update`, [changes]).then(
      () => [],
      ({ data }: { data: Json }) => data.extra.map(([attribute]: [string]) => attribute),
    );

  it('of the UPS are kept, and name the device in full', async () => {
    expect(await connection.call('ups.config')).toMatchObject({ complete_identifier: 'ups@localhost:3493' });
    const slave = { mode: 'SLAVE', remotehost: '192.0.2.9', shutdown: 'LOWBATT' };
    const changed = await update('ups', slave);
    expect(changed).toMatchObject({ ...slave, complete_identifier: 'ups@192.0.2.9:3493' });
    expect(returnsProblems(release, 'ups.update', changed)).toEqual([]);
  });

  it('of the UPS that make no sense are refused, each by name', async () => {
    const wrong = { mode: 'SLAVE', remotehost: '', identifier: 'a b', driver: 'none', monuser: 'a #' };
    expect(await complaints('ups', wrong)).toEqual([
      'ups_update.driver',
      'ups_update.identifier',
      'ups_update.monuser',
      'ups_update.remotehost',
    ]);
  });

  it('of FTP are kept, and need a certificate for TLS and a path for anonymous users', async () => {
    expect(await update('ftp', { port: 2121, banner: 'Welcome' })).toMatchObject({ port: 2121 });
    expect(await complaints('ftp', { ssltls_certificate: 99 })).toEqual(['ftp_update.ssltls_certificate']);
    expect(await complaints('ftp', { onlyanonymous: true })).toEqual(['ftp_update.anonpath']);
    expect(await complaints('ftp', { passiveportsmin: 6000, passiveportsmax: 5000 })).toEqual([
      'ftp_update.passiveportsmax',
    ]);
  });

  it('of the second factor decide whether sign-in asks for one', async () => {
    nas.simulator.control.requireSecondFactor('alice', 'JBSWY3DPEHPK3PXP');
    const answer = async (): Promise<string> => {
      const person = { mechanism: 'PASSWORD_PLAIN', username: 'alice', password: 'simulated-password' };
      const other = await nas.connect({ isSignedIn: false });
      return (await other.call('auth.login_ex', [person])).response_type;
    };
    expect(await connection.call('auth.twofactor.config')).toMatchObject({ enabled: true, window: 0 });
    expect(await answer()).toBe('OTP_REQUIRED');
    expect(await update('auth.twofactor', { enabled: false })).toMatchObject({ enabled: false });
    expect(await answer()).not.toBe('OTP_REQUIRED');
  });

  it.runIf(release === '25.04')('of updates say whether they are downloaded by themselves', async () => {
    await connection.call('update.set_auto_download', [true]);
    expect(await connection.call('update.get_auto_download')).toBe(true);
  });

  it.skipIf(release === '25.04')('of updates say whether what is installed fits the wish', async () => {
    const matches = async (): Promise<boolean> =>
      (await connection.call('update.status')).status.current_version.matches_profile;
    await update('update', { profile: 'EARLY_ADOPTER', autocheck: false });
    expect(await matches()).toBe(true);
    expect(await complaints('update', { profile: 'MISSION_CRITICAL' })).toEqual(['update_update.profile']);
  });

  it('of a key that may only read cannot be changed', async () => {
    nas.simulator.control.setRoles(['READONLY_ADMIN']);
    for (const namespace of ['ups', 'ftp', 'auth.twofactor', 'audit']) {
      await expect(connection.call(`${namespace}.update`, [{}])).rejects.toMatchObject({
        data: { error: 13 },
      });
      expect(await connection.call(`${namespace}.config`)).toMatchObject({ id: 1 });
    }
  });
});

describe.each(SIM_RELEASES)('a boot that is needed on %s', (release) => {
  const nas = withSimulator({ release, delayScale: 0.01 });

  it('is told with its reason until the system has booted', async () => {
    const connection = await nas.connect();
    const reasons = async (on: RawConnection): Promise<Json> =>
      (await on.call('system.reboot.info')).reboot_required_reasons;
    expect(await reasons(connection)).toEqual([]);
    await connection.call('core.subscribe', ['system.reboot.info']);
    nas.simulator.control.requireReboot('UPGRADE', 'The upgrade is not finished.');
    const told = await connection.frame(({ params }) => params?.collection === 'system.reboot.info');
    expect(told.params.fields).toEqual(await connection.call('system.reboot.info'));
    expect(await reasons(connection)).toEqual([{ code: 'UPGRADE', reason: 'The upgrade is not finished.' }]);
    await connection.call('system.reboot', ['upgrade']);
    await connection.closed;
    let after: RawConnection | undefined;
    const isBack = async (): Promise<boolean> => {
      after = await nas.connect().catch(() => undefined);
      return after !== undefined;
    };
    await expect.poll(isBack).toBe(true);
    expect(after === undefined ? null : await reasons(after)).toEqual([]);
  });
});

describe.each(SIM_RELEASES)('ports of apps on %s', (release) => {
  const nas = withSimulator({ release });

  it('are those of apps that are up', async () => {
    const connection = await nas.connect();
    expect(await connection.call('app.used_ports')).toEqual([30_013, 30_027]);
    await connection.call('app.stop', ['jellyfin']);
    await expect.poll(() => connection.call('app.used_ports')).toEqual([30_027]);
  });
});

describe.each(SIM_RELEASES)('an update of %s', (release) => {
  const nas = withSimulator({ release, delayScale: 0.01 });

  it('is installed beside what runs, and runs after the next boot', async () => {
    const connection = await nas.connect();
    const before = await connection.call('system.version');
    const method = release === '25.04' ? 'update.update' : 'update.run';
    const id = await connection.call(method, [{}]);
    const state = async (): Promise<string> =>
      (await connection.call('core.get_jobs', [[['id', '=', id]], { get: true }])).state;
    await expect.poll(state).toBe('SUCCESS');
    expect(await connection.call('system.version')).toBe(before);
    const environments: Json[] = await connection.call('boot.environment.query');
    expect(environments.filter(({ active }) => active)).toHaveLength(1);
    const next = environments.find(({ activated }) => activated);
    expect(next.active).toBe(false);
    const alerts: Json[] = await connection.call('alert.list');
    expect(alerts.map(({ klass }) => klass)).not.toContain('HasUpdate');
    await connection.call('system.reboot', ['update']);
    await connection.closed;
    let after: RawConnection | undefined;
    const isBack = async (): Promise<boolean> => {
      after = await nas.connect().catch(() => undefined);
      return after !== undefined;
    };
    await expect.poll(isBack).toBe(true);
    expect(await after?.call('system.version')).toBe(`TrueNAS-${String(next.id)}`);
  });
});
