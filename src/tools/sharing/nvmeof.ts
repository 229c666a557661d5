import { formatBytes } from '../../output/units.ts';
import type { ReadClient } from '../../truenas/client.ts';
import type { Filter } from '../../truenas/query.ts';
import { gapText, mapPart, type Part, valueOr } from '../support/part.ts';
import { field, type RowOf } from '../support/rows.ts';
import { shown } from '../../output/untrusted.ts';
import { accessText, clientsText, stateText, UNKNOWN, unknownText } from './access.ts';
import { type OwnedRows, ownedFacts, ownedRows, rowsOwnedBy, strayCountOf, strayGaps } from './owned-rows.ts';
import {
  gapsOf,
  readAllRows,
  readRowsPart,
  type Share,
  shareId,
  shareName,
  sharePath,
  type ShareSource,
  unreadFacts,
} from './share.ts';

const SUBSYSTEM = {
  id: shareId,
  name: shareName,
  subnqn: field.text,
  allow_any_host: field.flag,
  hosts: field.numbers,
};
type Subsystem = RowOf<typeof SUBSYSTEM>;
const OF_SUBSYSTEM = { subsys: field.object({ id: shareId }) };
const NAMESPACE = {
  ...OF_SUBSYSTEM,
  nsid: field.number,
  device_type: field.text,
  device_path: sharePath,
  enabled: field.flag,
  locked: field.flag,
  filesize: field.integer,
};
type Namespace = RowOf<typeof NAMESPACE>;
const NAMESPACE_SELECT = ['id', ...Object.keys(NAMESPACE)];
// Only names: hosts have keys too, and those must not even be fetched. `nvmet.host_subsys.query` would bring them along.
const HOST = { id: shareId, hostnqn: field.text };
const PORT = {
  ...OF_SUBSYSTEM,
  port: field.object({
    addr_trtype: field.text,
    addr_traddr: field.text,
    addr_trsvcid: field.integer,
    enabled: field.flag,
  }),
};
type Port = RowOf<typeof PORT>;

const LIST_USES = ['nvmet.subsys.query', 'nvmet.namespace.query', 'nvmet.host.query'] as const;

/** NVMe over Fabrics (25.10 and later): a row for each namespace of a subsystem, and one for a subsystem without any. */
export const nvmeofSource: ShareSource = {
  kind: 'nvmeof',
  title: 'NVMe-oF',
  service: 'nvmet',
  listUses: LIST_USES,
  detailUses: [...LIST_USES, 'nvmet.port_subsys.query'],
  async list(nas) {
    const everything = await readAll(nas, []);
    const { namespaces, hosts } = everything;
    return {
      shares: everything.subsystems.flatMap((subsystem) => sharesOf(subsystem, everything)),
      gaps: [
        ...gapsOf('NVMe-oF', { namespaces, 'names of the hosts': hosts }),
        ...strayGaps('NVMe-oF', 'namespaces', namespaces),
      ],
    };
  },
  async detail(nas, id) {
    const [everything, ports] = await Promise.all([
      readAll(nas, [['id', '=', id]]),
      readRowsPart(nas, 'nvmet.port_subsys.query', PORT),
    ]);
    const subsystem = everything.subsystems.find((row) => row.id === id);
    if (subsystem === undefined) return undefined;
    return [
      ['nqn', shown(subsystem.subnqn)],
      ['listens on', listeningText(id, mapPart(ports, ownedBySubsystem))],
      ['hosts allowed', hostsText(subsystem, everything.hosts, 20)],
      ['read only', 'no, NVMe-oF has no such setting'],
      ...ownedFacts('namespaces', id, everything.namespaces, (row) => [
        `namespace ${row.nsid ?? '-'}`,
        namespaceText(row),
      ]),
    ];
  },
};

interface Everything {
  readonly subsystems: readonly Subsystem[];
  readonly namespaces: Part<OwnedRows<Namespace>>;
  readonly hosts: Part<ReadonlyMap<number | null, string | null>>;
}

