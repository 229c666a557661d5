/** `failover.*` and `fcport.*`: what two controllers and Fibre Channel cards would tell. This NAS is one machine. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { queryParamsWith } from '../query/params.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { model } from '../schema/schema.ts';
import type { FibrePort } from '../world/fibre.ts';
import type { World } from '../world/world.ts';
import { type ApiRow, readable, SINCE_25_10 } from './common.ts';

/** 25.10 keeps most of it to itself. */
const NOT_25_10: readonly SimRelease[] = ['25.04', '27.0'];
const failover = ['FAILOVER_READ'];
const STATUS_PARAMS = queryParamsWith(
  'FCPortStatusOptions',
  model('FCPortStatusOptionsExtra', { with_lun_access: z.boolean().default(true) }).prefault({}),
);
const fibre = ['SHARING_ISCSI_TARGET_READ'];

export const APPLIANCE_METHODS: readonly SimMethod[] = [
  {
    name: 'failover.licensed',
    description: 'True for a licensed pair of controllers.',
    releases: NOT_25_10,
    auth: 'login',
    run: () => false,
  },
  {
    name: 'failover.status',
    description: 'What this controller is: MASTER, BACKUP, or SINGLE without another.',
    releases: NOT_25_10,
    roles: failover,
    run: () => 'SINGLE',
  },
  {
    name: 'failover.node',
    description: 'The place of this controller; MANUAL where there are none.',
    releases: NOT_25_10,
    roles: failover,
    run: () => 'MANUAL',
  },
  {
    name: 'failover.config',
    description: 'Settings of failover.',
    releases: NOT_25_10,
    roles: failover,
    run: () => ({ id: 1, disabled: false, master: true, timeout: 0 }),
  },
  {
    name: 'failover.disabled.reasons',
    description: 'Why one controller could not take over from the other.',
    roles: failover,
    run: () => [],
  },
  ...readable({
    namespace: 'fcport',
    entity: 'FCPort',
    what: 'Fibre Channel ports',
    releases: SINCE_25_10,
    roles: fibre,
    rows: ({ world }: MethodContext) => world.fibrePorts.rows().map((port) => portRow(world, port)),
  }),
  {
    name: 'fcport.status',
    description: 'Whether Fibre Channel ports are connected, and who is signed in to them.',
    releases: SINCE_25_10,
    roles: fibre,
    filterable: true,
    ownQueryParams: (release) => (isAtLeast(release, '27.0') ? STATUS_PARAMS : undefined),
    run: ({ world }: MethodContext) => world.fibrePorts.rows().map(statusRow),
  },
];

function portRow(world: World, { id, port, wwpn, targetId }: FibrePort): ApiRow {
  const target = world.shares.targets.rows().find((each) => each.id === targetId);
  return {
    ...{ id, port, wwpn, wwpn_b: null },
    target:
      target === undefined
        ? null
        : { id: target.id, iscsi_target_name: target.name, iscsi_target_alias: target.alias },
  };
}

function statusRow({ port, wwpn, isOnline, speed }: FibrePort): ApiRow {
  const bare = wwpn.replace(/^naa\./u, '').replace(/(..)(?=.)/gu, '$1:');
  return {
    port,
    A: {
      port_type: isOnline ? 'NPort (fabric via point-to-point)' : 'Unknown',
      port_state: isOnline ? 'Online' : 'Linkdown',
      speed,
      physical: true,
      wwpn: bare,
      sessions: [],
    },
  };
}
