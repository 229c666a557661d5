/**
 * The narrowest TrueNAS role that grants each method this server calls. The documentation and the set-up of a
 * least-privilege user go by it; the NAS alone decides. A contract test holds it against every release.
 */

/** By method. `undefined` in {@link roleOf} means that signing in is enough. */
const ROLE_BY_METHOD: Readonly<Record<string, string>> = {
  'acme.dns.authenticator.query': 'NETWORK_INTERFACE_READ',
  'activedirectory.config': 'DIRECTORY_SERVICE_READ',
  'alert.list': 'ALERT_LIST_READ',
  'alertclasses.config': 'ALERT_READ',
  'alertservice.query': 'ALERT_READ',
  'api_key.query': 'API_KEY_READ',
  'app.available': 'CATALOG_READ',
  'app.image.query': 'APPS_READ',
  'app.query': 'APPS_READ',
  'app.registry.query': 'APPS_READ',
  'app.rollback_versions': 'APPS_READ',
  'app.upgrade_summary': 'APPS_READ',
  'app.used_ports': 'APPS_READ',
  'audit.config': 'SYSTEM_AUDIT_READ',
  'audit.query': 'SYSTEM_AUDIT_READ',
  'auth.sessions': 'AUTH_SESSIONS_READ',
  'auth.twofactor.config': 'SYSTEM_SECURITY_READ',
  'boot.environment.query': 'BOOT_ENV_READ',
  'boot.get_state': 'READONLY_ADMIN',
  'certificate.query': 'CERTIFICATE_READ',
  'certificateauthority.query': 'CERTIFICATE_AUTHORITY_READ',
  'cloud_backup.query': 'CLOUD_BACKUP_READ',
  'cloudsync.credentials.query': 'CLOUD_SYNC_READ',
  'cloudsync.query': 'CLOUD_SYNC_READ',
  'container.device.query': 'CONTAINER_DEVICE_READ',
  'container.image.query_registry': 'CONTAINER_IMAGE_WRITE',
  'container.query': 'CONTAINER_READ',
  'cronjob.query': 'SYSTEM_CRON_READ',
  'directoryservices.config': 'DIRECTORY_SERVICE_READ',
  'disk.details': 'REPORTING_READ',
  'disk.query': 'DISK_READ',
  'disk.temperature_agg': 'REPORTING_READ',
  'disk.temperatures': 'REPORTING_READ',
  'docker.config': 'DOCKER_READ',
  'docker.status': 'DOCKER_READ',
  'enclosure2.query': 'ENCLOSURE_READ',
  'failover.config': 'FAILOVER_READ',
  'failover.disabled.reasons': 'FAILOVER_READ',
  'failover.node': 'FAILOVER_READ',
  'failover.status': 'FAILOVER_READ',
  'fcport.query': 'SHARING_ISCSI_TARGET_READ',
  'fcport.status': 'SHARING_ISCSI_TARGET_READ',
  'filesystem.acltemplate.query': 'FILESYSTEM_ATTRS_READ',
  'filesystem.getacl': 'FILESYSTEM_ATTRS_READ',
  'filesystem.listdir': 'FILESYSTEM_ATTRS_READ',
  'filesystem.stat': 'FILESYSTEM_ATTRS_READ',
  'filesystem.statfs': 'FILESYSTEM_ATTRS_READ',
  'ftp.config': 'SHARING_FTP_READ',
  'group.query': 'ACCOUNT_READ',
  'idmap.query': 'DIRECTORY_SERVICE_READ',
  'initshutdownscript.query': 'SYSTEM_CRON_READ',
  'interface.query': 'NETWORK_INTERFACE_READ',
  'interface.websocket_local_ip': 'NETWORK_INTERFACE_READ',
  'ipmi.lan.query': 'IPMI_READ',
  'ipmi.sensors.query': 'IPMI_READ',
  'iscsi.extent.query': 'SHARING_ISCSI_EXTENT_READ',
  'iscsi.global.config': 'SHARING_ISCSI_GLOBAL_READ',
  'iscsi.global.sessions': 'SHARING_ISCSI_GLOBAL_READ',
  'iscsi.initiator.query': 'SHARING_ISCSI_INITIATOR_READ',
  'iscsi.portal.query': 'SHARING_ISCSI_PORTAL_READ',
  'iscsi.target.query': 'SHARING_ISCSI_TARGET_READ',
  'iscsi.targetextent.query': 'SHARING_ISCSI_TARGETEXTENT_READ',
  'kerberos.keytab.query': 'DIRECTORY_SERVICE_READ',
  'kerberos.realm.query': 'DIRECTORY_SERVICE_READ',
  'keychaincredential.query': 'KEYCHAIN_CREDENTIAL_READ',
  'keychaincredential.used_by': 'KEYCHAIN_CREDENTIAL_READ',
  'kmip.config': 'KMIP_READ',
  'ldap.config': 'DIRECTORY_SERVICE_READ',
  'mail.config': 'ALERT_READ',
  'network.configuration.config': 'NETWORK_GENERAL_READ',
  'network.general.summary': 'NETWORK_GENERAL_READ',
  'nfs.config': 'SHARING_NFS_READ',
  'nfs.get_nfs3_clients': 'READONLY_ADMIN',
  'nfs.get_nfs4_clients': 'READONLY_ADMIN',
  'nvmet.global.config': 'SHARING_NVME_TARGET_READ',
  'nvmet.global.sessions': 'SHARING_NVME_TARGET_READ',
  'nvmet.host.query': 'SHARING_NVME_TARGET_READ',
  'nvmet.namespace.query': 'SHARING_NVME_TARGET_READ',
  'nvmet.port_subsys.query': 'SHARING_NVME_TARGET_READ',
  'nvmet.subsys.query': 'SHARING_NVME_TARGET_READ',
  'pool.dataset.attachments': 'DATASET_READ',
  'pool.dataset.processes': 'DATASET_READ',
  'pool.dataset.query': 'DATASET_READ',
  'pool.is_upgraded': 'POOL_READ',
  'pool.query': 'POOL_READ',
  'pool.resilver.config': 'POOL_READ',
  'pool.scrub.query': 'POOL_SCRUB_READ',
  'pool.snapshot.query': 'SNAPSHOT_READ',
  'pool.snapshottask.delete_will_change_retention_for': 'SNAPSHOT_TASK_READ',
  'pool.snapshottask.query': 'SNAPSHOT_TASK_READ',
  'pool.snapshottask.update_will_change_retention_for': 'SNAPSHOT_TASK_READ',
  'privilege.query': 'PRIVILEGE_READ',
  'replication.query': 'REPLICATION_TASK_READ',
  'reporting.config': 'REPORTING_READ',
  'reporting.netdata_get_data': 'REPORTING_READ',
  'reporting.netdata_graphs': 'REPORTING_READ',
  'rsynctask.query': 'SNAPSHOT_TASK_READ',
  's3.accesskey.query': 'SHARING_S3_READ',
  's3.config': 'SHARING_S3_READ',
  'service.query': 'SERVICE_READ',
  'sharing.nfs.query': 'SHARING_NFS_READ',
  'sharing.s3.query': 'SHARING_S3_READ',
  'sharing.smb.getacl': 'SHARING_SMB_READ',
  'sharing.smb.query': 'SHARING_SMB_READ',
  'sharing.webshare.query': 'SHARING_WEBSHARE_READ',
  'smart.test.query': 'DISK_READ',
  'smart.test.results': 'REPORTING_READ',
  'smb.config': 'SHARING_SMB_READ',
  'smb.status': 'READONLY_ADMIN',
  'snmp.config': 'SYSTEM_GENERAL_READ',
  'ssh.config': 'SSH_READ',
  'staticroute.query': 'NETWORK_INTERFACE_READ',
  'system.advanced.config': 'SYSTEM_ADVANCED_READ',
  'system.general.config': 'SYSTEM_GENERAL_READ',
  'system.info': 'READONLY_ADMIN',
  'system.ntpserver.query': 'NETWORK_GENERAL_READ',
  'system.product_type': 'READONLY_ADMIN',
  'system.reboot.info': 'SYSTEM_GENERAL_READ',
  'systemdataset.config': 'DATASET_READ',
  'tunable.query': 'SYSTEM_TUNABLE_READ',
  'update.available_versions': 'SYSTEM_UPDATE_READ',
  'update.check_available': 'SYSTEM_UPDATE_READ',
  'update.config': 'SYSTEM_UPDATE_READ',
  'update.get_auto_download': 'SYSTEM_UPDATE_READ',
  'update.get_trains': 'SYSTEM_UPDATE_READ',
  'update.status': 'SYSTEM_UPDATE_READ',
  'ups.config': 'SYSTEM_GENERAL_READ',
  'user.query': 'ACCOUNT_READ',
  'virt.instance.device_list': 'VIRT_INSTANCE_READ',
  'virt.instance.image_choices': 'VIRT_INSTANCE_READ',
  'virt.instance.query': 'VIRT_INSTANCE_READ',
  'vm.device.query': 'VM_DEVICE_READ',
  'vm.query': 'VM_READ',
  'webshare.config': 'SHARING_WEBSHARE_READ',
};

