import { query } from '../../truenas/query.ts';
import { field, oddFields, rawRowsOf, type RowOf, rowsOf } from '../support/rows.ts';
import { shown } from '../../output/untrusted.ts';
import { accessList, accessText, clientsText, readAllRows, type ShareSource, yesNo } from './share.ts';

const ROW = {
  id: field.number,
  path: field.text,
  enabled: field.flag,
  locked: field.flag,
  comment: field.text,
  ro: field.flag,
  networks: accessList,
  hosts: accessList,
};
const MAPPING = {
  maproot_user: field.text,
  maproot_group: field.text,
  mapall_user: field.text,
  mapall_group: field.text,
};
const DETAIL = {
  ...ROW,
  ...MAPPING,
  aliases: field.texts,
  security: field.texts,
  expose_snapshots: field.flag,
};

/** NFS exports. An export has no name but its path. */
export const nfsSource: ShareSource = {
  kind: 'nfs',
  title: 'NFS',
  service: 'nfs',
  listUses: ['sharing.nfs.query'],
  detailUses: ['sharing.nfs.query'],
  probe: 'sharing.nfs.query',
  async list(nas) {
    const rows = await readAllRows(nas, 'sharing.nfs.query', ROW, { orderBy: ['id', 'path'] });
    return rows.map((row) => ({
      kind: 'nfs',
      id: row.id,
      name: row.path?.split('/').pop() ?? null,
      path: row.path,
      enabled: row.enabled,
      readonly: row.ro,
      locked: row.locked,
      clients: accessText(allowed(row)),
      comment: row.comment,
    }));
  },
  async detail(nas, id) {
    const parameters = query({ filters: [['id', '=', id]], select: Object.keys(DETAIL) });
    const result = await nas.call('sharing.nfs.query', parameters);
    const [row] = rowsOf(result, DETAIL);
    const [raw] = rawRowsOf(result);
    if (row === undefined) return [];
    return [
      ['path', shown(row.path)],
      ['aliases', row.aliases?.length ? clientsText(row.aliases, '', 10) : undefined],
      ['enabled', yesNo(row.enabled)],
      ['locked dataset', row.locked === true ? 'yes, not reachable' : undefined],
      ['read only', yesNo(row.ro)],
      ['clients allowed', accessText(allowed(row), 'any', 20)],
      ['root is mapped to', pair(row.maproot_user, row.maproot_group) ?? rootText(raw, row)],
      ['everybody is mapped to', pair(row.mapall_user, row.mapall_group)],
      ['security', clientsText(row.security ?? [], 'SYS (default)')],
      ['snapshots visible', yesNo(row.expose_snapshots)],
      ['comment', shown(row.comment)],
    ];
  },
};

/** A host is let in by either list; when both are empty, every one is. */
function allowed({ networks, hosts }: Pick<RowOf<typeof ROW>, 'networks' | 'hosts'>): string[] | undefined {
  if (networks === undefined || hosts === undefined) return undefined;
  return [...networks, ...hosts];
}

/** Of an export without a mapping of its own: NFS then squashes root, unless everybody is mapped. An odd one is unknown. */
function rootText(raw: unknown, { mapall_user, mapall_group }: RowOf<typeof DETAIL>): string {
  if (oddFields(raw, MAPPING).length > 0) return 'UNKNOWN, the mapping could not be read';
  return mapall_user || mapall_group ? 'the same as everybody' : 'nobody (root is squashed)';
}

function pair(user: string | null, group: string | null): string | undefined {
  if (!user && !group) return undefined;
  return [user, group].map((name) => shown(name, 60) ?? '-').join(':');
}
