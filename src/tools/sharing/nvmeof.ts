import { z } from 'zod';
import { formatBytes } from '../../output/units.ts';
import { query } from '../../truenas/query.ts';
import { rowsOf, wire, wireObject } from '../wire.ts';
import { clientsText, MAX_SHARES, type Share, type ShareSource, shown } from './share.ts';

const SUBSYSTEM = z.object({
  id: wire.number,
  name: wire.text,
  subnqn: wire.text,
  allow_any_host: wire.flag,
});
const OF_SUBSYSTEM = { subsys: wireObject({ id: wire.number }) };
const NAMESPACE = z.object({
  ...OF_SUBSYSTEM,
  nsid: wire.number,
  device_type: wire.text,
  device_path: wire.text,
  enabled: wire.flag,
  locked: wire.flag,
  filesize: wire.integer,
});
const NAMESPACE_SELECT = [
  'id',
  'subsys.id',
  'nsid',
  'device_type',
  'device_path',
  'enabled',
  'locked',
  'filesize',
];
const HOST = z.object({ ...OF_SUBSYSTEM, host: wireObject({ hostnqn: wire.text }) });
const PORT = z.object({
  ...OF_SUBSYSTEM,
  port: wireObject({
    addr_trtype: wire.text,
    addr_traddr: wire.text,
    addr_trsvcid: wire.integer,
    enabled: wire.flag,
  }),
});

/** NVMe over Fabrics (25.10 and later): a row for each namespace of a subsystem, and one for a subsystem without any. */
export const nvmeofSource: ShareSource = {
  kind: 'nvmeof',
  title: 'NVMe-oF',
  service: 'nvmet',
  listUses: ['nvmet.subsys.query', 'nvmet.namespace.query', 'nvmet.host_subsys.query'],
  detailUses: [
    'nvmet.subsys.query',
    'nvmet.namespace.query',
    'nvmet.host_subsys.query',
    'nvmet.port_subsys.query',
  ],
  probe: 'nvmet.subsys.query',
  async list(nas, options) {
    const [subsystems, namespaces, hosts] = await Promise.all([
      nas.call(
        'nvmet.subsys.query',
        query({ select: Object.keys(SUBSYSTEM.shape), orderBy: ['id'], limit: MAX_SHARES }),
        options,
      ),
      nas.call(
        'nvmet.namespace.query',
        query({ select: NAMESPACE_SELECT, orderBy: ['id'], limit: MAX_SHARES }),
        options,
      ),
      // Of a host only its name: its keys must not even be fetched.
      nas.call(
        'nvmet.host_subsys.query',
        query({ select: ['subsys.id', 'host.hostnqn'], limit: MAX_SHARES }),
        options,
      ),
    ]);
    const allNamespaces = rowsOf(namespaces, NAMESPACE);
    const allHosts = rowsOf(hosts, HOST);
    return rowsOf(subsystems, SUBSYSTEM).flatMap((subsystem): Share[] => {
      const names = allHosts.flatMap((row) =>
        row.subsys?.id === subsystem.id ? (row.host?.hostnqn ?? []) : [],
      );
      const common = {
        kind: 'nvmeof' as const,
        id: subsystem.id,
        name: subsystem.name,
        readonly: null,
        clients: subsystem.allow_any_host === true ? 'any' : clientsText(names, 'none', 2),
      };
      const own = allNamespaces.filter((row) => row.subsys?.id === subsystem.id);
      if (own.length === 0)
        return [{ ...common, path: null, enabled: null, locked: null, comment: 'no namespace' }];
      return own.map((row) => ({
        ...common,
        path: row.device_path,
        enabled: row.enabled,
        locked: row.locked,
        comment: `namespace ${row.nsid ?? '-'}`,
      }));
    });
  },
  async detail(nas, id, options) {
    const ofThis = [['subsys.id', '=', id]] as const;
    const portSelect = [
      'subsys.id',
      'port.addr_trtype',
      'port.addr_traddr',
      'port.addr_trsvcid',
      'port.enabled',
    ];
    const [subsystems, namespaces, hosts, ports] = await Promise.all([
      nas.call(
        'nvmet.subsys.query',
        query({ filters: [['id', '=', id]], select: Object.keys(SUBSYSTEM.shape) }),
        options,
      ),
      nas.call(
        'nvmet.namespace.query',
        query({ filters: ofThis, select: NAMESPACE_SELECT, limit: MAX_SHARES }),
        options,
      ),
      nas.call(
        'nvmet.host_subsys.query',
        query({ filters: ofThis, select: ['subsys.id', 'host.hostnqn'], limit: MAX_SHARES }),
        options,
      ),
      nas.call(
        'nvmet.port_subsys.query',
        query({ filters: ofThis, select: portSelect, limit: MAX_SHARES }),
        options,
      ),
    ]);
    const [subsystem] = rowsOf(subsystems, SUBSYSTEM);
    if (subsystem === undefined) return [];
    const hostNames = rowsOf(hosts, HOST).flatMap((row) => row.host?.hostnqn ?? []);
    const addresses = rowsOf(ports, PORT).flatMap(({ port }) =>
      port === null
        ? []
        : [
            `${port.addr_trtype ?? '-'} ${port.addr_traddr ?? '-'}:${port.addr_trsvcid ?? '-'}${port.enabled === false ? ' (disabled)' : ''}`,
          ],
    );
    return [
      ['nqn', shown(subsystem.subnqn)],
      ['listens on', clientsText(addresses, 'no port', 10)],
      ['hosts allowed', subsystem.allow_any_host === true ? 'any' : clientsText(hostNames, 'none', 20)],
      ...rowsOf(namespaces, NAMESPACE).map((row): [string, string] => [
        `namespace ${row.nsid ?? '-'}`,
        namespaceText(row),
      ]),
    ];
  },
};

function namespaceText(row: z.output<typeof NAMESPACE>): string {
  const words = [
    shown(row.device_path),
    row.filesize ? formatBytes(row.filesize) : undefined,
    row.enabled === false ? 'DISABLED' : undefined,
    row.locked === true ? 'LOCKED' : undefined,
  ];
  return words.filter(Boolean).join(', ');
}