async function readAll(nas: ReadClient, filters: readonly Filter[]): Promise<Everything> {
  const [subsystems, namespaces, hosts] = await Promise.all([
    // `verbose` brings the ids of the hosts that may connect.
    readAllRows(nas, 'nvmet.subsys.query', SUBSYSTEM, { filters, extra: { verbose: true } }),
    readRowsPart(nas, 'nvmet.namespace.query', NAMESPACE, { select: NAMESPACE_SELECT }),
    readRowsPart(nas, 'nvmet.host.query', HOST),
  ]);
  return {
    subsystems,
    namespaces: mapPart(namespaces, ownedBySubsystem),
    hosts: mapPart(hosts, (rows) => new Map(rows.map((row) => [row.id, row.hostnqn]))),
  };
}

function ownedBySubsystem<Row extends RowOf<typeof OF_SUBSYSTEM>>(rows: readonly Row[]): OwnedRows<Row> {
  return ownedRows(rows, ({ subsys }) => subsys?.id ?? null);
}

function sharesOf(subsystem: Subsystem, { namespaces, hosts }: Everything): Share[] {
  const { id, name } = subsystem;
  const clients = hostsText(subsystem, hosts, 2);
  const common = { kind: 'nvmeof' as const, id, name, readonly: null, clients };
  const none = { path: null, enabled: null, locked: null };
  const own = rowsOwnedBy(id, namespaces);
  if (own === undefined)
    return [
      { ...common, ...none, comment: `namespaces ${UNKNOWN}`, unread: unreadFacts({ ...common, ...none }) },
    ];
  if (own.length === 0) {
    const unread = unreadFacts({ ...common, path: '', enabled: true });
    return [{ ...common, ...none, comment: 'no namespace', unread }];
  }
  return own.map((row) => {
    const facts = { ...common, path: row.device_path, enabled: row.enabled, locked: row.locked };
    return { ...facts, comment: `namespace ${row.nsid ?? '-'}`, unread: unreadFacts(facts) };
  });
}

/** Names of the hosts that may connect. */
function hostsText(
  { allow_any_host: isOpen, hosts: ids }: Subsystem,
  hosts: Everything['hosts'],
  max: number,
): string {
  if (isOpen === true) return 'any';
  if (isOpen === null || ids === null) return accessText(undefined);
  const names = valueOr(hosts, undefined);
  const text = clientsText(
    ids.map((id) => names?.get(id) ?? `host ${id}`),
    'none',
    max,
  );
  const gap = ids.length > 0 ? gapText(hosts) : undefined;
  return gap === undefined ? text : `${text}; their names ${gap}`;
}

function listeningText(id: number, ports: Part<OwnedRows<Port>>): string {
  const own = rowsOwnedBy(id, ports);
  if (own === undefined) return 'gap' in ports ? unknownText(ports) : UNKNOWN;
  const strayCount = strayCountOf(ports);
  const addresses = own.map(({ port }) => portText(port));
  const stray = strayCount > 0 ? [`${UNKNOWN} (${strayCount} could not be read)`] : [];
  return clientsText([...addresses, ...stray], 'no port', 10);
}

function portText(port: Port['port']): string {
  if (port === null) return UNKNOWN;
  const { addr_trtype: transport, addr_traddr: address, addr_trsvcid: number } = port;
  const state = stateText(port.enabled);
  return `${transport ?? '-'} ${address ?? '-'}:${number ?? '-'}${state === undefined ? '' : ` (${state.replace('DISABLED', 'disabled')})`}`;
}

function namespaceText(row: Namespace): string {
  const words = [
    shown(row.device_path) ?? `path ${UNKNOWN}`,
    row.filesize ? formatBytes(row.filesize) : undefined,
    stateText(row.enabled),
    row.locked === true ? 'LOCKED' : undefined,
  ];
  return words.filter(Boolean).join(', ');
}
