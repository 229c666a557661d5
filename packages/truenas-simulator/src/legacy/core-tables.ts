/** Services of FreeBSD releases whose rows are kept in the database: what their columns are called. */
import { type SqlTable, sqlTable } from '../query/sql-tables.ts';

/** The table behind `<namespace>.query` there; undefined where rows come from elsewhere. */
export function coreTable(method: string): SqlTable | undefined {
  if (!method.endsWith('.query')) return undefined;
  const namespace = method.slice(0, -'.query'.length);
  if (COMPUTED.has(namespace)) return undefined;
  return TABLES.get(namespace) ?? sqlTable(method, '25.04');
}

/** Rows that code makes up. */
const COMPUTED = new Set(['pool.dataset', 'zfs.snapshot', 'interface', 'bootenv', 'jail', 'plugin']);

const SCHEDULE = 'minute hour daymonth month dayweek';

/** Namespace → prefix and columns; `=` for those that are SQL throughout. */
const WRITTEN: Readonly<Record<string, readonly [prefix: string, columns: string]>> = {
  user: [
    'bsdusr_',
    'uid username unixhash smbhash home shell full_name builtin smb password_disabled locked sudo sudo_nopasswd ' +
      'sudo_commands microsoft_account attributes email group',
  ],
  group: ['bsdgrp_', 'gid group builtin sudo sudo_nopasswd sudo_commands smb'],
  api_key: ['', 'name key created_at'],
  pool: ['vol_', 'name guid encrypt encryptkey'],
  disk: [
    'disk_',
    'identifier name subsystem number serial lunid size multipath_name multipath_member description transfermode ' +
      'hddstandby hddstandby_force advpowermgmt acousticlevel togglesmart smartoptions expiretime critical difference ' +
      'informational model rotationrate type zfs_guid bus passwd kmip_uid enclosure_slot',
  ],
  service: ['=srv_', 'service enable'],
  tunable: ['tun_', 'var value type comment enabled'],
  'sharing.afp': [
    'afp_',
    'path name comment allow deny ro rw timemachine timemachine_quota nodev nostat upriv fperm dperm umask ' +
      'hostsallow hostsdeny auxparams home enabled vuid',
  ],
  'sharing.webdav': ['webdav_', 'name comment path ro perm enabled'],
  'sharing.nfs': [
    'nfs_',
    'paths comment hosts alldirs ro quiet maproot_user maproot_group mapall_user mapall_group security enabled network',
  ],
  rsyncmod: ['rsyncmod_', 'name comment path mode maxconn user group hostsallow hostsdeny auxiliary enabled'],
  vm: [
    '',
    'name description vcpus memory autostart time grubconfig bootloader cores threads shutdown_timeout',
  ],
  'smart.test': ['smarttest_', `type desc ${SCHEDULE} all_disks`],
  staticroute: ['sr_', 'destination gateway description'],
  certificateauthority: ['cert_', 'type name certificate privatekey CSR signedby'],
  'kerberos.realm': ['krb_', 'realm kdc admin_server kpasswd_server'],
  'kerberos.keytab': ['keytab_', 'file name'],
  idmap: ['idmap_domain_', 'name dns_domain_name range_low range_high idmap_backend options certificate'],
};

const TABLES: ReadonlyMap<string, SqlTable> = new Map(
  Object.entries(WRITTEN).map(([namespace, [prefix, columns]]) => {
    const isSqlThroughout = prefix.startsWith('=');
    const bare = isSqlThroughout ? prefix.slice(1) : prefix;
    return [namespace, { columns: new Set(['id', ...columns.split(' ')]), prefix: bare, isSqlThroughout }];
  }),
);
