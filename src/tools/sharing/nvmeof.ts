import { formatBytes } from '../../output/units.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { field, type RowOf } from '../support/rows.ts';
import { shown } from '../../output/untrusted.ts';
import {
  clientsText,
  decodedPath,
  readAllRows,
  type Share,
  type ShareSource,
  UNKNOWN_CLIENTS,
} from './share.ts';

const SUBSYSTEM = {
  id: field.number,
  name: field.text,
  subnqn: field.text,
  allow_any_host: field.flag,
  hosts: field.numbers,
};
const OF_SUBSYSTEM = { subsys: field.object({ id: field.number }) };
const NAMESPACE = {
  ...OF_SUBSYSTEM,
  nsid: field.number,
  device_type: field.text,
  device_path: field.text,
  enabled: field.flag,
  locked: field.flag,
  filesize: field.integer,
};
const NAMESPACE_SELECT = ['id', ...Object.keys(NAMESPACE)];
// Only names: hosts have keys too, and those must not even be fetched. `nvmet.host_subsys.query` would bring them along.
const HOST = { id: field.number, hostnqn: field.text };
const PORT = {
  ...OF_SUBSYSTEM,
  port: field.object({
    addr_trtype: field.text,
    addr_traddr: field.text,
    addr_trsvcid: field.integer,
    enabled: field.flag,
  }),
};

/** NVMe over Fabrics (25.10 and later): a row for each namespace of a subsystem, and one for a subsystem without any. */
export const nvmeofSource: ShareSource = {
  kind: 'nvmeof',
  title: 'NVMe-oF',
  service: 'nvmet',
  listUses: ['nvmet.subsys.query', 'nvmet.namespace.query', 'nvmet.host.query'],
  detailUses: ['nvmet.subsys.query', 'nvmet.namespace.query', 'nvmet.host.query', 'nvmet.port_subsys.query'],
  probe: 'nvmet.subsys.query',
  async list(nas) {
    const { subsystems, namespaces, hosts } = await readAll(nas);
    return subsystems.flatMap((subsystem): Share[] => {
      const common = {
        kind: 'nvmeof' as const,
        id: subsystem.id,
        name: subsystem.name,
        readonly: null,
        clients: hostsText(subsystem, hosts, 2),
      };
      const own = namespaces.filter((row) => row.subsys?.id === subsystem.id);
      if (own.length === 0) {
        return [{ ...common, path: null, enabled: null, locked: null, comment: 'no namespace' }];
      }
      return own.map((row) => ({
        ...common,
        path: decodedPath(row.device_path),
        enabled: row.enabled,
        locked: row.locked,
        comment: `namespace ${row.nsid ?? '-'}`,
      }));
    });
  },
  async detail(nas, id) {
    const [{ subsystems, namespaces, hosts }, ports] = await Promise.all([
      readAll(nas),
      readAllRows(nas, 'nvmet.port_subsys.query', PORT),
    ]);
    const subsystem = subsystems.find((row) => row.id === id);
    if (subsystem === undefined) return [];
    const addresses = ports.flatMap(({ port, subsys }) =>
      port === null || subsys?.id !== id
        ? []
        : [
            `${port.addr_trtype ?? '-'} ${port.addr_traddr ?? '-'}:${port.addr_trsvcid ?? '-'}${port.enabled === false ? ' (disabled)' : ''}`,
          ],
    );
    return [
      ['nqn', shown(subsystem.subnqn)],
      ['listens on', clientsText(addresses, 'no port', 10)],
      ['hosts allowed', hostsText(subsystem, hosts, 20)],
      ...namespaces
        .filter((row) => row.subsys?.id === id)
        .map((row): [string, string] => [`namespace ${row.nsid ?? '-'}`, namespaceText(row)]),
    ];
  },
};

type Subsystem = RowOf<typeof SUBSYSTEM>;

interface Everything {
  subsystems: Subsystem[];
  namespaces: RowOf<typeof NAMESPACE>[];
  hosts: ReadonlyMap<number | null, string>;
}

async function readAll(nas: ReadClient): Promise<Everything> {
  const [subsystems, namespaces, hosts] = await Promise.all([
    // `verbose` brings the ids of the hosts that may connect.
    readAllRows(nas, 'nvmet.subsys.query', SUBSYSTEM, { extra: { verbose: true } }),
    readAllRows(nas, 'nvmet.namespace.query', NAMESPACE, { select: NAMESPACE_SELECT }),
    readAllRows(nas, 'nvmet.host.query', HOST),
  ]);
  return { subsystems, namespaces, hosts: new Map(hosts.map((host) => [host.id, host.hostnqn ?? '-'])) };
}

/** Names of the hosts that may connect. */
function hostsText(subsystem: Subsystem, hosts: Everything['hosts'], max: number): string {
  if (subsystem.allow_any_host === true) return 'any';
  if (subsystem.hosts === null) return UNKNOWN_CLIENTS;
  const names = (subsystem.hosts ?? []).map((id) => hosts.get(id) ?? `host ${id}`);
  return clientsText(names, 'none', max);
}

function namespaceText(row: RowOf<typeof NAMESPACE>): string {
  const words = [
    shown(decodedPath(row.device_path)),
    row.filesize ? formatBytes(row.filesize) : undefined,
    row.enabled === false ? 'DISABLED' : undefined,
    row.locked === true ? 'LOCKED' : undefined,
  ];
  return words.filter(Boolean).join(', ');
}
