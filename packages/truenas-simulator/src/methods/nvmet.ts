/** `nvmet.*` (25.10 and later): NVMe over Fabrics subsystems, namespaces, ports and hosts. */
import * as z from 'zod';
import { ERRNO } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod, SimParams } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { model, secret, text } from '../schema/schema.ts';
import { zvolAt } from '../world/dataset-paths.ts';
import type {
  NvmetHost,
  NvmetHostSubsys,
  NvmetNamespace,
  NvmetPort,
  NvmetPortSubsys,
  NvmetSubsys,
} from '../world/shares.ts';
import { type ApiRow, refuse, SINCE_25_10 } from './common.ts';
import { createModel, crud, optional, required, updateModel } from './crud.ts';
import { placeOfDevice } from './share-path.ts';

const shared = {
  releases: SINCE_25_10,
  roles: ['SHARING_NVME_TARGET_READ'],
  writeRoles: ['SHARING_NVME_TARGET_WRITE'],
  secretRoles: ['SHARING_NVME_TARGET_WRITE'],
};
const flag = z.boolean();
const maybeFlag = optional(flag.nullable(), null);
const maybeInt = optional(z.int().nullable(), null);
const force = (entity: string): SimParams => [
  ['options', model(`${entity}DeleteOptions`, { force: flag.default(false) }).prefault({})],
];

const subsystems = crud<NvmetSubsys>({
  ...shared,
  namespace: 'nvmet.subsys',
  audited: '% NVMe target subsys',
  entity: 'NVMetSubsys',
  what: 'NVMe-oF subsystems',
  param: 'nvmet_subsys',
  fields: {
    name: required(text({ min: 1 })),
    subnqn: optional(text({ min: 11, max: 223 }).nullable(), null),
    allow_any_host: optional(flag, false),
    pi_enable: maybeFlag,
    qid_max: maybeInt,
    ieee_oui: optional(text().nullable(), null),
    ana: maybeFlag,
  },
  deleteParams: force('NVMetSubsys'),
  table: (world) => world.shares.subsystems,
  show: showSubsystem,
  check({ world }, { data, old, problems, at }) {
    const { subsystems: table } = world.shares;
    const isTaken = table.rows().some((row) => row.id !== old?.id && row.name === data.name);
    if (isTaken) problems.add(`${at}.name`, 'Subsystem with this name already exists', ERRNO.EEXIST);
    const subnqn = data.subnqn ?? `nqn.2011-06.com.truenas:uuid:${world.random.uuid()}:${String(data.name)}`;
    return { ...data, subnqn, serial: old?.serial ?? world.random.hex(20) };
  },
  beforeDelete({ world }, subsys, options) {
    const { namespaces, portSubsystems, hostSubsystems } = world.shares;
    const mine = <Row extends { subsys_id: number }>(row: Row): boolean => row.subsys_id === subsys.id;
    const own = namespaces.rows().filter(mine);
    const isForced = (options as { force?: boolean } | undefined)?.force === true;
    if (own.length > 0 && !isForced)
      refuse(`Subsystem ${subsys.name} contains ${String(own.length)} namespaces`, ERRNO.EBUSY);
    for (const { id } of own) namespaces.remove(id);
    for (const { id } of portSubsystems.rows().filter(mine)) portSubsystems.remove(id);
    for (const { id } of hostSubsystems.rows().filter(mine)) hostSubsystems.remove(id);
  },
});

