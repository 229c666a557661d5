import { query } from '../../truenas/query.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';
import { shown } from '../../output/untrusted.ts';
import { accessList, accessText, statedFlag, UNKNOWN } from './access.ts';
import { readAllRows, shareId, sharePath, type ShareSource, unreadFacts } from './share.ts';

const ROW = {
  id: shareId,
  path: sharePath,
  enabled: field.flag,
  locked: field.flag,
  comment: field.text,
  ro: field.flag,
  networks: accessList,
  hosts: accessList,
};
/** Fields of an NFS export, with whom it takes clients for. */
export const NFS_ROW = {
  ...ROW,
  maproot_user: mappedName,
  maproot_group: mappedName,
  mapall_user: mappedName,
  mapall_group: mappedName,
  aliases: accessList,
  security: accessList,
  expose_snapshots: field.flag,
};

/** NFS exports. An export has no name but its path. */
export const nfsSource: ShareSource = {
  kind: 'nfs',
  title: 'NFS',
  service: 'nfs',
  listUses: ['sharing.nfs.query'],
  detailUses: ['sharing.nfs.query'],
  async list(nas) {
    const rows = await readAllRows(nas, 'sharing.nfs.query', ROW, { orderBy: ['id', 'path'] });
    const shares = rows.map((row) => {
      const facts = {
        kind: 'nfs' as const,
        id: row.id,
        name: row.path?.split('/').pop() ?? null,
        path: row.path,
        enabled: row.enabled,
      };
      return {
        ...facts,
        readonly: row.ro,
        locked: row.locked,
        clients: accessText(nfsClients(row)),
        comment: row.comment,
        unread: unreadFacts(facts),
      };
    });
    return { shares, gaps: [] };
  },
  async detail(nas, id) {
    const parameters = query({ filters: [['id', '=', id]], select: Object.keys(NFS_ROW) });
    const [row] = rowsOf(await nas.call('sharing.nfs.query', parameters), NFS_ROW);
    if (row === undefined) return undefined;
    return [
      ['path', shown(row.path) ?? UNKNOWN],
      ['aliases', row.aliases?.length === 0 ? undefined : accessText(row.aliases, '', 10)],
      ['enabled', statedFlag(row.enabled)],
      ['locked dataset', row.locked === true ? 'yes, not reachable' : undefined],
      ['read only', statedFlag(row.ro)],
      ['clients allowed', accessText(nfsClients(row), 'any', 20)],
      ['root is mapped to', rootText(row)],
      ['everybody is mapped to', mappedText(row.mapall_user, row.mapall_group)],
      ['security', accessText(row.security, 'SYS (default)')],
      ['snapshots visible', statedFlag(row.expose_snapshots)],
      ['comment', shown(row.comment)],
    ];
  },
};

/** A host is let in by either list; when both are empty, every one is. */
export function nfsClients({
  networks,
  hosts,
}: Pick<RowOf<typeof ROW>, 'networks' | 'hosts'>): string[] | undefined {
  if (networks === undefined || hosts === undefined) return undefined;
  return [...networks, ...hosts];
}

/** A name; null for none, which NFS then has a default for; undefined for what could not be read. */
function mappedName(value: unknown): string | null | undefined {
  return value === null || value === '' ? null : (field.text(value) ?? undefined);
}

type Mapped = string | null | undefined;

/** Whom root is taken for. Without a mapping NFS squashes root, unless everybody is mapped. */
export function rootText({
  maproot_user,
  maproot_group,
  mapall_user,
  mapall_group,
}: RowOf<typeof NFS_ROW>): string {
  const root = mappedText(maproot_user, maproot_group);
  if (root !== undefined) return root;
  const everybody = mappedText(mapall_user, mapall_group);
  if (everybody === UNKNOWN_MAPPING) return UNKNOWN_MAPPING;
  return everybody === undefined ? 'nobody (root is squashed)' : 'the same as everybody';
}

const UNKNOWN_MAPPING = `${UNKNOWN}, the mapping could not be read`;

/** `alice:family`; undefined when neither is mapped. */
export function mappedText(user: Mapped, group: Mapped): string | undefined {
  if (user === undefined || group === undefined) return UNKNOWN_MAPPING;
  if (user === null && group === null) return undefined;
  return [user, group].map((name) => shown(name, 60) ?? '-').join(':');
}
