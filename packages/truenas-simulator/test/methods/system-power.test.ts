/** A reboot ends the connections, and the NAS comes back as another boot of the same; a shutdown leaves it off. */
import { describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { finishedJob } from '../support/jobs.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe.each(SIM_RELEASES)('power on %s', (release) => {
  const nas = withSimulator({ release });
  const reader = withSimulator({ release, roles: ['READONLY_ADMIN'] });

  async function again(): Promise<RawConnection> {
    return expect
      .poll(() => nas.connect().catch(() => null), { timeout: 5000 })
      .not.toBeNull()
      .then(() => nas.connect());
  }

  it('a reboot is announced, drops everybody, changes the boot id and keeps the world', async () => {
    const connection = await nas.connect();
    await connection.call('core.subscribe', ['system.reboot']);
    await connection.call('pool.dataset.create', [{ name: 'tank/kept' }]);
    await connection.call('service.update', ['ftp', { enable: true }]);
    const bootId = await connection.call('system.boot_id');
    const id = await connection.call('system.reboot', ['new kernel']);
    expect(id).toEqual(expect.any(Number));
    const told = await connection.frame(({ params }) => params?.collection === 'system.reboot');
    expect(told.params).toMatchObject({ msg: 'added', fields: { reason: 'new kernel' } });
    await connection.closed;

    const back = await again();
    expect(await back.call('system.boot_id')).not.toBe(bootId);
    expect((await back.call('system.info')).uptime_seconds).toBeLessThan(60);
    expect((await back.call('pool.dataset.get_instance', ['tank/kept'])).id).toBe('tank/kept');
    const locked = async (name: string): Promise<boolean> =>
      (await back.call('pool.dataset.get_instance', [name])).locked;
    // A passphrase has to be given again, a key the NAS has kept.
    expect([await locked('tank/medical'), await locked('tank/finance')]).toEqual([true, false]);
    const services = await back.call('service.query', [[['service', 'in', ['ftp', 'ups', 'cifs']]]]);
    expect(services.map(({ state }: Json) => state)).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
    const machines = await back.call('vm.query');
    expect(machines.map(({ status }: Json) => status.state)).toEqual(['RUNNING', 'RUNNING', 'STOPPED']);
  });

  it('a delay is waited for, with the connections open', async () => {
    const connection = await nas.connect();
    const startedMs = Date.now();
    await connection.call('system.reboot', ['later', { delay: 1 }]);
    expect(await connection.call('core.ping')).toBe('pong');
    await connection.closed;
    expect(Date.now() - startedMs).toBeGreaterThan(1000);
    await again();
  });

  it('after a shutdown nobody answers until it is turned on', async () => {
    const connection = await nas.connect();
    await connection.call('system.shutdown', ['moving house']);
    await connection.closed;
    await expect(nas.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await nas.simulator.control.accept();
    expect(await (await nas.connect()).call('core.ping')).toBe('pong');
  });

  it('only a full administrator may, and must say why', async () => {
    const connection = await nas.connect();
    const confined = await reader.connect();
    const denied = confined.call('system.reboot', ['because']);
    await expect(denied).rejects.toMatchObject({ code: -32001, data: { error: 13 } });
    const job = await finishedJob(connection, await connection.call('system.reboot', []));
    expect(job).toMatchObject({ state: 'FAILED', error: expect.stringContaining('Field required') });
    expect(await connection.call('core.ping')).toBe('pong');
  });
});