const namespaces = crud<NvmetNamespace>({
  ...shared,
  namespace: 'nvmet.namespace',
  audited: '% NVMe target namespace',
  entity: 'NVMetNamespace',
  what: 'NVMe-oF namespaces',
  param: 'nvmet_namespace',
  fields: {
    nsid: optional(z.int().min(1).lt(4_294_967_295).nullable(), null),
    device_type: required(z.enum(['ZVOL', 'FILE'])),
    device_path: required(text({ min: 1 })),
    filesize: maybeInt,
    enabled: optional(flag, true),
    subsys_id: required(z.int()),
  },
  deleteParams: [
    ['options', model('NVMetNamespaceDeleteOptions', { remove: flag.default(false) }).prefault({})],
  ],
  table: (world) => world.shares.namespaces,
  show(context, { subsys_id: subsysId, ...row }) {
    const subsys = context.world.shares.subsystems.get(subsysId);
    return {
      ...row,
      subsys: subsys === undefined ? null : showSubsystem(context, subsys),
      ...placeOfDevice(context, row.device_path),
    };
  },
  check({ world }, { data, old, problems, at }) {
    const { namespaces: table, subsystems: all } = world.shares;
    if (all.get(Number(data.subsys_id)) === undefined) {
      problems.add(`${at}.subsys_id`, `No subsystem with ID ${String(data.subsys_id)}`);
    }
    if (data.device_type === 'ZVOL' && zvolAt(world.datasets, String(data.device_path)) === null) {
      problems.add(`${at}.device_path`, `ZVOL device_path must start with "zvol/" and name an existing zvol`);
    }
    const others = table.rows().filter((row) => row.id !== old?.id);
    if (others.some((row) => row.device_path === data.device_path)) {
      problems.add(`${at}.device_path`, 'This device_path already used by another namespace', ERRNO.EEXIST);
    }
    const taken = others.filter((row) => row.subsys_id === data.subsys_id).map((row) => row.nsid);
    let nsid = typeof data.nsid === 'number' ? data.nsid : 1;
    while (data.nsid === null && taken.includes(nsid)) nsid += 1;
    if (taken.includes(nsid))
      problems.add(`${at}.nsid`, 'This NSID is in use in the subsystem', ERRNO.EEXIST);
    return {
      ...data,
      nsid,
      device_uuid: old?.device_uuid ?? world.random.uuid(),
      device_nguid: old?.device_nguid ?? world.random.uuid(),
    };
  },
});

const portFlags = {
  inline_data_size: maybeInt,
  max_queue_size: maybeInt,
  pi_enable: maybeFlag,
  enabled: optional(flag, true),
};
const networkPort = {
  addr_trtype: required(z.enum(['TCP', 'RDMA'])),
  addr_trsvcid: optional(z.int().min(1024).max(65_535), 4420),
  addr_traddr: required(text()),
  ...portFlags,
};
const fibrePort = {
  addr_trtype: required(z.literal('FC')),
  addr_traddr: required(text({ min: 1 })),
  ...portFlags,
};

const ports = crud<NvmetPort>({
  ...shared,
  namespace: 'nvmet.port',
  audited: '% NVMe target port',
  entity: 'NVMetPort',
  what: 'NVMe-oF ports',
  param: 'nvmet_port',
  fields: networkPort,
  models: {
    create: z.union([createModel('NVMetPortNetwork', networkPort), createModel('NVMetPortFC', fibrePort)]),
    update: z.union([updateModel('NVMetPortNetwork', networkPort), updateModel('NVMetPortFC', fibrePort)]),
  },
  deleteParams: force('NVMetPort'),
  table: (world) => world.shares.ports,
  check({ world }, { data, old, problems, at }) {
    const others = world.shares.ports.rows().filter((row) => row.id !== old?.id);
    const isTaken = others.some(
      (row) => row.addr_traddr === data.addr_traddr && row.addr_trsvcid === data.addr_trsvcid,
    );
    if (isTaken)
      problems.add(
        `${at}.addr_traddr`,
        'There already is a port using the same transport and address',
        ERRNO.EEXIST,
      );
    if (data.addr_trtype === 'FC')
      problems.add(`${at}.addr_trtype`, 'This system has no Fibre Channel ports');
    const family = String(data.addr_traddr).includes(':') ? 'IPV6' : 'IPV4';
    return { ...data, addr_adrfam: family, index: old?.index ?? others.length + 1 };
  },
  beforeDelete({ world }, port, options) {
    const { portSubsystems } = world.shares;
    const ties = portSubsystems.rows().filter((row) => row.port_id === port.id);
    const isForced = (options as { force?: boolean } | undefined)?.force === true;
    if (ties.length > 0 && !isForced)
      refuse(`Port #${String(port.index)} is used by subsystems`, ERRNO.EBUSY);
    for (const { id } of ties) portSubsystems.remove(id);
  },
});

const key = text({ min: 1 }).nullable();
const hostFields = {
  hostnqn: required(text({ min: 11, max: 223 })),
  dhchap_key: optional(secret(key), null),
  dhchap_ctrl_key: optional(secret(key), null),
  dhchap_dhgroup: optional(
    z.enum(['2048-BIT', '3072-BIT', '4096-BIT', '6144-BIT', '8192-BIT']).nullable(),
    null,
  ),
  dhchap_hash: optional(z.enum(['SHA-256', 'SHA-384', 'SHA-512']), 'SHA-256'),
};
const hostRow = z.looseObject({
  dhchap_key: secret(z.string().nullable()),
  dhchap_ctrl_key: secret(z.string().nullable()),
});

