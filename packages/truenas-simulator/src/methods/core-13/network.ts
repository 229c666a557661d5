/** `interface.*` and `network.*` on FreeBSD. */
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import type { ApiRow } from '../common.ts';
import { baseRows, type CoreQuery, coreInstance, coreQuery, same, without } from '../legacy/base.ts';

const INTERFACES: CoreQuery = { namespace: 'interface', entity: 'Interface', rows: interfaceRows };

export const NETWORK_METHODS: readonly SimMethod[] = [
  coreQuery(INTERFACES),
  coreInstance(INTERFACES),
  same('network.general.summary'),
  { name: 'interface.has_pending_changes', description: 'True while changes are tried.', run: () => false },
];

const JUMBO_MTU = 9000;

function interfaceRows({ world, ...context }: MethodContext): ApiRow[] {
  const shown = baseRows({ world, ...context }, 'interface.query').map(freebsdRow);
  const [fast] = shown;
  if (fast === undefined || world.legacy?.core?.hasTroubles !== true) return shown;
  const trunk: ApiRow = {
    ...fast,
    ...{ id: 'lagg0', name: 'lagg0', type: 'LINK_AGGREGATION', description: 'both ports of the fast card' },
    ...{ lag_protocol: 'LACP', lag_ports: ['ix0', 'ix1'], mtu: JUMBO_MTU },
    state: { ...(fast['state'] as ApiRow), name: 'lagg0', orig_name: 'lagg0', cloned: true, mtu: JUMBO_MTU },
  };
  const ports = shown.map((row) =>
    row['id'] === 'ix0' || row['id'] === 'ix1' ? { ...row, aliases: [], mtu: null } : row,
  );
  return [...ports, trunk];
}

function freebsdRow(row: ApiRow): ApiRow {
  const { rx_queues: _r, tx_queues: _t, vrrp_config: _v, ...state } = row['state'] as ApiRow;
  const bare = without(row, 'enable_learning');
  const aliases = (row['aliases'] as ApiRow[]).map(numbered);
  return {
    ...bare,
    aliases,
    state: {
      ...state,
      aliases: (state['aliases'] as ApiRow[]).map(numbered),
      nd6_flags: ['PERFORMNUD', 'IFDISABLED'],
    },
    ...{ options: '', disable_offload_capabilities: false },
  };
}

/** The length of the mask as a number. */
function numbered(alias: ApiRow): ApiRow {
  return 'netmask' in alias ? { ...alias, netmask: Number(alias['netmask']) } : alias;
}
