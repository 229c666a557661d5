import { query } from '../../truenas/query.ts';
import { field, rowsOf } from '../support/rows.ts';
import { clientsText, MAX_SHARES, type ShareSource, shown, yesNo } from './share.ts';

const ROW = {
  id: field.number,
  path: field.text,
  enabled: field.flag,
  locked: field.flag,
  comment: field.text,
  ro: field.flag,
  networks: field.texts,
  hosts: field.texts,
};
const DETAIL = {
  ...ROW,
  aliases: field.texts,
  maproot_user: field.text,
  maproot_group: field.text,
  mapall_user: field.text,
  mapall_group: field.text,
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
    const parameters = query({ select: Object.keys(ROW), orderBy: ['path'], limit: MAX_SHARES });
    return rowsOf(await nas.call('sharing.nfs.query', parameters), ROW).map((row) => ({
      kind: 'nfs',
      id: row.id,
      name: row.path?.split('/').pop() ?? null,
      path: row.path,
      enabled: row.enabled,
      readonly: row.ro,
      locked: row.locked,
      clients: clientsText([...(row.networks ?? []), ...(row.hosts ?? [])]),
      comment: row.comment,
    }));
  },
  async detail(nas, id) {
    const parameters = query({ filters: [['id', '=', id]], select: Object.keys(DETAIL) });
    const [row] = rowsOf(await nas.call('sharing.nfs.query', parameters), DETAIL);
    if (row === undefined) return [];
    const networks = row.networks ?? [];
    const hosts = row.hosts ?? [];
    return [
      ['path', shown(row.path)],
      ['aliases', row.aliases?.length ? clientsText(row.aliases, '', 10) : undefined],
      ['enabled', yesNo(row.enabled)],
      ['locked dataset', row.locked === true ? 'yes, not reachable' : undefined],
      ['read only', yesNo(row.ro)],
      // A host is let in by either list; when both are empty, every one is.
      ['clients allowed', clientsText([...networks, ...hosts], 'any', 20)],
      ['root is mapped to', pair(row.maproot_user, row.maproot_group)],
      ['everybody is mapped to', pair(row.mapall_user, row.mapall_group)],
      ['security', clientsText(row.security ?? [], 'SYS (default)')],
      ['snapshots visible', yesNo(row.expose_snapshots)],
      ['comment', shown(row.comment)],
    ];
  },
};

function pair(user: string | null, group: string | null): string | undefined {
  if (!user && !group) return undefined;
  return [user, group].map((name) => shown(name, 60) ?? '-').join(':');
}
