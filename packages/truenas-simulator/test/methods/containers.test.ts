/** Containers are instances up to 25.10 and containers from 27.0 on; they start, stop, and come up with the system. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe.each(SIM_RELEASES)('containers on %s', (release) => {
  const nas = withSimulator({ release, delayScale: 0.01 });
  const isNew = release === '27.0';
  const namespace = isNew ? 'container' : 'virt.instance';
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  const states = async (on: RawConnection): Promise<Json> =>
    Object.fromEntries(
      (await on.call(`${namespace}.query`)).map((row: Json) => [
        row.name,
        isNew ? row.status.state : row.status,
      ]),
    );
  const idOf = async (name: string): Promise<Json> =>
    (await connection.call(`${namespace}.query`, [[['name', '=', name]], { get: true }])).id;

  it('stop and start', async () => {
    expect(await states(connection)).toEqual({ dns: 'RUNNING', build: 'STOPPED' });
    await connection.call(`${namespace}.stop`, [await idOf('dns')]);
    await expect.poll(() => states(connection)).toEqual({ dns: 'STOPPED', build: 'STOPPED' });
    await connection.call(`${namespace}.start`, [await idOf('build')]);
    await expect.poll(() => states(connection)).toEqual({ dns: 'STOPPED', build: 'RUNNING' });
  });

  it('have devices: a network card, and a directory of the NAS where they see one', async () => {
    const devices: Json[] = isNew
      ? await connection.call('container.device.query', [[['container', '=', await idOf('build')]]])
      : await connection.call('virt.instance.device_list', ['build']);
    const mounts = devices.map((device) => (isNew ? device.attributes.source : device.source) ?? null);
    expect(mounts).toEqual([null, '/mnt/tank/projects']);
  });

  it('come up with the system as they are set to', async () => {
    await connection.call('system.reboot', ['to see']);
    await connection.closed;
    let after: RawConnection | undefined;
    const isBack = async (): Promise<boolean> => {
      after = await nas.connect().catch(() => undefined);
      return after !== undefined;
    };
    await expect.poll(isBack).toBe(true);
    expect(after === undefined ? null : await states(after)).toEqual({ dns: 'RUNNING', build: 'STOPPED' });
  });
});
