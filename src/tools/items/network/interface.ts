import { field } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';

const ADDRESSES = field.objects({ type: field.text, address: field.text, netmask: field.integer });
const STATE = field.object({
  link_state: field.text,
  mtu: field.number,
  link_address: field.text,
  active_media_subtype: field.text,
  aliases: ADDRESSES,
  ports: field.objects({ name: field.text, flags: field.texts }),
});

/** Network interfaces. No release tells errors of an interface here: reporting has its traffic. */
export const interfaceKind = defineKind({
  name: 'interface',
  toolset: 'network',
  noun: 'network interfaces',
  about: 'addresses, link, speed, MTU, members of bridges and aggregations, VLANs',
  words: ['nic', 'network card', 'ethernet', 'bridge', 'vlan', 'lagg', 'bond', 'ip address', 'mac address'],
  sources: [{ method: 'interface.query' }],
  row: {
    name: field.text,
    type: field.text,
    state: STATE,
    aliases: ADDRESSES,
    bridge_members: field.texts,
    lag_ports: field.texts,
    vlan_parent_interface: field.text,
    vlan_tag: field.number,
  },
  columns: {
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    type: { type: 'text', from: 'type', isAlwaysThere: true },
    link: { type: 'text', value: ({ state }) => linkOf(state?.link_state ?? null) },
    speed_mbit: { type: 'number', sort: 'desc', value: ({ state }) => speedOf(state?.active_media_subtype) },
    addresses: { type: 'texts', maxLength: 120, value: ({ state }) => addressesOf(state?.aliases ?? null) },
    dhcp: { type: 'flag', from: 'ipv4_dhcp', isAlwaysThere: true },
    mtu: { type: 'number', value: ({ state }) => state?.mtu },
    members: { type: 'texts', value: (row) => row.bridge_members ?? row.lag_ports },
    vlan: { type: 'text', value: (row) => vlanOf(row.vlan_tag, row.vlan_parent_interface) },
    description: { type: 'text', from: 'description', isAlwaysThere: true },
    set_addresses: { type: 'texts', value: (row) => addressesOf(row.aliases), isOnDemand: true },
    mac: { type: 'text', value: ({ state }) => state?.link_address, isOnDemand: true },
    lagg: { type: 'text', from: 'lag_protocol', isOnDemand: true },
    active_ports: {
      type: 'texts',
      value: ({ state }) => activePorts(state?.ports ?? null),
      isOnDemand: true,
    },
    ipv6_auto: { type: 'flag', from: 'ipv6_auto', isAlwaysThere: true, isOnDemand: true },
    set_mtu: { type: 'number', from: 'mtu', isOnDemand: true },
  },
  named: 'name',
  examples: [
    { args: {}, why: 'what is connected, and how' },
    {
      args: { filter: ['link=down'], fields: ['mac', 'active_ports', 'set_addresses'] },
      why: 'without link',
    },
  ],
  getExamples: [
    { args: { id: 'br0' }, why: 'a bridge' },
    { args: { id: 'enp9s0' }, why: 'a name that is none' },
  ],
});

/** `LINK_STATE_UP` is `up`; another word stays as it is. */
function linkOf(state: string | null): string | null {
  return state === null ? null : state.replace(/^LINK_STATE_/u, '').toLowerCase();
}

/** From `10000Mb/s Twisted Pair`; null where nothing is connected, and for what has no speed of its own. */
function speedOf(media: string | null | undefined): number | null {
  const match = /^(\d+)\s*(M|G)b/u.exec(media ?? '');
  return match === null ? null : Number(match[1]) * (match[2] === 'G' ? 1000 : 1);
}

type Addresses = readonly { type: string | null; address: string | null; netmask: number | null }[] | null;

/** `192.0.2.10/24`; without those that every interface has for itself (fe80::/10). */
function addressesOf(aliases: Addresses): string[] | null {
  if (aliases === null) return null;
  return aliases.flatMap(({ type, address, netmask }) => {
    if (type === 'LINK' || address === null || /^fe[89ab]/iu.test(address)) return [];
    return [netmask === null ? address : `${address}/${netmask}`];
  });
}

function vlanOf(tag: number | null, parent: string | null): string | null {
  if (tag === null && parent === null) return null;
  return `${tag ?? '?'} on ${parent ?? '?'}`;
}

type Ports = readonly { name: string | null; flags: string[] | null }[] | null;

/** Ports of an aggregation with their flags, `enp3s0f0 ACTIVE`. */
function activePorts(ports: Ports): string[] | null {
  if (ports === null) return null;
  return ports.map(({ name, flags }) => [name ?? '?', ...(flags ?? ['flags unknown'])].join(' '));
}
