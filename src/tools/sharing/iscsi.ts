import { formatBytes } from '../../output/units.ts';
import type { ReadClient } from '../../truenas/client.ts';
import type { Filter } from '../../truenas/query.ts';
import { field, type RowOf } from '../support/rows.ts';
import { shown } from '../../output/untrusted.ts';
import {
  accessList,
  accessText,
  clientsText,
  decodedPath,
  readAllRows,
  type Share,
  type ShareSource,
} from './share.ts';

const TARGET = {
  id: field.number,
  name: field.text,
  alias: field.text,
  mode: field.text,
  groups: field.list({ portal: field.number, initiator: field.number, authmethod: field.text }),
  auth_networks: accessList,
};
type Target = RowOf<typeof TARGET>;
const LUN = { id: field.number, target: field.number, lunid: field.number, extent: field.number };
const EXTENT = {
  id: field.number,
  name: field.text,
  type: field.text,
  path: field.text,
  disk: field.text,
  enabled: field.flag,
  ro: field.flag,
  locked: field.flag,
  filesize: field.integer,
  comment: field.text,
};
const INITIATOR = { id: field.number, initiators: accessList };
const PORTAL = { id: field.number, listen: field.list({ ip: field.text, port: field.number }) };

/** iSCSI: a row for each LUN of a target, and one for a target without any. */
export const iscsiSource: ShareSource = {
  kind: 'iscsi',
  title: 'iSCSI',
  service: 'iscsitarget',
  listUses: ['iscsi.target.query', 'iscsi.targetextent.query', 'iscsi.extent.query', 'iscsi.initiator.query'],
  detailUses: [
    'iscsi.target.query',
    'iscsi.targetextent.query',
    'iscsi.extent.query',
    'iscsi.initiator.query',
    'iscsi.portal.query',
  ],
  probe: 'iscsi.target.query',
  async list(nas) {
    const { targets, luns, extents, initiators } = await readAll(nas, []);
    return targets.flatMap((target): Share[] => {
      const common = {
        kind: 'iscsi' as const,
        id: target.id,
        name: target.name,
        clients: clientsOf(target, initiators),
      };
      const own = luns.filter((lun) => lun.target === target.id);
      if (own.length === 0) {
        return [{ ...common, path: null, enabled: null, readonly: null, locked: null, comment: 'no LUN' }];
      }
      return own.map((lun) => {
        const extent = extents.get(lun.extent);
        return {
          ...common,
          path: decodedPath(extent?.path ?? extent?.disk),
          enabled: extent?.enabled ?? null,
          readonly: extent?.ro ?? null,
          locked: extent?.locked ?? null,
          comment: `LUN ${lun.lunid ?? '-'}${extent?.comment ? `, ${extent.comment}` : ''}`,
        };
      });
    });
  },
  async detail(nas, id) {
    const [{ targets, luns, extents, initiators }, portals] = await Promise.all([
      readAll(nas, [['id', '=', id]]),
      readAllRows(nas, 'iscsi.portal.query', PORTAL),
    ]);
    const [target] = targets;
    if (target === undefined) return [];
    const addresses = portals
      .filter((portal) => target.groups.some((group) => group.portal === portal.id))
      .flatMap((portal) =>
        portal.listen.map(({ ip, port }) => (port === null ? (ip ?? '-') : `${ip ?? '-'}:${port}`)),
      );
    const methods = [...new Set(target.groups.map((group) => group.authmethod ?? 'NONE'))];
    const own = luns.filter((lun) => lun.target === target.id);
    return [
      ['alias', shown(target.alias)],
      ['mode', shown(target.mode)],
      ['listens on', clientsText(addresses, target.mode === 'FC' ? 'Fibre Channel' : 'no portal', 10)],
      [
        'initiators allowed',
        target.mode === 'FC' ? undefined : accessText(initiatorsOf(target, initiators), 'any', 20),
      ],
      ['networks allowed', accessText(target.auth_networks, 'any', 20)],
      ['authentication', clientsText(methods, 'NONE')],
      ...own.map((lun): [string, string] => [`LUN ${lun.lunid ?? '-'}`, extentText(extents.get(lun.extent))]),
    ];
  },
};

type Extent = RowOf<typeof EXTENT>;

interface Everything {
  targets: Target[];
  luns: RowOf<typeof LUN>[];
  extents: Map<number | null, Extent>;
  initiators: Map<number | null, readonly string[] | undefined>;
}

async function readAll(nas: ReadClient, targetFilters: readonly Filter[]): Promise<Everything> {
  const [targets, luns, extents, initiators] = await Promise.all([
    readAllRows(nas, 'iscsi.target.query', TARGET, { filters: targetFilters }),
    readAllRows(nas, 'iscsi.targetextent.query', LUN),
    readAllRows(nas, 'iscsi.extent.query', EXTENT),
    readAllRows(nas, 'iscsi.initiator.query', INITIATOR),
  ]);
  return {
    targets,
    luns: luns.toSorted((a, b) => (a.lunid ?? 0) - (b.lunid ?? 0)),
    extents: new Map(extents.map((extent) => [extent.id, extent])),
    initiators: new Map(initiators.map((group) => [group.id, group.initiators])),
  };
}

/** Initiators and networks must both fit; without a group no portal offers the target. */
function clientsOf(target: Target, initiators: Everything['initiators']): string {
  // Over Fibre Channel neither portals nor groups decide.
  const fibre = target.mode === 'FC' || target.mode === 'BOTH' ? ['Fibre Channel'] : [];
  if (target.groups.length === 0) return fibre[0] ?? 'none, no portal';
  const networks = target.auth_networks;
  const names = accessText(initiatorsOf(target, initiators));
  return [...fibre, networks?.length === 0 ? names : `${names}; from ${accessText(networks)}`].join('; ');
}

/**
 * Names of the initiators that may connect; empty when any may, which one open group is enough for; undefined when nobody
 * knows, because a group or its list could not be read.
 */
function initiatorsOf(target: Target, initiators: Everything['initiators']): string[] | undefined {
  const names = new Set<string>();
  let isKnown = true;
  for (const { initiator } of target.groups) {
    const allowed = initiator === null ? [] : initiators.get(initiator);
    if (allowed?.length === 0) return [];
    if (allowed === undefined) isKnown = false;
    for (const name of allowed ?? []) names.add(name);
  }
  return isKnown ? [...names] : undefined;
}

function extentText(extent: Extent | undefined): string {
  if (extent === undefined) return '-';
  const words = [
    shown(decodedPath(extent.path ?? extent.disk)),
    extent.filesize ? formatBytes(extent.filesize) : undefined,
    extent.enabled === false ? 'DISABLED' : undefined,
    extent.ro === true ? 'read only' : undefined,
    extent.locked === true ? 'LOCKED' : undefined,
  ];
  return words.filter(Boolean).join(', ');
}
