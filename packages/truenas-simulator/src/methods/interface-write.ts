/**
 * `interface.update` and what tries it out: changes are kept aside, take effect with `commit`, and go again by themselves
 * unless somebody checks in.
 */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { doesNotExist, ValidationErrors } from '../errors/exceptions.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { model, text } from '../schema/schema.ts';
import { revert, runningInterfaces, trialOf } from '../world/network-trial.ts';
import type { NetworkInterface } from '../world/system.ts';
import { interfaceRow } from './interface.ts';
import { announce, ONLY_25_04, refuse, SINCE_25_10 } from './common.ts';
import { memoized } from './crud.ts';

interface Alias {
  readonly type: 'INET' | 'INET6';
  readonly address: string;
  readonly netmask: number;
}

interface LinkChange {
  readonly description?: string;
  readonly ipv4_dhcp?: boolean;
  readonly ipv6_auto?: boolean;
  readonly aliases?: readonly Alias[];
  readonly mtu?: number | null;
}

interface CommitOptions {
  readonly rollback: boolean;
  readonly checkin_timeout: number;
}

const write = ['NETWORK_INTERFACE_WRITE'];
const alias = model('InterfaceCreateAlias', {
  type: z.enum(['INET', 'INET6']).default('INET'),
  address: text(),
  netmask: z.int(),
});
const failoverAlias = model('InterfaceCreateFailoverAlias', {
  type: z.enum(['INET', 'INET6']).default('INET'),
  address: text(),
});
/** On 25.04 the ranges of numbers are checked later. */
const change = (release: SimRelease) =>
  model('InterfaceUpdate', {
    name: text().optional(),
    description: text().optional(),
    ipv4_dhcp: z.boolean().optional(),
    ipv6_auto: z.boolean().optional(),
    aliases: z.array(alias).optional(),
    failover_critical: z.boolean().optional(),
    failover_group: z.int().nullable().optional(),
    failover_vhid: ranged(release, 1, 255).nullable().optional(),
    failover_aliases: z.array(failoverAlias).optional(),
    failover_virtual_aliases: z.array(failoverAlias).optional(),
    bridge_members: z.array(z.unknown()).optional(),
    enable_learning: z.boolean().optional(),
    stp: z.boolean().optional(),
    lag_protocol: z.enum(['LACP', 'FAILOVER', 'LOADBALANCE', 'ROUNDROBIN', 'NONE']).optional(),
    xmit_hash_policy: z.enum(['LAYER2', 'LAYER2+3', 'LAYER3+4']).nullable().optional(),
    lacpdu_rate: z.enum(['SLOW', 'FAST']).nullable().optional(),
    lag_ports: z.array(text()).optional(),
    vlan_parent_interface: text().optional(),
    vlan_tag: z.int().optional(),
    vlan_pcp: ranged(release, 0, 7).nullable().optional(),
    mtu: ranged(release, 68, 9216).nullable().optional(),
    ...(isAtLeast(release, '27.0')
      ? { fec_mode: z.enum(['AUTO', 'OFF', 'RS', 'BASER', 'LLRS']).optional() }
      : {}),
  });

function ranged(release: SimRelease, min: number, max: number) {
  return isAtLeast(release, '25.10') ? z.int().min(min).max(max) : z.int();
}

