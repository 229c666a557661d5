/**
 * What later releases have no more, as their API tells: methods that are gone, and settings. A test holds it against the
 * contracts.
 */

/** Methods of this check that a family and those after it lack, and the ones before it have. */
export const METHODS_GONE: Readonly<Record<string, readonly string[]>> = {
  '24.10': [
    ...['multipath.query', 'jail.query', 'plugin.query', 'nis.config', 'rsyncmod.query'],
    ...['sharing.afp.query', 'sharing.webdav.query', 'openvpn.client.config', 'openvpn.server.config'],
    ...['tftp.config', 'dyndns.config', 'lldp.config', 'afp.config', 'webdav.config', 'rsyncd.config'],
    ...['pool.passphrase', 'disk.get_encrypted'],
  ],
  '25.10': ['certificateauthority.query', 'smart.test.query', 'idmap.query'],
  '26.0': ['virt.instance.query'],
};

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
  { method: 'ldap.config', setting: 'has_samba_schema', what: 'Samba schema of LDAP' },
];
