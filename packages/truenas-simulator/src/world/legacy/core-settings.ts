/** Settings of services that only FreeBSD releases have, or have otherwise. */
import type { Random } from '../random.ts';

/** Settings by namespace, as `<namespace>.config` shows them. */
export type CoreSettings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Those of a world; a directory to serve fills in what is hard to take along. */
export function createCoreSettings(random: Random, directory: string | undefined): CoreSettings {
  const isInUse = directory !== undefined;
  const secret = (): string => `secret-${random.hex(12)}`;
  return {
    afp: {
      ...{ id: 1, guest: false, guest_user: 'nobody', bindip: [], connections_limit: 50, dbpath: '' },
      ...{ global_aux: isInUse ? 'log level = default:info' : '', map_acls: 'rights' },
      ...{ chmod_request: 'preserve', loglevel: 'MINIMUM' },
    },
    webdav: {
      ...{ id: 1, protocol: 'HTTPS', tcpport: 8080, tcpportssl: 8081, password: secret() },
      ...{ htauth: 'DIGEST', certssl: 1 },
    },
    tftp: {
      ...{ id: 1, directory: directory ?? '', newfiles: false, port: 69, username: 'nobody' },
      ...{ umask: '022', options: '', host: '0.0.0.0' },
    },
    dyndns: {
      ...{ id: 1, provider: isInUse ? 'custom' : '', domain: isInUse ? ['nas.example.org'] : [] },
      ...{ username: isInUse ? 'nas' : '', password: isInUse ? secret() : '', checkip_ssl: false },
      ...{
        checkip_server: '',
        checkip_path: '',
        ssl: true,
        custom_ddns_server: isInUse ? 'ddns.example.org' : '',
        custom_ddns_path: '',
      },
      period: 300,
    },
    lldp: { id: 1, intdesc: true, country: '', location: '' },
    rsyncd: { id: 1, port: 873, auxiliary: '' },
    nis: {
      ...{ id: 1, domain: isInUse ? 'lab.example.org' : '', servers: isInUse ? ['192.0.2.60'] : [] },
      ...{ secure_mode: false, manycast: false, enable: isInUse },
    },
    'openvpn.client': openvpn(secret(), {
      ...{ nobind: true, remote: '', client_certificate: null, root_ca: null },
    }),
    'openvpn.server': openvpn(secret(), {
      ...{ server: isInUse ? '10.8.0.0' : '', topology: 'SUBNET', netmask: 24 },
      ...{ server_certificate: isInUse ? 1 : null, root_ca: isInUse ? 3 : null },
    }),
    s3: {
      ...{
        id: 1,
        bindip: '0.0.0.0',
        bindport: 9000,
        access_key: isInUse ? 'minio' : '',
        secret_key: secret(),
      },
      ...{ browser: true, storage_path: directory ?? '', certificate: null, console_bindport: 9001 },
      tls_server_uri: '',
    },
    kerberos: { id: 1, appdefaults_aux: '', libdefaults_aux: '' },
    'replication.config': { id: 1, max_parallel_replication_tasks: 5 },
    reporting: {
      ...{ id: 1, cpu_in_percentage: true, graphite: '', graph_age: 12, graph_points: 1200 },
      graphite_separateinstances: false,
    },
    support: {
      ...{ id: 1, enabled: null, name: '', title: '', email: '', phone: '', secondary_name: '' },
      ...{ secondary_title: '', secondary_email: '', secondary_phone: '' },
    },
    'auth.twofactor': {
      ...{ id: 1, otp_digits: 6, secret: random.text(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'), window: 0 },
      ...{ interval: 30, services: { ssh: false } },
    },
  };
}

function openvpn(tlsKey: string, more: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    ...{ id: 1, port: 1194, protocol: 'UDP', device_type: 'TUN', authentication_algorithm: 'RSA-SHA256' },
    ...{ tls_crypt_auth: tlsKey, cipher: 'AES-128-CBC', compression: null, additional_parameters: '' },
    ...more,
    tls_crypt_auth_enabled: true,
  };
}
