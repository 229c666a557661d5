/** `….config` of services and of the system, and small lists that belong to them. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { secret } from '../schema/schema.ts';
import { readable, SINCE_25_10 } from './common.ts';

const hidden = secret(z.unknown());

interface Config {
  readonly namespace: string;
  readonly roles: readonly string[];
  readonly releases?: readonly SimRelease[];
  readonly secrets?: readonly string[];
  readonly secretRoles?: readonly string[];
}

const CONFIGS: readonly Config[] = [
  { namespace: 'nfs', roles: ['SHARING_NFS_READ'] },
  { namespace: 'smb', roles: ['SHARING_SMB_READ'] },
  { namespace: 'ssh', roles: ['SSH_READ'] },
  {
    namespace: 'snmp',
    roles: ['SYSTEM_GENERAL_READ'],
    secrets: ['v3_password', 'v3_privpassphrase'],
    secretRoles: ['SYSTEM_GENERAL_WRITE'],
  },
  { namespace: 'mail', roles: ['ALERT_READ'], secrets: ['pass', 'oauth'], secretRoles: ['ALERT_WRITE'] },
  { namespace: 'iscsi.global', roles: ['SHARING_ISCSI_GLOBAL_READ'] },
  { namespace: 'nvmet.global', roles: ['SHARING_NVME_TARGET_READ'], releases: SINCE_25_10 },
  { namespace: 'network.configuration', roles: ['NETWORK_GENERAL_READ'] },
  {
    namespace: 'system.general',
    roles: ['SYSTEM_GENERAL_READ'],
    secrets: ['ui_certificate'],
    secretRoles: ['SYSTEM_GENERAL_WRITE'],
  },
  { namespace: 'system.advanced', roles: ['SYSTEM_ADVANCED_READ'] },
  { namespace: 'system.security', roles: ['SYSTEM_SECURITY_READ'] },
  { namespace: 'systemdataset', roles: ['DATASET_READ'] },
  {
    namespace: 'truecommand',
    roles: ['TRUECOMMAND_READ'],
    secrets: ['api_key'],
    secretRoles: ['TRUECOMMAND_WRITE'],
  },
  { namespace: 'kmip', roles: ['KMIP_READ'] },
  { namespace: 'docker', roles: ['DOCKER_READ'] },
];

export const CONFIG_METHODS: readonly SimMethod[] = [
  ...CONFIGS.map(configMethod),
  ...readable({
    namespace: 'certificate',
    entity: 'Certificate',
    what: 'certificates',
    roles: ['CERTIFICATE_READ'],
    takesAnyIdBefore: true,
    secretRoles: ['CERTIFICATE_WRITE'],
    row: z.looseObject({ privatekey: hidden }),
    rows: ({ world }) => world.certificates.map(({ row }) => row),
  }),
  ...readable({
    namespace: 'system.ntpserver',
    entity: 'NTPServer',
    what: 'time servers',
    roles: ['NETWORK_GENERAL_READ'],
    rows: () =>
      [0, 1, 2].map((number) => ({
        id: number + 1,
        address: `${String(number)}.pool.example.org`,
        burst: false,
        iburst: true,
        prefer: false,
        minpoll: 6,
        maxpoll: 10,
      })),
  }),
  {
    name: 'network.general.summary',
    description: 'Addresses, default routes and name servers in use.',
    roles: ['NETWORK_GENERAL_READ'],
    run: ({ world }: MethodContext) => ({
      ips: Object.fromEntries(
        world.system.interfaces
          .filter(({ addresses }) => addresses.length > 0)
          .map(({ name, addresses }) => [
            name,
            { IPV4: addresses.map(({ address, netmask }) => `${address}/${String(netmask)}`) },
          ]),
      ),
      default_routes: ['192.0.2.1'],
      nameservers: ['192.0.2.53'],
    }),
  },
  {
    name: 'directoryservices.status',
    description: 'Whether the NAS has joined a directory.',
    auth: 'login',
    run: ({ release }: MethodContext) =>
      isAtLeast(release, '25.10') ? { type: null, status: null, status_msg: null } : { status_msg: null },
  },
];

function configMethod({ namespace, roles, releases, secrets, secretRoles }: Config): SimMethod {
  const row = z.looseObject(Object.fromEntries((secrets ?? []).map((name) => [name, hidden])));
  return {
    name: `${namespace}.config`,
    description: `Settings of ${namespace}.`,
    roles,
    ...(releases === undefined ? {} : { releases }),
    ...(secrets === undefined ? {} : { returns: row }),
    ...(secretRoles === undefined ? {} : { secretRoles }),
    run: ({ world }: MethodContext) => world.settings[namespace],
  };
}
