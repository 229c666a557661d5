import { formatBytes } from '../../output/units.ts';
import type { ReadClient } from '../../truenas/client.ts';
import type { Filter } from '../../truenas/query.ts';
import { mapPart, type Part, valueOr } from '../support/part.ts';
import { field, type RowOf } from '../support/rows.ts';
import { shown } from '../../output/untrusted.ts';
import { accessList, accessText, clientsText, stateText, UNKNOWN, unknownText } from './access.ts';
import { type OwnedRows, ownedFacts, ownedRows, rowsOwnedBy, strayGaps } from './owned-rows.ts';
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

const TARGET = {
  id: shareId,
  name: shareName,
  alias: field.text,
  mode: field.text,
  groups: field.objects({ portal: shareId, initiator: initiatorId, authmethod: field.text }),
  auth_networks: accessList,
};
type Target = RowOf<typeof TARGET>;
const LUN = { id: shareId, target: shareId, lunid: field.number, extent: shareId };
type Lun = RowOf<typeof LUN>;
const EXTENT = {
  id: shareId,
  name: field.text,
  type: field.text,
  path: sharePath,
  disk: sharePath,
  enabled: field.flag,
  ro: field.flag,
  locked: field.flag,
  filesize: field.integer,
  comment: field.text,
};
type Extent = RowOf<typeof EXTENT>;
const INITIATOR = { id: shareId, initiators: accessList };
const PORTAL = { id: shareId, listen: field.objects({ ip: field.text, port: field.number }) };
type Portal = RowOf<typeof PORTAL>;

const LIST_USES = [
  'iscsi.target.query',
  'iscsi.targetextent.query',
  'iscsi.extent.query',
  'iscsi.initiator.query',
] as const;

/** iSCSI: a row for each LUN of a target, and one for a target without any. */
export const iscsiSource: ShareSource = {
  kind: 'iscsi',
  title: 'iSCSI',
  service: 'iscsitarget',
  listUses: LIST_USES,
  detailUses: [...LIST_USES, 'iscsi.portal.query'],
  async list(nas) {
    const everything = await readAll(nas, []);
    const { luns, extents, initiators } = everything;
    return {
      shares: everything.targets.flatMap((target) => sharesOf(target, everything)),
      gaps: [
        ...gapsOf('iSCSI', { LUNs: luns, extents, 'initiator groups': initiators }),
        ...strayGaps('iSCSI', 'LUNs', luns),
      ],
    };
  },
  async detail(nas, id) {
    const [everything, portals] = await Promise.all([
      readAll(nas, [['id', '=', id]]),
      readRowsPart(nas, 'iscsi.portal.query', PORTAL),
    ]);
    const { targets, luns, extents, initiators } = everything;
    const target = targets.find((row) => row.id === id);
    if (target === undefined) return undefined;
    const { mode, groups, auth_networks: networks } = target;
    return [
      ['alias', shown(target.alias)],
      ['mode', shown(mode) ?? UNKNOWN],
      ['listens on', listeningText(target, portals)],
      [
        'initiators allowed',
        mode === 'FC'
          ? undefined
          : accessText(initiatorsOf(target, initiators), 'any', 20, unknownText(initiators)),
      ],
      ['networks allowed', accessText(networks, 'any', 20)],
      [
        'authentication',
        accessText(
          groups === null ? undefined : [...new Set(groups.map((group) => group.authmethod ?? UNKNOWN))],
          'NONE',
        ),
      ],
      ...ownedFacts('LUNs', id, luns, (lun) => [`LUN ${lun.lunid ?? '-'}`, lunText(lun, extents)]),
    ];
  },
};

interface Everything {
  readonly targets: readonly Target[];
  readonly luns: Part<OwnedRows<Lun>>;
  readonly extents: Part<ReadonlyMap<number | null, Extent>>;
  /** Names by the id of a group; undefined for a list that could not be read. */
  readonly initiators: Part<ReadonlyMap<number | null, readonly string[] | undefined>>;
}

async function readAll(nas: ReadClient, targetFilters: readonly Filter[]): Promise<Everything> {
  const [targets, luns, extents, initiators] = await Promise.all([
    readAllRows(nas, 'iscsi.target.query', TARGET, { filters: targetFilters }),
    readRowsPart(nas, 'iscsi.targetextent.query', LUN),
    readRowsPart(nas, 'iscsi.extent.query', EXTENT),
    readRowsPart(nas, 'iscsi.initiator.query', INITIATOR),
  ]);
  const byNumber = (a: Lun, b: Lun): number => (a.lunid ?? 0) - (b.lunid ?? 0);
  return {
    targets,
    luns: mapPart(luns, (rows) => ownedRows(rows.toSorted(byNumber), ({ target }) => target)),
    extents: mapPart(extents, (rows) => new Map(rows.map((row) => [row.id, row]))),
    initiators: mapPart(initiators, (rows) => new Map(rows.map((row) => [row.id, row.initiators]))),
  };
}

