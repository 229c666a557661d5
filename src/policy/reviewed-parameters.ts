/**
 * Parameters that generic calls may pass on besides query filters, query options and the id of `get_instance`, each looked
 * at for what a hostile value could do on the NAS: open a file, run a program, reach a host, hold it up, tell a secret. A
 * parameter that is not here is not sent, on later releases too. A contract test lists what each release has beyond it.
 */
import {
  absolutePath,
  anything,
  deviceName,
  flag,
  label,
  listOf,
  nothing,
  off,
  oneOf,
  plainName,
  poolPath,
  record,
  upTo,
  type ValueRule,
  versionText,
  wholeNumber,
  zfsName,
} from './value-rules.ts';

/** The rule for a parameter, by the name that the release's schema gives it; `undefined` when it was not reviewed. */
export function reviewedParameter(method: string, parameter: string): ValueRule | undefined {
  const parameters = Object.hasOwn(REVIEWED, method) ? REVIEWED[method] : undefined;
  return parameters !== undefined && Object.hasOwn(parameters, parameter) ? parameters[parameter] : undefined;
}

type Parameters = Readonly<Record<string, ValueRule>>;

const diskNames = listOf(deviceName, 2000);
const appName: Parameters = { app_name: plainName };
const dataset: Parameters = { id: zfsName };
const numbered: Parameters = { id: wholeNumber };
const interfaceName: Parameters = { id: plainName };
const remoteController = record({ 'query-remote': flag });
const diskDetails = record({ join_partitions: flag, type: oneOf('USED', 'UNUSED', 'BOTH') });
/** The identifier ends up in the address of an inner service, so nothing of an address may be in it. */
const graphIdentifier: ValueRule = {
  takes: label.takes,
  problem: (value, place) =>
    typeof value === 'string' && /[?&#%/\\]|\.\./u.test(value)
      ? `"${place}" takes the name of a disk, an interface or a UPS only`
      : label.problem(value, place),
};
const span = record({
  unit: oneOf('HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR'),
  page: upTo(1000),
  aggregate: flag,
  start: wholeNumber,
  end: wholeNumber,
});
const graphs: Parameters = {
  graphs: listOf(record({ name: plainName, identifier: graphIdentifier }), 50),
  query: span,
};
const graph: Parameters = { str: plainName, query: span };
/** A user may be named by a directory: `DOMAIN\name`. */
const account = { sid_info: flag };

const REVIEWED: Readonly<Record<string, Parameters>> = {
  // It connects to a domain that is named in the arguments; without one it tells about the one that was joined.
  'activedirectory.domain_info': { domain: nothing },
  'alert.list_categories': {
    options: record({ include_all_products: flag, include_hidden_classes: flag }),
  },
  'app.container_console_choices': appName,
  'app.container_ids': { ...appName, options: record({ alive_only: flag }) },
  'app.ix_volume.exists': { name: plainName },
  'app.outdated_docker_images': appName,
  'app.rollback_versions': appName,
  // The NAS reads the folder of the train and the app: a name with a slash would lead out of the catalog.
  'app.similar': { ...appName, train: plainName },
  'app.upgrade_summary': { ...appName, options: record({ app_version: versionText }) },
  'audit.query': {
    audit_query: record({ services: listOf(plainName, 10), remote_controller: flag }),
    data: record({ services: listOf(plainName, 10), remote_controller: flag }),
  },
  'catalog.get_app_details': { ...appName, app_version_details: record({ train: plainName }) },
  // The NAS runs restic with these: an id or path with "-" in front would be one of its options.
  'cloud_backup.list_snapshot_directory': { id: wholeNumber, snapshot_id: plainName, path: absolutePath },
  'cloud_backup.list_snapshots': numbered,
  'device.get_info': {
    data: record({ type: oneOf('DISK', 'SERIAL', 'GPU'), get_partitions: flag, serials_only: flag }),
  },
  'disk.details': { disk_details_args: diskDetails, data: diskDetails },
  'disk.get_used': { join_partitions: flag },
  'disk.temperature': {
    name: deviceName,
    options: record({ cache: wholeNumber, powermode: oneOf('NEVER', 'SLEEP', 'STANDBY', 'IDLE') }),
  },
  'disk.temperature_agg': { names: diskNames, days: upTo(366) },
  'disk.temperature_alerts': { names: diskNames },
  'disk.temperatures': {
    name: diskNames,
    names: diskNames,
    include_thresholds: flag,
    options: record({
      cache: wholeNumber,
      only_cached: flag,
      powermode: oneOf('NEVER', 'SLEEP', 'STANDBY', 'IDLE'),
    }),
  },
  'fcport.port_choices': { include_used: flag },
  'filesystem.acltemplate.by_path': {
    filesystem_acl: record({
      path: poolPath,
      'query-filters': anything,
      'query-options': record({
        order_by: listOf(label),
        offset: wholeNumber,
        limit: wholeNumber,
        force_sql_filters: off,
      }),
      'format-options': record({ canonicalize: flag, ensure_builtins: flag, resolve_names: flag }),
    }),
  },
  'filesystem.get_zfs_attributes': { path: poolPath },
  'filesystem.getacl': { path: poolPath, simplified: flag, resolve_ids: flag },
  'filesystem.listdir': { path: poolPath },
  'filesystem.stat': { path: poolPath },
  'filesystem.statfs': { path: poolPath },
  'group.get_group_obj': { get_group_obj: record({ ...account, groupname: label, gid: wholeNumber }) },
  'group.has_password_enabled_user': { gids: listOf(wholeNumber), exclude_user_ids: listOf(wholeNumber) },
  'interface.available_fec_modes': interfaceName,
  'interface.bridge_members_choices': interfaceName,
  'interface.capabilities.get': { name: plainName },
  'interface.choices': {
    options: record({
      bridge_members: flag,
      lag_ports: flag,
      vlan_parent: flag,
      exclude: listOf(plainName),
      exclude_types: listOf(plainName),
      include: listOf(plainName),
    }),
  },
  'interface.ip_in_use': {
    options: record({
      ipv4: flag,
      ipv6: flag,
      ipv6_link_local: flag,
      loopback: flag,
      any: flag,
      static: flag,
      interfaces: listOf(plainName),
    }),
  },
  'interface.lag_ports_choices': interfaceName,
  // The other controller of the same system.
  'ipmi.chassis.info': { data: remoteController },
  'ipmi.lan.query': {
    ipmi_lan_query: record({ 'ipmi-options': remoteController }),
    data: record({ 'ipmi-options': remoteController }),
  },
  'keychaincredential.used_by': numbered,
  'nvmet.port.transport_address_choices': { addr_trtype: plainName, force_ana: flag },
  'pool.attachments': numbered,
  'pool.dataset.attachments': dataset,
  'pool.dataset.get_quota': {
    ds: zfsName,
    dataset: zfsName,
    quota_type: oneOf('USER', 'GROUP', 'DATASET', 'PROJECT'),
  },
  'pool.dataset.processes': dataset,
  'pool.dataset.recommended_zvol_blocksize': { pool: zfsName },
  'pool.dataset.recordsize_choices': { pool_name: zfsName },
  'pool.dataset.snapshot_count': { dataset: zfsName },
  'pool.get_disks': numbered,
  'pool.is_upgraded': numbered,
  'pool.processes': numbered,
  'pool.validate_name': { pool_name: label },
  'reporting.get_data': graphs,
  'reporting.graph': graph,
  'reporting.netdata_get_data': graphs,
  'reporting.netdata_graph': graph,
  // Nothing is sent to the gateway: the NAS compares it with the networks of its interfaces.
  'route.ipv4gw_reachable': { ipv4_gateway: plainName },
  'service.started': { service: plainName },
  'service.started_or_enabled': { service: plainName },
  'sharing.smb.getacl': { smb_getacl: record({ share_name: label }) },
  'sharing.smb.share_precheck': { smb_share_precheck: record({ name: label }) },
  'smart.test.disk_choices': { full_disk: flag },
  'smart.test.query_for_disk': { disk: deviceName },
  'smb.status': {
    info_level: oneOf('ALL', 'SESSIONS', 'SHARES', 'LOCKS', 'BYTERANGE', 'NOTIFICATIONS'),
    // restrict_user and restrict_session become arguments of a program that runs as root.
    status_options: record({
      verbose: flag,
      fast: flag,
      resolve_uids: flag,
      restrict_user: off,
      restrict_session: off,
    }),
  },
  'system.feature_enabled': { feature: plainName },
  'system.release_notes_url': { version_str: versionText },
  'systemdataset.pool_choices': { include_current_pool: flag },
  'truenas.entitlements.check': { feature: plainName },
  // The train becomes a part of the address at the update server.
  'update.check_available': { 'update-check-available': record({ train: plainName }) },
  // A path to a folder with updates, whose files are read as root.
  'update.get_pending': { path: nothing },
  'user.get_user_obj': {
    get_user_obj: record({ ...account, username: label, uid: wholeNumber, get_groups: flag }),
  },
  'user.shell_choices': { group_ids: listOf(wholeNumber) },
  'virt.device.gpu_choices': { gpu_type: plainName },
  'virt.device.nic_choices': { nic_type: plainName },
  'virt.global.get_network': { name: plainName },
  'virt.instance.device_list': { id: plainName },
  'vm.cpu_model_choices': { arch: deviceName },
  'vm.device.passthrough_device': { device: deviceName },
  'vm.device.usb_passthrough_device': { device: deviceName },
  'vm.get_available_memory': { overcommit: flag },
  'vm.get_console': numbered,
  'vm.get_display_web_uri': {
    id: wholeNumber,
    host: off,
    options: record({ protocol: oneOf('HTTP', 'HTTPS') }),
  },
  'vm.get_guest_network_interfaces': numbered,
  'vm.get_memory_usage': numbered,
  'vm.get_vm_memory_info': numbered,
  'vm.log_file_path': numbered,
  'vm.status': numbered,
  'vmware.dataset_has_vms': { dataset: zfsName, recursive: flag },
  'webui.crypto.get_certificate_domain_names': { cert_id: wholeNumber },
  'zfs.resource.query': {
    data: record({
      paths: listOf(zfsName),
      properties: listOf(plainName),
      get_user_properties: flag,
      get_source: flag,
      nest_results: flag,
      get_children: flag,
      max_depth: wholeNumber,
      get_tier: flag,
    }),
  },
  'zfs.resource.snapshot.count': { data: record({ paths: listOf(zfsName), recursive: flag }) },
  'zfs.resource.snapshot.holds': { data: record({ path: zfsName }) },
  'zfs.tier.rewrite_job_failures': { zfs_tier_rewrite_job_failures: record({ tier_job_id: zfsName }) },
  'zfs.tier.rewrite_job_query': { zfs_tier_rewrite_job_query: record({ status: listOf(plainName) }) },
  'zfs.tier.rewrite_job_status': { zfs_tier_rewrite_job_status: record({ tier_job_id: zfsName }) },
  'zpool.query': {
    data: record({
      pool_names: listOf(zfsName),
      properties: listOf(plainName),
      topology: flag,
      scan: flag,
      expand: flag,
      features: flag,
    }),
  },
};
