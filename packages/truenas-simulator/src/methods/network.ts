/** `staticroute.*` and `ipmi.*`: routes that somebody set, and the management controller. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { applyQuery } from '../query/apply.ts';
import { queryFilters, queryOptions } from '../query/params.ts';
import { isAtLeast } from '../releases.ts';
import { model } from '../schema/schema.ts';
import { IPMI_CHANNELS, IPMI_SENSORS, type IpmiChannel, type IpmiSensor } from '../world/network.ts';
import { type ApiRow, ONLY_25_04, type Options, readable } from './common.ts';
import { memoized } from './crud.ts';

interface ChannelQuery {
  readonly 'query-filters': readonly unknown[];
  readonly 'query-options': Options;
}

const ipmi = ['IPMI_READ'];

export const NETWORK_METHODS: readonly SimMethod[] = [
  ...readable({
    namespace: 'staticroute',
    entity: 'StaticRoute',
    what: 'static routes',
    roles: ['NETWORK_INTERFACE_READ'],
    rows: ({ world }: MethodContext) => world.routes.rows(),
  }),
  {
    name: 'ipmi.lan.query',
    description: 'How the management controller is connected; filters and options are in one object.',
    roles: ipmi,
    params: memoized((release) => [
      [
        isAtLeast(release, '25.10') ? 'data' : 'ipmi_lan_query',
        model('IPMILanQuery', {
          'query-filters': queryFilters,
          'query-options': queryOptions(release).prefault({}),
          'ipmi-options': model('IPMILanQueryOptions', {
            'query-remote': z.boolean().default(false),
          }).prefault({}),
        }).prefault({}),
      ],
    ]),
    run: (_context: MethodContext, asked: ChannelQuery) =>
      applyQuery(IPMI_CHANNELS.map(channelRow), asked['query-filters'], asked['query-options']),
  },
  {
    name: 'ipmi.sensors.query',
    description: 'What the sensors of the management controller say.',
    releases: ONLY_25_04,
    roles: ipmi,
    filterable: true,
    run: () => IPMI_SENSORS.map(sensorRow),
  },
];

function channelRow(channel: IpmiChannel): ApiRow {
  return {
    channel: channel.channel,
    id: channel.channel,
    ip_address_source: channel.isDhcp ? 'Use DHCP' : 'Static Address',
    ip_address: channel.address,
    mac_address: channel.mac,
    subnet_mask: channel.netmask,
    default_gateway_ip_address: channel.gateway,
    default_gateway_mac_address: '00:00:00:00:00:00',
    backup_gateway_ip_address: '0.0.0.0',
    backup_gateway_mac_address: '00:00:00:00:00:00',
    vlan_id: channel.vlan,
    vlan_id_enable: channel.vlan !== null,
    vlan_priority: 0,
  };
}

function sensorRow(sensor: IpmiSensor, index: number): ApiRow {
  const { name, type, state, reading, units, low, high } = sensor;
  return {
    ...{ id: String(index + 1), name, type, state, reading, units },
    ...{ 'lower-non-recoverable': 'N/A', 'lower-critical': low, 'lower-non-critical': 'N/A' },
    ...{ 'upper-non-critical': 'N/A', 'upper-critical': high, 'upper-non-recoverable': 'N/A' },
    event: state === 'Critical' ? ['At or Below (<=) Lower Critical Threshold'] : ['OK'],
  };
}