function sharesOf(target: Target, everything: Everything): Share[] {
  const { id, name } = target;
  const clients = clientsOf(target, everything.initiators);
  const common = { kind: 'iscsi' as const, id, name, clients };
  const none = { path: null, enabled: null, readonly: null, locked: null };
  const own = rowsOwnedBy(id, everything.luns);
  if (own === undefined)
    return [{ ...common, ...none, comment: `LUNs ${UNKNOWN}`, unread: unreadFacts({ ...common, ...none }) }];
  if (own.length === 0) {
    const unread = unreadFacts({ ...common, path: '', enabled: true });
    return [{ ...common, ...none, comment: 'no LUN', unread }];
  }
  return own.map((lun) => {
    const extent = extentOf(lun, everything.extents);
    const facts = {
      ...common,
      path: extent?.path ?? extent?.disk ?? null,
      enabled: extent?.enabled ?? null,
      readonly: extent?.ro ?? null,
      locked: extent?.locked ?? null,
    };
    const comment = `LUN ${lun.lunid ?? '-'}${extent?.comment ? `, ${extent.comment}` : ''}`;
    return { ...facts, comment, unread: unreadFacts(facts) };
  });
}

function extentOf({ extent: id }: Lun, extents: Everything['extents']): Extent | undefined {
  return id === null ? undefined : valueOr(extents, undefined)?.get(id);
}

/** A group without initiators of its own has null; whatever else is no number is not known. */
function initiatorId(value: unknown): number | null | undefined {
  return value === null ? null : (shareId(value) ?? undefined);
}

/** Initiators and networks must both fit; without a group no portal offers the target. */
function clientsOf(target: Target, initiators: Everything['initiators']): string {
  const { mode, groups, auth_networks: networks } = target;
  // Over Fibre Channel neither portals nor groups decide.
  const fibre = mode === 'FC' || mode === 'BOTH' ? ['Fibre Channel'] : [];
  if (groups?.length === 0 && mode !== null) return fibre[0] ?? 'none, no portal';
  const allowed = groups?.length === 0 ? undefined : initiatorsOf(target, initiators);
  const isNarrowed = networks?.length !== 0 && (networks ?? allowed) !== undefined;
  return [...fibre, accessText(allowed), ...(isNarrowed ? [`from ${accessText(networks)}`] : [])].join('; ');
}

/**
 * Names of the initiators that may connect; empty when any may, which one open group is enough for; undefined when nobody
 * knows, because a group or its list could not be read.
 */
function initiatorsOf({ groups }: Target, initiators: Everything['initiators']): string[] | undefined {
  const lists = valueOr(initiators, undefined);
  const allowed = groups?.map(({ initiator }) => {
    if (initiator === undefined) return undefined;
    return initiator === null ? [] : lists?.get(initiator);
  });
  if (allowed?.some((names) => names?.length === 0)) return [];
  if (allowed === undefined || allowed.includes(undefined)) return undefined;
  return [...new Set(allowed.flatMap((names) => names ?? []))];
}

function listeningText({ mode, groups }: Target, portals: Part<readonly Portal[]>): string {
  if (mode === 'FC') return 'Fibre Channel';
  if (groups === null || mode === null) return UNKNOWN;
  if (groups.length > 0 && 'gap' in portals) return unknownText(portals);
  const wanted = new Set(groups.map((group) => group.portal));
  const addresses = [...wanted].flatMap((id) => {
    const listen = id === null ? null : valueOr(portals, []).find((portal) => portal.id === id)?.listen;
    return listen?.map(addressText) ?? [`portal ${id ?? '-'} ${UNKNOWN}`];
  });
  return clientsText(addresses, 'no portal', 10);
}

function addressText({ ip, port }: { readonly ip: string | null; readonly port: number | null }): string {
  return port === null ? (ip ?? UNKNOWN) : `${ip ?? UNKNOWN}:${port}`;
}

function lunText(lun: Lun, extents: Everything['extents']): string {
  const extent = extentOf(lun, extents);
  if (extent !== undefined) return extentText(extent);
  return 'gap' in extents
    ? unknownText(extents)
    : `${UNKNOWN}, extent ${lun.extent ?? '-'} could not be read`;
}

function extentText(extent: Extent): string {
  const words = [
    shown(extent.path ?? extent.disk) ?? `path ${UNKNOWN}`,
    extent.filesize ? formatBytes(extent.filesize) : undefined,
    stateText(extent.enabled),
    extent.ro === null ? `${UNKNOWN} whether read only` : extent.ro ? 'read only' : 'writable',
    extent.locked === true ? 'LOCKED' : undefined,
  ];
  return words.filter(Boolean).join(', ');
}
