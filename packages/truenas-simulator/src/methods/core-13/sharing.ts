/** `sharing.*`, `rsyncmod.*` and `iscsi.*` on FreeBSD. */
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import type { CoreShareRow } from '../../world/legacy/core-shares.ts';
import type { Table } from '../../world/table.ts';
import type { ApiRow } from '../common.ts';
import { baseRows, type CoreQuery, coreInstance, coreQuery, without } from '../legacy/base.ts';
import { placeOf } from '../share-path.ts';

const NFS =
  'id paths comment hosts alldirs ro quiet maproot_user maproot_group mapall_user mapall_group security enabled networks locked';

const QUERIES: readonly CoreQuery[] = [
  {
    namespace: 'sharing.smb',
    entity: 'SharingSMB',
    rows: (context) =>
      baseRows(context, 'sharing.smb.query').map((row) =>
        without(withSambaLines(row, context), 'timemachine_quota afp audit path_local'),
      ),
  },
  {
    namespace: 'sharing.nfs',
    entity: 'SharingNFS',
    rows: (context) => baseRows(context, 'sharing.nfs.query').map(nfsRow),
  },
  { namespace: 'sharing.afp', entity: 'SharingAFP', rows: (context) => ownRows(context, 'afp') },
  { namespace: 'sharing.webdav', entity: 'WebDAVSharing', rows: (context) => ownRows(context, 'webdav') },
  { namespace: 'rsyncmod', entity: 'Rsync Module', rows: (context) => ownRows(context, 'rsyncModules') },
  {
    namespace: 'iscsi.target',
    entity: 'iSCSI Target',
    rows: (context) =>
      baseRows(context, 'iscsi.target.query').map((row) =>
        without(row, 'auth_networks rel_tgt_id iscsi_parameters'),
      ),
  },
  {
    namespace: 'iscsi.extent',
    entity: 'iSCSI Target Extent',
    rows: (context) => baseRows(context, 'iscsi.extent.query').map(extentRow),
  },
  {
    namespace: 'iscsi.portal',
    entity: 'iSCSI Portal',
    rows: (context) => baseRows(context, 'iscsi.portal.query').map(legacyPortal),
  },
  {
    namespace: 'iscsi.initiator',
    entity: 'iSCSI Initiator',
    rows: (context) =>
      baseRows(context, 'iscsi.initiator.query').map(({ id, initiators, comment }) => ({
        ...{ id, initiators, auth_network: [], comment },
      })),
  },
  {
    namespace: 'iscsi.auth',
    entity: 'iSCSI Authorized Access',
    rows: (context) => baseRows(context, 'iscsi.auth.query').map((row) => without(row, 'discovery_auth')),
  },
  {
    namespace: 'iscsi.targetextent',
    entity: 'iSCSI Target to Extent',
    rows: (context) => baseRows(context, 'iscsi.targetextent.query'),
  },
];

export const SHARING_METHODS: readonly SimMethod[] = QUERIES.flatMap((query) => [
  coreQuery(query),
  coreInstance(query),
]);

/** A share with the lines that somebody gave to Samba for it. */
export function withSambaLines(row: ApiRow, { world }: MethodContext): ApiRow {
  const lines = world.legacy?.samba.shares.get(Number(row['id']));
  return lines === undefined ? row : { ...row, auxsmbconf: lines };
}

/** A portal with how discovery is proved, which moved to the credentials later. */
export function legacyPortal(row: ApiRow): ApiRow {
  return { ...row, discovery_authmethod: 'NONE', discovery_authgroup: null };
}

/** One directory each, in a list of its own. */
function nfsRow({ path, ...row }: ApiRow): ApiRow {
  const shown = { ...row, paths: [path], alldirs: false, quiet: false } as ApiRow;
  return Object.fromEntries(NFS.split(' ').map((name) => [name, shown[name] ?? null]));
}

/** File sizes are text there; only disks have a disk. */
function extentRow(row: ApiRow): ApiRow {
  const { product_id: _, ...rest } = row;
  return { ...rest, filesize: String(row['filesize']) };
}

function ownRows(context: MethodContext, name: 'afp' | 'webdav' | 'rsyncModules'): ApiRow[] {
  const table: Table<CoreShareRow> | undefined = context.world.legacy?.core?.sharing[name];
  return (table?.rows() ?? []).map((row) => ({ ...row, ...placeOf(context, row.path) }));
}
