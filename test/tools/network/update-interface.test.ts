/** `update_interface`: a change of the network that cuts this server off is taken back by the NAS, and none that is sure to is sent. */
import { describe, expect, it } from 'vitest';
import { type ChangeNas, changeNas } from '../../changes/support/change-nas.ts';
import { applied, planTextWith, planWith, undone } from '../../changes/support/plan-and-apply.ts';

type Release = '25.04' | '25.10' | '27.0';
const RELEASES: readonly Release[] = ['25.04', '25.10', '27.0'];
const FIXED = { interface: 'enp3s0f1', addresses: ['203.0.113.20/24'] };
const LATER_MS = 61_000;

function start(release: Release = '25.10', now?: () => number): Promise<ChangeNas> {
  return changeNas({ simulator: { release, ...(now === undefined ? {} : { now }) } });
}

describe('update_interface', () => {
  it.each(RELEASES)('sets a fixed address on trial, checks in, and takes it back (%s)', async (release) => {
    const nas = await start(release);
    const plan = await planWith(nas, 'update_interface', FIXED);
    const done = await applied(nas, plan);
    expect(done.outcome.kind).toBe('applied');
    expect(nas.writes().map(({ method }) => method)).toEqual([
      'interface.update',
      'interface.commit',
      'interface.checkin',
    ]);
    expect(nas.writes()[1]?.params).toEqual([{ rollback: true, checkin_timeout: 60 }]);
    expect((await undone(nas, plan)).outcome.kind).toBe('applied');
  });

  it('says before what is cut off, and that the NAS takes back what nobody can keep', async () => {
    const nas = await start();
    const text = await planTextWith(nas, 'update_interface', {
      interface: 'br0',
      addresses: ['198.51.100.11/24'],
      mtu: 9000,
    });
    expect(text).toContain('risk: destroys');
    expect(text).toContain('now 198.51.100.10/24');
    expect(text).toContain('who uses 198.51.100.10/24 is cut off');
    expect(text).toContain('on trial for 60 seconds');
    expect(text).toContain('this server reaches the NAS by 192.0.2.10');
    expect(nas.writes()).toEqual([]);
  });

  it('does not check in after an answer that was lost, and the NAS is as before when the trial ends', async () => {
    let now = Date.now();
    const nas = await start('25.10', () => now);
    const plan = await planWith(nas, 'update_interface', FIXED);
    nas.simulator.control.next('interface.commit', { kind: 'drop-after' });
    const done = await applied(nas, plan);
    expect(done.outcome.kind).toBe('unknown');
    expect(nas.writes().map(({ method }) => method)).not.toContain('interface.checkin');
    now += LATER_MS;
    const text = await planTextWith(nas, 'update_interface', FIXED);
    expect(text).toContain('now without an address');
  });

  it('is no success when the NAS answers true and the address does not run', async () => {
    const nas = await start();
    const plan = await planWith(nas, 'update_interface', FIXED);
    nas.simulator.control.next('interface.commit', { kind: 'pretend', result: null });
    expect((await applied(nas, plan)).outcome.kind).toBe('differs');
  });

  it.each([
    ['an address', { aliases: [{ type: 'INET', address: '198.51.100.77', netmask: 24 }] }],
    ['an MTU', { mtu: 9000 }],
  ])('puts no change into effect that somebody else has prepared: %s', async (_what, prepared) => {
    const nas = await start();
    await nas.person.write('interface.update', ['br0', prepared]);
    expect(await planTextWith(nas, 'update_interface', FIXED)).toContain(
      'somebody has prepared a change of the network',
    );
  });

  it('says that a change which the NAS does not show goes along', async () => {
    expect(await planTextWith(await start(), 'update_interface', FIXED)).toContain(
      'somebody has prepared goes into effect with it, where the NAS does not show it',
    );
  });

  it.each([
    [
      { interface: 'enp3s0f0', addresses: ['192.0.2.20/24'] },
      'leave out 192.0.2.10, by which this server reaches the NAS',
    ],
    [{ interface: 'enp3s0f0', dhcp: true }, 'leave out 192.0.2.10'],
    [{ interface: 'enp3s0f0', addresses: ['192.0.2.10/24'] }, 'is so already'],
    [
      { interface: 'enp3s0f1', addresses: ['203.0.113.20'] },
      'which is no address with the length of its network',
    ],
    [{ interface: 'enp3s0f1', addresses: ['203.0.113.20/33'] }, 'which is no address'],
    [{ interface: 'enp3s0f1', dhcp: true, addresses: ['203.0.113.20/24'] }, 'does not go with addresses'],
    [{ interface: 'enp3s0f9', mtu: 9000 }, 'no interface is called enp3s0f9'],
  ])('refuses %j', async (args, text) => {
    const nas = await start();
    expect(await planTextWith(nas, 'update_interface', args)).toContain(text);
    expect(nas.writes()).toEqual([]);
  });

  it('takes no DHCP away that gives the default route', async () => {
    const nas = await start();
    await nas.person.write('interface.update', ['enp3s0f1', { ipv4_dhcp: true }]);
    await nas.person.write('interface.commit', [{ rollback: false, checkin_timeout: 0 }]);
    nas.simulator.control.next('network.configuration.config', {
      kind: 'result',
      result: { ipv4gateway: '' },
    });
    expect(await planTextWith(nas, 'update_interface', FIXED)).toContain('gives this NAS its default route');
  });
});