/** Methods that every signed-in user may call. */
const LOGIN_IS_ENOUGH = new Set([
  'auth.me',
  'core.get_jobs',
  'core.get_methods',
  'core.get_services',
  'directoryservices.status',
  'failover.licensed',
  'system.version',
]);

/** Methods of TrueNAS CORE alone, which has no roles: its keys may do everything. */
const OF_CORE = new Set([
  'jail.query',
  'multipath.query',
  'nis.config',
  'openvpn.client.config',
  'openvpn.server.config',
  'plugin.query',
  'rsyncmod.query',
  'sharing.afp.query',
  'sharing.webdav.query',
  'webdav.config',
]);

/**
 * The narrowest role that grants `method` (canonical name); undefined when signing in is enough.
 * @throws Error for a method that the table lacks: the set-up of a least-privilege user would leave it out in silence.
 */
export function roleOf(method: string): string | undefined {
  if (LOGIN_IS_ENOUGH.has(method) || OF_CORE.has(method)) return undefined;
  const role = ROLE_BY_METHOD[method];
  if (role === undefined) throw new Error(`policy/roles.ts names no role for ${method}`);
  return role;
}

/** True for a method that this server reads with: whatever else is named as a read is not sent. */
export function isKnownRead(method: string): boolean {
  return LOGIN_IS_ENOUGH.has(method) || OF_CORE.has(method) || Object.hasOwn(ROLE_BY_METHOD, method);
}

