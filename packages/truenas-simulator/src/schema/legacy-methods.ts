/** Methods whose arguments 25.04 still checks by its older validator. */

const READ = 'query get_instance';
const CHANGE = 'create update delete';

/** Namespace → methods. */
const LEGACY: Readonly<Record<string, string>> = {
  core: 'get_jobs job_wait job_abort bulk get_services get_methods ping_remote job_download_logs download',
  system: 'info version version_short product_type state ready host_id boot_id',
  service: `${READ} update start stop restart reload started started_or_enabled`,
  boot: 'get_state get_disks',
  pool:
    `${READ} get_disks is_upgraded attachments processes scrub offline online replace upgrade export ` +
    'import_find import_pool',
  'pool.dataset':
    `${READ} ${CHANGE} promote lock unlock encryption_summary attachments processes compression_choices ` +
    'checksum_choices encryption_algorithm_choices recordsize_choices recommended_zvol_blocksize',
  'zfs.snapshot': `${READ} ${CHANGE} clone rollback hold release`,
  disk: `${READ} update temperatures temperature_agg details get_used`,
  'smart.test': `results ${READ}`,
  'sharing.smb': `${READ} ${CHANGE}`,
  replication: `${READ} ${CHANGE} run`,
  cloudsync: `${READ} ${CHANGE} sync abort`,
  rsynctask: `${READ} ${CHANGE} run`,
  update: 'check_available get_trains get_pending get_auto_download set_auto_download update',
  interface: `${READ} update commit checkin rollback has_pending_changes checkin_waiting websocket_local_ip`,
  certificate: `${READ} create delete`,
  certificateauthority: READ,
  idmap: READ,
  smart: 'config',
  ssh: 'config',
  mail: 'config',
  activedirectory: 'config',
  ldap: 'config',
  failover: 'config licensed node status',
  'failover.disabled': 'reasons',
  'ipmi.lan': 'query',
  'ipmi.sensors': 'query',
  'kerberos.keytab': READ,
  'kerberos.realm': READ,
  tunable: READ,
  'network.configuration': 'config',
  'system.general': 'config update ui_restart checkin checkin_waiting',
  systemdataset: 'config',
  truecommand: 'config',
  kmip: 'config',
  audit: 'config query update',
  filesystem: 'can_access_as_user',
  'system.advanced': 'config',
  'network.general': 'summary',
  directoryservices: 'status',
  nfs: 'client_count get_nfs3_clients get_nfs4_clients',
  smb: 'client_count status',
  ups: 'config driver_choices port_choices update',
  'auth.twofactor': 'config update',
};

const NAMES = new Set(
  Object.entries(LEGACY).flatMap(([namespace, methods]) =>
    methods.split(' ').map((method) => `${namespace}.${method}`),
  ),
);

/** True for a method that 25.04 describes in its older style. */
export function isLegacyMethod(name: string): boolean {
  return NAMES.has(name);
}
