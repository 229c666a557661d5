/** `interface.*`: the network interfaces. */
import type { SimMethod } from '../calls/method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { text } from '../schema/schema.ts';
import type { NetworkInterface } from '../world/system.ts';
import { runningInterfaces } from '../world/network-trial.ts';
import { type ApiRow, readable } from './common.ts';

export const INTERFACE_METHODS: readonly SimMethod[] = readable({
  namespace: 'interface',
  entity: 'Interface',
  what: 'network interfaces',
  roles: ['NETWORK_INTERFACE_READ'],
  takesAnyIdBefore: true,
  id: text(),
  rows({ world, release, now }) {
    const running = runningInterfaces(world.system, now());
    return world.system.interfaces.map((link) =>
      interfaceRow(
        release,
        link,
        running.find(({ name }) => name === link.name),
      ),
    );
  },
});

/** The row: as the interface is set, with the state of it as it runs. */
export function interfaceRow(
  release: SimRelease,
  link: NetworkInterface,
  running: NetworkInterface = link,
): ApiRow {
  const isBridge = link.type === 'BRIDGE';
  const media = link.isUp && !isBridge ? `${String(link.speedMbit)}Mb/s Twisted Pair` : '';
  return {
    id: link.name,
    name: link.name,
    fake: false,
    type: link.type,
    state: {
      name: link.name,
      orig_name: link.name,
      description: link.description,
      mtu: running.mtu ?? 1500,
      cloned: isBridge,
      flags: link.isUp
        ? ['UP', 'BROADCAST', 'RUNNING', 'MULTICAST', 'LOWER_UP']
        : ['UP', 'BROADCAST', 'MULTICAST'],
      nd6_flags: [],
      capabilities: [],
      link_state: link.isUp ? 'LINK_STATE_UP' : 'LINK_STATE_DOWN',
      media_type: isBridge ? '' : 'Ethernet',
      media_subtype: isBridge ? '' : 'autoselect',
      active_media_type: isBridge ? '' : 'Ethernet',
      active_media_subtype: media,
      supported_media: [],
      media_options: null,
      link_address: link.mac,
      permanent_link_address: isBridge ? null : link.mac,
      hardware_link_address: link.mac,
      rx_queues: 8,
      tx_queues: 8,
      aliases: [...aliasRows(release, running), { type: 'LINK', address: link.mac }],
      ...(isBridge ? {} : { vrrp_config: [] }),
      ...(isAtLeast(release, '27.0') ? { fec_mode: isBridge ? null : 'OFF' } : {}),
    },
    aliases: link.isDhcp === true ? [] : aliasRows(release, link),
    ipv4_dhcp: link.isDhcp === true,
    ipv6_auto: false,
    description: link.description,
    mtu: link.mtu ?? null,
    ...(isBridge ? { bridge_members: [...link.members], enable_learning: true } : {}),
  };
}

function aliasRows(release: SimRelease, { addresses }: NetworkInterface): ApiRow[] {
  return addresses.map(({ address, netmask }) => ({
    type: address.includes(':') ? 'INET6' : 'INET',
    address,
    netmask: isAtLeast(release, '25.10') ? netmask : String(netmask),
  }));
}
