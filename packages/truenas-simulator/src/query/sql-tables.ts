/** Services whose rows are kept in the NAS's database: what their columns are called. */
import type { SimRelease } from '../releases.ts';

/** The table behind a query. */
export interface SqlTable {
  /** Columns as rows show them; the table's own names begin with `prefix`. */
  readonly columns: ReadonlySet<string>;
  readonly prefix: string;
  /** No code adds to the rows: filters, order and limits run in the database as well. */
  readonly isSqlThroughout: boolean;
}

/** The table behind `<namespace>.query`; undefined where rows come from elsewhere. */
export function sqlTable(method: string, release: SimRelease): SqlTable | undefined {
  if (!method.endsWith('.query')) return undefined;
  const namespace = method.slice(0, -'.query'.length);
  if (release === '27.0' && MOVED_IN_27.has(namespace)) return undefined;
  return TABLES.get(namespace);
}

/** Kept elsewhere from 27.0 on. */
const MOVED_IN_27 = new Set(['cronjob', 'system.ntpserver', 'initshutdownscript']);

const SCHEDULE = 'minute hour daymonth month dayweek';

/** Namespace → prefix and columns; `=` for those that are SQL throughout. */
const WRITTEN: Readonly<Record<string, readonly [prefix: string, columns: string]>> = {
  user: [
    'bsdusr_',
    'uid username unixhash smbhash home shell full_name builtin smb userns_idmap password_disabled ' +
      'ssh_password_enabled locked sudo_commands sudo_commands_nopasswd group email last_password_change password_history',
  ],
  group: ['bsdgrp_', 'gid group builtin sudo_commands sudo_commands_nopasswd smb userns_idmap'],
  privilege: ['', 'builtin_name name local_groups ds_groups roles web_shell'],
  api_key: ['', 'name user_identifier key created_at expiry revoked_reason'],
  pool: ['vol_', 'name guid'],
  'pool.scrub': ['scrub_', `volume threshold description ${SCHEDULE} enabled`],
  'pool.snapshottask': [
    'task_',
    'dataset recursive lifetime_value lifetime_unit begin end enabled exclude naming_schema allow_empty ' +
      SCHEDULE,
  ],
  disk: [
    'disk_',
    'identifier name subsystem number serial lunid size description transfermode hddstandby advpowermgmt ' +
      'togglesmart smartoptions expiretime enclosure_slot passwd critical difference informational model ' +
      'rotationrate type kmip_uid zfs_guid bus',
  ],
  service: ['=srv_', 'service enable'],
  'sharing.nfs': [
    'nfs_',
    'path aliases comment network hosts ro maproot_user maproot_group mapall_user mapall_group security ' +
      'expose_snapshots enabled',
  ],
  'sharing.smb': [
    'cifs_',
    'purpose path path_suffix home name comment ro browsable recyclebin guestok hostsallow hostsdeny auxsmbconf ' +
      'aapl_name_mangling abe acl durablehandle streams timemachine timemachine_quota vuid shadowcopy fsrvp enabled ' +
      'share_acl afp audit auto_quota auto_snapshot auto_dataset_creation worm_grace_period',
  ],
  'iscsi.auth': ['=iscsi_target_auth_', 'tag user secret peeruser peersecret discovery_auth'],
  'iscsi.extent': [
    'iscsi_target_extent_',
    'name serial type path filesize blocksize pblocksize avail_threshold comment naa insecure_tpc xen rpm ro enabled ' +
      'vendor product_id',
  ],
  'iscsi.portal': ['iscsi_target_portal_', 'tag comment'],
  'iscsi.target': ['iscsi_target_', 'name alias mode auth_networks rel_tgt_id iscsi_parameters'],
  'iscsi.targetextent': ['iscsi_', 'extent target lunid'],
  'iscsi.initiator': ['iscsi_target_initiator_', 'initiators comment'],
  'nvmet.host': ['nvmet_host_', 'hostnqn dhchap_key dhchap_ctrl_key dhchap_dhgroup dhchap_hash'],
  'nvmet.host_subsys': ['=nvmet_host_subsys_', 'host subsys'],
  'nvmet.namespace': [
    'nvmet_namespace_',
    'nsid subsys device_type device_path filesize device_uuid device_nguid enabled',
  ],
  'nvmet.port': [
    'nvmet_port_',
    'index addr_trtype addr_trsvcid addr_traddr addr_adrfam inline_data_size max_queue_size pi_enable enabled',
  ],
  'nvmet.port_subsys': ['=nvmet_port_subsys_', 'port subsys'],
  'nvmet.subsys': ['nvmet_subsys_', 'name subnqn serial allow_any_host pi_enable qid_max ieee_oui ana'],
  cloudsync: [
    '',
    'description path credential attributes pre_script post_script snapshot bwlimit include exclude transfers args ' +
      'enabled direction transfer_mode encryption filename_encryption encryption_password encryption_salt ' +
      `create_empty_src_dirs follow_symlinks ${SCHEDULE}`,
  ],
  'cloudsync.credentials': ['', 'name provider attributes'],
  replication: [
    'repl_',
    'target_dataset recursive compression speed_limit schedule_begin schedule_end enabled direction transport ' +
      'ssh_credentials sudo netcat_active_side netcat_active_side_port_min netcat_active_side_port_max source_datasets ' +
      'exclude naming_schema name_regex auto only_matching_schedule readonly allow_from_scratch hold_pending_snapshots ' +
      'retention_policy lifetime_unit lifetime_value lifetimes large_block embed compressed retries ' +
      'netcat_active_side_listen_address netcat_passive_side_connect_address logging_level name state properties ' +
      'properties_exclude properties_override replicate encryption encryption_inherit encryption_key ' +
      'encryption_key_format encryption_key_location',
  ],
  rsynctask: [
    'rsync_',
    'path remotehost remoteport remotemodule ssh_credentials desc user recursive times compress archive delete quiet ' +
      `preserveperm preserveattr extra enabled mode remotepath direction delayupdates job ${SCHEDULE}`,
  ],
  keychaincredential: ['=', 'name type attributes'],
  cronjob: ['cron_', `user command description enabled stdout stderr ${SCHEDULE}`],
  initshutdownscript: ['ini_', 'type command script when enabled timeout comment'],
  'app.registry': ['=', 'name description username password uri'],
  vm: [
    '',
    'name description vcpus memory min_memory autostart time bootloader cores threads hyperv_enlightenments ' +
      'shutdown_timeout cpu_mode cpu_model cpuset nodeset pin_vcpus hide_from_msr suspend_on_snapshot ' +
      'ensure_display_device arch_type machine_type uuid command_line_args bootloader_ovmf trusted_platform_module ' +
      'enable_cpu_topology_extension enable_secure_boot',
  ],
  'vm.device': ['', 'attributes vm order'],
  certificate: [
    'cert_',
    'type name certificate privatekey CSR acme_uri domains_authenticators renew_days acme_id add_to_trusted_store',
  ],
  alertservice: ['', 'name type attributes enabled level'],
  'sharing.s3': [
    '',
    'name dataset enabled owner_uid grants permissions_model object_ownership versioning snapshot_versions ' +
      'snapshot_versions_max multipart_etag object_lock object_lock_default_mode object_lock_default_days audit ' +
      'audit_overflow',
  ],
  's3.accesskey': ['', 'name user_identifier access_key secret enabled expires_at manage_buckets created_at'],
  'smart.test': ['smarttest_', 'type desc hour daymonth month dayweek all_disks'],
  'system.ntpserver': ['=ntp_', 'address burst iburst prefer minpoll maxpoll'],
};

const TABLES: ReadonlyMap<string, SqlTable> = new Map(
  Object.entries(WRITTEN).map(([namespace, [prefix, columns]]) => {
    const isSqlThroughout = prefix.startsWith('=');
    const bare = isSqlThroughout ? prefix.slice(1) : prefix;
    return [namespace, { columns: new Set(['id', ...columns.split(' ')]), prefix: bare, isSqlThroughout }];
  }),
);

/** True for a name the database knows: a column with or without prefix, or a reference by its `_id`. */
export function isColumn({ columns, prefix }: SqlTable, name: string): boolean {
  const bare = prefix !== '' && name.startsWith(prefix) ? name.slice(prefix.length) : name;
  return columns.has(bare) || (bare.endsWith('_id') && columns.has(bare.slice(0, -'_id'.length)));
}