/** Reads that a release grants to FULL_ADMIN alone, whatever narrower role grants them on others; a contract test compares. */
export const FOR_ADMINISTRATORS_SOMEWHERE: readonly string[] = ['interface.websocket_local_ip'];

/** True for a method of {@link FOR_ADMINISTRATORS_SOMEWHERE}. */
export function isForAdministratorsSomewhere(method: string): boolean {
  return FOR_ADMINISTRATORS_SOMEWHERE.includes(method);
}

/** The narrowest roles for all of these methods, sorted. */
export function rolesFor(methods: readonly string[]): string[] {
  return [...new Set(methods.flatMap((method) => roleOf(method) ?? []))].sort();
}

/**
 * The roles to ask an administrator for, least first: the NAS lists every role that grants a method, also the wide
 * ones that merely include a narrow one. FULL_ADMIN when it names none.
 */
export function neededRoles(roles: readonly string[] | undefined, max = 2): string[] {
  const rank = (role: string): number => {
    if (/_(READ|WRITE|DELETE)$/.test(role)) return 0;
    return role.endsWith('_ADMIN') ? 2 : 1;
  };
  const named = (roles ?? []).toSorted((a, b) => rank(a) - rank(b));
  return named.length === 0 ? ['FULL_ADMIN'] : named.slice(0, max);
}

/**
 * True for a read that the NAS grants by a role for writing alone: a key that reads is not given that role, and what only
 * this method tells is said to be out of its reach.
 */
export function takesWritingRole(method: string): boolean {
  return /_(?:WRITE|DELETE)$/u.test(ROLE_BY_METHOD[method] ?? '');
}

/** Every role that this server's key should hold to read, all tools together, sorted. */
export const ROLES_TO_READ: readonly string[] = [
  ...new Set(
    Object.entries(ROLE_BY_METHOD).flatMap(([method, role]) => (takesWritingRole(method) ? [] : [role])),
  ),
].sort();
