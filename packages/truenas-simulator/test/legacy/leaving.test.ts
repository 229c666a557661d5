/** What stands in the way of leaving an older release is there to be seen, and a plain machine has none of it. */
import { describe, expect, it } from 'vitest';
import { connectLegacy } from '../support/legacy.ts';
import type { Json } from '../support/simulator.ts';
import { withSimulator } from '../support/simulator.ts';

describe('a CORE that has a lot', () => {
  const nas = withSimulator({ release: 'core-13.3' });
  const ask = async (method: string, ...params: unknown[]): Promise<Json> =>
    (await connectLegacy(nas.simulator)).call(method, params);

  it('has pools of encrypted disks, one of them locked', async () => {
    const pools = await ask('pool.query');
    const encrypted = pools.filter(({ encrypt }: Json) => encrypt > 0);
    expect(encrypted.map(({ name, is_decrypted: isOpen, status }: Json) => [name, isOpen, status])).toEqual([
      ['backup', true, 'DEGRADED'],
      ['vault', false, 'OFFLINE'],
    ]);
    expect(encrypted[0].topology.data[0].children[0].path).toMatch(/^\/dev\/gptid\/[0-9a-f-]{36}\.eli$/);
    expect(encrypted[1].topology).toBeNull();
    const providers = await ask('disk.get_encrypted');
    expect(providers.map(({ pool }: Json) => pool)).toEqual(['backup', 'backup']);
  });

  it.each([
    ['jail.query', 3],
    ['plugin.query', 1],
    ['vm.query', 3],
    ['sharing.afp.query', 2],
    ['sharing.webdav.query', 1],
    ['rsyncmod.query', 1],
    ['certificateauthority.query', 1],
    ['tunable.query', 4],
    ['initshutdownscript.query', 2],
    ['multipath.query', 1],
  ])('%s has %i rows', async (method, count) => {
    expect(await ask(method, [], { count: true })).toBe(count);
  });

  it('has a trunk with large frames, a volume of a RAID controller, and lines of its own for Samba', async () => {
    expect(await ask('interface.query', [['type', '=', 'LINK_AGGREGATION']], { get: true })).toMatchObject({
      lag_ports: ['ix0', 'ix1'],
      mtu: 9000,
    });
    expect(await ask('disk.query', [['name', '=', 'mfid0']], { get: true })).toMatchObject({
      type: 'UNKNOWN',
    });
    expect((await ask('smb.config')).smb_options).toContain('NT1');
    expect((await ask('nis.config')).enable).toBe(true);
  });

  it('serves S3 on 13.0 only', async () => {
    await expect(ask('s3.config')).rejects.toMatchObject({ error: { error: 201 } });
  });
});

describe('a CORE 13.0', () => {
  const nas = withSimulator({ release: 'core-13.0' });

  it('serves S3, and boots from a pool with the older name', async () => {
    const connection = await connectLegacy(nas.simulator);
    expect(await connection.call('s3.config')).toHaveProperty('storage_path');
    expect(await connection.call('boot.get_state')).toMatchObject({ name: 'freenas-boot' });
  });
});

describe('a CORE at home', () => {
  const nas = withSimulator({ release: 'core-13.3', world: 'home' });

  it('has nothing that cannot be taken along', async () => {
    const connection = await connectLegacy(nas.simulator);
    for (const method of [
      'jail.query',
      'plugin.query',
      'sharing.afp.query',
      'rsyncmod.query',
      'tunable.query',
    ]) {
      expect(await connection.call(method)).toEqual([]);
    }
    const pools = await connection.call('pool.query');
    expect(pools.every(({ encrypt }: Json) => encrypt === 0)).toBe(true);
  });
});

describe('an upgrade', () => {
  const nas = withSimulator({ release: 'core-13.3' });

  it('makes a newer release of a CORE, with the same key', async () => {
    nas.simulator.control.restart('24.10');
    expect(nas.simulator.release).toBe('24.10');
    const connection = await connectLegacy(nas.simulator);
    expect(await connection.call('system.version')).toBe('TrueNAS-SCALE-24.10.2.4');
  });
});
