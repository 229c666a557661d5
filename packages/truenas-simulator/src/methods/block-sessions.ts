/** `iscsi.global.sessions` and `nvmet.global.sessions`: who is connected to block storage. */
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { applyQuery, type QueryOptions } from '../query/apply.ts';
import { queryParams } from '../query/params.ts';
import { iscsiLogins, type IscsiLogin, nvmetConnections } from '../world/connected.ts';
import type { World } from '../world/world.ts';
import { type ApiRow, ONLY_27_0, SINCE_25_10, UNTIL_25_10 } from './common.ts';
import { settingsOf } from './config-service.ts';
import { memoized } from './crud.ts';

const iscsi = {
  name: 'iscsi.global.sessions',
  description: 'Logins of iSCSI initiators.',
  roles: ['SHARING_ISCSI_GLOBAL_READ'],
} as const;

export const BLOCK_SESSION_METHODS: readonly SimMethod[] = [
  {
    ...iscsi,
    releases: UNTIL_25_10,
    params: memoized((release) =>
      queryParams(release).map(([name, schema]) => [`query_${name}`, schema] as const),
    ),
    run: ({ world }: MethodContext, filters: readonly unknown[], options: QueryOptions) =>
      applyQuery(iscsiRows(world), filters, options),
  },
  { ...iscsi, releases: ONLY_27_0, filterable: true, run: ({ world }: MethodContext) => iscsiRows(world) },
  {
    name: 'iscsi.global.client_count',
    description: 'How many iSCSI initiators are connected.',
    roles: ['SHARING_ISCSI_GLOBAL_READ'],
    run: ({ world }: MethodContext) => new Set(iscsiLogins(world).map(({ client }) => client.initiator)).size,
  },
  {
    name: 'nvmet.global.sessions',
    description: 'Connections of NVMe-oF hosts.',
    releases: SINCE_25_10,
    roles: ['SHARING_NVME_TARGET_READ'],
    filterable: true,
    run: ({ world }: MethodContext) =>
      nvmetConnections(world).map(({ client, subsysId, portId }) => ({
        host_traddr: client.address,
        hostnqn: client.hostNqn,
        subsys_id: subsysId,
        port_id: portId,
        ctrl: client.controller,
      })),
  },
];

function iscsiRows(world: World): ApiRow[] {
  return iscsiLogins(world).map((login) => iscsiRow(world, login));
}

function iscsiRow(world: World, { client, target }: IscsiLogin): ApiRow {
  const { basename, iser } = settingsOf(world, 'iscsi.global');
  return {
    initiator: client.initiator,
    initiator_addr: client.address,
    initiator_alias: null,
    target: `${String(basename)}:${target.name}`,
    target_alias: target.name,
    header_digest: null,
    data_digest: null,
    max_data_segment_length: 1_048_576,
    max_receive_data_segment_length: 1_048_576,
    max_xmit_data_segment_length: 131_072,
    max_burst_length: 262_144,
    first_burst_length: 65_536,
    immediate_data: true,
    iser,
    offload: false,
  };
}
