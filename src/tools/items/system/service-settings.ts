/** What an administrator looks for in the settings of each service, in a few words. */
import { field } from '../../support/rows.ts';

type Config = Readonly<Record<string, unknown>>;

/** One service, and how its settings are read. */
export interface ServiceSettings {
  readonly service: string;
  /** The method that answers its settings. */
  readonly method: string;
  /** Fields of the ports that it listens on. */
  readonly ports: readonly string[];
  /** The field with addresses or interfaces that it listens on; none listed means all. */
  readonly listens?: string;
  /** The main settings: texts of what is known. */
  readonly main: (config: Config) => readonly (string | null)[];
}

/** In the order of the web interface. */
export const SERVICES: readonly ServiceSettings[] = [
  {
    service: 'ssh',
    method: 'ssh.config',
    ports: ['tcpport'],
    listens: 'bindiface',
    main: (config) => [
      onOff(config, 'passwordauth', 'passwords'),
      listed(config, 'password_login_groups', 'passwords for groups'),
      onOff(config, 'kerberosauth', 'Kerberos'),
      onOff(config, 'tcpfwd', 'forwarding'),
      listed(config, 'weak_ciphers', 'weak ciphers'),
    ],
  },
  {
    service: 'smb',
    method: 'smb.config',
    ports: [],
    listens: 'bindip',
    main: (config) => [
      valued(config, 'netbiosname', 'name'),
      valued(config, 'workgroup', 'workgroup'),
      // 26.0 names the oldest protocol; before, SMB1 was a switch.
      valued(config, 'minimum_protocol', 'from'),
      onOff(config, 'enable_smb1', 'SMB1'),
      onOff(config, 'ntlmv1_auth', 'NTLMv1'),
      valued(config, 'encryption', 'encryption'),
      onOff(config, 'multichannel', 'multichannel'),
      valued(config, 'guest', 'guest'),
    ],
  },
  {
    service: 'nfs',
    method: 'nfs.config',
    ports: ['mountd_port', 'rpcstatd_port', 'rpclockd_port'],
    listens: 'bindip',
    main: (config) => [
      listed(config, 'protocols', 'protocols'),
      onOff(config, 'v4_krb_enabled', 'Kerberos'),
      valued(config, 'v4_domain', 'v4 domain'),
      onOff(config, 'allow_nonroot', 'non-root mounts'),
      valued(config, 'servers', 'threads'),
    ],
  },
  {
    service: 'ftp',
    method: 'ftp.config',
    ports: ['port'],
    main: (config) => [
      onOff(config, 'tls', 'TLS'),
      onOff(config, 'onlyanonymous', 'anonymous only'),
      onOff(config, 'onlylocal', 'local users only'),
      onOff(config, 'defaultroot', 'chroot'),
      valued(config, 'clients', 'clients'),
    ],
  },
  {
    service: 'snmp',
    method: 'snmp.config',
    ports: [],
    main: (config) => [
      onOff(config, 'v3', 'v3'),
      valued(config, 'v3_username', 'user'),
      valued(config, 'v3_authtype', 'auth'),
      valued(config, 'v3_privproto', 'privacy'),
      onOff(config, 'traps', 'traps'),
      valued(config, 'location', 'location'),
    ],
  },
  {
    service: 'ups',
    method: 'ups.config',
    ports: ['remoteport'],
    main: (config) => [
      valued(config, 'mode', 'mode'),
      valued(config, 'complete_identifier', 'UPS'),
      valued(config, 'driver', 'driver'),
      valued(config, 'shutdown', 'shuts down at'),
      valued(config, 'shutdowntimer', 'seconds until then'),
      onOff(config, 'powerdown', 'UPS power-down'),
      onOff(config, 'rmonitor', 'remote monitor'),
    ],
  },
  {
    service: 'iscsitarget',
    method: 'iscsi.global.config',
    ports: ['listen_port'],
    main: (config) => [
      valued(config, 'basename', 'base name'),
      listed(config, 'isns_servers', 'iSNS'),
      onOff(config, 'alua', 'ALUA'),
      onOff(config, 'iser', 'iSER'),
    ],
  },
  {
    service: 'nvmet',
    method: 'nvmet.global.config',
    ports: [],
    main: (config) => [
      valued(config, 'basenqn', 'base NQN'),
      onOff(config, 'ana', 'ANA'),
      onOff(config, 'rdma', 'RDMA'),
    ],
  },
  {
    service: 's3',
    method: 's3.config',
    ports: [],
    main: (config) => [
      listeners(config),
      valued(config, 'region', 'region'),
      valued(config, 'managed_root_dataset', 'buckets below'),
    ],
  },
  {
    service: 'webshare',
    method: 'webshare.config',
    ports: [],
    listens: 'bindip',
    main: (config) => [
      onOff(config, 'search', 'search'),
      valued(config, 'passkey', 'passkey'),
      listed(config, 'groups', 'groups'),
    ],
  },
];

/** `passwords off`; null where the service does not say. */
function onOff(config: Config, name: string, words: string): string | null {
  const flag = field.flag(config[name]);
  return flag === null ? null : `${words} ${flag ? 'on' : 'off'}`;
}

/** `workgroup HOME`; null for nothing. */
function valued(config: Config, name: string, words: string): string | null {
  const value = field.text(config[name]) ?? field.number(config[name]);
  return value === null || value === '' ? null : `${words} ${value}`;
}

/** `protocols NFSV3 NFSV4`; null for none. */
function listed(config: Config, name: string, words: string): string | null {
  const texts = field.texts(config[name]);
  return texts === null || texts.length === 0 ? null : `${words} ${texts.join(' ')}`;
}

const LISTENERS = field.objects({ address: field.text, port: field.number, tls: field.flag });

/** `0.0.0.0:9000 with TLS`. */
function listeners(config: Config): string | null {
  const all = LISTENERS(config['listeners']);
  if (all === null) return null;
  const texts = all.map(({ address, port, tls }) => {
    const secured = tls === null ? '' : tls ? ' with TLS' : ' without TLS';
    return `${address ?? '?'}:${port ?? '?'}${secured}`;
  });
  return texts.length === 0 ? 'no listeners' : texts.join(', ');
}