const hosts = crud<NvmetHost>({
  ...shared,
  namespace: 'nvmet.host',
  audited: '% NVMe target host',
  entity: 'NVMetHost',
  what: 'NVMe-oF hosts',
  param: 'nvmet_host',
  row: hostRow,
  fields: (release) =>
    isAtLeast(release, '27.0') ? { ...hostFields, description: optional(text(), '') } : hostFields,
  deleteParams: force('NVMetHost'),
  table: (world) => world.shares.hosts,
  check({ world }, { data, old, problems, at }) {
    const isTaken = world.shares.hosts
      .rows()
      .some((row) => row.id !== old?.id && row.hostnqn === data.hostnqn);
    if (isTaken) problems.add(`${at}.hostnqn`, 'Host with this NQN already exists', ERRNO.EEXIST);
    return undefined;
  },
  beforeDelete({ world }, host, options) {
    const { hostSubsystems } = world.shares;
    const ties = hostSubsystems.rows().filter((row) => row.host_id === host.id);
    const isForced = (options as { force?: boolean } | undefined)?.force === true;
    if (ties.length > 0 && !isForced) refuse(`Host ${host.hostnqn} is used by subsystems`, ERRNO.EBUSY);
    for (const { id } of ties) hostSubsystems.remove(id);
  },
});

const portSubsystems = crud<NvmetPortSubsys>({
  ...shared,
  namespace: 'nvmet.port_subsys',
  audited: '% NVMe target port to subsystem mapping',
  entity: 'NVMetPortSubsys',
  what: 'ties between NVMe-oF ports and subsystems',
  param: 'nvmet_port_subsys',
  fields: { port_id: required(z.int()), subsys_id: required(z.int()) },
  table: (world) => world.shares.portSubsystems,
  show: (context, row) => ({
    id: row.id,
    port: { ...context.world.shares.ports.get(row.port_id) },
    subsys: subsystemOf(context, row.subsys_id),
  }),
  check({ world }, { data, problems, at }) {
    const { ports: allPorts, subsystems: all } = world.shares;
    if (allPorts.get(Number(data.port_id)) === undefined) problems.add(`${at}.port_id`, 'No such port');
    if (all.get(Number(data.subsys_id)) === undefined) problems.add(`${at}.subsys_id`, 'No such subsystem');
    return undefined;
  },
});

const hostSubsystems = crud<NvmetHostSubsys>({
  ...shared,
  namespace: 'nvmet.host_subsys',
  audited: '% NVMe target host to subsystem mapping',
  entity: 'NVMetHostSubsys',
  what: 'ties between NVMe-oF hosts and subsystems',
  param: 'nvmet_host_subsys',
  row: z.looseObject({ host: hostRow }),
  fields: { host_id: required(z.int()), subsys_id: required(z.int()) },
  table: (world) => world.shares.hostSubsystems,
  show: (context, row) => ({
    id: row.id,
    host: { ...context.world.shares.hosts.get(row.host_id) },
    subsys: subsystemOf(context, row.subsys_id),
  }),
  check({ world }, { data, problems, at }) {
    const { hosts: allHosts, subsystems: all } = world.shares;
    if (allHosts.get(Number(data.host_id)) === undefined) problems.add(`${at}.host_id`, 'No such host');
    if (all.get(Number(data.subsys_id)) === undefined) problems.add(`${at}.subsys_id`, 'No such subsystem');
    return undefined;
  },
});

export const NVMET_METHODS: readonly SimMethod[] = [
  ...subsystems,
  ...namespaces,
  ...ports,
  ...hosts,
  ...portSubsystems,
  ...hostSubsystems,
];

function showSubsystem({ world }: MethodContext, subsys: NvmetSubsys): ApiRow {
  const { hostSubsystems: hostTies, namespaces: all, portSubsystems: portTies } = world.shares;
  const mine = (row: { subsys_id: number }): boolean => row.subsys_id === subsys.id;
  return {
    ...subsys,
    hosts: hostTies
      .rows()
      .filter(mine)
      .map((row) => row.host_id),
    namespaces: all
      .rows()
      .filter(mine)
      .map((row) => row.id),
    ports: portTies
      .rows()
      .filter(mine)
      .map((row) => row.port_id),
  };
}

function subsystemOf(context: MethodContext, id: number): ApiRow {
  const subsys = context.world.shares.subsystems.get(id);
  return subsys === undefined ? {} : showSubsystem(context, subsys);
}
