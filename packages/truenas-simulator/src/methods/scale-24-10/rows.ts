/** Rows and settings that 24.10 shows with other fields than 25.04. */
import type { SimMethod } from '../../calls/method.ts';
import type { ApiRow } from '../common.ts';
import { olderCredentials } from '../core-13/tasks.ts';
import { legacyPortal, withSambaLines } from '../core-13/sharing.ts';
import { without } from '../legacy/base.ts';
import { legacyCertificate } from '../legacy/certificates.ts';
import { type Reshape, reshapedConfig, reshapedTable } from './reshaped.ts';

const TABLES: Readonly<Record<string, Reshape>> = {
  certificate: (row) =>
    without(legacyCertificate(row), 'acme_uri renew_days revoked_certs crl_path signed_certificates'),
  cloudsync: (row) => ({ ...row, credentials: olderCredentials(row['credentials'] as ApiRow) }),
  'cloudsync.credentials': olderCredentials,
  cloud_backup: (row) => ({ ...row, credentials: olderCredentials(row['credentials'] as ApiRow) }),
  group: (row) => without(row, 'userns_idmap'),
  'iscsi.auth': (row) => without(row, 'discovery_auth'),
  'iscsi.extent': (row) =>
    without(
      { ...row, filesize: String(row['filesize']) },
      row['type'] === 'DISK' ? 'product_id' : 'disk product_id',
    ),
  'iscsi.portal': legacyPortal,
  'iscsi.target': (row) => without(row, 'iscsi_parameters'),
  pool: (row) => without(row, 'dedup_table_size dedup_table_quota'),
  privilege: (row) => ({
    ...row,
    allowlist: row['allowlist'] ?? [],
    local_groups: (row['local_groups'] as ApiRow[]).map((group) => without(group, 'userns_idmap')),
  }),
  replication: (row) => without(row, 'has_encrypted_dataset_keys'),
  rsynctask: (row) => ({ job: null, ssh_credentials: null, ...row }),
  'sharing.smb': withSambaLines,
  'sharing.nfs': (row) => without(row, 'expose_snapshots'),
  tunable: (row) => without(row, 'update_initramfs'),
  user: (row) =>
    without(
      row,
      'userns_idmap last_password_change password_age password_history password_change_required api_keys',
    ),
  vm: (row) => ({
    ...without(row, 'enable_secure_boot'),
    devices: (row['devices'] as ApiRow[]).map(olderDevice),
  }),
  'vm.device': olderDevice,
};

const SETTINGS: Readonly<Record<string, Reshape>> = {
  'iscsi.global': (row) => without(row, 'iser'),
  ldap: (row) => ({ id: 1, has_samba_schema: false, server_type: null, ...LDAP_PARTS, ...row }),
  nfs: (row) => ({ ...without(row, 'rdma'), v4_v3owner: false, v4_owner_major: '' }),
  docker: (row) => without(row, 'cidr_v6'),
  smb: (row, { world }) => ({
    ...without(row, 'server_sid debug'),
    ...{ loglevel: 'MINIMUM', cifs_SID: row['server_sid'] ?? null, next_rid: 0 },
    netbiosname_local: row['netbiosname'],
    smb_options: world.legacy?.samba.service ?? '',
  }),
  'system.security': ({ id, enable_fips: isFips }) => ({ id, enable_fips: isFips ?? false }),
};

const NOBODY = [
  ...['user_object_class', 'user_name', 'user_uid', 'user_gid', 'user_gecos', 'user_home_directory'],
];
const SHADOW = [
  ...['shadow_object_class', 'shadow_last_change', 'shadow_min', 'shadow_max', 'shadow_warning'],
  ...['shadow_inactive', 'shadow_expire'],
];

/** Attributes and search bases that nobody has changed. */
const LDAP_PARTS: ApiRow = {
  ...{ cert_name: null, uri_list: [] },
  search_bases: nothing(['base_user', 'base_group', 'base_netgroup']),
  attribute_maps: {
    passwd: nothing([...NOBODY, 'user_shell']),
    shadow: nothing(SHADOW),
    group: nothing(['group_object_class', 'group_gid', 'group_member']),
    netgroup: nothing(['netgroup_object_class', 'netgroup_member', 'netgroup_triple']),
  },
};

export const ROW_METHODS: readonly SimMethod[] = [
  ...Object.entries(TABLES).flatMap(([namespace, reshape]) => reshapedTable(namespace, reshape)),
  ...Object.entries(SETTINGS).map(([namespace, reshape]) => reshapedConfig(namespace, reshape)),
];

function nothing(names: readonly string[]): ApiRow {
  return Object.fromEntries(names.map((name) => [name, null]));
}

/** A device whose kind stands beside its attributes. */
function olderDevice(row: ApiRow): ApiRow {
  const { dtype, ...attributes } = row['attributes'] as ApiRow;
  return { ...row, dtype, attributes };
}