export const INTERFACE_WRITE_METHODS: readonly SimMethod[] = [
  {
    name: 'interface.update',
    description: 'Prepares another configuration of a network interface.',
    roles: write,
    audited: 'Updating interface',
    auditedSince: '25.10',
    params: memoized((release) => [
      ['id', text()],
      isAtLeast(release, '25.10')
        ? ['data', change(release)]
        : ['interface_update', change(release).prefault({})],
    ]),
    run: update,
  },
  {
    name: 'interface.commit',
    description: 'Puts prepared network changes into effect, for a trial unless told otherwise.',
    roles: write,
    audited: 'Committing interface changes',
    auditedSince: '25.10',
    params: [
      [
        'options',
        model('InterfaceCommitOptions', {
          rollback: z.boolean().default(true),
          checkin_timeout: z.int().default(60),
        }).prefault({}),
      ],
    ],
    run({ world, now }: MethodContext, { rollback, checkin_timeout: seconds }: CommitOptions) {
      const { system } = world;
      if (!system.interfaces.some(({ addresses, isDhcp }) => addresses.length > 0 || isDhcp === true)) {
        refuse(
          'At least one interface configured with either IPv4 DHCP, IPv6 auto or a static IP is required.',
        );
      }
      delete system.runningInterfaces;
      const trial = trialOf(system, now());
      if (trial === undefined) return null;
      if (rollback && seconds > 0) trial.revertsAtMs = now() + seconds * 1000;
      else delete system.networkTrial;
      return null;
    },
  },
  {
    name: 'interface.checkin',
    description: 'Keeps network changes that are on trial.',
    roles: write,
    run({ world: { system }, now }: MethodContext) {
      if (trialOf(system, now()) !== undefined) delete system.networkTrial;
      return null;
    },
  },
  {
    name: 'interface.rollback',
    description: 'Takes network changes back that nobody has kept.',
    roles: write,
    audited: 'Rolling interface changes back',
    auditedSince: '25.10',
    run({ world }: MethodContext) {
      revert(world.system);
      return null;
    },
  },
  {
    name: 'interface.has_pending_changes',
    description: 'Whether network changes are prepared or on trial.',
    roles: write,
    run: ({ world, now }: MethodContext) => trialOf(world.system, now()) !== undefined,
  },
  {
    name: 'interface.checkin_waiting',
    description: 'Seconds until network changes on trial are taken back.',
    roles: write,
    run({ world, now }: MethodContext) {
      const until = trialOf(world.system, now())?.revertsAtMs ?? null;
      return until === null ? null : Math.ceil((until - now()) / 1000);
    },
  },
  {
    name: 'interface.websocket_local_ip',
    description: 'The address of the NAS that this connection came to.',
    releases: SINCE_25_10,
    roles: ['NETWORK_INTERFACE_READ'],
    run: localAddress,
  },
  {
    name: 'interface.websocket_local_ip',
    description: 'The address of the NAS that this connection came to; for full administrators.',
    releases: ONLY_25_04,
    roles: [],
    run: localAddress,
  },
];

function localAddress({ world, now }: MethodContext): string | null {
  return runningInterfaces(world.system, now()).flatMap(({ addresses }) => addresses)[0]?.address ?? null;
}

function update(context: MethodContext, id: string, data: LinkChange): unknown {
  const { world, release, now } = context;
  const { system } = world;
  const trial = trialOf(system, now()) ?? { original: system.interfaces, revertsAtMs: null };
  const link = system.interfaces.find(({ name }) => name === id);
  if (link === undefined) throw doesNotExist('Interface', id);
  checkChange(system.interfaces, link, data);
  const { description = link.description, ipv4_dhcp: isDhcp = link.isDhcp, aliases, mtu = link.mtu } = data;
  const changed: NetworkInterface = {
    ...link,
    description,
    ...(isDhcp === undefined ? {} : { isDhcp }),
    ...(mtu === undefined ? {} : { mtu }),
    addresses: aliases?.map(({ address, netmask }) => ({ address, netmask })) ?? link.addresses,
  };
  system.runningInterfaces ??= system.interfaces;
  system.networkTrial = trial;
  system.interfaces = system.interfaces.map((each) => (each === link ? changed : each));
  const running = system.runningInterfaces.find(({ name }) => name === id);
  const row = interfaceRow(release, changed, running);
  announce(context, 'interface', 'changed', id, row);
  return row;
}

/** @throws ValidationErrors for a second interface with DHCP, and for networks that two interfaces would share */
function checkChange(all: readonly NetworkInterface[], link: NetworkInterface, data: LinkChange): void {
  const problems = new ValidationErrors();
  const others = all.filter((each) => each !== link);
  if (data.ipv4_dhcp === true && others.some(({ isDhcp }) => isDhcp === true)) {
    problems.add('interface_update.ipv4_dhcp', 'Only one interface can be used for DHCP.');
  }
  const used = others.flatMap(({ addresses }) => addresses.map(networkOf));
  for (const [index, own] of (data.aliases ?? []).entries()) {
    if (used.includes(networkOf(own))) {
      problems.add(
        `interface_update.aliases.${String(index)}`,
        `The network ${networkOf(own)} is already in use by another interface.`,
      );
    }
  }
  problems.check();
}

/** `192.0.2.0/24`; of IPv6 only as it is written. */
function networkOf({ address, netmask }: { readonly address: string; readonly netmask: number }): string {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4) return `${address}/${String(netmask)}`;
  const bits = parts.reduce((sum, part) => sum * 256 + part, 0);
  const size = 2 ** (32 - netmask);
  const base = Math.floor(bits / size) * size;
  const shown = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.');
  return `${shown}/${String(netmask)}`;
}
