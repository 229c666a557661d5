/**
 * What later releases have no more, as their API tells: namespaces, methods and settings. A test holds it against the
 * contracts.
 */

/** Namespaces of the API that a family and those after it lack, and the one before it has. */
export const NAMESPACES_GONE: Readonly<Record<string, readonly string[]>> = {
  '24.10': [
    ...['afp', 'dyndns', 'jail', 'lldp', 'multipath', 'nis', 'openvpn.client', 'openvpn.server', 'plugin'],
    ...['rsyncd', 'rsyncmod', 'sharing.afp', 'sharing.webdav', 'smb.sharesec', 'stats', 'tftp', 'webdav'],
  ],
  '25.04': ['bootenv', 'iscsi.host', 'pool.dataset.userprop'],
  '25.10': [
    ...['activedirectory', 'certificateauthority', 'k8s_to_docker', 'ldap', 'smart', 'smart.test'],
    'zfs.snapshot',
  ],
  '26.0': ['virt.device', 'virt.global', 'virt.instance', 'virt.volume'],
};

/** Methods of namespaces that stay, in the same way: those that scripts call. */
export const METHODS_GONE: Readonly<Record<string, readonly string[]>> = {
  '24.10': [
    ...['auth.twofactor.renew_secret', 'disk.decrypt', 'disk.get_encrypted', 'disk.overprovision'],
    ...['disk.spindown', 'ipmi.query', 'ipmi.update', 'pool.dataset.permission', 'pool.import_disk'],
    ...['pool.lock', 'pool.passphrase', 'pool.rekey', 'pool.unlock', 'reporting.clear', 'system.environment'],
    ...['system.is_freenas', 'user.set_root_password'],
  ],
  '25.04': [
    ...['auth.check_password', 'auth.check_user', 'core.sessions', 'disk.get_unused', 'system.build_time'],
    ...['pool.snapshottask.foreseen_count', 'service.terminate_process', 'user.has_root_password'],
  ],
  '25.10': [
    ...['directoryservices.get_state', 'disk.smart_attributes', 'disk.temperature', 'idmap.query'],
    ...['smb.client_count', 'update.check_available', 'update.get_pending', 'update.get_trains'],
    ...['update.set_auto_download', 'update.set_train'],
  ],
  '26.0': [
    ...['pool.dataset.destroy_snapshots', 'service.reload', 'service.restart', 'service.start'],
    ...['service.stop', 'vm.export_disk_image', 'vm.import_disk_image'],
  ],
};

/** The family from which on a method is gone; undefined for one that stays, or is not listed. */
export function goneFrom(method: string): string | undefined {
  const namespace = method.slice(0, Math.max(0, method.lastIndexOf('.')));
  const families = Object.keys(METHODS_GONE);
  return families.find(
    (family) =>
      METHODS_GONE[family]?.includes(method) === true ||
      NAMESPACES_GONE[family]?.includes(namespace) === true,
  );
}

/** A setting of CORE that the method for changing it does not take any more. */
export interface SettingGone {
  /** Reads it; `….update` took it. */
  readonly method: string;
  readonly setting: string;
  /** Another setting of the method without which it does nothing. */
  readonly only?: string;
  readonly what: string;
}

/** Settings that matter where they are on. */
export const SETTINGS_GONE: readonly SettingGone[] = [
  { method: 'nfs.config', setting: 'udp', what: 'NFS over UDP' },
  { method: 'network.configuration.config', setting: 'netwait_enabled', what: 'waiting for the network' },
  { method: 'ftp.config', setting: 'rootlogin', what: 'FTP as root' },
  { method: 'ssh.config', setting: 'rootlogin', only: 'passwordauth', what: 'SSH as root by password' },
  { method: 'ups.config', setting: 'emailnotify', what: 'mail of the UPS service' },
  { method: 'reporting.config', setting: 'graphite', what: 'measurements to Graphite' },
  { method: 'ldap.config', setting: 'has_samba_schema', what: 'Samba schema of LDAP' },
];
