import { describe, expect, test } from 'vitest';
import { useTools } from '../../../support/tools.ts';
import { type Answers, ask } from '../../support/hand-made-nas.ts';

describe.each(['25.04', '25.10', '27.0'] as const)('on %s', (release) => {
  const bench = useTools({ release });

  test('interfaces come with link, speed, addresses and what a bridge is made of', async () => {
    expect(await bench.ask('list_items', { kind: 'interface' })).toBe(
      [
        '4 network interfaces',
        'name      type      link  speed_mbit  addresses         dhcp  mtu    members  vlan  description',
        'br0       BRIDGE    up    -           198.51.100.10/24  no    1,500  eno1     -     virtual machines',
        'eno1      PHYSICAL  up    1,000       -                 no    1,500  -        -     -',
        'enp3s0f0  PHYSICAL  up    10,000      192.0.2.10/24     no    1,500  -        -     storage network',
        'enp3s0f1  PHYSICAL  down  -           -                 no    1,500  -        -     -',
      ].join('\n'),
    );
  });

  test('those without link are found by it, though only this program can tell', async () => {
    const { data } = await bench.answer('list_items', {
      kind: 'nic',
      filter: ['link=down'],
      fields: ['link'],
    });
    expect(data.rows).toEqual([{ name: 'enp3s0f1', link: 'down' }]);
  });

  test('network settings say what is in use and what is set', async () => {
    expect(await bench.ask('list_items', { kind: 'network' })).toBe(
      [
        '1 network setting',
        'hostname  domain       gateways   dns         set_gateways  set_dns     search  proxy  announced_by  outbound',
        'nas       example.org  192.0.2.1  192.0.2.53  192.0.2.1     192.0.2.53  -       -      mdns, wsd     everything',
      ].join('\n'),
    );
  });

  test('there is one network: no name is needed to get it', async () => {
    expect(await bench.ask('get_item', { kind: 'dns' })).toContain('dns: 192.0.2.53');
  });

  test('static routes and the management controller are there', async () => {
    expect(await bench.ask('list_items', { kind: 'route' })).toMatch(
      /^203\.0\.113\.0\/24 +192\.0\.2\.254 +office behind the VPN$/mu,
    );
    expect(await bench.ask('list_items', { kind: 'ipmi' })).toMatch(
      /^1 +192\.0\.2\.11 +255\.255\.255\.0 +Static Address +192\.0\.2\.1 +3c:ec:ef:00:11:22 +-$/mu,
    );
  });
});

const state = (more: object): object => ({ link_state: 'LINK_STATE_UP', mtu: 9000, aliases: [], ...more });
const listed = async (row: object, fields: string[]) => {
  const { data } = await ask({ 'interface.query': [row] } as Answers, 'list_items', {
    kind: 'interface',
    fields,
  });
  return (data as { rows: Record<string, unknown>[] }).rows[0];
};

describe('of an interface', () => {
  test('a VLAN names its tag and parent', async () => {
    const row = {
      name: 'vlan20',
      type: 'VLAN',
      vlan_tag: 20,
      vlan_parent_interface: 'bond0',
      state: state({}),
    };
    expect(await listed(row, ['vlan', 'mtu'])).toEqual({ name: 'vlan20', vlan: '20 on bond0', mtu: 9000 });
  });

  test('an aggregation names its members, and which of them carry traffic', async () => {
    const ports = [
      { name: 'enp1s0', flags: ['ACTIVE', 'COLLECTING'] },
      { name: 'enp2s0', flags: [] },
    ];
    const row = {
      name: 'bond0',
      type: 'LINK_AGGREGATION',
      lag_protocol: 'LACP',
      lag_ports: ['enp1s0', 'enp2s0'],
      state: state({ ports }),
    };
    expect(await listed(row, ['members', 'lagg', 'active_ports'])).toEqual({
      name: 'bond0',
      members: ['enp1s0', 'enp2s0'],
      lagg: 'LACP',
      active_ports: ['enp1s0 ACTIVE COLLECTING', 'enp2s0'],
    });
  });

  test('IPv6 is shown but for the address that every interface has, and netmasks that are text', async () => {
    const aliases = [
      { type: 'LINK', address: '3c:ec:ef:00:00:01' },
      { type: 'INET6', address: 'fe80::1', netmask: 64 },
      { type: 'INET6', address: '2001:db8::10', netmask: '64' },
      { type: 'INET', address: '192.0.2.7', netmask: '24' },
    ];
    expect(await listed({ name: 'eno1', state: state({ aliases }) }, ['addresses'])).toEqual({
      name: 'eno1',
      addresses: ['2001:db8::10/64', '192.0.2.7/24'],
    });
  });

  test('nothing is made up of a state in an unknown form', async () => {
    expect(await listed({ name: 'eno1', state: 'up' }, ['link', 'speed_mbit', 'addresses', 'mtu'])).toEqual({
      name: 'eno1',
    });
  });
});
